"""Pictures without a text that stands for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.lint.card_text import Block, Card, Reading

_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SRC = re.compile(r"\bsrc\s*=", re.IGNORECASE)  # without an address it is no picture, but a word
_ALT = re.compile(r"\balt\s*=", re.IGNORECASE)  # an empty one says that the picture is an ornament
# What editors put there by themselves.
_NO_TEXT = re.compile(
    r"(?:image|img|picture|photo|screenshot|untitled|bild|그림|이미지|画像|图片)?[\s\d_-]*",
    re.IGNORECASE,
)
_WAY_OUT = "say what it shows: ![what it shows](…); a screen reader reads that, and all see it when the picture is missing"


def missing_alt(reading: Reading) -> Iterator[Diagnostic]:
    """Pictures with no alternative text, or with none that says anything."""
    for card in reading.cards:
        for block in card.blocks:
            for place in _places(card, block):
                yield Diagnostic(
                    "missing-alt",
                    place,
                    "this picture has no text that says what it shows",
                    _WAY_OUT,
                )


def _places(card: Card, block: Block) -> Iterator[Location]:
    token = block.token
    if token.type == "html_block":
        yield from _tags(card, block, token.content)
    for child in token.children or ():
        if child.type == "html_inline":
            yield from _tags(card, block, child.content)
        elif child.type == "image" and _says_nothing(
            child.content, source := str(child.attrs.get("src", ""))
        ):
            begin, lines = f"![{child.content}](", card.lines[block.start - 1 : block.end - 1]
            written = (f"{begin}{each})" for each in (source, unquote(source)))
            words = next((each for each in written if any(each in line for line in lines)), begin)
            yield card.place(block.start, words, block.end)


def _tags(card: Card, block: Block, html: str) -> Iterator[Location]:
    for tag in _IMG.findall(html):
        if _SRC.search(tag) and not _ALT.search(tag):
            yield card.place(block.start, tag.partition("\n")[0], block.end)


def _says_nothing(alt: str, source: str) -> bool:
    name = unquote(source).rpartition("/")[2]
    return _NO_TEXT.fullmatch(alt.strip()) is not None or alt.strip() in {
        name,
        name.rpartition(".")[0],
    }
