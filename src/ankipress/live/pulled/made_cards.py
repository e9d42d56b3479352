"""Notes that were made in Anki → cards at the end of a file of their deck, and their records."""

from __future__ import annotations

from collections.abc import (
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import (
    dataclass,
    field,
    replace,
)

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Severity
from ankipress.importing.converted_note import ConvertedNote, Form
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote
from ankipress.importing.imported_lock import positive
from ankipress.importing.merged.merged_project import (
    Decisions,
    DeckMerge,
    FileChange,
    MergedProject,
)
from ankipress.importing.readers.deck_parts import with_used_types
from ankipress.importing.readers.named_media import media_in_html
from ankipress.importing.readers.source_error import SourceError
from ankipress.live.comparing.editor_noise import EditorNoise
from ankipress.live.comparing.moved_notes import deck_key
from ankipress.live.comparing.tag_merge import shared_tags
from ankipress.live.editing.wanted_html import as_rendered
from ankipress.live.pulled.edit_trials import ProjectNow
from ankipress.live.pulled.pulled_media import PulledMedia
from ankipress.live.pulled.standing_cards import StandingCards
from ankipress.live.pulled.unreadable_text import refusal_of_fields
from ankipress.live.wanted_note import UnwrittenEdit
from ankipress.model import (
    OWN_FIELDS,
    Lock,
    MediaContent,
)
from ankipress.project.source_patterns import would_be_source

_MOST_TRIALS = 40  # of the whole project
_LOST = "no Markdown looks like one of its fields"
_OTHER_FIELDS = "its note type has other fields here"


@dataclass(frozen=True, slots=True)
class MadeCards:
    """What notes that were made become: cards by their files, files of note types, media, and the
    lock with their records; `compiled` is the deck with them. Both are None without such cards.
    """

    notes: tuple[ImportedNote, ...] = ()
    files: Mapping[str, FileChange] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, MediaContent] = field(default_factory=dict)
    lock: Lock | None = None
    compiled: Compiled | None = None
    unwritten: tuple[UnwrittenEdit, ...] = ()


