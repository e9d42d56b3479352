"""A package that learners have → the lock that its notes must have had."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.identity.fingerprint import Trace
from ankipress.identity.match import match
from ankipress.identity.signature import opening_of, sign
from ankipress.identity.stamping import own_tags, packed_digest
from ankipress.model import Lock, Note, NoteTypeStamp, PackedNote, Record, Texts
from ankipress.syntax.plain_text import plain_text


class Outcome(enum.Enum):
    """What became of a note of the package."""

    MATCHED = enum.auto()
    UNCLEAR = enum.auto()
    GONE = enum.auto()
    FOREIGN = enum.auto()


@dataclass(frozen=True, slots=True)
class Published:
    """A note as a package holds it. `key` is the note type of ankipress that it has, None for one
    of another tool.
    """

    guid: str
    note_id: int
    mod: int
    key: str | None
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def question(self) -> str:
        """The text of its front."""
        return plain_text(_sides(self.key, self.fields)[0])


@dataclass(frozen=True, slots=True)
class PublishedPackage:
    """The notes of a package, and its note types that are ankipress's, by key."""

    notes: tuple[Published, ...]
    note_types: Mapping[str, NoteTypeStamp]


@dataclass(frozen=True, slots=True)
class Recovered:
    """The lock with the notes of the package, and what became of each, by guid: the card that it
    is, where it is one.
    """

    lock: Lock
    outcomes: Mapping[str, tuple[Outcome, Note | None]]


def recover(
    package: PublishedPackage, cards: Sequence[tuple[Note, PackedNote]], lock: Lock, version: str
) -> Recovered:
    """Find the cards again in the notes of a package; `version` is said to be the one they came in.

    Both sides are compared as rendered, so that an unedited card is the same to the letter. A note
    of another tool's note type can be found, but Anki would refuse to update it, so it is not
    remembered.
    """
    known = {record.guid for record in lock.records}
    lost = [each for each in package.notes if each.guid not in known]
    free = [(note, packed) for note, packed in cards if note.record is None]
    # Notes of another tool can be found only if the note type does not count.
    grouped = all(each.key is not None for each in lost)
    olds = [
        _trace(each.fields, each.key, number, grouped=grouped) for number, each in enumerate(lost)
    ]
    news = [
        _trace(packed.fields, packed.note_type, number, grouped=grouped)
        for number, (_, packed) in enumerate(free)
    ]
    matching = match(olds, news)
    cards_of = {old: free[new][0] for new, old in matching.pairs.items()}
    unclear = {old for call in matching.close for old in call.candidates}
    outcomes: dict[str, tuple[Outcome, Note | None]] = {}
    records = []
    for number, each in enumerate(lost):
        note = cards_of.get(number)
        if each.key is None:
            outcomes[each.guid] = Outcome.FOREIGN, note
            continue
        outcome = (
            Outcome.MATCHED if note else Outcome.UNCLEAR if number in unclear else Outcome.GONE
        )
        outcomes[each.guid] = outcome, note
        records.append(_record(each, each.key, note, version))
    note_types = {**package.note_types, **lock.note_types}
    return Recovered(
        replace(lock, note_types=note_types, records=(*lock.records, *records)), outcomes
    )


def _trace(fields: Sequence[str], key: str | None, number: int, *, grouped: bool) -> Trace:
    front, back = _sides(key, fields)
    previous = number - 1 if number else None
    return Trace(
        plain_text(front), sign(plain_text(back)), "", "", previous, (key or "") if grouped else ""
    )


def _sides(key: str | None, fields: Sequence[str]) -> tuple[str, str]:
    """The fields that ask and answer. A cloze note has one text for both; of an image occlusion the
    header asks.
    """
    if key == "occlusion":
        return fields[2], fields[1] + fields[3]
    return fields[0], fields[1] if key != "cloze" and len(fields) > 1 else ""


def _record(each: Published, key: str, note: Note | None, version: str) -> Record:
    """A line of the lock: what was packed as the package has it, what is read in matching as the
    card has it now.
    """
    entry = note.entry if note else None
    _, back = _sides(key, each.fields)
    return Record(
        guid=each.guid,
        note_id=each.note_id,
        id=entry.attributes.id if entry else None,
        kind=entry.kind if entry else key,
        deck=each.deck,
        path=entry.path if entry else "",
        section=entry.section if entry else "",
        after=None,
        texts=note.texts
        if note
        else Texts(each.question, sign(plain_text(back)), opening_of(plain_text(back))),
        digest=packed_digest(key, each.fields, own_tags(each.tags)),
        mod=each.mod,
        since=version,
        changed=version,
    )
