"""What a pull writes: the values that are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankipress.build.pipeline import Compiled
from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.merged.merged_project import FileChange
from ankipress.live.text_edits import TextEdit, with_edits
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit
from ankipress.model import Lock, MediaContent


@dataclass(frozen=True, slots=True)
class PulledFile:
    """What becomes of a file of cards: edits of what is there, and cards at its end."""

    edits: Sequence[TextEdit] = ()
    added: FileChange | None = None

    def apply(self, text: str) -> str:
        """The text of the file, given that of before, with its byte order mark and line ends; an
        empty one for a new file.
        """
        edited = with_edits(text, self.edits)
        if self.added is None:
            return edited
        return self.added.in_file(edited)


@dataclass(frozen=True, slots=True)
class PulledProject:
    """What a pull writes: files of cards by their paths, other texts by theirs, media by their
    names, and the lock. `compiled` is the project as it is then.

    `written` are the edits that are made, `made` the notes that become cards, and `unwritten` what
    cannot be written.
    """

    files: Mapping[str, PulledFile]
    texts: Mapping[str, str]
    media: Mapping[str, MediaContent]
    lock: Lock
    compiled: Compiled
    written: Sequence[CardEdit]
    made: Sequence[ImportedNote]
    unwritten: Sequence[UnwrittenEdit]
