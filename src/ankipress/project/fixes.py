"""The fixes of diagnostics in the sources, as a difference or on disk.

Every other byte of a file is kept.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.project.atomic import write_files
from ankipress.project.workspace import Workspace
from ankipress.visible_text import on_one_line

_BYTE_ORDER_MARK = "\ufeff"
# The line ends of Markdown, and no others: diagnostics count these.
_AFTER_LINE = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


class CannotFixError(Exception):
    """A file that has something to fix cannot be read or written."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class FixedText(NamedTuple):
    """The text of a file as it is, and with its fixes."""

    before: str
    after: str


def fixed(diagnostics: Iterable[Diagnostic], workspace: Workspace) -> dict[str, FixedText]:
    """The texts of the files that have something to fix, by path.

    Raises CannotFixError where one of them was deleted or changed since it was read.
    """
    by_path: dict[str, list[Diagnostic]] = {}
    for each in workspace.as_written(diagnostics):
        if each.fix is not None and each.location.line:
            by_path.setdefault(each.location.path, []).append(each)
    texts = {}
    for path, fixes in sorted(by_path.items()):
        try:
            before = workspace.read_again(workspace.root / path).decode()
        except OSError as error:
            raise CannotFixError(error) from error
        texts[path] = FixedText(before, _with_fixes(before, fixes))
    return texts


def _with_fixes(text: str, fixes: Sequence[Diagnostic]) -> str:
    content = text.removeprefix(_BYTE_ORDER_MARK)
    lines = _AFTER_LINE.split(content)
    # From the end to the start, so that the columns of the other fixes stay right. Of two fixes
    # that overlap, the first one in the text waits for the next run.
    last_line = 0
    last_start = 0
    for each in sorted(fixes, key=lambda fix: fix.location, reverse=True):
        number = each.location.line
        start = each.location.column - 1
        end = start + each.location.width
        if number == last_line and end > last_start:
            continue
        last_line = number
        last_start = start
        line = lines[number - 1]
        lines[number - 1] = f"{line[:start]}{each.fix}{line[end:]}"
    byte_order_mark = text[: len(text) - len(content)]
    return byte_order_mark + "".join(lines)


def difference(texts: Mapping[str, FixedText], workspace: Workspace) -> str:
    """What the fixes change, as a unified difference that `patch` and `git apply` take.

    Where it is printed, characters that nobody sees are escapes, so lines that have some cannot be
    applied.
    """
    pieces = []
    for path, text in texts.items():
        name = on_one_line(workspace.display(path))
        before = _lines(text.before)
        after = _lines(text.after)
        for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
            pieces.append(line)
            if not line.endswith("\n"):
                pieces.append("\n\\ No newline at end of file\n")
    return "".join(pieces)


def _lines(text: str) -> list[str]:
    """The lines as `diff` counts them, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def write(texts: Mapping[str, FixedText], workspace: Workspace) -> None:
    """Write the fixed files, all or none. Raises CannotFixError."""
    contents = {workspace.root / path: text.after.encode() for path, text in texts.items()}
    try:
        write_files(contents, workspace.as_read, workspace.folders_written())
    except OSError as error:
        raise CannotFixError(error) from error
