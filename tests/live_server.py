"""A server that answers like AnkiConnect, with results that were recorded there, or misbehaves.

What the real one says is tested in tests/live_anki.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ankipress.live.running.anki_address import AnkiAddress

GRANTED = {"permission": "granted", "requireApikey": False, "version": 6}
USUAL: Mapping[str, Any] = {"requestPermission": GRANTED, "version": 6}

Behave = Callable[[socket.socket, Mapping[str, Any]], None]
"""Answers a request at a socket, well or not."""


def http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def replied(result: object, error: str | None = None) -> bytes:
    return http(json.dumps({"result": result, "error": error}).encode())


def answering(answers: Mapping[str, Any]) -> Behave:
    """Gives recorded results by action; an exception is an error, as AnkiConnect words it."""

    def behave(connection: socket.socket, request: Mapping[str, Any]) -> None:
        result = answers.get(request["action"], ValueError("unsupported action"))
        if callable(result):
            result = result(request)
        if isinstance(result, Exception):
            connection.sendall(replied(None, str(result)))
        else:
            connection.sendall(replied(result))

    return behave


def sending(data: bytes) -> Behave:
    return lambda connection, _: connection.sendall(data)


def silent(connection: socket.socket, _: Mapping[str, Any]) -> None:
    connection.recv(1)  # until the other side gives up


def trickling(connection: socket.socket, _request: Mapping[str, Any]) -> None:
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _each in range(400):
            connection.sendall(b"x")
            time.sleep(0.02)


@contextmanager
def server(behave: Behave) -> Iterator[AnkiAddress]:
    """One that reads a request for each connection, behaves, and closes it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        thread = threading.Thread(target=_serve, args=(listening, behave), daemon=True)
        thread.start()
        port: int = listening.getsockname()[1]
        yield AnkiAddress(port=port)
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)
    assert not thread.is_alive()


def _serve(listening: socket.socket, behave: Behave) -> None:
    with suppress(OSError):
        while True:
            connection = listening.accept()[0]
            connection.settimeout(10)
            with connection, suppress(OSError):
                behave(connection, _request(connection))


def _request(connection: socket.socket) -> Mapping[str, Any]:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(4096)
    head, _, body = read.partition(b"\r\n\r\n")
    assert b"origin" not in head.lower(), "the add-on would ask the user"
    (line,) = (each for each in head.split(b"\r\n") if each.lower().startswith(b"content-length"))
    while len(body) < int(line.partition(b":")[2]):
        body += connection.recv(4096)
    request: Mapping[str, Any] = json.loads(body)
    return request
