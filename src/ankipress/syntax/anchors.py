"""The anchors that GitHub gives to headings: for links to the source of a card, and to check links
from one page to another.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ankipress.syntax.markdown_reading import read_heading, read_markdown
from ankipress.syntax.outline import Heading
from ankipress.syntax.tree import WORDS, Node, walk

_SHOWN = WORDS | {"code_span", "footnote_reference"}
# Unicode's letters, marks, digits, and the signs that join words.
_WORD = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"])
# Symbols that count as letters: those in circles and squares.
_ENCLOSED = re.compile(
    "[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
)
_NAMED = re.compile(r"\b(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HEADING_TAG = re.compile(r"<(/?)h([1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>", re.DOTALL)
_BRACES = re.compile(r"\{[^{}]*\}")
_LAST_BRACES = re.compile(r"(?<!\s)\s*+\{[^{}]*\}$")
_ID = re.compile(r"(?<=#)[^\s{}]+")


def anchors(headings: Sequence[Heading]) -> dict[int, str]:
    """The anchor of each heading, by the line on which it starts.

    GitHub shows the attributes of a heading as text, so they are part of its anchor.
    """
    slugs = _Slugs()
    found: dict[int, str] = {}
    for heading in headings:
        found[heading.start] = slugs.anchor(_shown(read_heading(heading.text).nodes))
    return found


@functools.lru_cache(maxsize=8)  # edits of cards are tried beside the same pages
def page_anchors(text: str) -> frozenset[str]:
    """All anchors of a page, case-folded: those of its author, and those that GitHub makes.

    Whether braces at the end of a heading are text depends on where the page is shown, so both are
    here. The empty anchor and `top` lead to the beginning of every page.
    """
    found = {"", "top"}
    slugs = _Slugs()
    without_braces = _Slugs()
    for node in walk(read_markdown(text).nodes):
        if node.kind == "heading" and node.content is not None:
            title = _shown(node.children)
            found.add(slugs.anchor(title))
            found.add(without_braces.anchor(_LAST_BRACES.sub("", title)))
            for braces in _BRACES.findall(node.content.text):
                found.update(_ID.findall(braces))
        elif node.kind in {"html", "html_block"}:
            found.update(_NAMED.findall(node.text))
            for title in _html_headings(node.text):
                found |= {slugs.anchor(title), _slug(title.strip())}
    return frozenset(anchor.casefold() for anchor in found)


class _Slugs:
    """Makes the anchors of a page. The second of equal ones gets `-1`, the third `-2`."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._taken: set[str] = set()

    def anchor(self, title: str) -> str:
        """The anchor of the next heading, of which a reader sees this text."""
        slug = anchor = _slug(title)
        while anchor in self._taken:
            self._counts[slug] += 1
            anchor = f"{slug}-{self._counts[slug]}"
        self._taken.add(anchor)
        return anchor


def _shown(nodes: Iterable[Node]) -> str:
    """The text of a heading without its pictures. The ends of its lines are no part of it."""
    pieces: list[str] = []
    for node in nodes:
        if node.kind in _SHOWN:
            pieces.append(node.text)
        elif node.kind == "math":
            pieces.append(node.markup)
        elif node.kind != "image":
            pieces.append(_shown(node.children))
    return "".join(pieces)


def _html_headings(text: str) -> Iterator[str]:
    """The texts of the headings in some HTML."""
    opened = None
    for tag in _HEADING_TAG.finditer(text):
        if not tag[1]:
            opened = tag
        elif opened and opened[2] == tag[2]:
            yield html.unescape(_TAG.sub("", text[opened.end() : tag.start()]))
            opened = None


def _slug(title: str) -> str:
    return "".join(filter(_stays, title.lower())).replace(" ", "-")


def _stays(character: str) -> bool:
    if character in "- " or unicodedata.category(character) in _WORD:
        return True
    return _ENCLOSED.match(character) is not None
