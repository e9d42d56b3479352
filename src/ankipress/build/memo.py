"""The memo of a project: compiled cards, digests of files, manifests of builds, and records that
builds have replaced in the lock.

It is one SQLite file for each project, in the user's own cache folder, so that a stranger's
repository cannot bring one along. It can be deleted at any time, and two builds may use it at once.
A memo that cannot be read or written never makes a build fail. See docs/decisions/005-memo.md.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ankipress.project.file_digests import FileStamp

if TYPE_CHECKING:
    from ankipress.model import Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS programs (fingerprint BLOB);
CREATE TABLE IF NOT EXISTS cards (key BLOB UNIQUE, value BLOB);
CREATE TABLE IF NOT EXISTS files (path TEXT UNIQUE, stamp BLOB);
CREATE TABLE IF NOT EXISTS builds (request BLOB UNIQUE, manifest BLOB);
CREATE TABLE IF NOT EXISTS records (note TEXT UNIQUE, record BLOB);
"""
_FORMAT = b"1"
_LONE = re.compile("[\ud800-\udfff]")
_BUSY = 2.0  # seconds that another build may keep this one waiting
_FEW = 300  # keys: looked up one by one, more of them in one go
_SPARE = 2000  # unused cards that are kept
_FILES = 50_000  # digests that are kept
_BUILDS = 50  # manifests that are kept
_RECORDS = 50_000  # records of notes that are kept
_UNUSED_DAYS = 90  # after which the file of another project is deleted


class Memo:
    """What is remembered of a project. Without a path nothing is."""

    def __init__(self, path: Path | None, programs: bytes) -> None:
        self._path = path
        self._connection = _open(path, programs) if path else None
        self._is_damaged = False
        self._used: set[bytes] = set()
        self._new: dict[bytes, bytes] = {}

    def close(self) -> None:
        """Write new cards, and delete unused ones."""
        if self._connection is None:
            return
        insert = "INSERT OR REPLACE INTO cards VALUES(?, ?)"
        with self._tolerating():
            with self._connection:
                self._connection.executemany(insert, self._new.items())
            if self._used:
                self._drop_unused()
        self._connection.close()
        self._connection = None
        if self._is_damaged and self._path:
            with suppress(OSError):
                self._path.unlink()

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Those values of cards that are known."""
        self._used.update(keys)
        found = {key: self._new[key] for key in keys if key in self._new}
        wanted = set(keys) - found.keys()
        if self._connection is None:
            return found
        with self._tolerating():
            if len(wanted) > _FEW:
                rows = self._connection.execute("SELECT key, value FROM cards")
                found.update((key, value) for key, value in rows if key in wanted)
            else:
                select = "SELECT key, value FROM cards WHERE key = ?"
                for key in wanted:
                    found.update(self._connection.execute(select, (key,)))
        return found

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Remember what some cards became."""
        self._new.update(values)

    def file_stamps(self) -> dict[str, FileStamp]:
        """The digests of files, by path."""
        if self._connection is None:
            return {}
        decoder = msgspec.msgpack.Decoder(FileStamp)
        with self._tolerating(), suppress(msgspec.DecodeError):
            rows = self._connection.execute("SELECT path, stamp FROM files")
            return {path: decoder.decode(stamp) for path, stamp in rows}
        return {}

    def keep_file_stamps(self, stamps: Mapping[str, FileStamp]) -> None:
        """Remember digests of files."""
        encode = msgspec.msgpack.encode
        # The database has texts alone, and a folder may have a name that is not UTF-8.
        texts = (path for path in stamps if not _LONE.search(path))
        rows = [(path, encode(stamps[path])) for path in texts]
        self._write("files", rows, _FILES)

    def manifest(self, request: bytes) -> bytes | None:
        """The manifest of the last build with this request, None where there is none."""
        if self._connection is None:
            return None
        select = "SELECT manifest FROM builds WHERE request = ?"
        with self._tolerating():
            for (manifest,) in self._connection.execute(select, (request,)):
                return bytes(manifest)
        return None

    def keep_manifest(self, request: bytes, manifest: bytes) -> None:
        """Remember a build."""
        self._write("builds", [(request, manifest)], _BUILDS)

    def records(self, guids: Iterable[str]) -> Sequence[Record]:
        """The records of some notes that were replaced in the lock, the oldest first."""
        from ankipress.model import Record  # noqa: PLC0415 - a build that changes nothing is quick

        found: list[Record] = []
        if self._connection is None:
            return found
        decoder = msgspec.msgpack.Decoder(Record)
        select = "SELECT record FROM records WHERE note >= ? AND note < ? ORDER BY rowid"
        with self._tolerating(), suppress(msgspec.MsgspecError):
            for guid in guids:
                # No guid has a space, and `!` is what follows it.
                rows = self._connection.execute(select, (f"{guid} ", f"{guid}!"))
                found += [decoder.decode(record) for (record,) in rows]
        return found

    def keep_records(self, records: Iterable[Record]) -> None:
        """Remember records of notes that are replaced in the lock."""
        encode = msgspec.msgpack.encode
        rows = [(f"{each.guid} {each.digest}", encode(each)) for each in records]
        self._write("records", rows, _RECORDS)

    def _write(self, table: str, rows: Sequence[tuple[object, object]], limit: int) -> None:
        """Write rows of a table, of which the latest ones are kept, up to a limit."""
        if self._connection is None or not rows:
            return
        insert = f"INSERT OR REPLACE INTO {table} VALUES(?, ?)"
        # A row that is replaced has a new number, greater than all others.
        last = f"(SELECT max(rowid) FROM {table})"  # noqa: S608 - one of the names above
        drop = f"DELETE FROM {table} WHERE rowid <= {last} - ?"  # noqa: S608
        with self._tolerating(), self._connection:
            self._connection.executemany(insert, rows)
            self._connection.execute(drop, (limit,))

    @contextmanager
    def _tolerating(self) -> Iterator[None]:
        """Ignore errors of the database. A damaged file is deleted when the memo is closed."""
        try:
            yield
        except sqlite3.OperationalError:
            pass  # another build holds it, or the disk is full
        except sqlite3.Error:
            self._is_damaged = True

    def _drop_unused(self) -> None:
        """Delete the cards that this build did not use, if most are unused."""
        assert self._connection
        (number,) = self._connection.execute("SELECT count(*) FROM cards").fetchone()
        if number <= 3 * len(self._used) + _SPARE:
            return
        rows = self._connection.execute("SELECT key FROM cards").fetchall()
        unused = [row for row in rows if row[0] not in self._used]
        with self._connection:
            self._connection.executemany("DELETE FROM cards WHERE key = ?", unused)
        self._connection.execute("VACUUM")


