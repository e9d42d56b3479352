"""Headings that repeat in many files or very often and ask nothing: they are parts of answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.words import has_counter, is_question, names_answer

_OFTEN = 8  # times that a heading stands in files before it is a part of answers
_PART_OF_HEADINGS = 0.04
_FEWEST_FILES = 3
_PART_OF_FILES = 0.12


class RepeatedHeading(NamedTuple):
    """A heading as it is first written, and the levels at which it stands."""

    text: str
    levels: frozenset[int]


def repeated_headings(files: Sequence[ShapedFile]) -> dict[str, RepeatedHeading]:
    """The headings that repeat and ask nothing, by lower case."""
    counts = _HeadingCounts()
    for file in files:
        counts.add(file)
    return dict(counts.repeated())


class _HeadingCounts:
    def __init__(self) -> None:
        self.files = 0
        self.times: Counter[str] = Counter()
        self.in_files: Counter[str] = Counter()
        self.written: dict[str, str] = {}
        self.levels: dict[str, set[int]] = defaultdict(set)

    def add(self, file: ShapedFile) -> None:
        """Count the headings of a file."""
        self.files += 1
        names: set[str] = set()
        for heading in file.outline.headings:
            text = heading.text.strip()
            name = text.casefold()
            names.add(name)
            self.times[name] += 1
            self.written.setdefault(name, text)
            self.levels[name].add(heading.level)
        self.in_files.update(names)

    def repeated(self) -> Iterator[tuple[str, RepeatedHeading]]:
        """The headings that are parts of answers."""
        often = max(_OFTEN, _PART_OF_HEADINGS * self.times.total())
        everywhere = max(_FEWEST_FILES, _PART_OF_FILES * self.files)
        for name, times in self.times.items():
            repeats = times >= often or self.in_files[name] >= everywhere
            if repeats and _asks_nothing(name):
                levels = frozenset(self.levels[name])
                yield name, RepeatedHeading(self.written[name], levels)


def _asks_nothing(name: str) -> bool:
    if names_answer(name):
        return True
    return not is_question(name) and not has_counter(name)
