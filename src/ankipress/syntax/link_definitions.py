"""Link reference definitions, `[label]: /address "title"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_DEFINITION = re.compile(
    r"""[ ]{0,3}\[(?=[^\]]*[^\s\]])(?:[^\[\]\\]|\\.)+\]:[ \t]*\n?[ \t]*
    (?:<(?:[^<>\n\\]|\\.)*>|[^\s<]\S*)
    (?:(?:[ \t]+|[ \t]*\n[ \t]*)
        (?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?:\n|$)""",
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)
# A paragraph may begin after a match.
_START = re.compile(r"\A|^(?:[ \t]*\n|#{1,6}[ \t][^\n]*\n)+", re.MULTILINE)


def end_of_definitions(paragraph: str) -> int:
    """Where the text of a paragraph begins, after the definitions at its head."""
    position = 0
    while found := _DEFINITION.match(paragraph, position):
        position = found.end()
    return position


def link_definitions(text: str) -> Mapping[str, str]:
    """The definitions in a text without fences, by label. The first of a label counts."""
    found: dict[str, str] = {}
    for start in _START.finditer(text):
        position = start.end()
        while definition := _DEFINITION.match(text, position):
            position = definition.end()
            label = _LABEL.search(definition[0])
            is_footnote = label is not None and label[1].startswith("^")
            if label and not is_footnote:
                found.setdefault(_normalized(label[1]), definition[0].strip())
    return found


def used_definitions(texts: Iterable[str], definitions: Mapping[str, str]) -> Mapping[str, str]:
    """The definitions whose labels occur in some texts, by label."""
    if not definitions:
        return {}
    labels: set[str] = set()
    for text in texts:
        labels.update(_normalized(label) for label in _LABEL.findall(text))
    return {label: definitions[label] for label in definitions if label in labels}


def _normalized(label: str) -> str:
    return " ".join(label.split()).casefold()
