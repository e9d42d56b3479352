"""Diagnostics as an author sees them: the whole text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from ankipress.cli.diagnostics_text import (
    format_diagnostic,
    plain,
    report,
    show,
    shown_diagnostics,
    summary,
)
from ankipress.cli.terminal import PIPE, Terminal
from ankipress.diagnostics import Diagnostic, Location, address, in_order
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
    diagnostic = Diagnostic("empty-question", location, message, help)
    return plain(diagnostic, workspace(root, {location.path: text}))


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
            "## \u2764\ufe0f x",
            (7, 1),
            "## \u2764\ufe0f x",
            "      ^",
            id="behind a coloured heart",
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
            "## \U0001f468\u200d\U0001f469\u200d\U0001f467 x",
            (10, 1),
            "## \U0001f468\u200d\U0001f469\u200d\U0001f467 x",
            "      ^",
            id="behind a family, which is one emoji",
        ),
        pytest.param(
            "## \U0001f1e9\U0001f1ea x",
            (7, 1),
            "## \U0001f1e9\U0001f1ea x",
            "      ^",
            id="behind a flag",
        ),
        pytest.param(
            "\u0645\u06cc\u200c\u062e x",
            (6, 1),
            "\u0645\u06cc\u200c\u062e x",
            "    ^",
            id="behind Persian, with a joiner that is not seen",
        ),
        pytest.param("  ab  ", (1, 6), "  ab  ", "  ^^", id="a whole line with spaces around it"),
        pytest.param("a   b", (2, 3), "a   b", " ^^^", id="spaces alone"),
        pytest.param(
            "a\u200db", (3, 1), r"a\u200db", " " * 7 + "^", id="a joiner that hides in a word"
        ),
        pytest.param(
            "a\x1b[31mb", (7, 1), r"a\x1b[31mb", " " * 9 + "^", id="what would command the terminal"
        ),
        pytest.param(
            "a\u2028b\u200b",
            (3, 1),
            r"a\u2028b\u200b",
            " " * 7 + "^",
            id="what would break or hide in the line",
        ),
    ],
)
def test_an_excerpt(
    line: str, place: tuple[int, int], excerpt: str, carets: str, here: Path
) -> None:
    assert shown(here, f"\n{line}\nnext", Location("cards.md", 2, *place)) == (
        f"cards.md:2:{place[0]}: error[empty-question]: a message\n  2 | {excerpt}\n"
        f"    | {carets}\n  help: some help"
    )


def test_a_long_line_is_shown_around_the_place(here: Path) -> None:
    line = "".join(f"{number:>5}" for number in range(100))
    lines = shown(here, line, Location("cards.md", 1, 251, 5)).split("\n")
    assert lines[1:3] == [
        (
            "  1 | …2   43   44   45   46   47   48   49   50   51   52   53   54   55   56   57   "
            "58   59   60   61   62   63  …"
        ),
        "    | " + " " * 37 + "^^^^^",
    ]


def test_what_is_meant_on_a_long_line_ends_where_the_excerpt_ends(here: Path) -> None:
    excerpt, carets = shown(here, "a" * 1_000, Location("cards.md", 1, 501, 400)).split("\n")[1:3]
    assert len(excerpt) == len(carets) + len("…") == len("  1 | ") + 110


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
    diagnostic = Diagnostic("empty-question", location, "a message")
    assert plain(diagnostic, workspace(here, texts)) == f"{place}: error[empty-question]: a message"


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
        Diagnostic("empty-question", Location("a.md", 10), "3"),
        Diagnostic("empty-question", Location("a.md", 2, 5), "2"),
        Diagnostic("empty-question", Location("a.md", 2, 1), "1"),
        Diagnostic("empty-question", Location("a.md", 10), "3"),
    ]
    show(in_order(diagnostics), workspace(here, {}))
    assert capsys.readouterr().err == (
        "a.md:2:1: error[empty-question]: 1\n\n"
        "a.md:2:5: error[empty-question]: 2\n\n"
        "a.md:10:1: error[empty-question]: 3\n\n"
        "b.md:1:1: warning[unknown-key]: 4\n\n"
        "3 errors, 1 warning\n"
        f"`ankipress explain CODE` says more, as does {address('CODE')}\n"
    )


def test_no_problems_are_not_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show([], workspace(here, {}))
    assert capsys.readouterr() == ("", "")
    assert summary([Diagnostic("empty-question", Location("a"), "1")]) == "1 error"


def test_colours_are_for_terminals(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diagnostic = Diagnostic("empty-question", Location("a.md", 1), "a message", "some help")
    read = workspace(here, {"a.md": "a"})
    [found] = shown_diagnostics([diagnostic], read)
    assert "\x1b[" in format_diagnostic(found, PIPE)
    show([diagnostic], read)
    assert "\x1b" not in capsys.readouterr().err


_LINE = (
    "## Which of these is a *tensor*, and which one is a matrix? {kind=chioce .tensors #tensor-1}"
)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        pytest.param(
            40,
            """\
