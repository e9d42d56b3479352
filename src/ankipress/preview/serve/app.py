"""The addresses of the preview."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import posixpath
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from ankipress.preview.serve.anki_desk import AnkiDesk
from ankipress.preview.serve.anki_doors import AnkiDoors
from ankipress.preview.serve.broadcaster import Broadcaster
from ankipress.preview.serve.messages import (
    NumberedView,
    full_payload,
    partial_payload,
    style_sheet,
)
from ankipress.preview.serve.request_body import read_object
from ankipress.preview.serve.request_guard import Guard

if TYPE_CHECKING:
    from ankipress.preview.serve.view import View

_T = TypeVar("_T")
_MOST_KEYS = 200  # cards that are asked for at once
_LONGEST = 10_000  # characters of an answer that is compared
_MOST_LISTENERS = 64  # pages that hear of changes at once
_PAGE = files("ankipress.preview.serve") / "page"
_PARTS: dict[str, Traversable] = {
    "page.css": _PAGE / "page.css",
    "page.js": _PAGE / "page.js",
    "anki.js": _PAGE / "anki.js",
    "list.js": _PAGE / "list.js",
    "frames.js": _PAGE / "frames.js",
    "filters.js": _PAGE / "filters.js",
    "mathematics.js": _PAGE / "mathematics.js",
    "mathjax.js": files("ankipress.preview") / "mathjax" / "tex-svg-full.js",
}
# Browsers refuse scripts of another type, and the system may be set up to have one.
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'nonce-{nonce}';"
    " connect-src 'self'; frame-src 'self'; img-src 'self' data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
# The frame has no origin of its own, so what it may load is named by the address of this server.
_FRAME_POLICY = (
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src {media} data:;"
    " media-src {media}; font-src data:; base-uri {server}; form-action 'none';"
    " frame-ancestors 'self'"
)
_MATHEMATICS_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """The names that the server answers to, and how it opens a place in an editor.

    `open_place` takes a path of the project, a line and a column, and returns the link that the
    page must follow, or None where an editor was started. `desk` asks a running Anki.
    """

    hosts: frozenset[str]
    open_place: Callable[[str, int, int], Awaitable[str | None]]
    desk: AnkiDesk


def make_app(broadcaster: Broadcaster, config: ServerConfig) -> Starlette:
    """The preview of what a broadcaster shows."""
    pages = _Pages(broadcaster, config)
    routes = [
        Route("/", pages.page),
        Route("/frame", pages.frame),
        Route("/mathematics", pages.mathematics),
        Route("/deck", pages.deck),
        Route("/cards", pages.cards),
        Route("/events", pages.events),
        Route("/style/{name}", pages.style),
        Route("/compare", pages.compare, methods=["POST"]),
        Route("/open", pages.open, methods=["POST"]),
        Route(f"{pages.media_folder}{{name}}", pages.media),
        Route("/part/{name}", pages.part),
        Route("/favicon.ico", lambda _: Response(status_code=204)),
        *pages.anki.routes(),
    ]
    guard = Middleware(Guard, hosts=config.hosts, for_frames=pages.media_folder)
    return Starlette(routes=routes, middleware=[guard])


class _Pages:
    def __init__(self, broadcaster: Broadcaster, config: ServerConfig) -> None:
        self._broadcaster = broadcaster
        self._config = config
        self._boot = secrets.token_urlsafe(8)
        # Frames have no origin that could be checked, so this address cannot be guessed.
        self.media_folder = f"/media/{secrets.token_urlsafe(16)}/"
        self.anki = AnkiDoors(config.desk)

    async def page(self, _: Request) -> Response:
        return _html("page.html", _PAGE_POLICY, token=self.anki.token)

    async def frame(self, request: Request) -> Response:
        server = f"http://{request.headers['host']}"
        media = f"{server}{self.media_folder}"
        # Without an origin it gets no script from a server either, so they stand in it.
        scripts = {name: _page_text(f"{name}.js") for name in ("occlusion", "frame")}
        return _html("frame.html", _FRAME_POLICY, server=server, media=media, **scripts)

    async def mathematics(self, _: Request) -> Response:
        return _html("mathematics.html", _MATHEMATICS_POLICY)

    async def _current(self) -> NumberedView:
        current = await self._broadcaster.current()
        if current is None:
            raise HTTPException(503)
        return current

    async def _view(self) -> View:
        return (await self._current()).view

    async def deck(self, _: Request) -> Response:
        current = await self._current()
        self._broadcaster.seen()
        return JSONResponse(full_payload(current))

    async def cards(self, request: Request) -> Response:
        keys = request.query_params.getlist("key")[:_MOST_KEYS]
        return JSONResponse(partial_payload(await self._view(), keys))

    async def events(self, _: Request) -> Response:
        await self._current()
        if self._broadcaster.listeners >= _MOST_LISTENERS:
            raise HTTPException(429)

        async def stream() -> AsyncIterator[str]:
            # It listens before it is told the number: no change between the two may be missed.
            with self._broadcaster.page() as messages:
                # A page of an earlier server must know that this is not the same one.
                number = (await self._current()).number
                hello = json.dumps({"boot": self._boot, "number": number})
                yield f"retry: 500\nevent: hello\ndata: {hello}\n\n"
                async for message in messages:
                    yield f"data: {message}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def style(self, request: Request) -> Response:
        view = await self._view()
        css = _found(style_sheet(view, request.path_params["name"]))
        return PlainTextResponse(css, media_type="text/css")

    async def media(self, request: Request) -> Response:
        name = request.path_params["name"]
        file = _found((await self._view()).media.get(name))
        try:
            content = await asyncio.to_thread(file.read)
        except OSError:  # it is another file by now, and the page will be told
            raise HTTPException(404) from None
        # The guard adds a policy by which a drawing cannot act when it is opened by itself.
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _ranged(content, kind, request.headers.get("range", ""))

    async def compare(self, request: Request) -> Response:
        asked = await read_object(request)
        cards = (await self._view()).by_key
        shown = _found(cards.get(str(asked.get("key"))))
        # It imports the stages, as a card has before it.
        from ankipress.preview.typed import compare_answer  # noqa: PLC0415

        typed = str(asked.get("typed", ""))[:_LONGEST]
        return JSONResponse({"html": compare_answer(shown.card.typed, typed)})

    async def open(self, request: Request) -> Response:
        asked = await read_object(request)
        path = asked.get("path")
        line = asked.get("line")
        column = asked.get("column")
        if not isinstance(line, int) or not isinstance(column, int):
            raise HTTPException(404)
        # Only files of the project may be opened, whatever a page asks for.
        if not isinstance(path, str) or path not in _paths(await self._view()):
            raise HTTPException(404)
        try:
            link = await self._config.open_place(path, max(line, 1), max(column, 1))
        except OSError as error:
            return JSONResponse({"error": error.strerror or str(error)}, 500)
        return JSONResponse({"link": link})

    async def part(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = _found(_PARTS.get(name)).read_bytes()
        return Response(content, media_type=_TYPES[posixpath.splitext(name)[1]])


def _paths(view: View) -> set[str]:
    """The files that may be opened: those with a card or a problem."""
    paths = {card.card.path for card in view.cards}
    for problems in (view.elsewhere, *(card.problems for card in view.cards)):
        paths.update(problem.location.path for problem in problems)
    return paths


def _page_text(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _html(name: str, policy: str, **values: str) -> Response:
    values = {"nonce": secrets.token_urlsafe(16), **values}
    text = _page_text(name)
    for key, value in values.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy.format_map(values)})


def _ranged(
    content: bytes,
    kind: str,
    asked: str,
) -> Response:
    """A file, or the part of it that a player asks for."""
    headers = {"Accept-Ranges": "bytes"}
    size = len(content)
    found = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", asked)
    if not found:
        return Response(content, headers=headers, media_type=kind)
    first = int(found[1])
    last = min(int(found[2] or size), size - 1)
    # A part that begins after the end of the file.
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(content[first : last + 1], 206, headers, kind)


def _found(value: _T | None) -> _T:
    """What was asked for. Raises the answer 404 where it is not there."""
    if value is None:
        raise HTTPException(404)
    return value
