"""Pulls from somebody who wants to break the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.live.pulled import unreadable_text
from live.stranger import CARDS, Stranger


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    return Stranger(tmp_path, monkeypatch)


@pytest.mark.parametrize("character", ["\x0c", "&#12;", "\r", "&#13;", "\x1b", "&#127;"])
def test_a_control_character_never_comes_into_a_source(stranger: Stranger, character: str) -> None:
    stranger.edit("What does the heart", Back="<p>It pumps.</p>")
    stranger.edit("What does the lung", Back=f"<p>It takes in{character}air.</p>")
    stranger.make("Body", Front="What is new?", Back=f"This{character}is.")
    stranger.pull()
    text = stranger.text()
    assert "It pumps.\n" in text
    assert text.replace("\n", "").isprintable()
    stranger.build()


def test_what_has_a_control_character_is_told(
    stranger: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger.edit("What does the lung", Back="<p>It takes in a&#12;ir.</p>")
    assert stranger.pull() == 1
    assert stranger.text() == CARDS
    assert "it has the control character U+000C" in capsys.readouterr().err


def test_a_deck_that_is_written_in_another_case_is_the_same_deck(stranger: Stranger) -> None:
    stranger.make("BODY", Front="What is new?", Back="This.")
    stranger.make("bODY::Inside", "made-2", Front="What is inside?", Back="That.")
    assert stranger.pull() == 0
    assert stranger.text() == f"{CARDS}\n## What is new?\n\nThis.\n"
    assert "Body::Inside" in stranger.text("cards/Body/Inside.md")
    before = stranger.records()
    stranger.build()
    assert stranger.records() == before


def test_a_note_type_that_comes_with_a_note_is_shown(
    stranger: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger.make("Body", Front="What is new?", Back="This.")
    stranger.make_type("<script>evil()</script>")
    stranger.pull("--diff")
    said = capsys.readouterr().out
    assert "+++ b/notetypes/" in said
    assert "\n+<script>evil()</script>" in said


def test_a_pull_that_was_killed_before_the_lock_is_done_by_the_next_one(
    stranger: Stranger,
) -> None:
    before = stranger.author.folder.joinpath("ankipress.lock").read_bytes()
    stranger.edit("What does the lung", Back="<p>It takes in <b>oxygen</b>.</p>")
    guid = stranger.make("Body", Front="What is new?", Back="<b>This</b>.")
    stranger.make("Body", "made-2", Front="What is newer?", Back="That.")
    assert stranger.pull() == 0
    text = stranger.text()
    lock = stranger.records()
    stranger.author.write("ankipress.lock", before)  # all but the lock was written
    assert stranger.pull() == 0
    assert stranger.text() == text
    assert stranger.records() == lock
    stranger.author.write("ankipress.lock", before)
    stranger.author.write("cards.md", text[: text.index("## What is newer")])
    assert stranger.pull() == 0
    assert stranger.text() == text
    assert stranger.records() == lock
    assert guid in lock
    stranger.build()
    assert stranger.records() == lock


def test_a_card_that_only_asks_the_same_is_another_one(stranger: Stranger) -> None:
    stranger.make("Body", Front="What is new?", Back="This.")
    text = f"{CARDS}\n## What is new?\n\nThat.\n"
    stranger.author.write("cards.md", text)
    assert stranger.pull() == 1
    assert stranger.text() == text
    assert "made-there" not in stranger.records()


def test_a_field_that_nobody_has_written_is_told_and_left(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(unreadable_text, "_LONGEST", 1_000)
    stranger.edit("What does the heart", Back="<p>It pumps.</p>")
    stranger.edit("What does the lung", Back="word " * 201)
    stranger.make("Body", Front="What is new?", Back="word " * 201)
    assert stranger.pull() == 1
    assert "It pumps.\n" in stranger.text()
    assert "word" not in stranger.text()
    assert capsys.readouterr().err.count("a field of more than 1,000 characters") == 2
