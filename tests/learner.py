"""A learner: a real Anki collection without a window, and what a learner would notice in it.

Everything is told by guid and ord, never by Anki's own ids, so that a test can compare what an
author wrote with what arrived. `Author`, in `author.py`, is the other side.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

pytest.importorskip(
    "anki.collection",
    reason="NOTHING IS TESTED AGAINST THE REAL ANKI: pip install anki, as requirements-dev.lock "
    "does",
)

from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
    ImportCsvRequest,
)
from anki.lang import set_lang

set_lang("en")

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
"""The buttons below an answer."""

CardKey = tuple[str, int]
"""A card by the guid of its note and its ord, from 0."""


@dataclass(frozen=True, slots=True)
class ImportLog:
    """What Anki itself says that an import did: the guids of each outcome, sorted.

    `duplicate` is Anki's word for a note that it had already and leaves as it is; nothing is there
    twice.
    """

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    duplicate: tuple[str, ...] = ()
    conflicting: tuple[str, ...] = ()
    first_field_match: tuple[str, ...] = ()
    missing_notetype: tuple[str, ...] = ()
    missing_deck: tuple[str, ...] = ()
    empty_first_field: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheduling:
    """All that Anki remembers of a card, but for when it was written. `reviews` are the rows of the
    review log.
    """

    deck: str
    due: int
    interval: int
    ease: int
    repetitions: int
    lapses: int
    left: int
    queue: int
    type: int
    flags: int
    data: str
    reviews: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A note as it stands in the collection."""

    note_type: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    ords: tuple[int, ...]
    mod: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The two sides of a card as HTML, without the style sheet."""

    question: str
    answer: str


class Learner:
    """A collection in a folder of its own, a new one where there is none. Use it in a `with`
    statement: Anki locks the file.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.collection = Collection(str(folder / "collection.anki2"))
        self._media = folder / "collection.media"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.collection.close()

    # What a learner does.

    def import_package(self, path: Path) -> ImportLog:
        """Import with what the dialog of the desktop has ticked at first, and return what Anki says
        of it.
        """
        # All of them are off or 0: no progress, no presets, no merging of note types, and both
        # updates "If newer".
        options = ImportAnkiPackageOptions()
        request = ImportAnkiPackageRequest(package_path=str(path.resolve()), options=options)
        log = self.collection.import_anki_package(request).log
        self.collection.models._clear_cache()  # which would show note types as they were
        return self._import_log(log)

    def import_text(self, path: Path) -> ImportLog:
        """Import a text file with what the dialog of the desktop has chosen at first."""
        metadata = self.collection.get_csv_metadata(path=str(path.resolve()), delimiter=None)
        request = ImportCsvRequest(path=str(path.resolve()), metadata=metadata)
        return self._import_log(self.collection.import_csv(request).log)

    def _import_log(self, log: Any) -> ImportLog:
        guids = dict(self._rows("SELECT id, guid FROM notes"))
        return ImportLog(*(_guids(getattr(log, field.name), guids) for field in fields(ImportLog)))

    def add_note_types(self, package: Path) -> None:
        """Make the note types of a package anew, with ids of this collection alone."""
        for model in models_of(package):
            named = {key: model[key] for key in ("name", "type", "css", "flds", "tmpls")}
            self.collection.models.add({**self.collection.models.new(""), **named})

    def answer(self, guid: str, button: int = GOOD, *, ord: int = 0) -> None:
        """Answer a card, whether or not it is due."""
        card = self.collection.get_card(self._card_id(guid, ord))
        card.start_timer()
        self.collection.sched.answerCard(card, button)

    def tag(self, guid: str, *tags: str) -> None:
        """Add tags to a note."""
        self.collection.tags.bulk_add([self._note_id(guid)], " ".join(tags))

    def suspend(self, guid: str, *, ord: int = 0) -> None:
        """Suspend a card."""
        self.collection.sched.suspend_cards([self._card_id(guid, ord)])

    def flag(self, guid: str, colour: int, *, ord: int = 0) -> None:
        """Flag a card."""
        self.collection.set_user_flag_for_cards(colour, [self._card_id(guid, ord)])

    def move(self, guid: str, deck: str) -> None:
        """Move the cards of a note to a deck, which is made where there is none."""
        cards = self.collection.card_ids_of_note(self._note_id(guid))
        self.collection.set_deck(cards, self.collection.decks.id(deck))

    def export(self, path: Path) -> Path:
        """Export the whole collection as a package in Anki's newest format, without scheduling."""
        options = ExportAnkiPackageOptions(with_scheduling=False, with_media=True, legacy=False)
        self.collection.export_anki_package(
            out_path=str(path.resolve()), options=options, limit=None
        )
        return path

    # What a learner has.

    def snapshot(self) -> dict[CardKey, Scheduling]:
        """The scheduling of every card."""
        decks = {each.id: each.name for each in self.collection.decks.all_names_and_ids()}
        columns = (
            "guid, ord, did, due, ivl, factor, reps, lapses, left, queue, type, "
            "cards.flags, "
            "cards.data, cards.id"
        )
        scheduling = {}
        for guid, ord, deck, *values, card_id in self._rows(
            f"SELECT {columns} FROM cards JOIN notes ON notes.id = nid"
        ):
            log = self._rows(
                "SELECT id, ease, ivl, lastIvl, factor, time, type FROM revlog WHERE cid = ? "
                "ORDER BY id",
                card_id,
            )
            row = (decks[deck], *values, tuple(map(tuple, log)))
            scheduling[guid, ord] = Scheduling(*row)
        return scheduling

    def notes(self) -> dict[str, StoredNote]:
        """Every note, by guid."""
        stored = {}
        for note_id in self.collection.find_notes(""):
            note = self.collection.get_note(note_id)
            ords = tuple(sorted(card.ord for card in note.cards()))
            stored[note.guid] = StoredNote(
                note.mid, dict(note.items()), tuple(note.tags), ords, note.mod
            )
        return stored

    def shown(self) -> dict[CardKey, Shown]:
        """Both sides of every card, as Anki's reviewer would show them."""
        cards = map(self.collection.get_card, self.collection.find_cards(""))
        outputs = ((card.note().guid, card.ord, card.render_output()) for card in cards)
        return {
            (guid, ord): Shown(output.question_text, output.answer_text)
            for guid, ord, output in outputs
        }

    def new_cards(self) -> list[CardKey]:
        """The new cards in the order in which they will be studied, by deck."""
        query = (
            "SELECT guid, ord FROM cards JOIN notes ON notes.id = nid WHERE queue = 0 "
            "ORDER BY "
            "due, ord"
        )
        return [(guid, ord) for guid, ord in self._rows(query)]

    def queue(self, deck: str) -> list[CardKey]:
        """The cards that the reviewer will show today, in order, when this deck is opened."""
        self.collection.decks.set_current(self.collection.decks.by_name(deck)["id"])
        queued = self.collection.sched.get_queued_cards(fetch_limit=1000).cards
        return [
            (self.collection.get_note(each.card.note_id).guid, each.card.template_idx)
            for each in queued
        ]

    def media(self) -> dict[str, bytes]:
        """Every media file, by name."""
        return {path.name: path.read_bytes() for path in self._media.iterdir()}

    def decks(self) -> tuple[str, ...]:
        """The decks, sorted, but for the one that Anki always has."""
        names = (
            each.name for each in self.collection.decks.all_names_and_ids(skip_empty_default=True)
        )
        return tuple(sorted(names))

    def description(self, deck: str) -> str:
        """The description of a deck."""
        return str(self.collection.decks.by_name(deck)["desc"])

    def text(self, html: str) -> str:
        """HTML as Anki's browser shows it in a column: on one line, without tags, pictures by their
        names.
        """
        return str(
            self.collection._backend.html_to_text_line(text=html, preserve_media_filenames=True)
        )

    def guid(self, beginning: str) -> str:
        """The guid of the one note whose first field begins with this text."""
        rows = self._rows("SELECT guid, flds FROM notes")
        [guid] = [
            guid
            for guid, values in rows
            if self.text(values.split("\x1f")[0]).startswith(beginning)
        ]
        return str(guid)

    def comparison(self, guid: str, typed: str) -> str:
        """What Anki shows when this was typed where the note's `Typed` was expected, as HTML."""
        expected = self.notes()[guid].fields["Typed"]
        return str(self.collection.compare_answer(expected, typed))

    # What would be wrong.

    def template_errors(self) -> list[str]:
        """The sides of cards on which Anki shows an error, nothing, or a cloze with nothing to
        guess.
        """
        errors = []
        for card_id in self.collection.find_cards(""):
            card = self.collection.get_card(card_id)
            output = card.render_output()
            for side, html in (("front", output.question_text), ("back", output.answer_text)):
                if not self.text(html) or any(
                    phrase in html for phrase in _error_phrases(self.collection.tr)
                ):
                    errors.append(
                        f"{card.note().guid} card {card.ord + 1} {side}: "
                        f"{self.text(html) or 'nothing'}"
                    )
            # In mathematics a gap has no markup around it.
            if card.note_type()["type"] == 1 and not re.search(
                r'class="cloze"|\[(?:\.\.\.|hint)\]', output.question_text
            ):
                errors.append(
                    f"{card.note().guid} card {card.ord + 1}: no gap in "
                    f"{self.text(output.question_text)!r}"
                )
        return errors

    def complaints(self) -> list[str]:
        """What Anki's own checks find: of the database, of media that are missing or unused, and of
        empty cards.
        """
        # The last line says that it is done. The time of the last review it compares with the log
        # to the second, so an answer given just when a second ends is complained of too: that is
        # between Anki and its clock.
        *database, _ = self.collection.fix_integrity()[0].split("\n")
        media = self.collection.media.check()
        empty = self.collection.get_empty_cards().report
        return [
            *(line for line in database if "last review time" not in line),
            *(f"missing media: {name}" for name in media.missing),
            *(f"unused media: {name}" for name in media.unused),
            *([empty] if empty else []),
        ]

    def save_all(self) -> None:
        """Save every note as after an edit: Anki normalises its fields and makes the cards that it
        finds missing.
        """
        notes = self.collection.find_notes("")
        self.collection.after_note_updates(notes, mark_modified=True, generate_cards=True)

    def _rows(self, query: str, *values: object) -> list[Any]:
        rows: list[Any] = self.collection.db.all(query, *values)
        return rows

    def _note_id(self, guid: str) -> int:
        [[note_id]] = self._rows("SELECT id FROM notes WHERE guid = ?", guid)
        return int(note_id)

    def _card_id(self, guid: str, ord: int) -> int:
        [[card_id]] = self._rows(
            "SELECT id FROM cards WHERE nid = ? AND ord = ?", self._note_id(guid), ord
        )
        return int(card_id)


def models_of(package: Path) -> list[dict[str, Any]]:
    """The note types in a package of ankipress, as Anki's JSON."""
    with zipfile.ZipFile(package) as file, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(file.read("collection.anki2"))
        [[models]] = connection.execute("SELECT models FROM col")
    return list(json.loads(models).values())


def _guids(notes: Iterable[Any], guids: Mapping[int, str]) -> tuple[str, ...]:
    # What was left out has no note.
    return tuple(sorted(guids.get(each.id.nid, "") for each in notes))


def _error_phrases(translations: Any) -> list[str]:
    return [
        translations.card_template_rendering_front_side_problem(),
        translations.card_template_rendering_back_side_problem(),
        translations.card_template_rendering_empty_front(),
        # The number stands between isolating marks; what is before it is enough.
        translations.card_template_rendering_missing_cloze(number=1).partition("\u2068")[0],
    ]
