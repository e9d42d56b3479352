"""Diagnostics as an author sees them: the whole text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from ankipress.cli.diagnostics_text import format_diagnostic, show, summary
from ankipress.diagnostics import Diagnostic, Location, in_order
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def workspace(root: Path, texts: Mapping[str, str]) -> Workspace:
    (root / "ankipress.toml").write_text("", encoding="utf-8")
    read = read_workspace([root])
    read.texts = dict(texts)
    return read


def shown(
    root: Path,
    text: str,
    location: Location,
    message: str = "a message",
    help: str = "some help",
) -> str:
    """A diagnostic as plain text, without its colours."""
    diagnostic = Diagnostic("empty-answer", location, message, help)
    return click.unstyle(format_diagnostic(diagnostic, workspace(root, {location.path: text})))


@pytest.mark.parametrize(
    ("line", "place", "excerpt", "carets"),
    [
        pytest.param(
            "## What is a tensor?",
            (1, 20),
            "## What is a tensor?",
            "^^^^^^^^^^^^^^^^^^^^",
            id="a whole line",
        ),
        pytest.param("## What?", (4, 4), "## What?", "   ^^^^", id="a word"),
        pytest.param("## What?", (4, 400), "## What?", "   ^^^^^", id="a width beyond the end"),
        pytest.param("## What?", (40, 4), "## What?", "        ^", id="a column beyond the end"),
        pytest.param("\ta\tb c", (2, 1), "    a   b c", "    ^", id="behind a tab"),
        pytest.param("\ta\tb c", (2, 3), "    a   b c", "    ^^^^^", id="a tab in what is meant"),
        pytest.param("ab\tc", (2, 2), "ab  c", " ^^^", id="a tab that is narrower where it stands"),
        pytest.param(
            "## 中文 {x=1}", (8, 3), "## 中文 {x=1}", "         ^^^", id="behind wide characters"
        ),
        pytest.param("## 中文?", (4, 2), "## 中文?", "   ^^^^", id="wide characters"),
        pytest.param(
            "## e\u0301e\u0301 x",
            (9, 1),
            "## e\u0301e\u0301 x",
            "      ^",
            id="behind combining characters",
        ),
        pytest.param(
            "## \u2764\ufe0f x", (7, 1), "## \u2764\ufe0f x", "     ^", id="behind a choice of form"
        ),
        pytest.param(
            "## \u1112\u1161\u11ab x",
            (8, 1),
            "## \u1112\u1161\u11ab x",
            "      ^",
            id="behind a Korean syllable in pieces",
        ),
        pytest.param(
            "## \u0e17\u0e35\u0e48 x", (8, 1), "## \u0e17\u0e35\u0e48 x", "     ^", id="behind Thai"
        ),
        pytest.param(
            "a\x1b[31mb", (7, 1), "a\ufffd[31mb", "      ^", id="what would command the terminal"
        ),
        pytest.param(
            "a\u2028b\u200b",
            (3, 1),
            "a\ufffdb\ufffd",
            "  ^",
            id="what would break or hide in the line",
        ),
    ],
)
def test_an_excerpt(
    line: str, place: tuple[int, int], excerpt: str, carets: str, here: Path
) -> None:
    assert shown(here, f"\n{line}\nnext", Location("cards.md", 2, *place)) == (
        f"cards.md:2:{place[0]}: error[empty-answer]: a message\n  2 | {excerpt}\n"
        f"    | {carets}\n  help: some help"
    )


def test_a_long_line_is_shown_around_the_place(here: Path) -> None:
    line = "".join(f"{number:>5}" for number in range(100))
    lines = shown(here, line, Location("cards.md", 1, 251, 5)).split("\n")
    assert lines[1:3] == [
        (
            "  1 |    42   43   44   45   46   47   48   49   50   51   52   53   54   55   56   "
            "57   58   59   60   61   62   63"
        ),
        "    | " + " " * 40 + "^^^^^",
    ]


def test_what_is_meant_on_a_long_line_ends_where_the_excerpt_ends(here: Path) -> None:
    excerpt, carets = shown(here, "a" * 1_000, Location("cards.md", 1, 501, 400)).split("\n")[1:3]
    assert len(excerpt) == len(carets) == len("  1 | ") + 110


@pytest.mark.parametrize(
    ("location", "place"),
    [
        pytest.param(Location("cards.md"), "cards.md", id="a file as a whole"),
        pytest.param(Location("cards.md", 2), "cards.md:2:1", id="an empty line"),
        pytest.param(Location("cards.md", 99), "cards.md:99:1", id="a line that is not there"),
        pytest.param(Location("other.md", 1), "other.md:1:1", id="a file that could not be read"),
    ],
)
def test_no_excerpt(location: Location, place: str, here: Path) -> None:
    texts = {"cards.md": "a\n \nb"}
    diagnostic = Diagnostic("empty-answer", location, "a message")
    assert (
        click.unstyle(format_diagnostic(diagnostic, workspace(here, texts)))
        == f"{place}: error[empty-answer]: a message"
    )


@pytest.mark.parametrize(
    ("folder", "place"), [("deck", "deck/a b.md:1:1"), ("../../far", "/.*/far/a b.md:1:1")]
)
def test_paths_are_seen_from_where_the_command_was_started(
    folder: str, place: str, here: Path
) -> None:
    start = here / "x" / "y"
    root = start / folder
    for each in (start, root):
        each.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(start)
        assert re.match(place, shown(root, "a", Location("a b.md", 1)))


def test_problems_are_in_the_order_of_their_places_each_once_and_counted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diagnostics = [
        Diagnostic("unknown-key", Location("b.md", 1), "4"),
        Diagnostic("empty-answer", Location("a.md", 10), "3"),
        Diagnostic("empty-answer", Location("a.md", 2, 5), "2"),
        Diagnostic("empty-answer", Location("a.md", 2, 1), "1"),
        Diagnostic("empty-answer", Location("a.md", 10), "3"),
    ]
    show(in_order(diagnostics), workspace(here, {}))
    assert capsys.readouterr().err == (
        "a.md:2:1: error[empty-answer]: 1\n"
        "a.md:2:5: error[empty-answer]: 2\n"
        "a.md:10:1: error[empty-answer]: 3\n"
        "b.md:1:1: warning[unknown-key]: 4\n"
        "3 errors, 1 warning\n"
    )


def test_no_problems_are_not_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show([], workspace(here, {}))
    assert capsys.readouterr() == ("", "")
    assert summary([Diagnostic("empty-answer", Location("a"), "1")]) == "1 error"


def test_colours_are_for_terminals(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diagnostic = Diagnostic("empty-answer", Location("a.md", 1), "a message", "some help")
    read = workspace(here, {"a.md": "a"})
    assert "\x1b[" in format_diagnostic(diagnostic, read)
    show([diagnostic], read)
    assert "\x1b" not in capsys.readouterr().err
