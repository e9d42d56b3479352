"""A project that is built again and again while its author writes: what was rendered before is not
rendered again.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock as Mutex
from typing import Any

import click

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.cli.cache import Cache, generation
from ankipress.cli.places import with_commands
from ankipress.diagnostics import Diagnostic, Location, graded, in_order
from ankipress.identity.lock import read_lock
from ankipress.model import Lock, Note, State
from ankipress.parse.segments import edits, other_headings_of
from ankipress.preview.serve.edited import Edited, edited_view
from ankipress.preview.serve.first_cards import first_look
from ankipress.preview.serve.view import Input, View, make_view, with_problems
from ankipress.project.clock import now
from ankipress.project.extension_files import extension_texts
from ankipress.project.media_files import DiskMedia
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace
from ankipress.work import Task, Work

_GIT_SECONDS = 5
_BATCH = 20  # items: some ten milliseconds


class _Memory:
    """What was rendered since the start, over what the disk remembers of earlier builds."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._known: dict[bytes, str] = {}

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, str]:
        found = {key: self._known[key] for key in keys if key in self._known}
        missing = [key for key in keys if key not in found]
        if missing:
            older = self._cache.recall(missing)
            self._known |= older
            found |= older
        return found

    def keep(self, results: Mapping[bytes, str]) -> None:
        self._known |= results
        self._cache.keep(results)


class _Hands:
    """Does one batch after another. What renders does so for one thread at a time; an edit waits
    for no more than a batch.
    """

    def __init__(self) -> None:
        self._free = Mutex()

    def spread(self, task: Task, items: Sequence[Any]) -> Iterable[str]:
        for start in range(0, len(items), _BATCH):
            with self._free:
                found = task(items[start : start + _BATCH])
            yield from found


