"""Anki note types: recto's own, and those of authors."""

from recto.notetypes.builtin import KEYS, key_of, note_types
from recto.notetypes.custom import FOLDER, CustomTypes, read_custom
from recto.notetypes.schema import fits, settle_types

__all__ = ["FOLDER", "KEYS", "CustomTypes", "fits", "key_of", "note_types", "read_custom", "settle_types"]
