"""Code as HTML with the classes of Pygments. The text of that HTML is the code, to the character."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

from ankipress.syntax.fences import Fence

_ESCAPED = re.compile("[&<>]")
PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "output", "none"})


class Mark(NamedTuple):
    """A text that goes in front of the character at a place of the code. What `opens` stands behind
    the number of the line.
    """

    place: int
    text: str
    opens: bool


@functools.cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def is_known(language: str) -> bool:
    """Whether code of this language can be coloured, or asks for no colour."""
    return language.lower() in PLAIN or _lexer(language.lower()) is not None


@functools.cache
def nearest_language(language: str) -> str | None:
    """The known name that looks most like this one, or None where none does."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - where it is needed, which is seldom

    names = sorted({alias for _, aliases, _, _ in get_all_lexers() for alias in aliases})
    best = process.extractOne(language.lower(), names, scorer=fuzz.ratio, score_cutoff=70)
    return str(best[0]) if best else None


def highlighted(code: str, fence: Fence, marks: Sequence[Mark] = ()) -> str:
    """A block of code as HTML, with marks in the order of their places. An unknown language is
    shown plain.

    No element begins on one side of a mark and ends on the other. What stands at the beginning of a
    line for its number, or because it is marked, is an empty element: it is never copied with the
    code.
    """
    spans = _spans(code, fence.language)
    inserted = _inserted(marks, _line_starts(code, fence))
    body = (
        "".join(_joined(_cut(spans, inserted), inserted))
        if inserted
        else "".join(_html(spans, code))
    )
    name = f' class="language-{html.escape(fence.language)}"' if fence.language else ""
    block = f'<pre class="highlight"><code{name}>{body}</code></pre>'
    if not fence.title:
        return block
    return (
        f'<figure class="code"><figcaption>{html.escape(fence.title)}</figcaption>{block}</figure>'
    )


def _spans(code: str, language: str) -> list[tuple[str, str]]:
    """The code as stretches of one class each; none of a class goes beyond a line."""
    spans: list[tuple[str, str]] = []
    for name, text in _tokens(code, language):
        if spans and spans[-1][0] == name and not spans[-1][1].endswith("\n"):
            text = spans.pop()[1] + text  # noqa: PLW2901 - it grows
        if not name or "\n" not in text:
            spans.append((name, text))
            continue
        for number, line in enumerate(text.split("\n")):
            spans += [("", "\n")] if number else []
            spans += [(name, line)] if line else []
    return spans


def _tokens(code: str, language: str) -> list[tuple[str, str]]:
    lexer = None if language in PLAIN else _lexer(language)
    if lexer is None:
        return [("", code)]
    try:
        tokens = [(_css_class(token), text) for token, text in lexer.get_tokens(code) if text]
    # A lexer of a plug-in may fail in any way, and the code is still shown.
    except Exception:  # noqa: BLE001
        return [("", code)]
    # Some lexers lose a character that they do not expect.
    return tokens if "".join(text for _, text in tokens) == code else [("", code)]


@functools.cache
def _css_class(token: _TokenType) -> str:
    """Pygments' short name of a token type, or of the nearest one above it that has one."""
    while token not in STANDARD_TYPES and token.parent:
        token = token.parent
    return STANDARD_TYPES[token]


def _line_starts(code: str, fence: Fence) -> Iterator[tuple[int, str]]:
    """What stands at the beginning of lines, by its place in the code."""
    if not fence.marked_lines and fence.first_line is None:
        return
    place = 0
    for number, line in enumerate(code.removesuffix("\n").split("\n")):
        start = '<span class="hll"></span>' if number + 1 in fence.marked_lines else ""
        if fence.first_line is not None:
            start += f'<span class="lineno" data-line="{fence.first_line + number}"></span>'
        if start:
            yield place, start
        place += len(line) + 1


def _inserted(marks: Sequence[Mark], starts: Iterable[tuple[int, str]]) -> dict[int, str]:
    """What goes between the characters of the code, by its place: what ends a deletion, the line's
    beginning, what opens one.
    """
    line_starts = dict(starts)
    inserted: dict[int, str] = {}
    for mark in marks:
        before = line_starts.pop(mark.place, "") if mark.opens else ""
        inserted[mark.place] = inserted.get(mark.place, "") + before + mark.text
    for place, text in line_starts.items():
        inserted[place] = inserted.get(place, "") + text
    return inserted


def _cut(spans: Iterable[tuple[str, str]], places: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    """The stretches with their places in the code, cut at some places."""
    cuts, end = sorted(places, reverse=True), 0
    for name, span in spans:
        first, end = end, end + len(span)
        start = first
        while cuts and cuts[-1] < end:
            place = cuts.pop()
            if place > start:
                yield start, name, span[start - first : place - first]
                start = place
        yield start, name, span[start - first :]


def _joined(pieces: Iterable[tuple[int, str, str]], inserted: Mapping[int, str]) -> Iterator[str]:
    """The HTML of the stretches, with what goes between them."""
    end = 0
    for place, name, text in pieces:
        yield inserted.get(place, "")
        yield _span((name, text))
        end = place + len(text)
    yield inserted.get(end, "")


def _html(spans: Iterable[tuple[str, str]], code: str) -> Iterable[str]:
    """The HTML of each stretch of some code."""
    if _ESCAPED.search(code):
        return [_span(span) for span in spans]
    return [f'<span class="{name}">{text}</span>' if name else text for name, text in spans]


def _span(span: tuple[str, str]) -> str:
    name, text = span
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<span class="{name}">{escaped}</span>' if name else escaped
