"""References as paths of the project, and the file that a wrong one may mean."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from urllib.parse import unquote

from ankipress.media.media_folder import MediaFolder

_MOST_SUGGESTED = 200  # of missing files get a suggestion: each one is compared with every name


class MissingFile(NamedTuple):
    """What is said of a reference to no file, and the reference that it certainly should be."""

    message: str
    fix: str | None = None


class NearNames:
    """The files of a project that a wrong reference may mean."""

    def __init__(self, folder: MediaFolder) -> None:
        self._folder = folder
        self._by_case: dict[str, list[str]] | None = None
        self._missing = 0

    def explain_missing(self, reference: str, source: str) -> MissingFile:
        """What is wrong with a reference to a file that is not there, in a file of the project."""
        message = f'there is no file "{reference}"'
        path = inside_project(unquote(reference), source, self._folder)
        same = self._same_but_for_case(path or "")
        if len(same) == 1:
            right = written_reference(same[0], reference, source)
            message += f': upper and lower case count, it is "{right}"'
            return MissingFile(message, right)
        self._missing += 1
        if self._missing <= _MOST_SUGGESTED:
            near = self._nearest(reference, source)
            if near:
                message += f'; did you mean "{near}"?'
        return MissingFile(message)

    def _same_but_for_case(self, path: str) -> list[str]:
        """The files whose paths differ from this one in upper and lower case at most."""
        if self._by_case is None:
            self._by_case = {}
            for name in self._folder.names():
                self._by_case.setdefault(name.casefold(), []).append(name)
        return self._by_case.get(path.casefold(), [])

    def _nearest(self, reference: str, source: str) -> str | None:
        """The reference that was most likely meant by one to a missing file."""
        from rapidfuzz import process  # noqa: PLC0415 - seldom needed

        paths = {written_reference(path, reference, source): path for path in self._folder.names()}
        best = process.extractOne(unquote(reference), list(paths), score_cutoff=60)
        if best:
            return str(best[0])
        # A file of the same name may lie in another folder.
        name = posixpath.basename(unquote(reference)).casefold()
        for written, path in paths.items():
            if posixpath.basename(path).casefold() == name:
                return written
        return None


def inside_project(reference: str, source: str, files: MediaFolder) -> str | None:
    """The path in the project that a reference in one of its files means, None if it means none."""
    if "\\" in reference or "\0" in reference or re.match(r"[A-Za-z]:", reference):
        return None
    folder = posixpath.dirname(source)
    if reference.startswith("/"):
        folder = ""  # as on GitHub, a leading slash means the top of the project
    path = posixpath.normpath(posixpath.join(folder, reference.lstrip("/")))
    return files.inside(path)


def written_reference(path: str, reference: str, source: str) -> str:
    """How a reference to a path is written in a file in the place of another reference."""
    text = posixpath.relpath(path, posixpath.dirname(source) or ".")
    if reference.startswith("/"):
        text = f"/{path}"
    return re.sub(r"[ %?#()<>\"]", lambda found: f"%{ord(found[0]):02X}", text)
