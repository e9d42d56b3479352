"""A changelog in Markdown: the section of a version, read, and put where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_VERSION = re.compile(r"(?<![\w.])v?\[?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)\]?(?![\w.])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
START = "# Changelog\n\nWhat learners notice, newest first.\n"
"""The text of a changelog in which nothing stands yet."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: the number of its line from 0, its level, and its text."""

    line: int
    level: int
    text: str


def section_of(text: str, name: str, version: str) -> str:
    """What a changelog says of a version of a deck, without its heading; empty where it says
    nothing.
    """
    lines = _lines(text)
    headings = list(_headings(lines))
    found = next((each for each in headings if _is_of(each, name, version)), None)
    return (
        "\n".join(lines[found.line + 1 : _end(found, headings, lines)]).strip("\n") if found else ""
    )


def with_section(text: str, name: str, version: str, date: str, body: str) -> str:
    """The changelog with a section for a version, above that of the version before; line ends are
    kept.

    What authors wrote below a heading "Unreleased", or below one of this version, opens the
    section.
    """
    lines = _lines(text or START)
    headings = list(_headings(lines))
    own = next((each for each in headings if _is_of(each, name, version)), None)
    before = next((each for each in headings if _version(each, name)), None)
    open_one = next((each for each in headings if _is_unreleased(each, name)), None)
    if own:
        start, end = own.line, _end(own, headings, lines)
        title, words = lines[start], lines[start + 1 : end]
    elif open_one:
        start, end = open_one.line + 1, _end(open_one, headings, lines)
        title, words = _title(open_one.level, before, name, version, date), lines[start:end]
    else:
        start = end = before.line if before else len(lines)
        title, words = _title(before.level if before else 2, before, name, version, date), []
    section = [
        "",
        *_trimmed(words),
        *([""] if _trimmed(words) else []),
        *body.strip("\n").split("\n"),
        "",
    ]
    head, tail = _trimmed(lines[:start], first=False), _trimmed(lines[end:])
    page = [*head, *([""] if head else []), title, *section, *tail]
    return ("\r\n" if "\r\n" in text else "\n").join([*_trimmed(page, first=False), ""])


def _title(level: int, before: Heading | None, name: str, version: str, date: str) -> str:
    """The heading of a section, in the manner of the one before."""
    title = f"{name} {version}" if before and name.casefold() in before.text.casefold() else version
    if before and f"[{_version(before, name)}]" in before.text:
        title = f"[{version}]"
    dated = before is None or _DATE.search(before.text)
    return f"{'#' * level} {title}{f' - {date}' if dated else ''}"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _headings(lines: Sequence[str]) -> Iterator[Heading]:
    """The headings of a page; those in fenced code are none."""
    fence = ""
    for number, line in enumerate(lines):
        if opening := _FENCE.match(line):
            if not fence:
                fence = opening[1]
            elif opening[1].startswith(fence):
                fence = ""
        elif not fence and (found := _HEADING.match(line)):
            yield Heading(number, len(found[1]), found[2])


def _version(heading: Heading, name: str) -> str:
    """The version of the deck that a heading names: one with no other words, or with the name of
    the deck.
    """
    found = _VERSION.search(heading.text)
    if heading.level == 1 or not found:
        return ""
    words = _DATE.sub("", heading.text.replace(found[0], ""))
    return found[1] if re.fullmatch(rf"(?i)\W*(?:(?:version|{re.escape(name)})\W*)?", words) else ""


def _is_of(heading: Heading, name: str, version: str) -> bool:
    return _version(heading, name) == version


def _is_unreleased(heading: Heading, name: str) -> bool:
    return (
        re.fullmatch(rf"(?i)(?:{re.escape(name)}\s+)?\[?\(?unreleased\)?\]?", heading.text)
        is not None
    )


def _end(heading: Heading, headings: Sequence[Heading], lines: Sequence[str]) -> int:
    """The line behind a section."""
    behind = (
        each.line for each in headings if each.line > heading.line and each.level <= heading.level
    )
    return next(behind, len(lines))


def _trimmed(lines: Sequence[str], *, first: bool = True) -> list[str]:
    """Lines without the empty ones at the end, and at the start where that is wanted."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return list(lines[filled[0] if first else 0 : filled[-1] + 1]) if filled else []
