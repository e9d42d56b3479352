"""Runs the preview: a server, a watch on the files, and a build whenever one of them was written."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from ankipress.cli.editor import Editor
from ankipress.preview.serve.app import ServerConfig, make_app
from ankipress.preview.serve.broadcaster import Broadcaster
from ankipress.preview.serve.scheduler import Turns
from ankipress.preview.serve.watch import changes

if TYPE_CHECKING:
    from ankipress.preview.serve.session import (
        Live,
    )  # imports every stage, which takes as long as a browser takes to load the page

_FIRST = 1.0  # seconds at most until the rest is rendered after the first cards
_PATIENCE = 2  # seconds that answers get to end
_TURN = 0.001  # seconds that a thread that builds goes on while another one wants to answer


def serve(begin: Callable[[], Live], listener: socket.socket, editor: Editor) -> None:
    """Serve the preview of a project until it is interrupted. `begin` reads the project while the
    page is being loaded.
    """
    sys.setswitchinterval(_TURN)
    asyncio.run(_Preview(begin, editor).run(listener))


class _Server(uvicorn.Server):
    """A server that leaves the signals to us: its own handling would end in an interrupt once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


class _Preview:
    def __init__(self, begin: Callable[[], Live], editor: Editor) -> None:
        self._begin, self._editor = begin, editor
        self._board = Broadcaster()
        self._live: Live | None = None
        self._turns: Turns | None = None
        self._stop = asyncio.Event()
        self._is_built = asyncio.Event()

    async def run(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))
        app = make_app(self._board, ServerConfig(hosts, self._open))
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_PATIENCE,
        )
        server = _Server(config)
        with _interrupts(self._stop):
            tasks = [
                asyncio.create_task(server.serve([listener])),
                asyncio.create_task(self._follow()),
            ]
            settling = asyncio.create_task(self._settle())
            stopped = asyncio.create_task(self._stop.wait())
            # A task that fails ends all.
            await asyncio.wait([*tasks, settling, stopped], return_when=asyncio.FIRST_COMPLETED)
            self._stop.set()
            self._board.close()
            server.should_exit = True
            if self._turns:
                self._turns.stop()
            settling.cancel()
            with suppress(asyncio.CancelledError):
                await settling
            await asyncio.gather(*tasks)

    async def _open(self, path: str, line: int, column: int) -> str | None:
        assert self._live, "no place is known before"
        return await self._editor.open(self._live.workspace.root / path, line, column)

    async def _follow(self) -> None:
        """Show the first cards, build all, and again whenever a file was written."""
        self._live = live = await asyncio.to_thread(self._begin)
        self._turns = turns = Turns(live, lambda: self._board.show(live.view, live.display))
        self._board.show(live.view, live.display)
        if live.view.is_partial:
            # The first cards are shown sooner where nothing else is done meanwhile.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._board.is_seen.wait(), _FIRST)
            if self._stop.is_set():
                return
            await turns.build()
        await asyncio.to_thread(live.remember)
        self._is_built.set()
        async for is_told in changes(live.workspace, self._stop):
            if is_told or await asyncio.to_thread(live.is_behind):
                await turns.saved()

    async def _settle(self) -> None:
        await self._is_built.wait()
        assert self._turns
        await self._turns.settle()


@contextmanager
def _interrupts(stop: asyncio.Event) -> Iterator[None]:
    """Set `stop` when the process is told to end."""
    loop = asyncio.get_running_loop()

    def end(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
