"""AnkiConnect, the add-on by which a running Anki can be asked: one request of its API.

It is asked over HTTP on this machine. Its answers are limited in time and size.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import Any, TypeVar

import msgspec

from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_address import CODE, AnkiAddress

API_VERSION = 6
"""The version of the API that is spoken."""

SECONDS = 30.0
"""How long an answer may take."""

LONG_SECONDS = 600.0
"""How long an import or an export may take."""

_CONNECTING_SECONDS = 3.0
_MOST_BYTES = 200_000_000
_PIECE = 1 << 16
_FORBIDDEN = 403
_OK = 200

_ADD_ON = "AnkiConnect (add-on 2055492159)"
_NOT_PERMITTED = "AnkiConnect permits nothing to ankipress"
_START_HELP = f"start Anki, with the add-on {_ADD_ON}, and try again"
_BUSY_HELP = "close the dialogs of Anki, wait until it is done, and try again"
_OTHER_HELP = "set ANKICONNECT_URL where AnkiConnect listens on another port"
_OLD_HELP = "update the add-on in Anki, under Tools > Add-ons"
_KEY_HELP = (
    "set the environment variable ANKICONNECT_API_KEY to the `apiKey` in the settings of the"
    " add-on, or keep it by `keyring set ankipress ankiconnect`, where keyring is installed"
)
_ORIGIN_HELP = "look at `webCorsOriginList` in the settings of the add-on"
_PROFILE_HELP = "open a profile in Anki"
_CLOSED_HELP = "look whether Anki is still running, and try again"
_OTHER_REFUSAL_HELP = "look at what Anki shows, and try again"

T = TypeVar("T")

AskForKey = Callable[[], str | None]
"""Gives the API key of the user; it is asked only where AnkiConnect wants one."""


class NoAnkiError(LiveError):
    """No Anki with AnkiConnect runs here."""


class UnsupportedActionError(LiveError):
    """The AnkiConnect that runs here has no such action: it is too old."""


class _Reply(msgspec.Struct):
    result: msgspec.Raw
    error: str | None


class _Permission(msgspec.Struct):
    permission: str
    version: int = 0
    requires_key: bool = msgspec.field(default=False, name="requireApikey")


class AnkiConnect:
    """An AnkiConnect that answers at an address, may be asked, and is new enough.

    Everything here raises LiveError, and NoAnkiError where none is there. An answer may take
    `seconds`, unless an action is given more.
    """

    def __init__(
        self, address: AnkiAddress, ask_for_key: AskForKey, seconds: float = SECONDS
    ) -> None:
        self._address, self._seconds = address, seconds
        self._key: str | None = None
        permission = self.ask("requestPermission", _Permission)
        if permission.permission != "granted":
            raise LiveError(CODE, _NOT_PERMITTED, _ORIGIN_HELP)
        if permission.version < API_VERSION:
            raise LiveError(CODE, "the AnkiConnect of this Anki is too old", _OLD_HELP)
        if permission.requires_key:
            self._key = ask_for_key()
            if self._key is None:
                raise LiveError(CODE, "AnkiConnect wants its API key", _KEY_HELP)
        self.ask("version", int)

    def ask(
        self,
        action: str,
        kind: type[T],
        values: Mapping[str, Any] | None = None,
        seconds: float | None = None,
    ) -> T:
        """What AnkiConnect answers to an action, which must be of a kind."""
        limit = seconds or self._seconds
        question = {"action": action, "version": API_VERSION, "params": values or {}}
        if self._key is not None:
            question["key"] = self._key
        with _failures_told(self._address, action):
            answer = _exchange(self._address, msgspec.json.encode(question), limit)
            reply = msgspec.json.decode(answer, type=_Reply)
            if reply.error is None:
                return msgspec.json.decode(reply.result, type=kind)
        raise _refusal(action, reply.error)


def _exchange(address: AnkiAddress, body: bytes, seconds: float) -> bytes:
    """Send a request, and give the answer. Raises OSError, HTTPException and LiveError."""
    connection = HTTPConnection(address.host, address.port, timeout=_CONNECTING_SECONDS)
    with closing(connection):
        connection.connect()
        with _time_limit(connection, seconds):
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            with closing(connection.getresponse()) as response:
                if response.status == _FORBIDDEN:
                    raise LiveError(CODE, _NOT_PERMITTED, _ORIGIN_HELP)
                if response.status != _OK:
                    raise _not_ankiconnect(address)
                return _bounded(response)


@contextmanager
def _time_limit(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Let all that is done with a connection take no longer. Raises TimeoutError.

    A time limit of the socket holds for each piece alone, however many there are.
    """
    own_socket = connection.sock
    own_socket.settimeout(seconds)
    is_late = threading.Event()

    def stop() -> None:
        is_late.set()
        with suppress(OSError):
            own_socket.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if is_late.is_set():  # what was read until then is cut off
            raise TimeoutError


def _bounded(response: HTTPResponse) -> bytes:
    """All of an answer. Raises HTTPException for one that is cut off."""
    answer = bytearray()
    while piece := response.read(_PIECE):
        answer += piece
        if len(answer) > _MOST_BYTES:
            size = f"{_MOST_BYTES // 1_000_000} MB"
            raise LiveError(CODE, f"Anki's answer has more than {size}", _OTHER_REFUSAL_HELP)
    if response.length or not answer:  # so many bytes are missing
        raise IncompleteRead(bytes(answer), response.length)
    return bytes(answer)


@contextmanager
def _failures_told(address: AnkiAddress, action: str) -> Iterator[None]:
    """Raise LiveError for all that goes wrong with a connection."""
    try:
        yield
    except ConnectionRefusedError as error:
        message = f"no Anki with AnkiConnect is running: nothing answers at {address}"
        raise NoAnkiError(CODE, message, _START_HELP) from error
    except TimeoutError as error:
        message = f"Anki does not answer in time ({action}); it may be busy, or show a dialog"
        raise LiveError(CODE, message, _BUSY_HELP) from error
    except (OSError, HTTPException) as error:
        message = f"Anki has closed the connection before it answered ({action})"
        raise LiveError(CODE, message, _CLOSED_HELP) from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise _not_ankiconnect(address) from error


def _not_ankiconnect(address: AnkiAddress) -> LiveError:
    message = f"what answers at {address} is not AnkiConnect, or another version of it"
    return LiveError(CODE, message, _OTHER_HELP)


def _refusal(action: str, message: str) -> LiveError:
    """What a refusal of AnkiConnect means, by its words."""
    if message == "valid api key must be provided":
        return LiveError(CODE, "AnkiConnect does not accept this API key", _KEY_HELP)
    if message == "unsupported action":
        text = f"the AnkiConnect of this Anki is too old: it does not know {action}"
        return UnsupportedActionError(CODE, text, _OLD_HELP)
    if message.endswith(" not available"):
        return LiveError(CODE, "no profile is open in Anki", _PROFILE_HELP)
    return LiveError(CODE, f"Anki refuses ({action}): {message}", _OTHER_REFUSAL_HELP)
