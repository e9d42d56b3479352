"""The text of a cloze note as Anki reads it.

Anki reads deletions from the raw text of a field, through all markup: the first `::` in one begins
its hint and `}}` ends it, wherever they stand. Character references do not help, since canonical
HTML has none of them; a markup boundary does. And what it hides or shows it puts into an element,
so a deletion must hold whole elements, or a card would lose half of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from ankipress.render.html import TAG, canonical, outside_tags
from ankipress.render.marking import APART, CLOSE, HINT, OPEN, TEXT
from ankipress.render.math import MARK
from ankipress.render.overlap import Region, nested
from ankipress.syntax.deletions import find_deletions

_MATH = rf"{MARK}\(.*?{MARK}\)|{MARK}\[.*?{MARK}\]"
_RAW = re.compile(
    rf"<(?P<name>pre|code)(?: [^>]*)?>.*?</(?P=name)>|{_MATH}|{TAG}|[{{}}:=]{APART}", re.DOTALL
)
_CODE = re.compile(r"<(pre|code)(?: [^>]*)?>.*?</\1>", re.DOTALL)
_OPENING = re.compile(rf"\{{(?=\{{c[0-9,]+(?:::|{HINT}))")
_TWINS = rf":(?=[:{HINT}])|\}}(?=[}}{CLOSE}])"
_STEP = re.compile(
    rf"(?P<mark>[{OPEN}{CLOSE}])|(?P<tag>{TAG})|(?P<math>{_MATH})|(?P<twin>{_TWINS})|{_OPENING.pattern}",
    re.DOTALL,
)
_HIGHLIGHT = re.compile(r"(?<!=)==(?!=)")
_NUMBERS = re.compile(rf"\{{\{{c([0-9,]+)::|{OPEN}([0-9,]+){TEXT}")
_WRITTEN = re.compile(r"\{\{c([0-9,]+)::")
HIGHEST_NUMBER = 500
"""The highest number of a deletion; Anki takes all above for this one."""
_BLOCK = re.compile(
    r"</?(?:p|li|h[1-6]|t[dhr]|table|[uo]l|d[tdl]|pre|blockquote|div|details|summary|hr|figure|figcaption)[ >]"
)


@dataclass(frozen=True, slots=True)
class ClozeText:
    """A field whose deletions are those that its author wrote, and the beginnings of those that
    nothing closes.
    """

    html: str
    unclosed: tuple[str, ...] = ()


def read_cloze(html: str, *, highlights: bool) -> ClozeText:
    """The text of a cloze note, canonical, with marked deletions in code and mathematics.

    With `highlights`, `==text==` is a deletion too, of the next number that the text does not name.
    """
    if "{{c" not in html and OPEN not in html and not (highlights and "==" in html):
        return ClozeText(_finished(html))
    # Of the same length, and without what is no prose: places in one are places in the other.
    prose = _RAW.sub(lambda found: " " * len(found[0]), html)
    found = find_deletions(prose)
    regions = [
        Region(each.start, each.inner, each.hint, each.end, each.end + 2, each.numbers)
        for each in found.deletions
    ]
    if highlights:
        regions += _highlights(prose, html)
    unclosed = tuple(text_from(html, place) for place in found.unclosed)
    return ClozeText(canonical(_finished(nested(html, sorted(regions)))), unclosed)


def wrong_numbers(html: str) -> Iterator[str]:
    """The numbers, as they are written, of deletions of a finished field of which Anki makes no
    card of their own.
    """
    for numbers in dict.fromkeys(_WRITTEN.findall(html)):
        if any(
            not 1 <= int(each.lstrip("0")[:6] or 0) <= HIGHEST_NUMBER
            for each in numbers.split(",")
            if each
        ):
            yield numbers


def text_from(html: str, place: int) -> str:
    """The first words of what stands at a place, as an author finds them in the source."""
    return re.sub(r"<[^>]*>?|[\x0e-\x13]", "", html[place : place + 40]).split("\n")[0][:24].strip()


def _highlights(prose: str, html: str) -> list[Region]:
    """Pairs of `==`, the first without a space behind it and the second without one before it, in
    one block of text.
    """
    named = {
        int(number)
        for numbers in _NUMBERS.findall(html)
        for number in "".join(numbers).split(",")
        if number.isdigit()
    }
    numbers = (number for number in count(1) if number not in named)
    regions: list[Region] = []
    opening: int | None = None
    for mark in _HIGHLIGHT.finditer(prose):
        place = mark.start()
        before, behind = html[place - 1 : place], html[place + 2 : place + 3]
        if opening is not None and _BLOCK.search(html, opening, place):
            opening = None
        if opening is not None and not before.isspace():
            regions.append(Region(opening, opening + 2, None, place, place + 2, str(next(numbers))))
            opening = None
        elif (
            opening is None
            and behind
            and not behind.isspace()
            and not (_is_word(before) and _is_word(behind))
        ):
            opening = place
    return regions


def _is_word(character: str) -> bool:
    """Whether it is a letter of a program: `a==b` is a comparison."""
    return character.isascii() and (character.isalnum() or character == "_")


def _finished(html: str) -> str:
    """The field with Anki's marks in the place of ours, and a boundary in whatever else Anki would
    take for one.
    """
    html = _Boundaries().set(html.replace(APART, ""))
    return html.replace(OPEN, "{{c").replace(TEXT, "::").replace(HINT, "::").replace(CLOSE, "}}")


class _Boundaries:
    """A walk through a field that knows how many deletions are open: outside of them, only what
    would begin one matters.
    """

    def __init__(self) -> None:
        self._depth = 0

    def set(self, html: str) -> str:
        return _STEP.sub(self._step, html)

    def _step(self, found: re.Match[str]) -> str:
        text = found[0]
        if found["mark"]:
            self._depth += 1 if text == OPEN else -1
        elif found["math"]:
            # It can hold no markup, and its own marks pair.
            return text
        elif found["tag"]:
            return _apart_in_tag(text)
        elif not found["twin"] or self._depth:
            return f"{text}<wbr>"
        return text


def _apart_in_tag(tag: str) -> str:
    """A tag can hold no markup: an address has its characters as codes, a text a space between
    them.
    """
    if not re.search(r"::|\}\}|\{\{", tag):
        return tag
    tag = re.sub(r'(?<= )(href|src)="[^"]*"', lambda found: _coded(found[0]), tag)
    return re.sub(r":(?=:)|\}(?=\})|\{(?=\{)", r"\g<0> ", tag)


def _coded(address: str) -> str:
    return address.replace("::", "%3A%3A").replace("{{", "%7B%7B").replace("}}", "%7D%7D")


def without_deletions(text: str) -> str:
    """A field other than the text of a cloze note: Anki counts deletions there too, and would make
    cards that hide nothing.
    """
    return outside_tags(
        text, lambda part: _OPENING.sub("{<wbr>", part), lambda tag: _OPENING.sub("{ ", tag)
    )


def has_deletion(text: str) -> bool:
    """Whether a field has a deletion that its author may have meant: one outside code."""
    return _OPENING.search(_CODE.sub("", text)) is not None
