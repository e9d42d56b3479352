"""What the preview shows from save to save, and what may keep an author waiting."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.cli.main import run
from ankipress.preview.serve import session as session_module
from ankipress.preview.serve.scheduler import Scheduler
from ankipress.preview.serve.session import PreviewSession
from ankipress.preview.serve.view import View
from author import picture
from edits import CARDS, EACH_LINE_END, EACH_SETTING, changes_of_text, edited_text
from loops import finished

ROOT = Path(__file__).resolve().parents[2]
SHOWCASE = (ROOT / "examples/showcase.md").read_text(encoding="utf-8")
SETTINGS = 'name = "deck"\nversion = "1.0.0"\nuid = "deck-1234"\nsources = ["*.md"]\n'
SHOWCASE_SETTINGS = (
    (ROOT / "examples/ankipress.toml")
    .read_text(encoding="utf-8")
    .replace("showcase.md", "cards.md")
)


class Author:
    """Somebody who writes cards, and what the preview shows of them."""

    def __init__(self, folder: Path, text: str, configured: str) -> None:
        self.folder = folder
        for name in ("media", "fonts", "notetypes") if text == SHOWCASE else ():
            shutil.copytree(ROOT / "examples" / name, folder / name)
        (folder / "media").mkdir(exist_ok=True)
        for number, file in enumerate(("a.png", "b.png")):
            (folder / "media" / file).write_bytes(picture(number))
        (folder / "ankipress.toml").write_text(configured, encoding="utf-8")
        self.write(text)
        self.session = PreviewSession([folder])
        self.session.build()

    def write(self, text: str, name: str = "cards.md") -> None:
        """Save a file."""
        (self.folder / name).write_text(text, encoding="utf-8", newline="")

    def look(self) -> View:
        """See what was saved, which is what somebody sees who has just started the preview."""
        self.session.build()
        shown = self.session.view
        if not any(each.kept for each in shown.cards):
            assert on_page(shown) == on_page(self.fresh())
        return shown

    def fresh(self) -> View:
        """What a preview shows that remembers nothing."""
        with tempfile.TemporaryDirectory() as cache, pytest.MonkeyPatch.context() as patch:
            for name in ("XDG_CACHE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
                patch.setenv(name, cache)
            session = PreviewSession([self.folder])
            session.build()
            return session.view


def on_page(view: View) -> object:
    """All that the page shows, whatever stood there before."""
    cards = [
        (each.card.guid, each.content, each.line, each.problems, each.changed, each.kept)
        for each in view.cards
    ]
    around = [
        (each.card.deck, each.card.section, each.card.tags, each.card.question, each.card.kind)
        for each in view.cards
    ]
    return cards, around, view.elsewhere, dict(view.styles), dict(view.media)


@contextmanager
def author(text: str = CARDS, configured: str = SETTINGS) -> Iterator[Author]:
    """An author in a folder of their own."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1")
        folder = Path(name).resolve() / "deck"
        folder.mkdir()
        yield Author(folder, text, configured)


