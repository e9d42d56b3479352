"""A newer version of a deck, merged into the project that came from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from ankipress.build.cards import Resources
from ankipress.build.pipeline import Compiled, compile_deck, identify
from ankipress.importing.accepted_notes import with_accepted_notes
from ankipress.importing.conversion import Conversion, head_text
from ankipress.importing.converted_note import ConvertedNote, Form
from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote
from ankipress.importing.imported_lock import imported_record, note_id_of, positive, type_stamp
from ankipress.importing.imported_media import ImportedMedia, media_of_learners
from ankipress.importing.merged.card_replacing import EditedText, Span, with_cards, words_of_heading
from ankipress.importing.merged.made_types import OwnType, TypesHere, in_blocks_of, made_types
from ankipress.importing.merged.merged_media import MergedFolder, compare_media
from ankipress.importing.merged.merged_plan import can_write, plan_merge
from ankipress.importing.merged.merged_types import (
    TypeThere,
    compare_types,
    files_taken,
)
from ankipress.importing.merged.merging import (
    CardHere,
    MergeCase,
    NoteThere,
    compare_notes,
    gone_there,
)
from ankipress.importing.new_project import with_type_ids
from ankipress.importing.own.own_media import media_of_others
from ankipress.importing.readers.deck_parts import with_used_types
from ankipress.importing.readers.source_error import SourceError
from ankipress.media.own_names import ABSENT
from ankipress.model import Lock, MediaContent, NoteTypeStamp, Record, Source, own_note_type
from ankipress.parse.document import Document
from ankipress.project.deck import Project
from ankipress.syntax.plain_html import plain_html

_BYTE_ORDER_MARK = "\ufeff"
_TRIES = 3  # to give ids to cards that are not found again by their texts


@dataclass(frozen=True, slots=True)
class FileChange:
    """What is written into a file of cards: other cards on some of its 0-based lines, and more at
    its end. `head` is what stands above them in a new file.
    """

    head: str
    replaced: Mapping[Span, str]
    added: Sequence[str]

    def apply(self, text: str) -> EditedText:
        """The file with these cards, given its text: an empty one for a new file."""
        return with_cards(self.head + text, self.replaced, self.added)

    def in_file(self, text: str) -> str:
        """The same, with the byte order mark that a file may begin with."""
        body = text.removeprefix(_BYTE_ORDER_MARK)
        mark = text[: len(text) - len(body)]
        return mark + self.apply(body).text


@dataclass(frozen=True, slots=True)
class MergedProject:
    """What a merge writes: cards by their files, other files by their paths, media by their names,
    and the lock. `compiled` is the project as it is then.
    """

    cards: Mapping[str, FileChange]
    texts: Mapping[str, str]
    media: Mapping[str, MediaContent]
    lock: Lock
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is taken of all that changed in both places: `theirs`, and what stays: `mine`; notes by
    their guids, and note types by their keys. All else stays too, and is asked again next time.
    """

    theirs: frozenset[str] = frozenset()
    mine: frozenset[str] = frozenset()
    types_theirs: frozenset[str] = frozenset()
    types_mine: frozenset[str] = frozenset()


