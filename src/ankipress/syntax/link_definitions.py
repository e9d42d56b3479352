"""Definitions of links, `[label]: /address "title"`: they show nothing, so a line of marks below
them underlines nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_DEFINITION = re.compile(
    r"""[ ]{0,3}\[(?=[^\]]*[^\s\]])(?:[^\[\]\\]|\\.)+\]:[ \t]*\n?[ \t]*(?:<(?:[^<>\n\\]|\\.)*>|[^\s<]\S*)
    (?:(?:[ \t]+|[ \t]*\n[ \t]*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?:\n|$)""",
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)
_START = re.compile(
    r"\A|^(?:[ \t]*\n|#{1,6}[ \t][^\n]*\n)+", re.MULTILINE
)  # behind it a paragraph may begin


def end_of_definitions(paragraph: str) -> int:
    """Where the text of a paragraph begins: behind the definitions at its head."""
    position = 0
    while found := _DEFINITION.match(paragraph, position):
        position = found.end()
    return position


def link_definitions(text: str) -> Mapping[str, str]:
    """The definitions in the text of a file without its fences, by their labels. Of two for one
    label the first holds.
    """
    found: dict[str, str] = {}
    for start in _START.finditer(text):
        position = start.end()
        while definition := _DEFINITION.match(text, position):
            label = _LABEL.search(definition[0])
            if label and not label[1].startswith("^"):  # a footnote
                found.setdefault(_normal(label[1]), definition[0].strip())
            position = definition.end()
    return found


def used_definitions(texts: Iterable[str], definitions: Mapping[str, str]) -> Mapping[str, str]:
    """Those definitions whose labels stand in some texts: on GitHub they hold for the whole file."""
    if not definitions:
        return {}
    labels = {_normal(found[1]) for text in texts for found in _LABEL.finditer(text)}
    return {label: definitions[label] for label in definitions if label in labels}


def _normal(label: str) -> str:
    return " ".join(label.split()).casefold()
