"""Notes that a folder holds already, and the settings that make a deck of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ankipress.build.becoming_project import pattern_of
from ankipress.model import FileReading, Source
from ankipress.parse.shapes.copies import Copies, without_copies
from ankipress.parse.shapes.detection import (
    FEWEST,
    MARKED,
    Detected,
    ShapeCandidate,
    detect,
)
from ankipress.project.door import names_in
from ankipress.project.files import TextReader
from ankipress.project.inputs import Inputs
from ankipress.project.location import ProjectLocation, relative
from ankipress.project.settings import AUTO, is_filled_line, is_pattern
from ankipress.project.toml_text import toml_text
from ankipress.project.vault_settings import VaultSettings
from ankipress.syntax.dialect import GITHUB, OBSIDIAN
from ankipress.syntax.plain_text import plain_text

_SHOWN = 3  # cards, and ways to read files
_VAULT = ".obsidian"  # the folder of settings that makes a folder a vault of Obsidian
ANY = ("**/*.md", "**/*.ipynb")
"""The patterns of all files that may hold notes."""
_NOT_NOTES = frozenset(
    """
    agents authors changelog changes claude code_of_conduct contributing contributors history
    license maintainers notice pull_request_template security support
    """.split()
)
_FITTING = 0.34  # the part of the cards of a file that look like questions, or the file is none
_COMPLETE = 0.8  # the part of the cards of a file that have answers
_REPEATED = 0.6  # the part of the questions of a README that stand in other files
_MOST_NAMED = 40  # patterns
_NO_TEXT = re.compile("[\ud800-\udfff]")  # bytes of a name that is not UTF-8


class WayToRead(NamedTuple):
    """A way to read some files, and the number of cards that it finds."""

    reading: FileReading
    cards: int


@dataclass(frozen=True, slots=True)
class ExistingNotes:
    """The Markdown files of a folder, those that are copies of others, their shapes, and their
    dialect.

    `unread` are files that cannot be read, or named in settings, and `no_notes` those such as
    licenses.
    """

    copies: Copies
    detected: Detected
    dialect: str = GITHUB
    unread: tuple[str, ...] = ()
    no_notes: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it is sure what asks."""
        return self.detected.is_sure

    @property
    def likeliest(self) -> ShapeCandidate | None:
        """The likeliest shape, None where none has enough cards."""
        best = self.detected.best
        if best is None or len(best.answered) < FEWEST:
            return None
        return best

    def in_shape(self, reading: FileReading) -> ShapeCandidate | None:
        """What is found in one shape, None where that is nothing."""
        for each in self.detected.candidates:
            is_level = reading.shape != "headings" or each.level == reading.card_level
            if each.shape == reading.shape and is_level:
                return each
        return None

    @property
    def ways(self) -> Sequence[WayToRead]:
        """The likeliest ways to read the files."""
        return [
            WayToRead(FileReading(each.shape, each.level), len(each.cards))
            for each in self.detected.candidates[:_SHOWN]
        ]


@dataclass(frozen=True, slots=True)
class FoundDeck:
    """A deck that notes make when they are read in one way, with the settings for it.

    `sources` are patterns of files. `stray` are the cards of files that are left out, since they do
    not look like questions, and `stray_files` the number of those files.
    """

    reading: FileReading
    candidate: ShapeCandidate
    cards: int
    files: int
    sources: tuple[str, ...]
    answer_headings: tuple[str, ...]
    stray: int
    stray_files: int

    @property
    def examples(self) -> Iterator[tuple[str, str]]:
        """The first cards as plain text: the question, and how the answer begins."""
        for card in self.candidate.cards[:_SHOWN]:
            yield plain_text(card.question), plain_text(card.opening)

    def settings(self) -> Iterator[str]:
        """The lines of the settings, as TOML."""
        yield f"sources = {_toml(self.sources)}"
        if self.reading.shape != "headings":
            yield f'shape = "{self.reading.shape}"'
        elif self.reading.card_level != 2:
            yield f"card_level = {toml_text(self.reading.card_level)}"
        if self.answer_headings:
            yield f"answer_headings = {_toml(self.answer_headings)}"
        if self.reading.dialect != GITHUB:
            yield f'dialect = "{self.reading.dialect}"'
        if self.reading.kind:
            yield f'kind = "{self.reading.kind}"'


def _toml(values: Sequence[str]) -> str:
    """A list of texts in TOML; long ones stand on lines of their own."""
    texts = list(map(toml_text, values))
    if sum(map(len, texts)) < 80:
        return f"[{', '.join(texts)}]"
    lines = "".join(f"    {each},\n" for each in texts)
    return f"[\n{lines}]"


def existing_notes(folder: Path, patterns: Sequence[str] = ANY) -> ExistingNotes:
    """What the Markdown files below a folder hold, all of them or those of some patterns."""
    inputs = Inputs()
    reader = TextReader(folder, inputs)
    vaults = VaultSettings(folder, inputs)
    others = _OtherProjects(folder)
    sources: list[Source] = []
    unread: list[str] = []
    no_notes: list[str] = []
    for file in reader.sources(patterns):
        path = relative(file, folder)
        if PurePosixPath(path).stem.casefold() in _NOT_NOTES or others.hold(file):
            no_notes.append(path)
            continue
        source = reader.source(file)
        if source and _can_be_named(path):
            separators = vaults.separators(file.parent)
            sources.append(replace(source, separators=separators))
        else:
            unread.append(path)
    copies = without_copies(sources)
    dialect = GITHUB
    if names_in(folder, folder) >= {_VAULT}:
        dialect = OBSIDIAN
    return ExistingNotes(
        copies,
        detect(copies.kept, dialect),
        dialect,
        tuple(unread),
        tuple(no_notes),
    )


