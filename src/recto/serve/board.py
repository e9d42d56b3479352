"""The view that is shown, and the pages that look at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from recto.serve.message import Display, Posted, change
from recto.serve.view import View

_WAITING = 100  # messages that a page may have left unread: one that sleeps for longer reads all anew


class Board:
    """Holds the current view, and tells every page what changes. It belongs to one event loop.

    `is_seen` is set when a page has all that it needs to show a card.
    """

    def __init__(self, display: Display) -> None:
        self.display = display
        self.posted = Posted(0, View())
        self.is_seen = asyncio.Event()
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._is_closed = False

    def show(self, view: View) -> None:
        """Show another view."""
        before, self.posted = self.posted, Posted(self.posted.number + 1, view)
        message = json.dumps(change(before, self.posted, self.display)) if self._pages else ""
        for page in self._pages:
            if page.qsize() < _WAITING:
                page.put_nowait(message)

    def close(self) -> None:
        """Let every page go."""
        self._is_closed = True
        for page in self._pages:
            page.put_nowait(None)

    async def messages(self) -> AsyncIterator[str]:
        """What changes from now on, until the board is closed."""
        page: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            while not self._is_closed and (message := await page.get()) is not None:
                yield message
        finally:
            self._pages.discard(page)
