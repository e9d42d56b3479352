"""What is read from a process that only says that it is Anki."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from ankipress.live.anki_contents import LiveError
from ankipress.live.running import connected_contents, running_anki
from ankipress.live.running.anki_connect import AnkiConnect
from ankipress.live.running.connected_contents import AnkiScope, read_running_anki
from ankipress.live.running.running_anki import RunningAnki
from live_server import USUAL, answering, server

SCOPE = AnkiScope([7], ["Body"], {"guid": 5})


def note(number: int, guid: str = "guid") -> Mapping[str, Any]:
    return {
        "noteId": number,
        "modelName": "Basic",
        "tags": ["\x1b[31m"],
        "fields": {"Key": {"value": guid, "order": 0}},
        "cards": [number],
        "mod": 1,
    }


ANSWERS: Mapping[str, Any] = {
    **USUAL,
    "getActiveProfile": "\x1b[31m",
    "modelNamesAndIds": {"Basic": 7},
    "findNotes": [5],
    "findCards": [],
    "notesInfo": [note(5)],
    "getDecks": {"Body": [5]},
    "retrieveMediaFile": b64encode(b"x" * 1000).decode(),
}


def found(**answers: object) -> Any:
    """What is read, with some answers in place of the usual ones, and two files of media."""
    with server(answering({**ANSWERS, **answers})) as address:
        anki = RunningAnki(AnkiConnect(address, lambda: None, 5))
        contents = read_running_anki(anki, SCOPE)
        return contents.deck, contents.read_media(["a.png", "b.png"])


def test_what_was_not_asked_for_is_not_taken() -> None:
    deck, _ = found(notesInfo=[note(6), note(5), note(-1), {}], getDecks={"Evil": [6], "Body": [5]})
    assert [(each.note_id, each.deck) for each in deck.notes] == [(5, "Body")]


def test_there_is_a_limit_to_notes_and_to_media(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(found()[1]) == 2
    monkeypatch.setattr(connected_contents, "_MOST_MEDIA", 1500)
    with pytest.raises(LiveError, match="more than 0 MB") as caught:
        found()
    assert "export the deck" in caught.value.help
    monkeypatch.setattr(running_anki, "_MOST_NOTES", 2)
    with pytest.raises(LiveError, match="more than 2 notes"):
        found(findNotes=[5, 6, 7])


@pytest.mark.parametrize(
    "answers",
    [
        {"findNotes": {}},
        {"notesInfo": [[]]},
        {"notesInfo": [{**note(5), "fields": {"Key": {"value": 5, "order": 0}}}]},
        {"modelNamesAndIds": {"Basic": "7"}},
        {"getDecks": []},
        {"retrieveMediaFile": "*" * 10},
        {"retrieveMediaFile": {"a": 1}},
        {"exportPackage": True, "notesInfo": [note(5, "other")]},
    ],
)
def test_answers_of_other_kinds_are_refused(answers: Mapping[str, object]) -> None:
    with pytest.raises(LiveError):
        found(**answers)
