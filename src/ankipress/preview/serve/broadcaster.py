"""The view that is shown, and the pages that look at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from ankipress.preview.serve.messages import Display, Posted, change

if TYPE_CHECKING:
    from ankipress.preview.serve.view import View

_DRAWING = 0.15  # seconds that a page takes to draw the first cards
_WAITING = (
    100  # messages that a page may have left unread: one that sleeps for longer reads all anew
)


class Board:
    """Holds the current view, and tells every page what changes. It belongs to one event loop.

    `is_seen` is set when a page had the time to show a card.
    """

    def __init__(self) -> None:
        self.is_seen = asyncio.Event()
        self._posted: Posted | None = None
        self._is_shown = asyncio.Event()
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._is_closed = False

    async def posted(self) -> Posted | None:
        """What is shown, as soon as there is something; None where the board was closed before."""
        await self._is_shown.wait()
        return self._posted

    def seen(self) -> None:
        """A page was told what to show."""
        asyncio.get_running_loop().call_later(_DRAWING, self.is_seen.set)

    def show(self, view: View, display: Display) -> None:
        """Show another view. `display` gives a path of the project as its author sees it."""
        before, self._posted = (
            self._posted,
            Posted(self._posted.number + 1 if self._posted else 1, view, display),
        )
        self._is_shown.set()
        if before and self._pages:
            message = json.dumps(change(before, self._posted))
            for page in self._pages:
                if page.qsize() < _WAITING:
                    page.put_nowait(message)

    def close(self) -> None:
        """Let every page go."""
        self._is_closed = True
        self._is_shown.set()
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