def texts_of(view: View) -> str:
    """All texts of the cards that are shown."""
    return "\n".join(each.content.text for each in view.cards)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("It is 3.", "It is three.", id="a word"),
        pytest.param(
            "It is 3.\n",
            "It is three.\n\n```python\nx = [1, 2]\n```\n\n- a\n- b\n",
            id="blocks of another kind",
        ),
        pytest.param("It is 0.", "Nothing.", id="the first card"),
        pytest.param("The end.\n", "The end", id="the last card"),
        pytest.param("## What is 3?", "## What might three be?", id="a question"),
        pytest.param(
            "## What is this?", "## What do you see?", id="a question with an id and tags"
        ),
        pytest.param("of two", "of 2", id="a card before and behind which there are others"),
        pytest.param("Four.", "Four corners.", id="a hint"),
        pytest.param("A square.", "The square.", id="beside a picture"),
        pytest.param("and {{c2::two}}", "and also {{c2::two}}", id="a text with gaps"),
        pytest.param("It is 3.", "![A square.](media/a.png)", id="a picture that the deck has"),
        pytest.param("![A square.](media/a.png)", "A square.", id="a picture less"),
        pytest.param("It is 3.", "![A circle.](media/b.png)", id="a picture that the deck has not"),
        pytest.param("It is 3.", "```pyhton\nx\n```", id="a warning"),
        pytest.param(
            "One.\n\n## Holes", "One, two\n\nthree.\n\n## Holes", id="a card with two sides"
        ),
        pytest.param("It is 3.", "It is 3.\n\n## Another?\n\nYes.", id="another card"),
        pytest.param("## What is 3?\n\nIt is 3.\n\n", "", id="a card less"),
        pytest.param("It is 3.", "It is {{c1::3}}.", id="another kind"),
        pytest.param("and {{c2::two}}", "and {{c3::two}}", id="another gap"),
        pytest.param("## What is 3?", "## What is 3? {.new}", id="another tag"),
        pytest.param("## What is 3?", "## What is 3? {draft}", id="a draft"),
        pytest.param("## What is 3?", "## What is 4?", id="a question that another card asks"),
        pytest.param("Two.", "Three.", id="one of two cards with one question"),
        pytest.param("It is 3.", "<!-- open", id="a comment that takes the next card"),
        pytest.param("It is 3.", "```\nopen", id="code that takes the next card"),
        pytest.param(
            "It is 3.",
            "It is [three].\n\n[three]: https://example.org",
            id="a definition of a link",
        ),
        pytest.param("It is 3.", "", id="no answer"),
        pytest.param("# Deck", "# Other", id="the deck"),
        pytest.param("lang: de", "lang: en", id="the front matter"),
        pytest.param("| q | a |", "| q | b |", id="a row"),
    ],
)
def test_an_edit_is_shown_as_a_fresh_preview_shows_it(old: str, new: str) -> None:
    with author() as writing:
        before = on_page(writing.session.view)
        assert old in CARDS
        writing.write(CARDS.replace(old, new) if old else CARDS)
        shown = writing.look()
        if not any(each.kept for each in shown.cards):
            assert (on_page(shown) == before) is (old == new)
        writing.write(CARDS)
        assert on_page(writing.look()) == before


@EACH_LINE_END
@EACH_SETTING
def test_settings_and_line_ends(newline: str, start: str, more: str) -> None:
    text = start + CARDS.replace("\n", newline)
    with author(text, SETTINGS + more) as writing:
        edit = text.replace("is 3.", "is three.").replace("of two", "of 2")
        writing.write(edit)
        assert "three." in texts_of(writing.look())
        writing.write(edit.replace("What is 3?", "What is three?"))
        assert "What is three?" in texts_of(writing.look())


def test_edits_of_several_files() -> None:
    more = "# More\n\n## A?\n\nB.\n\n## C?\n\nD.\n"
    with author() as writing:
        writing.write(more, "more.md")
        writing.look()
        writing.write(more.replace("B.", "Bee\n\nis B."), "more.md")
        writing.write(CARDS.replace("is 3.", "is three."))
        shown = texts_of(writing.look())
        assert "is three." in shown
        assert "Bee" in shown
        (writing.folder / "more.md").unlink()
        assert "Bee" not in texts_of(writing.look())


def test_another_picture_under_the_same_name_is_shown() -> None:
    with author() as writing:
        before = writing.session.view.media
        (writing.folder / "media/a.png").write_bytes(picture(9))
        after = writing.look().media
        assert before.keys() != after.keys()
        assert [file.read() for file in after.values()] == [picture(9)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "![A square.](media/a.png)",
            "![A square.](media/none.png)",
            id="a picture that is not there",
        ),
        pytest.param("It is 9.", "", id="no answer"),
        pytest.param("The end.", "```\nThe end.", id="code that never ends"),
    ],
)
def test_beside_a_card_with_an_error_others_are_shown(old: str, new: str) -> None:
    with author() as writing:
        broken = CARDS.replace(old, new)
        writing.write(broken)
        writing.look()
        writing.write(broken.replace("is 3.", "is 3:\n\nthree."))
        assert "three." in texts_of(writing.look())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        pytest.param(SETTINGS + 'lang = "no language"\n', "bad-settings", id="a wrong value"),
        pytest.param(SETTINGS + "unknown = 1\n", "bad-settings", id="an unknown key"),
        pytest.param(SETTINGS.replace("*.md", "/cards.md"), "bad-settings", id="a wrong pattern"),
        pytest.param(SETTINGS + "name = \n", "bad-settings", id="no TOML"),
    ],
)
def test_a_wrong_setting_keeps_the_cards(wrong: str, code: str) -> None:
    with author() as writing:
        before = writing.session.view
        writing.write(wrong, "ankipress.toml")
        writing.session.build()
        shown = writing.session.view
        assert code in [each.code for each in shown.elsewhere]
        assert {each.card.question for each in before.cards} == {
            each.card.question for each in shown.cards
        }
        writing.write(SETTINGS, "ankipress.toml")
        assert on_page(writing.look()) == on_page(before)


