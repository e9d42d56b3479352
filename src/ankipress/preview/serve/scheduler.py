"""When the preview builds and when it looks for advice: a build after each save, advice when nobody
has saved for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

_IDLE = 0.4  # seconds without a save, after which there is time for advice


class Steps(Protocol):
    """What the scheduler runs, each step in a thread."""

    def build(self) -> None:
        """Build the view of what is on disk now."""

    def advise(self, is_wanted: Callable[[], bool]) -> bool:
        """Add advice to the view. Return False if it was not wanted any more."""

    def compare(self) -> bool:
        """Compare the view with what Anki had. Return False if nothing differs by that."""


class Scheduler:
    """Takes the steps in turn. `show` is called when there is something to show."""

    def __init__(self, steps: Steps, show: Callable[[], None]) -> None:
        self._steps = steps
        self._show = show
        self._saves = 0
        self._is_saved = asyncio.Event()
        self._is_free = asyncio.Lock()

    async def saved(self) -> None:
        """A file was saved: build, and show what came of it."""
        self._saves += 1  # advice that is being looked for is not wanted any more
        async with self._is_free:
            await asyncio.to_thread(self._steps.build)
        self._show()
        self._is_saved.set()
        await self.compare()

    async def compare(self) -> None:
        """Compare with what Anki had when it was asked, and show what came of it."""
        async with self._is_free:
            is_shown = await asyncio.to_thread(self._steps.compare)
        if is_shown:
            self._show()

    async def advise_when_idle(self) -> None:
        """Look for advice now and whenever there is time after a save, until it is cancelled."""
        while True:
            self._is_saved.clear()
            if not await self._is_saved_within(_IDLE):
                await self._advise()
                await self._is_saved.wait()

    async def _advise(self) -> None:
        saves = self._saves
        async with self._is_free:
            is_shown = await asyncio.to_thread(self._steps.advise, lambda: saves == self._saves)
        if is_shown:
            self._show()

    def stop(self) -> None:
        """Give up looking for advice."""
        self._saves += 1

    async def _is_saved_within(self, seconds: float) -> bool:
        try:
            # Before Python 3.12, wait_for loses a cancellation that comes with the save.
            async with asyncio.timeout(seconds):
                await self._is_saved.wait()
        except TimeoutError:
            return False
        return True
