"""Notes that are wanted → the smallest edits of their cards that make them so.

Ways to edit each field are tried, the smallest first, and each is judged by what the file compiles
to: the field looks as it was wanted, and all else stays to the letter. Where many cards of a file
are edited, each is judged by a short file that holds it alone, and the file once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ankipress.build.cards import ALONE, Resources
from ankipress.build.pipeline import Compiled
from ankipress.live.editing.card_trial import CardTrial
from ankipress.live.editing.edited_files import CardState, EditedFile
from ankipress.live.editing.media_addresses import MediaAddresses
from ankipress.live.editing.note_writing import NoteWriter, joined
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from ankipress.model import Note
from ankipress.project.deck import Project

_NOT_MARKDOWN = ".ipynb"


@dataclass(frozen=True, slots=True)
class _TriedEdit:
    """An edit of a card and the trial in which it was right."""

    edit: CardEdit
    trial: CardTrial

    @property
    def is_unsure(self) -> bool:
        """Whether it was judged by the card alone."""
        return self.trial.is_unsure


_Numbered = tuple[int, _TriedEdit]


class CardEditor:
    """Writes edits of notes into their cards. The project has the files that the notes show, new
    ones too.
    """

    def __init__(
        self,
        project: Project,
        compiled: Compiled,
        resources: Resources = ALONE,
    ) -> None:
        self._project = project
        self._resources = resources
        self._notes = {each.guid: each for each in compiled.notes}
        self._documents = {each.path: each for each in compiled.documents}
        self._sources = {each.path: each for each in project.sources}

    def edit(self, wanted: WantedNote) -> CardEdit | UnwrittenEdit:
        """The smallest edit after which a card is the note that is wanted."""
        found = self._tried(wanted, is_alone=False)
        return found.edit if isinstance(found, _TriedEdit) else found

    def edits(self, wanted: Iterable[WantedNote]) -> list[CardEdit | UnwrittenEdit]:
        """The same for many notes; a file is compiled for all of its edits at once."""
        notes = []
        found: list[_TriedEdit | UnwrittenEdit] = []
        unsure: dict[str, list[_Numbered]] = {}
        for number, each in enumerate(wanted):
            tried = self._tried(each, is_alone=True)
            notes.append(each)
            found.append(tried)
            if isinstance(tried, _TriedEdit) and tried.is_unsure:
                unsure.setdefault(tried.edit.path, []).append((number, tried))
        for edits in unsure.values():
            sure = self._sure(edits)
            for number, _ in edits:
                found[number] = sure.get(number) or self._tried(notes[number], is_alone=False)
        return [each.edit if isinstance(each, _TriedEdit) else each for each in found]

    def _sure(self, edits: Sequence[_Numbered]) -> dict[int, _TriedEdit]:
        """Those edits of one file that are right in it together. Where some are not, each half is
        judged.
        """
        states = self._states([each for _, each in edits])
        if states is not None:
            return {
                number: _TriedEdit(replace(each.edit, fields=state.fields), each.trial)
                for (number, each), state in zip(edits, states, strict=True)
            }
        if len(edits) == 1:
            return {}
        middle = len(edits) // 2
        return {**self._sure(edits[:middle]), **self._sure(edits[middle:])}

    def _states(self, edits: Sequence[_TriedEdit]) -> list[CardState] | None:
        """The cards after some edits of one file; None where one is not right."""
        every = joined(edit for each in edits for edit in each.edit.edits)
        places = [each.trial.place for each in edits]
        states = edits[0].trial.file.after(every, places)
        if states is None:
            return None
        pairs = zip(edits, states, strict=True)
        is_right = all(each.trial.is_right_state(state) for each, state in pairs)
        return states if is_right else None

    def _tried(
        self,
        wanted: WantedNote,
        *,
        is_alone: bool,
    ) -> _TriedEdit | UnwrittenEdit:
        """The edit of one card, judged by the card alone where that can be, or by its file."""
        note = self._notes.get(wanted.guid)
        if note is None:
            return UnwrittenEdit(wanted.guid, "no card of the project is this note")
        if note.entry.path.endswith(_NOT_MARKDOWN):
            return UnwrittenEdit(wanted.guid, "it is made of a notebook")
        trial = self._trial(note, is_alone=is_alone)
        if trial is None:
            return UnwrittenEdit(wanted.guid, "its card is not found in its file")
        writer = NoteWriter(
            trial,
            note,
            self._project.settings,
        )
        written = writer.written(wanted)
        if isinstance(written, UnwrittenEdit):
            return written
        return _TriedEdit(written, trial)

    def _trial(
        self,
        note: Note,
        *,
        is_alone: bool,
    ) -> CardTrial | None:
        path = note.entry.path
        file = EditedFile(
            self._project,
            self._resources,
            self._sources[path],
            self._documents[path],
        )
        place = file.find(note.entry)
        if place is None:
            return None
        return CardTrial(
            file,
            place,
            MediaAddresses(path, self._project.media),
            is_alone=is_alone,
        )
