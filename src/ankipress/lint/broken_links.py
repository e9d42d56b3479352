"""Links to files and headings of the project that are not there."""

from __future__ import annotations

import functools
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from rapidfuzz import fuzz, process

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardBlock, CardText, DeckText
from ankipress.syntax.plain_text import plain_text

PAGES = (".md", ".markdown")
"""How files with headings end, in lower case."""

_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_ATTRIBUTES = re.compile(r"\{:?[^{}]*\}$")
_BRACES = re.compile(r"\{[^{}]*\}")
_ID = re.compile(r"(?<=#)[^\s{}]+")
_ANCHOR = re.compile(r"\b(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_LONGEST = 1000  # characters of a line that may be a heading
_LINK = re.compile(r"<a\b[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


class _Link(NamedTuple):
    card: CardText
    block: CardBlock
    target: str

    @property
    def file(self) -> str | None:
        """The path in the project, None for one that leads out of it."""
        path = unquote(re.split(r"[?#]", self.target, maxsplit=1)[0])
        source = self.card.entry.path
        if not path:
            return source
        if not path.startswith("/"):
            path = posixpath.join(posixpath.dirname(source), path)
        # GitHub reads an address that begins with a slash from the top of the repository.
        path = posixpath.normpath(path.lstrip("/"))
        if path.startswith(".."):
            return None
        return path


def linked_files(cards: Iterable[CardText]) -> list[str]:
    """The files of the project that links of some cards mean, sorted."""
    files = {link.file for card in cards for link in _links(card)}
    return sorted(file for file in files if file is not None)


def broken_links(reading: DeckText) -> Iterator[Diagnostic]:
    """Find links to a file that is not in the project, or to a heading that its file lacks."""
    for card in reading.cards:
        for link in _links(card):
            problem = _problem(link, reading.files)
            if problem:
                yield Diagnostic("broken-link", card.locate(link.target, link.block), *problem)


def _problem(link: _Link, files: Mapping[str, str]) -> tuple[str, str] | None:
    """The message and the help for a broken link, None for a good one."""
    file = link.file
    if file is None:
        help = "link to a page on the web, or to a file of the project"
        return f'"{link.target}" leads out of the project', help
    if file not in files:
        help = _nearest(file, list(files)) or "fix the link, or add the file"
        return f'there is no file "{file}" in the project', help
    # An anchor in a file without headings, such as a PDF, means something to its reader.
    anchor = unquote(link.target.partition("#")[2])
    if not anchor or not file.lower().endswith(PAGES):
        return None
    known = _anchors(files[file])
    if anchor.casefold() in known:
        return None
    help = _nearest(anchor, sorted(known)) or "GitHub makes it of the words of a heading"
    return f'"{file}" has no heading "#{anchor}"', help


def _nearest(word: str, known: Sequence[str]) -> str:
    # Stricter than other suggestions: names of files are alike by their endings.
    nearest = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=70)
    if nearest is None:
        return ""
    return f'did you mean "{nearest[0]}"?'


def _links(card: CardText) -> Iterator[_Link]:
    for block in card.blocks:
        for target in _targets(block):
            if target and not _EXTERNAL.match(target):
                yield _Link(card, block, target)


def _targets(block: CardBlock) -> Iterator[str]:
    if block.token.type == "html_block":
        yield from _hrefs(block.token.content)
    for child in block.token.children or ():
        if child.type == "link_open":
            yield unquote(str(child.attrs.get("href", "")))
        elif child.type == "html_inline":
            yield from _hrefs(child.content)


def _hrefs(html: str) -> Iterator[str]:
    for tag in _LINK.findall(html):
        for double_quoted, single_quoted in _HREF.findall(tag):
            yield double_quoted or single_quoted


@functools.lru_cache(maxsize=16)
def _anchors(text: str) -> frozenset[str]:
    """The anchors of a page, in lower case: those of the author, and those that GitHub makes.

    GitHub gives the second of two equal headings a number.
    """
    anchors = {"", "top", *_ANCHOR.findall(text)}
    counts: Counter[str] = Counter()
    for heading in _headings(text):
        for braces in _BRACES.findall(heading):
            anchors.update(_ID.findall(braces))
        # Whether GitHub counts the attributes as text depends on where the page is shown.
        for written in {heading, _ATTRIBUTES.sub("", heading)}:
            slug = _slug(written)
            anchors |= {slug, f"{slug}-{counts[slug]}"}
            counts[slug] += 1
    return frozenset(anchor.casefold() for anchor in anchors)


def _headings(text: str) -> Iterator[str]:
    """The text of what may be a heading.

    A line of code counts too: an unknown broken link is better than a wrong problem.
    """
    previous = ""
    for written in text.split("\n"):
        line = written[:_LONGEST]
        heading = _HEADING.match(line)
        if heading:
            yield heading[1].rstrip(" \t#")
        # A line of `=` or `-` makes a heading of the line above it.
        elif previous.strip() and _UNDERLINE.fullmatch(line):
            yield previous.strip()
        previous = line


def _slug(heading: str) -> str:
    words = plain_text(heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
