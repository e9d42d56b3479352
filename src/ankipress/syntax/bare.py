"""Bare URLs and mail addresses in a text, by the rules of cmark-gfm's extension "autolink"."""

from __future__ import annotations

import re
import string

_START = re.compile(
    r"(?<![a-zA-Z])(?:https?|ftp)://[a-zA-Z0-9]|(?<![^\s*_~(\x03])www\.", re.IGNORECASE
)
_REST = re.compile(r"[^\s<]*")
_HOST = re.compile(r"(?:www\.|[a-z]+://)([\w.-]*)", re.IGNORECASE)
_REFERENCE_END = re.compile(r"&[a-zA-Z]+$")
_LONGEST_REFERENCE = 40  # bounds each search, so that many `;` cost linear time
_HOST_OF_MAIL = re.compile(r"@[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)+")
_NAME_OF_MAIL = frozenset(f"{string.ascii_letters}{string.digits}.+-_")
_CLOSING = frozenset("?!.,:*_~'\"")


def find_bare(text: str) -> list[re.Match[str]]:
    """Where URLs may begin, the last one first."""
    if "://" not in text and "ww." not in text.lower():
        return []
    return list(_START.finditer(text))[::-1]


def end_of_word(text: str, start: int, end: int) -> int:
    """Where an address ends at the latest that begins somewhere in a text."""
    return _REST.match(text, start, end).end()  # type: ignore[union-attr]


def bare_link(found: re.Match[str], end: int) -> str | None:
    """The URL that begins here, without the punctuation of the sentence around it, or None."""
    address = _REST.match(found.string, found.start(), end)[0]  # type: ignore[index]
    host = _HOST.match(address)
    if host is None or not host[1].strip("."):
        return None
    if any("_" in label for label in host[1].split(".")[-2:]):
        return None
    return _trimmed(address)


def _trimmed(address: str) -> str:
    """A URL without what closes a sentence. A bracket belongs to it if it also opens in it."""
    end = len(address)
    surplus = address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last == ";":
            start = max(0, end - _LONGEST_REFERENCE)
            reference = _REFERENCE_END.search(address, start, end - 1)
            end -= 1
            if reference:
                end = reference.start()
        elif last in _CLOSING:
            end -= 1
        elif last == ")" and surplus > 0:
            end -= 1
            surplus -= 1
        else:
            break
    return address[:end]


def mail_links(text: str) -> list[str]:
    """Split a text at its mail addresses: every second piece is one."""
    pieces: list[str] = []
    position = 0
    at = text.find("@")
    while at >= 0:
        start = _start_of_name(text, position, at)
        end = _end_of_host(text, at)
        if end is not None and start < at:
            pieces += (text[position:start], text[start:end])
            position = end
        at = text.find("@", max(at + 1, position))
    return [*pieces, text[position:]]


def _start_of_name(
    text: str,
    floor: int,
    at: int,
) -> int:
    start = at
    while start > floor and text[start - 1] in _NAME_OF_MAIL:
        start -= 1
    return start


def _end_of_host(text: str, at: int) -> int | None:
    found = _HOST_OF_MAIL.match(text, at)
    if found is None or found[0][-1] not in string.ascii_letters:
        return None
    if text.startswith("@", found.end()):
        return None
    return found.end()
