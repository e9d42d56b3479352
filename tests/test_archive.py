"""The zip is canonical; files are written whole or not at all."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ankipress.model import LoadedContent, MediaFile
from ankipress.package.archive import write_archive
from ankipress.project.atomic import write_files

MEDIA = tuple(
    MediaFile(name, LoadedContent(content))
    for name, content in {"a.png": b"png", "b.svg": b"<svg/>"}.items()
)


def archive(media: Sequence[MediaFile] = MEDIA) -> bytes:
    """A package whose collection is the word `database`."""
    file = io.BytesIO()
    write_archive(file, b"database", media)
    return file.getvalue()


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_package_holds_the_collection_the_map_and_the_media() -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == {
            "collection.anki2": b"database",
            "media": json.dumps({"0": "a.png", "1": "b.svg"}).encode(),
            "0": b"png",
            "1": b"<svg/>",
        }
        assert {info.date_time for info in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in zipped.infolist()} == {3}
        methods = {info.filename: info.compress_type for info in zipped.infolist()}
        deflated = {name for name, method in methods.items() if method == zipfile.ZIP_DEFLATED}
        assert deflated == {"collection.anki2", "media", "1"}, "a PNG is compressed already"
        assert zipped.testzip() is None


def test_the_same_content_is_the_same_bytes() -> None:
    assert archive() == archive()


def test_more_files_than_a_plain_zip_can_count() -> None:
    """Beyond 65,535 files an archive needs the records of ZIP64."""
    empty = LoadedContent(b"")
    media = tuple(MediaFile(f"{number}.png", empty) for number in range(65_540))
    package = archive(media)
    assert b"PK\6\6" in package[-200:]
    with zipfile.ZipFile(io.BytesIO(package)) as zipped:
        assert len(zipped.namelist()) == len(media) + 2
        assert zipped.read("collection.anki2") == b"database"


def test_files_are_written_and_their_folders_made(tmp_path: Path) -> None:
    write_files({tmp_path / "lock": b"1", tmp_path / "deep" / "er" / "package": b"2"})
    assert (tmp_path / "lock").read_bytes() == b"1"
    assert listing(tmp_path / "deep" / "er") == {"package": b"2"}


def test_a_file_that_holds_its_content_is_left_alone(tmp_path: Path) -> None:
    write_files({tmp_path / "lock": b"1"})
    os.utime(tmp_path / "lock", (1, 1))
    write_files({tmp_path / "lock": b"1"})
    assert (tmp_path / "lock").stat().st_mtime == 1


def test_where_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=r".*"):
        write_files({tmp_path / "lock": b"new", tmp_path / "file" / "package": b"2"})
    assert listing(tmp_path) == {"lock": b"old", "file": b""}
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_files({tmp_path / "lock": b"new", tmp_path / "folder": b"2"})
    assert listing(tmp_path) == {"lock": b"old", "file": b""}


def test_an_interruption_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "lock").write_bytes(b"old")
    monkeypatch.setattr("ankipress.project.atomic.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files({tmp_path / "lock": b"new"})
    assert listing(tmp_path) == {"lock": b"old"}


@pytest.mark.skipif(
    sys.platform == "win32",
    reason="permissions and links are those of POSIX: NOT tested on Windows",
)
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    write_files({tmp_path / "link": b"new"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640
