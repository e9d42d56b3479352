"""Addresses of files in style sheets, with their places: `url(…)`, `image-set("…")`, `@import`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ankipress.media.svg_css import unescape_css

_STRING = r"""(?:"(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+')"""
# The three ways to write an address. Only one of these groups is there.
_ADDRESS = r"""(?:"([^"\n]*)"|'([^'\n]*)'|((?:\{\{[^{}]*\}\}|[^\s"'();])+))"""
_URL = rf"(?<![\w-])url\(\s*{_ADDRESS}\s*\)"
_TOKEN = re.compile(
    rf"""
      /\*.*?(?:\*/|\Z) | @namespace\b[^;]*+
    | (?P<import>@import\s*(?:url\(\s*)?{_ADDRESS}\s*\)?(?P<condition>[^;]*+);?)
    | {_URL}
    | (?P<set>(?<![\w-])(?:-webkit-)?image-set\((?:{_STRING}|\([^()]*+\)|[^()"'])*+\))
    | {_STRING}
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_IN_SET = re.compile(rf"""type\([^()]*\)|{_URL}|"([^"\n]*)"|'([^'\n]*)'""", re.IGNORECASE)


class CssAddress(NamedTuple):
    """An address as it is meant, and the span of a text in which it is written."""

    text: str
    start: int
    end: int


class Import(NamedTuple):
    """An `@import`: the address of the style sheet, and the condition for which it holds."""

    address: CssAddress
    condition: str


def rewrite_css(
    css: str,
    rename: Callable[[CssAddress], str | None],
    insert: Callable[[Import], str | None],
) -> str:
    """A style sheet with the new names of its files, and with other style sheets in the places of
    their imports. What becomes None stays as it is.
    """
    pieces: list[str] = []
    position = 0
    for found in _TOKEN.finditer(css):
        replaced: tuple[int, int, str | None] | None = None
        if found["import"]:
            text = insert(Import(_address(found), found["condition"].strip()))
            replaced = *found.span(), text
        elif found["set"]:
            offset = found.start()
            text = _rewritten_set(found["set"], offset, rename)
            replaced = *found.span(), text
        elif found.lastindex:
            address = _address(found)
            replaced = address.start, address.end, rename(address)
        if replaced is None or replaced[2] is None:
            continue
        pieces += [css[position : replaced[0]], replaced[2]]
        position = replaced[1]
    return "".join([*pieces, css[position:]])


def _rewritten_set(text: str, offset: int, rename: Callable[[CssAddress], str | None]) -> str:
    """A choice of pictures, in which a text alone is an address too."""

    def replace(found: re.Match[str]) -> str:
        if not found.lastindex:
            return found[0]
        address = _address(found)
        moved = CssAddress(address.text, address.start + offset, address.end + offset)
        name = rename(moved)
        if name is None:
            return found[0]
        start = address.start - found.start()
        end = address.end - found.start()
        return found[0][:start] + name + found[0][end:]

    return _IN_SET.sub(replace, text)


def _address(found: re.Match[str]) -> CssAddress:
    """The address in a match: the one group without a name that took part in it."""
    named = set(found.re.groupindex.values())
    for number in range(1, found.re.groups + 1):
        if number not in named and found[number] is not None:
            return CssAddress(unescape_css(found[number]), *found.span(number))
    raise AssertionError("a match without an address")
