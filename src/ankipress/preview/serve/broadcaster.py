"""The view that is shown, and the pages that look at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ankipress.preview.serve.messages import Display, NumberedView, change_payload

if TYPE_CHECKING:
    from ankipress.preview.serve.view import View

_DRAWING = 0.15  # seconds that a page takes to draw the first cards
# Messages that a page may have left unread: one that sleeps for longer reads all anew.
_MOST_UNREAD = 100


class Broadcaster:
    """Holds the current view, and tells every page what changes. It belongs to one event loop.

    `is_seen` is set when a page had the time to show a card.
    """

    def __init__(self) -> None:
        self.is_seen = asyncio.Event()
        self._current: NumberedView | None = None
        self._is_shown = asyncio.Event()
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._is_closed = False

    @property
    def listeners(self) -> int:
        """The number of pages that hear of changes."""
        return len(self._pages)

    async def current(self) -> NumberedView | None:
        """Wait for the first view and return the current one; None if it was closed before."""
        await self._is_shown.wait()
        return self._current

    def seen(self) -> None:
        """Note that a page was told what to show."""
        asyncio.get_running_loop().call_later(_DRAWING, self.is_seen.set)

    def show(self, view: View, display: Display) -> None:
        """Show another view. `display` gives a path of the project as its author sees it."""
        before = self._current
        if before is None:
            self._current = NumberedView(1, view, display)
            self._is_shown.set()
            return
        self._current = NumberedView(before.number + 1, view, display)
        # To compare two views of a large deck takes time that nobody asked for.
        if not self._pages:
            return
        message = json.dumps(change_payload(before, self._current))
        for page in self._pages:
            if page.qsize() < _MOST_UNREAD:
                page.put_nowait(message)

    def close(self) -> None:
        """Let every page go."""
        self._is_closed = True
        self._is_shown.set()
        for page in self._pages:
            page.put_nowait(None)

    @contextmanager
    def page(self) -> Iterator[AsyncIterator[str]]:
        """Give what changes from now on, until the broadcaster is closed."""
        unread: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.add(unread)
        try:
            yield self._messages(unread)
        finally:
            self._pages.discard(unread)

    async def _messages(self, unread: asyncio.Queue[str | None]) -> AsyncIterator[str]:
        while not self._is_closed:
            message = await unread.get()
            if message is None:
                return
            yield message
