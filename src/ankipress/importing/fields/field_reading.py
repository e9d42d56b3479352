"""The HTML of a field → the tree that both Markdown and the comparison are made of."""

from __future__ import annotations

import re
import unicodedata

from ankipress.importing.fields.field_formulas import mark_formulas
from ankipress.importing.fields.html_tree import FieldElement, read_html
from ankipress.importing.fields.plainer_html import make_plainer
from ankipress.render.tags import limit_nesting

# Drawings and formulas of HTML, and what stands in a page without being shown.
_UNREADABLE = re.compile(r"<(?:svg|math|template)[\s/>]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_DEEPEST = 50  # what is nested deeper was nested by a program


def shown_characters(html: str) -> str:
    """A field with its letters as Anki keeps them, without those that no browser shows."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", html))


def read_field(html: str) -> FieldElement | None:
    """The tree of a field, with its formulas marked and without what shows nothing.

    None where more is in it than can be read: drawings, or elements that nest too deeply.
    """
    html = shown_characters(html)
    if _is_readable(html):
        return _plain_tree(mark_formulas(html))
    return None


def read_unmarked(html: str) -> FieldElement | None:
    """The same with formulas as they are written."""
    html = shown_characters(html)
    if _is_readable(html):
        return _plain_tree(html)
    return None


def _is_readable(html: str) -> bool:
    return not _UNREADABLE.search(html) and limit_nesting(html) == html


def _plain_tree(html: str) -> FieldElement | None:
    root = read_html(html)
    if root.depth() > _DEEPEST:
        return None
    make_plainer(root)
    return root