def test_a_project_that_is_gone_keeps_the_cards() -> None:
    with author() as writing:
        cards = [each.card.question for each in writing.session.view.cards]
        (writing.folder / "cards.md").rename(writing.folder / "elsewhere")
        writing.session.build()
        assert writing.session.view.elsewhere
        (writing.folder / "elsewhere").rename(writing.folder / "cards.md")
        assert [each.card.question for each in writing.look().cards] == cards


def test_a_save_that_nobody_told_of_is_noticed() -> None:
    with author() as writing:
        assert not writing.session.is_behind()
        writing.write(CARDS.replace("is 3.", "is three."))
        assert writing.session.is_behind()
        writing.session.build()
        assert not writing.session.is_behind()
        os.utime(writing.folder / "ankipress.toml", (1, 1))
        assert writing.session.is_behind()


def test_a_save_during_a_build_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with author() as writing:

        def save_meanwhile(paths: Sequence[Path], **_: object) -> CompiledProject:
            found = compile_project(paths)
            writing.write(CARDS.replace("is 3.", "is three."))
            return found

        monkeypatch.setattr(session_module, "compile_project", save_meanwhile)
        writing.session.build()
        assert writing.session.is_behind()
        monkeypatch.undo()
        writing.session.build()
        assert not writing.session.is_behind()


def test_the_first_cards_of_a_large_project_are_those_of_all() -> None:
    text = "# Deck\n\n" + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(1000))
    with author(text) as writing:
        everything = writing.session.view
        session = PreviewSession([writing.folder])
        session.look()
        first = session.view
        assert first.is_partial
        number = len(first.cards)
        assert 0 < number < 1000
        assert [each.content for each in first.cards] == [
            each.content for each in everything.cards[:number]
        ]
        session.build()
        assert not session.view.is_partial
        assert on_page(session.view) == on_page(everything)


@pytest.mark.parametrize(
    ("text", "configured"),
    [(CARDS, SETTINGS), (SHOWCASE, SHOWCASE_SETTINGS)],
    ids=["cards", "showcase"],
)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(changes_of_text, min_size=1, max_size=2))
def test_any_edit_is_shown_as_a_fresh_preview_shows_it(
    text: str, configured: str, steps: list[list[tuple[int, int, str]]]
) -> None:
    """The law: whatever was shown before, the page shows what it would show from the start."""
    with author(text, configured) as writing:
        edited = text
        for changes in steps:
            edited = edited_text(edited, changes)
            writing.write(edited)
            writing.look()
        writing.write(text)
        writing.look()


# Advice


ADVISED = CARDS + "\n## Is it so?\n\nYes.\n"


def codes_of(view: View) -> set[str]:
    """What is told of the cards that are shown."""
    return {problem.code for each in view.cards for problem in each.problems}


def test_advice_comes_beside_what_is_shown_already() -> None:
    with author(ADVISED) as writing:
        before = writing.session.view
        assert "yes-no-question" not in codes_of(before)
        assert writing.session.advise(lambda: True)
        after = writing.session.view
        assert "yes-no-question" in codes_of(after)
        assert [each.content for each in after.cards] == [each.content for each in before.cards]


def test_advice_that_is_not_wanted_changes_nothing() -> None:
    with author(ADVISED) as writing:
        before = writing.session.view
        assert not writing.session.advise(lambda: False)
        assert writing.session.view is before