class DeckMerge:
    """A newer deck on its way into a project. First `take`, then perhaps `keep_html`, then
    `project`. `unwritable` are the notes that would be taken if their cards could be written.

    Raises SourceError where the two do not fit.
    """

    def __init__(
        self,
        deck: ImportedDeck,
        project: Project,
        compiled: Compiled,
        time: int,
        resources: Resources,
    ) -> None:
        self._ours = project
        self._compiled = compiled
        self._time = time
        self._documents = {each.path: each for each in compiled.documents}
        self._spans = _spans(compiled.documents)
        self._resources = resources
        uid = compiled.stamped.lock.uid or ""
        self.deck = with_type_ids(with_accepted_notes(deck, project.settings.name), uid)
        told = tuple(each for each in self.deck.notes if not each.is_draft)
        self.deck = replace(self.deck, notes=told)
        self.types = compare_types(self.deck, project, compiled)
        self.media = compare_media(media_of_others(self.deck), project.media, project.lock.media)
        self._known = {each.guid: each for each in project.lock.records}
        self._made = made_types(self.deck, self._own_types())
        self.deck = in_blocks_of(self.deck, self._made)
        looks = self._with_own_names()
        cards = _cards_here(compiled, looks)
        self._unknown = _unknown_cards(looks)
        own_ids = self._own_types()
        self.notes = compare_notes(self.deck, cards, self._known, own_ids, self._made)
        self.unwritable: Sequence[NoteThere] = ()
        self._taken: Sequence[NoteThere] = ()
        self._kept: Sequence[NoteThere] = ()
        self._types_taken: Sequence[TypeThere] = ()
        self._types_kept: Sequence[TypeThere] = ()
        self._new_type_files: Mapping[str, str] = {}
        self._conversion: Conversion | None = None

    @property
    def gone(self) -> Sequence[Record]:
        """The notes that are here, and not in the deck any more."""
        return gone_there(self.deck, self._known)

    def of(self, case: MergeCase) -> Sequence[NoteThere]:
        """The notes to which something happened."""
        return [each for each in self.notes if each.case is case]

    @property
    def converted(self) -> Sequence[ConvertedNote]:
        """The notes that are taken, as they are written now."""
        if self._conversion is None:
            return ()
        return self._conversion.notes

    def counts(self) -> Mapping[Form, int]:
        """The number of notes that are taken of each form."""
        return Counter(each.form for each in self.converted)

    def take(self, decisions: Decisions) -> None:
        """Take what changed there or is new, and what was decided of what changed in both."""
        wanted = [
            each
            for each in self.notes
            if each.case in {MergeCase.NEW, MergeCase.THERE} or each.note.guid in decisions.theirs
        ]
        self._taken = [each for each in wanted if self._can_take(each)]
        self.unwritable = [each for each in wanted if not self._can_take(each)]
        self._kept = [each for each in self.notes if each.note.guid in decisions.mine]
        types = self.types.values()
        self._types_taken = [
            each
            for each in types
            if each.case is MergeCase.THERE or each.key in decisions.types_theirs
        ]
        self._types_kept = [each for each in types if each.key in decisions.types_mine]
        self._refuse_clashes()
        self._refuse_twins()
        if self._taken:
            self._convert()

    def keep_html(self) -> None:
        """Keep the HTML of fields of which something would be lost."""
        if self._conversion is not None:
            self._conversion.keep_html()

    def project(self) -> MergedProject:
        """What is to be written. Raises SourceError where that would change other cards."""
        self._give_words()
        for _ in range(_TRIES):
            merged, unsure = self._merged()
            if not unsure:
                self._check_others(merged)
                return merged
            self._give_ids(unsure)
        raise SourceError(
            "some cards would not be found again by their texts",
            "build the project first, and import the deck again; nothing was written",
        )

    def _with_own_names(self) -> Compiled:
        """The project compiled with each file under the name that it has in the deck."""
        if self.media.here == self._ours.lock.media:
            return self._compiled
        lock = replace(self._ours.lock, media=self.media.here)
        return compile_deck(replace(self._ours, lock=lock), self._time, self._resources)

    def _own_types(self) -> Mapping[int, OwnType]:
        """The note types that ankipress made, by their ids."""
        stamps = {**self._compiled.stamped.lock.note_types, **self._ours.lock.note_types}
        packed = {each.key: each.field_names for each in self._compiled.stamped.note_types}
        return {
            stamp.id: OwnType(key, packed.get(key, ()))
            for key, stamp in stamps.items()
            if stamp.id not in self.types
        }

    def _can_take(self, each: NoteThere) -> bool:
        """Whether a note is new, or its card can be written anew."""
        if each.card is None:
            return True
        entry = each.card.entry
        is_section = (entry.path, entry.location.line - 1) in self._spans
        return is_section and can_write(self._documents[entry.path])

    def _lines(self, card: CardHere) -> Span:
        """The lines of a card that is written anew."""
        return self._spans[card.entry.path, card.entry.location.line - 1]

    def _refuse_clashes(self) -> None:
        """Refuse files that a note needs, and whose names the project has for others."""
        for name in sorted(self.media.clashing):
            if any(name in field for each in self._taken for field in each.note.fields):
                raise SourceError(
                    f"media/{name} is another file here than there",
                    "rename yours, and the references to it; nothing was written",
                )

    def _refuse_twins(self) -> None:
        """Refuse to add a note where the same card stands, which the lock does not know yet."""
        for each in self._taken:
            first = each.note.fields[0]
            question = plain_html(first)
            path, here = self._unknown.get(question, ("", ""))
            if each.card is None and path and looks_same(first, here):
                raise SourceError(
                    f'"{question}" is new there, and a card of {path} that was never built',
                    "delete that card, so that it comes with its identity; after an import that was"
                    " interrupted, restore the files from git; nothing was written",
                )

    def _convert(self) -> None:
        notes = tuple(each.note for each in self._taken)
        deck = with_used_types(replace(self.deck, notes=notes))
        documents = self._compiled.documents
        known = TypesHere(self.types, self._made)
        planned = plan_merge(deck, self._taken, known, self._ours, documents)
        media = media_of_learners(deck)
        lock = Lock(self._ours.lock.uid, media=media)
        self._new_type_files = planned.new_type_files
        self._conversion = Conversion(
            planned.plan,
            self._ours.settings,
            ImportedMedia(deck.media),
            lock,
            self._resources,
            planned.heads,
        )
        self._conversion.start()
        self._conversion.run()

    def _give_words(self) -> None:
        """Let headings say what they said and no note of Anki has. A language, say, changes the
        HTML, so it comes when that of the notes was compared.
        """
        if self._conversion is None:
            return
        for number, there in enumerate(self._taken):
            if there.card is not None:
                entry = there.card.entry
                heading = self._documents[entry.path].lines[entry.location.line - 1]
                self._conversion.give_words(number, words_of_heading(heading))

    def _give_ids(self, numbers: Iterable[int]) -> None:
        """Write an id into the headings of some notes, whose texts do not tell them apart."""
        assert self._conversion is not None
        taken = {each.entry.attributes.id for each in self._compiled.notes}
        taken |= {each.words.removeprefix("#") for each in self._conversion.notes}
        free = (f"note-{number}" for number in count(len(self._compiled.notes) + 1))
        names = (each for each in free if each not in taken)
        for number in numbers:
            if not self._conversion.notes[number].words.startswith("#"):
                words = f"#{next(names)} {self._conversion.notes[number].words}"
                self._conversion.give_words(number, words.strip())

    def _changes(self) -> Mapping[str, FileChange]:
        """The cards that are written, by their files."""
        replaced: dict[str, dict[Span, str]] = {}
        added: dict[str, list[str]] = {}
        for note, there in zip(self.converted, self._taken, strict=True):
            added.setdefault(note.path, [])
            replaced.setdefault(note.path, {})
            if there.card is None:
                added[note.path].append(note.text)
            else:
                replaced[note.path][self._lines(there.card)] = note.text
        here = {each.path for each in self._ours.sources}
        changes = {}
        for path, cards in added.items():
            head = ""
            if path not in here and self._conversion is not None:
                head = head_text(self._conversion.heads[path])
            changes[path] = FileChange(head, replaced[path], cards)
        return changes

    def _merged(self) -> tuple[MergedProject, Sequence[int]]:
        """The project as it would be, and the numbers of the notes that would not be found again
        by their texts.
        """
        changes = self._changes()
        texts = {**self._new_type_files, **dict(files_taken(self._types_taken, self._ours))}
        edited = dict(_edited(self._ours.sources, changes))
        sources = {each.path: each for each in self._ours.sources}
        for path, each in edited.items():
            before = sources.get(path, Source(path, ""))
            sources[path] = replace(before, text=each.text)
        project = replace(
            self._ours,
            sources=[sources[path] for path in sorted(sources)],
            note_type_files={**self._ours.note_type_files, **texts},
            media=MergedFolder(self._ours.media, self._arriving()),
            lock=replace(self._ours.lock, media=self._names()),
        )
        places = dict(self._places(edited))
        project = replace(project, lock=self._with_records(project, places))
        compiled = compile_deck(project, self._time, self._resources)
        found = {(each.entry.path, each.entry.location.line): each for each in compiled.notes}
        unsure = [
            number
            for place, number in places.items()
            if place not in found or found[place].guid != self._taken[number].note.guid
        ]
        digests = {each.content.digest for each in compiled.package.media}
        media = {name: each for name, each in self._arriving().items() if each.digest in digests}
        lock = self._lock(compiled, media)
        return MergedProject(changes, texts, media, lock, compiled), unsure

    def _arriving(self) -> Mapping[str, MediaContent]:
        """The files that may be written."""
        return {**self.media.new, **self.media.changed}

    def _names(self) -> Mapping[str, str]:
        """The files that learners have under their own names: those of before, and new ones."""
        names = {name: each.digest for name, each in self.media.new.items()}
        known = media_of_learners(self.deck)
        absent = {name: digest for name, digest in known.items() if digest == ABSENT}
        return {**absent, **self._ours.lock.media, **names}

    def _places(self, edited: Mapping[str, EditedText]) -> Iterator[tuple[tuple[str, int], int]]:
        """The path and the line at which each note that is written begins, with its number."""
        added = {path: iter(each.added) for path, each in edited.items()}
        for number, (note, there) in enumerate(zip(self.converted, self._taken, strict=True)):
            if there.card is None:
                line = next(added[note.path])
            else:
                line = edited[note.path].replaced[self._lines(there.card)]
            yield (note.path, line + 1), number

    def _with_records(self, project: Project, places: Mapping[tuple[str, int], int]) -> Lock:
        """The lock of before with the texts of the cards that are written, by which they are found
        again.
        """
        identified = identify(project, self._resources)
        records = dict(self._known)
        note_ids = {each.note_id for each in records.values()}
        after: dict[str, str] = {}
        pairs = zip(identified.parsed.entries, identified.cards, strict=True)
        for entry, card in pairs:
            number = places.get((entry.path, entry.location.line))
            if number is None:
                continue
            note = self._taken[number].note
            known = records.get(note.guid)
            if known is None:
                note_id = note_id_of(note, note_ids)
                note_ids.add(note_id)
                before = after.get(entry.path)
                record = imported_record(note, entry, card.texts, project.settings.version)
                record = replace(
                    record,
                    note_id=note_id,
                    after=before,
                    note_type=self._published_key(note),
                )
            else:
                record = replace(known, id=entry.attributes.id, **card.texts._asdict())
            records[note.guid] = record
            after[entry.path] = note.guid
        return replace(project.lock, records=tuple(records.values()))

    def _published_key(self, note: ImportedNote) -> str:
        """The key of the note type of a note where that is not the one of its kind."""
        key = self._made.get(self.deck.note_types[note.note_type].id or 0, "")
        if own_note_type(key) != key:
            return key
        return ""

    def _lock(self, compiled: Compiled, media: Collection[str]) -> Lock:
        """The lock after the merge: that of before, with what was taken."""
        stamped = compiled.stamped.lock
        packed = {each.guid: each for each in stamped.records}
        records = dict(self._known)
        for each in self._taken:
            if each.note.guid in packed:
                before = self._known.get(each.note.guid)
                record = packed[each.note.guid]
                records[each.note.guid] = _taken_record(record, before, each.note, self._time)
        for each in self._kept:
            records[each.note.guid] = _kept_record(self._known[each.note.guid], each.note)
        names = self._names()
        old = self._ours.lock.media
        used = {
            name: digest
            for name, digest in names.items()
            if name in old or name in media or not digest
        }
        return replace(
            self._ours.lock,
            uid=stamped.uid,
            records=tuple(records.values()),
            note_types=self._stamps(stamped),
            media=used,
            tools=self._ours.lock.tools or stamped.tools,
        )

    def _stamps(self, stamped: Lock) -> Mapping[str, NoteTypeStamp]:
        """What the lock says of note types after the merge."""
        types = dict(self._ours.lock.note_types)
        for each in self._types_taken:
            stamp = stamped.note_types[each.key]
            types[each.key] = _taken_stamp(stamp, types[each.key], each, self._time)
        for each in self._types_kept:
            types[each.key] = _kept_stamp(types[each.key], each)
        for key, mod in self._new_types().items():
            if key in stamped.note_types:
                types[key] = type_stamp(stamped.note_types[key], mod)
        return types

    def _new_types(self) -> Mapping[str, int]:
        """The times of the note types that are new here, by their keys."""
        if self._conversion is None:
            return {}
        types = self._conversion.plan.types
        return {each.key: each.imported.mod for each in types if each.imported.id not in self.types}

    def _check_others(self, merged: MergedProject) -> None:
        """Refuse to write where that would change cards that are not taken."""
        taken = {each.note.guid for each in self._taken}
        before = self._compiled
        if self._arriving():
            project = replace(self._ours, media=MergedFolder(self._ours.media, self._arriving()))
            before = compile_deck(project, self._time, self._resources)
        digests = {each.guid: each.digest for each in merged.compiled.stamped.lock.records}
        states = {each.guid: each.state for each in merged.compiled.stamped.lock.records}
        for each in before.stamped.lock.records:
            is_same = digests.get(each.guid) == each.digest and states[each.guid] is each.state
            if each.guid not in taken and not is_same:
                raise SourceError(
                    f'other cards would change, such as "{each.question}" in {each.path}',
                    "it may use a definition of a link in a card that is taken: put that at the"
                    " end of the file, and import again; nothing was written",
                )


