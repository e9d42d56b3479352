"""Files of cards that are written with edits, while every other byte of them stays."""

from __future__ import annotations

from collections.abc import Callable

from ankipress.importing.readers.source_error import SourceError
from ankipress.project.fixes import FixedText
from ankipress.project.workspace import Workspace
from ankipress.syntax.decoding import decode


def edited_text(workspace: Workspace, path: str, edit: Callable[[str], str]) -> FixedText:
    """A file as it is on disk and as an edit of its text makes it; a new one is empty before.

    Raises SourceError where it would then be read as another text than that in which the edit was
    tried, and OSError, where it has changed since as well.
    """
    before = ""
    known = ""
    if path in workspace.texts:
        before = workspace.read_again(workspace.root / path).decode()
        known = workspace.texts[path]
    after = edit(before)
    source, _ = decode(after.encode(), path)
    if source is None or source.text != edit(known):
        raise SourceError(
            f"{path} cannot be written with its other lines as they are",
            "write its line ends all alike, and try again; nothing was written",
        )
    return FixedText(before, after)
