"""Somebody who waits at a terminal is told for what, and nobody else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ankipress.cli import progress
from ankipress.cli.progress import run_with_progress, waiting, with_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def doubled(number: int) -> int:
    return 2 * number


EACH_STREAM = pytest.mark.parametrize(
    ("patience", "stream", "is_shown"),
    [
        pytest.param(-1.0, Terminal(), True, id="a terminal on which somebody waits"),
        pytest.param(3600.0, Terminal(), False, id="a terminal on which nobody waits"),
        pytest.param(-1.0, io.StringIO(), False, id="a pipe"),
        pytest.param(-1.0, None, False, id="no output at all"),
    ],
)


@EACH_STREAM
def test_a_bar_for_what_keeps_somebody_waiting(
    patience: float, stream: io.StringIO | None, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(with_bar(iter(range(30)), 30, "Rendering")) == list(range(30))
    written = stream.getvalue() if stream else ""
    assert ("Rendering" in written) is is_shown
    assert written.count("100%") == (1 if is_shown else 0)
    assert written.count("\n") == (1 if is_shown else 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_bar_beside_processes(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(run_with_progress(jobs)(doubled, range(30))) == [2 * each for each in range(30)]
    assert terminal.getvalue().count("100%") == 1


def test_what_is_done_at_once_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that would appear full tells nothing."""
    terminal = Terminal()
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(with_bar(iter([1]), 1, "Rendering")) == [1]
    assert terminal.getvalue() == ""


def test_a_notice_is_gone_when_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with waiting("Reading", is_long=True):
        assert terminal.getvalue() == "Reading …"
    assert terminal.getvalue() == "Reading …\r" + 9 * " " + "\r"


def test_a_notice_is_gone_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(KeyboardInterrupt), waiting("Reading", is_long=True):
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith("\r")


@pytest.mark.parametrize(
    ("stream", "is_long"),
    [
        pytest.param(io.StringIO(), True, id="a pipe"),
        pytest.param(None, True, id="no output at all"),
        pytest.param(Terminal(), False, id="what is over soon"),
    ],
)
def test_nobody_is_told_where_nobody_waits(
    stream: io.StringIO | None, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with waiting("Reading", is_long=is_long):
        pass
    assert stream is None or stream.getvalue() == ""


PROGRAM = """
import sys
from ankipress.cli import progress, building
from ankipress.cli.main import main
progress._PATIENCE, building._LARGE = float(sys.argv.pop(1)), int(sys.argv.pop(1))
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals: NOT tested there")
@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize("patience", ["-1", "3600"])
def test_a_real_terminal_shows_a_bar_and_a_pipe_none(
    command: str, patience: str, tmp_path: Path
) -> None:
    text = "# Deck\n\n" + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(200))
    (tmp_path / "cards.md").write_text(text, encoding="utf-8")
    shown, said = at_a_terminal([patience, "1", command, "cards.md"], tmp_path)
    assert ("Rendering" in shown) is (patience == "-1")
    assert ("Packing" in shown) is (command == "build")
    assert "Rendering" not in said
    if command == "build":
        assert "200 notes (200 new" in said


def at_a_terminal(arguments: list[str], folder: Path) -> tuple[str, str]:
    """What a command writes to a terminal for errors, and to a pipe for all else."""
    import pty  # noqa: PLC0415 - Windows has none

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 10_000):
                shown += piece
        except OSError:  # nobody writes any more
            pass
        said = process.communicate(timeout=60)[0]
    os.close(ours)
    assert process.returncode == 0, shown
    return shown.decode(), said
