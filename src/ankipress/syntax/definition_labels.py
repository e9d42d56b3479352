"""The labels of links, pictures and footnotes that a text may use.

These are quick looks, which also see what is in code: a definition that is not needed does no harm.
Which are used in fact, the tree says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination

FOOTNOTE = re.compile(r"\[\^([^\s\[\]]+)\]")
"""A reference to a footnote; its group is the label."""
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)
_DEFINITION = re.compile(
    r"""[ ]{0,3}\[(?=[^\]]*[^\s\]])(?:[^\[\]\\]|\\.)+\]:[ \t]*\n?[ \t]*
    (?P<address><(?:[^<>\n\\]|\\.)*>|[^\s<]\S*)
    (?:(?:[ \t]+|[ \t]*\n[ \t]*)
        (?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?:\n|$)""",
    re.VERBOSE | re.DOTALL,
)


def end_of_definitions(paragraph: str) -> int:
    """Where the text of a paragraph begins, after the definitions at its head."""
    position = 0
    while found := _DEFINITION.match(paragraph, position):
        address = parseLinkDestination(found["address"], 0, len(found["address"]))
        if not address.ok or address.pos < len(found["address"]):
            break
        position = found.end()
    return position


def footnote_labels_in(text: str) -> list[str]:
    """The labels of footnotes to which a text may refer, in lower case."""
    if "[^" not in text:
        return []
    return [label.casefold() for label in FOOTNOTE.findall(text)]


def labels_in(text: str) -> set[str]:
    """The labels of links to which a text may refer, in their normal form."""
    return set(map(normalizeReference, _LABEL.findall(text)))


def used_definitions(texts: Iterable[str], definitions: Mapping[str, str]) -> Mapping[str, str]:
    """The definitions whose labels occur in some texts, by label."""
    if not definitions:
        return {}
    labels = {label for text in texts for label in labels_in(text)}
    return {label: definitions[label] for label in definitions if label in labels}
