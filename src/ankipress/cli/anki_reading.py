"""What the running Anki had when it was read, compared with a project while that is edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ankipress.build.compilation import CompiledProject
from ankipress.build.pipeline import Compiled
from ankipress.diff.packed_versions import PackedVersions
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.note_differences import AnkiDifferences, NoteCase
from ankipress.model import PackedNote
from ankipress.preview.serve.anki_states import NoteState

_STATES: Mapping[NoteCase, NoteState] = {
    NoteCase.SAME: NoteState.SAME,
    NoteCase.HERE: NoteState.DIFFERS,
    NoteCase.THERE: NoteState.EDITED,
    NoteCase.MERGED: NoteState.EDITED,
    NoteCase.CONFLICT: NoteState.EDITED,
    NoteCase.ABSENT: NoteState.ABSENT,
    NoteCase.OTHER_TYPE: NoteState.DIFFERS,
    NoteCase.TWICE: NoteState.DIFFERS,
}


@dataclass(frozen=True, slots=True)
class _KnownNote:
    packed: PackedNote
    state: NoteState


class AnkiAsRead:
    """The notes of an Anki. Each note of the project is compared once, until it changes."""

    def __init__(self, contents: AnkiContents) -> None:
        self._contents = contents
        self._basis: object = None
        self._versions: PackedVersions | None = None
        self._known: dict[str, _KnownNote] = {}

    @property
    def label(self) -> str:
        """Its name in messages."""
        return self._contents.label

    def states(self, found: CompiledProject) -> Mapping[str, NoteState]:
        """The state of each note of a project by its guid."""
        versions = self._versions_for(found)
        packed = _packed_notes(found.compiled)
        changed = {guid for guid, note in packed.items() if not self._is_known(note)}
        if changed:
            differences = compare_with_anki(
                self._contents_of(changed),
                _only(found.compiled, changed),
                found.workspace.project.lock,
                versions,
            )
            states = _states_of(changed, differences)
            for guid, state in states.items():
                self._known[guid] = _KnownNote(packed[guid], state)
        return {guid: self._known[guid].state for guid in packed}

    def _versions_for(self, found: CompiledProject) -> PackedVersions:
        """What packages and locks say. All is compared again where the lock or a note type has
        changed. No revision is compiled: what a note was packed as needs no more than its digest.
        """
        fields = {each.key: each.fields for each in found.compiled.package.note_types}
        basis = (found.workspace.lock_text, fields)
        if self._versions is None or self._basis != basis:
            self._basis = basis
            self._versions = PackedVersions(found.workspace, most_compiled=0)
            self._known.clear()
        return self._versions

    def _is_known(self, packed: PackedNote) -> bool:
        known = self._known.get(packed.guid)
        return known is not None and known.packed == packed

    def _contents_of(self, guids: Collection[str]) -> AnkiContents:
        deck = self._contents.deck
        notes = [note for note in deck.notes if note.guid in guids]
        deck = replace(deck, notes=tuple(notes))
        return replace(self._contents, deck=deck)


def _packed_notes(compiled: Compiled) -> Mapping[str, PackedNote]:
    """The notes by their guids, without what is new at every build where there is no lock."""
    return {note.guid: replace(note, mod=0) for note in compiled.package.notes}


def _only(compiled: Compiled, guids: Collection[str]) -> Compiled:
    """A deck with some of its notes."""
    notes = filter(lambda note: note.guid in guids, compiled.notes)
    packed = filter(lambda note: note.guid in guids, compiled.package.notes)
    package = replace(compiled.package, notes=tuple(packed))
    return replace(compiled, notes=tuple(notes), package=package)


def _states_of(guids: Collection[str], differences: AnkiDifferences) -> Mapping[str, NoteState]:
    """The state of each of some notes. One that was never built, and so is in no comparison, is not
    there.
    """
    states = dict.fromkeys(guids, NoteState.ABSENT)
    for each in differences.notes:
        state = _STATES.get(each.case)
        if state and each.guid in states:
            states[each.guid] = state
    return states
