"""Anki note types: recto's own, and those of authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recto.lazy import lazily
from recto.notetypes.builtin import KEYS, key_of, note_types

if TYPE_CHECKING:
    from recto.notetypes.custom import FOLDER, CustomTypes, read_custom
    from recto.notetypes.schema import fits, settle_types

__all__ = ["FOLDER", "KEYS", "CustomTypes", "fits", "key_of", "note_types", "read_custom", "settle_types"]

__getattr__ = lazily(
    __name__,
    {
        "CustomTypes": "recto.notetypes.custom",
        "FOLDER": "recto.notetypes.custom",
        "fits": "recto.notetypes.schema",
        "read_custom": "recto.notetypes.custom",
        "settle_types": "recto.notetypes.schema",
    },
)