class MadeNotes:
    """Notes that were made in Anki, on their way into a project."""

    def __init__(
        self,
        now: ProjectNow,
        deck: ImportedDeck,
    ) -> None:
        self._now = now
        self._deck = deck
        self._files: Mapping[str, MediaContent] = {}
        self._refused: dict[str, str] = {}
        self._problem = ""
        self._number = 0

    def cards(
        self,
        notes: Sequence[ImportedNote],
        media: PulledMedia,
    ) -> MadeCards:
        """The cards of these notes, as far as they can be written without loss."""
        self._files = media.files
        wanted = list(self._with_media(notes, media))
        self._now, standing = StandingCards(self._now, self._deck).known(wanted)
        kept = self._joined([each for each in wanted if each not in standing], ())
        merged = None
        if kept:
            merged = self._try(kept)
        unwritten = tuple(UnwrittenEdit(guid, reason) for guid, reason in self._refused.items())
        if merged is None:
            if not standing:
                return MadeCards(unwritten=unwritten)
            lock = self._with_pulled(self._now.project.lock, standing)
            compiled = self._now.compiled
            return MadeCards(tuple(standing), lock=lock, compiled=compiled, unwritten=unwritten)
        return MadeCards(
            (*standing, *kept),
            merged.cards,
            merged.texts,
            merged.media,
            self._with_pulled(merged.lock, (*standing, *kept)),
            merged.compiled,
            unwritten,
        )

    def _with_media(
        self,
        notes: Sequence[ImportedNote],
        media: PulledMedia,
    ) -> Iterator[ImportedNote]:
        """The notes whose files can come, with their files called as they are here."""
        decks = {deck_key(each.entry.deck): each.entry.deck for each in self._now.compiled.notes}
        for note in notes:
            reason = refusal_of_fields(note.fields) or media.refusal_of(note.fields)
            if reason:
                self._refuse(note, reason)
            else:
                fields = tuple(map(media.renamed, self._meant(note)))
                deck = _spelled_as_here(note.deck, decks)
                yield replace(note, fields=fields, tags=shared_tags(note.tags), deck=deck)

    def _meant(self, note: ImportedNote) -> Sequence[str]:
        """The fields of a note without what Anki's editor leaves in them; those of another tool's
        note type as they are.
        """
        imported = self._deck.note_types[note.note_type]
        if imported.field_names[-len(OWN_FIELDS) :] != OWN_FIELDS:
            return note.fields
        noise = EditorNoise.of((), in_paragraphs=True)
        meant = [as_rendered(noise.without(html), "") for html in note.fields]
        return [*meant[: -len(OWN_FIELDS)], *note.fields[-len(OWN_FIELDS) :]]

    def _joined(
        self,
        notes: Sequence[ImportedNote],
        kept: Sequence[ImportedNote],
    ) -> Sequence[ImportedNote]:
        """Notes that are kept, with those of others that may join them: where all may not, each
        half is tried.
        """
        tried = self._left((*kept, *notes))
        if not notes or self._try(tried) is not None:
            return self._left(tried)
        if len(notes) == 1 or self._number > _MOST_TRIALS:
            for note in notes:
                self._refuse(note, self._problem)
            return kept
        middle = len(notes) // 2
        first = self._joined(notes[:middle], kept)
        return self._joined(notes[middle:], first)

    def _left(self, notes: Sequence[ImportedNote]) -> Sequence[ImportedNote]:
        """Those of some notes that are not refused."""
        return [note for note in notes if note.guid not in self._refused]

    def _try(self, notes: Sequence[ImportedNote]) -> MergedProject | None:
        """The project with those of some notes of which nothing is lost; None where it would change
        other cards, or cannot be.
        """
        self._number += 1
        try:
            return self._project_with(notes)
        except SourceError as error:
            self._problem = str(error)
            return None

    def _project_with(self, notes: Sequence[ImportedNote]) -> MergedProject:
        """The project with some notes, but for those that cannot be written. Raises SourceError."""
        while True:
            kept = self._left(notes)
            merge = self._merge(kept)
            merge.take(Decisions())
            written = {each.note.guid: each for each in merge.converted}
            is_whole = True
            for note in kept:
                if reason := self._reason(written.get(note.guid)):
                    self._refuse(note, reason)
                    is_whole = False
            if is_whole:
                return _without_errors(merge.project())

    def _reason(self, note: ConvertedNote | None) -> str:
        """Why a note cannot be written, empty where it can. None is one that was not taken."""
        project = self._now.project
        if note is None:
            return _OTHER_FIELDS
        if note.form is Form.LOST:
            return _LOST
        if any(source.path == note.path for source in project.sources):
            return ""
        can_have_more = project.selected is None
        if can_have_more and would_be_source(note.path, project.settings.sources):
            return ""
        return f'no file here takes cards of the deck "{note.note.deck}"'

    def _merge(self, notes: Sequence[ImportedNote]) -> DeckMerge:
        shown = media_in_html(html for note in notes for html in note.fields)
        files = {name: self._files[name] for name in shown if name in self._files}
        deck = replace(self._deck, notes=tuple(notes), media=files, missing=())
        now = self._now
        return DeckMerge(with_used_types(deck), now.project, now.compiled, now.time, now.resources)

    def _with_pulled(
        self,
        lock: Lock,
        notes: Sequence[ImportedNote],
    ) -> Lock:
        """A lock that knows some notes as they are in Anki, and says of a note type that stays as
        it is what it said.
        """
        mods = {note.guid: positive(note.mod) for note in notes if note.mod is not None}
        records = [
            replace(each, pulled=mods[each.guid]) if each.guid in mods else each
            for each in lock.records
        ]
        types = dict(lock.note_types)
        for key, before in self._now.project.lock.note_types.items():
            if replace(types[key], imported=before.imported) == before:
                types[key] = before
        return replace(lock, records=tuple(records), note_types=types)

    def _refuse(
        self,
        note: ImportedNote,
        reason: str,
    ) -> None:
        self._refused[note.guid] = reason


def _spelled_as_here(deck: str, decks: Mapping[str, str]) -> str:
    """A deck as the project writes its name, or those of the decks above it: Anki takes names that
    differ in case for one. `decks` are those of the project by their keys.
    """
    above = deck
    while above:
        here = decks.get(deck_key(above))
        if here is not None:
            return here + deck.removeprefix(above)
        above = above.rpartition("::")[0]
    return deck


def _without_errors(merged: MergedProject) -> MergedProject:
    """A project that can be built. Raises SourceError for one that cannot."""
    for each in merged.compiled.diagnostics:
        if each.severity is Severity.ERROR:
            raise SourceError(each.message, each.help)
    return merged
