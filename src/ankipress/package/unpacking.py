"""An .apkg → the bytes of its collection and of its media.

A package may come from a stranger: nothing is written, and every size is bounded.
"""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import zstandard

from ankipress.package.protobuf import read_message

LARGEST = 2 * 1024**3
"""The most bytes of a collection, and of all media together."""

_PIECE = 1024**2
_NEWEST = "collection.anki21b"
# A package of the newest format also holds an old collection, which only asks to update Anki.
_COLLECTIONS = (_NEWEST, "collection.anki21", "collection.anki2")
# What zipfile and its decompressors raise for a file that is damaged, encrypted or hostile.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    AttributeError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)


class PackageError(Exception):
    """A package cannot be read. The message says why."""


def read_collection(content: bytes) -> bytes:
    """The collection of an .apkg: a SQLite database. Raises PackageError."""
    with _opened(content, "it is no zip file that can be read") as archive:
        present = archive.namelist()
        for name in _COLLECTIONS:
            if name in present:
                return _read(archive, name, LARGEST, compressed=name == _NEWEST)
    raise PackageError("it holds no collection of Anki")


def read_media(content: bytes) -> Mapping[str, bytes]:
    """The media of an .apkg by the names that Anki will store. Raises PackageError."""
    with _opened(content, "its media cannot be read") as archive:
        present = set(archive.namelist())
        if "media" not in present:
            return {}
        is_new = _NEWEST in present
        listed = _read(archive, "media", LARGEST, compressed=is_new)
        if is_new:
            names = _new_names(listed)
        else:
            names = [(str(name), member) for member, name in json.loads(listed).items()]
        media: dict[str, bytes] = {}
        left = LARGEST
        for name, member in sorted(names):
            if member not in present:
                raise PackageError(f"the file {name} is listed and not there")
            media[name] = _read(archive, member, left, compressed=is_new)
            left -= len(media[name])
        return media


@contextmanager
def _opened(content: bytes, message: str) -> Iterator[zipfile.ZipFile]:
    """Open the archive, and raise PackageError with a message for whatever is damaged in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except zstandard.ZstdError as error:
        raise PackageError(f"it cannot be decompressed: {error}") from error
    except _DAMAGED as error:
        raise PackageError(f"{message}: {error}") from error


def _read(
    archive: zipfile.ZipFile,
    name: str,
    most: int,
    *,
    compressed: bool,
) -> bytes:
    """A member of the archive, decompressed once more where the format asks for it."""
    if archive.getinfo(name).file_size > most:
        raise PackageError(f"its member {name} is too large")
    stored = archive.read(name)
    if not compressed:
        return stored
    content = bytearray()
    with zstandard.ZstdDecompressor().stream_reader(stored) as reader:
        # Piece by piece: one read of all that may come would allocate that much.
        while piece := reader.read(_PIECE):
            content += piece
            if len(content) > most:
                raise PackageError(f"its member {name} is too large")
    return bytes(content)


def _new_names(listed: bytes) -> list[tuple[str, str]]:
    """The names in Anki's message `MediaEntries`, with the members that hold the files."""
    entries = [dict(read_message(entry)) for _, entry in read_message(listed)]
    return [(entry[1].decode(), str(number)) for number, entry in enumerate(entries)]
