"""What stands on the site, before it is HTML: decks, their pages and sections, notes and their
cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from ankipress.build.pipeline import Compiled
from ankipress.model import Record, State
from ankipress.preview.preview_cards import PreviewCard, preview_cards
from ankipress.preview.site.growth import Snapshot
from ankipress.project.settings import Settings

PAGE = 100
"""Notes on one page of a deck."""


@dataclass(frozen=True, slots=True)
class Download:
    """A package that learners import."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Publication:
    """All that goes into a site. `changelog` is Markdown, or empty; `history` holds the locks of
    before, oldest first.
    """

    settings: Settings
    compiled: Compiled
    downloads: tuple[Download, ...] = ()
    changelog: str = ""
    history: Sequence[Snapshot] = ()


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note with its cards; `since` and `changed` are versions of the deck."""

    guid: str
    question: str
    deck: str
    section: str
    tags: tuple[str, ...]
    since: str
    changed: str
    cards: tuple[PreviewCard, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Notes below one heading, which is empty where they stand below none."""

    title: str
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class DeckPage:
    """A part of a deck that fits a page, and the name of its file."""

    file: str
    number: int
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class DeckView:
    """A deck: its whole name, what it holds, and its pages."""

    name: str
    notes: int
    cards: int
    pages: tuple[DeckPage, ...]

    @property
    def file(self) -> str:
        """The name of the file of its first page."""
        return self.pages[0].file

    @property
    def parts(self) -> list[str]:
        """The names of the decks above it and its own."""
        return self.name.split("::")


@dataclass(frozen=True, slots=True)
class Retired:
    """A note that is no longer in the deck. Who has its address finds what became of it."""

    guid: str
    question: str
    deck: str
    since: str


@dataclass(frozen=True, slots=True)
class Content:
    """Decks in the order in which a learner meets them, and what was in them once."""

    decks: tuple[DeckView, ...]
    retired: tuple[Retired, ...]

    @property
    def notes(self) -> Iterator[NoteView]:
        """Every note, in order."""
        return (
            note
            for deck in self.decks
            for page in deck.pages
            for section in page.sections
            for note in section.notes
        )


def read_content(compiled: Compiled) -> Content:
    """What a compiled deck puts on its site."""
    records = {record.guid: record for record in compiled.stamped.lock.records}
    notes = [
        _note(records[guid], tuple(cards))
        for guid, cards in groupby(preview_cards(compiled), key=lambda each: each.guid)
    ]
    by_deck: dict[str, list[NoteView]] = {}
    for note in notes:
        by_deck.setdefault(note.deck, []).append(note)
    stems = _stems(list(by_deck))
    retired = (each for each in records.values() if each.state is State.RETIRED and each.since)
    return Content(
        tuple(_deck(name, stems[name], members) for name, members in by_deck.items()),
        tuple(Retired(each.guid, each.question, each.deck, each.since) for each in retired),
    )


def _note(record: Record, cards: tuple[PreviewCard, ...]) -> NoteView:
    first = cards[0]
    return NoteView(
        first.guid,
        first.question,
        first.deck,
        first.section,
        first.tags,
        record.since,
        record.changed,
        cards,
    )


def _deck(name: str, stem: str, notes: Sequence[NoteView]) -> DeckView:
    pages = []
    for start in range(0, len(notes), PAGE):
        number = start // PAGE + 1
        file = f"{stem}.html" if number == 1 else f"{stem}-{number}.html"
        sections = groupby(notes[start : start + PAGE], key=lambda each: each.section)
        pages.append(
            DeckPage(
                file, number, tuple(Section(title, tuple(members)) for title, members in sections)
            )
        )
    return DeckView(name, len(notes), sum(len(note.cards) for note in notes), tuple(pages))


def _stems(names: Sequence[str]) -> dict[str, str]:
    """A name of a file for each deck: readable, and no two alike on any system."""
    plain = {name: re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] for name in names}
    taken = [re.sub(r"-\d+$", "", each) for each in plain.values()]
    return {
        name: stem
        if stem and name.isascii() and taken.count(re.sub(r"-\d+$", "", stem)) == 1
        else "-".join(filter(None, (stem, sha256(name.encode()).hexdigest()[:8])))
        for name, stem in plain.items()
    }
