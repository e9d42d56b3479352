"""What the page asks of a running Anki, done one thing after another.

Nothing is asked of Anki before a page does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from ankipress.preview.serve.anki_states import (
    AnkiBoard,
    AnkiRefusalError,
    AskedAnki,
    SendingPlan,
)
from ankipress.project.clock import now

if TYPE_CHECKING:
    # These import every stage, and nothing may delay the page.
    from ankipress.build.compilation import CompiledProject
    from ankipress.preview.serve.scheduler import Scheduler
    from ankipress.preview.serve.session import PreviewSession


class StalePlanError(Exception):
    """What was planned is not what would happen now."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """What a page was told that would happen, and the project as it was then."""

    number: int
    found: CompiledProject
    plan: SendingPlan


class AnkiDesk:
    """Asks a board for the pages. It belongs to one event loop. `open_board` is called when a page
    asks first.
    """

    def __init__(self, open_board: Callable[[], AnkiBoard]) -> None:
        self._board = cache(open_board)
        self._is_free = asyncio.Lock()
        self._is_open = asyncio.Event()
        self._shown: tuple[PreviewSession, Scheduler] | None = None
        self._planned: _Planned | None = None
        self._plans = 0

    def open(self, session: PreviewSession, scheduler: Scheduler) -> None:
        """Begin to answer, now that all cards of a project are there."""
        self._shown = session, scheduler
        self._is_open.set()

    async def compare(self) -> None:
        """Read what Anki has now, and show how it compares; or show why it does not answer."""
        async with self._is_free:
            await self._compare()

    async def plan(self) -> tuple[int, Sequence[str]]:
        """The number of a plan, and what sending the project would do.

        Raises AnkiRefusalError, and StalePlanError where the project cannot be read.
        """
        async with self._is_free:
            session, _ = await self._opened()
            found = session.found
            self._planned = None
            if found is None:
                raise StalePlanError
            plan = await asyncio.to_thread(lambda: self._board().plan(found))
            self._plans += 1
            self._planned = _Planned(self._plans, found, plan)
            return self._plans, plan.lines

    async def send(self, number: object) -> Sequence[str]:
        """Do what was planned last, and compare again.

        Raises AnkiRefusalError, and StalePlanError where that is another plan, or the project was
        edited since.
        """
        async with self._is_free:
            session, _ = await self._opened()
            planned = self._planned
            self._planned = None
            if planned is None or planned.number != number or planned.found is not session.found:
                raise StalePlanError
            try:
                return await asyncio.to_thread(planned.plan.send)
            finally:
                await self._compare()

    async def _opened(self) -> tuple[PreviewSession, Scheduler]:
        await self._is_open.wait()
        assert self._shown
        return self._shown

    async def _compare(self) -> None:
        session, scheduler = await self._opened()
        found = session.found
        # The page says already that the project cannot be read.
        if found is None:
            return
        asked = await asyncio.to_thread(self._asked, found, session.asked)
        session.take_asked(asked)
        await scheduler.compare()

    def _asked(self, found: CompiledProject, before: AskedAnki) -> AskedAnki:
        """Read what Anki has. Where it does not answer, what it had before stays."""
        time = now()
        try:
            return AskedAnki(self._board().read(found), time)
        except AnkiRefusalError as error:
            return replace(before, refusal=str(error), help=error.help)
