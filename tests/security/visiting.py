"""What a browser asks `ankipress serve` for: its pages, cards, styles and events."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode

_PATIENCE = 50  # seconds

Answer = tuple[str, int, str]
"""A path, the status of the answer, and its text. The status is 0 where there is no answer."""

ENDING = {0, 503}
"""The statuses by which a server answers that is about to end by itself."""


def visit(address: str, malformed: Sequence[tuple[str, bytes]]) -> tuple[Answer, ...]:
    """Ask for everything that the page would ask for, and then by malformed requests: paths with
    what is sent to them.
    """
    host = address.removeprefix("http://").strip("/")
    answers = list(_answers(host))
    answers += [ask(host, path, body or None) for path, body in malformed]
    return tuple(answers)


def _answers(host: str) -> Iterator[Answer]:
    for path in ("/", "/frame", "/mathematics", "/part/page.js", "/media/guessed/a.png"):
        yield ask(host, path)
    deck = ask(host, "/deck")
    yield deck
    for path in _paths_of(deck):
        yield ask(host, path)
    yield ask(host, "/events")


def _paths_of(deck: Answer) -> Iterator[str]:
    """The addresses of all cards and style sheets of a deck."""
    try:
        payload = json.loads(deck[2])
    except ValueError:
        return
    keys = [row["key"] for row in payload["rows"]]
    if keys:
        yield f"/cards?{urlencode([('key', key) for key in keys])}"
    for name in payload["styles"]:
        yield f"/style/{quote(name, safe='')}"


def ask(host: str, path: str, body: bytes | None = None) -> Answer:
    """What the server answers. Of the stream of events, its first message."""
    connection = http.client.HTTPConnection(host, timeout=_PATIENCE)
    method = "GET" if body is None else "POST"
    try:
        connection.request(method, path, body, {"Origin": f"http://{host}"})
        response = connection.getresponse()
        if path == "/events":
            lines = [response.readline() for _ in range(4)]
            content = b"".join(lines)
        else:
            content = response.read()
    except OSError as error:
        return path, 0, str(error)
    finally:
        connection.close()
    text = content.decode("utf-8", "replace")
    if response.headers.get_content_type() == "text/html":
        # As a page says it itself.
        policy = response.getheader("Content-Security-Policy", "")
        text = f'<meta http-equiv="Content-Security-Policy" content="{policy}">{text}'
    # What leads to the server itself leads nowhere else.
    return path, response.status, text.replace(f"http://{host}", "")
