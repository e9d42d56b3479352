"""A package that learners have → the lock that its notes must have had."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ankipress.identity.fingerprint import Fingerprint
from ankipress.identity.match import match
from ankipress.identity.matching_texts import shortened
from ankipress.identity.signature import opening_of, sign
from ankipress.identity.stamping import Packing, own_tags, packed_digest, record_of
from ankipress.model import Lock, Note, NoteTypeStamp, PackedNote, Record, own_note_type
from ankipress.syntax.deletions import find_deletions
from ankipress.syntax.plain_html import plain_html


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
        question, _ = _sides(own_note_type(self.key or ""), self.fields)
        return plain_html(question)


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
    package: PublishedPackage,
    cards: Sequence[tuple[Note, PackedNote]],
    lock: Lock,
    version: str,
) -> Recovered:
    """Find the cards again in the notes of a package; `version` is said to be the one they came in.

    A card whose explicit id is the note id is that note. Of the others both sides are compared as
    rendered, so that an unedited card is the same to the letter. A note of another tool's note type
    can be found, but Anki would refuse to update it, so it is not remembered.
    """
    known = {record.guid for record in lock.records}
    lost = [each for each in package.notes if each.guid not in known]
    free = [(note, packed) for note, packed in cards if note.record is None]
    found = dict(_by_note_ids(lost, free))
    taken = {note.guid for note in found.values()}
    by_texts = _match(
        [each for each in lost if each.guid not in found],
        [each for each in free if each[0].guid not in taken],
    )
    found |= by_texts.found
    outcomes: dict[str, tuple[Outcome, Note | None]] = {}
    records = list(lock.records)
    for each in lost:
        note = found.get(each.guid)
        if each.key is None:
            outcomes[each.guid] = Outcome.FOREIGN, note
            continue
        records.append(_record(each, each.key, note, version))
        outcome = Outcome.GONE
        if note is not None:
            outcome = Outcome.MATCHED
        elif each.guid in by_texts.unclear:
            outcome = Outcome.UNCLEAR
        outcomes[each.guid] = outcome, note
    note_types = {**package.note_types, **lock.note_types}
    return Recovered(replace(lock, note_types=note_types, records=tuple(records)), outcomes)


def _by_note_ids(
    lost: Sequence[Published],
    free: Sequence[tuple[Note, PackedNote]],
) -> Iterator[tuple[str, Note]]:
    """The cards whose explicit id is the note id of a note, which some tools write into their
    files, by guid.
    """
    ids = {note.entry.attributes.id: note for note, _ in free}
    for each in lost:
        note = ids.get(str(each.note_id))
        if note is not None:
            yield each.guid, note


class _FoundByTexts(NamedTuple):
    """Cards by the guids of the notes that they are, and the notes that could be several cards."""

    found: Mapping[str, Note]
    unclear: frozenset[str]


def _match(
    lost: Sequence[Published],
    free: Sequence[tuple[Note, PackedNote]],
) -> _FoundByTexts:
    """Find the cards of notes by their texts."""
    olds = [_fingerprint(each.key, each.fields, number) for number, each in enumerate(lost)]
    news = [
        _fingerprint(packed.note_type, packed.fields, number)
        for number, (_, packed) in enumerate(free)
    ]
    if any(each.key is None for each in lost):
        # Notes of another tool can be found only if the note type does not count.
        olds = [each._replace(group="") for each in olds]
        news = [each._replace(group="") for each in news]
    matching = match(olds, news)
    found = {lost[old].guid: free[new][0] for new, old in matching.pairs.items()}
    unclear = (lost[old].guid for call in matching.close for old in call.candidates)
    return _FoundByTexts(found, frozenset(unclear))


def _fingerprint(
    key: str | None,
    fields: Sequence[str],
    number: int,
) -> Fingerprint:
    own = own_note_type(key or "")
    front, back = _sides(own, fields)
    previous = None
    if number:
        previous = number - 1
    return Fingerprint(
        plain_html(front),
        sign(plain_html(back)),
        "",
        "",
        previous,
        own,
        hidden=_hidden(own, front),
    )


def _hidden(
    key: str,
    front: str,
) -> str:
    """The words that a cloze hides, which tell clozes of one sentence apart."""
    if key != "cloze":
        return ""
    deletions = find_deletions(front).deletions
    return shortened(plain_html(front[each.inner : each.text_end]) for each in deletions)


def _sides(
    key: str | None,
    fields: Sequence[str],
) -> tuple[str, str]:
    """The fields that ask and answer. A cloze note has one text for both; of an image occlusion the
    header asks.
    """
    if key == "occlusion":
        return fields[2], fields[1] + fields[3]
    if key == "cloze" or len(fields) == 1:
        return fields[0], ""
    return fields[0], fields[1]


def _record(
    each: Published,
    key: str,
    note: Note | None,
    version: str,
) -> Record:
    """A record with what the package holds, and with the texts that the card has now."""
    digest = packed_digest(key, each.fields, own_tags(each.tags))
    own = own_note_type(key)
    note_type = ""
    if own != key:
        note_type = key
    if note is not None:
        packing = Packing(digest, each.mod, version, version)
        record = record_of(note, packing)
        return replace(
            record,
            guid=each.guid,
            note_id=each.note_id,
            deck=each.deck,
            after=None,
            note_type=note_type,
        )
    _, back = _sides(own, each.fields)
    answer = plain_html(back)
    return Record(
        guid=each.guid,
        note_id=each.note_id,
        id=None,
        kind=own,
        deck=each.deck,
        path="",
        section="",
        after=None,
        question=each.question,
        answer=sign(answer),
        opening=opening_of(answer),
        digest=digest,
        mod=each.mod,
        since=version,
        changed=version,
        note_type=note_type,
    )
