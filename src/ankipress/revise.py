"""The list of stages for a deck in which only the answers of a few cards were edited: these cards
alone are compiled.

A card is compiled twice, as it was and as it is. As it was, it must become just what the lock and
the package hold: this shows that the card by itself becomes what it becomes among all others. Where
anything is not as expected, nothing is revised, and the whole deck is compiled.
`docs/decisions/011-cache.md` says why identity cannot be touched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Severity, graded
from ankipress.identity.lock import read_record, record_line
from ankipress.identity.matching_texts import read_texts
from ankipress.identity.stamping import Release, stamp
from ankipress.media.media_folder import MediaFolder
from ankipress.media.resolve import resolve_media
from ankipress.model import Assignment, Entry, Lock, Note, PackedNote, Record, Source, State, Texts
from ankipress.notetypes.builtin import note_types
from ankipress.package.card_generation import deal
from ankipress.package.description import describe
from ankipress.package.edited import Collection
from ankipress.parse.entries import parse
from ankipress.parse.segments import Edit
from ankipress.project.settings import Settings
from ankipress.render.fields import render
from ankipress.render.source_link import source_link

_KINDS = frozenset({"basic", "choice", "cloze"})
"""Kinds of which each entry has a heading of its own, and is made of nothing but its text and its
settings.
"""


_ANCHOR, _PLACE = "{anchor}", "anchor0of0this0card"
_OLDER = Record(
    guid="",
    note_id=0,
    id=None,
    kind="",
    deck="",
    path="",
    section="",
    after=None,
    question="",
    answer="",
    digest="",
    mod=0,
    since="",
    changed="",
)
"""Stands for all notes that came and changed before this version."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A deck as it was built last: the lock and the collection that came of it, and what its cards
    were compiled with.
    """

    settings: Settings
    lock: bytes
    collection: Collection
    media: MediaFolder


@dataclass(frozen=True, slots=True)
class Revised:
    """The next lock, the notes whose content changed, and the description of the deck before and
    after.
    """

    lock: bytes
    notes: tuple[PackedNote, ...]
    description: tuple[str, str]


def may_revise(settings: Settings) -> bool:
    """Whether the settings let a card be compiled alone."""
    return not settings.extensions and settings.packages == "project" and not settings.changed_tag


def revise(edits: Sequence[tuple[str, Edit]], standing: Standing, time: int) -> Revised | None:
    """The deck with some cards edited, each given with the path of its file; None where that cannot
    be told.
    """
    lock, notes = standing.lock, []
    for path, edit in edits:
        if not edit.same_question:
            return None
        before, after = (_read(path, text, standing.settings) for text in (edit.before, edit.after))
        line = before and after and _line_of(before, path, standing.lock)
        if not (line and before and after) or not _ask_the_same(before, after):
            return None
        if _ANCHOR in standing.settings.source_url and not edit.same_headings:
            return None
        old = _compiled(before, line, standing, 1)
        new = _compiled(after, line, standing, time)
        if old is None or new is None or not _are_one(old, new, standing):
            return None
        lock = lock.replace(line, record_line(new.record).encode(), 1)
        notes += [new.note] if new.is_changed else []
    description = (
        _description(standing.lock, standing.settings),
        _description(lock, standing.settings),
    )
    return Revised(lock, tuple(notes), description)


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry by itself, and what identity reads of it."""

    entry: Entry
    texts: Texts


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A note ready to be packed, what the lock says of it now, and before."""

    note: PackedNote
    record: Record
    known: Record
    is_changed: bool
    media: frozenset[str]


def _read(path: str, text: str, settings: Settings) -> _Read | None:
    parsed = parse((Source(path, text),), settings)
    if (
        _are_shown(parsed.diagnostics, settings)
        or parsed.drafts
        or len(parsed.entries) != 1
        or parsed.entries[0].kind not in _KINDS
    ):
        return None
    return _Read(parsed.entries[0], read_texts(parsed.entries)[0])


def _ask_the_same(before: _Read, after: _Read) -> bool:
    return (before.texts.question, before.entry.kind) == (after.texts.question, after.entry.kind)


def _are_shown(diagnostics: Sequence[Diagnostic], settings: Settings) -> bool:
    """Whether a build has to say something: advice is the business of `ankipress check`."""
    return any(
        each.severity is not Severity.ADVICE for each in graded(diagnostics, settings.severity)
    )


def _line_of(read: _Read, path: str, lock: bytes) -> bytes | None:
    """The line of the lock for the one note that asks this question, None where there is not just
    one.
    """
    question = (
        f', "question": {json.dumps(read.texts.question, ensure_ascii=False)}, "answer": '.encode()
    )
    place = lock.find(question)
    if place < 0 or lock.find(question, place + 1) >= 0:
        return None
    line = lock[lock.rfind(b"\n", 0, place) + 1 : lock.find(b"\n", place) + 1]
    record = read_record(line.decode())
    is_it = (record.path, record.kind, record.id, record.state) == (
        path,
        read.entry.kind,
        read.entry.attributes.id,
        State.ACTIVE,
    )
    return line if is_it else None


def _compiled(read: _Read, line: bytes, standing: Standing, time: int) -> _Compiled | None:
    """A card compiled as the note of a line of the lock; None where it has any problem."""
    known, settings = read_record(line.decode()), standing.settings
    packed = standing.collection.note(known.note_id)
    if packed is None:
        return None
    tags, fields = packed
    entry = replace(read.entry, deck=known.deck, section=known.section, tags=tuple(tags))
    texts, types = read.texts, note_types("", "", "")
    note = Note(known.guid, known.note_id, entry, *texts, known.after, known)
    if _ANCHOR in settings.source_url:
        source = dict(zip(types[note.note_type].field_names, fields, strict=True))["Source"]
        note = replace(note, entry=replace(entry, anchor=_anchor_in(source, note, settings)))
    rendered = render((note,), settings, {})
    resolved = resolve_media(rendered.notes, standing.media)
    dealt = deal(resolved.notes, types)
    if _are_shown((*rendered.diagnostics, *resolved.diagnostics, *dealt.diagnostics), settings):
        return None
    release = Release(settings.version, time, Lock("", {}, (known,)), asked=settings.asked)
    stamped = stamp(dealt.notes, Assignment("", (note,), ()), types, release)
    return _Compiled(
        stamped.notes[0], stamped.lock.records[0], known, bool(stamped.changed), resolved.paths
    )


def _anchor_in(source: str, note: Note, settings: Settings) -> str:
    """The anchor in the link at the end of a field: it counts the headings of the whole file, and
    they are as they were.

    An empty one where it is not found there, with which the card will not become what is packed.
    """
    marked = replace(note, entry=replace(note.entry, anchor=_PLACE))
    before, *others = source_link(marked, settings).split(_PLACE)
    start = source.rfind(before)
    if len(others) != 1 or start < 0 or not source.endswith(others[0]):
        return ""
    return unquote(source[start + len(before) : len(source) - len(others[0])])


def _description(lock: bytes, settings: Settings) -> str:
    """What the deck says of itself. Of all the lines of a lock only those are read of which it
    speaks.
    """
    version = json.dumps(settings.version, ensure_ascii=False).encode()
    if lock.count(b', "since": %b, "changed": ' % version) == lock.count(b"\n") - 1:
        return describe(settings.name, settings, ())  # the first version, in which all is new
    mark, end, lines = b', "changed": %b, "state": ' % version, 0, []
    while (place := lock.find(mark, end)) >= 0:
        end = lock.find(b"\n", place)
        lines.append(lock[lock.rfind(b"\n", 0, place) + 1 : end].decode())
    return describe(settings.name, settings, [*map(read_record, lines), _OLDER])


def _are_one(old: _Compiled, new: _Compiled, standing: Standing) -> bool:
    """Whether a card as it was is what has been packed, and its edit touches nothing but this note
    and its text.
    """
    was_packed = old.record == old.known and standing.collection.holds(old.note)
    if new.is_changed and new.record.source == new.known.source:
        return False  # not its author changed it, which must be said
    return was_packed and (old.media, old.note.ords, old.note.deck) == (
        new.media,
        new.note.ords,
        new.note.deck,
    )
