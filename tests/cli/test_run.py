"""`ankipress check --run`: the code of cards is run when that is asked for, and never else."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli.main import run
from ankipress.lint.runnable_code import agrees, code_runs
from ankipress.model import Source
from ankipress.project.settings import Settings
from parsing import parse


def card(*blocks: str) -> str:
    return "## What does this print?\n\n" + "\n\n".join(blocks) + "\n"


def fence(code: str, info: str = "python {.run}") -> str:
    return f"```{info}\n{code}\n```"


pytestmark = pytest.mark.usefixtures("trusting")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ankipress.toml").write_text("", encoding="utf-8")
    return tmp_path


def check(here: Path, text: str, *arguments: str) -> int:
    (here / "cards.md").write_text(text, encoding="utf-8")
    return run(["check", "--run", *arguments])


TRUE = {
    "the output of an answer": card(fence("print(1)"), "---", fence("1", "text")),
    "no output": card(fence("x = 1")),
    "an output without a language": card(fence("print(1)"), fence("1", "")),
    "an output of many lines": card(
        fence("for i in range(3): print(i, ' ')"), fence("0\n1\n2", "text")
    ),
    "lines left out": card(fence("for i in range(99): print(i)"), fence("0\n...\n98", "text")),
    "an error that is the point": card(
        fence("1 / 0"), fence("...\nZeroDivisionError: division by zero", "text")
    ),
    "letters of all sorts": card(fence("print('é 中 😀')"), fence("é 中 😀", "text")),
    "code after code": card(fence("a = 1"), fence("print(2)"), fence("2", "text")),
    "code that is not marked": card(fence("print(1)"), fence("raise SystemExit(1)", "python")),
    "another mark": card(fence("raise SystemExit(1)", "python {.runs}")),
    "a mark as Pandoc has it": card(fence("print(1)", " {.python .run}"), fence("1", "text")),
    "code in a list": card(
        "- a\n\n  ```python {.run}\n  if True:\n      print(1)\n  ```\n\n  ```text\n  1\n  ```"
    ),
    "code with deletions": "## What? {kind=cloze}\n\n{{c1::x}}\n\n"
    + fence("print({{c1::1 + {{c2::1}}::sum}})")
    + "\n\n"
    + fence("2", "text"),
}


@pytest.mark.parametrize("text", TRUE.values(), ids=TRUE)
def test_what_is_true_is_no_problem(
    text: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "cards.md").write_text(text, encoding="utf-8")
    assert check(here, text, "--select", "error") == 0, capsys.readouterr().out


OTHER = fence("print(1)")
FALSE = {
    "another output": (
        card(OTHER, "---", fence("2", "text")),
        "9 wrong-output",
        "prints something else:\n    1",
    ),
    "no output at all": (
        card(fence("x = 1"), fence("1", "text")),
        "7 wrong-output",
        "    (nothing)",
    ),
    "lines left out that end elsewhere": (
        card(OTHER, fence("1\n...\n2", "text")),
        "7 wrong-output",
        "    1",
    ),
    "an error": (card(fence("1 / 0")), "3 code-failed", "exit status 1:"),
    "a status of its own": (card(fence("raise SystemExit(7)")), "3 code-failed", "exit status 7:"),
    "no command": (card(fence("x", "cobol {.run}")), "3 code-failed", 'the language "cobol"'),
    "no language": (card(fence("x", "{.run}")), "3 code-failed", 'the language ""'),
    "a command that is not there": (
        card(fence("x", "lua {.run}")),
        "3 code-failed",
        "no-such-program: No such file",
    ),
}


@pytest.mark.parametrize(("text", "place", "message"), FALSE.values(), ids=FALSE)
def test_what_is_not_true_is_told_in_its_place(
    text: str, place: str, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "ankipress.toml").write_text('[run]\nlua = "no-such-program -x"\n', encoding="utf-8")
    assert check(here, text, "--select", "error") == 1
    shown = capsys.readouterr().out
    assert [
        " ".join(found)
        for found in re.findall(r"^cards.md:(\d+):1: error\[(.*?)\]", shown, re.MULTILINE)
    ] == [place]
    assert message in shown


def test_endless_code_is_stopped_with_all_that_it_started(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = here / "still-there"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(mark)!r}).touch()"
    code = (
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {child!r}])\n"
        f"while True: pass"
    )
    assert check(here, card(fence(code)), "--timeout", "0.5") == 1
    assert "runs longer than 0.5 s" in capsys.readouterr().out
    time.sleep(2.5)
    assert not mark.exists()


def test_code_sees_no_secret_and_no_folder_of_the_project(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    code = "import os; print(os.listdir(), 'SECRET_TOKEN' in os.environ)"
    assert (
        check(here, card(fence(code), fence("['code.python'] False", "text")), "--select", "error")
        == 0
    ), capsys.readouterr().out


def test_a_command_of_the_settings_runs_other_languages(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Path(sys.executable).as_posix()
    (here / "ankipress.toml").write_text(f"[run]\nsnake = '\"{program}\" -I'\n", encoding="utf-8")
    text = card(fence("print('s' * 3)", "snake {.run}"), fence("sss", "text"))
    assert check(here, text, "--select", "error") == 0, capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["build"], ["check"], ["list"], ["ids"]])
def test_nothing_is_run_unless_it_is_asked_for(arguments: list[str], here: Path) -> None:
    mark = here / "was-run"
    (here / "cards.md").write_text(card(fence(f"open({str(mark)!r}, 'w')")), encoding="utf-8")
    run(arguments)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("expected", "actual", "result"),
    [
        ("", "", True),
        ("", "1", False),
        ("1", "1\n", True),
        ("1  ", "1\r\n", True),
        ("...", "", True),
        ("...", "1\n2", True),
        ("1\n...", "1", True),
        ("1\n...", "1\n2\n3", True),
        ("1\n...", "12", False),
        ("...\n3", "1\n2\n3", True),
        ("...\n3", "13", False),
        ("1\n...\n3", "1\n3", True),
        ("1\n...\n2\n...\n3", "1\nx\n2\n3", True),
        ("[...]", "[1]", False),
        ("a.b", "axb", False),
        ("1\n...\n1", "1", False),
        ("1\n2\n...\n2\n3", "1\n2\n3", False),
        ("...\n2\n...\n2\n...", "1\n2\n3", False),
        ("...\n2\n...\n2\n...", "2\n2", True),
        ("...\n12\n...", "112\n12\n3", True),
        ("...\n12\n...", "112\n3", False),
        ("1\n...\n...\n2", "1\n2", True),
        ("...\n1\n...\n2\n3", "1\n1\n2\n2\n3", True),
        ("a\n\n...\n\nb", "a\nb", True),
    ],
)
def test_an_output_agrees(expected: str, actual: str, result: bool) -> None:
    assert agrees(expected, actual) is result
    assert _agrees_slowly(expected, actual) is result


lines = st.lists(st.sampled_from(["...", "a", "b", "ab", "", " "]), max_size=8)


@given(lines, lines)
def test_an_output_agrees_as_a_pattern_says(expected: list[str], actual: list[str]) -> None:
    shown = "\n".join(expected)
    printed = "\n".join(each for each in actual if each != "...")
    assert agrees(shown, printed) is _agrees_slowly(shown, printed)


def _agrees_slowly(expected: str, actual: str) -> bool:
    """The same as a regular expression, which takes twice as long for each line `...` more."""
    pieces = re.split(r"(?m)^[ \t]*\.\.\.[ \t]*$", _trimmed(expected))
    pattern = r"(?:.*\n)?".join(re.escape(_trimmed(each)) for each in pieces)
    return re.fullmatch(pattern, _trimmed(actual), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    trimmed = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    return trimmed and f"{trimmed}\n"


@pytest.mark.parametrize("expected", ["...\n1\n" * 1_000 + "2", "1\n...\n" * 1_000 + "2\n2"])
def test_many_lines_that_are_left_out_take_no_time(expected: str) -> None:
    before = time.process_time()
    assert not agrees(expected, "1\n" * 100_000)
    assert time.process_time() - before < 5


def test_a_run_knows_its_places() -> None:
    text = "---\ndeck: D\n---\n" + card(fence("print(1)"), "---", "Text.\n\n" + fence("1", "text"))
    entries = parse([Source("a.md", text)], Settings()).entries
    [found] = code_runs(entries)
    assert (found.location.line, found.output and found.output.line, found.expected) == (
        6,
        14,
        "1\n",
    )