cards.md:1:61: error[unknown-kind]:
    there is no kind "chioce"; did you
    mean "choice"?
  1 | … a matrix? {kind=chioce .tensors…
    |             ^^^^^^^^^^^^
  help: the kinds are basic, choice,
        cloze, occlusion and rows, or a
        note type in `notetypes/`

1 error
`ankipress explain unknown-kind` says
more, as does
ADDRESS
""",
            id="a phone",
        ),
        pytest.param(
            80,
            """\
cards.md:1:61: error[unknown-kind]: there is no kind "chioce"; did you mean
    "choice"?
  1 | ## Which of these is a *tensor*, and which one is a matrix? {kind=chioce …
    |                                                             ^^^^^^^^^^^^
  help: the kinds are basic, choice, cloze, occlusion and rows, or a note type
        in `notetypes/`

1 error
`ankipress explain unknown-kind` says more, as does
ADDRESS
""",
            id="a window",
        ),
        pytest.param(
            200,
            f"""\
cards.md:1:61: error[unknown-kind]: there is no kind "chioce"; did you mean "choice"?
  1 | {_LINE}
    | {" " * 60}^^^^^^^^^^^^
  help: the kinds are basic, choice, cloze, occlusion and rows, or a note type in `notetypes/`

1 error
`ankipress explain unknown-kind` says more, as does ADDRESS
""",
            id="a wide window",
        ),
        pytest.param(
            None,
            f"""\
cards.md:1:61: error[unknown-kind]: there is no kind "chioce"; did you mean "choice"?
  1 | {_LINE}
    | {" " * 60}^^^^^^^^^^^^
  help: the kinds are basic, choice, cloze, occlusion and rows, or a note type in `notetypes/`

1 error
`ankipress explain unknown-kind` says more, as does ADDRESS
""",
            id="a pipe",
        ),
    ],
)
def test_a_report_follows_the_width_of_its_terminal(
    width: int | None, text: str, here: Path
) -> None:
    diagnostic = Diagnostic(
        "unknown-kind",
        Location("cards.md", 1, 61, 12),
        'there is no kind "chioce"; did you mean "choice"?',
        "the kinds are basic, choice, cloze, occlusion and rows, or a note type in `notetypes/`",
    )
    found = shown_diagnostics([diagnostic], workspace(here, {"cards.md": _LINE}))
    expected = text.replace("ADDRESS", address("unknown-kind")).removesuffix("\n")
    assert click.unstyle(report(found, Terminal(width))) == expected


def test_the_code_is_a_link_where_the_terminal_has_links(here: Path) -> None:
    diagnostic = Diagnostic("empty-question", Location("a.md", 1), "a message")
    found = shown_diagnostics([diagnostic], workspace(here, {}))
    linked = report(found, Terminal(80, has_links=True))
    assert f"\x1b]8;;{address('empty-question')}\x1b\\empty-question\x1b]8;;\x1b\\" in linked
    assert linked.count("https://") == 1
    assert "\x1b]8" not in report(found, Terminal(80))
