"""Two editions → what differs between them, note by note, as an author would say it."""

from __future__ import annotations

import enum
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diff.collection import same_schema
from ankipress.diff.edition import Edition
from ankipress.identity.stamping import own_tags
from ankipress.model import NoteType, PackedNote
from ankipress.preview.text import plain_to_speak

_MEDIA = re.compile(r"""\[sound:(?P<sound>[^\]]+)\]|\b(?:src|data|poster)="(?P<name>[^"]+)\"""")
_DIGEST = re.compile(r"-[0-9a-f]{16}(?=\.[a-z0-9]+$)")
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
    """A note that differs: how, and as it was and is; None where it was not, or is not.

    `path` and `line` are where it is written, or was; line 0 and no path where that is not known.
    `kinds` are those of before and now where they are known. `fields` are the names of the fields
    that differ. `counterpart` is the guid of the note that the same card was, or is, under another
    note type.
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
    def packed(self) -> PackedNote:
        """The note as it is, or was last."""
        note = self.new or self.old
        assert note is not None
        return note

    @property
    def question(self) -> str:
        """Its question as plain text, on one line."""
        return text_of(self.packed.fields[0])


@dataclass(frozen=True, slots=True)
class TypeChange:
    """A note type that differs: its key, and in what: `new`, `gone`, `id`, `schema`, `name` or
    `texts`.
    """

    key: str
    name: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeckRename:
    """A deck all of whose cards that are left stand in another deck, and how many notes these are."""

    old: str
    new: str
    notes: int


def note_changes(old: Edition, new: Edition) -> Iterator[NoteChange]:
    """The notes that differ: those of the new edition in its order, then what is gone, in the order
    of the old one.
    """
    olds, news = old.by_guid, new.by_guid
    pairs = dict(_other_kinds(old, new))
    backwards = {after: before for before, after in pairs.items()}
    digests = old.media_digests, new.media_digests
    fields: tuple[str, ...]
    for guid, note in news.items():
        before = olds.get(guid)
        if before and not (before.ords and note.ords):
            what, fields = _tombstone(before, note), ()
        else:
            what, fields = (
                _what(before, note, _Pair(old, new, digests))
                if before
                else (_arrival(guid, old, backwards), ())
            )
        if what and (before or note.ords):
            notes = (before if before and before.ords else None, note if note.ords else None)
            yield _change(guid, notes, (old, new), (what, fields, backwards.get(guid)))
    for guid, note in olds.items():
        if guid not in news and note.ords:
            what = (Change.RETIRED, *([Change.KIND] if guid in pairs else []))
            yield _change(guid, (note, None), (old, new), (what, (), pairs.get(guid)))


def _change(
    guid: str,
    notes: tuple[PackedNote | None, PackedNote | None],
    editions: tuple[Edition, Edition],
    how: tuple[tuple[Change, ...], tuple[str, ...], str | None],
) -> NoteChange:
    written = [each.written.get(guid) for each in editions]
    place = written[1] or written[0]
    kinds = tuple(
        known.kind if known else note.note_type if note else ""
        for known, note in zip(written, notes, strict=True)
    )
    what, fields, counterpart = how
    if counterpart:  # the kinds of the card, which is two notes
        pair = [each.written.get(counterpart) for each in editions]
        types = [
            next((n.note_type for n in each.notes if n.guid == counterpart), "")
            for each in editions
        ]
        kinds = tuple(
            kind or (known.kind if known else key)
            for kind, known, key in zip(kinds, pair, types, strict=True)
        )
    path, line = (place.path, place.line) if place else ("", 0)
    return NoteChange(guid, what, *notes, path, line, (kinds[0], kinds[1]), fields, counterpart)


def _tombstone(old: PackedNote, new: PackedNote) -> tuple[Change, ...]:
    """What became of a note that is a tombstone, without cards, in one edition or both."""
    return (Change.RETIRED,) if old.ords else (Change.RETURNED,) if new.ords else ()


def _arrival(guid: str, old: Edition, backwards: Mapping[str, str]) -> tuple[Change, ...]:
    if guid in backwards:
        return Change.NEW, Change.KIND
    return (Change.RETURNED,) if guid in old.retired else (Change.NEW,)


def _other_kinds(old: Edition, new: Edition) -> Iterator[tuple[str, str]]:
    """Guids of one card that is in another note type now, and so another note: the same explicit
    id, or the same question.
    """
    olds, news = old.by_guid, new.by_guid
    gone = [note for guid, note in olds.items() if guid not in news]
    ids = {
        each.id: guid
        for guid, each in new.written.items()
        if each.id and guid in news and guid not in olds
    }
    come = [(_question(new, note), guid) for guid, note in news.items() if guid not in olds]
    number, questions = Counter(question for question, _ in come), dict(come)
    for note in gone:
        known, question = old.written.get(note.guid), _question(old, note)
        guid = ids.get(known.id) if known and known.id else None
        if guid is None and number[question] == 1:
            guid = questions[question]
        if guid and _type_of(old, note).id != _type_of(new, news[guid]).id:
            yield note.guid, guid


def _question(edition: Edition, note: PackedNote) -> str:
    """The heading of a card, which of a cloze is the first line of its text."""
    return text_of(
        _BLOCK_END.split(note.fields[0], maxsplit=1)[0]
        if _type_of(edition, note).cloze
        else note.fields[0]
    )


def _type_of(edition: Edition, note: PackedNote) -> NoteType:
    return edition.note_types[note.note_type]


@dataclass(frozen=True, slots=True)
class _Pair:
    old: Edition
    new: Edition
    digests: tuple[Mapping[str, str], Mapping[str, str]]


def _what(
    old: PackedNote, new: PackedNote, pair: _Pair
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """In what a note differs that both editions have, and in which fields."""
    before, after = _type_of(pair.old, old), _type_of(pair.new, new)
    kinds = [
        each.written[new.guid].kind if new.guid in each.written else ""
        for each in (pair.old, pair.new)
    ]
    found = {
        Change.KIND: before.id != after.id or (all(kinds) and kinds[0] != kinds[1]),
        Change.MEDIA: _media(old, pair.digests[0]) != _media(new, pair.digests[1]),
        Change.TAGS: own_tags(old.tags) != own_tags(new.tags),
        Change.CARDS: old.ords != new.ords,
        Change.MOVED: old.deck.casefold() != new.deck.casefold(),
    }
    differing = tuple(_differing(old, new, before, after))
    for name in differing:
        found[_change_of(name, differing=(old, new), types=(before, after))] = True
    content = old.fields == new.fields and own_tags(old.tags) == own_tags(new.tags)
    found[Change.STAMPED] = content and new.mod > old.mod
    return tuple(each for each in Change if found.get(each)), differing


def _differing(
    old: PackedNote, new: PackedNote, before: NoteType, after: NoteType
) -> Iterator[str]:
    olds = dict(zip(before.field_names, old.fields, strict=False))
    for name, value in zip(after.field_names, new.fields, strict=False):
        if name not in _UNSHOWN and olds.get(name, "") != value:
            yield name


def _change_of(
    name: str, *, differing: tuple[PackedNote, PackedNote], types: tuple[NoteType, NoteType]
) -> Change:
    """How a field that differs is told of."""
    values = [
        without_digests(dict(zip(each.field_names, note.fields, strict=False)).get(name, ""))
        for note, each in zip(differing, types, strict=True)
    ]
    if values[0] == values[1]:
        return Change.MEDIA
    if text_of(values[0]) == text_of(values[1]):
        return Change.LOOK
    position = types[1].field_names.index(name)
    return Change.REWORDED if position == 0 else Change.ANSWER if name == "Back" else Change.DETAILS


def media_names(text: str) -> Sequence[str]:
    """The names of the media of a field, as Anki stores them."""
    return [html.unescape(found["sound"] or found["name"]) for found in _MEDIA.finditer(text)]


def _media(note: PackedNote, digests: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """The files of a note by what they hold, for another name alone is no change; those that are
    not there by their names.
    """
    names = (name for text in note.fields for name in media_names(text))
    return Counter((without_digests(name), digests.get(name, name)) for name in names)


def without_digests(text: str) -> str:
    """A field, or the name of a file, without the digests of content in the names of files."""
    if _DIGEST.search(text):
        return _DIGEST.sub("", text)
    return _MEDIA.sub(lambda found: re.sub(r"-[0-9a-f]{16}(?=\.[a-z0-9]+)", "", found[0]), text)


def text_of(field: str) -> str:
    """The words of a field, on one line, as Anki itself takes them out of HTML."""
    return " ".join(plain_to_speak(field).split())


def type_changes(old: Edition, new: Edition) -> Iterator[TypeChange]:
    """The note types that differ, by key."""
    for key in sorted({*old.note_types, *new.note_types}):
        before, after = old.note_types.get(key), new.note_types.get(key)
        what = _type_what(before, after)
        known = after or before
        if what and known:
            yield TypeChange(key, known.name, what)


def _type_what(old: NoteType | None, new: NoteType | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ("new",) if old is None else ("gone",)
    texts = old.css != new.css or [(t.front, t.back) for t in old.templates] != [
        (t.front, t.back) for t in new.templates
    ]
    known = bool(old.css) and bool(new.css)  # a package of Anki's newest format hides them
    found = {
        "id": old.id != new.id,
        "schema": not same_schema(old, new),
        "name": old.name != new.name,
        "texts": known and texts,
    }
    return tuple(name for name, differs in found.items() if differs)


def deck_renames(old: Edition, new: Edition) -> Iterator[DeckRename]:
    """Decks of before that are gone, and of which all notes that are left stand in one other deck,
    which is new.
    """
    olds, news = old.by_guid, new.by_guid
    before = {name.casefold() for name in old.decks}
    after = {name.casefold() for name in new.decks}
    for deck in old.decks:
        if deck.casefold() in after:
            continue
        places = Counter(
            news[guid].deck for guid, note in olds.items() if note.deck == deck and guid in news
        )
        if len(places) == 1 and (name := next(iter(places))).casefold() not in before:
            yield DeckRename(deck, name, places[name])
