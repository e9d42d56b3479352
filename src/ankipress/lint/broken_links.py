"""Links to files and headings of the project that are not there."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from rapidfuzz import fuzz, process

from ankipress.diagnostics import Diagnostic, Location
from ankipress.lint.card_text import Block, Card, Reading
from ankipress.syntax.plain_text import plain_text

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_ATTRIBUTES = re.compile(r"\{:?[^{}]*\}$")
_BRACES = re.compile(r"\{[^{}]*\}")
_ID = re.compile(r"(?<=#)[^\s{}]+")
_ANCHOR = re.compile(r"\b(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_LONGEST = 1000  # characters of a line that may be a heading
_LINK = re.compile(r"<a\b[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_PAGE = (".md", ".markdown")


class _Link(NamedTuple):
    card: Card
    block: Block
    target: str

    @property
    def file(self) -> str | None:
        """The path in the project that is meant, None for one that leads out of it."""
        path = unquote(re.split(r"[?#]", self.target, maxsplit=1)[0])
        if not path:
            return self.card.entry.path
        base = "" if path.startswith("/") else posixpath.dirname(self.card.entry.path)
        joined = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
        return None if joined.startswith("..") else joined

    @property
    def anchor(self) -> str:
        return unquote(self.target.partition("#")[2])

    @property
    def place(self) -> Location:
        return self.card.place(self.block.start, self.target, self.block.end)


def linked_files(cards: Sequence[Card]) -> tuple[str, ...]:
    """The files inside the project that links of some cards mean, sorted: what a `Reading` should
    say of.
    """
    return tuple(
        sorted({link.file for card in cards for link in _links(card) if link.file is not None})
    )


def broken_links(reading: Reading) -> Iterator[Diagnostic]:
    """Links to a file that is not in the project, or to a heading that its file does not have."""
    anchors: dict[str, frozenset[str]] = {}
    for card in reading.cards:
        for link in _links(card):
            file = link.file
            if file is None:
                message = f'"{link.target}" leads out of the project'
                yield Diagnostic(
                    "broken-link",
                    link.place,
                    message,
                    "link to a page on the web, or to a file of the project",
                )
            elif file not in reading.files:
                way_out = (
                    _suggestion(file, tuple(reading.files)) or "mend the link, or add the file"
                )
                yield Diagnostic(
                    "broken-link", link.place, f'there is no file "{file}" in the project', way_out
                )
            elif link.anchor and file.lower().endswith(_PAGE):
                known = anchors.setdefault(file, _anchors(reading.files[file]))
                if link.anchor.casefold() not in known:
                    way_out = (
                        _suggestion(link.anchor, tuple(sorted(known)))
                        or "GitHub makes it of the words of a heading"
                    )
                    message = f'"{file}" has no heading "#{link.anchor}"'
                    yield Diagnostic("broken-link", link.place, message, way_out)


def _suggestion(word: str, known: Sequence[str]) -> str:
    best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=70)
    return f'did you mean "{best[0]}"?' if best else ""


def _links(card: Card) -> Iterator[_Link]:
    for block in card.blocks:
        for target in _targets(block):
            if target and not _ELSEWHERE.match(target):
                yield _Link(card, block, target)


def _targets(block: Block) -> Iterator[str]:
    if block.token.type == "html_block":
        yield from _hrefs(block.token.content)
    for child in block.token.children or ():
        if child.type == "link_open":
            yield unquote(str(child.attrs.get("href", "")))
        elif child.type == "html_inline":
            yield from _hrefs(child.content)


def _hrefs(html: str) -> Iterator[str]:
    for tag in _LINK.findall(html):
        yield from (one or other for one, other in _HREF.findall(tag))


def _anchors(text: str) -> frozenset[str]:
    """The anchors of a page as GitHub makes them, the second of two equal ones with a number, and
    those of the author.
    """
    found = {"", "top", *_ANCHOR.findall(text)}
    seen: Counter[str] = Counter()
    for heading in _headings(text):
        found |= {name for braces in _BRACES.findall(heading) for name in _ID.findall(braces)}
        for written in dict.fromkeys((heading, _ATTRIBUTES.sub("", heading))):
            slug = _slug(written)
            found |= {slug, f"{slug}-{seen[slug]}"}
            seen[slug] += 1
    return frozenset(each.casefold() for each in found)


def _headings(text: str) -> Iterator[str]:
    """The text of what may be a heading: a line in code too, since a link is better left alone than
    told without reason.
    """
    before = ""
    for line in text.split("\n"):
        if len(line) > _LONGEST:
            line = ""  # noqa: PLW2901
        if found := _HEADING.match(line):
            yield found[1].rstrip(" \t#")
        elif before.strip() and _UNDERLINE.fullmatch(line):
            yield before.strip()
        before = line


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", plain_text(heading).strip().lower()).replace(" ", "-")
