"""The files that the patterns of `sources` mean, found in one walk with all patterns.

The rules are those of pathlib's `glob`: `*` stands for a part of one name, `**` for any number of
folders, and only `**` follows no links. A folder is looked into once, whatever the patterns are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase, translate
from functools import cache
from pathlib import Path, PurePath
from typing import NamedTuple

from ankipress.project.door import Found, entries_in, entry_at, is_around, leads_out
from ankipress.project.location import UsageError, relative

MARKDOWN = frozenset({".md", ".markdown"})
"""The endings of Markdown files, in lower case."""
_OF_TOOLS = frozenset({"__pycache__", "node_modules", "site-packages"})
_ANY_DEPTH = "**"
_MOST_LINKED = 1_000  # folders behind links: there may be endless ways through them


def sources_of(root: Path, patterns: Sequence[str]) -> list[Path]:
    """The files that the patterns mean, sorted by path, so that no order of a folder shows in the
    package.

    Wildcards mean no hidden files and folders, and none that tools fill. `.md` means Markdown,
    however its ending is written. A link that leads out of the project is found like a file, so
    that it can be reported, and what is behind it is not looked at. Raises UsageError.
    """
    spellings = {}
    for pattern in patterns:
        spellings[pattern] = _spellings(pattern.removeprefix("!"))
    walk = _Walk(root)
    walk.find(spellings.values())
    wanted: set[Path] = set()
    for pattern in patterns:
        files = _files(spellings[pattern], walk.found)
        if pattern.startswith("!"):
            wanted -= files
        else:
            wanted |= files
    return sorted(wanted, key=lambda path: relative(path, root))


def would_be_source(path: str, patterns: Sequence[str]) -> bool:
    """Whether the patterns mean a file that is not there yet, whose name is plain."""
    is_meant = False
    for pattern in patterns:
        spellings = _spellings(pattern.removeprefix("!"))
        if any(_matches(path.split("/"), each.parts) for each in spellings):
            is_meant = not pattern.startswith("!")
    return is_meant


def _matches(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the parts of a pattern mean the names of a path."""
    if not parts or not names:
        return not parts and not names
    if parts[0] != _ANY_DEPTH:
        return fnmatchcase(names[0], parts[0]) and _matches(names[1:], parts[1:])
    rest = parts[1:]
    return not rest or any(_matches(names[start:], rest) for start in range(len(names)))


class _Spelling(NamedTuple):
    """A pattern, cut at its slashes.

    `named` are the parts that the author wrote. `only_markdown` is set where the ending is one that
    was made up here.
    """

    parts: tuple[str, ...]
    named: tuple[str, ...]
    only_markdown: bool = False

    def means(self, name: str) -> bool:
        """Whether a file of this name can be meant."""
        if not self.only_markdown:
            return True
        return PurePath(name).suffix.lower() in MARKDOWN

    def hides(self, name: str) -> bool:
        """Whether a name is hidden, or that of a folder of a tool, and no part of the pattern names
        it.

        As in a shell, a wildcard does not stand for a dot at the beginning.
        """
        if name in _OF_TOOLS:
            return name not in self.named
        if not name.startswith("."):
            return False
        dotted = [each for each in self.named if each.startswith(".")]
        return not any(fnmatchcase(name, each) for each in dotted)


def _spellings(pattern: str) -> Sequence[_Spelling]:
    """A pattern as it is written, and with the other endings of Markdown."""
    named = PurePath(pattern).parts
    parts = _folded(named)
    if pattern.endswith("/"):  # it means folders alone
        parts.append("")
    last = parts[-1]
    written = _Spelling(tuple(parts), named)
    if not last.lower().endswith(".md"):
        return [written]
    # On most systems, patterns distinguish upper and lower case.
    parts[-1] = f"{last[:-3]}.[mM]*"
    other = _Spelling(tuple(parts), named, only_markdown=True)
    return [written, other]


def _folded(parts: Sequence[str]) -> list[str]:
    """The parts without a `**` that follows another one, which means nothing more."""
    kept: list[str] = []
    for part in parts:
        if part == _ANY_DEPTH and kept[-1:] == [part]:
            continue
        kept.append(part)
    return kept


def _files(spellings: Sequence[_Spelling], found: Mapping[_Spelling, set[Path]]) -> set[Path]:
    written = spellings[0]
    files = found[written]
    if files and not _has_wildcard(written.parts[-1]):
        return files
    others = [found[each] for each in spellings]
    return files.union(*others)


def _has_wildcard(part: str) -> bool:
    return any(each in part for each in "*?[")


