"""Another process that does one thing after another for this one.

What is asked of it and what it answers go through a socket of which this end never waits: so
neither of the two can wait for the other while that waits for it, and no thread is needed, which
would wait for its turn whenever this process has something to do.
"""

from __future__ import annotations

import gc
import os
import pickle
import selectors
import signal
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, BaseSelector
from typing import TYPE_CHECKING, Any

from ankipress.work import Task

if TYPE_CHECKING:
    from multiprocessing.context import ForkContext, SpawnContext

_LENGTH = struct.Struct("!Q")
_CHUNK = 2**18  # bytes
# One that takes any number of open files, where the system has it, and opens none itself.
_Selector: type[BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
_IN_HAND = 2  # things that it has: the one that it does, and the next


class EndedError(ChildProcessError):
    """The process is no more."""

    def __init__(self) -> None:
        super().__init__(
            "a process of ankipress was ended, as by a system that is short of memory: `--jobs 1` takes less"
        )


class Helper:
    """Such a process. Raises OSError where the system lets this one have no more."""

    def __init__(self, context: ForkContext | SpawnContext, others: Sequence[Helper]) -> None:
        self.connection, theirs = socket.socketpair()
        # A process that is forked has all that this one has open, and must not keep the others, or
        # itself, waiting for its end.
        inherited = (
            [self.connection, *(each.connection for each in others)]
            if context.get_start_method() == "fork"
            else []
        )
        self._process = context.Process(
            target=_serve, args=(theirs, inherited, os.getpid()), daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self.connection.settimeout(0)
        self._asked: deque[Any] = deque()
        self._to_send, self._received = bytearray(), bytearray()

    @property
    def is_free(self) -> bool:
        """Whether it can be asked for more."""
        return len(self._asked) < _IN_HAND

    def ask(self, name: object, task: Task, items: Sequence[Any]) -> None:
        """Have a task done. What comes of it will be known by a name."""
        self._asked.append(name)
        self._to_send += _framed((task, items))
        self._send()

    def answers(self) -> Iterator[tuple[Any, Sequence[str]]]:
        """What has come of it since, by name. Raises what a task raised, or EndedError."""
        self._send()
        self._receive()
        while self._asked and (message := self._message()) is not None:
            # From a process that this one started.
            is_result, value = pickle.loads(message)  # noqa: S301
            if not is_result:
                raise value
            yield self._asked.popleft(), value

    def close(self) -> None:
        """End it, whatever it does."""
        self.connection.close()
        self._process.kill()
        self._process.join()

    def _send(self) -> None:
        with suppress(BlockingIOError):
            while self._to_send:
                try:
                    del self._to_send[: self.connection.send(self._to_send)]
                except (BrokenPipeError, ConnectionError):
                    raise EndedError from None

    def _receive(self) -> None:
        with suppress(BlockingIOError):
            while True:
                try:
                    content = self.connection.recv(_CHUNK)
                except ConnectionError:
                    content = b""
                if not content:
                    raise EndedError
                self._received += content

    def _message(self) -> bytes | None:
        """The next message that is there as a whole."""
        if len(self._received) < _LENGTH.size:
            return None
        end = _LENGTH.size + _LENGTH.unpack_from(self._received)[0]
        if len(self._received) < end:
            return None
        message = bytes(self._received[_LENGTH.size : end])
        del self._received[:end]
        return message

    def fileno(self) -> int:
        """Where the system tells that it has answered."""
        return self.connection.fileno()

    @property
    def is_sending(self) -> bool:
        """Whether it has not taken yet all that it was asked."""
        return bool(self._to_send)


def wait_for(helpers: Sequence[Helper]) -> None:
    """Wait until one of some helpers has answered, or takes more of what it is asked."""
    with _Selector() as selector:
        for each in helpers:
            selector.register(each, EVENT_READ | (EVENT_WRITE if each.is_sending else 0))
        selector.select()


def _framed(value: object) -> bytes:
    message = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(message)) + message


def _serve(connection: socket.socket, inherited: Sequence[socket.socket], parent: int) -> None:
    """Do what is asked until nobody can ask any more. An interrupt ends the process that started
    this one, and that this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    for each in inherited:
        each.close()
    if os.name != "nt":
        with suppress(
            RuntimeError
        ):  # where there are no more threads, it ends when it has done what it is at
            threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    gc.freeze()
    with suppress(ConnectionError, EOFError), connection:
        while True:
            (length,) = _LENGTH.unpack(_read(connection, _LENGTH.size))
            connection.sendall(_answer(_read(connection, length)))
    os._exit(0)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _answer(message: bytes) -> bytes:
    """What comes of a task, or what it raised."""
    try:
        task, items = pickle.loads(message)  # noqa: S301 - from the process that started this one
        return _framed((True, task(items)))
    except BaseException as error:  # noqa: BLE001 - raised where somebody waits for it
        try:
            return _framed((False, error))
        except Exception:  # noqa: BLE001 - not all that is raised can be sent
            return _framed((False, RuntimeError(repr(error))))


def _read(connection: socket.socket, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        more = connection.recv(min(_CHUNK, length - len(content)))
        if not more:
            raise EOFError
        content += more
    return bytes(content)
