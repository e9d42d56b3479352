"""Two versions of a deck: what differs, what Anki will do with it, and how large a step in version that is."""

from recto.diff.changes import Change, DeckRename, NoteChange, TypeChange, media_names
from recto.diff.collection import Collection, Held, Imported, Outcome, import_edition
from recto.diff.difference import Bump, Difference, compare
from recto.diff.edition import Edition, Unclear, Written, compiled_edition, package_edition
from recto.diff.guard import Places, guard
from recto.diff.html_format import as_html
from recto.diff.json_format import as_json
from recto.diff.markdown_format import as_markdown
from recto.diff.report import forecast_lines, version_line
from recto.diff.text_format import as_text
from recto.diff.version import is_too_small, next_version, version_key

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
    "Places",
    "TypeChange",
    "Unclear",
    "Written",
    "as_html",
    "as_json",
    "as_markdown",
    "as_text",
    "compare",
    "compiled_edition",
    "forecast_lines",
    "guard",
    "import_edition",
    "is_too_small",
    "media_names",
    "next_version",
    "package_edition",
    "version_key",
    "version_line",
]
