"""A source → its document: the sections that hold cards, and what applies to the file.

A file is cut at its headings before any card is read, so that each card can be read alone. What a
section means depends on the values of `Section` and of `FileContext`, and on nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.model import CustomType, Source
from ankipress.parse.attributes import split_attributes
from ankipress.parse.front_matter import FrontMatter, read_front_matter
from ankipress.project.settings import Settings
from ankipress.syntax.decoding import bidi_controls
from ankipress.syntax.footnote_definitions import (
    Footnote,
    by_label,
    find_footnotes,
    needed,
    unused,
)
from ankipress.syntax.link_definitions import link_definitions, used_definitions
from ankipress.syntax.outline import Heading, Outline, outline
from ankipress.syntax.plain_text import plain_text
from ankipress.syntax.prose import without_fences


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
    footnotes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A source, cut into sections. `deck` and `tags` are those of all its cards."""

    path: str
    lines: Sequence[str]
    context: FileContext
    sections: tuple[Section, ...]
    headings: tuple[Heading, ...]
    deck: str
    tags: tuple[str, ...]
    problems: tuple[Diagnostic, ...]


def read_document(source: Source, settings: Settings, custom: Mapping[str, CustomType]) -> Document:
    """The sections of a source. No card is read yet."""
    lines = source.text.split("\n")
    matter, problems = read_front_matter(lines, source.path)
    # Front matter is blanked, not cut: line numbers stay those of the file.
    body = [""] * matter.lines + lines[matter.lines :]
    found = outline(body)
    definitions = _Definitions(source.path, body)
    return Document(
        path=source.path,
        lines=lines,
        context=FileContext(settings.card_level, settings.lang, matter.defaults, custom),
        sections=tuple(_sections(found, body, settings.card_level, definitions)),
        headings=tuple(found.headings),
        deck=_deck(source.path, matter, found, settings),
        tags=(*settings.tags, *matter.tags),
        problems=(
            *problems,
            *_unclosed(source.path, lines, found),
            *bidi_controls(source),
            *definitions.problems(),
        ),
    )


class _Definitions:
    """The definitions of links and footnotes in a file: on GitHub they hold for all of it."""

    def __init__(self, path: str, body: Sequence[str]) -> None:
        self._path, self._body = path, body
        self._text = "\n".join(body)
        self._links: Mapping[str, str] = {}
        self._footnotes: Sequence[Footnote] = ()
        # Most files define nothing, and to look for definitions takes a while.
        if "]:" in self._text:
            self._links = link_definitions(without_fences(self._text))
            self._footnotes = find_footnotes(body)
        self._by_label = by_label(self._footnotes)

    def footnotes(self, text: str, lines: range) -> Mapping[str, str]:
        """The footnotes that the section on these lines needs, by their labels."""
        if not self._by_label:
            return {}
        return needed([text], lines, self._by_label)

    def links(self, text: str, footnotes: Mapping[str, str]) -> Mapping[str, str]:
        """The definitions of links that a section and its footnotes use, by label."""
        return used_definitions([text, *footnotes.values()], self._links)

    def problems(self) -> Iterator[Diagnostic]:
        for footnote in unused(self._footnotes, self._text):
            column = self._body[footnote.line].index("[") + 1
            width = len(f"[^{footnote.label}]:")
            yield Diagnostic(
                "unused-footnote",
                Location(self._path, footnote.line + 1, column, width),
                "nothing refers to this footnote, so it is on no card",
                f"write [^{footnote.label}] where it belongs, or delete it",
            )


def _sections(
    found: Outline, body: Sequence[str], level: int, definitions: _Definitions
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
    return plain_text(split_attributes(heading.text)[0])


def _unclosed(path: str, lines: Sequence[str], found: Outline) -> Iterator[Diagnostic]:
    if found.open_fence is not None:
        yield Diagnostic(
            "unclosed-fence",
            location_of_text(path, found.open_fence + 1, lines[found.open_fence]),
            "this code block never ends",
            "close it with a line of the same marks",
        )
    for line in found.open_details:
        yield Diagnostic(
            "unclosed-html",
            location_of_text(path, line + 1, lines[line]),
            "this <details> never ends",
            "close it with </details>",
        )


def _deck(path: str, matter: FrontMatter, found: Outline, settings: Settings) -> str:
    """The deck of a file: front matter, else its first heading of level 1, else its name."""
    title = ""
    for heading in found.headings:
        if heading.level == 1 < settings.card_level:
            title = _name(heading)
            break
    stem = path.rpartition("/")[2].rpartition(".")[0]
    # A name may nest decks with `::`; one that Anki would call blank is passed over.
    names = map(_deck_name, (matter.deck or "", title, stem, path))
    name = next(filter(None, names), "cards")
    prefix = _deck_name(settings.deck_prefix)
    if not prefix:
        return name
    return f"{prefix}::{name}"


def _deck_name(text: str) -> str:
    """A deck's name as Anki keeps it: components trimmed, none of them empty."""
    normal = unicodedata.normalize("NFC", text)
    spaced = re.sub(r"\s+", " ", normal)
    components = [each.strip() for each in spaced.split("::")]
    return "::".join(filter(None, components))
