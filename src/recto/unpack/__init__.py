"""A package as Anki would read it: its notes, note types, decks and media."""

from recto.unpack.contents import Contents, read_contents
from recto.unpack.database import FoundNote, FoundTemplate, FoundType, PackageError, read_package

__all__ = ["Contents", "FoundNote", "FoundTemplate", "FoundType", "PackageError", "read_contents", "read_package"]
