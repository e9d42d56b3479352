"""Documents and the entries of their sections → the entries of a project, each in its place.

Here entries get what depends on more than their own text: lines of the file, decks, tags and
anchors. Ids, cards and rows that must be unique are checked here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.model import Entry
from ankipress.parse.above_cards import near_cards
from ankipress.parse.attributes import normal_tags
from ankipress.parse.deeper_questions import deeper_questions
from ankipress.parse.document import Document
from ankipress.parse.higher_questions import higher_questions
from ankipress.parse.no_cards import no_cards
from ankipress.parse.project_checks import bad_decks, unknown_keys
from ankipress.parse.section_places import SectionPlaces
from ankipress.parse.shapes.prefix import begins_with_mark
from ankipress.parse.shapes.shapes import HEADINGS, PREFIX
from ankipress.project.settings import Settings
from ankipress.syntax.anchors import anchors


class SectionEntries(Protocol):
    """The entries of a section, and its problems. Places count from its first line."""

    @property
    def entries(self) -> Sequence[Entry]:
        """One entry, or one for each row."""

    @property
    def problems(self) -> Sequence[Diagnostic]:
        """What is wrong with the section."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The entries of a project in order, the number of drafts left out, and the problems."""

    entries: tuple[Entry, ...]
    drafts: int
    diagnostics: tuple[Diagnostic, ...]


def place_entries(
    documents: Sequence[Document],
    read: Sequence[Sequence[SectionEntries]],
    settings: Settings,
) -> Parsed:
    """The entries of all documents. `read` are the entries of their sections.

    A file without cards is no problem, a project without cards is one.
    """
    entries: list[Entry] = []
    problems: list[Diagnostic] = []
    for document, sections in zip(documents, read, strict=True):
        placed = _placed(
            document,
            sections,
            settings,
        )
        entries += placed
        problems += document.problems
        if document.shape == HEADINGS:
            problems += _beside_headings(document)
        if document.shape == PREFIX:
            problems += _underlined_marks(document)
        found: list[Diagnostic] = []
        for section, each in zip(document.sections, sections, strict=True):
            found += SectionPlaces(section, document.path).problems(each.problems)
        problems += _once_a_file(found)
    problems += unknown_keys(documents)
    problems += bad_decks(entries, documents)
    problems += _duplicate_ids(entries, documents)
    built = [entry for entry in entries if not entry.attributes.draft]
    drafts = len(entries) - len(built)
    if not built and documents:
        problems.append(no_cards(documents, settings, drafts))
    problems += _duplicate_cards(built)
    problems += _duplicate_rows(entries)
    return Parsed(
        tuple(built),
        drafts,
        tuple(problems),
    )


def _beside_headings(document: Document) -> Iterator[Diagnostic]:
    """What was likely meant as the heading of a card, or as none."""
    yield from _underlined(document, document.context.card_level)
    yield from deeper_questions(document)
    yield from higher_questions(document)
    yield from near_cards(document)


def _placed(
    document: Document,
    sections: Sequence[SectionEntries],
    settings: Settings,
) -> Iterator[Entry]:
    """The entries of a document where they stand in it."""
    anchor_of: Mapping[int, str] = {}
    if settings.source_url:
        anchor_of = anchors(document.headings)
    shared_tags: dict[tuple[str, ...], tuple[str, ...]] = {}
    for section, read in zip(document.sections, sections, strict=True):
        trail = section.trail
        if trail not in shared_tags:
            shared_tags[trail] = _tags(
                document,
                trail,
                settings,
            )
        deck = _deck(
            document.deck,
            trail,
            settings,
        )
        places = SectionPlaces(section, document.path)
        for entry in read.entries:
            where = trail
            if entry.context:
                where = (*trail, entry.context)
            yield Entry(
                location=places.location(entry.location),
                heading=entry.heading,
                parts=places.parts(entry.parts),
                kind=entry.kind,
                attributes=entry.attributes,
                tags=_merged(shared_tags[trail], entry.tags),
                deck=deck,
                section=" / ".join(where),
                anchor=anchor_of.get(section.line, ""),
                table=places.part(entry.table) if entry.table else None,
                definitions=entry.definitions,
                footnotes=places.parts(entry.footnotes),
                breaks=places.part(entry.question).breaks,
                dialect=entry.dialect,
                modes=entry.modes,
                is_labelled=entry.is_labelled,
            )


def _deck(
    deck: str,
    trail: Sequence[str],
    settings: Settings,
) -> str:
    """The deck of the cards below some headings."""
    if settings.sections != "subdeck":
        return deck
    for heading in trail:
        name = heading.replace("::", ":")
        deck += f"::{name}"
    return deck


def _tags(
    document: Document,
    trail: Sequence[str],
    settings: Settings,
) -> tuple[str, ...]:
    """The tags that all cards below some headings have."""
    tags = list(document.tags)
    if trail and settings.sections == "tag":
        names = [re.sub(r"[\s:]+", "-", heading).strip("-") for heading in trail]
        tags.append("::".join(names))
    return normal_tags(tags)