@dataclass(frozen=True, slots=True)
class _Shown:
    """A view, and what the disk said when all was built last.

    `sources` are the contents of the sources as they are shown, by path; an edit may have been
    shown since that build. `others` are the lines of each that look like the heading of a card and
    are none, which no such edit changes.
    """

    view: View
    workspace: Workspace
    sources: Mapping[str, bytes] = field(default_factory=dict)
    others: Mapping[str, Sequence[int]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class Live:
    """The project that some paths mean, and the view of it that was made last.

    An edit may be looked at in one thread while all is built in another: of two views of the same
    one, the first counts.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        workspace = read_workspace(paths)
        extensions = extension_texts(each.name for each in workspace.project.settings.extensions)
        self._cache = Cache(workspace.memory, generation(*extensions))
        hands = _Hands()
        self._work, self._alone = (
            Work(_Memory(self._cache), hands.spread),
            Work(spread=hands.spread),
        )
        self._shown = _Shown(View(), workspace)
        self._released: Lock | None = None
        self._lock_text: str | None = None
        self._stamps: Mapping[str, object] = {}
        self._taking = Mutex()

    @property
    def view(self) -> View:
        """What is to be shown."""
        return self._shown.view

    @property
    def workspace(self) -> Workspace:
        """The project as it was read when all was built last."""
        return self._shown.workspace

    def look(self) -> None:
        """Show the first cards of a large project, or all of a small one."""
        project = first_look(self.workspace.project)
        if project is None:
            self.build()
        else:
            compiled = compile_deck(project, now(), self._work)
            view = replace(make_view(Input(compiled, ()), View()), is_partial=True)
            self._shown = replace(self._shown, view=view)

    def build(self) -> bool:
        """Show what the disk says now; False where an edit was shown meanwhile, and all must be
        built again.
        """
        before = self._shown
        try:
            workspace = read_workspace(self._paths)
        except click.ClickException as error:
            code = "cannot-read" if isinstance(error, click.FileError) else "bad-settings"
            problem = Diagnostic(
                code, Location(""), error.format_message(), "the cards stay as they were"
            )
            return self._take(
                before, replace(before, view=replace(before.view, elsewhere=(problem,)))
            )
        self._stamps = _stamps(workspace)
        compiled = compile_deck(workspace.project, now(), self._work)
        found = [
            *workspace.diagnostics,
            *with_commands(compiled.diagnostics, compiled.open, workspace),
        ]
        problems = _graded(found, workspace)
        view = make_view(Input(compiled, problems, self._changed(compiled, workspace)), before.view)
        sources = {each.path: each.text.encode() for each in workspace.project.sources}
        project = workspace.project
        others = other_headings_of(
            project.sources, project.settings.card_level, (note.entry for note in compiled.notes)
        )
        return self._take(
            before, _Shown(view, workspace, sources, others, compiled.notes, problems)
        )

    def edit(self) -> bool:
        """Show the cards that were edited, where nothing but the text of a few cards was; False
        where all must be built.
        """
        while True:
            before = self._shown
            after = self._edited(before)
            if after is None or after.view is before.view:
                return False
            if self._take(before, after):
                return True

    def _edited(self, shown: _Shown) -> _Shown | None:
        root, view, contents = shown.workspace.root, shown.view, dict[str, bytes]()
        project = replace(shown.workspace.project, media=DiskMedia(root))
        for path, before in shown.sources.items():
            try:
                contents[path] = (root / path).read_bytes()
            except OSError:
                return None
            if contents[path] != before:
                found = edits(
                    before, contents[path], project.settings.card_level, shown.others[path]
                )
                edited = found and edited_view(view, Edited(project, path, found), self._alone)
                if not edited:
                    return None
                view = edited
        return replace(shown, view=view, sources=contents)

    def is_behind(self) -> bool:
        """Whether a source was written since it was read, and nobody told."""
        return self._stamps != _stamps(self.workspace)

    def advise(self, is_wanted: Callable[[], bool]) -> bool:
        """Show the same view with advice, which takes longer than a build; False where it is not
        wanted any more.
        """
        # Not before the first card is shown.
        from ankipress.lint.checks import NotWantedError  # noqa: PLC0415
        from ankipress.lint.project_lint import advice  # noqa: PLC0415

        before = self._shown
        try:
            found = advice(before.notes, before.workspace, is_wanted)
        except NotWantedError:
            return False
        problems = _graded([*before.problems, *found], before.workspace)
        return self._take(
            before, replace(before, view=with_problems(before.view, before.notes, problems))
        )

    def remember(self) -> None:
        """Keep what was rendered for later builds."""
        self._cache.write()

    def display(self, path: str) -> str:
        """A path of the project as its author sees it."""
        return self.workspace.display(path)

    def _take(self, before: _Shown, after: _Shown) -> bool:
        """Show what was made of what was shown before, if that still is."""
        with self._taking:
            is_newest = self._shown is before
            if is_newest:
                self._shown = after
            return is_newest

    def _changed(self, compiled: Compiled, workspace: Workspace) -> frozenset[str]:
        """The notes that are not so in the last release; where none is known, in the last build."""
        if self._lock_text != workspace.lock_text:
            self._lock_text = workspace.lock_text
            self._released = _released(workspace)
        lock = self._released or workspace.project.lock
        if not lock.records:
            return frozenset()
        digests = {
            record.guid: record.digest for record in lock.records if record.state is State.ACTIVE
        }
        return frozenset(
            each.guid
            for each in compiled.stamped.lock.records
            if digests.get(each.guid) != each.digest
        )


def _graded(problems: Sequence[Diagnostic], workspace: Workspace) -> tuple[Diagnostic, ...]:
    return in_order(graded(problems, workspace.project.settings.severity))


def _stamps(workspace: Workspace) -> Mapping[str, object]:
    """What the system says of the files that were read."""
    found: dict[str, object] = {}
    for path in workspace.texts:
        with suppress(OSError):
            about = (workspace.root / path).stat()
            found[path] = (about.st_mtime_ns, about.st_size)
    return found


def _released(workspace: Workspace) -> Lock | None:
    """The lock at the last tag of the project, None where there is no tag, or no git."""
    tag = _git(workspace.root, "describe", "--tags", "--abbrev=0").strip()
    text = _git(workspace.root, "show", f"{tag}:./{workspace.lock_path.name}") if tag else ""
    return read_lock(text)[0] if text else None


def _git(root: Path, *arguments: str) -> str:
    """What git prints, nothing where it fails."""
    with suppress(OSError, subprocess.SubprocessError):
        command = ["git", "-C", str(root), *arguments]
        # No shell, no input.
        found = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS, check=True)  # noqa: S603
        return found.stdout.decode("utf-8", "replace")
    return ""