def test_advice_of_an_older_save_is_not_shown() -> None:
    with author(ADVISED) as writing:

        def build() -> bool:
            writing.write(ADVISED.replace("is 3.", "is three."))
            if "is three." not in texts_of(writing.session.view):
                writing.session.build()
            return True

        assert not writing.session.advise(build)
        assert "is three." in texts_of(writing.session.view)


# Turns


class Steps:
    """Steps that take as long as they are told, and what happened so far. A build and advice go on
    until they are let go.
    """

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.is_free = threading.Event()
        self.is_busy = threading.Event()

    def build(self) -> None:
        """Build for a long time."""
        self.happened.append("build")
        self.is_busy.set()
        assert self.is_free.wait(60)
        self.happened.append("build ended")

    def advise(self, is_wanted: Callable[[], bool]) -> bool:
        """Advise until nobody wants it."""
        self.happened.append("advise")
        self.is_busy.set()
        while is_wanted():
            threading.Event().wait(0.001)
        self.happened.append("no advice")
        return False

    def compare(self) -> bool:
        """Nobody asked Anki."""
        return False

    async def until_busy(self) -> None:
        """Wait until something takes long."""
        await asyncio.to_thread(self.is_busy.wait, 60)
        self.is_busy.clear()


@asynccontextmanager
async def scheduled(steps: Steps) -> AsyncIterator[Scheduler]:
    """Some steps that are taken in turn, by themselves."""
    found = Scheduler(steps, lambda: steps.happened.append("shown"))
    advising = asyncio.create_task(found.advise_when_idle())
    try:
        yield found
    finally:
        found.stop()
        steps.is_free.set()
        advising.cancel()
        await asyncio.gather(advising, return_exceptions=True)


def test_no_save_waits_for_advice() -> None:
    """It would not end before the save."""

    async def run() -> None:
        steps = Steps()
        steps.is_free.set()
        async with scheduled(steps) as scheduler:
            await steps.until_busy()
            assert steps.happened == ["advise"], "the first thing after the start"
            await asyncio.wait_for(scheduler.saved(), 60)
            assert steps.happened == ["advise", "no advice", "build", "build ended", "shown"]
            while steps.happened[5:] != ["advise"]:  # and again when there is time
                await steps.until_busy()

    finished(run())


def test_a_save_during_a_build_is_built_after_it() -> None:
    async def run() -> None:
        steps = Steps()
        async with scheduled(steps) as scheduler:
            saves = [asyncio.create_task(scheduler.saved())]
            await steps.until_busy()
            saves.append(asyncio.create_task(scheduler.saved()))
            await asyncio.sleep(0.01)
            assert steps.happened == ["build"], "one at a time"
            steps.is_free.set()
            await asyncio.gather(*saves)
            happened = [each for each in steps.happened if "advi" not in each]
            assert happened[:2] == ["build", "build ended"]
            assert sorted(happened) == sorted(2 * ["build", "build ended", "shown"])

    finished(run())


def test_advice_is_looked_for_once_after_several_saves() -> None:
    async def run() -> None:
        steps = Steps()
        steps.is_free.set()
        async with scheduled(steps) as scheduler:
            for _ in range(3):
                await scheduler.saved()
            while steps.happened[-1] != "advise":
                await steps.until_busy()
            assert [each for each in steps.happened if "advi" not in each] == 3 * [
                "build",
                "build ended",
                "shown",
            ]

    finished(run())


def test_advice_that_was_found_is_shown() -> None:
    class Advised(Steps):
        def advise(self, is_wanted: Callable[[], bool]) -> bool:
            self.is_busy.set()
            return is_wanted()

    async def run() -> None:
        steps = Advised()
        async with scheduled(steps):
            await steps.until_busy()
            for _ in range(600):
                if steps.happened:
                    break
                await asyncio.sleep(0.01)
            assert steps.happened == ["shown"]

    finished(run())


def test_the_preview_warns_where_a_build_would_stop() -> None:
    text = "# Deck\n\n" + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(10))
    with author(text) as writing:
        assert run(["build", str(writing.folder)]) == 0
        writing.write(text[: text.index("## What is 3?")])
        shown = writing.look()
        found = [each for each in shown.elsewhere if each.code == "many-retired"]
        assert [each.severity for each in found] == ["warning"]
        assert len(shown.cards) == 3
