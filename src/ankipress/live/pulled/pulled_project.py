"""What was edited in Anki → the files of a project: edited and new cards, media, and the lock."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace

from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.imported_lock import positive
from ankipress.importing.merged.merged_media import MergedFolder
from ankipress.importing.readers.named_media import media_in_html
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.packed_fields import packed_fields
from ankipress.live.pulled.edit_trials import (
    EditedProject,
    EditTrials,
    ProjectNow,
    edits_by_path,
)
from ankipress.live.pulled.made_cards import MadeCards, MadeNotes
from ankipress.live.pulled.pulled_files import PulledFile, PulledProject
from ankipress.live.pulled.pulled_media import PulledMedia, pulled_media
from ankipress.live.pulled.standing_cards import look_same
from ankipress.live.pulled.taken_notes import Taken
from ankipress.live.pulled.unreadable_text import refusal_of_fields, refusal_of_texts
from ankipress.live.wanted_note import (
    CardEdit,
    UnwrittenEdit,
    WantedNote,
)
from ankipress.media.media_folder import Refusal
from ankipress.media.own_names import MEDIA
from ankipress.model import (
    Lock,
    MediaContent,
    Record,
)

EditCards = Callable[[ProjectNow, Sequence[WantedNote]], Iterable[CardEdit | UnwrittenEdit]]
"""Gives the edits after which cards of a project are the notes that are wanted."""

_DAY = 86_400  # seconds
_UNLAWFUL = "other cards would change with it, or it would not look as it does there"


class ProjectPull:
    """What an Anki holds on its way into a project. May raise OSError, and LiveError."""

    def __init__(
        self,
        now: ProjectNow,
        contents: AnkiContents,
        edit_cards: EditCards,
    ) -> None:
        self._now = now
        self._contents = contents
        self._edit_cards = edit_cards
        self._unwritten: list[UnwrittenEdit] = []

    def project(self, taken: Taken) -> PulledProject:
        """What is written of what is taken."""
        media = self._media(taken)
        wanted = list(self._with_media(taken.wanted, media))
        before = self._arrived(media, wanted)
        edits = self._edits(before, wanted)
        edited = EditTrials(before, wanted).lawful(edits)
        self._tell_left(edits, edited)
        lock = self._lock(edited, taken)
        base = replace(edited.now, project=replace(edited.now.project, lock=lock))
        made = MadeNotes(base, self._contents.deck).cards(taken.made, media)
        self._unwritten += made.unwritten
        return self._result(edited, lock, made, media)

    def _edits(
        self,
        before: ProjectNow,
        wanted: Sequence[WantedNote],
    ) -> Sequence[CardEdit]:
        """The edits of cards that can be written."""
        found: list[CardEdit] = []
        for each in self._edit_cards(before, wanted):
            if isinstance(each, UnwrittenEdit):
                self._unwritten.append(each)
            elif reason := refusal_of_texts(edit.text for edit in each.edits):
                self._unwritten.append(UnwrittenEdit(each.guid, reason))
            else:
                found.append(each)
        return found

    def _media(self, taken: Taken) -> PulledMedia:
        fields = [html for each in taken.wanted for html in each.fields.values()]
        fields += [html for each in taken.made for html in each.fields]
        read = self._contents.read_media
        return pulled_media(fields, read, self._now.project, self._now.compiled)

    def _with_media(
        self,
        wanted: Sequence[WantedNote],
        media: PulledMedia,
    ) -> Iterator[WantedNote]:
        """The notes whose files can come, with their files called as they are here."""
        for each in wanted:
            fields_there = each.fields.values()
            reason = refusal_of_fields(fields_there) or media.refusal_of(fields_there)
            if reason:
                self._unwritten.append(UnwrittenEdit(each.guid, reason))
                continue
            fields = {name: media.renamed(html) for name, html in each.fields.items()}
            yield replace(each, fields=fields)

    def _arrived(
        self,
        media: PulledMedia,
        wanted: Sequence[WantedNote],
    ) -> ProjectNow:
        """The project with the files that these notes show."""
        shown = media_in_html(html for each in wanted for html in each.fields.values())
        files = {name: media.files[name] for name in shown if name in media.files}
        if not files:
            return self._now
        project = self._now.project
        digests = {name: content.digest for name, content in files.items()}
        lock = replace(project.lock, media={**project.lock.media, **digests})
        folder = MergedFolder(project.media, files)
        return self._now.changed(replace(project, lock=lock, media=folder))

    def _tell_left(
        self,
        edits: Sequence[CardEdit],
        edited: EditedProject,
    ) -> None:
        """Tell what of some edits is not written."""
        kept = {each.guid for each in edited.edits}
        for each in edits:
            if each.guid not in kept:
                self._unwritten.append(UnwrittenEdit(each.guid, _UNLAWFUL))
            elif each.left:
                self._unwritten.append(UnwrittenEdit(each.guid, "; ".join(each.left)))

    def _lock(
        self,
        edited: EditedProject,
        taken: Taken,
    ) -> Lock:
        """The lock of before with the records of the edited notes as a build stamps them, so that
        nothing else that a build has to do is done by halves.
        """
        there = {each.guid: each for each in self._contents.deck.notes}
        before = self._now.project.lock
        stamped = edited.now.compiled.stamped.lock
        packed = {each.guid: each for each in stamped.records}
        records = {each.guid: each for each in before.records}
        for edit in edited.edits:
            record = packed[edit.guid]
            mod = None
            if not edit.left and edit.guid in there:
                mod = there[edit.guid].mod
            records[edit.guid] = self._seen(record, mod)
        unwritten = {each.guid for each in self._unwritten}
        for note in taken.settled:
            if note.guid in records and note.guid not in unwritten:
                records[note.guid] = self._seen(records[note.guid], note.mod)
        for note in self._arrived_before(edited, records):
            records[note.guid] = self._seen(packed[note.guid], note.mod)
        media = _packed_names(edited)
        return replace(
            before,
            uid=stamped.uid,
            records=tuple(records.values()),
            media={**before.media, **media},
            tools=before.tools or stamped.tools,
        )

    def _arrived_before(
        self,
        edited: EditedProject,
        records: Mapping[str, Record],
    ) -> Iterator[ImportedNote]:
        """The notes that look as their cards do, where these are others than their records say: a
        pull that was interrupted has written the cards, and not the lock.
        """
        compiled = edited.now.compiled
        fields = packed_fields(compiled, edited.now.project.settings)
        sources = {each.guid: each.source for each in compiled.stamped.lock.records}
        for note in self._contents.deck.notes:
            known = records.get(note.guid)
            if known is None or not known.source or note.guid not in fields:
                continue
            note_type = self._contents.deck.note_types[note.note_type]
            is_edited = known.source != sources.get(note.guid)
            if is_edited and look_same(fields[note.guid], note, note_type):
                yield note

    def _seen(
        self,
        record: Record,
        mod: int | None,
    ) -> Record:
        """The record of a note that is known as it is there, and that Anki takes from here when it
        is packed next.
        """
        if mod is None or mod > self._now.time + _DAY:
            return record
        return replace(record, mod=max(record.mod, positive(mod + 1)), pulled=positive(mod))

    def _result(
        self,
        edited: EditedProject,
        lock: Lock,
        made: MadeCards,
        media: PulledMedia,
    ) -> PulledProject:
        edits = edits_by_path(edited.edits)
        paths = dict.fromkeys((*edits, *made.files))
        files = {path: PulledFile(edits.get(path, ()), made.files.get(path)) for path in paths}
        names = _packed_names(edited)
        arrived = {
            name: content
            for name, content in media.files.items()
            if name in names and not self._has(name, content)
        }
        return PulledProject(
            files,
            made.texts,
            {**arrived, **made.media},
            made.lock or lock,
            made.compiled or edited.now.compiled,
            edited.edits,
            made.notes,
            tuple(self._unwritten),
        )

    def _has(self, name: str, content: MediaContent) -> bool:
        """Whether a pull that was interrupted has written a file."""
        found = self._now.project.media.find(f"{MEDIA}/{name}")
        return not isinstance(found, Refusal) and found.digest == content.digest


def _packed_names(edited: EditedProject) -> Mapping[str, str]:
    """The digests of the files that learners have under their own names, as far as notes show
    them.
    """
    packed = {each.name for each in edited.now.compiled.package.media}
    return {name: each for name, each in edited.now.project.lock.media.items() if name in packed}