@cache
def _expression(part: str) -> re.Pattern[str]:
    if os.name == "nt":
        return re.compile(translate(part), re.IGNORECASE)
    return re.compile(translate(part))


class _Reached(NamedTuple):
    """How far a pattern has come: `place` is that of the part that comes next."""

    spelling: _Spelling
    place: int

    @property
    def part(self) -> str:
        return self.spelling.parts[self.place]

    @property
    def is_last(self) -> bool:
        return self.place + 1 == len(self.spelling.parts)

    @property
    def next(self) -> _Reached:
        return _Reached(self.spelling, self.place + 1)


@dataclass(slots=True)
class _Step:
    """A folder to look into, and the patterns that lead there.

    `anywhere` are those whose next part is `**`; the others are found by that part.
    """

    folder: Path
    anywhere: list[_Reached] = field(default_factory=list)
    exact: dict[str, list[_Reached]] = field(default_factory=dict)
    wild: dict[str, list[_Reached]] = field(default_factory=dict)

    def add(self, reached: _Reached) -> None:
        """Let a pattern go on from here. `**` also stands for no folder at all."""
        if reached.part == _ANY_DEPTH:
            self.anywhere.append(reached)
            if reached.is_last:
                return
            reached = reached.next
        part = reached.part
        if _has_wildcard(part):
            self.wild.setdefault(part, []).append(reached)
        else:
            self.exact.setdefault(part, []).append(reached)

    def entries(self) -> Iterator[Found]:
        """What is in the folder, as far as a pattern may mean it."""
        listed = {""}  # which is no name
        if self.wild or self.anywhere:
            for entry in entries_in(self.folder):
                listed.add(entry.name)
                yield entry
        # The system may know a name that is spelled in another way.
        for name in self.exact.keys() - listed:
            found = entry_at(self.folder / name)
            if found:
                yield found

    def meaning(self, name: str) -> Iterator[_Reached]:
        """The patterns whose next part is a name."""
        matching = [self.exact.get(name, [])]
        for part, several in self.wild.items():
            if _expression(part).match(name):
                matching.append(several)
        for several in matching:
            yield from _not_hiding(name, several)

    def passing(self, name: str) -> Iterator[_Reached]:
        """The patterns whose `**` stands for a folder of this name too."""
        return _not_hiding(name, self.anywhere)


def _not_hiding(name: str, several: Iterable[_Reached]) -> Iterator[_Reached]:
    for each in several:
        if not each.spelling.hides(name):
            yield each


class _Walk:
    """One walk through a folder with many patterns. `found` are the files of each."""

    def __init__(self, root: Path) -> None:
        self.found: dict[_Spelling, set[Path]] = {}
        self._root = root
        self._steps: list[_Step] = []
        self._linked = 0

    def find(self, patterns: Iterable[Sequence[_Spelling]]) -> None:
        """Find the files that the patterns mean. Raises UsageError."""
        starts = []
        for spellings in patterns:
            for each in spellings:
                self.found[each] = set()
                starts.append(_Reached(each, 0))
        self._go_on(self._root, starts)
        while self._steps:
            step = self._steps.pop()
            for entry in step.entries():
                self._enter(entry, step)

    def _go_on(self, folder: Path, patterns: Sequence[_Reached]) -> None:
        """Look into a folder later, if any pattern leads there."""
        if not patterns:
            return
        step = _Step(folder)
        for each in dict.fromkeys(patterns):
            step.add(each)
        self._steps.append(step)

    def _enter(self, entry: Found, step: _Step) -> None:
        meaning = list(step.meaning(entry.name))
        anywhere = list(step.passing(entry.name))
        inner = [each.next for each in meaning if not each.is_last]
        if meaning and entry.is_link and leads_out(entry.path, self._root):
            self._take(entry, meaning)
            for each in inner:
                self.found[each.spelling].add(entry.path)
        elif not entry.is_folder:
            self._take(entry, meaning)
            self._take(entry, anywhere)
        elif not entry.is_link:
            self._go_on(entry.path, anywhere + inner)
        elif inner and not is_around(entry.path):
            self._follow(entry.path, inner)

    def _take(self, entry: Found, patterns: Sequence[_Reached]) -> None:
        """Note a file for the patterns that end with it."""
        for each in patterns:
            if each.is_last and each.spelling.means(entry.name):
                self.found[each.spelling].add(entry.path)

    def _follow(self, link: Path, patterns: Sequence[_Reached]) -> None:
        """Look into the folder behind a link."""
        self._linked += 1
        if self._linked > _MOST_LINKED:
            raise UsageError(f"the sources lead through more than {_MOST_LINKED} links")
        self._go_on(link, patterns)
