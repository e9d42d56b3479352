"""An .apkg → its collection, and what its media are.

A package may come from a stranger: nothing is written, media are never in memory, and all that
comes out of it is bounded.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, BinaryIO, NamedTuple, cast

import msgspec
import zstandard

from ankipress.package.protobuf import read_message

LARGEST_COLLECTION = 512 * 1024**2
"""The most bytes of a database."""
NEWER = "its format is unknown: a newer Anki may have made it"
"""What is said of a package that is newer than this program."""
LARGEST_LIST = 16 * 1024**2
"""The most bytes of the list of media."""
LARGEST = 8 * 1024**3
"""The most bytes that come out of a package. Those that are compressed twice count twice."""

# Text becomes ten times smaller when it is compressed. A bomb becomes a thousand times smaller, or
# a million times.
_SMALL = 64 * 1024**2
_MOST_EXPANSION = 100
_LARGEST_WINDOW = 128 * 1024**2  # bytes that zstd may look back
_PIECE = 256 * 1024
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # those that Anki knows
_LONGEST_NAME = 255  # bytes: no file system has longer ones
# What would be elsewhere than in Anki's folder of media on one system or another.
_ELSEWHERE = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]|\A\.{0,2}\Z|\A[A-Za-z]:")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
# What zipfile, its decompressors and msgspec raise for a file that is damaged, encrypted or
# hostile.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    msgspec.MsgspecError,
    AttributeError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


class PackageError(Exception):
    """A package cannot be read. The message says why."""


class FoundFile(NamedTuple):
    """A file among the media of a package: its size in bytes, and its SHA-256."""

    size: int
    digest: str


_NEWEST = "collection.anki21b"
# The collection, by the number that `meta` has: the one of `proto/anki/import_export.proto`. A
# package of the newest format also holds an old collection, which only asks to update Anki.
_COLLECTIONS = {1: "collection.anki2", 2: "collection.anki21", 3: _NEWEST}


@contextmanager
def opened_package(file: BinaryIO) -> Iterator[PackageArchive]:
    """Open a package, and raise PackageError for whatever is wrong with it while it is open."""
    with _told_as("it is no zip file that can be read"), zipfile.ZipFile(file) as archive:
        yield PackageArchive(archive, file.seek(0, io.SEEK_END))


@contextmanager
def _told_as(message: str) -> Iterator[None]:
    """Raise PackageError with a message for whatever is damaged."""
    try:
        yield
    except zstandard.ZstdError as error:
        raise PackageError(f"it cannot be decompressed: {error}") from error
    except _DAMAGED as error:
        raise PackageError(f"{message}: {error}") from error


class PackageArchive:
    """An open package of some bytes."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        # All that comes out, of zstd and of the zip below it, counts together.
        self._left = min(LARGEST, _SMALL + _MOST_EXPANSION * size)
        names = archive.namelist()
        self._members = frozenset(names)
        if len(self._members) < len(names):
            raise PackageError("it holds two members of one name")
        self._is_newest = False  # and all but `meta` is compressed with zstd
        self._collection = self._found_collection()
        self._is_newest = self._collection == _NEWEST

    def _found_collection(self) -> str:
        """The name of the collection, by the rules of Anki."""
        if "meta" in self._members:
            message = dict(read_message(self._read("meta", _PIECE)))
            version = message.get(1)
            if version not in _COLLECTIONS:
                raise PackageError(NEWER)
            return _COLLECTIONS[version]
        if _COLLECTIONS[2] in self._members:
            return _COLLECTIONS[2]
        return _COLLECTIONS[1]

    def collection(self) -> bytes:
        """The collection: a SQLite database."""
        if self._collection not in self._members:
            raise PackageError("it holds no collection of Anki")
        return self._read(self._collection, LARGEST_COLLECTION)

    def media(self) -> Mapping[str, FoundFile]:
        """What the media are, by the names that Anki will store."""
        with _told_as("its media cannot be read"):
            return {name: self._found(member) for name, member in self._listed()}

    def files(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """The bytes of some of the media."""
        with _told_as("its media cannot be read"):
            members = dict(self._listed())
            return {name: self._read(members[name], LARGEST) for name in names}

    def _listed(self) -> list[tuple[str, str]]:
        """The names of all media, with the members that hold them, in order."""
        if "media" not in self._members:
            return []
        names = self._names()
        for name, member in names:
            _check_name(name)
            if member not in self._members:
                raise PackageError(f"the file {name} is listed and not there")
        return sorted(names)

    def _names(self) -> list[tuple[str, str]]:
        listed = self._read("media", LARGEST_LIST)
        if self._is_newest:
            return _new_names(listed, len(self._members))
        names = msgspec.json.decode(listed, type=dict[str, str])
        if not all(map(_NUMBER.fullmatch, names)):
            raise ValueError("it lists a member that is no number")
        return [(name, member) for member, name in names.items()]

    def _found(self, member: str) -> FoundFile:
        size = 0
        digest = sha256()
        for piece in self._pieces(member):
            size += len(piece)
            digest.update(piece)
        return FoundFile(size, digest.hexdigest())

    def _read(self, member: str, most: int) -> bytes:
        content = bytearray()
        for piece in self._pieces(member):
            content += piece
            if len(content) > most:
                raise PackageError(f"its member {member} is too large")
        return bytes(content)

    def _pieces(self, member: str) -> Iterator[bytes]:
        """A member piece by piece, decompressed once more where the format asks for it."""
        if self._archive.getinfo(member).compress_type not in _METHODS:
            raise PackageError(f"its member {member} is compressed as in no package")
        with self._archive.open(member) as file:
            stored = _Counted(file, self, member)
            if not self._is_newest:
                while piece := stored.read(_PIECE):
                    yield piece
                return
            decompressor = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
            source = cast("IO[bytes]", stored)  # only its `read` is asked for
            with decompressor.stream_reader(source, read_across_frames=True) as reader:
                while piece := reader.read(_PIECE):
                    self.count(len(piece), member)
                    yield piece

    def count(self, size: int, member: str) -> None:
        """Count some bytes that came out of a member."""
        self._left -= size
        if self._left < 0:
            raise PackageError(
                f"its member {member} is too large: too much comes out of the package"
            )


class _Counted:
    """A member as it stands in the zip, of which every byte counts."""

    def __init__(self, file: IO[bytes], archive: PackageArchive, member: str) -> None:
        self._file = file
        self._archive = archive
        self._member = member

    def read(self, size: int) -> bytes:
        piece = self._file.read(size)
        self._archive.count(len(piece), self._member)
        return piece


def _check_name(name: str) -> None:
    """Refuse a name that Anki refuses, or that would be a file in another folder."""
    if _ELSEWHERE.search(name):
        raise PackageError(f"a name among its media would be none in Anki's folder: {name[:99]!r}")
    if len(name.encode()) > _LONGEST_NAME:
        raise PackageError(f"a name among its media is too long: {name[:60]!r}…")


def _new_names(listed: bytes, most: int) -> list[tuple[str, str]]:
    """The names in Anki's message `MediaEntries`, with the members that hold the files."""
    names = []
    for number, (_, entry) in enumerate(read_message(listed)):
        if number > most:
            raise ValueError("it lists more files than there are")
        name = dict(read_message(entry))[1].decode()
        names.append((name, str(number)))
    return names
