"""The addresses in an author's HTML that a card uses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ankipress.syntax.html_tags import Tag, tags
from ankipress.syntax.shown_text import shown_nodes
from ankipress.syntax.tree import Content, Node, Span

Use = Literal["audio", "link", "picture", "sound", "video", "wiki"]
"""What an address is for. A `sound` is `[sound:x]`, and `wiki` is `![[x]]`."""

_PLAYERS: Mapping[str, Use] = {"audio": "audio", "video": "video"}
_MODE = re.compile(r"prefers-color-scheme:\s*(?:dark|light)")
_FIRST = re.compile(r"[^\s,]+")


class FoundAddress(NamedTuple):
    """An address, what it is for, and its span in the text of a part.

    An element without an address has an empty one, and the span of its tag.
    """

    url: str
    use: Use
    span: Span


@dataclass(frozen=True, slots=True)
class _PlacedTag:
    """A tag in some HTML of a part."""

    tag: Tag
    content: Content

    def value(self, name: str) -> tuple[str, int]:
        """The value of an attribute, without blanks around it, and where that begins in the HTML;
        empty where it is not there.
        """
        for number, (key, value) in enumerate(self.tag.attributes):
            if key == name:
                blanks = len(value) - len(value.lstrip())
                return value.strip(), self.tag.values[number].start + blanks
        return "", 0

    def address(self, name: str, use: Use) -> FoundAddress | None:
        """The address in an attribute, if there is one."""
        value, start = self.value(name)
        if not value:
            return None
        span = self.content.span(start, start + len(value))
        return FoundAddress(html.unescape(value), use, span)

    def first_address(self, name: str, use: Use) -> FoundAddress | None:
        """The first of several addresses in an attribute, which have their sizes behind them."""
        value, start = self.value(name)
        first = _FIRST.search(value)
        if first is None:
            return None
        span = self.content.span(start + first.start(), start + first.end())
        return FoundAddress(html.unescape(first[0]), use, span)

    def without_address(self, use: Use) -> FoundAddress:
        """The tag as an element that has no address."""
        return FoundAddress("", use, self.content.span(self.tag.start, self.tag.end))


def html_addresses(nodes: Iterable[Node]) -> Iterator[FoundAddress]:
    """The addresses in the tags of some nodes, and the elements that have none."""
    found = list(_placed_tags(nodes))
    around = ""
    for number, each in enumerate(found):
        name = each.tag.name
        if each.tag.is_end:
            if name == around:
                around = ""
            continue
        if name == "picture" or name in _PLAYERS:
            around = name
        address = _address(found, number, around)
        if address is not None:
            yield address


def _placed_tags(nodes: Iterable[Node]) -> Iterator[_PlacedTag]:
    for node in shown_nodes(nodes):
        if node.kind in {"html", "html_block"} and node.content is not None:
            for tag in tags(node.text):
                yield _PlacedTag(tag, node.content)


def _address(found: Sequence[_PlacedTag], number: int, around: str) -> FoundAddress | None:
    """The address of a tag inside an element, None where a card uses none of it."""
    placed = found[number]
    match placed.tag.name:
        case "a":
            return placed.address("href", "link")
        case "img":
            return placed.address("src", "picture") or placed.without_address("picture")
        case "picture":
            return _picture(found, number)
        case "source":
            return _source(placed, around)
        case name if name in _PLAYERS:
            return _player(found, number)
    return None


def _source(placed: _PlacedTag, around: str) -> FoundAddress | None:
    """The address of one of several files inside an element."""
    if around in _PLAYERS:
        return placed.address("src", _PLAYERS[around])
    # Of a picture, a card takes those for light or dark ground.
    media, _ = placed.value("media")
    if around == "picture" and _MODE.search(media):
        return placed.first_address("srcset", "picture")
    return None


def _picture(found: Sequence[_PlacedTag], number: int) -> FoundAddress | None:
    """A picture that shows nothing. Any other has its address in a tag inside it."""
    for each in _inside(found, number):
        if each.tag.name == "img":
            return None
    return found[number].without_address("picture")


def _player(found: Sequence[_PlacedTag], number: int) -> FoundAddress | None:
    """A sound or video. It may have its addresses in tags inside it."""
    placed = found[number]
    use = _PLAYERS[placed.tag.name]
    own = placed.address("src", use)
    if own is not None:
        return own
    for each in _inside(found, number):
        if each.value("src")[0]:
            return None
    return placed.without_address(use)


def _inside(found: Sequence[_PlacedTag], number: int) -> Iterator[_PlacedTag]:
    """The tags between that of an element and the next of the same name."""
    name = found[number].tag.name
    for index in range(number + 1, len(found)):
        each = found[index]
        if each.tag.name == name:
            return
        if not each.tag.is_end:
            yield each
