"""Whose turn it is in the preview: an edit first, then a build of all, then advice. Nobody who
saves waits for the last two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

_BREATH = 0.1  # seconds after an edit was shown, which the page has to draw it
_IDLE = 0.4  # seconds without a save, after which there is time for advice


class Steps(Protocol):
    """What can be done for the page, each in a thread of its own; True where it shows what came of
    it.
    """

    def edit(self) -> bool:
        """Show what was edited, where that is certain without a build."""

    def build(self) -> bool:
        """Show all as it is now; False where an edit was shown meanwhile."""

    def advise(self, is_wanted: Callable[[], bool]) -> bool:
        """Show advice, and give up soon after it is not wanted any more."""


class Turns:
    """Takes the steps in turn. `show` is called when there is something to show."""

    def __init__(self, steps: Steps, show: Callable[[], None]) -> None:
        self._steps, self._show = steps, show
        self._saves = 0
        self._is_saved = asyncio.Event()
        self._is_shown = False

    async def saved(self) -> None:
        """A file was saved."""
        self._saves += 1
        self._is_shown = await asyncio.to_thread(self._steps.edit)
        if self._is_shown:
            self._show()
        self._is_saved.set()

    async def settle(self) -> None:
        """Advise on what is built, and build all and advise after each save, until it is cancelled."""
        while True:
            if not await self._is_saved_within(_IDLE):
                await self.advise()
                await self._is_saved.wait()
            if self._is_shown:
                await asyncio.sleep(_BREATH)
            self._is_saved.clear()
            if not await self.build():
                self._is_saved.set()

    async def build(self) -> bool:
        """Build all, and show it unless an edit was shown meanwhile."""
        is_newest = await asyncio.to_thread(self._steps.build)
        if is_newest:
            self._show()
        return is_newest

    async def advise(self) -> None:
        """Advise until the next save."""
        saves = self._saves
        if await asyncio.to_thread(self._steps.advise, lambda: saves == self._saves):
            self._show()

    def stop(self) -> None:
        """Nothing that takes long is wanted any more."""
        self._saves += 1

    async def _is_saved_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._is_saved.wait(), seconds)
        except TimeoutError:
            return False
        return True
