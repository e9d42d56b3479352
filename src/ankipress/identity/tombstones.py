"""`ankipress.retired`: the tombstones of a project, from text to values and back.

A line is a note; the lines are sorted by guid. docs/decisions/013-releases-and-tombstones.md says
why they have a file of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import msgspec

from ankipress.diagnostics import Diagnostic
from ankipress.identity.lock import line_location, numbered_lines
from ankipress.model import Tombstone

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)
_LONGEST = 200  # bytes of a file's name; the systems take up to 255
_KEYS = tuple(each.name for each in fields(Tombstone))
# What no card can hold: Anki ends a field at U+001F, and stores no half of a character.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


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
    tombstone = msgspec.convert(value, Tombstone)
    for name in tombstone.media:
        if not is_file_name(name):
            shown = json.dumps(name)[:_LONGEST]
            raise ValueError(f"its media name {shown}, which cannot be the name of a file")
    names = (tombstone.guid, tombstone.note_type, tombstone.version)
    texts = names + tombstone.fields + tombstone.tags + tombstone.media
    if any(map(_UNSTORABLE.search, texts)):
        raise ValueError("it holds a control character, or half of a character")
    if any(tag.split() != [tag] for tag in tombstone.tags):
        raise ValueError("a tag is empty, or holds a space")
    return tombstone


def is_file_name(name: str) -> bool:
    """Whether a text can name a file of one folder, on every system."""
    if name.endswith((".", " ")) or not name.isprintable():
        return False
    if re.search(r'[<>:"/\\|?*]', name) or _RESERVED.match(name):
        return False
    return 0 < len(name.encode("utf-8", "surrogatepass")) <= _LONGEST


def _precedence(tombstone: Tombstone) -> tuple[object, ...]:
    return (
        tombstone.releases,
        tombstone.version,
        tombstone.fields,
        tombstone.tags,
    )
