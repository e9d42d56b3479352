"""A deck as Anki's databases store it: in JSON, or in messages of `proto/anki/decks.proto`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ankipress.package.protobuf import read_message

DEFAULT_PRESET = 1
"""The id of the options that decks have from the start."""


class StoredDeck(NamedTuple):
    """A deck of a collection. `preset` is the id of its options, 0 for a filtered deck."""

    name: str
    description: str = ""
    preset: int = DEFAULT_PRESET
    is_filtered: bool = False


def deck_in_json(deck: Mapping[str, Any]) -> StoredDeck:
    """A deck in the JSON of older databases."""
    name = str(deck["name"])
    description = str(deck.get("desc") or "")
    if deck.get("dyn"):
        return StoredDeck(name, description, 0, is_filtered=True)
    return StoredDeck(name, description, int(deck.get("conf") or DEFAULT_PRESET))


def deck_in_messages(name: str, kind: bytes) -> StoredDeck:
    """A deck in the table of newer databases: its name, and the message of what it is."""
    shown = name.replace("\x1f", "::")
    message = dict(read_message(kind))
    if 2 in message:
        return StoredDeck(shown, "", 0, is_filtered=True)
    normal = dict(read_message(message.get(1, b"")))
    description = normal.get(4, b"").decode()
    return StoredDeck(shown, description, int(normal.get(1) or DEFAULT_PRESET))
