"""Footnotes, `[^1]` and `[^1]: …`. As on GitHub, a definition holds for the whole file."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.syntax.prose import fenced_lines, without_code

REFERENCE = r"\[\^([^\s\[\]]+)\]"
"""A regular expression for a reference; its group is the label."""
_DEFINITION = re.compile(rf" {{0,3}}{REFERENCE}:")
_REFERENCE = re.compile(rf"(?<!\\){REFERENCE}(?!\()")
_STARTS_BLOCK = re.compile(
    r" {0,3}(?:#{1,6}(?:[ \t]|$)|`{3}|~{3}|>|[-+*](?:[ \t]|$)|[0-9]{1,9}[.)][ \t]|<[A-Za-z/!?]"
    rf"|{REFERENCE}:|([-_*])(?: *\2){{2}} *$)"
)
# A quick look, code and escapes included: a definition that is not needed does no harm.
_ANY_REFERENCE = re.compile(REFERENCE)
_ANY_DEFINITION = re.compile(rf"^{_DEFINITION.pattern}", re.MULTILINE)


class Footnote(NamedTuple):
    """A definition: its label in lower case, its Markdown, and its first line, from 0."""

    label: str
    text: str
    line: int

    @property
    def lines(self) -> range:
        """The lines that it takes."""
        return range(self.line, self.line + self.text.count("\n") + 1)


def find_footnotes(lines: Sequence[str]) -> tuple[Footnote, ...]:
    """Find the definitions at the outermost level of a text, in order.

    Lines below a definition that are indented by four spaces belong to it.
    """
    if not any("[^" in line for line in lines):
        return ()
    fenced = fenced_lines(lines)
    found: list[Footnote] = []
    number = 0
    while number < len(lines):
        definition = _DEFINITION.match(lines[number])
        if definition is None or number in fenced:
            number += 1
            continue
        end = _end(lines, number, definition)
        text = "\n".join(lines[number:end])
        found.append(Footnote(definition[1].casefold(), text, number))
        number = end
    return tuple(found)


def _end(
    lines: Sequence[str],
    start: int,
    definition: re.Match[str],
) -> int:
    """The line after a definition, without the blank lines at its end."""
    end = start + 1
    in_paragraph = bool(lines[start][definition.end() :].strip())
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            in_paragraph = False
            continue
        is_indented = line.startswith(("    ", "\t"))
        is_lazy = in_paragraph and not _STARTS_BLOCK.match(line)
        if not (is_indented or is_lazy):
            break
        end = number + 1
        in_paragraph = True
    return end


def references(text: str) -> Iterator[str]:
    """The labels to which a text refers outside code, as they are written."""
    if "[^" not in text:
        return
    for line in without_code(text).split("\n"):
        definition = _DEFINITION.match(line)
        start = definition.end() if definition else 0
        for found in _REFERENCE.finditer(line, start):
            yield found[1]


def unused(found: Sequence[Footnote], text: str) -> list[Footnote]:
    """The definitions to which nothing in the text of their file refers."""
    if not found:
        return []
    labels = {label.casefold() for label in references(text)}
    return [each for each in found if each.label not in labels]


def by_label(found: Iterable[Footnote]) -> Mapping[str, Sequence[Footnote]]:
    """The definitions of a file by their labels."""
    labelled: dict[str, list[Footnote]] = {}
    for each in found:
        labelled.setdefault(each.label, []).append(each)
    return labelled


def needed(
    texts: Iterable[str],
    span: range,
    labelled: Mapping[str, Sequence[Footnote]],
) -> dict[str, str]:
    """The definitions that the texts of a card need, and those that these need, by label.

    `span` are the lines of the card. A definition inside the card has priority over one of the
    same label elsewhere.
    """
    taken: dict[str, str] = {}
    if not labelled:
        return taken
    wanted = deque(label for text in texts for label in references(text))
    while wanted:
        label = wanted.popleft().casefold()
        if label not in labelled or label in taken:
            continue
        candidates = labelled[label]
        inside = [each for each in candidates if each.line in span]
        taken[label] = (inside or candidates)[0].text
        wanted += references(taken[label])
    return taken


def used_footnotes(text: str, definitions: Mapping[str, str]) -> str:
    """The definitions that a text refers to but does not hold, and those that these refer to."""
    if not definitions:
        return ""
    defined = {label.casefold() for label in _ANY_DEFINITION.findall(text)}
    wanted = deque(label for label in _labels(text) if label not in defined)
    used: dict[str, str] = {}
    while wanted:
        label = wanted.popleft()
        if label in definitions and label not in used:
            used[label] = definitions[label]
            wanted += _labels(used[label])
    return "\n\n".join(used.values())


def _labels(text: str) -> list[str]:
    return [label.casefold() for label in _ANY_REFERENCE.findall(text)]
