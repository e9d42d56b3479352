"""Obsidian's comments of several lines, `%%` to `%%`, which may hold headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FENCE = re.compile(r"[ \t>]*(?:[-+*][ \t]+|[0-9]{1,9}[.)][ \t]+)?(`{3,}|~{3,})")
_NOT_PROSE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\$\$.*?\$\$|\$[^$\s][^$]*\$|<!--.*?-->|%%.*?%%")
_MATHEMATICS = re.compile(r"[ \t>]*\$\$(?!.*\$\$)")


def without_comments(lines: Sequence[str]) -> list[str]:
    """The lines of a file, with blanks for the comments that end on another line.

    A comment in a line stays: it is read with the text around it. So does one that never ends.
    Lines and columns stay the same.
    """
    kept = list(lines)
    number = 0
    while number < len(kept):
        line = kept[number]
        if "%%" not in line and not _begins_block(line):
            number += 1
            continue
        if _begins_block(line):
            number = _end_of_block(kept, number)
            continue
        blotted = _NOT_PROSE.sub(lambda found: " " * len(found[0]), line)
        start = blotted.find("%%")
        end = number + 1
        while start >= 0 and end < len(kept) and "%%" not in kept[end]:
            end += 1
        if start >= 0 and end < len(kept):
            _blank(kept, number, start, end)
        else:
            end = number + 1
        number = end
    return kept


def _begins_block(line: str) -> bool:
    """Whether a line begins code or a formula that ends on another line."""
    return bool(_FENCE.match(line) or _MATHEMATICS.match(line))


def _end_of_block(lines: Sequence[str], start: int) -> int:
    """The line after the block of code or mathematics that begins on a line."""
    fence = _FENCE.match(lines[start])
    number = start + 1
    while number < len(lines):
        text = lines[number].strip(" \t>")
        number += 1
        if fence is None and "$$" in text:
            return number
        if fence and text.startswith(fence[1]) and not text.strip(fence[1][0]):
            return number
    if fence is None:
        return start + 1  # two dollars that nothing closes are text
    return number


def _blank(
    lines: list[str],
    first: int,
    start: int,
    last: int,
) -> None:
    """Blank a comment from a column of one line to its end on another."""
    lines[first] = lines[first][:start].rstrip()
    for number in range(first + 1, last):
        lines[number] = ""
    end = lines[last].index("%%") + 2
    rest = lines[last][end:]
    lines[last] = ""
    if rest.strip():
        lines[last] = " " * end + rest