def _merged(shared: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    if not own:
        return shared
    return tuple(sorted({*shared, *own}))


_ONCE_A_FILE = frozenset({"foreign-markup", "near-heading", "tex-as-text"})


def _once_a_file(problems: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Problems of which a file may have hundreds that are mended alike, by hand: each sort once."""
    told: set[tuple[str, str]] = set()
    for each in problems:
        sort = each.code, each.help
        if each.code in _ONCE_A_FILE and each.fix is None and sort in told:
            continue
        told.add(sort)
        yield each


def _underlined(document: Document, level: int) -> Iterator[Diagnostic]:
    """Warn of headings that are underlined with `---`, where most have `#`.

    The author may have meant `---` as the end of a question.
    """
    cards = [heading for heading in document.headings if heading.level == level]
    if all(heading.underlined for heading in cards):
        return
    for heading in cards:
        underline = document.lines[heading.end - 1]
        if not heading.underlined or underline.strip() != "---":
            continue
        yield Diagnostic(
            "underlined-heading",
            location_of_text(document.path, heading.end, underline),
            "`---` right below a text makes that text a heading, and so a card of its own",
            "leave an empty line above `---` if it ends a question, or write the heading with `#`",
        )


def _underlined_marks(document: Document) -> Iterator[Diagnostic]:
    """Warn of lines with `Q:` or `A:` that a `---` right below them makes a heading of."""
    for heading in document.headings:
        underline = document.lines[heading.end - 1]
        if not heading.underlined or underline.strip() != "---":
            continue
        if begins_with_mark(document.lines[heading.start]):
            yield Diagnostic(
                "underlined-heading",
                location_of_text(document.path, heading.end, underline),
                "`---` right below a text makes that text a heading, which is on no card",
                "leave an empty line above `---`",
            )


def _duplicate_ids(entries: Iterable[Entry], documents: Sequence[Document]) -> Iterator[Diagnostic]:
    lines = {document.path: document.lines for document in documents}
    first: dict[str, Entry] = {}
    for entry in entries:
        id = entry.attributes.id
        if id is None:
            continue
        other = first.setdefault(id, entry)
        if other is not entry:
            place = _place_of_id(
                entry.location,
                lines[entry.path],
                id,
            )
            message = f'the id "{id}" is taken by {other.path}:{other.location.line}'
            help = "an id belongs to one card: choose another"
            yield Diagnostic(
                "duplicate-id",
                place,
                message,
                help,
            )


def _place_of_id(
    location: Location,
    lines: Sequence[str],
    id: str,
) -> Location:
    """Where the id of a card stands: in its braces, or in a mark of another tool further down."""
    place = _last_words(
        location,
        lines[location.line - 1],
        f"#{id}",
    )
    if place is not location:
        return place
    mark = re.compile(rf"(?:\^|<!--[^>]*?)({re.escape(id)})(?=\s*\Z|[ \t)]*-->)")
    for number, line in enumerate(lines[location.line - 1 :], location.line):
        if found := mark.search(line):
            return Location(
                location.path,
                number,
                found.start(1) + 1,
                len(id),
            )
    return location


def _last_words(
    location: Location,
    line: str,
    words: str,
) -> Location:
    """Where words stand last on a line, or the line where they do not."""
    column = line.rfind(words)
    if column < 0:
        return location
    return Location(
        location.path,
        location.line,
        column + 1,
        len(words),
    )


def _duplicate_cards(entries: Iterable[Entry]) -> Iterator[Diagnostic]:
    first: dict[object, Entry] = {}
    for entry in entries:
        texts = sorted(_texts(entry).items())
        card = (entry.context, entry.heading, entry.kind, *texts)
        other = first.setdefault(card, entry)
        if other is not entry:
            message = f"the same card stands at {other.path}:{other.location.line}"
            yield Diagnostic(
                "duplicate-card",
                entry.location,
                message,
                "delete one of them",
            )


def _duplicate_rows(entries: Iterable[Entry]) -> Iterator[Diagnostic]:
    """Rows of one table with the same question and different answers.

    No learner can tell them apart. Rows that are the same are reported as duplicate cards.
    """
    first: dict[tuple[str, str, str], Entry] = {}
    for entry in entries:
        if entry.kind != "rows" or not entry.heading:
            continue
        other = first.setdefault((entry.path, entry.section, entry.heading), entry)
        if _texts(other) != _texts(entry):
            message = (
                f"this row asks the same as line {other.location.line}, and has another answer"
            )
            help = "say in the first cell what is meant, or make them one row"
            yield Diagnostic(
                "duplicate-row",
                entry.location,
                message,
                help,
            )


def _texts(entry: Entry) -> dict[str, str]:
    return {name: part.text for name, part in entry.parts.items()}
