"""The client of AnkiConnect against a server that misbehaves.

What the real one says is tested in tests/live_anki; the answers here were recorded there.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ankipress.live.anki_contents import LiveError
from ankipress.live.running import anki_connect
from ankipress.live.running.anki_address import AnkiAddress
from ankipress.live.running.anki_connect import AnkiConnect, NoAnkiError, UnsupportedActionError
from ankipress.live.running.running_anki import BATCH, RunningAnki
from live_server import GRANTED, USUAL, Behave, answering, http, sending, server, silent, trickling

NOTE = {
    "noteId": 1067615153910,
    "tags": ["ch05"],
    "fields": {"Back": {"value": "b", "order": 1}, "Front": {"value": "a", "order": 0}},
    "modelName": "Basic",
    "cards": [1040765238241],
}
SECONDS = 0.4


def connected(address: AnkiAddress, key: str | None = None) -> AnkiConnect:
    return AnkiConnect(address, lambda: key, SECONDS)


def refused(behave: Behave) -> LiveError:
    """What is said of a server that behaves in a way."""
    with server(behave) as address, pytest.raises(LiveError) as caught:
        connected(address)
    assert caught.value.code == "anki-refused"
    assert caught.value.help
    return caught.value


def test_a_usual_one_is_asked() -> None:
    with server(answering({**USUAL, "deckNames": ["Default"]})) as address:
        assert connected(address).ask("deckNames", list[str]) == ["Default"]


def test_where_nothing_listens_no_anki_runs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = AnkiAddress(port=listening.getsockname()[1])
    with pytest.raises(NoAnkiError, match=r"nothing answers at 127\.0\.0\.1"):
        connected(address)


@pytest.mark.parametrize("behave", [silent, trickling])
def test_an_answer_that_does_not_come_is_not_waited_for(behave: Behave) -> None:
    started = time.monotonic()
    error = refused(behave)
    assert "does not answer in time (requestPermission)" in str(error)
    assert time.monotonic() - started < SECONDS + 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        http(b""),
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9",
        http(b"{}")[:-1],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}",
    ],
)
def test_an_anki_that_closes_in_the_middle_is_told(data: bytes) -> None:
    assert "closed the connection before it answered" in str(refused(sending(data)))


@pytest.mark.parametrize(
    "data",
    [
        http(b"AnkiConnect v.6"),
        http(b"<html>"),
        http(b"[]"),
        http(b"6"),
        http(b"{}"),
        http(b'{"result": null, "error": 6}'),
        http(b'{"result": {"permission": 6}, "error": null}'),
        http(b'{"result": "\xff", "error": null}'),
        http(b'{"result": ' + b"[" * 100_000 + b"]" * 100_000 + b', "error": null}'),
        http(b"{}", "404 Not Found"),
        http(b"{}", "302 Found\r\nLocation: http://127.0.0.1:1/"),
        http(b"{}", "500 Internal Server Error"),
    ],
)
def test_what_is_no_ankiconnect_is_told(data: bytes) -> None:
    assert "is not AnkiConnect" in str(refused(sending(data)))


def test_what_speaks_no_http_is_told() -> None:
    assert "closed the connection" in str(refused(sending(b"SSH-2.0-OpenSSH\r\n")))


def test_a_huge_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_connect, "_MOST_BYTES", 1_000_000)
    sent = []

    def pour(connection: socket.socket, _: Mapping[str, Any]) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 100_000)
            sent.append(100_000)

    assert "more than 1 MB" in str(refused(pour))
    assert sum(sent) < 20_000_000


@pytest.mark.parametrize(
    ("behave", "message"),
    [
        (sending(http(b"", "403 Forbidden")), "permits nothing"),
        (answering({"requestPermission": {"permission": "denied"}}), "permits nothing"),
        (answering({"requestPermission": {**GRANTED, "version": 5}}), "too old"),
        (answering({}), "too old: it does not know requestPermission"),
        (answering({"requestPermission": {**GRANTED, "requireApikey": True}}), "wants its API key"),
    ],
)
def test_what_does_not_let_itself_be_asked_is_told(behave: Behave, message: str) -> None:
    assert message in str(refused(behave))


def test_the_key_is_sent_where_it_is_wanted_and_nowhere_else() -> None:
    seen = []

    def version(request: Mapping[str, Any]) -> int:
        seen.append(request.get("key"))
        return 6

    for wants in (True, False):
        permission = {**GRANTED, "requireApikey": wants}
        with server(answering({"requestPermission": permission, "version": version})) as address:
            connected(address, "secret")
    assert seen == ["secret", None]


def test_a_wrong_key_is_told_at_once_and_not_shown() -> None:
    permission = {**GRANTED, "requireApikey": True}
    wrong = ValueError("valid api key must be provided")
    behave = answering({"requestPermission": permission, "version": wrong})
    with server(behave) as address, pytest.raises(LiveError) as caught:
        connected(address, "secret")
    assert "does not accept this API key" in str(caught.value)
    assert "secret" not in f"{caught.value}{caught.value.help}"


@pytest.mark.parametrize("word", ["collection", "decks", "database", "media", "scheduler"])
def test_a_closed_profile_is_told(word: str) -> None:
    verb = "are" if word == "decks" else "is"
    answers = {**USUAL, "deckNames": ValueError(f"{word} {verb} not available")}
    with (
        server(answering(answers)) as address,
        pytest.raises(LiveError, match="no profile is open"),
    ):
        connected(address).ask("deckNames", list[str])


def test_the_profile_is_named_where_the_add_on_tells_it() -> None:
    with server(answering({**USUAL, "getActiveProfile": "Learner"})) as address:
        assert RunningAnki(connected(address)).profile() == "Learner"
    with server(answering(USUAL)) as address:
        assert RunningAnki(connected(address)).profile() == ""
        with pytest.raises(UnsupportedActionError):
            connected(address).ask("deckNames", list[str])


def test_notes_are_asked_for_in_batches_and_missing_ones_left_out() -> None:
    asked = []

    def info(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        ids = request["params"]["notes"]
        asked.append(len(ids))
        return [{}, *({**NOTE, "noteId": each} for each in ids[1:])]

    with server(answering({**USUAL, "notesInfo": info})) as address:
        notes = list(RunningAnki(connected(address)).notes([*range(1, BATCH + 4)]))
    assert asked == [BATCH, 3]
    assert [note.note_id for note in notes] == [*range(2, BATCH + 1), BATCH + 2, BATCH + 3]
    assert dict(notes[0].values) == {"Front": "a", "Back": "b"}
    assert list(notes[0].values) == ["Front", "Back"]
    assert notes[0].mod is None


def test_a_file_of_the_media_is_bytes_or_not_there() -> None:
    def media(request: Mapping[str, Any]) -> object:
        return {"a.png": "AAH/", "b.png": False, "c.png": "no base64!"}[
            request["params"]["filename"]
        ]

    with server(answering({**USUAL, "retrieveMediaFile": media})) as address:
        anki = RunningAnki(connected(address))
        assert anki.media_file("a.png") == b"\x00\x01\xff"
        assert anki.media_file("b.png") is None
        with pytest.raises(LiveError, match="gives no file"):
            anki.media_file("c.png")


def test_what_was_not_imported_or_exported_is_told() -> None:
    answers = {**USUAL, "importPackage": False, "exportPackage": False}
    with server(answering(answers)) as address:
        anki = RunningAnki(connected(address))
        with pytest.raises(LiveError, match="no profile is open"):
            anki.import_package(Path("some.apkg"))
        with pytest.raises(LiveError, match="no deck Mine"):
            anki.export_deck("Mine", Path("some.apkg"))
