"""A whole package: what `database` reads, and its media by the names that Anki will store."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import zstandard

from ankipress.package.protobuf import read_message
from ankipress.package.reading import FoundNote, PackageError, read_database

_LARGEST = 2 * 1024**3  # bytes, of all media together
_NAME = 1  # of Anki's message `MediaEntries`: a name is field 1 of each entry


@dataclass(frozen=True, slots=True)
class Contents:
    """All of a package: notes as a learner meets them, the descriptions of the decks by name, and
    the files by name.
    """

    notes: tuple[FoundNote, ...]
    decks: Mapping[str, str]
    media: Mapping[str, bytes]


def read_contents(content: bytes) -> Contents:
    """All that an .apkg holds. Raises PackageError."""
    notes, decks = read_database(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return Contents(notes, decks, dict(_media(archive)))
    except (
        ValueError,
        KeyError,
        AttributeError,
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
    ) as error:
        raise PackageError(f"its media cannot be read: {error}") from error
    except zstandard.ZstdError as error:
        raise PackageError(f"its media cannot be decompressed: {error}") from error


def _media(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    present = set(archive.namelist())
    if "media" not in present:
        return
    is_new = "collection.anki21b" in present
    listed = archive.read("media")
    names = _new_names(_expanded(listed)) if is_new else _old_names(listed)
    left = _LARGEST
    for number, name in sorted(names.items(), key=lambda item: item[1]):
        if number not in present:
            raise PackageError(f"the file {name} is listed and not there")
        left -= archive.getinfo(number).file_size
        if left < 0:
            raise PackageError("its media are too large")
        stored = archive.read(number)
        yield name, _expanded(stored) if is_new else stored


def _old_names(listed: bytes) -> Mapping[str, str]:
    return {str(number): str(name) for number, name in json.loads(listed).items()}


def _new_names(listed: bytes) -> Mapping[str, str]:
    """The names in a list of entries, which stand in the order of their numbers."""
    names = (next((name.decode() for name in _named(entry)), "") for entry in _named(listed))
    return {str(number): name for number, name in enumerate(names)}


def _named(message: bytes) -> Iterator[bytes]:
    """The entries of a list, or the name of an entry: the first field of both."""
    return (
        value
        for number, value in read_message(message)
        if number == _NAME and isinstance(value, bytes)
    )


def _expanded(content: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)) as reader:
        expanded = reader.read(_LARGEST + 1)
    if len(expanded) > _LARGEST:
        raise PackageError("its media are too large")
    return expanded
