"""A function in a process of its own ends within its limits and with its parent."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ankipress.project.limited_process import FailedChildError, LimitError, Limits, run_limited

LIMITS = Limits(seconds=20, memory=1024**3, answer=1_000_000)
TESTS = Path(__file__).parent
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"text and ")
    return path


def test_the_function_gets_the_file_and_the_words(file: Path) -> None:
    assert run_limited("hanging:fine", LIMITS, file, "größe", "x") == "text and größe x".encode()
    assert run_limited("hanging:fine", LIMITS, None) == b""


def test_the_folder_that_ankipress_runs_in_is_no_place_of_modules(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ankipress", "signal", "msgspec", "zipfile", "hanging"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run_limited("hanging:fine", LIMITS, file) == b"text and "


@on_posix
@pytest.mark.parametrize(
    ("function", "limits", "message"),
    [
        pytest.param(
            "sleep", LIMITS._replace(seconds=1), "it takes longer than 3 seconds", id="clock"
        ),
        pytest.param("fill", LIMITS, "it takes more than 1 GB of memory", id="memory"),
        pytest.param("chatter", LIMITS, "more than 0.954 MB come out of it", id="answer"),
        pytest.param("crash", LIMITS, "the process that read it was ended", id="crash"),
    ],
)
def test_each_limit_ends_it(function: str, limits: Limits, message: str) -> None:
    with pytest.raises(LimitError, match=message):
        run_limited(f"hanging:{function}", limits, None)


def test_the_clock_ends_it_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent's own limit, without those that the process sets itself."""
    monkeypatch.setattr(Limits, "clock_seconds", 1)
    start = time.monotonic()
    with pytest.raises(LimitError, match="it takes longer than 1 second"):
        run_limited("hanging:sleep", LIMITS, None)
    assert time.monotonic() - start < 30


@on_posix
def test_the_time_of_the_processor_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "clock_seconds", 200)  # however busy the machine is
    with pytest.raises(LimitError, match="it takes longer than 1 second"):
        run_limited("hanging:search", LIMITS._replace(seconds=1), None)


@on_posix
def test_it_writes_no_file_unless_it_may(tmp_path: Path) -> None:
    target = str(tmp_path / "new")
    assert run_limited("hanging:write", LIMITS, None, target) == b"refused"
    limits = LIMITS._replace(file_size=1000)
    assert run_limited("hanging:write", limits, None, target) == b"written"


def test_what_it_should_not_raise_is_a_bug() -> None:
    with pytest.raises(FailedChildError, match="LookupError: nobody thought of this"):
        run_limited("hanging:fail", LIMITS, None)
    with pytest.raises(FailedChildError, match="status 1"):
        run_limited("no_module:name", LIMITS, None)


PARENT = """
import signal, sys
from ankipress.cli.main import terminate
from ankipress.project.limited_process import Limits, run_limited
signal.signal(signal.SIGTERM, terminate)
run_limited("hanging:search", Limits({seconds}, 1024**3, 1000), None, sys.argv[1])
"""


@on_linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
@pytest.mark.parametrize("wait", [0.0, 0.02, 0.3], ids=["at once", "starting", "working"])
def test_a_signal_ends_both_processes_at_once(
    number: signal.Signals, wait: float, tmp_path: Path
) -> None:
    mark = f"{tmp_path.name}-{number}-{wait}"
    parent = started(mark, seconds=30)
    time.sleep(wait)
    start = time.monotonic()
    parent.send_signal(number)
    assert parent.wait(20) != 0
    assert time.monotonic() - start < 10
    assert running(mark) == []


@on_linux
def test_without_its_parent_it_ends_by_itself(tmp_path: Path) -> None:
    mark = f"{tmp_path.name}-killed"
    parent = started(mark, seconds=2)
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running(mark) == []


def started(mark: str, seconds: int) -> subprocess.Popen[bytes]:
    """A process whose child works for years, and the child is started."""
    script = PARENT.format(seconds=seconds)
    parent = subprocess.Popen(
        [sys.executable, "-c", script, mark], cwd=TESTS, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 20
    while len(running(mark)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(running(mark)) == 2
    return parent


def running(mark: str) -> list[str]:
    """The processes that have a word in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has ended
            continue
        if mark in words:
            found.append(path.parent.name)
    return found
