"""`ankipress.retired`: the tombstones of a project, from text to values and back.

A line is a note; the lines are sorted by guid. docs/decisions/013-releases-and-tombstones.md says
why they have a file of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import msgspec

from ankipress.diagnostics import Diagnostic
from ankipress.identity.lock import line_location, numbered_lines
from ankipress.model import Tombstone

_KEYS = tuple(each.name for each in fields(Tombstone))


def write_tombstones(tombstones: Iterable[Tombstone]) -> str:
    """The text of the file; none for no tombstones."""
    lines = []
    for each in sorted(tombstones, key=lambda each: each.guid):
        line = json.dumps(asdict(each), ensure_ascii=False)
        lines.append(f"{line}\n")
    return "".join(lines)


def read_tombstones(
    text: str,
    path: str,
) -> tuple[tuple[Tombstone, ...], tuple[Diagnostic, ...]]:
    """The tombstones in a text, and the lines that cannot be read. Of two for one note the one of
    more releases is taken.
    """
    found: dict[str, Tombstone] = {}
    problems = []
    for number, line in numbered_lines(text):
        try:
            each = _read(json.loads(line))
        except (ValueError, RecursionError) as error:
            message = f"this line is no tombstone: {error}"
            place = line_location(path, number, line)
            help = "restore it from git, or delete it"
            problems.append(Diagnostic("bad-lock", place, message, help))
        else:
            known = found.get(each.guid, each)
            found[each.guid] = max(known, each, key=_precedence)
    ordered = tuple(found[guid] for guid in sorted(found))
    return ordered, tuple(problems)


def _read(value: Any) -> Tombstone:
    if not isinstance(value, dict) or set(value) != set(_KEYS):
        raise ValueError(f"it must be an object with the keys {', '.join(_KEYS)}")
    return msgspec.convert(value, Tombstone)


def _precedence(tombstone: Tombstone) -> tuple[object, ...]:
    return (
        tombstone.releases,
        tombstone.version,
        tombstone.fields,
        tombstone.tags,
    )
