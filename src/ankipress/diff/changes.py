"""Two editions → what differs between them, note by note, as an author would say it."""

from __future__ import annotations

import enum
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Location
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

    `place` is where it is written, or was, with line 0 where that is not known. `kinds` are those
    of before and now where they are known. `fields` are the names of the fields that differ.
    `counterpart` is the guid of the note that the same card was, or is, under another note type.
    """

    guid: str
    what: tuple[Change, ...]
    old: PackedNote | None
    new: PackedNote | None
    place: Location
    kinds: tuple[str, str]
    fields: tuple[str, ...]
    counterpart: str | None

    @property
    def question(self) -> str:
        """Its question, now or last, as plain text on one line."""
        note = self.new or self.old
        assert note is not None
        return text_of(note.fields[0])


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
    counterparts = _counterparts(old, new)
    for guid in dict.fromkeys([*new.by_guid, *old.by_guid]):
        before = old.active(guid)
        after = new.active(guid)
        counterpart = counterparts.get(guid)
        fields: Sequence[str] = ()
        if before and after:
            fields = list(_differing_fields(old, new, guid))
            what = _ways(old, new, guid, fields)
        else:
            what = _arrival_or_departure(old, new, guid)
            if counterpart:
                what = [*what, Change.KIND]
        if not what:
            continue
        written = new.written.get(guid) or old.written.get(guid)
        kinds = old.kind(guid), new.kind(guid)
        if counterpart:  # each of the two notes is on one side only
            kinds = kinds[0] or old.kind(counterpart), kinds[1] or new.kind(counterpart)
        place = Location("")
        if written:
            place = written.location
        yield NoteChange(
            guid,
            tuple(what),
            before,
            after,
            place,
            kinds,
            tuple(fields),
            counterpart,
        )


def _arrival_or_departure(old: Edition, new: Edition, guid: str) -> Sequence[Change]:
    if old.active(guid):
        return [Change.RETIRED]
    if not new.active(guid):
        return []
    if guid in old.retired:
        return [Change.RETURNED]
    return [Change.NEW]


def _counterparts(old: Edition, new: Edition) -> Mapping[str, str]:
    """The guids of a card that has another note type now, and so is another note, both ways.

    It is the same card if it has the same explicit id, or a question that no other new one has.
    """
    by_id: dict[str | None, str] = {}
    by_question: dict[str, list[str]] = {}
    for guid in new.by_guid.keys() - old.by_guid.keys():
        by_id[_explicit_id(new, guid)] = guid
        by_question.setdefault(_question(new, guid), []).append(guid)
    by_id.pop(None, None)
    counterparts = {}
    for before in old.by_guid:
        if before in new.by_guid:
            continue
        same = by_question.get(_question(old, before), [])
        if known := by_id.get(_explicit_id(old, before)):
            same = [known]
        if len(same) == 1 and _type_id(old, before) != _type_id(new, same[0]):
            counterparts[before] = same[0]
            counterparts[same[0]] = before
    return counterparts


def _explicit_id(edition: Edition, guid: str) -> str | None:
    if guid not in edition.written:
        return None
    return edition.written[guid].attributes.id


def _question(edition: Edition, guid: str) -> str:
    """The heading of a card, which of a cloze is the first line of its text."""
    note = edition.by_guid[guid]
    text = note.fields[0]
    if edition.type_of(note).cloze:
        text = _BLOCK_END.split(text, maxsplit=1)[0]
    return text_of(text)


def _type_id(edition: Edition, guid: str) -> int:
    return edition.type_of(edition.by_guid[guid]).id


def _differing_fields(old: Edition, new: Edition, guid: str) -> Iterator[str]:
    before = old.values(old.by_guid[guid])
    for name, value in new.values(new.by_guid[guid]).items():
        if name not in _UNSHOWN and before.get(name, "") != value:
            yield name


def _ways(
    old: Edition,
    new: Edition,
    guid: str,
    fields: Sequence[str],
) -> Sequence[Change]:
    """In which ways a note differs that has cards in both editions."""
    before = old.by_guid[guid]
    after = new.by_guid[guid]
    old_values = old.values(before)
    new_values = new.values(after)
    first = next(iter(new_values), "")
    found = set()
    for name in fields:
        value = old_values.get(name, "")
        found.add(_field_change(value, new_values[name], name, is_first=name == first))
    tags_differ = own_tags(before.tags) != own_tags(after.tags)
    is_newer = before.fields == after.fields and not tags_differ and before.mod < after.mod
    differs = {
        Change.KIND: _is_other_kind(old, new, guid),
        Change.MEDIA: _media(old, before) != _media(new, after),
        Change.TAGS: tags_differ,
        Change.CARDS: before.ords != after.ords,
        Change.MOVED: before.deck.casefold() != after.deck.casefold(),
        Change.STAMPED: is_newer,
    }
    return [each for each in Change if each in found or differs.get(each)]


def _is_other_kind(old: Edition, new: Edition, guid: str) -> bool:
    if guid in old.written and guid in new.written and old.kind(guid) != new.kind(guid):
        return True
    return _type_id(old, guid) != _type_id(new, guid)


def _media(edition: Edition, note: PackedNote) -> Counter[tuple[str, str]]:
    """The files of a note by name and content. Files that are missing have their name alone.

    The digests in names do not count: another name alone is no change.
    """
    files: Counter[tuple[str, str]] = Counter()
    for text in note.fields:
        for name in media_names(text):
            content = name
            if name in edition.media:
                content = edition.media[name].digest
            files[_DIGEST.sub("", name), content] += 1
    return files


def _field_change(old: str, new: str, name: str, *, is_first: bool) -> Change:
    """The way in which a field differs."""
    before = without_digests(old)
    after = without_digests(new)
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
    olds = _by_new_keys(old.note_types, new.note_types)
    for key in sorted({*olds, *new.note_types}):
        before = olds.get(key)
        after = new.note_types.get(key)
        if after is None:
            yield TypeChange(key, olds[key].name, ("gone",))
        elif before is None:
            yield TypeChange(key, after.name, ("new",))
        elif what := tuple(_type_ways(before, after)):
            yield TypeChange(key, after.name, what)


def _by_new_keys(
    olds: Mapping[str, NoteType],
    news: Mapping[str, NoteType],
) -> Mapping[str, NoteType]:
    """The old note types, each by the key that it has now: a package knows only its id."""
    left = {each.id: key for key, each in olds.items() if key not in news}
    keys = {left[each.id]: key for key, each in news.items() if key not in olds and each.id in left}
    return {keys.get(key, key): each for key, each in olds.items()}


def _type_ways(old: NoteType, new: NoteType) -> Iterator[str]:
    if old.id != new.id:
        yield "id"
    if not same_schema(old, new):
        yield "schema"
    if old.name != new.name:
        yield "name"
    # A package of Anki's newest format hides its templates and its style sheet.
    if old.css and new.css and old.texts != new.texts:
        yield "texts"


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
