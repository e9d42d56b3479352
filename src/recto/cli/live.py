"""A project that is built again and again while its author writes: what was rendered before is not rendered again."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from recto.cli.advice import advice
from recto.cli.cache import Cache, generation
from recto.cli.clock import now
from recto.cli.extensions import extension_texts
from recto.cli.files import Workspace, read_workspace
from recto.cli.places import with_commands
from recto.diagnostics import Diagnostic, Location, graded, in_order
from recto.lock import read_lock
from recto.model import Lock, State
from recto.pipeline import Compiled, compile_deck
from recto.serve import Input, View, first_look, make_view, with_problems
from recto.work import Work

_GIT_SECONDS = 5


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


class Live:
    """The project that some paths mean, and the view of it that was made last."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self.workspace = read_workspace(paths)
        extensions = extension_texts(each.name for each in self.workspace.project.settings.extensions)
        self._cache = Cache(self.workspace.output / ".cache", generation(*extensions))
        self._work = Work(_Memory(self._cache))
        self._compiled: Compiled | None = None
        self._problems: tuple[Diagnostic, ...] = ()
        self._released: Lock | None = None
        self._lock_text: str | None = None
        self._stamps: Mapping[str, object] = {}
        self.view = View()

    def look(self) -> View:
        """The first cards of a large project; all of a small one."""
        project = first_look(self.workspace.project)
        if project is None:
            return self.build()
        compiled = compile_deck(project, now(), self._work)
        self.view = replace(make_view(Input(compiled, ()), View()), is_partial=True)
        return self.view

    def build(self) -> View:
        """The view of what the disk says now."""
        try:
            self.workspace = read_workspace(self._paths)
        except click.ClickException as error:
            code = "cannot-read" if isinstance(error, click.FileError) else "bad-settings"
            problem = Diagnostic(code, Location(""), error.format_message(), "the cards stay as they were")
            self.view = replace(self.view, elsewhere=(problem,))
            return self.view
        workspace = self.workspace
        self._stamps = _stamps(workspace)
        compiled = compile_deck(workspace.project, now(), self._work)
        problems = [*workspace.diagnostics, *with_commands(compiled.diagnostics, compiled.open, workspace)]
        self._compiled, self._problems = compiled, self._graded(problems)
        self.view = make_view(Input(compiled, self._problems, self._changed(compiled)), self.view)
        return self.view

    def is_behind(self) -> bool:
        """Whether a source was written since it was read, and nobody told."""
        return self._stamps != _stamps(self.workspace)

    def advise(self) -> View:
        """The same view with advice, which takes longer than a build."""
        if self._compiled is not None:
            advised = self._graded([*self._problems, *advice(self._compiled.notes, self.workspace)])
            self.view = with_problems(self.view, self._compiled.notes, advised)
        return self.view

    def remember(self) -> None:
        """Keep what was rendered for later builds."""
        self._cache.write()

    def display(self, path: str) -> str:
        """A path of the project as its author sees it."""
        return self.workspace.display(path)

    def _graded(self, problems: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        return in_order(graded(problems, self.workspace.project.settings.severity))

    def _changed(self, compiled: Compiled) -> frozenset[str]:
        """The notes that are not so in the last release; where none is known, in the last build."""
        if self._lock_text != self.workspace.lock_text:
            self._lock_text = self.workspace.lock_text
            self._released = _released(self.workspace)
        lock = self._released or self.workspace.project.lock
        if not lock.records:
            return frozenset()
        digests = {record.guid: record.digest for record in lock.records if record.state is State.ACTIVE}
        return frozenset(each.guid for each in compiled.stamped.lock.records if digests.get(each.guid) != each.digest)


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
        found = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS, check=True)  # noqa: S603 - no shell, no input
        return found.stdout.decode("utf-8", "replace")
    return ""
