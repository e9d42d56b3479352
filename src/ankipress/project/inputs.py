"""What was read of a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec


class Inputs(msgspec.Struct):
    """Everything that was read of a project, and what was found there.

    A build of which every input and every output is as it was need not be done again. `files` holds
    the digest of each file by its whole path, empty where it is not there or cannot be read.
    `patterns` holds what each list of patterns meant, as paths in the project. `present` tells of
    each path in the project that a link names whether something is there, and `media` holds the
    names of all files that could be media, where somebody asked for them.
    """

    files: dict[str, str] = {}
    patterns: list[tuple[list[str], list[str]]] = []
    present: dict[str, bool] = {}
    media: list[str] | None = None

    def found(self, path: Path, digest: str) -> None:
        """Note the digest of a file that was read, empty where it could not be."""
        self.files[str(path)] = digest

    def matched(self, patterns: Sequence[str], paths: Sequence[str]) -> None:
        """Note which files some patterns mean."""
        self.patterns.append((list(patterns), list(paths)))
