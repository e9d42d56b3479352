"""An author: a project in a folder of its own, edited and released version by version through the
command line.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.identity.lock import read_lock
from ankipress.model import Lock

DAY = 86_400
FIRST_RELEASE = 1_700_000_000
"""14 November 2023, in seconds since 1970."""


class Author:
    """Writes sources, and releases them. The settings are those given, with the version of each
    release.
    """

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, object]
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.settings = folder, dict(settings)
        self._monkeypatch = monkeypatch

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the project."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def set(self, **settings: object) -> None:
        """Write the settings: those given, and what stood there."""
        self.settings.update(settings)
        # Texts, numbers and lists of texts are spelled alike in JSON and TOML.
        lines = (
            f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
            for key, value in self.settings.items()
        )
        self.write("ankipress.toml", "".join(lines))

    def rename(self, old: str, new: str) -> None:
        """Rename a file of the project."""
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / old).rename(self.folder / new)

    def release(self, version: str, *, at: int = FIRST_RELEASE) -> Path:
        """Build a version at a time, in seconds since 1970, and return the package."""
        self.set(version=version)
        self._monkeypatch.chdir(self.folder)
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(at))
        assert run(["build"]) == 0, (
            "the deck does not build: the diagnostics are in the captured output"
        )
        return self.folder / "build" / f"{self.settings['name']}-{version}.apkg"


def lock_of(folder: Path) -> Lock:
    """The lock of a project, in which nothing is wrong."""
    lock, problems = read_lock((folder / "ankipress.lock").read_text(encoding="utf-8"))
    assert problems == ()
    return lock


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def picture(shade: int) -> bytes:
    """A PNG of one grey pixel; each shade, from 0 to 255, is another content."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes([0, shade]))), (b"IEND", b""))
    framed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)
