"""Why sources hold no cards: what stands in them instead, and what to change.

A person who brings notes of another shape learns here which shape ankipress saw, and how a card is
written. Each shape is a line in `_STYLES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.parse.document import Document
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.shapes import HEADINGS, SHAPES
from ankipress.project.settings import Settings
from ankipress.syntax.blocks import read_blocks
from ankipress.syntax.dialect import OBSIDIAN
from ankipress.syntax.outline import Heading
from ankipress.syntax.spans import lines_of
from ankipress.syntax.tree import walk
from ankipress.visible_text import one_line

_PLUGINS = (
    "a line with `::` is a card in a file with a deck tag such as `#flashcards` or with"
    " `cards-deck`, and in a list where nearly every item is one; see also `#card` and `START`"
)
_SHOWN = 3  # shapes that are named
_LONGEST = 60  # characters of an example


class _Style(NamedTuple):
    """A way to write questions that makes no cards: what its lines are called, and what helps.

    `{marks}` in it stands for the marks of a card's heading. `shape` is the one that reads it.
    """

    lines: re.Pattern[str]
    name: str
    help: str
    shown: int = 0  # which line is shown of it, counted from the one that matches
    shape: str = ""


_START = r"\s*(?:>\s*)*(?:[-*+]\s+|\d{1,4}[.)]\s+)?"
_STYLES = (
    _Style(
        re.compile(rf"{_START}(?:\*\*|__)?(?:Q|Question)\s?\d*(?:\*\*|__)?\s*[:.)]", re.IGNORECASE),
        "lines that begin with `Q:`",
        "write each question as a heading, `{marks} …` in place of `Q: …`, and the answer below"
        " it without `A:`",
        shape="prefix",
    ),
    _Style(
        re.compile(r".*<summary\b", re.IGNORECASE),
        "<summary>",
        "write what stands in <summary> as a heading, `{marks} …`, and what it hides below",
        shape="summary",
    ),
    _Style(
        re.compile(r"\s*(?:>|[-*+]|\d{1,9}[.)])\s+(?:[-*+>]\s+)*#{1,6}\s+\S"),
        "headings in a list or a quote",
        "write these headings at the margin: inside a list or a quote, a heading makes no card",
        shape="numbered",
    ),
    _Style(
        re.compile(r"#{2,6}[^\s#]"),
        "lines with `##` and no space behind it",
        "leave a space between the marks and the text: `{marks} …`",
    ),
    _Style(
        re.compile(rf"{_START}(?:\*\*|__)(?=\S)[^*_]+\S(?:\*\*|__)[:?]?\s*$"),
        "lines in bold",
        "write each question as a heading, `{marks} …` in place of `**…**`, and the answer below",
        shape="bold",
    ),
    _Style(
        re.compile(r"\s{0,3}\d{1,4}[.)]\s+\S"),
        "numbered lines",
        "write each question as a heading, `{marks} …` in place of `1. …`, and the answer below",
        shape="numbered",
    ),
    _Style(
        re.compile(r"(?!.*\{\{)[^|`]*\S ?:: ?\S"),
        "lines with `::`",
        "write what stands before `::` as a heading, `{marks} …`, and what stands behind it below;"
        " or write a table below one heading `{marks} … {{kind=rows}}`",
        shape="inline",
    ),
    _Style(
        re.compile(r"\s*(?:\|\s*)?(?::?-+:?\s*\|\s*)+(?::?-+:?\s*)?(?:\|\s*)?$"),
        "tables",
        "a table becomes a card for each row below a heading such as"
        " `{marks} Vocabulary {{kind=rows}}`",
        shown=-1,
        shape="table",
    ),
    _Style(
        re.compile(r".*\{\{c\d+::"),
        "lines with a deletion",
        "write each of these texts below a heading of its own, `{marks} … {{kind=cloze}}`, or as"
        " the heading",
    ),
)
_CARDS: Mapping[str, str] = {
    "headings": "headings of level {level}",
    "file": "files that begin with a question",
    "numbered": "items of numbered lists",
    "prefix": "lines that begin with `Q:`",
    "summary": "<summary>",
    "bold": "lines in bold",
    "inline": "lines with `::`",
    "table": "rows of tables",
}
"""What asks in each shape."""
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)


class _Sighting(NamedTuple):
    """What was seen: its name, the first of its places, its text, what helps, and how many."""

    name: str
    place: Location
    example: str
    help: str
    number: int = 1

    @property
    def words(self) -> str:
        """What was seen, for a message."""
        example = f"`{one_line(self.example, _LONGEST)}`"
        if self.number == 1:
            return f"{self.name} (1: {example})"
        return f"{self.name} ({self.number}, such as {example})"


def no_cards(
    documents: Sequence[Document],
    settings: Settings,
    drafts: int,
) -> Diagnostic:
    """The problem that sources have no card, given the number of cards that are drafts."""
    files = documents[0].path
    if len(documents) > 1:
        files = f"these {len(documents)} files"
    message = f"no cards found in {files}"
    place = Location(documents[0].path)
    if drafts:
        help = "all cards are drafts: take {draft} from one"
        return Diagnostic(
            "no-cards",
            place,
            message,
            help,
        )
    if settings.dialect == OBSIDIAN and settings.shape == "inline":
        message += ": there is no mark of a plug-in that makes one"
        return Diagnostic(
            "no-cards",
            place,
            message,
            _PLUGINS,
        )
    cards = _cards_of(documents[0])
    help = _help(documents[0])
    if not any(map(_text_below_front_matter, documents)):
        return Diagnostic(
            "no-cards",
            place,
            f"{message}: there is no text",
            help,
        )
    if _PAGE.match(_text_below_front_matter(documents[0])):
        help = f"`pandoc -f html -t gfm FILE -o cards.md` makes Markdown of it; {help}"
        return Diagnostic(
            "no-cards",
            place,
            f"{message}: it is a page of HTML",
            help,
        )
    seen = sorted(_sightings(documents, settings), key=lambda each: -each.number)
    if not seen:
        return Diagnostic(
            "no-cards",
            place,
            f"{message}: {_nothing_seen(documents)}",
            help,
        )
    words = ", ".join(each.words for each in seen[:_SHOWN])
    message += f": cards are {cards}, but there are {words}"
    location = seen[0].place
    return Diagnostic(
        "no-cards",
        location,
        message,
        seen[0].help,
    )


def _cards_of(document: Document) -> str:
    """What asks in the shape of a file."""
    return _CARDS[document.shape].format(level=document.context.card_level)


def _help(document: Document) -> str:
    """How a card is written in the shape of a file."""
    if document.shape != HEADINGS:
        cards = _cards_of(document)
        return f'in the shape "{document.shape}", cards are {cards}, with what follows'
    level = document.context.card_level
    return f"a card is a heading of level {level} (`{'#' * level} Question`) and what follows"


def _nothing_seen(documents: Sequence[Document]) -> str:
    if documents[0].shape != HEADINGS:
        return f"there are no {_cards_of(documents[0])}"
    level = documents[0].context.card_level
    headings = (each for one in documents for each in one.headings)
    if any(each.level == level for each in headings):
        return f"no heading of level {level} makes one"
    return "there is no heading"


def _text_below_front_matter(document: Document) -> str:
    return "\n".join(document.lines[document.first_line :]).strip()


def _sightings(documents: Sequence[Document], settings: Settings) -> list[_Sighting]:
    """Everything that could be meant as questions, each once."""
    found: dict[str, _Sighting] = {}
    sources = _missing_sources(documents, settings)
    for document in documents:
        for each in (*_headings(document, sources), *_other_lines(document, sources)):
            known = found.get(each.name)
            if known is None:
                found[each.name] = each
            else:
                found[each.name] = known._replace(number=known.number + 1)
    return list(found.values())


def _missing_sources(documents: Sequence[Document], settings: Settings) -> str:
    """The setting that makes files a project which were named on the command line, empty where they
    are in one.
    """
    patterns = [each.replace("**/", "*") for each in settings.sources]
    if any(fnmatch(documents[0].path, each) for each in patterns):
        return ""
    paths = ", ".join(f'"{each.path}"' for each in documents)
    return f" and `sources = [{paths}]`"


def _headings(document: Document, sources: str) -> Iterator[_Sighting]:
    """The headings that make no cards. A single one of level 1 is the title of its file."""
    titles = [each for each in document.headings if each.level == 1]
    for heading in document.headings:
        is_title = len(titles) == 1 and heading.level == 1 and not heading.text.endswith("?")
        if is_title or _is_of_cards(heading, document):
            continue
        line = document.lines[heading.start]
        place = location_of_text(
            document.path,
            heading.start + 1,
            line,
        )
        help = _help_for_headings(
            heading.level,
            document,
            sources,
        )
        yield _Sighting(
            f"headings of level {heading.level}",
            place,
            line.strip(),
            help,
        )


def _is_of_cards(heading: Heading, document: Document) -> bool:
    """Whether a heading has the level of cards."""
    return document.shape == HEADINGS and heading.level == document.context.card_level


def _help_for_headings(
    level: int,
    document: Document,
    sources: str,
) -> str:
    if document.shape != HEADINGS:
        return _way_to_shape(
            HEADINGS,
            level,
            sources,
        )
    marks = "#" * document.context.card_level
    return (
        f"set `card_level = {level}`{sources} in ankipress.toml, or write these"
        f" headings with `{marks}`"
    )


def _way_to_shape(
    shape: str,
    level: int,
    sources: str,
) -> str:
    """How files are read in another shape: those of a project, and others, which are no sources."""
    if sources:
        option = shape
        if shape == HEADINGS:
            option = f"{shape}:{level}"
        return f"`ankipress build FILE --shape {option}` reads them"
    if shape == HEADINGS:
        return f'set `shape = "{shape}"` and `card_level = {level}`'
    return f'set `shape = "{shape}"`'


def _finds_cards(document: Document, shape: str) -> bool:
    """Whether another shape finds cards in a file."""
    if not shape or shape == document.shape:
        return False
    file = ShapedFile(
        document.lines,
        document.first_line,
        dialect=document.context.dialect,
    )
    return next(SHAPES[shape](file), None) is not None


def _code_lines(lines: Sequence[str]) -> set[int]:
    """The 0-based lines of code."""
    text = "\n".join(lines)
    found: set[int] = set()
    for node in walk(read_blocks(text).nodes):
        if node.kind == "code":
            found.update(lines_of(text, *node.span))
    return found


def _other_lines(document: Document, sources: str) -> Iterator[_Sighting]:
    """The lines of other shapes. A line has one shape, the first that fits."""
    headings = {number for each in document.headings for number in range(each.start, each.end)}
    code = _code_lines(document.lines)
    helps: dict[str, str] = {}
    for number, line in enumerate(document.lines):
        if number < document.first_line or number in headings or number in code:
            continue
        style = next((each for each in _STYLES if each.lines.match(line)), None)
        if style is None or style.shape == document.shape:
            continue
        if style.name not in helps:
            helps[style.name] = _help_for(
                style,
                document,
                sources,
            )
        first = max(0, number + style.shown)
        text = document.lines[first]
        place = location_of_text(
            document.path,
            first + 1,
            text,
        )
        yield _Sighting(
            style.name,
            place,
            text.strip(),
            helps[style.name],
        )


def _help_for(
    style: _Style,
    document: Document,
    sources: str,
) -> str:
    """What helps where questions are written in a style: the shape that reads it, where it does."""
    ways: list[str] = []
    if _finds_cards(document, style.shape):
        ways.append(_way_to_shape(style.shape, document.context.card_level, sources))
    if document.shape == HEADINGS or not ways:
        marks = "#" * document.context.card_level
        ways.append(style.help.format(marks=marks))
    return ", or ".join(ways)
