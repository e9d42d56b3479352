"""Who may ask, and what every answer says.

Any page in the browser can send requests to this computer, and a name of the web may be made to
mean it. So only requests that name this server and come from its own pages are answered.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD"})
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What an answer says unless it says otherwise: nothing of it may act where it is opened by itself.
"""


class Guard:
    """Answers only to the names in `hosts`, such as `127.0.0.1:8000`, and to pages that were served
    under them.

    What begins with `for_frames`, an address that cannot be guessed, may also be shown by a frame
    without an origin.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], for_frames: str) -> None:
        self._app, self._hosts, self._for_frames = app, hosts, for_frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        app: ASGIApp = PlainTextResponse(f"ankipress: {refusal}\n", 403) if refusal else self._app

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, with_headers)

    def _refusal(self, method: str, path: str, headers: Headers) -> str:
        host, origin = headers.get("host", ""), headers.get("origin")
        if len(headers.getlist("host")) != 1 or host.lower() not in self._hosts:
            return "this is not the host that was asked for"
        if origin is None:
            return "" if method in _SAFE else "a page must say where it comes from"
        if origin == "null" and method in _SAFE and path.startswith(self._for_frames):
            return ""
        return (
            ""
            if origin in {f"http://{each}" for each in self._hosts}
            else "another page may not ask"
        )
