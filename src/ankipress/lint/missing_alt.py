"""Pictures without a text that stands for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardBlock, CardText, DeckText

_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SRC = re.compile(r"\bsrc\s*=", re.IGNORECASE)  # without an address it is no picture, but a word
_ALT = re.compile(r"\balt\s*=", re.IGNORECASE)  # an empty one says that the picture is an ornament
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
        for block in card.blocks:
            for words in _pictures(card, block):
                yield Diagnostic(
                    "missing-alt",
                    card.locate(words, block),
                    "this picture has no text that says what it shows",
                    _HELP,
                )


def _pictures(card: CardText, block: CardBlock) -> Iterator[str]:
    """The source of each such picture in a block, or how it begins."""
    if block.token.type == "html_block":
        yield from _tags(block.token.content)
    for child in block.token.children or ():
        if child.type == "html_inline":
            yield from _tags(child.content)
        elif child.type == "image":
            source = str(child.attrs.get("src", ""))
            if _says_nothing(child.content, source):
                yield _written(card, block, child.content, source)


def _written(
    card: CardText,
    block: CardBlock,
    alt: str,
    source: str,
) -> str:
    """A picture as the author wrote it, without its end where a title follows the address.

    The parser escapes addresses.
    """
    text = "\n".join(card.lines[block.start - 1 : block.end - 1])
    beginning = f"![{alt}]("
    for address in (source, unquote(source)):
        picture = f"{beginning}{address})"
        if picture in text:
            return picture
    return beginning


def _tags(html: str) -> Iterator[str]:
    for tag in _IMG.findall(html):
        if _SRC.search(tag) and not _ALT.search(tag):
            yield tag.partition("\n")[0]


def _says_nothing(alt: str, source: str) -> bool:
    alt = alt.strip()
    name = unquote(source).rpartition("/")[2]
    stem = name.rpartition(".")[0]
    return alt in {name, stem} or _NO_TEXT.fullmatch(alt) is not None
