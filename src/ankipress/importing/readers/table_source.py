"""A table of a spreadsheet, in which the first line names the columns → its notes."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from ankipress.diagnostics import counted, first_of, suggestion
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote, ImportedType
from ankipress.importing.readers.delimited import Records, cell, read_records, separator_of
from ankipress.importing.readers.foreign_text import ForeignText
from ankipress.importing.readers.plain_types import BASIC, CLOZE, field_names, has_gaps, plain_type
from ankipress.importing.readers.source_error import SourceError

# What people call these columns.
_WORDS: Mapping[str, Sequence[str]] = {
    "front": "front question term word prompt expression vocabulary vocab phrase text q frage"
    " vorderseite recto pregunta".split(),
    "back": "back answer definition meaning translation response description a antwort rückseite"
    " verso respuesta".split(),
    "tags": "tags tag".split(),
    "guid": ["guid"],
    "deck": ["deck"],
}
_MOST_NAMED = 20  # columns in a message


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """What a user calls the columns; None for what is to be found out."""

    front: str | None = None
    back: str | None = None
    tags: str | None = None
    guid: str | None = None


class _TableColumns(NamedTuple):
    """Columns by number. `fields` begin with the front and the back."""

    fields: tuple[int, ...]
    tags: int | None
    guid: int | None
    deck: int | None


def read_table(source: ForeignText, name: str, names: ColumnNames) -> ImportedDeck:
    """The notes of a table of some name. Raises SourceError."""
    records = _records(source)
    if len(records.rows) < 2:
        raise SourceError(
            f"{name} has no rows below its first line",
            "give a table whose first line names the columns, such as `front,back`",
        )
    header = [each.strip() for each in records.rows[0]]
    rows = records.rows[1:]
    columns = _found_columns(header, name, names)
    notes = tuple(_note(row, columns, name) for row in rows)
    return ImportedDeck(
        name,
        _types(header, columns, name),
        notes,
        updates_learners=False,
        warnings=(*source.warnings, *records.warnings, *_too_wide(rows, header)),
        is_table=True,
    )


def _records(source: ForeignText) -> Records:
    return read_records(source.text, separator_of(source.text))


def _found_columns(header: Sequence[str], name: str, names: ColumnNames) -> _TableColumns:
    found = _named(header, name, names)
    for use, words in _WORDS.items():
        if use not in found:
            guessed = _guessed(header, words, found.values())
            if guessed is not None:
                found[use] = guessed
    others = [column for column in range(len(header)) if column not in found.values()]
    for use, other in (("front", "back"), ("back", "front")):
        if use not in found and other in found and len(others) == 1:
            found[use] = others.pop()
    if "front" not in found:
        raise _unclear(header, name, "question")
    if "back" not in found:
        raise _unclear(header, name, "answer")
    fields = found["front"], found["back"], *others
    return _TableColumns(fields, found.get("tags"), found.get("guid"), found.get("deck"))


def _named(header: Sequence[str], name: str, names: ColumnNames) -> dict[str, int]:
    """The columns that a user named."""
    folded = [each.casefold() for each in header]
    found: dict[str, int] = {}
    for use, word in asdict(names).items():
        if word is None:
            continue
        if word.strip().casefold() not in folded:
            near = suggestion(word, tuple(filter(None, header)))
            raise SourceError(
                f'{name} has no column "{word}"{near}', f"give --{use} one of {_listed(header)}"
            )
        column = folded.index(word.strip().casefold())
        if column in found.values():
            raise SourceError(
                f'the column "{word}" is named twice', f"give --{use} another of {_listed(header)}"
            )
        found[use] = column
    return found


def _guessed(header: Sequence[str], words: Sequence[str], taken: Collection[int]) -> int | None:
    """The first column that is called so and is not taken."""
    folded = [each.casefold() for each in header]
    for word in words:
        if word in folded and folded.index(word) not in taken:
            return folded.index(word)
    return None


def _unclear(header: Sequence[str], name: str, missing: str) -> SourceError:
    return SourceError(
        f"{name}: its first line names no column that is surely the {missing}: {_listed(header)}",
        "say which columns they are, as in --front Word --back Meaning; without names there, write"
        " a first line such as `front,back`",
    )


def _listed(header: Sequence[str]) -> str:
    return first_of([f'"{each[:40]}"' for each in header], _MOST_NAMED)


def _types(
    header: Sequence[str], columns: _TableColumns, name: str
) -> tuple[ImportedType, ImportedType]:
    """The note type of questions, and that of texts with gaps. Two columns make Anki's own."""
    names = name, f"{name} {CLOZE}"
    labels = [header[column] for column in columns.fields]
    if len(labels) == 2:
        names = BASIC, CLOZE
        labels = ["", ""]
    basic, cloze = names
    return (
        plain_type(basic, field_names(labels, cloze=False), cloze=False),
        plain_type(cloze, field_names(labels, cloze=True), cloze=True),
    )


def _note(row: Sequence[str], columns: _TableColumns, name: str) -> ImportedNote:
    fields = tuple(_as_html(cell(row, column)) for column in columns.fields)
    return ImportedNote(
        guid=cell(row, columns.guid).strip(),
        note_id=None,
        mod=None,
        note_type=int(has_gaps(fields[:1])),
        fields=fields,
        tags=_tags(cell(row, columns.tags)),
        deck=cell(row, columns.deck).strip() or name,
    )


def _as_html(text: str) -> str:
    return html.escape(text.strip(), quote=False).replace("\n", "<br>")


def _tags(text: str) -> tuple[str, ...]:
    """The tags in a cell. Anki's have no spaces; those that commas separate may have some."""
    if re.search("[,;]", text):
        words = [re.sub(r"\s+", "_", word.strip()) for word in re.split("[,;]", text)]
    else:
        words = text.split()
    return tuple(dict.fromkeys(filter(None, words)))


def _too_wide(rows: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[str, ...]:
    width = len(header)
    number = sum(any(row[width:]) for row in rows)
    if number == 0:
        return ()
    return (f"{counted(number, 'row')} with more cells than the first line: those are left out",)
