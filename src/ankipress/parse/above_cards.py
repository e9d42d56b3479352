"""What is nearly a card in the text of a file that is on no card: above the first, and between
chapters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.model import Part
from ankipress.parse.document import Document
from ankipress.parse.near_misses.near_headings import UNSEEN, nearly_headings
from ankipress.syntax.dialect import OBSIDIAN, dialect_of
from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.obsidian_comments import without_comments

# Most of such text holds nothing like a heading, and need not be read.
_QUICK = re.compile(
    rf"##[^\s#]|#[{UNSEEN}]|[{UNSEEN}]#|\uff03|(?: {{3}}|\t)#|[^\n]\n {{0,3}}#{{1,6}}[ \t]"
)


def near_cards(document: Document) -> Iterator[Diagnostic]:
    """Warn of lines on no card that were likely meant as headings."""
    for part in _on_no_card(document):
        if not _QUICK.search(part.text):
            continue
        dialect = dialect_of(document.context.dialect, hides_highlights=False)
        tree = read_markdown(part.text, dialect=dialect)
        for each in nearly_headings(tree.nodes):
            place = part.place(document.path, *each.span)
            yield Diagnostic("near-heading", place, each.message, each.help, each.fix)


def _on_no_card(document: Document) -> Iterator[Part]:
    """The texts that no section holds, with the lines on which they begin, from 1."""
    lines = document.lines
    if document.context.dialect == OBSIDIAN:
        lines = without_comments(lines)
    start = document.first_line
    for section in document.sections:
        text = "\n".join(lines[start : section.line])
        yield Part(text, start + 1)
        start = section.end
    text = "\n".join(lines[start:])
    yield Part(text, start + 1)
