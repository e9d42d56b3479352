"""The .apkg as a canonical zip, and files written whole or not at all."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

from recto.aside import aside
from recto.guard import alone_in, target_of
from recto.model import MediaFile

# The zip of the same content must be the same bytes: no clock, no umask, no system.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o644
# Compressing these again costs time and gains nothing.
_COMPRESSED = frozenset(".png .jpg .jpeg .gif .webp .avif .mp3 .ogg .oga .opus .m4a .aac .mp4 .webm .mkv .mov .flac".split())


_NAME = b"collection.anki2"
_LOCAL, _LOCAL_SIZE = 30, 22  # bytes in front of its name, and those in front of its size
PIECE = 2**18
"""Bytes that are compressed by themselves: a fortieth is lost, and what was not edited is compressed already."""
_HANDS = 4  # threads, whatever the number of cores: zlib lets others work meanwhile


@dataclass(frozen=True, slots=True)
class Deflated:
    """A collection, and each of its pieces compressed by itself: behind one another they are one compressed file."""

    content: bytes
    pieces: tuple[bytes, ...]

    @property
    def lengths(self) -> list[int]:
        """The lengths of the pieces, by which they are found again in a package."""
        return [len(piece) for piece in self.pieces]


def deflate(content: bytes, before: Deflated | None = None) -> Deflated:
    """A collection compressed. Pieces that are those of another collection are taken from there."""
    return begin_deflate(content, before)()


def begin_deflate(content: bytes, before: Deflated | None = None) -> Callable[[], Deflated]:
    """The same, under way in other threads: what is given waits for them."""
    pieces: dict[int, bytes] = {}
    number = max(1, -(-len(content) // PIECE))
    if before:
        view, other = memoryview(content), memoryview(before.content)
        pieces = {each: piece for each, piece in enumerate(before.pieces) if _is_same(view, other, each)}
    missing = [each for each in range(number) if each not in pieces]

    def work(first: int) -> None:
        for each in missing[first::_HANDS]:
            pieces[each] = _piece(content, each)

    hands = [aside(partial(work, first)) for first in range(min(_HANDS, len(missing)))]

    def finish() -> Deflated:
        for wait in hands:
            wait()
        return Deflated(content, tuple(pieces[each] for each in range(number)))

    return finish


def _is_same(content: memoryview, other: memoryview, number: int) -> bool:
    """Whether a piece is the same in two collections. The last one is never, since it ends the file."""
    end = (number + 1) * PIECE
    inner = end < min(len(content), len(other))
    return inner and bytes(content[end - PIECE : end]) == bytes(other[end - PIECE : end])


def _piece(content: bytes, number: int) -> bytes:
    end = (number + 1) * PIECE
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    # All but the last end on a whole byte, so that another may follow.
    return deflater.compress(content[end - PIECE : end]) + deflater.flush(
        zlib.Z_SYNC_FLUSH if end < len(content) else zlib.Z_FINISH
    )


def make_archive(database: Deflated, media: Sequence[MediaFile]) -> bytes:
    """The bytes of an .apkg: the collection, the map of media, and the media under their numbers."""
    names = {str(number): each.name for number, each in enumerate(media)}
    buffer = io.BytesIO(_zip_of(database))
    with zipfile.ZipFile(buffer, "a") as archive:
        _add(archive, "media", json.dumps(names).encode(), zipfile.ZIP_DEFLATED)
        for number, each in enumerate(media):
            stored = Path(each.name).suffix in _COMPRESSED
            _add(archive, str(number), each.content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _zip_of(database: Deflated) -> bytes:
    """A zip with the collection alone, to which zipfile adds: it can compress, but not take what is compressed.

    PKWARE's APPNOTE 6.3.10, 4.3.7 to 4.3.16. A collection is smaller than 4 GiB, since SQLite has it in memory; whatever
    else makes an archive large is zipfile's business.
    """
    deflated = b"".join(database.pieces)
    version, flags, time, date = 20, 0, 0, 0x21  # 1980-01-01, 00:00
    common = struct.pack(
        "<4HIIIHH",
        flags,
        zipfile.ZIP_DEFLATED,
        time,
        date,
        zlib.crc32(database.content),
        len(deflated),
        len(database.content),
        len(_NAME),
        0,
    )
    local = b"PK\3\4" + struct.pack("<H", version) + common + _NAME
    central = (
        b"PK\1\2" + struct.pack("<BBH", version, _UNIX, version) + common + struct.pack("<HHHII", 0, 0, 0, _MODE << 16, 0) + _NAME
    )
    end = b"PK\5\6" + struct.pack("<4HIIH", 0, 0, 1, 1, len(central), len(local) + len(deflated), 0)
    return b"".join((local, deflated, central, end))


def read_archive(package: bytes, lengths: Sequence[int]) -> tuple[Deflated, tuple[MediaFile, ...]]:
    """What `make_archive` was given, out of the bytes that it made; `lengths` are those of the pieces."""
    ends = list(accumulate(lengths, initial=_LOCAL + len(_NAME)))
    pieces = tuple(package[start:end] for start, end in pairwise(ends))
    (size,) = struct.unpack_from("<I", package, _LOCAL_SIZE)
    database = Deflated(zlib.decompress(package[ends[0] : ends[-1]], -zlib.MAX_WBITS, size), pieces)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        names = json.loads(archive.read("media"))
        return database, tuple(MediaFile(name, archive.read(number)) for number, name in names.items())


def _add(archive: zipfile.ZipFile, name: str, content: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = method
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    archive.writestr(info, content)


class ChangedMeanwhileError(OSError):
    """A file is no longer what it was when it was read, so what was made of it must not be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EBUSY, "something else changed it meanwhile: run the command again", str(path))


