"""Anki note types: recto's own, and those of authors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from recto.notetypes.builtin import KEYS, key_of, note_types

if TYPE_CHECKING:
    from recto.notetypes.custom import FOLDER, CustomTypes, read_custom
    from recto.notetypes.schema import fits, settle_types

__all__ = ["FOLDER", "KEYS", "CustomTypes", "fits", "key_of", "note_types", "read_custom", "settle_types"]

_HOMES = {
    "CustomTypes": "recto.notetypes.custom",
    "FOLDER": "recto.notetypes.custom",
    "fits": "recto.notetypes.schema",
    "read_custom": "recto.notetypes.custom",
    "settle_types": "recto.notetypes.schema",
}


def __getattr__(name: str) -> object:
    """What a small edit does not need, imported when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
