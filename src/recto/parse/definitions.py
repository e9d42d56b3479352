"""Definitions of links, `[label]: /address "title"`: they show nothing, so a line of marks below them underlines nothing."""

from __future__ import annotations

import re

_DEFINITION = re.compile(
    r"""[ ]{0,3}\[(?=[^\]]*[^\s\]])(?:[^\[\]\\]|\\.)+\]:[ \t]*\n?[ \t]*(?:<(?:[^<>\n\\]|\\.)*>|[^\s<]\S*)
    (?:(?:[ \t]+|[ \t]*\n[ \t]*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?:\n|$)""",
    re.VERBOSE | re.DOTALL,
)


def end_of_definitions(paragraph: str) -> int:
    """Where the text of a paragraph begins: behind the definitions at its head."""
    position = 0
    while found := _DEFINITION.match(paragraph, position):
        position = found.end()
    return position
