"""A project that is built again and again while its author writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.build.file_reading import ask_reading, choose_reading
from ankipress.build.many_retired import many_retired
from ankipress.build.pipeline import compile_deck
from ankipress.diagnostics import Diagnostic, Location, Severity, graded, in_order
from ankipress.identity.lock import read_lock
from ankipress.model import FileReading, Lock, Note
from ankipress.preview.serve.anki_states import AskedAnki, NoteState, ShownComparison
from ankipress.preview.serve.first_cards import first_look
from ankipress.preview.serve.view import Input, View, make_view, with_problems
from ankipress.project.clock import now
from ankipress.project.git import content_at_last_tag
from ankipress.project.git_program import GitError
from ankipress.project.location import UnreadableSettingsError, UsageError
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _BuiltView:
    """A view, and the project that it was built from."""

    view: View
    workspace: Workspace
    found: CompiledProject | None = None
    notes: tuple[Note, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


class PreviewSession:
    """The project that some paths mean, and the latest view of it. `reading` is how files without
    settings are to be read, where a user says it.

    Each method may run in a thread of its own, one at a time.
    """

    def __init__(self, paths: Sequence[Path], reading: FileReading | None = None) -> None:
        self._paths = paths
        self._reading = reading
        workspace = read_workspace(paths)
        ask_reading(workspace, reading)
        choose_reading(workspace)
        self._state = _BuiltView(View(), workspace)
        self._released: Lock | None = None
        self._lock_text: str | None = None
        self._times: Mapping[str, object] = {}
        self._asked: AskedAnki | None = None
        self._compared: tuple[CompiledProject, AskedAnki] | None = None

    @property
    def view(self) -> View:
        """What is to be shown."""
        return self._state.view

    @property
    def workspace(self) -> Workspace:
        """The project as it was read last."""
        return self._state.workspace

    @property
    def found(self) -> CompiledProject | None:
        """The project as it was compiled last, None where it never was."""
        return self._state.found

    @property
    def asked(self) -> AskedAnki:
        """What was asked of Anki last."""
        return self._asked or AskedAnki()

    def look(self) -> None:
        """Show the first cards of a large project, or all of a small one."""
        project = first_look(self.workspace.project)
        if project is None:
            self.build()
            return
        view = make_view(Input(compile_deck(project, now()), ()), View())
        self._state = replace(self._state, view=replace(view, is_partial=True))

    def build(self) -> None:
        """Show what the disk says now."""
        # Taken before anything is read: a save during the build must not count as read.
        times = _write_times(self.workspace)
        try:
            found = compile_project(self._paths, reading=self._reading)
        except (UsageError, UnreadableSettingsError) as error:
            code = "cannot-read"
            if isinstance(error, UsageError):
                code = "bad-settings"
            problem = Diagnostic(code, Location(""), str(error), "the cards stay as they were")
            view = replace(self.view, elsewhere=(problem,))
            self._state = replace(self._state, view=view)
            return
        after = _write_times(found.workspace)
        self._times = {path: times.get(path, time) for path, time in after.items()}
        changed = self._changed(found)
        problems = in_order([*found.diagnostics, *_retired(found)])
        given = Input(found.compiled, problems, changed)
        view = make_view(given, self.view)
        notes = found.compiled.notes
        self._state = _BuiltView(view, found.workspace, found, notes, problems)

    def is_behind(self) -> bool:
        """Whether a source was written since it was read, and the watch missed it."""
        return self._times != _write_times(self.workspace)

    def advise(self, is_wanted: Callable[[], bool]) -> bool:
        """Show the same view with advice, which takes longer than a build.

        False where it is not wanted any more.
        """
        # Imported only now, since nothing may delay the first card.
        from ankipress.lint.checks import NotWantedError  # noqa: PLC0415
        from ankipress.lint.project_lint import advice  # noqa: PLC0415

        state = self._state
        try:
            found = advice(state.notes, state.workspace, is_wanted)
        except NotWantedError:
            return False
        severity = state.workspace.project.settings.severity
        diagnostics = graded([*state.problems, *found], severity)
        problems = in_order(diagnostics)
        view = with_problems(state.view, state.notes, problems)
        if state is not self._state:
            return False
        self._state = replace(state, view=view)
        return True

    def take_asked(self, asked: AskedAnki) -> None:
        """Compare with what Anki had when it was asked, at the next step of comparing."""
        self._asked = asked

    def compare(self) -> bool:
        """Show the same view with how it compares with Anki; it asks Anki nothing.

        False where that is shown already.
        """
        state = self._state
        asked = self._asked
        if asked is None or state.found is None or self._is_compared(state.found, asked):
            return False
        states: Mapping[str, NoteState] = {}
        if asked.reading:
            states = asked.reading.states(state.found)
        self._compared = state.found, asked
        comparison = ShownComparison(asked, states)
        if comparison == state.view.anki:
            return False
        self._state = replace(state, view=replace(state.view, anki=comparison))
        return True

    def _is_compared(self, found: CompiledProject, asked: AskedAnki) -> bool:
        if self._compared is None:
            return False
        known, known_asked = self._compared
        return known is found and known_asked is asked

    def display(self, path: str) -> str:
        """A path of the project as its author sees it."""
        return self.workspace.display(path)

    def _changed(self, found: CompiledProject) -> frozenset[str]:
        """The notes that differ from the last release, or from the last build if none is known."""
        workspace = found.workspace
        if self._lock_text != workspace.lock_text:
            self._lock_text = workspace.lock_text
            self._released = _released(workspace)
        lock = self._released or workspace.project.lock
        digests = {each.guid: each.digest for each in lock.active}
        if not digests:
            return frozenset()
        records = found.compiled.stamped.lock.records
        return frozenset(each.guid for each in records if digests.get(each.guid) != each.digest)


def _retired(found: CompiledProject) -> Iterator[Diagnostic]:
    """What a build would stop for, as a warning: nothing is retired by looking at cards."""
    for each in many_retired(found.workspace, found.compiled):
        yield replace(each, level=Severity.WARNING)


def _write_times(workspace: Workspace) -> Mapping[str, object]:
    """When the files that were read were written, and their sizes."""
    times: dict[str, object] = {}
    for path in workspace.texts:
        with suppress(OSError):
            status = (workspace.root / path).stat()
            times[path] = status.st_mtime_ns, status.st_size
    return times


def _released(workspace: Workspace) -> Lock | None:
    """The lock at the last tag of the project, None where there is no tag, or no git."""
    with suppress(GitError):
        text = content_at_last_tag(workspace.lock_path).decode("utf-8", "replace")
        if text:
            lock, _ = read_lock(text)
            return lock
    return None
