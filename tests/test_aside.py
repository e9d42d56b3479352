"""Work in a thread of its own: waited for, with its errors, and done all the same where there can
be no thread.
"""

from __future__ import annotations

import threading
import zlib

import pytest

from ankipress.aside import aside
from ankipress.package.deflated import PIECE, deflate
from ankipress.scratch import Loaded


def _refuse(*_: object) -> int:
    raise RuntimeError("can't start new thread")


@pytest.fixture(params=[False, True], ids=["threads", "no threads"])
def _system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        monkeypatch.setattr(threading, "_start_new_thread", _refuse)


@pytest.mark.usefixtures("_system")
def test_the_work_is_done_when_it_was_waited_for() -> None:
    done: list[int] = []
    wait = aside(lambda: done.append(1))
    wait()
    wait()
    assert done == [1]


@pytest.mark.usefixtures("_system")
def test_an_error_is_raised_where_somebody_waits() -> None:
    def fail() -> None:
        raise MemoryError

    wait = aside(fail)
    with pytest.raises(MemoryError):
        wait()


@pytest.mark.usefixtures("_system")
def test_a_collection_is_compressed_with_and_without_threads() -> None:
    content = bytes(range(256)) * (3 * PIECE // 256)
    assert zlib.decompress(b"".join(deflate(Loaded(content)).pieces), -zlib.MAX_WBITS) == content
