"""Pictures without a text that stands for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import DeckText
from ankipress.syntax.html_tags import tags
from ankipress.syntax.inlines import alternative
from ankipress.syntax.tree import Node, Span

# What editors put there by themselves.
_NO_TEXT = re.compile(
    r"(?:image|img|picture|photo|screenshot|untitled|bild|그림|이미지|画像|图片)?[\s\d_-]*",
    re.IGNORECASE,
)
_HELP = (
    "say what it shows: ![what it shows](…); "
    "a screen reader reads that, and all see it when the picture is missing"
)


def missing_alt(reading: DeckText) -> Iterator[Diagnostic]:
    """Find pictures with no alternative text, or with one that says nothing."""
    for card in reading.cards:
        for each in card.nodes("image", "html", "html_block"):
            for span in _pictures(each.node):
                yield Diagnostic(
                    "missing-alt",
                    each.tree.place(*span),
                    "this picture has no text that says what it shows",
                    _HELP,
                )


def _pictures(node: Node) -> Iterator[Span]:
    """The spans of such pictures."""
    if node.kind == "image":
        if _says_nothing(alternative(node), node.url):
            yield node.span
        return
    assert node.content is not None
    for tag in tags(node.text):
        attributes = dict(tag.attributes)
        # Without an address it is no picture, but a word; an empty text says that the picture is an
        # ornament.
        if tag.name == "img" and "src" in attributes and "alt" not in attributes:
            yield node.content.span(tag.start, tag.end)


def _says_nothing(alt: str, source: str) -> bool:
    alt = alt.strip()
    name = unquote(source).rpartition("/")[2]
    stem = name.rpartition(".")[0]
    return alt in {name, stem} or _NO_TEXT.fullmatch(alt) is not None
