"""Whether a build would retire so many notes that it is more likely a mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Record
from ankipress.project.door import is_file
from ankipress.project.places import command_line
from ankipress.project.workspace import Workspace
from ankipress.visible_text import one_line

MANY_RETIRED = "many-retired"
FEWEST = 5
"""Fewer notes than these are never many, however small the deck is."""
_SHOWN = 5  # questions


def many_retired(workspace: Workspace, compiled: Compiled) -> Iterator[Diagnostic]:
    """An error where more notes would be retired than the settings let pass.

    What the lock says is retired was retired by a build before, and does not count.
    """
    active = [record for record in workspace.project.lock.active if record.digest]
    left = {record.guid for record in compiled.stamped.lock.active}
    gone = [record for record in active if record.guid not in left]
    most = workspace.project.settings.most_retired
    if len(gone) < FEWEST or len(gone) <= most * len(active):
        return
    path, number = Counter(record.path for record in gone).most_common(1)[0]
    where = path
    if number < len(gone):
        where = f"{path} and other files"
    message = (
        f"{len(gone)} of {len(active)} notes would be retired: their cards are gone from {where}"
    )
    lines = [message, *_named(gone)]
    yield Diagnostic(MANY_RETIRED, Location(path), "\n".join(lines), _help(path, workspace))


def without_many_retired(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics of somebody who wants these notes to be retired."""
    return [each for each in diagnostics if each.code != MANY_RETIRED]


def _named(gone: Sequence[Record]) -> Iterator[str]:
    ordered = sorted(gone, key=lambda record: (record.path, record.section, record.question))
    for record in ordered[:_SHOWN]:
        yield f"    {one_line(record.question)}"
    if len(gone) > _SHOWN:
        yield f"    … and {len(gone) - _SHOWN} more"


def _help(path: str, workspace: Workspace) -> str:
    """What most likely happened to the file, and how to say that it is meant."""
    line = command_line("build", "--retire-many", workspace=workspace)
    return f"{_cause(path, workspace)}; if these cards are meant to go: `{line}`"


def _cause(path: str, workspace: Workspace) -> str:
    if path in workspace.sources:
        return "look in this file for a comment `<!--` that ends too late, or not at all"
    if is_file(workspace.root / path, workspace.root):
        return "this file is no source any more: `sources` in the settings says which are"
    return "this file is gone: bring it back, or see whether it was moved out of the `sources`"
