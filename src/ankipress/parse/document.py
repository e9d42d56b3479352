"""A source → its document: the sections that hold cards, and what applies to the file.

A file is cut at its headings before any card is read, so that each card can be read alone. What a
section means depends on the values of `Section` and of `FileContext`, and on nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.model import CustomType, Part, Source
from ankipress.parse.attributes import split_attributes
from ankipress.parse.definitions import FileDefinitions
from ankipress.parse.front_matter import FrontMatter, UnknownKey, read_front_matter
from ankipress.project.settings import Settings
from ankipress.syntax.decoding import bidi_controls
from ankipress.syntax.html_blocks import endless
from ankipress.syntax.outline import Heading, Outline, outline
from ankipress.syntax.plain_text import plain_heading


@dataclass(frozen=True, slots=True)
class FileContext:
    """What applies to every card of a file: settings, front matter, and custom note types."""

    card_level: int
    lang: str
    defaults: Mapping[str, str]
    custom: Mapping[str, CustomType]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading at card level and what follows it, up to the next heading of that level or above.

    `line` is the 0-based line of the file on which it starts. `trail` are the headings above it.
    `definitions` are the definitions of links that it uses, by label, and `footnotes` the texts of
    the footnotes that it uses.
    """

    text: str
    line: int
    trail: tuple[str, ...]
    definitions: Mapping[str, str]
    footnotes: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Document:
    """A source, cut into sections. `deck` and `tags` are those of all its cards.

    `deck_place` is where the deck is named. `unknown_keys` are those of its front matter.
    `first_line` is the 0-based line below its front matter.
    """

    path: str
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


def read_document(source: Source, settings: Settings, custom: Mapping[str, CustomType]) -> Document:
    """The sections of a source. No card is read yet."""
    lines = source.text.split("\n")
    matter, problems = read_front_matter(lines, source.path)
    # Front matter is blanked, not cut: line numbers stay those of the file.
    body = [""] * matter.lines + lines[matter.lines :]
    found = outline(body)
    definitions = FileDefinitions(source.path, body)
    deck = _deck(source.path, matter, found, lines, settings)
    return Document(
        path=source.path,
        lines=lines,
        first_line=matter.lines,
        context=FileContext(settings.card_level, settings.lang, matter.defaults, custom),
        sections=tuple(_sections(found, body, settings.card_level, definitions)),
        headings=tuple(found.headings),
        deck=deck.name,
        deck_place=deck.place,
        tags=(*settings.tags, *matter.tags),
        unknown_keys=matter.unknown,
        problems=(
            *problems,
            *_unclosed(source.path, lines, found),
            *bidi_controls(source),
            *definitions.problems(),
        ),
    )


def _sections(
    found: Outline,
    body: Sequence[str],
    level: int,
    definitions: FileDefinitions,
) -> Iterator[Section]:
    """The sections of the cards, each with the headings above it."""
    headings = [heading for heading in found.headings if heading.level <= level]
    ends = [*(heading.start for heading in headings[1:]), len(body)]
    above: dict[int, str] = {}
    is_titled = False
    for heading, end in zip(headings, ends, strict=False):
        if heading.level == level:
            text = "\n".join(body[heading.start : end])
            footnotes = definitions.footnotes(text, range(heading.start, end))
            yield Section(
                text,
                heading.start,
                tuple(filter(None, above.values())),
                definitions.links(text, footnotes),
                footnotes,
            )
            continue
        above = {each: name for each, name in above.items() if each < heading.level}
        # The first heading of level 1 names the deck.
        if heading.level == 1 and not is_titled:
            is_titled = True
        else:
            above[heading.level] = _name(heading)


def _name(heading: Heading) -> str:
    """The plain text of a heading without its braces."""
    markdown = split_attributes(heading.text)[0]
    return plain_heading(markdown)


def _unclosed(path: str, lines: Sequence[str], found: Outline) -> Iterator[Diagnostic]:
    if found.open_fence is not None:
        words = lines[found.open_fence].strip()
        mark = words[: len(words) - len(words.lstrip(words[0]))]
        place = _place_of_opening(path, found.open_fence, lines, mark)
        help = "close it with a line of the same marks"
        yield Diagnostic("unclosed-fence", place, "this code block never ends", help)
    for line in found.open_html:
        mark, message, help = endless(lines[line])
        place = _place_of_opening(path, line, lines, mark)
        yield Diagnostic("endless-html", place, message, help)
    for tag in found.open_details:
        width = tag.end - tag.start
        place = Location(path, tag.line + 1, tag.start + 1, width)
        help = "close it with </details>"
        yield Diagnostic("unclosed-html", place, "this <details> never ends", help)


def _place_of_opening(
    path: str,
    line: int,
    lines: Sequence[str],
    mark: str,
) -> Location:
    """The place of the mark that a 0-based line begins with."""
    text = lines[line]
    column = len(text) - len(text.lstrip()) + 1
    return Location(path, line + 1, column, len(mark))


class _Deck(NamedTuple):
    """The name of a deck, and where it is written; line 0 where the file's own name is taken."""

    name: str
    place: Location


def _deck(
    path: str,
    matter: FrontMatter,
    found: Outline,
    lines: Sequence[str],
    settings: Settings,
) -> _Deck:
    """The deck of a file: front matter, else its first heading of level 1, else its name."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    whole_file = Location(path)
    candidates = [_Deck(matter.deck or "", matter.deck_place or whole_file)]
    for heading in found.headings:
        if heading.level == 1 < settings.card_level:
            place = location_of_text(path, heading.start + 1, lines[heading.start])
            candidates.append(_Deck(_name(heading), place))
            break
    candidates += [_Deck(stem, whole_file), _Deck(path, whole_file), _Deck("cards", whole_file)]
    prefix = _deck_name(settings.deck_prefix)
    for each in candidates:
        # A name may nest decks with `::`; one that Anki would call blank is passed over.
        if name := _deck_name(each.name):
            return _Deck("::".join(filter(None, (prefix, name))), each.place)
    raise AssertionError


def _deck_name(text: str) -> str:
    """A deck's name as Anki keeps it: components trimmed, none of them empty."""
    normal = unicodedata.normalize("NFC", text)
    spaced = re.sub(r"\s+", " ", normal)
    components = [each.strip() for each in spaced.split("::")]
    return "::".join(filter(None, components))
