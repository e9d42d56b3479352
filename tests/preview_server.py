"""The application of the preview without a network, with one card."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from starlette.types import Message

from ankipress.model import LoadedContent, MediaFile
from ankipress.preview.preview_cards import PreviewCard
from ankipress.preview.serve.anki_desk import AnkiDesk
from ankipress.preview.serve.app import ServerConfig, make_app
from ankipress.preview.serve.broadcaster import Broadcaster
from ankipress.preview.serve.view import FrameContent, PageCard, View
from board import Board
from loops import finished

HOST = "127.0.0.1:8000"
OWN = f"http://{HOST}"
CARD = PreviewCard(
    guid="g",
    ord=0,
    name="Card 1",
    note_type="basic",
    kind="basic",
    deck="D",
    section="",
    path="cards.md",
    line=3,
    question="Q?",
    tags=(),
    front="Q",
    back="A",
    answer="A",
    css=".card { color: red }",
    typed="softmax",
    front_sounds=(),
    back_sounds=(),
)
FONT_CSS = '@font-face { font-family: X; src: url("_x.woff2") }'
VIEW = View(
    name="deck",
    cards=(
        PageCard(
            "g-0", "g", CARD, FrameContent("Q", "A", "s", typed=True, text="Q A", digest="d"), 3
        ),
    ),
    styles={"s": FONT_CSS},
    media={
        name: MediaFile(name, LoadedContent(content))
        for name, content in {
            "a-1.png": b"0123456789",
            "_x.woff2": b"font",
            "e.svg": b"<svg onload='alert(1)'/>",
        }.items()
    },
)


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Server:
    """The application without a network."""

    def __init__(self, view: View | None = VIEW, board: Board | None = None) -> None:
        self.opened: list[tuple[str, int, int]] = []
        self.broadcaster = Broadcaster()
        if view:
            self.broadcaster.show(view, str)
        self.desk = AnkiDesk(lambda: board or Board())
        config = ServerConfig(frozenset({HOST}), self._open, self.desk)
        self.app = make_app(self.broadcaster, config)

    async def _open(self, path: str, line: int, column: int) -> str | None:
        self.opened.append((path, line, column))
        return f"editor:{path}"

    def ask(self, path: str, *, body: object = None, **headers: str) -> Answer:
        return finished(self.answer(path, body, {"host": HOST} | headers))

    async def answer(self, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        content = None if body is None else [json.dumps(body).encode()]
        return await self.answer_to(path, content, headers)

    async def answer_to(
        self, path: str, body: Iterable[bytes] | None, headers: Mapping[str, str]
    ) -> Answer:
        """What is answered to a body that comes in parts, or to a request without one."""
        path, _, query = path.partition("?")
        parts = iter(body or [b""])
        scope = {
            "type": "http",
            "http_version": "1.1",
            "scheme": "http",
            "method": "GET" if body is None else "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 1),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
        }
        sent: list[Message] = []

        async def receive() -> Message:
            part = next(parts, None)
            return {"type": "http.request", "body": part or b"", "more_body": part is not None}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        given = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(
            sent[0]["status"], given, b"".join(message.get("body", b"") for message in sent[1:])
        )

    def token(self) -> str:
        """The token that stands in the page."""
        page = self.ask("/").body.decode()
        return page.partition('name="ankipress-token" content="')[2].partition('"')[0]

    def media(self, name: str, **headers: str) -> Answer:
        """A file, at the address that the frames have for it."""
        frame = self.ask("/frame").body.decode()
        base = frame.partition('<base href="')[2].partition('"')[0]
        return self.ask(base.removeprefix(OWN) + name, **headers)
