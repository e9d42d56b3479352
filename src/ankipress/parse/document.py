"""A source → its document: the sections that hold cards, and what applies to the file.

A file is cut at its headings before any card is read, so that each card can be read alone. What a
section means depends on the values of `Section` and of `FileContext`, and on nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.model import KINDS, Breaks, CustomType, Part, Source
from ankipress.parse.definitions import FileDefinitions
from ankipress.parse.front_matter import FrontMatter, UnknownKey, read_front_matter
from ankipress.parse.shapes.one_file import KEYS_OF_SIDES
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile, name_of
from ankipress.parse.shapes.shapes import ONE_FILE, SHAPES
from ankipress.parse.shapes.vault_deck import deck_of_vault, tags_of_vault, without_read_keys
from ankipress.project.settings import Settings
from ankipress.syntax.decoding import bidi_controls
from ankipress.syntax.html_blocks import endless
from ankipress.syntax.outline import Heading, Outline


@dataclass(frozen=True, slots=True)
class FileContext:
    """What applies to every card of a file: settings, front matter, and custom note types."""

    card_level: int
    lang: str
    defaults: Mapping[str, str]
    custom: Mapping[str, CustomType]
    dialect: str = "github"


@dataclass(frozen=True, slots=True)
class Section:
    """A card as its shape found it: a heading and what belongs to it.

    It stands on the 0-based lines of the file from `line` up to `end`. `trail` are the headings
    above it. `definitions` are the definitions of links that it uses, by label, and `footnotes` the
    texts of the footnotes that it uses; their lines count from the first line of the section, or
    from below the last line of one that has breaks. `breaks` say where the pieces of the text stand
    below `line`; none where it is made of the complete lines of the file.
    """

    text: str
    line: int
    end: int
    trail: tuple[str, ...]
    definitions: Mapping[str, str]
    footnotes: Mapping[str, Part]
    breaks: Breaks = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source, cut into sections. `deck` and `tags` are those of all its cards.

    `shape` is how it marks questions. `deck_place` is where the deck is named. `unknown_keys` are
    those of its front matter. `first_line` is the 0-based line below its front matter.
    """

    path: str
    shape: str
    lines: Sequence[str]
    first_line: int
    context: FileContext
    sections: tuple[Section, ...]
    headings: tuple[Heading, ...]
    deck: str
    deck_place: Location
    tags: tuple[str, ...]
    unknown_keys: tuple[UnknownKey, ...]
    problems: tuple[Diagnostic, ...]


def read_document(
    source: Source,
    settings: Settings,
    custom: Mapping[str, CustomType],
) -> Document:
    """The sections of a source. No card is read yet."""
    lines = source.text.split("\n")
    kinds = (*KINDS, *custom)
    matter, problems = read_front_matter(
        lines,
        source.path,
        kinds,
    )
    defaults = dict(matter.defaults)
    if settings.kind in kinds:
        defaults.setdefault("kind", settings.kind)
    stem = source.path.rpartition("/")[2].rpartition(".")[0]
    level = matter.card_level or settings.card_level
    answers = frozenset(each.casefold() for each in settings.answer_headings)
    file = ShapedFile(
        lines,
        matter.lines,
        level,
        stem,
        answers,
        settings.dialect,
        source.separators,
    )
    shape = matter.shape or settings.shape
    cards = list(SHAPES[shape](file))
    found = file.outline
    definitions = FileDefinitions(source.path, file.body)
    deck = _deck(
        source.path,
        matter,
        file,
        shape,
        settings,
    )
    return Document(
        path=source.path,
        shape=shape,
        lines=lines,
        first_line=matter.lines,
        context=FileContext(file.level, settings.lang, defaults, custom, settings.dialect),
        sections=tuple(_sections(cards, definitions)),
        headings=tuple(found.headings),
        deck=deck.name,
        deck_place=deck.place,
        tags=(*settings.tags, *matter.tags, *tags_of_vault(file)),
        unknown_keys=_unknown_keys(matter, shape),
        problems=(
            *without_read_keys(problems, file),
            *_unclosed(source.path, lines, found),
            *bidi_controls(source),
            *definitions.problems(),
            *_problems_of(cards, source.path),
        ),
    )


def _unknown_keys(matter: FrontMatter, shape: str) -> tuple[UnknownKey, ...]:
    """The keys that nothing reads: in the shape `file`, some hold the sides of the card."""
    if shape != ONE_FILE:
        return matter.unknown
    unknown = (each for each in matter.unknown if each.key.lower() not in KEYS_OF_SIDES)
    return tuple(unknown)


