"""Two editions → what differs between them, note by note, as an author would say it."""

from __future__ import annotations

import enum
import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.diff.collection import same_schema
from ankipress.diff.edition import Edition
from ankipress.identity.stamping import own_tags
from ankipress.model import NoteType, PackedNote
from ankipress.preview.text import plain_to_speak

_MEDIA = re.compile(r"""\[sound:(?P<sound>[^\]]+)\]|\b(?:src|data|poster)="(?P<name>[^"]+)\"""")
_DIGEST = re.compile(r"-[0-9a-f]{16}(?=\.[a-z0-9]+)")
_BLOCK_END = re.compile(r"</(?:p|div|h[1-6])>|\n")
_UNSHOWN = frozenset(["Key", "Reserved 1", "Reserved 2"])


class Change(enum.StrEnum):
    """A way in which a note differs from before."""

    NEW = "new"
    RETURNED = "returned"
    RETIRED = "retired"
    KIND = "kind changed"
    REWORDED = "reworded"
    ANSWER = "answer changed"
    DETAILS = "details changed"
    MEDIA = "media changed"
    LOOK = "look changed"
    TAGS = "tags changed"
    CARDS = "cards changed"
    MOVED = "moved"
    STAMPED = "stamped anew"


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note that differs: in which ways, and the note on both sides, None where it has no cards.

    `path` and `line` are where it is written, or was; empty and 0 where that is not known. `kinds`
    are those of before and now where they are known. `fields` are the names of the fields that
    differ. `counterpart` is the guid of the note that the same card was, or is, under another note
    type.
    """

    guid: str
    what: tuple[Change, ...]
    old: PackedNote | None
    new: PackedNote | None
    path: str = ""
    line: int = 0
    kinds: tuple[str, str] = ("", "")
    fields: tuple[str, ...] = ()
    counterpart: str | None = None

    @property
    def question(self) -> str:
        """Its question, now or last, as plain text on one line."""
        note = self.new or self.old
        assert note is not None
        return text_of(note.fields[0])

    @property
    def place(self) -> str:
        """Such as `cards.md:12`, empty where it is not known."""
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class TypeChange:
    """A note type that differs. `what` names the ways: new, gone, id, schema, name or texts."""

    key: str
    name: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeckRename:
    """A deck whose remaining cards are all in another deck, and the number of their notes."""

    old: str
    new: str
    notes: int


def note_changes(old: Edition, new: Edition) -> Iterator[NoteChange]:
    """The notes that differ: those of the new edition in its order, then the others of the old."""
    return _Comparison(old, new).changes()


class _Side:
    """An edition with what is looked up in it often."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.notes = edition.by_guid
        self.digests = edition.media_digests

    def type_id(self, note: PackedNote) -> int:
        """The id of the note type of a note."""
        return self.edition.type_of(note).id

    def kind(self, guid: str, note: PackedNote | None) -> str:
        """The kind of a note as written, else its note type, else nothing."""
        written = self.edition.written.get(guid)
        if written:
            return written.kind
        if note:
            return note.note_type
        return ""

    def media(self, note: PackedNote) -> Counter[tuple[str, str]]:
        """The files of a note by name and content. Files that are missing have their name alone.

        The digests in names do not count: another name alone is no change.
        """
        names = [name for text in note.fields for name in media_names(text)]
        return Counter((_DIGEST.sub("", name), self.digests.get(name, name)) for name in names)

    def question(self, note: PackedNote) -> str:
        """The heading of a card, which of a cloze is the first line of its text."""
        first = note.fields[0]
        if self.edition.type_of(note).cloze:
            first = _BLOCK_END.split(first, maxsplit=1)[0]
        return text_of(first)


