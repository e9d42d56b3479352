"""The files that a field names which is packed as the HTML that its author wrote.

Such a field came from Anki, and names files as Anki does: by their names alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

from ankipress.media.references import References
from ankipress.model import Entry
from ankipress.syntax.html_tags import tags
from ankipress.syntax.spans import replace_spans

_FILES = frozenset({"src", "poster", "data"})
_SOUND = re.compile(r"\[sound:([^\]]+)\]")
_NOT_IN_VALUES = str.maketrans({"&": "&amp;", '"': "&quot;", "'": "&#39;"})


def named_in_raw(text: str, references: References, entry: Entry) -> str:
    """The HTML of a field with the names that its files will have in Anki, and nothing else
    changed.
    """
    return replace_spans(text, sorted(_named(text, references, entry)))


def _named(text: str, references: References, entry: Entry) -> Iterator[tuple[int, int, str]]:
    """The spans of names that change, and what they become."""
    for start, end in _spans(text):
        written = html.unescape(text[start:end])
        name = references.name_of_file(written, entry)
        if name is not None and name not in {written, unquote(written)}:
            yield start, end, name.translate(_NOT_IN_VALUES)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for tag in tags(text):
        for (name, value), span in zip(tag.attributes, tag.values, strict=True):
            if name in _FILES and value.strip():
                yield span.start, span.end
    for found in _SOUND.finditer(text):
        yield found.span(1)
