"""The .apkg as a canonical zip."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from ankipress.model import MediaFile
from ankipress.package.deflated import Deflated
from ankipress.scratch import Loaded, pieces_of

# The zip of the same content must be the same bytes: no clock, no umask, no system.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o644
# Compressing these again costs time and gains nothing.
_COMPRESSED = frozenset(
    ".png .jpg .jpeg .gif .webp .avif .mp3 .ogg .oga .opus .m4a .aac .mp4 .webm .mkv .mov .flac".split()
)
_NAME = b"collection.anki2"
_LOCAL, _LOCAL_SIZE = 30, 22  # bytes in front of its name, and those in front of its size


def make_archive(database: Deflated, media: Sequence[MediaFile]) -> bytes:
    """The bytes of an .apkg: the collection, the map of media, and the media under their numbers."""
    names = {str(number): each.name for number, each in enumerate(media)}
    buffer = io.BytesIO()
    buffer.writelines(_zip_of(database))
    with zipfile.ZipFile(buffer, "a") as archive:
        _add(archive, "media", json.dumps(names).encode(), zipfile.ZIP_DEFLATED)
        for number, each in enumerate(media):
            stored = Path(each.name).suffix in _COMPRESSED
            _add(
                archive,
                str(number),
                each.content,
                zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED,
            )
    return buffer.getvalue()


def _zip_of(database: Deflated) -> Iterator[bytes | memoryview]:
    """A zip with the collection alone, to which zipfile adds: it can compress, but not take what is
    compressed.

    PKWARE's APPNOTE 6.3.10, 4.3.7 to 4.3.16. A collection of 4 GiB would need another form: three
    million cards have it. Whatever else makes an archive large is zipfile's business.
    """
    length, size, checksum = sum(map(len, database.pieces)), database.content.size, 0
    for piece in pieces_of(database.content):
        checksum = zlib.crc32(piece, checksum)
    version, flags, time, date = 20, 0, 0, 0x21  # 1980-01-01, 00:00
    common = struct.pack(
        "<4HIIIHH", flags, zipfile.ZIP_DEFLATED, time, date, checksum, length, size, len(_NAME), 0
    )
    local = b"PK\3\4" + struct.pack("<H", version) + common + _NAME
    central = (
        b"PK\1\2"
        + struct.pack("<BBH", version, _UNIX, version)
        + common
        + struct.pack("<HHHII", 0, 0, 0, _MODE << 16, 0)
        + _NAME
    )
    end = b"PK\5\6" + struct.pack("<4HIIH", 0, 0, 1, 1, len(central), len(local) + length, 0)
    yield from (local, *database.pieces, central, end)


def read_archive(package: bytes, lengths: Sequence[int]) -> tuple[Deflated, tuple[MediaFile, ...]]:
    """What `make_archive` was given, out of the bytes that it made; `lengths` are those of the
    pieces.
    """
    ends = list(accumulate(lengths, initial=_LOCAL + len(_NAME)))
    view = memoryview(package)
    pieces = tuple(view[start:end] for start, end in pairwise(ends))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        names = json.loads(archive.read("media"))
        media = tuple(MediaFile(name, archive.read(number)) for number, name in names.items())
    (size,) = struct.unpack_from("<I", package, _LOCAL_SIZE)
    # In one go, since between two steps another thread takes its turn.
    return Deflated(
        Loaded(zlib.decompress(view[ends[0] : ends[-1]], -zlib.MAX_WBITS, size)), pieces
    ), media


def _add(archive: zipfile.ZipFile, name: str, content: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = method
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    archive.writestr(info, content)
