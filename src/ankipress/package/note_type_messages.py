"""A note type as Anki's newer databases store it → the JSON that its older ones have of it.

The messages are those of `proto/anki/notetypes.proto`. The JSON is what Anki itself writes when it
exports for its older versions, key by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, NamedTuple

import msgspec

from ankipress.package.protobuf import read_message, read_numbers

_Kind = Literal["text", "truth", "number", "id", "optional id"]

# The keys of JSON, with the numbers and kinds of the fields of messages.
_OF_TYPE: Mapping[str, tuple[int, _Kind]] = {
    "type": (1, "number"),
    "sortf": (2, "number"),
    "css": (3, "text"),
    "did": (4, "id"),
    "latexPre": (5, "text"),
    "latexPost": (6, "text"),
    "latexsvg": (7, "truth"),
}
_OF_FIELD: Mapping[str, tuple[int, _Kind]] = {
    "sticky": (1, "truth"),
    "rtl": (2, "truth"),
    "font": (3, "text"),
    "size": (4, "number"),
    "description": (5, "text"),
    "plainText": (6, "truth"),
    "collapsed": (7, "truth"),
    "excludeFromSearch": (8, "truth"),
    "id": (9, "optional id"),
    "tag": (10, "optional id"),
    "preventDeletion": (11, "truth"),
}
_OF_TEMPLATE: Mapping[str, tuple[int, _Kind]] = {
    "qfmt": (1, "text"),
    "afmt": (2, "text"),
    "bqfmt": (3, "text"),
    "bafmt": (4, "text"),
    "did": (5, "id"),
    "bfont": (6, "text"),
    "bsize": (7, "number"),
    "id": (8, "optional id"),
}
_REQUIREMENTS = 8
_STOCK_KIND = 9
_ORIGINAL_ID = 10
_OTHER = 255  # JSON of the keys that Anki does not know
_ELSEWHERE_OF_TYPE = frozenset(
    {"id", "name", "mod", "usn", "flds", "tmpls", "req", "originalStockKind", "originalId"}
)
_ELSEWHERE_OF_PART = frozenset({"name", "ord"})
_REQUIREMENT_KINDS = ("none", "any", "all")


class StoredPart(NamedTuple):
    """A field or a template: its name and its message."""

    name: str
    config: bytes


class StoredType(NamedTuple):
    """A note type as a database has it in tables."""

    id: int
    name: str
    mod: int
    config: bytes
    fields: Sequence[StoredPart]
    templates: Sequence[StoredPart]


def type_json(stored: StoredType) -> dict[str, Any]:
    """The JSON of a note type. Raises ValueError and others where its messages are damaged."""
    message = dict(read_message(stored.config))
    model = _others(message, _OF_TYPE.keys() | _ELSEWHERE_OF_TYPE)
    model |= {"id": stored.id, "name": stored.name, "mod": stored.mod}
    model |= _values(message, _OF_TYPE)
    model["type"] = int(model["type"] == 1)
    model["req"] = list(_requirements(stored.config))
    if stock_kind := message.get(_STOCK_KIND, 0):
        model["originalStockKind"] = stock_kind
    if _ORIGINAL_ID in message:
        model["originalId"] = _signed(message[_ORIGINAL_ID])
    model["flds"] = _parts(stored.fields, _OF_FIELD)
    model["tmpls"] = _parts(stored.templates, _OF_TEMPLATE)
    return model


def _parts(
    parts: Iterable[StoredPart], keys: Mapping[str, tuple[int, _Kind]]
) -> list[dict[str, Any]]:
    found = []
    for ord, part in enumerate(parts):
        message = dict(read_message(part.config))
        model = _others(message, keys.keys() | _ELSEWHERE_OF_PART)
        model |= _values(message, keys)
        found.append(model | {"name": part.name, "ord": ord})
    return found


def _values(message: Mapping[int, Any], keys: Mapping[str, tuple[int, _Kind]]) -> Mapping[str, Any]:
    return {key: _value(message.get(number), kind) for key, (number, kind) in keys.items()}


def _value(value: Any, kind: _Kind) -> Any:
    """A value as JSON has it. A field that is not in a message has the value of its kind."""
    if kind == "text":
        return (value or b"").decode()
    if kind == "truth":
        return bool(value)
    if kind == "number":
        return int(value or 0)
    if value is None or (kind == "id" and value == 0):
        return None
    return _signed(value)


def _signed(value: int) -> int:
    """A number of 64 bits, which is written as if it had no sign."""
    return (int(value) & (1 << 64) - 1 ^ 1 << 63) - (1 << 63)


def _others(message: Mapping[int, Any], known: AbstractSet[str]) -> dict[str, Any]:
    """The keys that Anki does not know and keeps, without those that have a place of their own."""
    content = message.get(_OTHER, b"")
    if not content:
        return {}
    others = msgspec.json.decode(content, type=dict[str, Any])
    return {key: value for key, value in others.items() if key not in known}


def _requirements(config: bytes) -> Iterable[list[Any]]:
    """Which fields a card needs, by which Anki's older versions make cards."""
    for number, content in read_message(config):
        if number != _REQUIREMENTS:
            continue
        ord = 0
        kind = 0
        fields: list[int] = []
        for part, value in read_message(content):
            if part == 1:
                ord = value
            elif part == 2:
                kind = value
            elif isinstance(value, bytes):
                fields += read_numbers(value)
            else:
                fields.append(value)
        yield [ord, _REQUIREMENT_KINDS[kind], fields]