def write_files(
    contents: Mapping[Path, bytes], as_read: Mapping[Path, bytes | None] | None = None, inside: Path | None = None
) -> None:
    """Write each file whole, in this order, and none before all could be written beside their places.

    `as_read` are the files that the contents were made of, None for one that was not there: where one of them is another now,
    nothing is written. A file that holds its content already is left alone. What a killed recto left beside these files goes.
    What stands `inside` a project is not written through a link that leads out of it: a stranger's repository may hold one.

    Raises OSError, with nothing changed, where a folder or the disk refuses; after an interruption each file is either as before
    or complete, and those that come first in the order are never behind the others.
    """
    # A link is followed: the file it points to is replaced, and the link stays.
    targets = {target_of(path, inside): content for path, content in contents.items()}
    for path in targets:
        if path.is_dir():  # found now, not when the files before it are in place
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        with _blamed_on(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(path.parent for path in targets):
        for path, content in (as_read or {}).items():
            if _content(path) != content:
                raise ChangedMeanwhileError(path)
        _write_all(targets)


def _write_all(targets: Mapping[Path, bytes]) -> None:
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in targets.items():
            _clear_leftovers(path)
            if not _holds(path, content):
                with _blamed_on(path):
                    written.append((_write_beside(path, content), path))
        for temporary, path in written:
            with _blamed_on(path):
                os.replace(temporary, path)
            _settle(path.parent)
    finally:
        for path in targets:
            _clear_leftovers(path)


@contextmanager
def _blamed_on(path: Path) -> Iterator[None]:
    """Errors name the file that was to be written, not the one beside it."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _clear_leftovers(target: Path) -> None:
    """Delete what a killed recto left: nobody else writes here now."""
    prefix = _prefix(target)
    with suppress(OSError):
        for name in os.listdir(target.parent):
            if name.startswith(prefix) and re.fullmatch(r"[a-z0-9_]{8}\.tmp", name[len(prefix) :]):
                (target.parent / name).unlink()


def _prefix(target: Path) -> str:
    return f".{target.name[:50]}."


def _settle(folder: Path) -> None:
    """Wait until the disk has the new name too: after a loss of power the files must not come back in another order."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _write_beside(target: Path, content: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=_prefix(target), suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_permissions(target))
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, else those that a new file would get."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
