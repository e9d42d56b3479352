"""A project that may be published: it has no errors, and the lock knows all of its notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.build.pipeline import Compiled
from ankipress.cli.compiling import compiled
from ankipress.cli.diagnostics_text import show
from ankipress.cli.saying import say
from ankipress.diagnostics import Severity, has_errors
from ankipress.diff.old_version import old_version
from ankipress.project.workspace import Workspace
from ankipress.release.artifacts import read_changelog


@dataclass(frozen=True, slots=True)
class Publishable:
    """A project without errors, compiled, and the text of its changelog."""

    workspace: Workspace
    compiled: Compiled
    changelog: str


def publishable(
    paths: Sequence[Path], *, locked: bool = True, is_release: bool = False
) -> Publishable | None:
    """The project that some paths mean, with its warnings shown.

    None, with the problems shown, where it has errors or its changelog cannot be read. With
    `locked`, it is an error that the lock is not up to date, and with `is_release` that the version
    is old.
    """
    workspace, result, found = compiled(paths, locked=locked)
    diagnostics = [*found, *old_version(workspace, result, is_refused=is_release)]
    show([each for each in diagnostics if each.severity is not Severity.ADVICE], workspace)
    if has_errors(diagnostics):
        return None
    settings = workspace.project.settings
    try:
        changelog = read_changelog(workspace, settings)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{settings.changelog} cannot be read: {reason}"
        say("cannot-read", message, "fix it, or set `changelog` to another file")
        return None
    return Publishable(workspace, result, changelog)
