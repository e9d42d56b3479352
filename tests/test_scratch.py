"""Bytes that take no memory: there as they were put, wherever there was room for them."""

from __future__ import annotations

import gc
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.scratch import Loaded, Scratch, gathered, pieces_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for such files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@given(st.lists(st.binary(max_size=300)), st.integers(0, 400), st.integers(0, 400))
def test_it_reads_like_what_was_written(pieces: Sequence[bytes], start: int, length: int) -> None:
    scratch, loaded = Scratch(), Loaded(b"".join(pieces))
    for each in pieces:
        scratch.append(each)
    assert (scratch.size, scratch.read(start, length)) == (loaded.size, loaded.read(start, length))
    assert b"".join(pieces_of(scratch)) == b"".join(pieces_of(loaded)) == loaded.content


def test_what_is_hidden_goes_on_and_leaves_nothing(folder: Path) -> None:
    scratch = Scratch()
    assert [str(path) for path in folder.iterdir()] == [scratch.path]
    scratch.hide()
    scratch.append(b"one")
    scratch.overwrite(1, b"NE")
    assert scratch.read(0, 9) == b"oNE"
    assert os.name == "nt" or not any(folder.iterdir())
    del scratch
    gc.collect()
    assert not any(folder.iterdir())


def test_what_is_not_hidden_goes_with_its_object(folder: Path) -> None:
    scratch = Scratch()
    assert any(folder.iterdir())
    del scratch
    gc.collect()
    assert not any(folder.iterdir())


def test_who_has_opened_it_by_its_name_goes_on(folder: Path) -> None:
    scratch = Scratch()
    connection = sqlite3.connect(scratch.path)
    scratch.hide()
    connection.execute("PRAGMA journal_mode = OFF")  # it would stand beside it
    connection.execute("CREATE TABLE numbers(number)")
    connection.execute("INSERT INTO numbers VALUES(7)")
    connection.commit()
    assert connection.execute("SELECT number FROM numbers").fetchall() == [(7,)]
    connection.close()
    assert scratch.read(0, 15) == b"SQLite format 3"


def test_threads_read_it_at_once() -> None:
    scratch = Scratch()
    for number in range(256):
        scratch.append(bytes([number]) * 1000)
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda number: scratch.read(number * 1000, 1000), [*range(256)] * 8))
    assert read == [bytes([number]) * 1000 for number in range(256)] * 8


def test_what_is_gathered_has_no_name(folder: Path) -> None:
    content = gathered(lambda: [b"one", b"two"])
    assert os.name == "nt" or not any(folder.iterdir())
    assert content.read(0, 9) == b"onetwo"


def test_without_a_folder_all_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/there/is/none")
    assert gathered(lambda: [b"a", b"b"]) == Loaded(b"ab")


def test_where_the_room_ends_all_is_in_memory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def append(self: Scratch, content: bytes) -> None:
        if self.size + len(content) > 3:
            raise OSError(28, "No space left on device")
        real(self, content)

    real = Scratch.append
    monkeypatch.setattr(Scratch, "append", append)

    def made() -> Iterator[bytes]:
        yield from (b"one", b"two")

    assert gathered(made) == Loaded(b"onetwo")
    gc.collect()
    assert not any(folder.iterdir())
