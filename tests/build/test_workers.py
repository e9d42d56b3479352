"""Work spread over processes: in order, and given up without a trace."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from ankipress.build import workers
from ankipress.build.workers import WorkerEndedError, run_in_processes
from ankipress.cli.main import run
from killing import is_alive, wait_for

FORKS = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks: NOT tested here")
ITEMS = range(60)


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    assert not multiprocessing.active_children()


def doubled(number: int) -> int:
    return 2 * number


DOUBLED = [2 * number for number in ITEMS]


def who(_: int) -> int:
    return os.getpid()


def slow_at_first(number: int) -> int:
    """The first results come last."""
    time.sleep(0.2 if number < 2 else 0)
    return 2 * number


def failing(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return 2 * number


def leaving(_: int) -> int:
    raise SystemExit(7)


def dying(number: int) -> int:
    if multiprocessing.parent_process() and number == 7:
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    return 2 * number


def reversed_text(text: str) -> str:
    return text[::-1]


class UnsendableError(Exception):
    def __reduce__(self) -> str:
        raise TypeError("no")


def unsendable(_: int) -> int:
    raise UnsendableError("only here")


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("function", [doubled, slow_at_first])
def test_results_come_in_the_order_of_the_items(jobs: int, function: Callable[[int], int]) -> None:
    assert list(run_in_processes(jobs, function, ITEMS)) == DOUBLED


def test_the_work_is_done_by_other_processes() -> None:
    found = {*run_in_processes(2, who, ITEMS)}
    assert os.getpid() not in found
    assert 1 <= len(found) <= 2


@pytest.mark.parametrize(
    ("jobs", "number"), [pytest.param(1, 60, id="one job"), pytest.param(8, 19, id="few items")]
)
def test_what_is_not_worth_it_is_done_here(jobs: int, number: int) -> None:
    assert {*run_in_processes(jobs, who, range(number))} == {os.getpid()}
    assert list(run_in_processes(jobs, doubled, [])) == []


def test_nothing_goes_on_when_it_is_given_up() -> None:
    results = run_in_processes(2, doubled, range(3000))
    assert next(results) == 0
    assert multiprocessing.active_children()
    results.close()  # type: ignore[attr-defined]


def test_an_error_of_a_task_is_raised_here() -> None:
    with pytest.raises(ValueError, match="seven"):
        list(run_in_processes(2, failing, ITEMS))


def test_an_error_that_cannot_be_sent_is_an_error() -> None:
    with pytest.raises(Exception, match="no"):
        list(run_in_processes(2, unsendable, ITEMS))


def test_a_task_that_leaves_is_as_if_it_had_been_done_here() -> None:
    with pytest.raises(SystemExit):
        list(run_in_processes(2, leaving, ITEMS))


def test_a_process_that_is_ended_from_outside_is_one_error_that_says_what_to_do() -> None:
    with pytest.raises(WorkerEndedError, match="short of memory: `--jobs 1`"):
        list(run_in_processes(2, dying, ITEMS))


def test_however_much_is_said_nobody_waits_for_somebody_who_waits() -> None:
    """What is asked and what is answered are each many times what a pipe holds."""
    texts = [chr(ord("a") + number) * 500_000 + "." for number in range(24)]
    assert list(run_in_processes(2, reversed_text, texts)) == [text[::-1] for text in texts]


@FORKS
def test_processes_that_are_started_anew_do_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a system cannot fork."""
    monkeypatch.setattr(workers, "_START", "spawn")
    assert list(run_in_processes(2, partial(int.__mul__, 2), ITEMS)) == DOUBLED


