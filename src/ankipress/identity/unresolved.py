"""A card that could be several notes: what its author is asked, and what an answer writes into the
lock, so that matching finds it by itself ever after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ankipress.diagnostics import Diagnostic
from ankipress.identity.explicit import MOVED, REUSED, TAKEN
from ankipress.identity.ids import make_guids, make_note_id
from ankipress.identity.stamping import Packing, record_of
from ankipress.model import Lock, Note, Record, State, UnresolvedMatch, note_type_of

_QUESTIONS = {
    "edited": "is this a card of before, edited, or a new one?",
    "renamed": "the id of this card was {{#{old}}} and is {{#{new}}}: is it the same card?",
    MOVED: (
        "the id {{#{new}}} was that of another card, and this card was another note: "
        "which of them is it now?"
    ),
    TAKEN: (
        "the id {{#{new}}} was that of a card that goes on elsewhere: "
        "is this that note, or a new one?"
    ),
    REUSED: (
        "the id {{#{new}}} was that of a card with which this one has nothing in common: "
        "is it the same card?"
    ),
}
_GUID_WIDTH = 16


def question_of(match: UnresolvedMatch) -> str:
    """The question to the author, in one line."""
    old = match.candidates[0].id
    new = match.note.entry.attributes.id
    return _QUESTIONS[match.why].format(old=old, new=new)


def ask(match: UnresolvedMatch) -> Diagnostic:
    """The error that keeps a package from being built on a guess."""
    lines = [question_of(match)]
    for record in match.candidates:
        lines += _card_lines(record.guid, "was", record)
    if match.why != "renamed":
        lines += _card_lines(" " * _GUID_WIDTH, "now", match.note)
    place = match.note.entry.location
    message = "\n".join(lines)
    return Diagnostic("ambiguous-identity", place, message, "`ankipress ids` settles it")


def _card_lines(
    guid: str,
    when: str,
    card: Note | Record,
) -> Iterator[str]:
    yield f"    {guid}  {when}: {card.question}"
    if card.opening:
        yield f"    {' ' * _GUID_WIDTH}       {card.opening}"


def resolve_as_same(
    lock: Lock,
    note: Note,
    guid: str,
) -> Lock:
    """The lock in which the note of this guid has the question, answer and id of the card."""
    entry = note.entry
    records = list(_without_id_of(note, lock))
    for number, record in enumerate(records):
        if record.guid == guid:
            records[number] = replace(
                record,
                id=entry.attributes.id,
                path=entry.path,
                section=entry.section,
                after=note.after,
                question=note.question,
                answer=note.answer,
                opening=note.opening,
                hidden=note.hidden,
                code=note.code,
            )
    return replace(lock, records=tuple(records))


def resolve_as_new(
    lock: Lock,
    uid: str,
    note: Note,
    version: str,
) -> Lock:
    """The lock with a line for a new note. It has no digest yet: the next build packs it for the
    first time.

    The note that it was taken for is left to other cards. Where that would find this card again, by
    its question or by its id, it is retired at once.
    """
    before = note.record
    records = list(_without_id_of(note, lock))
    if before is not None:
        note = _with_new_guid(note, uid, lock)
        if before.question == note.question or before.id is not None:
            for number, record in enumerate(records):
                if record.guid == before.guid:
                    records[number] = replace(record, state=State.RETIRED)
    packing = Packing("", mod=1, since=version, changed=version)
    records.append(record_of(note, packing))
    return replace(lock, uid=uid, records=tuple(records))


def _without_id_of(
    note: Note,
    lock: Lock,
) -> Iterator[Record]:
    """The records of a lock, in which no other note has the id of this one any more."""
    name = note.entry.attributes.id
    for record in lock.records:
        has_same_id = name is not None and record.id == name
        if has_same_id and note_type_of(record.kind) == note.note_type:
            yield replace(record, id=None)
        else:
            yield record


def _with_new_guid(
    note: Note,
    uid: str,
    lock: Lock,
) -> Note:
    guids = {record.guid for record in lock.records}
    note_ids = {record.note_id for record in lock.records}
    guid = next(each for each in make_guids(uid, note.question) if each not in guids)
    return replace(
        note,
        guid=guid,
        note_id=make_note_id(guid, note_ids),
        record=None,
    )
