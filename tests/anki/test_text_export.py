"""`ankipress export --text`, imported by the real Anki where no package updates anything: into
note types with ids of the learner's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ankipress.build.pipeline import make_package
from ankipress.cli.main import run
from ankipress.model import PackedNote
from ankipress.package.notes_text import make_text
from author import DAY, FIRST_RELEASE, Author, lock_of
from learner import EASY, GOOD, ImportLog, Learner
from packages import CLOZE, NOTE_TYPE, PACKAGE

CARDS = """\
# Story

## What is kept?

This answer.

## What is edited?

The old answer.

## What gets a deletion?

It is {{c1::one}}.

## What is tagged? {.chapter}

A note.
"""
EDITS = {
    "The old answer.": 'The new answer,\non two lines with "quotes".',
    "{{c1::one}}.": "{{c1::one}} and {{c2::two}}.",
}
ADDED = "\n## What is new? {.chapter}\n\nA card.\n"


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(tmp_path / "author", monkeypatch, {"name": "story", "uid": "story-of-texts"})
    author.write("cards.md", CARDS)
    return author


@pytest.fixture
def learner(author: Author, tmp_path: Path) -> Iterator[Learner]:
    """A learner with the first version, whose note types have other ids than the package."""
    package = author.release("1.0.0")
    with Learner(tmp_path / "learner") as learner:
        learner.add_note_types(package)
        log = learner.import_text(exported(author))
        assert (len(log.new), replace(log, new=())) == (4, ImportLog())
        yield learner


def exported(author: Author, *words: str) -> Path:
    path = author.folder / "build" / "deck.txt"
    assert run(["export", "--text", "-o", str(path), *words]) == 0
    return path


def edited(author: Author) -> Path:
    text = CARDS
    for old, new in EDITS.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    author.write("cards.md", text + ADDED)
    return author.release("1.1.0", at=FIRST_RELEASE + DAY)


def test_the_same_version_again_changes_nothing(author: Author, learner: Learner) -> None:
    before = learner.notes(), learner.snapshot()
    assert len(learner.import_text(exported(author)).duplicate) == 4
    assert (learner.notes(), learner.snapshot()) == before


def test_the_next_version_updates_what_it_changed_and_no_review(
    author: Author, learner: Learner
) -> None:
    names = {name: learner.guid(f"What {name}") for name in ("is kept", "is edited", "is tagged")}
    gap = learner.guid("What gets a deletion")
    learner.answer(names["is kept"], EASY)
    learner.answer(names["is edited"], GOOD)
    learner.answer(gap, GOOD)
    learner.tag(names["is tagged"], "leech")
    learner.move(names["is edited"], "Mine")
    reviewed, kept = learner.snapshot(), learner.notes()
    edited(author)

    log = learner.import_text(exported(author))
    new = learner.guid("What is new")
    assert log == ImportLog(
        new=(new,),
        updated=tuple(sorted([names["is edited"], gap])),
        duplicate=tuple(sorted([names["is kept"], names["is tagged"]])),
    )
    notes = learner.notes()
    assert {key: value for key, value in learner.snapshot().items() if key in reviewed} == reviewed
    assert notes[names["is kept"]] == kept[names["is kept"]]
    assert notes[names["is tagged"]].tags == ("chapter", "leech")
    assert "new answer" in notes[names["is edited"]].fields["Back"]
    assert notes[gap].ords == (0, 1)
    assert notes[new].tags == ("chapter",)
    assert learner.complaints() == []


def test_with_all_tags_a_learner_has_the_tags_of_the_deck(author: Author, learner: Learner) -> None:
    tagged = learner.guid("What is tagged")
    learner.tag(tagged, "own")
    edited(author)
    learner.import_text(exported(author, "--all-tags"))
    assert learner.notes()[tagged].tags == ("chapter",)


def test_a_package_updates_none_of_their_notes(author: Author, learner: Learner) -> None:
    """What the text is for."""
    before = learner.notes()
    log = learner.import_package(edited(author))
    assert (len(log.conflicting), log.updated) == (4, ())
    assert {guid: learner.notes()[guid] for guid in before} == before


def test_notes_whose_guids_anki_made_up_are_found_by_their_first_fields(
    author: Author, tmp_path: Path
) -> None:
    package = author.release("1.0.0")
    with Learner(tmp_path / "learner") as learner:
        learner.add_note_types(package)
        learner.import_text(exported(author, "--by-first-field"))
        guids = learner.notes().keys()
        assert guids.isdisjoint(record.guid for record in lock_of(author.folder).records)
        learner.answer(learner.guid("What is edited"), GOOD)
        reviewed = learner.snapshot()
        author.write("cards.md", CARDS.replace("The old", "The new"))
        author.release("1.1.0", at=FIRST_RELEASE + DAY)
        log = learner.import_text(exported(author, "--by-first-field"))
        assert log.first_field_match == (learner.guid("What is edited"),)
        assert (len(log.duplicate), log.new) == (3, ())
        assert learner.snapshot() == reviewed
        assert "new answer" in str(learner.notes()[learner.guid("What is edited")].fields)


NASTY = (
    'with "quotes", and "',
    "with\ta tab",
    "with\na line\n\n#tags column:1\n",
    "#guid column:2",
    "# a heading",
    " ; , | : ",
    "<b>bold</b> &amp; <br>",
    "=1+1",
    "ünï\u200b\u202e文",
)


def test_no_text_is_read_as_anything_else(tmp_path: Path) -> None:
    """Guids, decks, fields and tags come out of Anki's reader as they went in."""
    sent = {}
    for number, text in enumerate(NASTY):
        guid = f"#{number}\"'\\,;"
        sent[guid] = PackedNote(
            guid, number, 1, "basic", 'a "b" #c', (text, text), ("#a", '"b"'), (0,)
        )
    cloze = PackedNote("cloze", 99, 1, "cloze", "Other", ("{{c1::x}}",), (), (0,))
    package = replace(PACKAGE, notes=(*sent.values(), cloze), note_types=(CLOZE, NOTE_TYPE))
    export = make_text(package, {*sent, "cloze"})
    path = tmp_path / "deck.txt"
    path.write_bytes(export.text.encode())
    made = tmp_path / "made.apkg"
    made.write_bytes(make_package(package))
    with Learner(tmp_path / "learner") as learner:
        learner.add_note_types(made)
        log = learner.import_text(path)
        assert sorted(log.new) == sorted([*sent, "cloze"])
        notes = learner.notes()
        assert learner.decks() == ("Other", 'a "b" #c')
    for guid, note in sent.items():
        assert tuple(notes[guid].fields.values()) == note.fields
        assert set(notes[guid].tags) == set(note.tags)
    assert tuple(notes["cloze"].fields.values()) == ("{{c1::x}}",)
