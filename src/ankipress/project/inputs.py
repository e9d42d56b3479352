"""A record of everything that was read of a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec


class Inputs(msgspec.Struct):
    """Everything that was read of a project.

    If every input and every output of a build is as it was, there is nothing to build. `files` are
    digests by absolute path; the digest of a file that is missing or cannot be read is empty.
    `patterns` are lists of patterns, each with the paths in the project that it matched. `present`
    tells whether there is something at a path that a link names. `media` are the names of all files
    that could be media, None if nothing asked for them.
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
