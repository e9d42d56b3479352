"""A project out of which something is published: nothing goes out that has errors, or that the lock
does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ankipress.build.pipeline import Compiled
from ankipress.cli.compiling import compiled, say
from ankipress.cli.diagnostics_text import show
from ankipress.diagnostics import Severity, has_errors
from ankipress.project.workspace import Workspace
from ankipress.release.artifacts import read_changelog


class Publishable(NamedTuple):
    """A project without errors, compiled, and the text of its changelog."""

    workspace: Workspace
    compiled: Compiled
    changelog: str


def publishable(paths: Sequence[Path], *, locked: bool = True) -> Publishable | None:
    """The project that some paths mean; None where it has errors, or its changelog cannot be read.
    What is wrong is shown.

    Unless `locked` is false, it is an error that the lock is not up to date.
    """
    workspace, result, diagnostics = compiled(paths, locked=locked)
    show([each for each in diagnostics if each.severity is not Severity.ADVICE], workspace)
    if has_errors(diagnostics):
        return None
    settings = workspace.project.settings
    try:
        return Publishable(workspace, result, read_changelog(workspace, settings))
    except (OSError, UnicodeDecodeError) as error:
        say(
            "cannot-read",
            f"{settings.changelog} cannot be read: {error}",
            "mend it, or set `changelog` to another file",
        )
        return None
