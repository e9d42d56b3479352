"""Two versions of a deck: what differs, what Anki will do with it, and how large a step in version that is."""

from recto.diff.changes import Change, DeckRename, NoteChange, TypeChange
from recto.diff.collection import Collection, Held, Imported, Outcome, import_edition
from recto.diff.difference import Bump, Difference, compare
from recto.diff.edition import Edition, Written, compiled_edition, package_edition

__all__ = [
    "Bump",
    "Change",
    "Collection",
    "DeckRename",
    "Difference",
    "Edition",
    "Held",
    "Imported",
    "NoteChange",
    "Outcome",
    "TypeChange",
    "Written",
    "compare",
    "compiled_edition",
    "import_edition",
    "package_edition",
]
