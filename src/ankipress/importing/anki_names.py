"""The names of fields as learners have them, whatever a package says.

Other tools write names that Anki corrects when it imports them (`fix_name` and
`ensure_names_unique` of its `rslib/src/notetype`): tests compare this with the real engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ankipress.importing.imported_deck import ImportedType

_NEVER = re.compile(r'[:{}"]')
_AT_START = re.compile(r"\A[#/^\s]+")


def with_anki_names(imported: ImportedType) -> ImportedType:
    """The note type with the names that Anki gave its fields. One that has none stays empty."""
    names = _unique(_corrected(each.name) for each in imported.fields)
    fields = tuple(
        replace(each, name=name) for each, name in zip(imported.fields, names, strict=True)
    )
    return replace(imported, fields=fields)


def _corrected(name: str) -> str:
    return _AT_START.sub("", _NEVER.sub("", name).strip(), count=1).strip()


def _unique(names: Iterable[str]) -> Iterator[str]:
    used: set[str] = set()
    for name in names:
        free = name
        while free.casefold() in used:
            free += "+"
        used.add(free.casefold())
        yield free