@FORKS
@pytest.mark.parametrize(
    "allowed", [pytest.param(0, id="no process"), pytest.param(1, id="one process of three")]
)
def test_where_the_system_allows_no_more_processes_the_work_is_done_here(
    allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.fork, [None] * allowed

    def fork() -> int:
        if not left:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        left.pop()
        return real()

    monkeypatch.setattr(os, "fork", fork)
    assert {*run_in_processes(3, who, ITEMS)} == {os.getpid()}


def test_where_there_are_no_semaphores_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on systems without shared memory."""

    def refuse(*_: object, **__: object) -> None:
        raise ImportError("this platform lacks a functioning sem_open implementation")

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", refuse)
    assert {*run_in_processes(3, who, ITEMS)} == {os.getpid()}


@FORKS
def test_a_process_that_is_being_forked_answers_no_interrupt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = os.fork

    def fork() -> int:
        if child := real():
            return child
        try:
            os.kill(os.getpid(), signal.SIGINT)  # as the keys do to all processes at once
            sum(range(1000))
        except KeyboardInterrupt:
            os._exit(1)
        return 0

    monkeypatch.setattr(os, "fork", fork)
    assert list(run_in_processes(2, doubled, ITEMS)) == DOUBLED


# Processes that are ended


PROGRAM = """
import signal, sys
sys.path.insert(0, sys.argv[1])
from ankipress.build.workers import run_in_processes
from killing import report_and_wait

def stop(*_):
    raise SystemExit(143)

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, stop)
try:
    list(run_in_processes(2, report_and_wait, [sys.argv[2]] * 1000))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX: NOT tested on Windows")
@pytest.mark.parametrize("to_all", [False, True], ids=["to one process", "to all of them"])
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_no_process_is_left_after_a_signal(
    number: signal.Signals, status: int, to_all: bool, tmp_path: Path
) -> None:
    tests = str(Path(__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, tests, str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
        if to_all:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        try:
            said = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    assert (process.returncode, said) == (status, "")
    assert wait_for(lambda: not any(is_alive(int(path.name)) for path in tmp_path.iterdir()))


HANDING_OUT = PROGRAM.replace(
    "try:",
    """
class Items(list):
    def __iter__(self):
        for number, item in enumerate(super().__iter__()):
            if number == 500:
                os.kill(os.getpid(), int(sys.argv[3]))
            yield item

try:""",
).replace("[sys.argv[2]] * 1000", "Items([sys.argv[2]] * 1000)")


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX: NOT tested on Windows")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_no_process_is_left_after_a_signal_while_work_is_handed_out(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    tests = str(Path(__file__).parents[1])
    command = [
        sys.executable,
        "-c",
        f"import os\n{HANDING_OUT}",
        tests,
        str(tmp_path),
        str(int(number)),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (status, "")
    assert wait_for(lambda: not any(is_alive(int(path.name)) for path in tmp_path.iterdir()))


# Builds


CARDS = "# Deck\n\n" + "".join(
    f"## What is {number}?\n\nIt is `{number}`.\n\n```python\nx = {number}\n```\n\n"
    for number in range(110)
)
PROBLEM = "## What is {}?\n\n```pyhton\nx\n```\n\n"


@contextmanager
def as_large() -> Iterator[None]:
    """As if cards were compiled in batches of five: so few are worth processes then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ankipress.build.cards._BATCH", 5)
        yield


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = CARDS + PROBLEM.format("wrong") + CARDS.replace("What is", "Is it") + PROBLEM.format("x")
    (tmp_path / "cards.md").write_text(text, encoding="utf-8")
    (tmp_path / "ankipress.toml").write_text('name = "d"\nuid = "deck-1234"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return tmp_path


def test_any_number_of_jobs_makes_the_same_bytes_and_says_the_same(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = set()
    for jobs in ("1", "2", "5"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(deck / f"cache {jobs}"))
        monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(deck / f"cache {jobs}"))
        for name in ("ankipress.lock", "build/d-0.1.0.apkg"):
            (deck / name).unlink(missing_ok=True)
        with as_large():
            assert run(["build", "--jobs", jobs]) == 0
        said = capsys.readouterr()
        package = (deck / "build/d-0.1.0.apkg").read_bytes()
        found.add(((deck / "ankipress.lock").read_bytes(), package, said.out, said.err))
    assert len(found) == 1
    [(_, _, _, err)] = found
    assert err.count("warning[unknown-language]") == 2


def test_a_worker_that_is_ended_is_one_clear_error(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ankipress.build.cards._compile_batch", _die)
    with as_large():
        assert run(["build", "--jobs", "2"]) == 1
    assert capsys.readouterr().err == (
        "error[system-error]: a process of ankipress was ended, as by a system that is"
        " short of memory: `--jobs 1` takes less\n"
    )
    assert not (deck / "ankipress.lock").exists()
    assert [path for path in deck.rglob("*") if path.name.endswith(".tmp")] == []


def _die(*_: object) -> list[bytes]:
    os._exit(1)