def _cards_here(compiled: Compiled, looks: Compiled) -> Mapping[str, CardHere]:
    """The cards of a project that its lock knows, by guid. `looks` has them with their files under
    the names that these have in the deck.
    """
    packed = {each.guid: each for each in looks.package.notes}
    types = {each.key: each.id for each in compiled.stamped.note_types}
    digests = {each.guid: each.digest for each in compiled.stamped.lock.records}
    cards = {}
    for note in compiled.notes:
        record = note.record
        if record is not None and record.digest and note.guid in packed:
            fields = packed[note.guid].fields
            type_id = types[packed[note.guid].note_type]
            cards[note.guid] = CardHere(note.entry, record, type_id, fields, digests[note.guid])
    return cards


def _unknown_cards(looks: Compiled) -> Mapping[str, tuple[str, str]]:
    """The paths and first fields of the cards that no build has packed, by their questions."""
    packed = {each.guid: each.fields[0] for each in looks.package.notes}
    return {
        plain_html(packed[note.guid]): (note.entry.path, packed[note.guid])
        for note in looks.notes
        if note.record is None and note.guid in packed
    }


def _spans(documents: Sequence[Document]) -> Mapping[tuple[str, int], Span]:
    """The lines of the sections, by path and first line."""
    return {
        (document.path, each.line): (each.line, each.end)
        for document in documents
        for each in document.sections
    }


