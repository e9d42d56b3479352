"""Why sources hold no cards: what stands in them instead, and what to change.

A person who brings notes of another shape learns here which shape ankipress saw, and how a card is
written. Each shape is a line in `_STYLES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.parse.document import Document
from ankipress.project.settings import Settings
from ankipress.syntax.blocks import read_blocks
from ankipress.syntax.spans import lines_of
from ankipress.syntax.tree import walk
from ankipress.visible_text import one_line

_SHOWN = 3  # shapes that are named
_LONGEST = 60  # characters of an example


class _Style(NamedTuple):
    """A way to write questions that makes no cards: what its lines are called, and what helps.

    `{marks}` in it stands for the marks of a card's heading.
    """

    lines: re.Pattern[str]
    name: str
    help: str
    shown: int = 0  # which line is shown of it, counted from the one that matches


_START = r"\s*(?:>\s*)*(?:[-*+]\s+|\d{1,4}[.)]\s+)?"
_STYLES = (
    _Style(
        re.compile(rf"{_START}(?:\*\*|__)?(?:Q|Question)\s?\d*(?:\*\*|__)?\s*[:.)]", re.IGNORECASE),
        "lines that begin with `Q:`",
        "write each question as a heading, `{marks} …` in place of `Q: …`, and the answer below"
        " it without `A:`",
    ),
    _Style(
        re.compile(r".*<summary\b", re.IGNORECASE),
        "<summary>",
        "write what stands in <summary> as a heading, `{marks} …`, and what it hides below",
    ),
    _Style(
        re.compile(r"\s*(?:>|[-*+]|\d{1,9}[.)])\s+(?:[-*+>]\s+)*#{1,6}\s+\S"),
        "headings in a list or a quote",
        "write these headings at the margin: inside a list or a quote, a heading makes no card",
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
    ),
    _Style(
        re.compile(r"\s{0,3}\d{1,4}[.)]\s+\S"),
        "numbered lines",
        "write each question as a heading, `{marks} …` in place of `1. …`, and the answer below",
    ),
    _Style(
        re.compile(r"(?!.*\{\{)[^|`]*\S ?:: ?\S"),
        "lines with `::`",
        "write what stands before `::` as a heading, `{marks} …`, and what stands behind it below;"
        " or write a table below one heading `{marks} … {{kind=rows}}`",
    ),
    _Style(
        re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?)?\s*\|?\s*$"),
        "tables",
        "a table becomes a card for each row below a heading such as"
        " `{marks} Vocabulary {{kind=rows}}`",
        shown=-1,
    ),
    _Style(
        re.compile(r".*\{\{c\d+::"),
        "lines with a deletion",
        "write each of these texts below a heading of its own, `{marks} … {{kind=cloze}}`, or as"
        " the heading",
    ),
)
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


def no_cards(documents: Sequence[Document], settings: Settings, drafts: int) -> Diagnostic:
    """The problem that sources have no card, given the number of cards that are drafts."""
    files = documents[0].path
    if len(documents) > 1:
        files = f"these {len(documents)} files"
    message = f"no cards found in {files}"
    place = Location(documents[0].path)
    if drafts:
        help = "all cards are drafts: take {draft} from one"
        return Diagnostic("no-cards", place, message, help)
    level = settings.card_level
    help = f"a card is a heading of level {level} (`{'#' * level} Question`) and what follows"
    if not any(map(_text_below_front_matter, documents)):
        return Diagnostic("no-cards", place, f"{message}: there is no text", help)
    if _PAGE.match(_text_below_front_matter(documents[0])):
        help = f"`pandoc -f html -t gfm FILE -o cards.md` makes Markdown of it; {help}"
        return Diagnostic("no-cards", place, f"{message}: it is a page of HTML", help)
    seen = sorted(_sightings(documents, settings), key=lambda each: -each.number)
    if not seen:
        if any(each.level == level for one in documents for each in one.headings):
            message += f": no heading of level {level} makes one"
        else:
            message += ": there is no heading"
        return Diagnostic("no-cards", place, message, help)
    words = ", ".join(each.words for each in seen[:_SHOWN])
    message += f": cards are headings of level {level}, but there are {words}"
    location = seen[0].place
    return Diagnostic("no-cards", location, message, seen[0].help)


def _text_below_front_matter(document: Document) -> str:
    return "\n".join(document.lines[document.first_line :]).strip()


def _sightings(documents: Sequence[Document], settings: Settings) -> list[_Sighting]:
    """Everything that could be meant as questions, each once."""
    found: dict[str, _Sighting] = {}
    sources = _missing_sources(documents, settings)
    for document in documents:
        headings = _headings(document, settings.card_level, sources)
        for each in (*headings, *_other_lines(document, settings.card_level)):
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


def _headings(document: Document, level: int, sources: str) -> Iterator[_Sighting]:
    """The headings that make no cards. A single one of level 1 is the title of its file."""
    titles = [each for each in document.headings if each.level == 1]
    for heading in document.headings:
        is_title = len(titles) == 1 and heading.level == 1 and not heading.text.endswith("?")
        if heading.level == level or is_title:
            continue
        line = document.lines[heading.start]
        place = location_of_text(document.path, heading.start + 1, line)
        help = (
            f"set `card_level = {heading.level}`{sources} in ankipress.toml, or write these"
            f" headings with `{'#' * level}`"
        )
        yield _Sighting(f"headings of level {heading.level}", place, line.strip(), help)


def _code_lines(lines: Sequence[str]) -> set[int]:
    """The 0-based lines of code."""
    text = "\n".join(lines)
    found: set[int] = set()
    for node in walk(read_blocks(text).nodes):
        if node.kind == "code":
            found.update(lines_of(text, *node.span))
    return found


def _other_lines(document: Document, level: int) -> Iterator[_Sighting]:
    """The lines of other shapes. A line has one shape, the first that fits."""
    headings = {number for each in document.headings for number in range(each.start, each.end)}
    code = _code_lines(document.lines)
    for number, line in enumerate(document.lines):
        if number < document.first_line or number in headings or number in code:
            continue
        style = next((each for each in _STYLES if each.lines.match(line)), None)
        if style:
            first = max(0, number + style.shown)
            text = document.lines[first]
            place = location_of_text(document.path, first + 1, text)
            help = style.help.format(marks="#" * level)
            yield _Sighting(style.name, place, text.strip(), help)