def _sections(cards: Sequence[FoundSection], definitions: FileDefinitions) -> Iterator[Section]:
    """The sections of the cards that a shape found, each with its definitions."""
    for each in cards:
        footnotes = definitions.footnotes(each.text, range(each.line, each.end))
        links = definitions.links(each.text, footnotes)
        if each.breaks:
            footnotes = _below(each, footnotes)
        yield Section(
            each.text,
            each.line,
            each.end,
            each.trail,
            links,
            footnotes,
            each.breaks,
        )


def _below(section: FoundSection, footnotes: Mapping[str, Part]) -> Mapping[str, Part]:
    """Footnotes whose lines are those of the file below the last line of a section's own text."""
    lines = section.text.count("\n") + 1 + section.line
    return {label: replace(part, line=part.line + lines) for label, part in footnotes.items()}


def _problems_of(cards: Sequence[FoundSection], path: str) -> Iterator[Diagnostic]:
    """What is wrong with the marks of the cards in a file, each sort once."""
    told: set[str] = set()
    for each in (problem for card in cards for problem in card.problems):
        if each.help not in told:
            told.add(each.help)
            yield replace(each, location=replace(each.location, path=path))


def _unclosed(
    path: str,
    lines: Sequence[str],
    found: Outline,
) -> Iterator[Diagnostic]:
    if found.open_fence is not None:
        words = lines[found.open_fence].strip()
        mark = words[: len(words) - len(words.lstrip(words[0]))]
        place = _place_of_opening(
            path,
            found.open_fence,
            lines,
            mark,
        )
        help = "close it with a line of the same marks"
        yield Diagnostic(
            "unclosed-fence",
            place,
            "this code block never ends",
            help,
        )
    for line in found.open_html:
        mark, message, help = endless(lines[line])
        place = _place_of_opening(
            path,
            line,
            lines,
            mark,
        )
        yield Diagnostic(
            "endless-html",
            place,
            message,
            help,
        )
    for tag in found.open_details:
        width = tag.end - tag.start
        place = Location(
            path,
            tag.line + 1,
            tag.start + 1,
            width,
        )
        help = "close it with </details>"
        yield Diagnostic(
            "unclosed-html",
            place,
            "this <details> never ends",
            help,
        )


def _place_of_opening(
    path: str,
    line: int,
    lines: Sequence[str],
    mark: str,
) -> Location:
    """The place of the mark that a 0-based line begins with."""
    text = lines[line]
    column = len(text) - len(text.lstrip()) + 1
    return Location(
        path,
        line + 1,
        column,
        len(mark),
    )


class _Deck(NamedTuple):
    """The name of a deck, and where it is written; line 0 where the file's own name is taken."""

    name: str
    place: Location


def _deck(
    path: str,
    matter: FrontMatter,
    file: ShapedFile,
    shape: str,
    settings: Settings,
) -> _Deck:
    """The deck of a file: that of front matter or of a plug-in, else its first heading of level 1,
    else its name.

    Files that are a card each have the deck of their folder.
    """
    whole_file = Location(path)
    candidates = [_Deck(matter.deck or "", matter.deck_place or whole_file)]
    if named := deck_of_vault(file):
        place = Location(
            path,
            named.line + 1,
            named.column + 1,
            len(named.text),
        )
        candidates.append(_Deck(named.text, place))
    if shape == ONE_FILE:
        folder = PurePosixPath(path).parent.name
        candidates += [_Deck(folder, whole_file), _Deck(settings.name, whole_file)]
    else:
        candidates += _titles(path, file)
    candidates += [
        _Deck(file.stem, whole_file),
        _Deck(path, whole_file),
        _Deck("cards", whole_file),
    ]
    prefix = _deck_name(settings.deck_prefix)
    for each in candidates:
        # A name may nest decks with `::`; one that Anki would call blank is passed over.
        if name := _deck_name(each.name):
            return _Deck("::".join(filter(None, (prefix, name))), each.place)
    raise AssertionError


def _titles(path: str, file: ShapedFile) -> Iterator[_Deck]:
    """The first heading of level 1, where no such heading is a card."""
    for heading in file.outline.headings:
        if heading.level == 1 < file.level:
            place = location_of_text(
                path,
                heading.start + 1,
                file.lines[heading.start],
            )
            yield _Deck(name_of(heading, file.dialect), place)
            return


def _deck_name(text: str) -> str:
    """A deck's name as Anki keeps it: components trimmed, none of them empty."""
    normal = unicodedata.normalize("NFC", text)
    spaced = re.sub(
        r"\s+",
        " ",
        normal,
    )
    components = [each.strip() for each in spaced.split("::")]
    return "::".join(filter(None, components))
