"""What can safely be mended in the sources, as a difference or on disk. Every other byte of a file
stays.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.atomic import write_files
from ankipress.project.workspace import Workspace

_MARK = "\ufeff"  # a byte order mark


class UnmendableError(Exception):
    """A file that has something to mend cannot be read or written."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def mended(diagnostics: Iterable[Diagnostic], workspace: Workspace) -> dict[str, tuple[str, str]]:
    """The files that have something to mend, by path: their text as it is, and as it should be,
    byte order marks and all.

    Raises UnmendableError where one is not there any more, or not as it was.
    """
    by_path: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        if each.fix is not None and each.location.line:
            by_path.setdefault(each.location.path, []).append(each)
    texts = {}
    for path, fixes in sorted(by_path.items()):
        try:
            before = workspace.read_again(workspace.root / path).decode()
        except OSError as error:
            raise UnmendableError(error) from error
        texts[path] = before, _replaced(before, fixes)
    return texts


def _replaced(text: str, fixes: Sequence[Diagnostic]) -> str:
    mark = _MARK if text.startswith(_MARK) else ""
    # Split where ankipress does: at the line ends of Markdown, and no other.
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text.removeprefix(_MARK))
    done: Location | None = None
    # From the end to the start: what stands before a place keeps its column. Of two fixes of one
    # place one is left for later.
    for each in sorted(fixes, key=lambda fix: fix.location, reverse=True):
        location, line = each.location, lines[each.location.line - 1]
        end = location.column + location.width
        if done is None or done.line != location.line or end <= done.column:
            lines[location.line - 1] = (
                line[: location.column - 1] + (each.fix or "") + line[end - 1 :]
            )
            done = location
    return mark + "".join(lines)


def difference(texts: Mapping[str, tuple[str, str]], workspace: Workspace) -> str:
    """What mending would change, as a unified difference that `patch` and `git apply` take."""
    pieces: list[str] = []
    for path, (before, after) in texts.items():
        name = workspace.display(path)
        pieces += difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in pieces
    )


def _lines(text: str) -> list[str]:
    return re.split(r"(?<=\n)(?!\Z)", text) if text else []


def write(texts: Mapping[str, tuple[str, str]], workspace: Workspace) -> None:
    """Write the mended files, all or none. Raises UnmendableError."""
    contents = {workspace.root / path: after.encode() for path, (_, after) in texts.items()}
    try:
        write_files(contents, workspace.as_read, workspace.root)
    except OSError as error:
        raise UnmendableError(error) from error
