"""Work spread over processes: in order, shared by several tasks, and given up without a trace."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from ankipress.cli import jobs
from ankipress.cli.jobs import Jobs


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_FEWEST", 2)
    monkeypatch.setattr(jobs, "_BATCH", 3)
    monkeypatch.setattr(jobs, "_MUCH", 1)


@contextmanager
def hands_of(processes: int) -> Iterator[Jobs]:
    """So many processes, for something that is worth them."""
    with Jobs(processes) as hands:
        hands.prepare(1)
        yield hands
    assert not multiprocessing.active_children()


def doubled(numbers: Sequence[int]) -> list[str]:
    return [str(2 * number) for number in numbers]


def who(numbers: Sequence[int]) -> list[str]:
    return [str(os.getpid()) for _ in numbers]


def failing(numbers: Sequence[int]) -> list[str]:
    if 7 in numbers:
        raise ValueError("seven")
    return doubled(numbers)


def dying(numbers: Sequence[int]) -> list[str]:
    if multiprocessing.parent_process():
        os._exit(1)
    return doubled(numbers)


def late(numbers: Sequence[int]) -> list[str]:
    """All that others do is done after all that this process does."""
    if multiprocessing.parent_process():
        time.sleep(0.2)
    return doubled(numbers)


def leaving(_: Sequence[int]) -> list[str]:
    raise SystemExit(7)


class UnsendableError(Exception):
    def __reduce__(self) -> str:
        raise TypeError("no")


def unsendable(numbers: Sequence[int]) -> list[str]:
    if multiprocessing.parent_process():
        raise UnsendableError("only here")
    return doubled(numbers)


def echoed(texts: Sequence[str]) -> list[str]:
    return [text[::-1] for text in texts]


def expected(number: int) -> list[str]:
    return [str(2 * each) for each in range(number)]


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(processes: int) -> None:
    with hands_of(processes) as hands:
        assert list(hands.spread(doubled, range(20))) == expected(20)


def test_tasks_are_asked_for_in_any_order() -> None:
    with hands_of(2) as hands:
        first, second, empty = (
            hands.spread(doubled, range(10)),
            hands.spread(doubled, range(7)),
            hands.spread(doubled, []),
        )
        assert list(second) == expected(7)
        late = hands.spread(doubled, range(8))
        assert (list(first), list(late), list(empty)) == (expected(10), expected(8), [])


def test_what_waits_is_done_by_the_same_processes_of_which_this_is_one() -> None:
    with hands_of(3) as hands:
        first, second = hands.spread(who, range(60)), hands.spread(who, range(60))
        workers = {*second, *first}
    assert len(workers) == 3
    assert str(os.getpid()) in workers


def test_processes_end_as_soon_as_nothing_is_left_to_do() -> None:
    with hands_of(2) as hands:
        results = hands.spread(doubled, range(20))
        assert [next(results) for _ in range(20)] == expected(20)
        assert not multiprocessing.active_children()


def test_there_are_other_processes_and_no_threads() -> None:
    before = threading.active_count()
    with hands_of(3) as hands:
        results = hands.spread(doubled, range(3000))
        assert next(results) == "0"
        assert len(multiprocessing.active_children()) == 2
        assert threading.active_count() == before


@pytest.mark.parametrize(("size", "number"), [(0, 20), (1, 1)])
def test_what_is_not_worth_it_is_done_here(size: int, number: int) -> None:
    with Jobs(2) as hands:
        hands.prepare(size)
        assert {*hands.spread(who, range(number))} == {str(os.getpid())}


def test_nothing_goes_on_when_it_is_given_up() -> None:
    with hands_of(2) as hands:
        assert next(hands.spread(doubled, range(3000))) == "0"


def test_an_error_of_a_task_is_raised_here() -> None:
    with hands_of(2) as hands, pytest.raises(ValueError, match="seven"):
        list(hands.spread(failing, range(20)))


def test_a_task_that_leaves_is_as_if_it_had_been_done_here() -> None:
    with hands_of(2) as hands, pytest.raises(SystemExit):
        list(hands.spread(leaving, range(20)))


def test_an_error_that_cannot_be_sent_is_told() -> None:
    with hands_of(2) as hands, pytest.raises(RuntimeError, match="only here"):
        list(hands.spread(unsendable, range(20)))


def test_a_process_that_is_ended_from_outside_is_an_error_with_a_way_out() -> None:
    with (
        hands_of(2) as hands,
        pytest.raises(ChildProcessError, match="short of memory: `--jobs 1`"),
    ):
        list(hands.spread(dying, range(20)))


def test_however_much_is_said_nobody_waits_for_somebody_who_waits() -> None:
    """What is asked and what is answered are each many times what a socket holds."""
    texts = [chr(ord("a") + number) * 3_000_000 + "." for number in range(12)]
    with hands_of(2) as hands:
        assert list(hands.spread(echoed, texts)) == echoed(texts)


@pytest.mark.skipif(os.name == "nt", reason="select takes any socket of Windows")
def test_however_many_files_are_open_an_answer_is_waited_for() -> None:
    import resource  # noqa: PLC0415 - Windows has none

    before = soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < 2048:
        pytest.skip("this system allows few open files: NOT tested here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft if soft < 0 else max(soft, 2048), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]  # `select` knows 1024 of them
    try:
        with hands_of(2) as hands:
            assert list(hands.spread(late, range(20))) == expected(20)
    finally:
        for each in opened:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_that_are_started_anew_do_the_same(
    processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a system cannot fork."""
    monkeypatch.setattr(jobs, "_FORKS", False)
    with hands_of(processes) as hands:
        assert list(hands.spread(doubled, range(20))) == expected(20)
    with hands_of(processes) as hands, pytest.raises(ValueError, match="seven"):
        list(hands.spread(failing, range(20)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.parametrize(
    "allowed", [pytest.param(0, id="no process"), pytest.param(1, id="one process of two")]
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
    with hands_of(3) as hands:
        assert not multiprocessing.active_children()
        first, second = hands.spread(doubled, range(20)), hands.spread(who, range(20))
        assert list(first) == expected(20)
        assert {*second} == {str(os.getpid())}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
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
    with hands_of(2) as hands:
        assert list(hands.spread(doubled, range(20))) == expected(20)


def test_where_there_are_no_processes_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "multiprocessing", None)
    monkeypatch.delitem(sys.modules, "ankipress.cli.helper", raising=False)
    with hands_of(2) as hands:
        assert {*hands.spread(who, range(20))} == {str(os.getpid())}
