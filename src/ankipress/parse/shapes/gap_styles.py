"""Gaps as plug-ins and Logseq write them, `==gap==`, `**gap**`, `{{gap}}`, `{1:gap}` and
`{{cloze gap}}` → deletions of a cloze.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ankipress.parse.shapes.pieces import joined, made
from ankipress.syntax.tree import Content

LOGSEQ = "{{cloze"
CURLY = "{"

_LONGEST = 500  # characters of a gap
_NUMBERED = r"(?:(?P<{name}>\d{{1,3}});;|c(?P<{name}c>\d{{1,3}})::)?"
_BEHIND = r"(?:\^\[(?P<{name}h>[^\[\]\n]*)\])?(?:\[\^(?P<{name}f>\d{{1,3}})\])?"


def _between(
    sign: str,
    end: str,
    name: str,
) -> str:
    """A gap of spaced-repetition, `==[123;;]gap[;;hint]==`, or `==gap==^[hint][^123]`."""
    opening, closing = re.escape(sign), re.escape(end)
    inside = rf"(?:(?!{closing}|;;|\n).){{1,{_LONGEST}}}?"
    hint = rf"(?:;;(?P<{name}t>(?:(?!{closing}|\n).){{0,{_LONGEST}}}))?"
    number = _NUMBERED.format(name=f"{name}n")
    behind = _BEHIND.format(name=name)
    return rf"{opening}{number}(?=\S)(?P<{name}>{inside})(?<!\s){hint}{closing}{behind}"


_STYLES = {
    "==": _between("==", "==", "mark"),
    "**": _between("**", "**", "bold"),
    "{{": r"(?!\{\{(?:c\d+::|cloze\b|embed\b|query\b))" + _between("{{", "}}", "braces"),
    CURLY: r"(?<!\{)\{(?:c?(?P<curlyn>\d{1,3})[:|])?(?P<curly>[^{}\n|]+)\}(?!\})",
    LOGSEQ: r"\{\{cloze[ \t]+(?P<cloze>(?:(?!\}\}|\\\\|\n).){1,500}?)[ \t]*"
    r"(?:\\\\(?P<clozet>[^}\n]*))?\}\}",
}
_KEPT = (
    r"(?P<marks>`+)(?!`).*?(?<!`)(?P=marks)(?!`)|\$\$.*?\$\$|\$[^$\n]+\$|\\.|%%.*?%%"
    r"|(?:<!--.*?(?:-->|(?=\n|\Z)))|\{\{c\d+::.*?(?:\}\}|(?=\n|\Z))"
)
_NUMBERS = ("n", "nc", "f")
"""The ends of the names of groups that hold a number."""

_NAMES = ("mark", "bold", "braces", "curly", "cloze")


def with_gaps(
    piece: Content,
    styles: Iterable[str],
    *,
    has_footnotes: bool = False,
) -> Content:
    """A text in which each gap of some styles, outside code and formulas, becomes a deletion.

    Gaps with one number are hidden together. One without has the next number of its own. In a file
    that has footnotes, `[^1]` behind a gap is one and not its number.
    """
    gaps = [each for each in _pattern(styles).finditer(piece.text) if _name(each)]
    suffixes: Sequence[str] = _NUMBERS
    if has_footnotes:
        suffixes = _NUMBERS[:-1]
    numbers = [_number(gap, suffixes) for gap in gaps]
    free = (number for number in range(1, 1000) if number not in numbers)
    parts: list[Content] = []
    position = 0
    for gap, number in zip(gaps, numbers, strict=True):
        name = _name(gap)
        own_number = number or next(free, 999)
        start, end = gap.span(name)
        parts.append(piece.part(position, gap.start()))
        parts.append(made(f"{{{{c{own_number}::"))
        parts.append(piece.part(start, end))
        parts.append(made(_ending(gap)))
        position = gap.end()
        if has_footnotes and _group(gap, f"{name}f"):
            position = gap.start(f"{name}f") - len("[^")
    parts.append(piece.part(position, len(piece.text)))
    return joined(parts)


def _ending(gap: re.Match[str]) -> str:
    """What ends a deletion, with its hint."""
    name = _name(gap)
    written = _group(gap, f"{name}t") or _group(gap, f"{name}h")
    hint = written.strip()
    if not hint:
        return "}}"
    return f"::{hint}}}}}"


def has_gap(text: str, styles: Iterable[str]) -> bool:
    """Whether a text has such a gap."""
    return any(map(_name, _pattern(styles).finditer(text)))


def _pattern(styles: Iterable[str]) -> re.Pattern[str]:
    wanted = [_STYLES[each] for each in styles]
    return re.compile("|".join((_KEPT, *wanted)))


def _name(found: re.Match[str]) -> str:
    """The style of a gap, empty for what is kept."""
    return next((name for name in _NAMES if _group(found, name)), "")


def _number(gap: re.Match[str], suffixes: Iterable[str]) -> int:
    """The number that a gap is written with, 0 for none."""
    name = _name(gap)
    for suffix in suffixes:
        number = _group(gap, f"{name}{suffix}")
        if number:
            return int(number)
    return 0


def _group(found: re.Match[str], name: str) -> str:
    return found.groupdict().get(name) or ""
