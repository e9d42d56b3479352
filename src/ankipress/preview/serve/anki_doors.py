"""The addresses by which a page compares with a running Anki, and sends to it.

What they do reaches another program and changes its collection. So the page must also name a token
that is written into it, which no other page can read.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ankipress.preview.serve.anki_desk import AnkiDesk, StalePlanError
from ankipress.preview.serve.anki_states import AnkiRefusalError
from ankipress.preview.serve.request_body import read_object

_HEADER = "x-ankipress-token"
Asked = Mapping[str, Any]
Answered = Mapping[str, Any]
_STALE: Answered = {
    "refusal": "the cards changed since this was shown",
    "help": "look again at what would happen",
    "lines": [],
}


class AnkiDoors:
    """Answers pages that know `token`."""

    def __init__(self, desk: AnkiDesk) -> None:
        self._desk = desk
        self.token = secrets.token_urlsafe(16)

    def routes(self) -> Sequence[Route]:
        """The addresses, which take nothing but POST."""
        return [
            Route("/anki/compare", self._compare, methods=["POST"]),
            Route("/anki/plan", self._plan, methods=["POST"]),
            Route("/anki/send", self._send, methods=["POST"]),
        ]

    async def _compare(self, request: Request) -> Response:
        async def compare(_: Asked) -> Answered:
            # What came of it is told to all pages.
            await self._desk.compare()
            return {}

        return await self._answer(request, compare)

    async def _plan(self, request: Request) -> Response:
        async def plan(_: Asked) -> Answered:
            number, lines = await self._desk.plan()
            return {"number": number, "lines": list(lines)}

        return await self._answer(request, plan)

    async def _send(self, request: Request) -> Response:
        async def send(asked: Asked) -> Answered:
            lines = await self._desk.send(asked.get("number"))
            return {"lines": list(lines)}

        return await self._answer(request, send)

    async def _answer(
        self,
        request: Request,
        act: Callable[[Asked], Awaitable[Answered]],
    ) -> Response:
        """Act on what a page sent, or tell why Anki does not."""
        self._require_token(request)
        asked = await read_object(request)
        try:
            answered = await act(asked)
        except StalePlanError:
            answered = _STALE
        except AnkiRefusalError as error:
            lines = list(error.lines)
            answered = {"refusal": str(error), "help": error.help, "lines": lines}
        return JSONResponse(answered)

    def _require_token(self, request: Request) -> None:
        """Raise the answer 403 to who does not know the token."""
        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise HTTPException(403)
