"""The shapes of files: the name of each, as the setting `shape` has it, and its reader."""

from __future__ import annotations

from collections.abc import Mapping

from ankipress.parse.shapes.bold import read_bold
from ankipress.parse.shapes.headings import read_headings
from ankipress.parse.shapes.inline import read_inline
from ankipress.parse.shapes.numbered import read_numbered
from ankipress.parse.shapes.one_file import read_file_card
from ankipress.parse.shapes.prefix import read_prefix
from ankipress.parse.shapes.shaped_file import Reader
from ankipress.parse.shapes.summaries import read_summary
from ankipress.parse.shapes.tables import read_table

HEADINGS = "headings"
"""The shape in which cards are written as ankipress has always read them."""

ONE_FILE = "file"
"""The shape in which a file is a card."""

INLINE = "inline"
"""The shape in which a separator stands between question and answer."""

PREFIX = "prefix"
"""The shape in which lines begin with `Q:` and `A:`."""

SHAPES: Mapping[str, Reader] = {
    HEADINGS: read_headings,
    ONE_FILE: read_file_card,
    "numbered": read_numbered,
    PREFIX: read_prefix,
    "summary": read_summary,
    "bold": read_bold,
    INLINE: read_inline,
    "table": read_table,
}
