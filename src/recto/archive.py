"""The .apkg as a canonical zip, and files written whole or not at all."""

from __future__ import annotations

import errno
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from recto.model import MediaFile

# The zip of the same content must be the same bytes: no clock, no umask, no system.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o644
# Compressing these again costs time and gains nothing.
_COMPRESSED = frozenset(".png .jpg .jpeg .gif .webp .avif .mp3 .ogg .oga .opus .m4a .aac .mp4 .webm .mkv .mov .flac".split())


def make_archive(database: bytes, media: Sequence[MediaFile]) -> bytes:
    """The bytes of an .apkg: the collection, the map of media, and the media under their numbers."""
    names = {str(number): each.name for number, each in enumerate(media)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, "collection.anki2", database, zipfile.ZIP_DEFLATED)
        _add(archive, "media", json.dumps(names).encode(), zipfile.ZIP_DEFLATED)
        for number, each in enumerate(media):
            stored = Path(each.name).suffix in _COMPRESSED
            _add(archive, str(number), each.content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = method
    info.create_system = _UNIX
    info.external_attr = _MODE << 16
    archive.writestr(info, content)


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write each file whole, in this order, and none before all could be written beside their places.

    A file that holds its content already is left alone. Raises OSError, with nothing changed, where a folder or the disk
    refuses; after an interruption each file is either as before or complete.
    """
    changed = {path: content for path, content in contents.items() if not _holds(path, content)}
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in changed.items():
            # A link is followed: the file it points to is replaced, and the link stays.
            target = path.resolve()
            written.append((_write_beside(target, content), target))
        for temporary, path in written:
            os.replace(temporary, path)
    finally:
        for temporary, _ in written:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _write_beside(target: Path, content: bytes) -> Path:
    if target.is_dir():  # found now, not when the files before it are in place
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:50]}.", suffix=".tmp", dir=target.parent)
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
