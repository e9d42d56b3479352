"""Runs the preview: a server, a watch on the files, and a build after each change."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette

from ankipress.diagnostics import Location
from ankipress.preview.serve.anki_desk import AnkiDesk
from ankipress.preview.serve.app import ServerConfig, make_app
from ankipress.preview.serve.broadcaster import Broadcaster
from ankipress.preview.serve.scheduler import Scheduler
from ankipress.preview.serve.watch import changes

if TYPE_CHECKING:
    # These import every stage, which takes as long as a browser takes to load the page.
    from ankipress.preview.serve.anki_states import AnkiBoard
    from ankipress.preview.serve.session import PreviewSession

OpenPlace = Callable[[Path, int, int], Awaitable[str | None]]
"""Opens an editor at a place: a file, a line and a column; gives a link instead, where it can."""

_FIRST = 1.0  # seconds at most until the rest is rendered after the first cards
_PATIENCE = 2  # seconds that open connections may take to end
_MOST_CONNECTIONS = 500
_SWITCH_INTERVAL = 0.001  # seconds, so that a build does not delay answers


def serve(
    begin: Callable[[], PreviewSession],
    listener: socket.socket,
    open_place: OpenPlace,
    open_board: Callable[[], AnkiBoard],
) -> None:
    """Serve the preview of a project until it is interrupted. `begin` reads the project while the
    page is being loaded, and `open_board` is called when a page wants to compare with Anki.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL)
    asyncio.run(_Preview(begin, open_place, open_board).run(listener))


def configured(app: Starlette) -> uvicorn.Config:
    """How the preview is served: with bounds on what is sent and on how many connections there
    are.
    """
    return uvicorn.Config(
        app,
        log_config=None,  # as the command line prints it
        log_level="error",
        access_log=False,
        lifespan="off",
        http="h11",  # it bounds the head of a request
        ws="none",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_PATIENCE,
    )


class _Server(uvicorn.Server):
    """A server that handles no signals: uvicorn would raise a second interrupt at its end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


class _Preview:
    def __init__(
        self,
        begin: Callable[[], PreviewSession],
        open_place: OpenPlace,
        open_board: Callable[[], AnkiBoard],
    ) -> None:
        self._begin = begin
        self._open_place = open_place
        self._desk = AnkiDesk(open_board)
        self._broadcaster = Broadcaster()
        self._session: PreviewSession | None = None
        self._scheduler: Scheduler | None = None
        self._stop = asyncio.Event()
        self._is_built = asyncio.Event()

    async def run(self, listener: socket.socket) -> None:
        port = listener.getsockname()[1]
        hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))
        app = make_app(self._broadcaster, ServerConfig(hosts, self._open, self._desk))
        server = _Server(configured(app))
        with _interrupts(self._stop):
            serving = asyncio.create_task(server.serve([listener]))
            following = asyncio.create_task(self._follow())
            advising = asyncio.create_task(self._advise())
            stopped = asyncio.create_task(self._stop.wait())
            # A task that fails stops the others.
            tasks = [serving, following, advising, stopped]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._stop.set()
            self._broadcaster.close()
            server.should_exit = True
            if self._scheduler:
                self._scheduler.stop()
            advising.cancel()
            with suppress(asyncio.CancelledError):
                await advising
            # The failure of one is not raised before the other has ended.
            await asyncio.wait([serving, following])
            await asyncio.gather(serving, following)

    async def _open(self, path: str, line: int, column: int) -> str | None:
        assert self._session, "no place is known before"
        workspace = self._session.workspace
        place = workspace.located(Location(path, line, column))
        return await self._open_place(workspace.root / path, place.line, place.column)

    async def _follow(self) -> None:
        """Show the first cards, build all, and again whenever a file was written."""
        session = await asyncio.to_thread(self._begin)

        def show() -> None:
            self._broadcaster.show(session.view, session.display)

        scheduler = Scheduler(session, show)
        self._session = session
        self._scheduler = scheduler
        show()
        if session.view.is_partial:
            # The first cards are shown sooner where nothing else is done meanwhile.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._broadcaster.is_seen.wait(), _FIRST)
            if self._stop.is_set():
                return
            await scheduler.saved()
        self._is_built.set()
        self._desk.open(session, scheduler)
        async for is_told in changes(session.workspace, self._stop):
            if is_told or await asyncio.to_thread(session.is_behind):
                await scheduler.saved()

    async def _advise(self) -> None:
        await self._is_built.wait()
        assert self._scheduler
        await self._scheduler.advise_when_idle()


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
