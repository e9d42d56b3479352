"""An edit of a few answers is built alone, and to the byte as a build of everything would make it."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankipress.cli import building as full_build
from ankipress.cli import edited
from ankipress.cli.main import run
from ankipress.package.edited import Collection
from ankipress.scratch import Scratch
from author import picture
from edits import CARDS, EACH_LINE_END, EACH_SETTING, changes_of_text, edited_text

ROOT = Path(__file__).resolve().parents[2]
SHOWCASE = (ROOT / "examples/showcase.md").read_text(encoding="utf-8")
SETTINGS = 'name = "deck"\nversion = "1.0.0"\nuid = "deck-1234"\nsources = ["*.md"]\n'
SHOWCASE_SETTINGS = (
    (ROOT / "examples/ankipress.toml")
    .read_text(encoding="utf-8")
    .replace("showcase.md", "cards.md")
)


class Twins:
    """One project in two folders: one is built as ever, the other always from the beginning."""

    def __init__(self, folder: Path, text: str, settings: str = SETTINGS) -> None:
        self.quick, self.whole = folder / "quick", folder / "whole"
        self.time = 1_700_000_000
        self.quickly = 0  # builds of an edit alone
        for each in (self.quick, self.whole):
            for name in ("media", "fonts", "notetypes") if text == SHOWCASE else ():
                shutil.copytree(ROOT / "examples" / name, each / name)
            (each / "media").mkdir(parents=True, exist_ok=True)
            (each / "media/a.png").write_bytes(picture(1))
            (each / "ankipress.toml").write_text(settings, encoding="utf-8")
        self.write(text)

    def write(self, text: str, name: str = "cards.md") -> None:
        for each in (self.quick, self.whole):
            (each / name).write_text(text, encoding="utf-8", newline="")

    def build(self) -> tuple[int, str]:
        """Build both, compare all that came of it, and give the exit status and what was said."""
        self.time += 60
        before = self.quickly
        ours = self._built(self.quick)
        assert self.quickly in {before, before + 1}
        shutil.rmtree(self.whole / "build/.cache", ignore_errors=True)
        theirs = self._built(self.whole)
        assert ours == theirs
        assert made(self.quick) == made(self.whole)
        return ours

    def _built(self, folder: Path) -> tuple[int, str]:
        os.chdir(folder)
        said = io.StringIO()
        os.environ["SOURCE_DATE_EPOCH"] = str(self.time)
        with redirect_stdout(said), redirect_stderr(said):
            status = run(["build"])
        return status, said.getvalue()


def made(folder: Path) -> dict[str, bytes]:
    """The contents of the lock and the package."""
    return {
        path.name: path.read_bytes()
        for path in (folder / "ankipress.lock", *(folder / "build").glob("*.apkg"))
        if path.exists()
    }


@contextmanager
def twins(text: str, settings: str = SETTINGS) -> Iterator[Twins]:
    """Twins, built once, with all decks large enough to be remembered."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
            patch.setenv(variable, f"{name}/home")
        patch.setenv("SOURCE_DATE_EPOCH", "1")
        patch.setattr(full_build, "WORTH_IT", 1)
        pair = Twins(Path(name).resolve(), text, settings)
        original = edited.build_edited

        def counted(seen: object) -> str | None:
            line = original(seen)  # type: ignore[arg-type]
            pair.quickly += line is not None
            return line

        patch.setattr(edited, "build_edited", counted)
        try:
            assert pair.build()[0] == 0
            yield pair
        finally:
            os.chdir(before)


