"""What the preview shows from save to save, and what may keep an author waiting."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankipress.preview.serve.scheduler import Turns
from ankipress.preview.serve.session import Live
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
        self.live = Live([folder])
        assert self.live.build()

    def write(self, text: str, name: str = "cards.md") -> None:
        """Save a file."""
        (self.folder / name).write_text(text, encoding="utf-8", newline="")

    def look(self) -> bool:
        """See an edit that was saved, and then all; whether the edit was seen alone."""
        is_alone = self.live.edit()
        quick = self.live.view
        assert self.live.build()
        if is_alone:
            assert as_compiled(quick) == as_compiled(self.live.view)
        fresh = Live([self.folder])
        assert fresh.build()
        if not any(each.kept for each in self.live.view.cards):
            assert on_page(self.live.view) == on_page(fresh.view)
        return is_alone


def as_compiled(view: View) -> object:
    """All that the page shows of the cards but their problems, which a build tells. A guid may be
    known to a build alone.
    """
    cards = [
        replace(each, card=replace(each.card, guid="", line=0), problems=(), changed=False)
        for each in view.cards
    ]
    return cards, dict(view.styles)


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
        for variable in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
            patch.setenv(variable, f"{name}/home")
        patch.setenv("SOURCE_DATE_EPOCH", "1")
        folder = Path(name).resolve() / "deck"
        folder.mkdir()
        yield Author(folder, text, configured)


@pytest.mark.parametrize(
    ("old", "new"),
    [
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
    ],
)
def test_an_edit_is_shown_alone(old: str, new: str) -> None:
    with author() as writing:
        assert old in CARDS
        writing.write(CARDS.replace(old, new))
        assert writing.look()
        writing.write(CARDS)
        assert writing.look()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("", "", id="nothing"),
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
def test_what_may_touch_more_is_shown_by_a_build(old: str, new: str) -> None:
    with author() as writing:
        assert old in CARDS
        writing.write(CARDS.replace(old, new) if old else CARDS)
        assert not writing.look()
        writing.write(CARDS)
        assert not writing.look()


@EACH_LINE_END
@EACH_SETTING
def test_settings_and_line_ends(newline: str, start: str, more: str) -> None:
    text = start + CARDS.replace("\n", newline)
    with author(text, SETTINGS + more) as writing:
        edit = (
            text.replace("is 3.", "is three.")
            .replace("is 9.", "is nine.")
            .replace("of two", "of 2")
        )
        writing.write(edit)
        assert writing.look()
        writing.write(edit.replace("What is 3?", "What is three?"))
        assert writing.look() is not more.startswith("source_url")


def test_edits_of_several_files_one_after_another_before_any_build() -> None:
    more = "# More\n\n## A?\n\nB.\n\n## C?\n\nD.\n"
    with author() as writing:
        writing.write(more, "more.md")
        assert not writing.look()
        writing.write(more.replace("B.", "Bee\n\nis B."), "more.md")
        writing.write(CARDS.replace("is 3.", "is three."))
        assert writing.live.edit()
        writing.write(more.replace("B.", "Bee\n\nis B.").replace("D.", "Dee."), "more.md")
        assert writing.live.edit()
        writing.write(CARDS.replace("is 3.", "is *three*."))
        assert writing.look()


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
def test_beside_a_card_with_an_error_others_are_shown_alone(old: str, new: str) -> None:
    with author() as writing:
        broken = CARDS.replace(old, new)
        writing.write(broken)
        assert not writing.look()
        writing.write(broken.replace("is 3.", "is 3:\n\nthree."))
        assert writing.look()
        writing.write(broken.replace(new, f"{new}\n\nMore.") if new else CARDS)
        assert not writing.look()


def test_while_the_settings_are_wrong_all_is_built() -> None:
    with author() as writing:
        writing.write('name = "deck"\nunknown = 1\n', "ankipress.toml")
        assert not writing.look()
        writing.write(CARDS.replace("is 3.", "is three."))
        assert not writing.look()


@pytest.mark.parametrize(
    ("text", "configured"),
    [(CARDS, SETTINGS), (SHOWCASE, SHOWCASE_SETTINGS)],
    ids=["cards", "showcase"],
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(changes_of_text, min_size=1, max_size=2))
def test_any_edit_is_shown_as_a_fresh_build_shows_it(
    text: str, configured: str, steps: list[list[tuple[int, int, str]]]
) -> None:
    """The law: an edit that is shown alone is what a build of all shows, and that is what it would
    show from the start.
    """
    with author(text, configured) as writing:
        edited = text
        for changes in steps:
            edited = edited_text(edited, changes)
            writing.write(edited)
            writing.look()
        writing.write(text)
        writing.look()


class Steps:
    """Steps that take as long as they are told, and what happened so far. A build and advice go on
    until they are let go.
    """

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.is_free = threading.Event()
        self.is_busy = threading.Event()
        self.is_edited = True

    def edit(self) -> bool:
        """Show an edit at once."""
        self.happened.append("edit")
        return self.is_edited

    def build(self) -> bool:
        """Build for a long time."""
        return self._long("build")

    def advise(self, is_wanted: Callable[[], bool]) -> bool:
        """Advise until nobody wants it."""
        self.happened.append("advise")
        self.is_busy.set()
        while is_wanted():
            threading.Event().wait(0.001)
        self.happened.append("no advice")
        return False

    def _long(self, name: str) -> bool:
        self.happened.append(name)
        self.is_busy.set()
        assert self.is_free.wait(60)
        self.happened.append(f"{name} ended")
        return True

    async def until_busy(self) -> None:
        """Wait until something takes long."""
        await asyncio.to_thread(self.is_busy.wait, 60)
        self.is_busy.clear()


@asynccontextmanager
async def turns(steps: Steps) -> AsyncIterator[Turns]:
    """The turns of some steps, which go on by themselves."""
    found = Turns(steps, lambda: steps.happened.append("shown"))
    settling = asyncio.create_task(found.settle())
    yield found
    found.stop()
    steps.is_free.set()
    settling.cancel()
    await asyncio.gather(settling, return_exceptions=True)


def test_no_save_waits_for_advice() -> None:
    """It would not end before the save."""

    async def run() -> None:
        steps = Steps()
        async with turns(steps) as taken:
            await steps.until_busy()
            assert steps.happened == ["advise"], (
                "the first thing after the start, when all is shown"
            )
            await taken.saved()
            assert [each for each in steps.happened if each != "no advice"] == [
                "advise",
                "edit",
                "shown",
            ]
            await steps.until_busy()
            assert steps.happened[-2:] == ["no advice", "build"] or steps.happened[-1] == "build"
            assert "no advice" in steps.happened

    finished(run())


def test_no_save_of_an_edit_waits_for_a_build() -> None:
    async def run() -> None:
        steps = Steps()
        async with turns(steps) as taken:
            await taken.saved()
            await steps.until_busy()
            await taken.saved()
            assert steps.happened == ["edit", "shown", "build", "edit", "shown"]
            steps.is_free.set()
            await steps.until_busy()
            await steps.until_busy()
            assert steps.happened[5:] == [
                "build ended",
                "shown",
                "build",
                "build ended",
                "shown",
                "advise",
            ]

    finished(run())


def test_what_cannot_be_shown_alone_is_built_at_once() -> None:
    async def run() -> None:
        steps = Steps()
        steps.is_edited = False
        async with turns(steps) as taken:
            await taken.saved()
            await steps.until_busy()
            assert steps.happened == ["edit", "build"]

    finished(run())


class Hurried(Live):
    """A project in which somebody saves in the midst of a build, when the files were read."""

    def __init__(self, paths: list[Path], save: Callable[[], None]) -> None:
        super().__init__(paths)
        self._save = save

    def _changed(self, *given: Any) -> frozenset[str]:
        self._save()
        return super()._changed(*given)


def test_a_build_does_not_take_an_edit_back() -> None:
    with author() as writing:

        def save() -> None:
            if live.view.cards:
                writing.write(CARDS.replace("is 3.", "is three."))
                assert live.edit()

        live = Hurried([writing.folder], save)
        assert live.build()
        assert not live.build(), "it is of the files as they were"
        assert any("is three." in each.content.back for each in live.view.cards)
