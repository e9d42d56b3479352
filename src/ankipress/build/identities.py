"""Decisions of an author on which card is which note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ankipress.build.adoption import adopt, leave_rest
from ankipress.build.file_reading import choose_reading
from ankipress.build.pipeline import identify
from ankipress.diagnostics import Diagnostic, in_order, suggestion
from ankipress.identity.lock import write_lock
from ankipress.identity.unresolved import resolve_as_new, resolve_as_same
from ankipress.model import KINDS, Assignment, Entry, Lock, Note, Record, UnresolvedMatch
from ankipress.parse.id_insertion import QuestionEnd, end_of_question, insert_ids, make_slug
from ankipress.parse.shapes.shapes import HEADINGS
from ankipress.project.atomic import write_files
from ankipress.project.places import place
from ankipress.project.workspace import Workspace


class CannotSettleError(Exception):
    """A card cannot be the note that its author names."""


class OtherNoteTypeError(CannotSettleError):
    """The note has another note type than the card, so the card can only be a new note."""


@dataclass(slots=True)
class _FileIds:
    """The ids to be written into a file: by the lines of headings and rows, and by the ends of
    other questions.
    """

    lines: dict[int, str] = field(default_factory=dict)
    ends: dict[QuestionEnd, str] = field(default_factory=dict)

    def add(
        self,
        entry: Entry,
        shape: str,
        id: str,
    ) -> bool:
        """Add the id of an entry of a file in a shape, and tell whether there is a place for it."""
        if shape == HEADINGS or entry.kind == "rows":
            self.lines[entry.location.line] = id
            return True
        end = end_of_question(entry)
        if end is None:
            return False
        self.ends[end] = id
        return True


class Identities:
    """The identities of a project's cards, and what an author decides about them.

    Each decision is in the lock on disk before the next one is made. Every method that decides
    raises OSError where the lock cannot be written.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        choose_reading(workspace)
        adopt(workspace)
        self.lock = workspace.project.lock
        self.decisions = 0
        self._match()

    def _match(self) -> None:
        project = replace(self.workspace.project, lock=self.lock)
        identified = identify(project)
        self._parsed = identified.parsed
        self._shapes = {each.path: each.shape for each in identified.documents}
        self.assignment = identified.assignment

    @property
    def problems(self) -> Sequence[Diagnostic]:
        """What is wrong with the sources and the lock."""
        diagnostics = [*self.workspace.diagnostics, *self._parsed.diagnostics]
        return in_order(diagnostics)

    @property
    def unresolved(self) -> Sequence[UnresolvedMatch]:
        """The matches that only an author can resolve. A decision may resolve several."""
        return self.assignment.unresolved

    def take_as_same(
        self,
        note: Note,
        guid: str,
    ) -> None:
        """Decide that a card is the note of a guid. Raises CannotSettleError."""
        records = {each.guid: each for each in self.lock.records}
        if guid not in records:
            near = suggestion(guid, tuple(records))
            raise CannotSettleError(f"the lock has no note {guid!r}{near}")
        record = records[guid]
        if KINDS.get(record.kind, record.kind) != note.note_type:
            raise OtherNoteTypeError(
                f"the note {guid!r} was a {record.kind} card and {place(note, self.workspace)} is"
                f" {note.entry.kind}: Anki updates no note across note types,"
                " so it can only be a new one"
            )
        if not self._is_candidate(note, record):
            for other in self.assignment.notes:
                if other.record == record and other != note:
                    where = place(other, self.workspace)
                    raise CannotSettleError(f"the note {guid!r} is the card at {where}")
        self._decide(resolve_as_same(self.lock, note, guid))

    def _is_candidate(
        self,
        note: Note,
        record: Record,
    ) -> bool:
        """Whether the match of a card is unresolved, and a record is one of its candidates."""
        for match in self.assignment.unresolved:
            if match.note == note and record in match.candidates:
                return True
        return False

    def take_as_new(self, note: Note) -> None:
        """Decide that a card is a new note, whatever it was taken for."""
        if note.record is not None and not note.record.digest:
            return  # decided before, and not built since
        self._decide(self._with_new(note))

    def resolve(
        self,
        match: UnresolvedMatch,
        record: Record | None,
    ) -> None:
        """Resolve a match: the card is one of the candidates, or None for a new note."""
        if record is None:
            self._decide(self._with_new(match.note))
        else:
            self._decide(resolve_as_same(self.lock, match.note, record.guid))

    def _with_new(self, note: Note) -> Lock:
        version = self.workspace.project.settings.version
        return resolve_as_new(
            self.lock,
            self.assignment.uid,
            note,
            version,
        )

    def _decide(self, lock: Lock) -> None:
        self.lock = replace(lock, uid=self.assignment.uid)
        self.decisions += 1
        self._write({self.workspace.lock_path: write_lock(self.lock).encode()})
        self._match()

    def write_ids(self) -> int:
        """Write an explicit id into every heading or row without one, and give their number.
        Notebooks stay as they are.

        The lock learns the ids too, so that a question may be reworded before the next build.
        Raises OSError, with nothing written, where a source was deleted or changed since.
        """
        new_ids: dict[str, str] = {}
        by_file: dict[str, _FileIds] = defaultdict(_FileIds)
        for note, id in _new_ids(self.assignment):
            if note.entry.path in self.workspace.notebooks:
                continue
            shape = self._shapes[note.entry.path]
            if by_file[note.entry.path].add(note.entry, shape, id):
                new_ids[note.guid] = id
        # The lock goes first: after an interruption, the next run finds there which ids are missing
        # in the sources.
        contents: dict[Path, bytes] = {}
        if self.lock.records:
            lock = self._lock_with(new_ids)
            contents[self.workspace.lock_path] = write_lock(lock).encode()
        for path, ids in sorted(by_file.items()):
            file = self.workspace.root / path
            text = self.workspace.read_again(file).decode()
            contents[file] = insert_ids(text, ids.lines, ids.ends).encode()
        self._write(contents)
        return len(new_ids)

    def notebooks_without_ids(self) -> list[str]:
        """The notebooks with cards that have no explicit id. Ids are written into no JSON."""
        paths = {note.entry.path for note, _ in _new_ids(self.assignment)}
        return sorted(paths & self.workspace.notebooks.keys())

    def _lock_with(self, new_ids: Mapping[str, str]) -> Lock:
        """The lock with explicit ids by guid."""
        records = []
        for record in self.lock.records:
            id = new_ids.get(record.guid, record.id)
            records.append(replace(record, id=id))
        return replace(self.lock, records=tuple(records))

    def _write(self, contents: Mapping[Path, bytes]) -> None:
        write_files(
            contents,
            self.workspace.as_read,
            self.workspace.folders_written(),
        )
        self.workspace.wrote(contents)
        leave_rest(self.workspace)


def _new_ids(assignment: Assignment) -> Iterator[tuple[Note, str]]:
    """An id for every note whose card has none: the one that the lock remembers, or a new one."""
    taken = {note.entry.attributes.id or "" for note in assignment.notes}
    taken |= {record.id or "" for record in assignment.left}
    for note in assignment.notes:
        if note.entry.attributes.id is not None:
            continue
        id = None
        if note.record:
            id = note.record.id
        if not id or id in taken:
            id = make_slug(note.question, taken)
        taken.add(id)
        yield note, id