class _Comparison:
    def __init__(self, old: Edition, new: Edition) -> None:
        self.old, self.new = _Side(old), _Side(new)
        # The guids of cards that are in another note type now, in both directions.
        self.counterparts: dict[str, str] = {}
        for before, after in self._other_types():
            self.counterparts[before] = after
            self.counterparts[after] = before

    def changes(self) -> Iterator[NoteChange]:
        for guid, note in self.new.notes.items():
            before = self.old.notes.get(guid)
            if before is None:
                if note.ords:
                    yield self._change(guid, self._arrival(guid), None, note)
            elif not before.ords or not note.ords:
                yield from self._tombstone(guid, before, note)
            else:
                fields = tuple(self._differing_fields(before, note))
                what = self._ways(before, note, fields)
                if what:
                    yield self._change(guid, what, before, note, fields)
        for guid, note in self.old.notes.items():
            if guid not in self.new.notes and note.ords:
                yield self._change(guid, self._departure(guid), note, None)

    def _tombstone(self, guid: str, old: PackedNote, new: PackedNote) -> Iterator[NoteChange]:
        """What became of a note that is a tombstone, without cards, in one edition or both."""
        if old.ords:
            yield self._change(guid, (Change.RETIRED,), old, None)
        elif new.ords:
            yield self._change(guid, (Change.RETURNED,), None, new)

    def _arrival(self, guid: str) -> tuple[Change, ...]:
        if guid in self.counterparts:
            return Change.NEW, Change.KIND
        if guid in self.old.edition.retired:
            return (Change.RETURNED,)
        return (Change.NEW,)

    def _departure(self, guid: str) -> tuple[Change, ...]:
        if guid in self.counterparts:
            return Change.RETIRED, Change.KIND
        return (Change.RETIRED,)

    def _change(
        self,
        guid: str,
        what: tuple[Change, ...],
        old: PackedNote | None,
        new: PackedNote | None,
        fields: tuple[str, ...] = (),
    ) -> NoteChange:
        written = self.new.edition.written.get(guid) or self.old.edition.written.get(guid)
        path, line = "", 0
        if written:
            path, line = written.path, written.line
        kinds = self.old.kind(guid, old), self.new.kind(guid, new)
        counterpart = self.counterparts.get(guid)
        if counterpart:  # each of the two notes is on one side only
            before, after = (
                side.kind(counterpart, side.notes.get(counterpart)) for side in (self.old, self.new)
            )
            kinds = kinds[0] or before, kinds[1] or after
        return NoteChange(guid, what, old, new, path, line, kinds, fields, counterpart)

    def _other_types(self) -> Iterator[tuple[str, str]]:
        """Old and new guid of cards that have the same explicit id, or the same question, but
        another note type, so that they are another note.
        """
        added = [note for guid, note in self.new.notes.items() if guid not in self.old.notes]
        by_id: dict[str, PackedNote] = {}
        by_question: dict[str, list[PackedNote]] = {}
        for note in added:
            written = self.new.edition.written.get(note.guid)
            if written and written.id:
                by_id[written.id] = note
            by_question.setdefault(self.new.question(note), []).append(note)
        for note in self.old.notes.values():
            if note.guid in self.new.notes:
                continue
            written = self.old.edition.written.get(note.guid)
            same = by_question.get(self.old.question(note), [])
            if written and written.id in by_id:
                same = [by_id[written.id]]
            if len(same) == 1 and self.old.type_id(note) != self.new.type_id(same[0]):
                yield note.guid, same[0].guid

    def _differing_fields(self, old: PackedNote, new: PackedNote) -> Iterator[str]:
        before = self.old.edition.values(old)
        for name, value in self.new.edition.values(new).items():
            if name not in _UNSHOWN and before.get(name, "") != value:
                yield name

    def _ways(self, old: PackedNote, new: PackedNote, fields: Sequence[str]) -> tuple[Change, ...]:
        """In which ways a note differs that has cards in both editions."""
        before, after = self.old.edition.values(old), self.new.edition.values(new)
        first = next(iter(after), "")
        found = {
            _field_change(before.get(name, ""), after[name], name, is_first=name == first)
            for name in fields
        }
        tags_differ = own_tags(old.tags) != own_tags(new.tags)
        differs = {
            Change.KIND: self._is_other_kind(old, new),
            Change.MEDIA: self.old.media(old) != self.new.media(new),
            Change.TAGS: tags_differ,
            Change.CARDS: old.ords != new.ords,
            Change.MOVED: old.deck.casefold() != new.deck.casefold(),
            Change.STAMPED: old.fields == new.fields and not tags_differ and new.mod > old.mod,
        }
        found.update(change for change, is_true in differs.items() if is_true)
        return tuple(each for each in Change if each in found)

    def _is_other_kind(self, old: PackedNote, new: PackedNote) -> bool:
        if self.old.type_id(old) != self.new.type_id(new):
            return True
        written_old = self.old.edition.written.get(new.guid)
        written_new = self.new.edition.written.get(new.guid)
        if written_old is None or written_new is None:
            return False
        return written_old.kind != written_new.kind


def _field_change(old: str, new: str, name: str, *, is_first: bool) -> Change:
    """The way in which a field differs."""
    before, after = without_digests(old), without_digests(new)
    if before == after:
        return Change.MEDIA
    if text_of(before) == text_of(after):
        return Change.LOOK
    if is_first:
        return Change.REWORDED
    if name == "Back":
        return Change.ANSWER
    return Change.DETAILS


def media_names(text: str) -> Sequence[str]:
    """The names of the media of a field, as Anki stores them."""
    return [html.unescape(found["sound"] or found["name"]) for found in _MEDIA.finditer(text)]


def without_digests(text: str) -> str:
    """A field without the digests in the names of its media."""
    return _MEDIA.sub(lambda found: _DIGEST.sub("", found[0]), text)


def text_of(field: str) -> str:
    """The words of a field on one line, as Anki takes them out of HTML."""
    return " ".join(plain_to_speak(field).split())


def type_changes(old: Edition, new: Edition) -> Iterator[TypeChange]:
    """The note types that differ, by key."""
    for key in sorted({*old.note_types, *new.note_types}):
        before, after = old.note_types.get(key), new.note_types.get(key)
        if after is None:
            yield TypeChange(key, old.note_types[key].name, ("gone",))
        elif before is None:
            yield TypeChange(key, after.name, ("new",))
        elif what := tuple(_type_ways(before, after)):
            yield TypeChange(key, after.name, what)


def _type_ways(old: NoteType, new: NoteType) -> Iterator[str]:
    if old.id != new.id:
        yield "id"
    if not same_schema(old, new):
        yield "schema"
    if old.name != new.name:
        yield "name"
    # A package of Anki's newest format hides its templates and its style sheet.
    if old.css and new.css and _texts(old) != _texts(new):
        yield "texts"


def _texts(note_type: NoteType) -> Sequence[str]:
    sides = [text for each in note_type.templates for text in (each.front, each.back)]
    return [note_type.css, *sides]


def deck_renames(old: Edition, new: Edition) -> Iterator[DeckRename]:
    """Decks that are gone, and whose remaining notes are all in one other deck, which is new."""
    new_notes = new.by_guid
    old_names = {name.casefold() for name in old.decks}
    new_names = {name.casefold() for name in new.decks}
    decks: dict[str, Counter[str]] = {}
    for guid, note in old.by_guid.items():
        if guid in new_notes:
            decks.setdefault(note.deck, Counter())[new_notes[guid].deck] += 1
    for deck in old.decks:
        places = decks.get(deck, Counter())
        if deck.casefold() in new_names or len(places) != 1:
            continue
        [(place, notes)] = places.items()
        if place.casefold() not in old_names:
            yield DeckRename(deck, place, notes)
