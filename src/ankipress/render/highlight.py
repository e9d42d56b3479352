"""Code as HTML with the classes of Pygments. The text of that HTML is exactly the code.

Pygments is imported only for code that has a language: most cards have none.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ankipress.syntax.fences import Fence

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "output", "none"})

Span = tuple[str, str]
"""A CSS class and some code that has it."""


class Mark(NamedTuple):
    """A text to insert into the code at an offset. One that opens follows the line number."""

    place: int
    text: str
    opens: bool


@functools.cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def is_known(language: str) -> bool:
    """Whether Pygments knows this language, or the code asks for no colours."""
    language = language.lower()
    return language in PLAIN or _lexer(language) is not None


@functools.cache
def nearest_language(language: str) -> str | None:
    """The most similar name of a language, or None if there is no similar one."""
    from pygments.lexers import get_all_lexers  # noqa: PLC0415
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    names = sorted({alias for _, aliases, _, _ in get_all_lexers() for alias in aliases})
    best = process.extractOne(
        language.lower(),
        names,
        scorer=fuzz.ratio,
        score_cutoff=70,
    )
    if best is None:
        return None
    return str(best[0])


def highlighted(
    code: str,
    fence: Fence,
    marks: Sequence[Mark],
) -> str:
    """A code block as HTML, with marks, which are sorted. An unknown language is shown plain.

    No element begins on one side of a mark and ends on the other. Line numbers and the marks of
    highlighted lines are empty elements, so that they are never copied with the code.
    """
    spans = _merged(_tokens(code, fence.language))
    line_starts = dict(_line_starts(code, fence))
    insertions = _insertions(marks, line_starts)
    body = "".join(_html(spans, insertions))
    name = ""
    if fence.language:
        name = f' class="language-{html.escape(fence.language)}"'
    block = f'<pre class="highlight"><code{name}>{body}</code></pre>'
    if not fence.title:
        return block
    caption = f"<figcaption>{html.escape(fence.title)}</figcaption>"
    return f'<figure class="code">{caption}{block}</figure>'


def _tokens(code: str, language: str) -> list[Span]:
    plain = [("", code)]
    lexer = None
    if language not in PLAIN:
        lexer = _lexer(language)
    if lexer is None:
        return plain
    try:
        tokens = [(_css_class(token), text) for token, text in lexer.get_tokens(code) if text]
    # A lexer of a plug-in may fail in any way, and the code is still shown.
    except Exception:  # noqa: BLE001
        return plain
    # Some lexers lose a character that they do not expect.
    is_complete = "".join(text for _, text in tokens) == code
    if is_complete:
        return tokens
    return plain


@functools.cache
def _css_class(token: _TokenType) -> str:
    """Pygments' short name of a token type, or of its nearest ancestor that has one."""
    from pygments.token import STANDARD_TYPES  # noqa: PLC0415

    while token not in STANDARD_TYPES and token.parent:
        token = token.parent
    return STANDARD_TYPES[token]


def _merged(tokens: Iterable[Span]) -> list[Span]:
    """The code as spans: neighbours of one class are merged, and no class spans several lines."""
    spans: list[Span] = []
    for name, text in tokens:
        if spans and spans[-1][0] == name and not spans[-1][1].endswith("\n"):
            text = spans.pop()[1] + text  # noqa: PLW2901
        if not name or "\n" not in text:
            spans.append((name, text))
            continue
        first, *others = text.split("\n")
        if first:
            spans.append((name, first))
        for line in others:
            spans.append(("", "\n"))
            if line:
                spans.append((name, line))
    return spans


def _line_starts(code: str, fence: Fence) -> Iterator[tuple[int, str]]:
    """What is inserted at the start of lines, by offset."""
    if not fence.marked_lines and fence.first_line is None:
        return
    place = 0
    for number, line in enumerate(code.removesuffix("\n").split("\n")):
        start = ""
        if number + 1 in fence.marked_lines:
            start += '<span class="hll"></span>'
        if fence.first_line is not None:
            start += f'<span class="lineno" data-line="{fence.first_line + number}"></span>'
        if start:
            yield place, start
        place += len(line) + 1


def _insertions(marks: Sequence[Mark], line_starts: dict[int, str]) -> dict[int, str]:
    """What is inserted into the code, by offset.

    The end of a deletion comes before the start of a line, and the start of a deletion after it.
    """
    insertions: dict[int, str] = {}
    for mark in marks:
        before = insertions.get(mark.place, "")
        if mark.opens:
            before += line_starts.pop(mark.place, "")
        insertions[mark.place] = before + mark.text
    for place, start in line_starts.items():
        insertions[place] = insertions.get(place, "") + start
    return insertions


def _html(spans: Iterable[Span], insertions: dict[int, str]) -> Iterator[str]:
    """The HTML of spans, with insertions between them."""
    places = sorted(insertions, reverse=True)
    position = 0
    for name, span in spans:
        text = span
        end = position + len(text)
        while places and places[-1] < end:
            place = places.pop()
            cut = place - position
            if cut:
                yield _span(name, text[:cut])
            yield insertions[place]
            text = text[cut:]
            position = place
        yield _span(name, text)
        position = end
    yield insertions.get(position, "")


def _span(name: str, text: str) -> str:
    text = html.escape(text, quote=False)
    if not name:
        return text
    return f'<span class="{name}">{text}</span>'
