"""What a site shows, before it is HTML: decks, their pages and sections, notes and their cards."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from ankipress.build.pipeline import Compiled
from ankipress.model import Record, State
from ankipress.preview.preview_cards import PreviewCard, preview_cards
from ankipress.preview.site.page_names import page_names
from ankipress.project.lock_history import Snapshot
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
    """All that goes into a site.

    `changelog` is Markdown, or empty; `history` holds earlier locks, oldest first.
    """

    settings: Settings
    compiled: Compiled
    downloads: tuple[Download, ...] = ()
    changelog: str = ""
    history: Sequence[Snapshot] = ()


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note with its cards, and the record that tells its versions."""

    record: Record
    cards: tuple[PreviewCard, ...]

    @property
    def card(self) -> PreviewCard:
        """Its first card, for what all of them have in common."""
        return self.cards[0]


@dataclass(frozen=True, slots=True)
class SiteSection:
    """Notes below one heading, which is empty where they stand below none."""

    title: str
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class DeckPage:
    """A part of a deck that fits a page, and the name of its file."""

    file: str
    number: int
    sections: tuple[SiteSection, ...]


@dataclass(frozen=True, slots=True)
class DeckView:
    """A deck: its full name, the numbers of its notes and cards, and its pages."""

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
class SiteContent:
    """Decks in the order in which a learner meets them, and the notes that were taken out.

    Who has the address of a retired note is told what became of it. `page_of` has the names of the
    pages of both, by guid.
    """

    decks: tuple[DeckView, ...]
    retired: tuple[Record, ...]
    page_of: Mapping[str, str]

    @property
    def places(self) -> Iterator[tuple[DeckView, DeckPage, NoteView]]:
        """Every note with its deck and its page, in order."""
        for deck in self.decks:
            for page in deck.pages:
                for section in page.sections:
                    for note in section.notes:
                        yield deck, page, note

    @property
    def notes(self) -> list[NoteView]:
        """Every note, in order."""
        return [note for _, _, note in self.places]


def read_content(compiled: Compiled) -> SiteContent:
    """What a compiled deck puts on its site."""
    records = compiled.stamped.lock.records
    by_guid = {record.guid: record for record in records}
    notes: dict[str, list[NoteView]] = defaultdict(list)
    for guid, cards in groupby(preview_cards(compiled), key=lambda card: card.guid):
        note = NoteView(by_guid[guid], tuple(cards))
        notes[note.card.deck].append(note)
    stems = _file_stems(list(notes))
    retired = [each for each in records if each.state is State.RETIRED and each.since]
    shown = [note.card.guid for members in notes.values() for note in members]
    return SiteContent(
        decks=tuple(_deck(name, stems[name], members) for name, members in notes.items()),
        retired=tuple(retired),
        page_of=page_names([*shown, *(each.guid for each in retired)]),
    )


def _deck(
    name: str,
    stem: str,
    notes: Sequence[NoteView],
) -> DeckView:
    pages = []
    for number, start in enumerate(range(0, len(notes), PAGE), 1):
        file = f"{stem}-{number}.html"
        if number == 1:
            file = f"{stem}.html"
        titled = groupby(notes[start : start + PAGE], key=lambda note: note.card.section)
        sections = [SiteSection(title, tuple(members)) for title, members in titled]
        pages.append(DeckPage(file, number, tuple(sections)))
    return DeckView(
        name,
        notes=len(notes),
        cards=sum(len(note.cards) for note in notes),
        pages=tuple(pages),
    )


def _file_stems(names: Sequence[str]) -> dict[str, str]:
    """A name of a file for each deck: readable, and no two alike on any system."""
    readable = {}
    for name in names:
        words = re.sub(r"[^a-z0-9]+", "-", name.lower())
        readable[name] = words.strip("-")[:60]
    # Pages of one deck end in numbers, so names that differ in those alone could clash.
    counts = Counter(map(_without_number, readable.values()))
    stems = {}
    for name, stem in readable.items():
        stems[name] = stem
        # Letters that a file name cannot have are told apart by a digest.
        if not stem or not name.isascii() or counts[_without_number(stem)] > 1:
            digest = sha256(name.encode()).hexdigest()[:8]
            stems[name] = f"{stem}-{digest}".lstrip("-")
    return stems


def _without_number(stem: str) -> str:
    return re.sub(r"-\d+$", "", stem)
