"""Runs the preview: a server, a watch on the files, and a build whenever one of them was written."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn

from recto.cli.editor import Editor
from recto.cli.live import Live
from recto.cli.watch import changes
from recto.serve import Board, Doors, View, make_app

_IDLE = 0.4  # seconds without a change, after which there is time for advice
_FIRST = 1.0  # seconds at most until the rest is rendered after the first cards
_PATIENCE = 2  # seconds that answers get to end


def serve(live: Live, listener: socket.socket, editor: Editor) -> None:
    """Serve the preview of a project until it is interrupted."""
    asyncio.run(_Preview(live, editor).run(listener))


class _Server(uvicorn.Server):
    """A server that leaves the signals to us: its own handling would end in an interrupt once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


class _Preview:
    def __init__(self, live: Live, editor: Editor) -> None:
        self._live, self._editor = live, editor
        self._board = Board(live.display)
        self._board.show(live.view)
        self._stop = asyncio.Event()
        self._advising: asyncio.Task[None] | None = None
        self._building = asyncio.Lock()

    async def run(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))
        app = make_app(self._board, Doors(hosts, self._open))
        config = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=_PATIENCE
        )
        server = _Server(config)
        with _interrupts(self._stop):
            tasks = [asyncio.create_task(server.serve([listener])), asyncio.create_task(self._follow())]
            stopped = asyncio.create_task(self._stop.wait())
            # A task that fails ends all.
            await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            self._stop.set()
            self._board.close()
            server.should_exit = True
            if self._advising:
                self._advising.cancel()
            await asyncio.gather(*tasks)

    async def _open(self, path: str, line: int, column: int) -> str | None:
        return await self._editor.open(self._live.workspace.root / path, line, column)

    async def _follow(self) -> None:
        """Build at first what was only looked at, then whenever a file was written."""
        if self._live.view.is_partial:
            # The first cards are shown sooner where nothing else is done meanwhile.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._board.is_seen.wait(), _FIRST)
            await self._do(self._live.build)
        await asyncio.to_thread(self._live.remember)
        self._advise_soon()
        async for is_told in changes(self._live.workspace, self._stop):
            if is_told or await asyncio.to_thread(self._live.is_behind):
                await self._do(self._live.build)
                self._advise_soon()

    async def _do(self, step: Callable[[], View]) -> None:
        async with self._building:
            view = await asyncio.to_thread(step)
            self._board.show(view)

    def _advise_soon(self) -> None:
        if self._advising:
            self._advising.cancel()
        self._advising = asyncio.create_task(self._advise())

    async def _advise(self) -> None:
        await asyncio.sleep(_IDLE)
        await asyncio.shield(self._do(self._live.advise))


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
