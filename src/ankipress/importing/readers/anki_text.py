"""A text export of Anki, whose first lines say what its columns are → its notes.

Each learner who has these notes has a note type with an id of their own, which is not told here.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ankipress.importing.imported_deck import ImportedDeck, ImportedNote, ImportedType
from ankipress.importing.readers.delimited import cell, read_records, separator_of
from ankipress.importing.readers.foreign_text import ForeignText
from ankipress.importing.readers.named_media import named_media
from ankipress.importing.readers.plain_types import BASIC, CLOZE, field_names, has_gaps, plain_type

_SEPARATORS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
_KEYS = frozenset(
    "separator,html,tags,columns,notetype,deck,notetype column,deck column,tags column,"
    "guid column,if matches".split(",")
)
_HEADER = re.compile(r"#([^:\n]*):(.*)\n?")
_HTML = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z]+;|&#[0-9x]")


@dataclass(frozen=True, slots=True)
class _ExportColumns:
    """The columns of a text, from 0, that are no fields, and what holds for all of its notes."""

    labels: Sequence[str]
    guid: int | None
    note_type: int | None
    deck: int | None
    tags: int | None
    general_type: str
    general_deck: str
    general_tags: tuple[str, ...]

    def fields(self, width: int) -> Sequence[int]:
        """The columns that are fields, of so many."""
        others = {self.guid, self.note_type, self.deck, self.tags}
        return [column for column in range(width) if column not in others]


class _ExportedRow(NamedTuple):
    """A note with all columns that are fields, before it is known how many its note type has."""

    cells: Sequence[str]
    fields: tuple[str, ...]


def is_text_export(text: str) -> bool:
    """Whether the first line is one of those that Anki writes above its columns."""
    found = _HEADER.match(text)
    return found is not None and _key(found) in _KEYS


def read_text_export(source: ForeignText, name: str) -> ImportedDeck:
    """The notes of a text export of some name."""
    header = _header(source.text)
    separator = _separator(header, source.text)
    records = read_records(source.text, separator, comment="#")
    columns = _columns(header, separator, name)
    width = max(map(len, records.rows), default=0)
    rows = [_ExportedRow(row, _fields(row, columns, width)) for row in records.rows]
    if not _is_html(header, rows):
        rows = [row._replace(fields=tuple(map(_escaped, row.fields))) for row in rows]
    types = _types(rows, columns, width)
    places = {each.name: place for place, each in enumerate(types)}
    notes = tuple(_note(row, columns, types, places) for row in rows)
    return ImportedDeck(
        name,
        types,
        notes,
        missing=named_media(types, notes),
        updates_learners=False,
        warnings=(*source.warnings, *records.warnings),
    )


def _header(text: str) -> Mapping[str, str]:
    """The values that the first lines have, by their keys."""
    found: dict[str, str] = {}
    position = 0
    while line := _HEADER.match(text, position):
        found[_key(line)] = line[2]
        position = line.end()
    return found


def _key(line: re.Match[str]) -> str:
    return line[1].strip().lower()


def _separator(header: Mapping[str, str], text: str) -> str:
    named = header.get("separator", "").lower()
    if named in _SEPARATORS.values():
        return named
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    return _SEPARATORS.get(named.strip()) or separator_of("\n".join(lines))


def _columns(header: Mapping[str, str], separator: str, name: str) -> _ExportColumns:
    labels = read_records(header.get("columns", ""), separator).rows

    def column(of: str) -> int | None:
        number = header.get(f"{of} column", "").strip()
        if re.fullmatch(r"[1-9][0-9]{0,5}", number):
            return int(number) - 1
        return None

    return _ExportColumns(
        labels=labels[0] if labels else (),
        guid=column("guid"),
        note_type=column("notetype"),
        deck=column("deck"),
        tags=column("tags"),
        general_type=header.get("notetype", "").strip(),
        general_deck=header.get("deck", "").strip() or name,
        general_tags=tuple(header.get("tags", "").split()),
    )


def _fields(row: Sequence[str], columns: _ExportColumns, width: int) -> tuple[str, ...]:
    return tuple(cell(row, column) for column in columns.fields(width))


def _is_html(header: Mapping[str, str], rows: Sequence[_ExportedRow]) -> bool:
    said = header.get("html", "").strip().lower()
    if said in {"true", "false"}:
        return said == "true"
    return any(_HTML.search(field) for row in rows for field in row.fields)


def _escaped(field: str) -> str:
    return html.escape(field, quote=False)


def _types(
    rows: Sequence[_ExportedRow], columns: _ExportColumns, width: int
) -> tuple[ImportedType, ...]:
    """A note type for each name, with as many fields as its notes fill."""
    fields_of: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in rows:
        fields_of[_type_name(row, columns)].append(row.fields)
    types = []
    for name, notes in fields_of.items():
        number = max(map(_filled, notes))
        wanted = columns.fields(width)[: max(2, number)]
        labels = [cell(columns.labels, column) for column in wanted]
        cloze = any(map(has_gaps, notes))
        types.append(plain_type(name, field_names(labels, cloze=cloze), cloze=cloze))
    return tuple(types)


def _type_name(row: _ExportedRow, columns: _ExportColumns) -> str:
    default = CLOZE if has_gaps(row.fields) else BASIC
    return cell(row.cells, columns.note_type).strip() or columns.general_type or default


def _filled(fields: Sequence[str]) -> int:
    """How many fields there are up to the last that is not empty."""
    return max((place + 1 for place, field in enumerate(fields) if field), default=0)


def _note(
    row: _ExportedRow,
    columns: _ExportColumns,
    types: Sequence[ImportedType],
    places: Mapping[str, int],
) -> ImportedNote:
    place = places[_type_name(row, columns)]
    tags = (*cell(row.cells, columns.tags).split(), *columns.general_tags)
    return ImportedNote(
        guid=cell(row.cells, columns.guid).strip(),
        note_id=None,
        mod=None,
        note_type=place,
        fields=row.fields[: len(types[place].fields)],
        tags=tuple(dict.fromkeys(tags)),
        deck=cell(row.cells, columns.deck).strip() or columns.general_deck,
    )
