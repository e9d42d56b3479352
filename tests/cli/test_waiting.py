"""Somebody who waits at a terminal is told for what, and nobody else."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from ankipress.cli.jobs import Jobs

from ankipress.cli import jobs
from ankipress.cli import progress as waiting
from ankipress.cli.progress import Notice


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_FEWEST": 2, "_BATCH": 3, "_MUCH": 1}.items():
        monkeypatch.setattr(jobs, name, value)


def doubled(numbers: Sequence[int]) -> list[str]:
    return [str(2 * number) for number in numbers]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("patience", "stream", "is_shown"),
    [
        pytest.param(0.0, Terminal(), True, id="a terminal on which somebody waits"),
        pytest.param(3600.0, Terminal(), False, id="a terminal on which nobody waits"),
        pytest.param(0.0, io.StringIO(), False, id="a pipe"),
        pytest.param(0.0, None, False, id="no output at all"),
    ],
)
def test_one_bar_for_all(
    patience: float, stream: io.StringIO | None, is_shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", stream)
    with Jobs(2) as hands:
        hands.prepare(1)
        first, second = hands.spread(doubled, range(30)), hands.spread(doubled, range(30))
        assert list(second) == list(first)
    written = stream.getvalue() if stream else ""
    assert ("Rendering" in written) is is_shown
    assert written.count("100%") == (1 if is_shown else 0)
    assert written.count("\n") == (1 if is_shown else 0)


def wait_for(found: Callable[[], bool]) -> None:
    for _ in range(600):
        if found():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def test_a_notice_is_gone_when_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(waiting, "_PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    with waiting.waiting("Reading"):
        wait_for(lambda: terminal.getvalue() == "Reading …")
    assert terminal.getvalue() == "Reading …\r" + 9 * " " + "\r"


def test_what_is_over_soon_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, before = Terminal(), threading.active_count()
    monkeypatch.setattr(waiting, "_PATIENCE", 3600.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    notice = Notice("Reading")
    notice.end()
    notice.end()
    wait_for(lambda: threading.active_count() == before)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(
    "stream", [pytest.param(io.StringIO(), id="a pipe"), pytest.param(None, id="no output at all")]
)
def test_nobody_is_told_where_nobody_looks(
    stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = threading.active_count()
    monkeypatch.setattr(waiting, "_PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", stream)
    with waiting.waiting("Reading"):
        assert threading.active_count() == before
    assert stream is None or stream.getvalue() == ""


def test_where_there_are_no_threads_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(threading, "_start_new_thread", refuse)
    with waiting.waiting("Reading"):
        pass
    assert terminal.getvalue() == ""


def test_a_bar_takes_the_place_of_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(waiting, "_PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", terminal)
    with Jobs(2) as hands:
        hands.prepare(1)
        wait_for(lambda: terminal.getvalue() == "Reading …")
        assert list(hands.spread(doubled, range(30))) == doubled(range(30))
    before, _, after = terminal.getvalue().partition("\r" + 9 * " " + "\r")
    assert before == "Reading …"
    assert "Rendering" in after
    assert "Reading" not in after
