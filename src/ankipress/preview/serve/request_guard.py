"""Which requests are answered, and the headers of every answer.

Any page in the browser can send requests to this computer, and any host name on the web may resolve
to it. So only requests that name this server and come from its own pages are answered.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD"})
# Where an answer does not say otherwise, nothing in it may act when it is opened by itself.
_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Answers only requests to `hosts`, such as `127.0.0.1:8000`, that come from their pages.

    Frames without an origin may also read what begins with `for_frames`, an address that cannot be
    guessed.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        for_frames: str,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = frozenset(f"http://{host}" for host in hosts)
        self._for_frames = for_frames

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self._app
        refusal = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal:
            app = PlainTextResponse(f"ankipress: {refusal}\n", 403)
        await app(scope, receive, send_with_headers)

    def _refusal(
        self,
        method: str,
        path: str,
        headers: Headers,
    ) -> str:
        """Why a request is refused, empty for one that is answered."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return "this is not the host that was asked for"
        # Pictures and scripts of another page are asked for without an origin.
        is_part = headers.get("sec-fetch-mode") not in {None, "navigate"}
        is_foreign = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        if is_part and is_foreign and not path.startswith(self._for_frames):
            return "another page may not ask"
        origin = headers.get("origin")
        if origin in self._origins:
            return ""
        if origin is None and method not in _SAFE:
            return "a page must say where it comes from"
        is_frame = origin == "null" and path.startswith(self._for_frames)
        if method in _SAFE and (origin is None or is_frame):
            return ""
        return "another page may not ask"
