"""A changelog in Markdown: finding the section of a version, and adding one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_VERSION = re.compile(r"(?<![\w.])v?\[?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)\]?(?![\w.])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BLANK_ENDS = re.compile(r"\A(?:[^\S\n]*\n)+|(?:(?:\A|\n)[^\S\n]*)+\Z")
START = "# Changelog\n\nWhat learners notice, newest first.\n"
"""The text of a new changelog."""

UNRELEASED = "unreleased"


@dataclass(frozen=True, slots=True)
class ChangelogSection:
    """A heading and what follows it: lines from `start`, which is the heading, up to `end`.

    `version` is that of the deck, UNRELEASED, or empty for a heading that names neither.
    """

    start: int
    end: int
    level: int
    heading: str
    version: str


def section_of(text: str, name: str, version: str) -> str:
    """What a changelog says of a version of a deck, without the heading; often nothing."""
    lines = _lines(text)
    for section in _sections(lines, name):
        if section.version == version:
            return "\n".join(lines[section.start + 1 : section.end]).strip("\n")
    return ""


def with_section(text: str, name: str, version: str, date: str, body: str) -> str:
    """The changelog with a section for a version, above that of the version before.

    What authors wrote below a heading "Unreleased", or below one of this version, opens the
    section. Line ends are kept.
    """
    lines = _lines(text or START)
    sections: dict[str, ChangelogSection] = {}  # the first of each version
    for section in _sections(lines, name):
        sections.setdefault(section.version, section)
    sections.pop("", None)
    versions = [each for each in sections.values() if each.version != UNRELEASED]
    previous = next(iter(versions), None)
    title = _title(previous, name, version, date)
    words: Sequence[str] = ()
    if own := sections.get(version):
        start = own.start
        end = own.end
        title = lines[start]
        words = lines[start + 1 : end]
    elif unreleased := sections.get(UNRELEASED):
        # The heading stays, for what comes next.
        start = unreleased.start + 1
        end = unreleased.end
        title = "#" * unreleased.level + title.lstrip("#")
        words = lines[start:end]
    elif previous:
        start = end = previous.start
    else:
        start = end = len(lines)
    texts = lines[:start], [title], words, [body], lines[end:]
    parts = [_trimmed(each) for each in texts]
    page = "\n\n".join(part for part in parts if part) + "\n"
    if "\r\n" in text:
        return page.replace("\n", "\r\n")
    return page


def _title(
    previous: ChangelogSection | None,
    name: str,
    version: str,
    date: str,
) -> str:
    """The heading of a section, in the style of the one before."""
    if previous is None:
        return f"## {version} - {date}"
    title = version
    if name.casefold() in previous.heading.casefold():
        title = f"{name} {version}"
    if f"[{previous.version}]" in previous.heading:
        title = f"[{version}]"
    if _DATE.search(previous.heading):
        title += f" - {date}"
    return f"{'#' * previous.level} {title}"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _sections(lines: Sequence[str], name: str) -> Iterator[ChangelogSection]:
    headings = list(_headings(lines))
    for index, (line, level, text) in enumerate(headings):
        ends = (start for start, other, _ in headings[index + 1 :] if other <= level)
        end = next(ends, len(lines))
        yield ChangelogSection(line, end, level, text, _version(text, level, name))


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The headings outside fenced code: the line from 0, the level and the text of each."""
    fence = ""
    for number, line in enumerate(lines):
        opening = _FENCE.match(line)
        heading = _HEADING.match(line)
        if opening and not fence:
            fence = opening[1]
        elif opening and opening[1].startswith(fence):
            fence = ""
        elif heading and not fence:
            yield number, len(heading[1]), heading[2]


def _version(heading: str, level: int, name: str) -> str:
    """The version of the deck that a heading names, with no other words than the deck's name."""
    escaped = re.escape(name)
    if re.fullmatch(rf"(?i)(?:{escaped}\s+)?\[?\(?unreleased\)?\]?", heading):
        return UNRELEASED
    found = _VERSION.search(heading)
    if level == 1 or not found:
        return ""
    words = _DATE.sub("", heading.replace(found[0], ""))
    if not re.fullmatch(rf"(?i)\W*(?:(?:version|{escaped})\W*)?", words):
        return ""
    return found[1]


def _trimmed(lines: Sequence[str]) -> str:
    """Lines as a text without blank ones at its start and end."""
    return _BLANK_ENDS.sub("", "\n".join(lines))
