"""Decks of several versions in which it is known which card is which, and what matching makes of
them: by the parser, the matcher and the lock as a build uses them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ankipress.identity.assign import assign
from ankipress.identity.stamping import Packing, record_of
from ankipress.model import Assignment, Entry, Lock, Note, Record, Source, State
from ankipress.parse.document import read_document
from ankipress.parse.placing import place_entries
from ankipress.parse.section import read_section
from ankipress.project.settings import Settings

_SETTINGS = Settings(uid="scenes")
_PACKING = Packing("digest", 1, "1.0.0", "1.0.0")


@dataclass(frozen=True, slots=True)
class Card:
    """A card as an author writes it. `key` says which card it is, from version to version."""

    key: object
    question: str
    answer: str
    path: str = "deck.md"
    attributes: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """The versions of a deck, oldest first."""

    name: str
    versions: tuple[Sequence[Card], ...]


@dataclass(slots=True)
class Verdicts:
    """How many cards were kept, lost, wrong, asked, taken over, new, and new and asked; and the
    texts of those that are not as they should be.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def replay(scene: Scene) -> Verdicts:
    """What becomes of the cards of a scene, version by version, with the lock in between.

    An author who is asked says what is right, so that each version starts from a right lock.
    """
    verdicts = Verdicts()
    lock = Lock("scenes")
    keys: dict[str, object] = {}  # by guid
    texts: dict[object, Card] = {}
    for number, cards in enumerate(scene.versions):
        ordered = _in_files(cards)
        assignment = assign(_entries(ordered), lock, _SETTINGS)
        guids = {key: guid for guid, key in keys.items()}
        if number:
            _judge(assignment, ordered, keys, texts, verdicts)
        lock = _next_lock(assignment, ordered, lock, guids)
        keys |= {
            record.guid: card.key
            for record, card in zip(_active(lock, assignment, ordered, guids), ordered, strict=True)
        }
        texts |= {card.key: card for card in ordered}
    return verdicts


def _in_files(cards: Iterable[Card]) -> list[Card]:
    by_path: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        by_path[card.path].append(card)
    return [card for path in sorted(by_path) for card in by_path[path]]


def _entries(cards: Sequence[Card]) -> list[Entry]:
    texts: dict[str, list[str]] = defaultdict(lambda: ["# Deck\n"])
    for card in cards:
        texts[card.path].append(f"## {card.question} {card.attributes}\n\n{card.answer}\n")
    sources = [Source(path, "\n".join(pieces)) for path, pieces in texts.items()]
    documents = [read_document(source, _SETTINGS, {}) for source in sources]
    sections = [
        [read_section(section, document.context) for section in document.sections]
        for document in documents
    ]
    entries = list(place_entries(documents, sections, _SETTINGS).entries)
    assert len(entries) == len(cards), "a card of a scene was not read as one"
    return entries


def _judge(
    assignment: Assignment,
    cards: Sequence[Card],
    keys: dict[str, object],
    texts: dict[object, Card],
    verdicts: Verdicts,
) -> None:
    asked = {each.note.guid: each for each in assignment.unresolved}
    known = set(keys.values())
    for note, card in zip(assignment.notes, cards, strict=True):
        found = keys.get(note.record.guid) if note.record else None
        is_known = card.key in known
        if note.guid in asked:
            verdict = "asked" if is_known else "new, asked"
            found = keys[asked[note.guid].candidates[0].guid]
        elif is_known:
            verdict = "kept" if found == card.key else "wrong" if found is not None else "lost"
        else:
            verdict = "new" if found is None else "taken over"
        verdicts.counts[verdict] += 1
        if verdict not in {"kept", "new"}:
            verdicts.faults.append(_shown(verdict, card, texts.get(card.key), texts.get(found)))


def _shown(verdict: str, now: Card, before: Card | None, found: Card | None) -> str:
    lines = [f"--- {verdict}"]
    named = {"now": now, "was": before, "found": found if found is not before else None}
    for name, card in named.items():
        if card:
            lines.append(f"  {name:5} {card.path}: {card.question} || {card.answer[:200]}")
    return "\n".join(lines) + "\n"


def _active(
    lock: Lock, assignment: Assignment, cards: Sequence[Card], guids: dict[object, str]
) -> list[Record]:
    by_guid = {record.guid: record for record in lock.records}
    return [
        by_guid[guids.get(card.key, note.guid)]
        for card, note in zip(cards, assignment.notes, strict=True)
    ]


def _next_lock(
    assignment: Assignment, cards: Sequence[Card], lock: Lock, guids: dict[object, str]
) -> Lock:
    """The lock of the version, with every card under the guid that it should have."""
    right: dict[str, str] = {}
    notes: list[Note] = []
    taken = set(guids.values())
    for number, (note, card) in enumerate(zip(assignment.notes, cards, strict=True)):
        guid = guids.get(card.key)
        if guid is None:
            guid = note.guid if note.guid not in taken else f"{note.guid}{number}"
        guids[card.key] = guid
        taken.add(guid)
        right[note.guid] = guid
        notes.append(replace(note, guid=guid))
    notes = [replace(note, after=right.get(note.after or "")) for note in notes]
    records = {note.guid: record_of(note, _PACKING) for note in notes}
    for record in lock.records:
        if record.guid not in records:
            records[record.guid] = replace(record, state=State.RETIRED)
    return Lock("scenes", records=tuple(records.values()))
