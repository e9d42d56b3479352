"""Whatever is sent to the preview: an answer that says no, soon, and a server that goes on."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from ankipress.preview.serve.anki_desk import AnkiDesk
from ankipress.preview.serve.app import ServerConfig, make_app
from ankipress.preview.serve.broadcaster import Broadcaster
from ankipress.preview.serve.request_body import MOST_BYTES, read_object
from ankipress.preview.serve.server import configured
from ankipress.preview.typed import compare_answer
from board import Board
from loops import finished
from preview_server import HOST, OWN, VIEW, Server

NEVER_ENDING = itertools.repeat(b"x" * 10_000)


def status(path: str, body: Iterable[bytes] | None = None, **headers: str) -> int:
    """The status of an answer to the page, or to whom the headers say."""
    given_headers: Mapping[str, str] = {"host": HOST, "origin": OWN} | headers
    return finished(Server().answer_to(path, body, given_headers)).status


BODIES = [
    pytest.param([b"{}"], 404, id="an empty object"),
    pytest.param([b""], 400, id="nothing"),
    pytest.param([b"{"], 400, id="half an object"),
    pytest.param([b'{"key": "g-0", }'], 400, id="no JSON"),
    pytest.param([b"\xff\xfe\xff"], 400, id="no text"),
    pytest.param([b'{"key": "\xff"}'], 400, id="a text that is not UTF-8"),
    pytest.param([b'{"key": "g-0", "typed": "\\ud800", "path": "\\udfff"}'], 400, id="half a pair"),
    pytest.param([b"[" * 50_000], 400, id="deep lists"),
    pytest.param([b'{"a":' * 15_000], 400, id="deep objects"),
    pytest.param([b"[" * 900 + b"]" * 900], 404, id="lists in lists"),
    pytest.param([b"1" * 5_000], 400, id="a number of 5,000 digits"),
    pytest.param([b"1e999"], 404, id="no end of a number"),
    pytest.param([b"null"], 404, id="null"),
    pytest.param([b'"g-0"'], 404, id="a text"),
    pytest.param([b'{"key": ["g-0"], "path": {"a": 1}}'], 404, id="lists for texts"),
    pytest.param([b'{"path": "cards.md", "line": "3", "column": []}'], 404, id="texts for numbers"),
    pytest.param([b'{"path": "cards.md", "line": NaN, "column": Infinity}'], 404, id="no numbers"),
    pytest.param([b'{"path": "cards.md\\u0000", "line": 1, "column": 1}'], 404, id="a zero"),
    pytest.param([b"x" * (MOST_BYTES + 1)], 413, id="a large one"),
    pytest.param([b"{" + b" " * MOST_BYTES + b"}"], 413, id="a large one of spaces"),
    pytest.param(NEVER_ENDING, 413, id="one that never ends"),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
@pytest.mark.parametrize("path", ["/compare", "/open"])
def test_a_body_that_no_page_sends(path: str, body: Iterable[bytes], expected: int) -> None:
    assert status(path, body) == expected


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        pytest.param("/", {}, 200, id="nothing"),
        pytest.param(
            "/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200, id="a link"
        ),
        pytest.param(
            "/deck", {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, 200, id="own"
        ),
        pytest.param(
            "/deck",
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
            403,
            id="foreign",
        ),
        pytest.param(
            "/part/page.js",
            {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
            403,
            id="a neighbour",
        ),
        pytest.param("/", {"host": "127.0.0.1:8000.evil.example"}, 403, id="a host that goes on"),
        pytest.param("/", {"host": "evil.example@127.0.0.1:8000"}, 403, id="a host with a name"),
        pytest.param("/", {"host": "127.0.0.1:8000, evil.example"}, 403, id="two hosts"),
        pytest.param("/", {"host": "[::1]:8000"}, 403, id="another address"),
        pytest.param("/", {"host": "0.0.0.0:8000"}, 403, id="any address"),
        pytest.param("/", {"host": "2130706433:8000"}, 403, id="a number"),
        pytest.param("/deck", {"origin": f"{OWN}.evil.example"}, 403, id="an origin that goes on"),
        pytest.param("/deck", {"origin": f"{OWN} http://evil.example"}, 403, id="two origins"),
        pytest.param("/deck", {"origin": "file://"}, 403, id="a file"),
        pytest.param("/cards?" + "key=g-0&" * 8_000, {}, 200, id="many keys"),
        pytest.param("/cards?key=%ff%00%ed%a0%80", {}, 200, id="a key that is no text"),
        pytest.param("/cards?key=" + "a" * 60_000, {}, 200, id="a long key"),
        pytest.param("/style/..%2f..%2fetc%2fpasswd", {}, 404, id="a path above"),
        pytest.param("/part/\x00", {}, 404, id="a zero"),
        pytest.param("/style/" + "a" * 60_000, {}, 404, id="a long name"),
    ],
)
def test_a_request_that_no_page_makes(path: str, headers: dict[str, str], expected: int) -> None:
    headers = {name.replace("-", "_"): value for name, value in headers.items()}
    sent = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    assert finished(Server().answer_to(path, None, sent)).status == expected


@pytest.mark.parametrize("asked", ["bytes=" + "9" * 5_000 + "-", "bytes=0-" + "9" * 5_000])
def test_a_part_of_a_file_at_a_number_without_end(asked: str) -> None:
    assert Server().media("a-1.png", range=asked).status == 200


def test_a_body_that_comes_too_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ankipress.preview.serve.request_body._PATIENCE", 0.01)

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    with pytest.raises(HTTPException) as refused:
        finished(read_object(request))
    assert refused.value.status_code == 408


def test_so_many_pages_hear_of_changes_and_no_more() -> None:
    server = Server()
    with ExitStack() as pages:
        for _ in range(64):
            pages.enter_context(server.broadcaster.page())
        assert server.ask("/events").status == 429
    assert server.broadcaster.listeners == 0


def test_long_answers_are_not_compared_letter_by_letter() -> None:
    began = time.process_time()
    html = compare_answer("ab" * 5_000, "ba" * 5_000)
    assert "typeMissed" in html
    assert "typeGood" not in html
    assert time.process_time() - began < 1


ONE_SERVER = Server()
PATHS = st.sampled_from(
    [
        "/",
        "/frame",
        "/mathematics",
        "/deck",
        "/cards",
        "/style/s",
        "/compare",
        "/open",
        "/part/x",
        "/anki/compare",
        "/anki/plan",
        "/anki/send",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
SENT = st.dictionaries(st.sampled_from(["key", "typed", "path", "line", "column"]), JSON)
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))


@given(
    PATHS,
    st.text(),
    st.none() | st.binary() | SENT.map(json.dumps).map(str.encode),
    st.dictionaries(st.sampled_from(["range", "content-type", "sec-fetch-site", "accept"]), VALUES),
)
def test_nothing_that_is_sent_is_a_failure_of_the_server(
    path: str, query: str, body: bytes | None, headers: dict[str, str]
) -> None:
    sent = {"host": HOST, "origin": OWN} | headers
    parts = None if body is None else [body]
    answer = finished(ONE_SERVER.answer_to(f"{path}?{query}", parts, sent))
    assert answer.status < 500


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a preview that runs as `ankipress serve` runs it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number: int = listener.getsockname()[1]
        broadcaster = Broadcaster()
        broadcaster.show(VIEW, str)

        async def open_place(path: str, line: int, column: int) -> str | None:
            return path

        hosts = frozenset({f"127.0.0.1:{number}"})
        app = make_app(broadcaster, ServerConfig(hosts, open_place, AnkiDesk(Board)))
        server = uvicorn.Server(configured(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield number
        server.should_exit = True
        thread.join()


GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"
POST = b"POST /compare HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT\r\n"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(GET + b"\r\n", 200, id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="no host"),
        pytest.param(GET + b"Host: evil.example\r\n\r\n", 400, id="two hosts"),
        pytest.param(b"GET / HTTP/1.0\r\n\r\n", 403, id="an old protocol"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", 400, id="an encrypted one"),
        pytest.param(b"GET /\xff HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 400, id="no ASCII"),
        pytest.param(GET + b"A: " + b"a" * 200_000 + b"\r\n\r\n", 400, id="a long header"),
        pytest.param(GET + b"A: a\r\n" * 40_000 + b"\r\n", 400, id="many headers"),
        pytest.param(b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", 400, id="a long query"),
        pytest.param(
            GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://evil.example\r\n\r\n",
            403,
            id="a socket of another page",
        ),
        pytest.param(
            GET.replace(b"GET", b"TRACE") + b"Origin: http://127.0.0.1:PORT\r\n\r\n",
            405,
            id="TRACE",
        ),
        pytest.param(
            POST + b"Content-Length: 9999999999\r\n\r\n" + b"x" * 200_000, 413, id="a large body"
        ),
        pytest.param(POST + b"Content-Length: -1\r\n\r\n", 400, id="a length below nothing"),
        pytest.param(
            POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, id="two lengths"
        ),
        pytest.param(
            POST
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + (b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n") * 9,
            413,
            id="a large body in parts",
        ),
        pytest.param(
            POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, id="parts that are none"
        ),
    ],
)
def test_what_comes_over_a_socket(port: int, sent: bytes, expected: int) -> None:
    assert answered(port, sent) == expected
    assert answered(port, GET + b"\r\n") == 200, "the server goes on"


def answered(port: int, sent: bytes) -> int:
    """The status that a port answers with."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        # It may be answered before all of it was sent.
        with suppress(OSError):
            connection.sendall(sent.replace(b"PORT", str(port).encode()))
        line = connection.recv(100)
    return int(line.split()[1])
