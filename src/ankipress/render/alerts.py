"""GitHub's alerts: a quote that begins with a line `[!NOTE]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_MARK = re.compile(r"\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)", re.IGNORECASE)


def with_alerts(tokens: list[Token]) -> list[Token]:
    """Tokens in which alerts are boxes with a title. Like GitHub's, they are in no other block."""
    if not any(token.type == "blockquote_open" for token in tokens):
        return tokens
    return list(_alerts(tokens))


def _alerts(tokens: Sequence[Token]) -> Iterator[Token]:
    in_alert = False
    number = 0
    while number < len(tokens):
        token = tokens[number]
        number += 1
        mark = None
        if token.type == "blockquote_open" and token.level == 0:
            mark = _alert_mark(tokens, number)
        if token.type == "blockquote_close" and token.level == 0 and in_alert:
            token.tag = "div"
            in_alert = False
        if mark is None:
            yield token
            continue
        in_alert = True
        yield from _opening(token, mark[1].lower())
        if _cut_mark(tokens[number + 1], mark):
            continue
        number += 3  # nothing is left of the paragraph


def _alert_mark(tokens: Sequence[Token], number: int) -> re.Match[str] | None:
    """The mark at the start of a quote, if other text follows it."""
    if tokens[number].type != "paragraph_open":
        return None
    text, following = tokens[number + 1], tokens[number + 3]
    found = _MARK.match(text.content)
    if found is None or (found.end() == len(text.content) and following.type == "blockquote_close"):
        return None
    return found


def _opening(quote: Token, kind: str) -> Iterator[Token]:
    quote.tag = "div"
    quote.attrs["class"] = f"markdown-alert markdown-alert-{kind}"
    yield quote
    yield Token(
        "paragraph_open",
        "p",
        1,
        attrs={"class": "markdown-alert-title"},
    )
    yield Token(
        "inline",
        "",
        0,
        content=kind.capitalize(),
    )
    yield Token("paragraph_close", "p", -1)


def _cut_mark(text: Token, mark: re.Match[str]) -> bool:
    """Cut the mark from a paragraph; returns whether any text is left."""
    if mark.end() == len(text.content):
        return False
    text.content = text.content[mark.end() :]
    if text.map:
        text.map = [text.map[0] + 1, text.map[1]]
    return True
