"""Footnotes, `[^1]` and `[^1]: …`: on GitHub a definition holds for the whole file, wherever in it
the text refers to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.syntax.prose import fenced_lines, without_code

_DEFINITION = re.compile(r" {0,3}\[\^([^\s\[\]]+)\]:")
_REFERENCE = re.compile(r"(?<!\\)\[\^([^\s\[\]]+)\](?!\()")
_STARTS_BLOCK = re.compile(
    r" {0,3}(?:#{1,6}(?:[ \t]|$)|`{3}|~{3}|>|[-+*](?:[ \t]|$)|[0-9]{1,9}[.)][ \t]|<[A-Za-z/!?]"
    r"|\[\^[^\s\[\]]+\]:|([-_*])(?: *\1){2} *$)"
)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A definition: its label as it is compared, its Markdown, and its first line, from 0."""

    label: str
    text: str
    line: int

    @property
    def lines(self) -> range:
        """The lines that it takes."""
        return range(self.line, self.line + self.text.count("\n") + 1)


def find_footnotes(lines: Sequence[str]) -> tuple[Footnote, ...]:
    """The definitions at the outermost level of a text, in order: what is indented by four spaces
    below them belongs to them.
    """
    if not any("[^" in line for line in lines):
        return ()
    fenced = fenced_lines(lines)
    found = []
    number = 0
    while number < len(lines):
        definition = None if number in fenced else _DEFINITION.match(lines[number])
        end = number + 1
        if definition:
            end = _end(lines, number, definition)
            found.append(Footnote(definition[1].casefold(), "\n".join(lines[number:end]), number))
        number = end
    return tuple(found)


def _end(lines: Sequence[str], start: int, definition: re.Match[str]) -> int:
    """The line behind a definition, without the blank ones at its end."""
    end, in_paragraph = start + 1, bool(lines[start][definition.end() :].strip())
    for number in range(start + 1, len(lines)):
        line = lines[number]
        is_inside = line.startswith(("    ", "\t"))
        if not line.strip():
            in_paragraph = False
        elif is_inside or (in_paragraph and not _STARTS_BLOCK.match(line)):
            end, in_paragraph = number + 1, True
        else:
            break
    return end


def references(text: str) -> Iterator[str]:
    """The labels to which a text refers, code aside, as they are written."""
    if "[^" in text:
        for line in without_code(text).split("\n"):
            definition = _DEFINITION.match(line)
            yield from (
                found[1]
                for found in _REFERENCE.finditer(line, definition.end() if definition else 0)
            )


def unused(found: Sequence[Footnote], text: str) -> Iterator[Footnote]:
    """The definitions to which nothing in the text of their file refers."""
    labels = {label.casefold() for label in references(text)} if found else set()
    return (each for each in found if each.label not in labels)


def by_label(found: Iterable[Footnote]) -> Mapping[str, Sequence[Footnote]]:
    """The definitions of a file by their labels."""
    labelled: dict[str, list[Footnote]] = {}
    for each in found:
        labelled.setdefault(each.label, []).append(each)
    return labelled


def needed(
    texts: Iterable[str], span: range, labelled: Mapping[str, Sequence[Footnote]]
) -> dict[str, str]:
    """The definitions that some texts of a card need, by their labels, with what these need in
    turn.

    One in the card itself comes before one of the same label elsewhere: `span` are the card's
    lines.
    """
    wanted = (
        deque(label for text in texts for label in references(text)) if labelled else deque[str]()
    )
    taken: dict[str, str] = {}
    while wanted:
        label = wanted.popleft().casefold()
        if label in labelled and label not in taken:
            first, *others = labelled[label]
            taken[label] = next(
                (each for each in (first, *others) if each.line in span), first
            ).text
            wanted += references(taken[label])
    return taken
