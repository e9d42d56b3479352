"""The addresses of the preview."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

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

from ankipress.preview.serve.broadcaster import Board
from ankipress.preview.serve.messages import Posted, chosen, style, whole
from ankipress.preview.serve.request_guard import Guard

if TYPE_CHECKING:
    from ankipress.preview.serve.view import View

_MOST = 200  # cards that are asked for at once
_LONGEST = 100_000  # characters of an answer that is compared
_PARTS = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "list.js": "text/javascript",
    "frames.js": "text/javascript",
    "filters.js": "text/javascript",
    "mathematics.js": "text/javascript",
}


@dataclass(frozen=True, slots=True)
class Doors:
    """What the server needs of who runs it: the names that it answers to, and how a place is opened
    in an editor.

    `open_place` takes a path of the project, a line and a column, and returns the link that the
    page must follow, or None where an editor was started.
    """

    hosts: frozenset[str]
    open_place: Callable[[str, int, int], Awaitable[str | None]]


def make_app(board: Board, doors: Doors) -> Starlette:
    """The preview of what is on the board."""
    pages = _Pages(board, doors, secrets.token_urlsafe(16))
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
        Route(f"/media/{pages.secret}/{{name}}", pages.media),
        Route("/part/{name}", pages.part),
        Route("/favicon.ico", lambda _: Response(status_code=204)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=doors.hosts, for_frames=f"/media/{pages.secret}/")],
    )


class _Pages:
    def __init__(self, board: Board, doors: Doors, secret: str) -> None:
        self._board, self._doors, self.secret = board, doors, secret
        self._boot = secrets.token_urlsafe(8)

    async def page(self, _: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'nonce-{nonce}'; connect-src 'self';"
            " frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return _html("page.html", policy, nonce=nonce)

    async def frame(self, request: Request) -> Response:
        # The frame has no origin of its own, so what it may load is named by the address of this
        # server.
        nonce, here = secrets.token_urlsafe(16), f"http://{request.headers['host']}"
        media = f"{here}/media/{self.secret}/"
        policy = (
            f"sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none'; script-src 'nonce-{nonce}';"
            f" style-src 'unsafe-inline'; img-src {media} data:; media-src {media}; font-src data:; base-uri {here};"
            " form-action 'none'; frame-ancestors 'self'"
        )
        # Without an origin it gets no script from a server either, so they stand in it.
        scripts = {
            name: _part(f"{name}.js").read_text(encoding="utf-8") for name in ("occlusion", "frame")
        }
        return _html("frame.html", policy, nonce=nonce, media=media, **scripts)

    async def mathematics(self, _: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        return _html("mathematics.html", policy, nonce=nonce)

    async def _posted(self) -> Posted:
        posted = await self._board.posted()
        if posted is None:
            raise HTTPException(503)
        return posted

    async def deck(self, _: Request) -> Response:
        posted = await self._posted()
        self._board.seen()
        return JSONResponse(whole(posted))

    async def cards(self, request: Request) -> Response:
        view = (await self._posted()).view
        return JSONResponse(chosen(view, request.query_params.getlist("key")[:_MOST]))

    async def events(self, _: Request) -> Response:
        await self._posted()

        async def stream() -> AsyncIterator[str]:
            # A page that was open when another server ran must know that this is not the same one.
            hello = json.dumps({"boot": self._boot, "number": (await self._posted()).number})
            yield f"retry: 500\nevent: hello\ndata: {hello}\n\n"
            async for message in self._board.messages():
                yield f"data: {message}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def style(self, request: Request) -> Response:
        css = style((await self._posted()).view, request.path_params["name"])
        return _nothing() if css is None else PlainTextResponse(css, media_type="text/css")

    async def media(self, request: Request) -> Response:
        name = request.path_params["name"]
        file = (await self._posted()).view.media.get(name)
        if file is None:
            return _nothing()
        try:
            content = await asyncio.to_thread(file.read)
        except OSError:  # it is another file by now, and the page will be told
            return _nothing()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _ranged(content, kind, request.headers.get("range", ""))

    async def compare(self, request: Request) -> Response:
        asked = await request.json()
        view = (await self._posted()).view
        shown = view.by_key.get(str(asked.get("key"))) if isinstance(asked, dict) else None
        if shown is None:
            return _nothing()
        # It imports the stages, as a card has before it.
        from ankipress.preview.typed import compare_answer  # noqa: PLC0415

        return JSONResponse(
            {"html": compare_answer(shown.card.typed, str(asked.get("typed", ""))[:_LONGEST])}
        )

    async def open(self, request: Request) -> Response:
        asked = await request.json()
        path, line, column = (
            (asked.get(name) for name in ("path", "line", "column"))
            if isinstance(asked, dict)
            else ("", 0, 0)
        )
        places = _places((await self._posted()).view)
        if (
            not (isinstance(path, str) and isinstance(line, int) and isinstance(column, int))
            or path not in places
        ):
            return _nothing()
        try:
            return JSONResponse(
                {"link": await self._doors.open_place(path, max(line, 1), max(column, 1))}
            )
        except OSError as error:
            return JSONResponse({"error": error.strerror or str(error)}, 500)

    async def part(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "mathjax.js":
            return Response(
                (files("ankipress") / "preview" / "mathjax" / "tex-svg-full.js").read_bytes(),
                media_type="text/javascript",
            )
        return (
            Response(_part(name).read_bytes(), media_type=_PARTS[name])
            if name in _PARTS
            else _nothing()
        )


def _places(view: View) -> set[str]:
    """The files that may be opened: those with a card or a problem."""
    paths = {each.card.path for each in view.cards} | {
        each.location.path for each in view.elsewhere
    }
    return paths | {problem.location.path for each in view.cards for problem in each.problems}


def _part(name: str) -> Traversable:
    return files("ankipress.preview.serve") / "page" / name


def _html(name: str, policy: str, **values: str) -> Response:
    text = _part(name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


def _ranged(content: bytes, kind: str, asked: str) -> Response:
    """A file, or the part of it that a player asks for when it goes to another place."""
    headers = {"Accept-Ranges": "bytes"}
    start, dash, end = asked.removeprefix("bytes=").partition("-")
    if (
        not asked.startswith("bytes=")
        or not dash
        or not start.isdecimal()
        or (end and not end.isdecimal())
    ):
        return Response(content, headers=headers, media_type=kind)
    first, last = int(start), min(int(end or len(content)), len(content) - 1)
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers, kind)


def _nothing() -> Response:
    return PlainTextResponse("ankipress: there is nothing here\n", 404)
