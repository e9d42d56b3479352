"""The text of a cloze note as Anki reads it.

Anki reads deletions from the raw text of a field, through all markup: the first `::` in one begins
its hint and `}}` ends it, wherever they are. Character references do not help, since canonical HTML
has none of them; a markup boundary does. Anki puts what it hides or shows into an element, so a
deletion must hold complete elements, or a card would lose half of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from ankipress.render.html import TAG, canonical, outside_tags
from ankipress.render.marking import APART, CLOSE, HINT, OPEN, TEXT
from ankipress.render.math import MARKED_MATH
from ankipress.render.overlap import Region, nest_deletions
from ankipress.syntax.deletions import find_deletions

_CODE_PATTERN = r"<(?P<name>pre|code)(?: [^>]*)?>.*?</(?P=name)>"
_NO_PROSE = re.compile(rf"{_CODE_PATTERN}|{MARKED_MATH}|{TAG}|[{{}}:=]{APART}", re.DOTALL)
_CODE = re.compile(_CODE_PATTERN, re.DOTALL)
_OPENING = re.compile(rf"\{{(?=\{{c[0-9,]+(?:::|{HINT}))")
_TWINS = rf":(?=[:{HINT}])|\}}(?=[}}{CLOSE}])"
_STEP = re.compile(
    rf"(?P<mark>[{OPEN}{CLOSE}])|(?P<tag>{TAG})|(?P<math>{MARKED_MATH})|(?P<twin>{_TWINS})"
    rf"|{_OPENING.pattern}",
    re.DOTALL,
)
_HIGHLIGHT = re.compile(r"(?<!=)==(?!=)")
_NUMBERS = re.compile(rf"(?:\{{\{{c|{OPEN})([0-9,]+)(?:::|{TEXT})")
_BLOCK = re.compile(
    r"</?(?:p|li|h[1-6]|t[dhr]|table|[uo]l|d[tdl]|pre|blockquote|div|details|summary|hr|figure"
    r"|figcaption)[ >]"
)


def read_cloze(html: str, *, highlights: bool) -> str:
    """The text of a cloze note, canonical, with marked deletions in code and mathematics.

    With `highlights`, `==text==` is a deletion too, of the next number that the text does not use.
    """
    if "{{c" not in html and OPEN not in html and not (highlights and "==" in html):
        return _finished(html)
    # It has the same length, so that offsets in the prose are offsets in the HTML.
    prose = _NO_PROSE.sub(lambda found: " " * len(found[0]), html)
    found = find_deletions(prose)
    regions: list[Region] = []
    for start, inner, hint, end, numbers in found.deletions:
        regions.append(
            Region(
                start,
                inner,
                hint,
                end,
                end + 2,
                numbers,
            )
        )
    if highlights:
        regions += _highlights(prose, html)
    return canonical(_finished(nest_deletions(html, sorted(regions))))


def _highlights(prose: str, html: str) -> Iterator[Region]:
    """Pairs of `==` in one block, the first without a space after it, the second without one
    before it.
    """
    numbers = _unused_numbers(html)
    opening: int | None = None
    for mark in _HIGHLIGHT.finditer(prose):
        start, end = mark.span()
        before = html[start - 1 : start]
        after = html[end : end + 1]
        if opening is not None and _BLOCK.search(html, opening, start):
            opening = None
        if opening is None:
            is_comparison = _is_code_letter(before) and _is_code_letter(after)
            if after and not after.isspace() and not is_comparison:
                opening = start
        elif not before.isspace():
            yield Region(
                opening,
                opening + 2,
                None,
                start,
                end,
                next(numbers),
            )
            opening = None


def _unused_numbers(html: str) -> Iterator[str]:
    used = {number for numbers in _NUMBERS.findall(html) for number in numbers.split(",")}
    used_values = {int(number) for number in used if number}
    return (str(number) for number in count(1) if number not in used_values)


def _is_code_letter(character: str) -> bool:
    """Whether it may be part of a name in code: `a==b` is a comparison."""
    return character.isascii() and (character.isalnum() or character == "_")


def _finished(html: str) -> str:
    """The field with Anki's marks in place of ours, and a boundary in whatever else Anki would take
    for one.
    """
    html = _with_boundaries(html.replace(APART, ""))
    return html.replace(OPEN, "{{c").replace(TEXT, "::").replace(HINT, "::").replace(CLOSE, "}}")


def _with_boundaries(html: str) -> str:
    """Put boundaries into what is no mark. Outside deletions, only what would open one needs it."""
    depth = 0

    def step(found: re.Match[str]) -> str:
        nonlocal depth
        text = found[0]
        if text == OPEN:
            depth += 1
        elif text == CLOSE:
            depth -= 1
        elif found["tag"]:
            return _split_in_tag(text)
        elif not found["math"] and (depth or not found["twin"]):
            # Mathematics can hold no markup, and its own marks pair.
            return f"{text}<wbr>"
        return text

    return _STEP.sub(step, html)


def _split_in_tag(tag: str) -> str:
    """A tag can hold no markup: URLs get codes for the characters, other texts a space."""
    if not re.search(r"::|\}\}|\{\{", tag):
        return tag
    tag = re.sub(r'(?<= )(href|src)="[^"]*"', _percent_encoded, tag)
    return re.sub(r":(?=:)|\}(?=\})|\{(?=\{)", r"\g<0> ", tag)


def _percent_encoded(url: re.Match[str]) -> str:
    return url[0].replace("::", "%3A%3A").replace("{{", "%7B%7B").replace("}}", "%7D%7D")


def disable_deletions(text: str) -> str:
    """A field other than the text of a cloze note, in which Anki would also count deletions."""
    return outside_tags(
        text, lambda part: _OPENING.sub("{<wbr>", part), lambda tag: _OPENING.sub("{ ", tag)
    )


def has_deletion(text: str) -> bool:
    """Whether a field has a deletion that its author may have meant: one outside code."""
    return _OPENING.search(_CODE.sub("", text)) is not None
