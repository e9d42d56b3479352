"""Whether a build has a version under which learners have something else.

Released is what has a tag of git. Without git, only a version that is lower than one of the lock is
known to be too old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, Severity, graded
from ankipress.diff.version_steps import Bump, next_version
from ankipress.identity.lock import read_lock
from ankipress.model import Lock, State
from ankipress.project.settings import place_of
from ankipress.project.versions import version_key
from ankipress.project.workspace import Workspace

_Contents = Mapping[str, tuple[str, str]]
"""What learners get of each note, by guid: a digest of its fields, and its deck."""


def old_version(
    workspace: Workspace, compiled: Compiled, *, is_refused: bool = False
) -> list[Diagnostic]:
    """A warning where the version is too old for what is built, or an error where that is refused.

    A file without settings has no version that anybody could change. A project may have the warning
    off, and then nothing is refused.
    """
    if workspace.settings_path is None:
        return []
    now = compiled.stamped.lock
    found = list(_lower(workspace, now))
    if not found:
        found = list(_released(workspace, now))
    problems = graded(found, workspace.project.settings.severity)
    if not is_refused:
        return problems
    return [_refused(each) for each in problems]


def _refused(diagnostic: Diagnostic) -> Diagnostic:
    if diagnostic.severity is Severity.ADVICE:
        return diagnostic
    return replace(diagnostic, level=Severity.ERROR)


def highest_version(lock: Lock) -> str:
    """The highest version in which a note of a lock came, changed or went; empty without notes."""
    versions = {record.since for record in lock.packed}
    versions |= {record.changed for record in lock.packed}
    return max(versions, key=version_key, default="")


def _lower(workspace: Workspace, now: Lock) -> Iterator[Diagnostic]:
    version = workspace.project.settings.version
    highest = highest_version(now)
    if version_key(version) < version_key(highest):
        message = f"{version} comes before {highest}, which the lock knows of already"
        yield _diagnostic(workspace, message, next_version(highest, Bump.PATCH))


def _released(workspace: Workspace, now: Lock) -> Iterator[Diagnostic]:
    settings = workspace.project.settings
    version = settings.version
    tag = settings.release_tag.format(name=settings.name, version=version)
    before = _contents_at(tag, workspace)
    if before is None:
        return
    bump = _bump(before, _contents(now))
    if bump is not Bump.NONE:
        message = f"{version} was released with other contents: the tag {tag} says so"
        yield _diagnostic(workspace, message, next_version(version, bump))


def _contents_at(tag: str, workspace: Workspace) -> _Contents | None:
    """What was released under a tag, None where that cannot be told."""
    from ankipress.project.git import content_at_tag  # noqa: PLC0415 - some builds need no git
    from ankipress.project.git_program import GitError  # noqa: PLC0415

    try:
        text = content_at_tag(workspace.lock_path, tag).decode()
    except (GitError, UnicodeDecodeError):
        return None
    lock, problems = read_lock(text)
    if problems:
        return None
    return _contents(lock)


def _contents(lock: Lock) -> _Contents:
    active = [record for record in lock.packed if record.state is State.ACTIVE]
    return {record.guid: (record.digest, record.deck) for record in active}


def _bump(before: _Contents, now: _Contents) -> Bump:
    """The step that these changes need at least: the one of `ankipress release`, or a smaller."""
    if before == now:
        return Bump.NONE
    if before.keys() - now.keys():
        return Bump.MAJOR
    if any(before[guid][1] != now[guid][1] for guid in before):
        return Bump.MAJOR
    if now.keys() - before.keys():
        return Bump.MINOR
    return Bump.PATCH


def _diagnostic(workspace: Workspace, message: str, version: str) -> Diagnostic:
    help = f'set `version = "{version}"`; `ankipress release` sets the next one by itself'
    assert workspace.settings_path is not None
    name = workspace.settings_path.name
    place = place_of(workspace.texts.get(name, ""), name, "version")
    return Diagnostic("old-version", place, message, help)
