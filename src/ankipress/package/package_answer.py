"""What a package holds, as bytes: a package is read in one process, and its contents are used in
another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from ankipress.package.left_behind import LeftBehind
from ankipress.package.package_reading import (
    FoundNote,
    FoundType,
    PackageContents,
    read_contents,
    read_files,
)
from ankipress.package.unpacking import FoundFile, PackageError
from ankipress.package.whole_collection import WholeCollection, read_whole

# What JSON may hold and an answer may not: long numbers, halves of letters, lists in lists.
_UNUSUAL = (OverflowError, RecursionError, ValueError)

_NoteRow = tuple[str, int, int, int, int, tuple[str, ...], tuple[str, ...], tuple[int, ...]]


class _Contents(msgspec.Struct, array_like=True, tag=True):
    """Notes name their note types and decks by number, so that each is there once."""

    note_types: list[FoundType]
    deck_names: list[str]
    notes: list[_NoteRow]
    decks: dict[str, str]
    media: dict[str, FoundFile]


class _Whole(msgspec.Struct, array_like=True, tag=True):
    contents: _Contents
    left: LeftBehind
    bad_notes: tuple[str, ...]


class _Files(msgspec.Struct, array_like=True, tag=True):
    files: dict[str, bytes]


class _Refused(msgspec.Struct, array_like=True, tag=True):
    message: str


_Answer = _Contents | _Whole | _Files | _Refused


def contents_answer(file: BinaryIO) -> bytes:
    """The contents of a package, or why it cannot be read."""
    try:
        return _encoded(_rows(read_contents(file)))
    except PackageError as error:
        return _encoded(_Refused(str(error)))


def whole_answer(file: BinaryIO, *decks: str) -> bytes:
    """All of a package or collection, or of the part that the name of a deck means, or why it
    cannot be read.
    """
    try:
        found = read_whole(file, *decks)
        return _encoded(_Whole(_rows(found.contents), found.left, found.bad_notes))
    except PackageError as error:
        return _encoded(_Refused(str(error)))


def files_answer(file: BinaryIO, *names: str) -> bytes:
    """The bytes of some of the media of a package, or why it cannot be read."""
    try:
        return _encoded(_Files(dict(read_files(file, names))))
    except PackageError as error:
        return _encoded(_Refused(str(error)))


def contents_in(answer: bytes) -> PackageContents:
    """The contents in an answer. Raises PackageError where it says that there are none."""
    found = _decoded(answer)
    assert isinstance(found, _Contents)
    return _contents(found)


def whole_in(answer: bytes) -> WholeCollection:
    """What an answer holds of a collection. Raises PackageError where it says that it is none."""
    found = _decoded(answer)
    assert isinstance(found, _Whole)
    return WholeCollection(_contents(found.contents), found.left, found.bad_notes)


def _contents(found: _Contents) -> PackageContents:
    types = found.note_types
    names = found.deck_names
    notes = tuple(
        FoundNote(guid, note_id, mod, types[type_number], names[deck_number], fields, tags, ords)
        for guid, note_id, mod, type_number, deck_number, fields, tags, ords in found.notes
    )
    return PackageContents(notes, found.decks, found.media)


def files_in(answer: bytes) -> Mapping[str, bytes]:
    """The files in an answer. Raises PackageError where it says that there are none."""
    found = _decoded(answer)
    assert isinstance(found, _Files)
    return found.files


def _rows(contents: PackageContents) -> _Contents:
    types: dict[int, int] = {}
    note_types: list[FoundType] = []
    decks: dict[str, int] = {}
    rows: list[_NoteRow] = []
    for guid, note_id, mod, note_type, deck, fields, tags, ords in contents.notes:
        if note_type.id not in types:
            types[note_type.id] = len(note_types)
            note_types.append(note_type)
        type_number = types[note_type.id]
        deck_number = decks.setdefault(deck, len(decks))
        rows.append((guid, note_id, mod, type_number, deck_number, fields, tags, ords))
    return _Contents(note_types, list(decks), rows, dict(contents.decks), dict(contents.media))


def _encoded(answer: _Answer) -> bytes:
    try:
        return msgspec.msgpack.encode(answer)
    except _UNUSUAL as error:
        raise PackageError(f"it holds what no package holds: {error}") from error


def _decoded(answer: bytes) -> _Contents | _Whole | _Files:
    try:
        found = msgspec.msgpack.decode(answer, type=_Answer)
    except RecursionError as error:
        raise PackageError(f"it holds what no package holds: {error}") from error
    if isinstance(found, _Refused):
        raise PackageError(found.message)
    return found
