"""Addresses that stand in a text as they are, by the rules of cmark-gfm's extension "autolink"."""

from __future__ import annotations

import re

_START = re.compile(
    r"(?<![a-zA-Z])(?:https?|ftp)://[a-zA-Z0-9]|(?<![^\s*_~(\x03])www\.", re.IGNORECASE
)
_REST = re.compile(r"[^\s<]*")
_HOST = re.compile(r"(?:www\.|[a-z]+://)([\w.-]*)", re.IGNORECASE)
_REFERENCE_END = re.compile(r"&[a-zA-Z]+$")
_BEFORE_AT = re.compile(r"[a-zA-Z0-9.+_-]*\Z")
_BEHIND_AT = re.compile(r"@([a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)+)")
_LETTER = re.compile(r"[a-zA-Z]")
_CLOSERS = frozenset("?!.,:*_~'\"")


def find_bare(text: str) -> list[re.Match[str]]:
    """Where addresses may begin, the last one first."""
    return list(_START.finditer(text))[::-1] if "://" in text or "ww." in text.lower() else []


def bare_link(found: re.Match[str], end: int) -> str | None:
    """The address that begins here, without the punctuation of the sentence around it, or None."""
    rest = _REST.match(found.string, found.start(), end)
    address = rest[0] if rest else ""
    host = _HOST.match(address)
    if host is None or not host[1].strip(".") or "_" in "".join(host[1].split(".")[-2:]):
        return None
    return _trimmed(address)


def _trimmed(address: str) -> str:
    """An address without what closes a sentence; a bracket belongs to it if it opened in it."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last == ")" and surplus > 0:
            end, surplus = end - 1, surplus - 1
        elif last == ";":
            # Only the last forty characters: no reference has a longer name, and 20,000 of them
            # take no square of the time.
            reference = _REFERENCE_END.search(address, max(0, end - 40), end - 1)
            end = reference.start() if reference else end - 1
        elif last in _CLOSERS:
            end -= 1
        else:
            break
    return address[:end]


def mail_links(text: str) -> list[str]:
    """A text cut at its mail addresses: every second piece is one."""
    pieces, position = list[str](), 0
    at = text.find("@")
    while at >= 0:
        behind = _BEHIND_AT.match(text, at)
        start = _start_of_name(text, position, at)
        if (
            behind
            and start < at
            and _LETTER.match(behind[1][-1])
            and text[behind.end() : behind.end() + 1] != "@"
        ):
            pieces += [text[position:start], text[start : behind.end()]]
            position = behind.end()
        at = text.find("@", max(at + 1, position))
    return [*pieces, text[position:]]


def _start_of_name(text: str, floor: int, at: int) -> int:
    start = at
    while start > floor and (
        text[start - 1] in ".+-_" or (text[start - 1].isascii() and text[start - 1].isalnum())
    ):
        start -= 1
    return start