class _OtherProjects:
    """The projects below a folder: their files are none of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, bool] = {}

    def hold(self, file: Path) -> bool:
        """Whether a file belongs to another project."""
        parent = file.parent
        if parent not in self._known:
            found = ProjectLocation.above(parent)
            self._known[parent] = found is not None and found.root.is_relative_to(self._folder)
        return self._known[parent]


def _can_be_named(path: str) -> bool:
    """Whether settings can name a file: without line ends in its name, and in UTF-8."""
    return is_pattern(pattern_of(path)) and not _NO_TEXT.search(path)


def is_readme(path: str) -> bool:
    """Whether a file is one that describes a folder."""
    return PurePosixPath(path).stem.casefold() in {"readme", "index"}


def found_deck(notes: ExistingNotes, candidate: ShapeCandidate) -> FoundDeck:
    """The deck that one of the shapes makes of the notes."""
    cards = Counter(card.path for card in candidate.cards)
    files = _fitting_files(candidate, cards)
    files = _without_repeating(candidate, files)
    cards_taken = tuple(card for card in candidate.cards if card.path in set(files))
    candidate = replace(candidate, cards=cards_taken)
    taken = sum(cards[path] for path in files)
    return FoundDeck(
        candidate.reading(notes.dialect),
        candidate,
        taken,
        len(files),
        tuple(_patterns(notes, files)),
        tuple(_answer_headings(notes.detected, candidate)),
        sum(cards.values()) - taken,
        len(cards) - len(files),
    )


def _fitting_files(candidate: ShapeCandidate, cards: Mapping[str, int]) -> Sequence[str]:
    """The files whose cards look like questions, and those of complete cards beside them."""
    if candidate.weight < _FITTING:  # its author says that topics ask
        return list(cards)
    asking: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for card in candidate.cards:
        asking[card.path] += card.weight > 0
        answered[card.path] += card.is_answered
    fitting = _FITTING
    if candidate.shape in MARKED:
        fitting = 0
    files = {path for path in cards if asking[path] and asking[path] >= fitting * cards[path]}
    folders = {PurePosixPath(path).parent for path in files}
    if candidate.shape == "file" or (candidate.shape == "headings" and candidate.level != AUTO):
        for path, number in cards.items():
            is_complete = answered[path] >= _COMPLETE * number and not is_readme(path)
            if is_complete and PurePosixPath(path).parent in folders:
                files.add(path)
    return [path for path in cards if path in files]


def _without_repeating(candidate: ShapeCandidate, files: Sequence[str]) -> Sequence[str]:
    """The files without a README that repeats the questions of the others."""
    questions: dict[str, set[str]] = {path: set() for path in files}
    for card in candidate.cards:
        if card.path in questions:
            questions[card.path].add(card.question.casefold())
    kept = []
    for path in files:
        if not is_readme(path):
            kept.append(path)
            continue
        others = set[str]().union(*(questions[each] for each in files if each != path))
        own = questions[path]
        if len(own & others) < _REPEATED * len(own):
            kept.append(path)
    return kept


def _answer_headings(detected: Detected, candidate: ShapeCandidate) -> Iterator[str]:
    if candidate.shape != "headings":
        return
    for each in detected.answer_headings:
        is_of_level = candidate.level == AUTO or candidate.level in each.levels
        if is_of_level and is_filled_line(each.text):
            yield each.text


def _patterns(notes: ExistingNotes, files: Sequence[str]) -> Sequence[str]:
    """Patterns that mean some files, and no other file: one for a folder where that is shorter."""
    named = [pattern_of(path) for path in sorted(files)]
    kept = (source.path for source in notes.copies.kept)
    others = {*kept, *notes.copies.left_out, *notes.unread, *notes.no_notes} - set(files)
    whole = set(map(_beside, files))
    meant = _beside
    if len(whole) > _MOST_NAMED:
        whole = set(map(_anywhere, files))
        meant = _anywhere
    excluded = [path for path in sorted(others) if meant(path) in whole]
    can_exclude = all(map(_can_be_named, excluded))
    if can_exclude and len(whole) + len(excluded) < len(files):
        return [*sorted(whole), *(f"!{pattern_of(path)}" for path in excluded)]
    return named


def _beside(path: str) -> str:
    """The pattern of all files of the same format in the folder of one."""
    folder = PurePosixPath(path).parent.as_posix()
    pattern = _all_of_format(path)
    if folder == ".":
        return pattern
    return f"{pattern_of(folder)}/{pattern}"


def _anywhere(path: str) -> str:
    """The pattern of all files of the same format in all folders."""
    return f"**/{_all_of_format(path)}"


def _all_of_format(path: str) -> str:
    if PurePosixPath(path).suffix.lower() == ".ipynb":
        return "*.ipynb"
    return "*.md"
