"""What was pulled, as commits of a new branch: somebody else reviews and merges them."""

from __future__ import annotations

from collections.abc import (
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace
from pathlib import Path

from ankipress.build.pipeline import Compiled
from ankipress.cli.pull_outcome import PullOutcome
from ankipress.diagnostics import counted
from ankipress.diff.marked_words import (
    Marked,
    mark_words,
    shortened,
)
from ankipress.identity.lock import write_lock
from ankipress.importing.imported_media import media_by_path
from ankipress.importing.readers.named_media import media_in_html
from ankipress.importing.readers.source_error import SourceError
from ankipress.live.comparing.packed_fields import packed_fields
from ankipress.live.pulled.edit_trials import edits_by_path
from ankipress.live.pulled.pulled_files import PulledFile, PulledProject
from ankipress.live.wanted_note import CardEdit, WantedNote
from ankipress.model import (
    Lock,
    MediaContent,
    Note,
)
from ankipress.project.new_branch import NewBranch
from ankipress.project.workspace import Workspace
from ankipress.syntax.decoding import decode
from ankipress.syntax.plain_html import plain_html
from ankipress.visible_text import one_line

_SUBJECT = 72  # characters
_LINE = 200


class BranchPull:
    """Commits what was pulled. Raises GitError, SourceError and OSError."""

    def __init__(
        self,
        branch: NewBranch,
        workspace: Workspace,
        before: Compiled,
        outcome: PullOutcome,
    ) -> None:
        self._branch = branch
        self._workspace = workspace
        self._label = outcome.contents.label
        self._pulled = outcome.pulled
        self._notes = {note.guid: note for note in before.notes}
        self._wanted = {each.guid: each for each in outcome.taken.wanted}
        self._fields = packed_fields(before, workspace.project.settings)

    def commit(
        self,
        *,
        each: bool,
    ) -> int:
        """Make the branch, and give the number of its commits: one, or one for `each` note."""
        pulled = self._pulled
        edits = pulled.written if each else ()
        for count, edit in enumerate(edits, start=1):
            part = self._part(pulled.written[:count])
            self._commit(part, self._message_of(edit))
        number = len(edits)
        if not edits or pulled.made:
            rest = () if edits else pulled.written
            self._commit(pulled, self._message(rest))
            number += 1
        self._branch.create()
        return number

    def _part(self, edits: Sequence[CardEdit]) -> PulledProject:
        """What is written of some edits alone."""
        pulled = self._pulled
        guids = {each.guid for each in edits}
        before = self._workspace.project.lock
        records = {each.guid: each for each in before.records}
        records |= {each.guid: each for each in pulled.lock.records if each.guid in guids}
        media = self._media_of(guids)
        names = {name: pulled.lock.media[name] for name in media if name in pulled.lock.media}
        lock = replace(before, records=tuple(records.values()), media={**before.media, **names})
        files = {path: PulledFile(found) for path, found in edits_by_path(edits).items()}
        return replace(pulled, files=files, texts={}, media=media, lock=lock, made=())

    def _media_of(self, guids: set[str]) -> Mapping[str, MediaContent]:
        """The new files that some notes show."""
        shown = media_in_html(html for guid in guids for html in self._wanted[guid].fields.values())
        media = self._pulled.media
        return {name: media[name] for name in shown if name in media}

    def _commit(
        self,
        pulled: PulledProject,
        message: str,
    ) -> None:
        root = self._workspace.root
        files: dict[Path, bytes] = {}
        for path, file in pulled.files.items():
            files[root / path] = self._edited(path, file)
        for path, text in pulled.texts.items():
            files[root / path] = text.encode()
        for path, content in media_by_path(pulled.media):
            with content.open() as opened:
                files[root / path] = opened.read()
        files[self._workspace.lock_path] = self._lock(pulled.lock)
        self._branch.commit(files, message)

    def _edited(
        self,
        path: str,
        file: PulledFile,
    ) -> bytes:
        """The bytes of a file, made of those that are committed."""
        text = self._committed(self._workspace.root / path)
        return file.apply(text).encode()

    def _lock(self, lock: Lock) -> bytes:
        self._committed(self._workspace.lock_path)
        return write_lock(lock).encode()

    def _committed(self, path: Path) -> str:
        """The text of a file in the commit that is checked out, which must be that on disk."""
        name = path.relative_to(self._workspace.root).as_posix()
        known = self._workspace.texts.get(name)
        content = self._branch.at_head(path)
        if content is None and known is None:
            return ""
        text = None
        if content is not None:
            source, _ = decode(content, name)
            text = source.text if source else None
        if text is None or text != known or content is None:
            raise SourceError(
                f"{name} differs from what is committed",
                "commit it, and pull again; nothing was written",
            )
        return content.decode()

    def _message_of(self, edit: CardEdit) -> str:
        """The message of the commit of one note."""
        note = self._notes[edit.guid]
        question = one_line(note.question, _LINE)
        subject = f"Take an edit from Anki: {question}"
        if len(subject) > _SUBJECT:
            subject = f"{subject[: _SUBJECT - 1]}…"
        lines = [subject, "", *self._changes(note), "", self._origin()]
        return "\n".join(lines) + "\n"

    def _message(self, edits: Sequence[CardEdit]) -> str:
        """The message of the commit of some edits, and of all notes that were made."""
        made = self._pulled.made
        parts = []
        if edits:
            parts.append(counted(len(edits), "edit"))
        if made:
            parts.append(counted(len(made), "new card"))
        lines = [f"Take {' and '.join(parts) or 'decisions'} from Anki", ""]
        for edit in edits:
            lines += [*self._changes(self._notes[edit.guid]), ""]
        for note in made:
            lines += [f"New: {one_line(plain_html(note.fields[0]), _LINE)}", ""]
        return "\n".join([*lines, self._origin()]) + "\n"

    def _origin(self) -> str:
        return f"From {one_line(self._label, _LINE)}."

    def _changes(self, note: Note) -> Iterator[str]:
        """What changes of a note, in its own words."""
        yield f"{one_line(note.entry.path, _LINE)}: {one_line(note.question, _LINE)}"
        wanted = self._wanted[note.guid]
        before = self._fields[note.guid].values
        for name, html in wanted.fields.items():
            old, new = mark_words(plain_html(before.get(name, "")), plain_html(html))
            yield f"  {name}: {_in_signs(old, '[-', '-]')}"
            yield f"  {name}: {_in_signs(new, '{+', '+}')}"
        yield from _tags(wanted)


def _in_signs(
    marked: Marked,
    opening: str,
    closing: str,
) -> str:
    """A text in which the words stand in signs that the other one has not."""
    pieces = []
    for span in shortened(marked):
        text = one_line(span.text, _LINE)
        if span.text[:1].isspace():
            text = f" {text}"
        if span.text[-1:].isspace() and text.strip():
            text = f"{text} "
        pieces.append(f"{opening}{text}{closing}" if span.marked else text)
    return "".join(pieces)


def _tags(wanted: WantedNote) -> Iterator[str]:
    words = [f"-{tag}" for tag in wanted.tags_removed]
    words += [f"+{tag}" for tag in wanted.tags_added]
    if words:
        yield f"  tags: {one_line(' '.join(words), _LINE)}"