EDITS = [
    pytest.param("It is 3.", "It is three.", id="a word"),
    pytest.param(
        "It is 3.\n",
        "It is three.\n\n```python\nx = [1, 2]\n```\n\n- a\n- b\n",
        id="blocks of another kind",
    ),
    pytest.param("It is 0.", "Nothing.", id="the first card"),
    pytest.param("The end.\n", "The end", id="the last card"),
    pytest.param("It is 3.", "{#no} 42", id="braces in an answer"),
    pytest.param("It is 3.\n", "It is 3. \n", id="nothing that is packed"),
    pytest.param("is 3.", "is *3*.", id="emphasis"),
    pytest.param("of two", "of 2", id="a card before and behind which there are others"),
    pytest.param("x = 1", "x = 1  # two", id="code"),
    pytest.param("Four.", "Four corners.", id="a hint"),
    pytest.param("A square.", "The square.", id="beside a picture"),
    pytest.param("and {{c2::two}}", "and also {{c2::two}}", id="a text with gaps"),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_an_edit_is_built_alone(old: str, new: str) -> None:
    with twins(CARDS) as pair:
        assert old in CARDS
        pair.write(CARDS.replace(old, new))
        assert pair.build()[0] == 0
        pair.write(CARDS)
        pair.build()
        assert pair.quickly == 2


@pytest.mark.skipif(os.name == "nt", reason="on Windows nothing that is open can lose its name")
def test_nothing_is_written_to_a_file_of_the_system_while_it_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that is killed would leave it there."""
    named = list[Path]()

    def append(scratch: Scratch, content: bytes) -> None:
        named.extend(tmp_path.iterdir())
        real(scratch, content)

    real = Scratch.append
    with twins(CARDS) as pair:
        monkeypatch.setattr(Scratch, "append", append)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        pair.write(CARDS.replace("It is 3.", "It is three."))
        assert (pair.build()[0], pair.quickly, named) == (0, 1, [])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
def test_a_folder_of_the_system_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/not UTF-8: \xff")
    Path(folder).mkdir()
    with twins(CARDS) as pair:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        pair.write(CARDS.replace("It is 3.", "It is three."))
        assert (pair.build()[0], pair.quickly) == (0, 1)


def test_without_room_for_what_is_made_on_the_way_an_edit_is_built_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with twins(CARDS) as pair:
        monkeypatch.setattr(tempfile, "tempdir", "/there/is/none")
        pair.write(CARDS.replace("It is 3.", "It is three."))
        assert pair.build()[0] == 0
        assert pair.quickly == 1
        monkeypatch.undo()


def test_where_the_room_ends_all_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with twins(CARDS) as pair:
        pair.write(CARDS.replace("It is 3.", "It is three."))
        monkeypatch.setattr(Collection, "with_edited", full)
        assert pair.build()[0] == 0
        assert pair.quickly == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("It is 3.", "It is 3.\n\n## Another?\n\nYes.", id="another card"),
        pytest.param("## What is 3?\n\nIt is 3.\n\n", "", id="a card less"),
        pytest.param("What is 3?", "What is three?", id="a question"),
        pytest.param("It is 3.", "It is 3.\n\n---\n\nReally.", id="more on the front"),
        pytest.param("It is 3.", "It is {{c1::3}}.", id="another kind"),
        pytest.param("and {{c2::two}}", "and {{c3::two}}", id="another gap"),
        pytest.param("It is 3.", "<!-- open", id="a comment that takes the next card"),
        pytest.param("It is 3.", "```\nopen", id="code that takes the next card"),
        pytest.param("It is 3.", "Text\n\n<details>\n<summary>S</summary>\n", id="details"),
        pytest.param(
            "It is 3.",
            "It is [three].\n\n[three]: https://example.org",
            id="a definition of a link",
        ),
        pytest.param("It is 3.", "![A square.](media/a.png)", id="another picture"),
        pytest.param("![A square.](media/a.png)", "A square.", id="a picture less"),
        pytest.param("It is 3.", "", id="no answer"),
        pytest.param("It is 3.", "```pyhton\nx\n```", id="a warning"),
        pytest.param("Prose.", "Text.", id="the text of a section"),
        pytest.param("# Deck", "# Other", id="the deck"),
        pytest.param("lang: de", "lang: en", id="the front matter"),
        pytest.param("## no card", "## some card", id="code that looks like a card"),
        pytest.param("Two.", "Three.", id="one of two cards with one question"),
        pytest.param("| q | a |", "| q | b |", id="a row"),
        pytest.param("It is 3.", "Three\n-----\n\nText.", id="an underlined heading"),
    ],
)
def test_what_may_touch_more_is_built_as_ever(old: str, new: str) -> None:
    with twins(CARDS) as pair:
        assert old in CARDS
        pair.write(CARDS.replace(old, new))
        pair.build()
        pair.write(CARDS)
        pair.build()
        assert pair.quickly == 0


@EACH_LINE_END
@EACH_SETTING
def test_settings_and_line_ends(newline: str, start: str, more: str) -> None:
    text = start + CARDS.replace("\n", newline)
    with twins(text, SETTINGS + more) as pair:
        pair.write(
            text.replace("is 3.", "is three.")
            .replace("is 9.", "is nine.")
            .replace("of two", "of 2")
        )
        status, said = pair.build()
        assert (status, pair.quickly) == (0, 1)
        assert "(0 new, 3 changed, 0 retired)" in said


def test_an_edit_of_the_showcase() -> None:
    old = "The second card asks"
    with twins(SHOWCASE, SHOWCASE_SETTINGS) as pair:
        assert old in SHOWCASE
        pair.write(SHOWCASE.replace(old, "Edited. " + old))
        assert pair.build()[0] == 0
        assert pair.quickly == 1


def test_where_footnotes_are_defined_only_plain_cards_are_built_alone() -> None:
    text = CARDS + "\n## Noted?\n\nSee[^1].\n\n## Defined?\n\nHere.\n\n[^1]: A note.\n"
    with twins(text) as pair:
        pair.write(text.replace("is 3.", "is three."))
        pair.build()
        assert pair.quickly == 1
        for old, new in (
            ("See[^1].", "See [^1]."),
            ("is 3.", "is `3`."),
            ("is 3.", "is 3[^1]."),
            ("Here.", "There."),
        ):
            pair.write(text.replace(old, new))
            pair.build()
        assert pair.quickly == 1


def test_several_sources_and_an_interrupted_memory() -> None:
    with twins(CARDS) as pair:
        more = "# More\n\n## A?\n\nB.\n\n## C?\n\nD.\n"
        pair.write(more, "more.md")
        pair.build()
        pair.write(more.replace("B.", "Bee."), "more.md")
        pair.write(CARDS.replace("is 3.", "is three."))
        pair.build()
        assert pair.quickly == 1
        texts = pair.quick / "build/.cache/texts-2"
        texts.write_bytes(texts.read_bytes().replace(b"Bee.", b"Fee."))
        pair.write(more, "more.md")
        pair.build()
        assert pair.quickly == 1


def test_the_description_of_a_later_version() -> None:
    """What the deck says of itself counts what this version changed."""
    with twins(CARDS) as pair:
        for each in (pair.quick, pair.whole):
            (each / "ankipress.toml").write_text(
                SETTINGS.replace("1.0.0", "1.1.0"), encoding="utf-8"
            )
        pair.build()
        for number, (old, new) in enumerate(
            [("is 3.", "is three."), ("is 4.", "is four."), ("is 4.", "is 4, four.")], start=1
        ):
            pair.write(CARDS.replace(old, new))
            pair.build()
            assert pair.quickly == number
        pair.write(CARDS.replace("What is 5?", "What is five?"))
        pair.build()
        pair.write(CARDS.replace("What is 5?", "What is five?").replace("is 5.", "is *5*."))
        pair.build()
        assert pair.quickly == 4


def test_an_anchor_counts_all_headings() -> None:
    with twins(CARDS, SETTINGS + 'source_url = "https://example.org/{path}#{anchor}"\n') as pair:
        pair.write(CARDS.replace("is 3.", "is three.").replace("Two.", "Two, too."))
        pair.build()
        pair.write(CARDS.replace("It is 3.", "It is 3.\n\n### What is 4?\n\nFour."))
        pair.build()
        assert pair.quickly == 0
        pair.write(CARDS.replace("It is 3.", "It is 3.\n\n### What is 4?\n\nThe next."))
        pair.build()
        assert pair.quickly == 1


def test_a_locked_build_is_a_whole_one(capsys: pytest.CaptureFixture[str]) -> None:
    with twins(CARDS) as pair:
        pair.write(CARDS.replace("is 3.", "is three."))
        os.chdir(pair.quick)
        assert run(["build", "--locked"]) == 1
        assert "lock-outdated" in capsys.readouterr().err
        assert pair.quickly == 0


@pytest.mark.parametrize(
    ("text", "configured"),
    [(CARDS, SETTINGS), (SHOWCASE, SHOWCASE_SETTINGS)],
    ids=["cards", "showcase"],
)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(changes_of_text, min_size=1, max_size=2))
def test_any_edit_is_as_a_whole_build_makes_it(
    text: str, configured: str, steps: list[list[tuple[int, int, str]]]
) -> None:
    """The law: lock, package and words are the same, there and back again."""
    with twins(text, configured) as pair:
        for changes in steps:
            pair.write(edited_text(text, changes))
            pair.build()
            pair.write(text)
            pair.build()