def _edited(
    sources: Sequence[Source],
    changes: Mapping[str, FileChange],
) -> Iterator[tuple[str, EditedText]]:
    texts = {each.path: each.text for each in sources}
    for path, change in changes.items():
        yield path, change.apply(texts.get(path, ""))


def _taken_record(
    record: Record,
    before: Record | None,
    note: ImportedNote,
    time: int,
) -> Record:
    """The record of a note that is as it is there: learners who have it have nothing to update."""
    mod = note.mod or time
    if before is not None and before.mod >= mod:
        mod = max(time, before.mod + 1)
    return replace(record, mod=positive(mod), imported=positive(note.mod or mod))


def _kept_record(known: Record, note: ImportedNote) -> Record:
    """The record of a note that stays as it is here, for learners who have the other one too."""
    if note.mod is None:
        return known
    return replace(known, mod=max(known.mod, positive(note.mod + 1)), imported=positive(note.mod))


def _taken_stamp(
    stamp: NoteTypeStamp,
    before: NoteTypeStamp,
    there: TypeThere,
    time: int,
) -> NoteTypeStamp:
    """What the lock says of a note type that is as it is there."""
    mod = there.imported.mod or time
    if before.mod >= mod:
        mod = max(time, before.mod + 1)
    return replace(stamp, mod=positive(mod), imported=positive(there.imported.mod or mod))


def _kept_stamp(stamp: NoteTypeStamp, there: TypeThere) -> NoteTypeStamp:
    """What the lock says of a note type that stays as it is here, for learners who have the other
    one too.
    """
    mod = positive(there.imported.mod)
    return replace(stamp, mod=max(stamp.mod, mod + 1), imported=mod)
