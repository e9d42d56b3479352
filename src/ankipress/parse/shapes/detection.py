"""Which shape the files of a folder are written in, and whether that is sure.

Every reader reads every file. What it finds counts as far as it looks like questions: by a mark or
a word of a question, by options, by hidden answers, and half by a number. A shape is sure where
most of what it finds looks so, where that is most of the text, and where no other shape comes near.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.model import FileReading, Source
from ankipress.parse.front_matter import read_front_matter
from ankipress.parse.shapes.auto_headings import asking_sections
from ankipress.parse.shapes.levels import question_level
from ankipress.parse.shapes.repeated_headings import RepeatedHeading, repeated_headings
from ankipress.parse.shapes.seen_cards import SeenCard, seen_cards, size_of, strength
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.parse.shapes.shapes import HEADINGS, INLINE, ONE_FILE, PREFIX, SHAPES
from ankipress.project.settings import AUTO, CardLevel
from ankipress.syntax.dialect import GITHUB, OBSIDIAN

FEWEST = 10
"""The cards below which no shape is sure."""

MARKED = frozenset({PREFIX, INLINE})
"""The shapes whose marks mean nothing but questions and answers."""

_SURE_WEIGHT = 0.6
_SURE_COVERAGE = 0.4
_SURE_LEAD = 1.5
_SURE_ANSWERED = 0.5
_OPTIONS = 0.6  # the part of the cards that have options, from which on all are multiple choice
_FEWEST_IN_FILE = 3  # cards in a file, where each file has a level of its own
_LARGEST = 4_000  # characters of a file that is a card
_SAME_QUESTIONS = 0.8  # the part of the cards of a shape that is no rival of another
_SAME_LEVEL = 0.9  # the part of the cards that one level must have, or each file has its own

# Readers that need not run where a text has no such line.
_QUICK: Mapping[str, re.Pattern[str]] = {
    "numbered": re.compile(r"^ {0,3}\d{1,9}[.)][ \t]", re.MULTILINE),
    "prefix": re.compile(
        r"^[ \t]*(?:[-*+] |\d+[.)] )?[*_]{0,2}\w{1,10}[ .]?\d{0,4}[*_]{0,2}\s?[:：]", re.MULTILINE
    ),
    "summary": re.compile(r"<summary", re.IGNORECASE),
    "bold": re.compile(r"^[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?:\*\*|__)", re.MULTILINE),
    "table": re.compile(r"^[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*\|", re.MULTILINE),
}


# Lines such as `a::b` are cards only where a plug-in of Obsidian would take them for some.
_OF_PLUGINS = re.compile(
    r"::|==|#card|#flashcards|\{\{cloze|^[ \t]*(?:\?\??[ \t]*$|START)|STARTI", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ShapeCandidate:
    """What one shape finds in all files. `coverage` is the part of the text that its cards hold."""

    shape: str
    level: CardLevel
    cards: tuple[SeenCard, ...]
    coverage: float

    @property
    def answered(self) -> Sequence[SeenCard]:
        """The cards that have an answer."""
        return [card for card in self.cards if card.is_answered]

    @property
    def strength(self) -> float:
        """The number of answered cards that look like questions."""
        return strength(self.cards)

    @property
    def weight(self) -> float:
        """How much an answered card looks like a question, from 0 to 1."""
        return self.strength / max(1, len(self.answered))

    @property
    def score(self) -> float:
        """How likely it is what its author meant."""
        return self.strength * self.weight

    @property
    def kind(self) -> str:
        """The kind of nearly all cards: `choice` where they have options."""
        options = sum(card.has_options for card in self.answered)
        if options > _OPTIONS * len(self.answered):
            return "choice"
        return ""

    def reading(self, dialect: str) -> FileReading:
        """How files in a dialect are read so that these cards are found: cards of the plug-ins of
        Obsidian are there in its own dialect alone.
        """
        if self.shape == INLINE:
            dialect = OBSIDIAN
        return FileReading(self.shape, self.level, self.kind, dialect)

    @property
    def files(self) -> Sequence[str]:
        """The files with cards."""
        return list(dict.fromkeys(card.path for card in self.cards))


@dataclass(frozen=True, slots=True)
class Detected:
    """The shapes that were found, the likeliest first, and whether the first one is sure.

    `answer_headings` are headings that repeat and ask nothing.
    """

    candidates: tuple[ShapeCandidate, ...] = ()
    is_sure: bool = False
    answer_headings: tuple[RepeatedHeading, ...] = ()

    @property
    def best(self) -> ShapeCandidate | None:
        """The likeliest shape, None where nothing looks like a question."""
        return next(iter(self.candidates), None)


def detect(sources: Sequence[Source], dialect: str = GITHUB) -> Detected:
    """The shapes of some files in a dialect of Markdown."""
    files = {source.path: _shaped(source, dialect) for source in sources}
    structure = repeated_headings(list(files.values()))
    looks = _Looks(frozenset(structure))
    for path, file in files.items():
        looks.add(path, file)
    found = [each for each in looks.candidates() if _is_something(each)]
    found.sort(key=_precedence)
    return Detected(tuple(found), _is_sure(found), tuple(structure.values()))


def _shaped(source: Source, dialect: str) -> ShapedFile:
    lines = source.text.split("\n")
    matter, _ = read_front_matter(lines, source.path)
    name = source.path.rpartition("/")[2]
    stem = name.rpartition(".")[0]
    return ShapedFile(
        lines,
        matter.lines,
        AUTO,
        stem,
        dialect=dialect,
        separators=source.separators,
    )


def _is_something(candidate: ShapeCandidate) -> bool:
    """Whether it may be meant: topics ask nothing, and are cards for some authors."""
    return candidate.strength > 0 or len(candidate.answered) >= FEWEST


def _precedence(candidate: ShapeCandidate) -> tuple[bool, bool, float]:
    """What sorts shapes: those of too few cards go last.

    Where each card is the title of a file, the shape of such files is the better one.
    """
    is_small = len(candidate.answered) < FEWEST
    has_one_level = candidate.shape == HEADINGS and candidate.level == 1
    is_title = has_one_level and len(candidate.cards) == len(candidate.files)
    return is_small, is_title, -candidate.score


def _is_sure(candidates: Sequence[ShapeCandidate]) -> bool:
    if not candidates:
        return False
    best, *others = candidates
    rivals = [each.score for each in others if not _finds_the_same(each, best)]
    answered = len(best.answered)
    fewest = max(FEWEST, _SURE_ANSWERED * len(best.cards))
    if answered < fewest or not _is_regular(best):
        return False
    is_clear = best.weight >= _SURE_WEIGHT and best.coverage >= _SURE_COVERAGE
    return is_clear and best.score >= _SURE_LEAD * max(rivals, default=0)


def _is_regular(best: ShapeCandidate) -> bool:
    """Whether files that each have a level of their own have several cards."""
    if best.level != AUTO:
        return True
    return len(best.cards) >= _FEWEST_IN_FILE * len(best.files)


def _finds_the_same(candidate: ShapeCandidate, best: ShapeCandidate) -> bool:
    """Whether nearly all that one shape finds is what another finds."""
    questions = {card.question for card in best.cards}
    same = sum(card.question in questions for card in candidate.cards)
    return same >= _SAME_QUESTIONS * len(candidate.cards)


@dataclass(slots=True)
class _Looks:
    """What the readers find, file by file: by shape, and of headings also by level."""

    answer_headings: frozenset[str]
    total: int = 0
    found: dict[str, list[SeenCard]] = field(default_factory=lambda: defaultdict(list))
    levels: dict[int, list[SeenCard]] = field(default_factory=lambda: defaultdict(list))

    def add(self, path: str, file: ShapedFile) -> None:
        """Read a file by every reader."""
        lines = file.lines[file.first_line :]
        text = "\n".join(lines)
        self.total += size_of(text)
        self._add_headings(path, file)
        for shape, pattern in _QUICK.items():
            if pattern.search(text):
                self._keep(shape, path, SHAPES[shape](file))
        if _OF_PLUGINS.search(text):
            in_vault = replace(file, dialect=OBSIDIAN)
            self._keep(INLINE, path, SHAPES[INLINE](in_vault))
        if len(text) <= _LARGEST:
            self._keep(ONE_FILE, path, SHAPES[ONE_FILE](file))

    def _add_headings(self, path: str, file: ShapedFile) -> None:
        headings = [each for each in file.outline.headings if not self._is_structure(each.text)]
        own_level = question_level(headings)
        for level in sorted({heading.level for heading in headings}):
            sections = list(self._sections(file, level))
            self.levels[level] += seen_cards(path, sections)
            if level == own_level:
                asking = asking_sections(file, sections)
                self._keep(HEADINGS, path, asking)

    def _is_structure(self, text: str) -> bool:
        name = text.strip().casefold()
        return name in self.answer_headings

    def _sections(self, file: ShapedFile, level: int) -> Iterator[FoundSection]:
        leveled = replace(
            file,
            card_level=level,
            answer_headings=self.answer_headings,
        )
        leveled.__dict__["outline"] = file.outline  # which is the same
        yield from SHAPES[HEADINGS](leveled)

    def _keep(
        self,
        shape: str,
        path: str,
        sections: Iterable[FoundSection],
    ) -> None:
        for card in seen_cards(path, sections):
            kept = card
            if shape in MARKED:
                kept = replace(card, weight=float(card.is_answered))
            self.found[shape].append(kept)

    def candidates(self) -> Iterator[ShapeCandidate]:
        """What each shape found in all files."""
        for shape, found in self.found.items():
            level: CardLevel = 2
            cards = found
            if shape == HEADINGS:
                level = self._level(found)
            if isinstance(level, int) and shape == HEADINGS:
                cards = self.levels[level]
            size = sum(card.size for card in cards)
            coverage = size / max(1, self.total)
            yield ShapeCandidate(shape, level, tuple(cards), coverage)

    def _level(self, each_its_own: Sequence[SeenCard]) -> CardLevel:
        """The level that finds nearly all questions of all files, or `auto`.

        One that also finds many headings that ask nothing is not it.
        """
        level = max(self.levels, key=self._level_precedence)
        cards = self.levels[level]
        more = len(cards) - len(each_its_own)
        stronger = strength(cards) - strength(each_its_own)
        has_all = strength(cards) >= _SAME_LEVEL * strength(each_its_own)
        has_many_more = more > (1 - _SAME_LEVEL) * len(cards)
        if has_all and not (has_many_more and 2 * stronger < more):
            return level
        return AUTO

    def _level_precedence(self, level: int) -> tuple[float, int]:
        cards = self.levels[level]
        share = strength(cards) / max(1, len(cards))
        answered = sum(card.is_answered for card in cards)
        return strength(cards) * share, answered
