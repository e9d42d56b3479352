"""The options of a multiple choice, from the fields that ankipress made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ankipress.importing.own.own_blocks import element_spans

_LIST = re.compile(r'<(?P<tag>[uo]l) class="choices">(?P<items>.*)</(?P=tag)>', re.DOTALL)
_ITEM = re.compile(
    r'<li(?: class="right")?><input type="checkbox"(?P<right> checked="")? disabled=""> '
    r"(?P<html>.*)</li>",
    re.DOTALL,
)


class CardOptions(NamedTuple):
    """The options, each with the sign before it, and the HTML around them on front and back."""

    above: str
    options: tuple[tuple[str, str], ...]
    below: str
    back: str


class _FoundList(NamedTuple):
    """A list of options, and what stands around it."""

    above: str
    tag: str
    items: str
    below: str


def read_choices(front: str, back: str) -> CardOptions | None:
    """The options of a card, None where it has none."""
    asked = _found(front)
    answered = _found(back)
    if asked is None or answered is None or answered.above:
        return None
    options = tuple(_options(answered))
    return CardOptions(asked.above, options, asked.below, answered.below)


def above_options(front: str) -> str:
    """What stands above the options on the front."""
    found = _found(front)
    return found.above if found else front


def below_options(back: str) -> str:
    """What stands below the options on the back."""
    found = _found(back)
    return found.below if found else back


def _found(html: str) -> _FoundList | None:
    for start, end in element_spans(html):
        found = _LIST.fullmatch(html, start, end)
        if found:
            return _FoundList(html[:start], found["tag"], found["items"], html[end:])
    return None


def _options(answered: _FoundList) -> Iterator[tuple[str, str]]:
    for number, (start, end) in enumerate(element_spans(answered.items), 1):
        item = _ITEM.fullmatch(answered.items, start, end)
        if item:
            sign = f"{number}." if answered.tag == "ol" else "-"
            box = "[x]" if item["right"] else "[ ]"
            yield f"{sign} {box}", item["html"]
