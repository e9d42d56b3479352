"""`ankipress.retired`: the tombstones of a project, from text to values and back. A line is a note;
they are sorted by guid.

Why they are kept in a file of their own: docs/decisions/016-releases-and-tombstones.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Tombstone

_CONFLICT_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_KEYS = tuple(each.name for each in fields(Tombstone))
_LISTS = ("fields", "tags", "media")


def write_tombstones(tombstones: Iterable[Tombstone]) -> str:
    """The text of the file; none for no tombstones."""
    lines = (asdict(each) for each in sorted(tombstones, key=lambda each: each.guid))
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def read_tombstones(text: str, path: str) -> tuple[tuple[Tombstone, ...], tuple[Diagnostic, ...]]:
    """The tombstones in a text, and the lines that cannot be read. Of two for one note the one of
    more releases stands.
    """
    found: dict[str, Tombstone] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith(_CONFLICT_MARKERS):
            continue
        try:
            each = _checked(json.loads(line))
        except (ValueError, RecursionError) as error:
            message, way_out = (
                f"this line is no tombstone: {error}",
                "restore it from git, or delete it",
            )
            problems.append(
                Diagnostic(
                    "bad-lock", Location(path, number, 1, min(len(line), 100)), message, way_out
                )
            )
            continue
        known = found.get(each.guid, each)
        found[each.guid] = max(
            known, each, key=lambda one: (one.releases, one.version, one.fields, one.tags)
        )
    return tuple(found[guid] for guid in sorted(found)), tuple(problems)


def _checked(value: Any) -> Tombstone:
    if not isinstance(value, Mapping) or set(value) != set(_KEYS):
        raise ValueError(f"it must be an object with the keys {', '.join(_KEYS)}")
    if any(not isinstance(value[key], str) for key in ("guid", "note_type", "version")):
        raise ValueError('"guid", "note_type" and "version" must be texts')
    if any(
        not isinstance(value[key], list) or not all(isinstance(each, str) for each in value[key])
        for key in _LISTS
    ):
        raise ValueError('"fields", "tags" and "media" must be lists of texts')
    if type(value["releases"]) is not int or value["releases"] < 1:
        raise ValueError('"releases" must be a number from 1')
    values: dict[str, Any] = {
        key: tuple(each) if key in _LISTS else each for key, each in value.items()
    }
    return Tombstone(**values)
