"""The client of AnkiConnect against the real add-on in a real Anki."""

from __future__ import annotations

import threading
import time

import pytest

from anki_desktop import API_KEY, AnkiDesktop
from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_connect import AnkiConnect, NoAnkiError, UnsupportedActionError


def decks_of(desktop: AnkiDesktop, key: str | None = None) -> list[str]:
    return AnkiConnect(desktop.address, lambda: key).ask("deckNames", list[str])


def test_it_answers_without_a_key(desktop: AnkiDesktop) -> None:
    assert decks_of(desktop) == ["Default"]


def test_a_key_that_is_wanted_is_asked_for_and_sent(desktop: AnkiDesktop) -> None:
    desktop.set_api_key(API_KEY)
    assert decks_of(desktop, API_KEY) == ["Default"]


def test_a_key_that_is_missing_or_wrong_is_told(desktop: AnkiDesktop) -> None:
    desktop.set_api_key(API_KEY)
    with pytest.raises(LiveError, match="wants its API key"):
        desktop.anki()
    with pytest.raises(LiveError, match="does not accept this API key"):
        desktop.anki("another")


def test_a_key_that_is_not_wanted_is_not_asked_for(desktop: AnkiDesktop) -> None:
    def ask() -> str:
        raise AssertionError("nobody wants it")

    assert AnkiConnect(desktop.address, ask).ask("version", int) == 6


def test_what_anki_refuses_is_told_in_its_words(desktop: AnkiDesktop) -> None:
    with pytest.raises(LiveError, match=r"Anki refuses .findNotes.: Invalid search"):
        desktop.anki().find_notes("(")


def test_an_action_that_is_not_there_is_told(desktop: AnkiDesktop) -> None:
    connect = AnkiConnect(desktop.address, lambda: None)
    with pytest.raises(UnsupportedActionError, match="too old: it does not know whatIsThis"):
        connect.ask("whatIsThis", int)


def test_without_a_profile_nothing_is_asked_of_it(desktop_without_profile: AnkiDesktop) -> None:
    anki = desktop_without_profile.anki()
    with pytest.raises(LiveError, match="no profile is open in Anki"):
        anki.find_notes("deck:Default")
    with pytest.raises(LiveError, match="no profile is open in Anki"):
        anki.import_package(desktop_without_profile.folder / "some.apkg")


def test_an_anki_that_is_busy_is_waited_for_and_given_up(desktop: AnkiDesktop) -> None:
    connect = AnkiConnect(desktop.address, lambda: None)
    desktop.order("import time; time.sleep(3)")
    time.sleep(0.5)
    started = time.monotonic()
    with pytest.raises(LiveError, match=r"does not answer in time .deckNames.; it may be busy"):
        connect.ask("deckNames", list[str], seconds=0.5)
    assert time.monotonic() - started < 2
    assert connect.ask("deckNames", list[str]) == ["Default"]


def test_an_anki_that_is_closed_in_the_middle_is_told(own_desktop: AnkiDesktop) -> None:
    connect = AnkiConnect(own_desktop.address, lambda: None)
    own_desktop.order("import time; time.sleep(30)")
    time.sleep(0.5)
    threading.Timer(0.5, own_desktop.kill).start()
    with pytest.raises(LiveError, match=r"closed the connection before it answered .deckNames."):
        connect.ask("deckNames", list[str])
    with pytest.raises(NoAnkiError, match="no Anki with AnkiConnect is running"):
        connect.ask("deckNames", list[str])
