"""The .apkg as a canonical zip."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from ankipress.model import LoadedContent, MediaContent, MediaFile

# The zip of the same content must be the same bytes: no clock, no umask, no system.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o644
_CHUNK = 2**20  # bytes
# Compressing these again costs time and gains nothing.
_COMPRESSED = frozenset(
    """
    .png .jpg .jpeg .gif .webp .avif .mp3 .ogg .oga .opus .m4a .aac .mp4 .webm .mkv .mov .flac
    """.split()
)


def write_archive(file: BinaryIO, database: bytes, media: Sequence[MediaFile]) -> None:
    """Write an .apkg: the collection, the map of media, and the media under their numbers.

    Media are copied piece by piece, so that they are never all in memory. Raises OSError.
    """
    names = {str(number): each.name for number, each in enumerate(media)}
    collection = LoadedContent(database)
    text = json.dumps(names)
    media_map = LoadedContent(text.encode())
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "collection.anki2", collection, zipfile.ZIP_DEFLATED)
        _add(archive, "media", media_map, zipfile.ZIP_DEFLATED)
        for number, each in enumerate(media):
            method = zipfile.ZIP_DEFLATED
            if PurePosixPath(each.name).suffix in _COMPRESSED:
                method = zipfile.ZIP_STORED
            _add(archive, str(number), each.content, method)


def _add(
    archive: zipfile.ZipFile,
    name: str,
    content: MediaContent,
    method: int,
) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = method
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    info.file_size = content.size
    with archive.open(info, "w") as target, content.open() as source:
        shutil.copyfileobj(source, target, _CHUNK)