@contextmanager
def open_memo(root: Path, programs: bytes) -> Iterator[Memo]:
    """The memo of the project in a folder, until the end."""
    memo = Memo(memo_path(root), programs)
    try:
        yield memo
    finally:
        memo.close()


def memo_path(root: Path) -> Path:
    """The file in which the project of a folder is remembered."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - takes a while

    folder = user_cache_path("ankipress", appauthor=False)
    path = str(root.resolve()).encode("utf-8", "surrogateescape")
    name = blake2b(path, digest_size=16).hexdigest()
    return folder / f"{name}.sqlite"


def _open(path: Path, programs: bytes) -> sqlite3.Connection | None:
    """The database at a path. It is emptied if other versions of the programs filled it."""
    with suppress(OSError, sqlite3.Error):
        is_new = not path.exists()
        if is_new:
            path.parent.mkdir(parents=True, exist_ok=True)
            _delete_old(path.parent)
        connection = sqlite3.connect(path, timeout=_BUSY)
        try:
            return _prepared(connection, _FORMAT + programs)
        except sqlite3.DatabaseError:
            connection.close()
            # It is damaged, or not a database: the next build makes a new one.
            path.unlink(missing_ok=True)
    return None


def _prepared(connection: sqlite3.Connection, programs: bytes) -> sqlite3.Connection:
    # A cache may lose what was written before a loss of power.
    connection.execute("PRAGMA synchronous = OFF")
    row = None
    with suppress(sqlite3.OperationalError):
        row = connection.execute("SELECT fingerprint FROM programs").fetchone()
    if row is None or row[0] != programs:
        with connection:
            connection.executescript(_SCHEMA)
            # What was packed once does not depend on the programs of today.
            for table in ("programs", "cards", "files", "builds"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above
            connection.execute("INSERT INTO programs VALUES(?)", (programs,))
    return connection


def _delete_old(folder: Path) -> None:
    """Delete the memos of projects that nobody has built for long."""
    import time  # noqa: PLC0415

    oldest = time.time() - _UNUSED_DAYS * 86_400
    for file in folder.glob("*.sqlite"):
        with suppress(OSError):
            if file.stat().st_mtime < oldest:
                file.unlink()
