"""GitHub's alerts: a quote that begins with a line `[!NOTE]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

_MARK = re.compile(r"\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)", re.IGNORECASE)


def with_alerts(tokens: list[Token]) -> list[Token]:
    """Tokens in which the quotes that are alerts are boxes with a title. Like GitHub's, an alert
    stands in no other block.
    """
    if not any(token.type == "blockquote_open" for token in tokens):
        return tokens
    return list(_alerts(tokens))


def _alerts(tokens: Sequence[Token]) -> Iterator[Token]:
    is_alert, number = False, 0
    while number < len(tokens):
        token = tokens[number]
        if (
            token.type == "blockquote_open"
            and token.level == 0
            and (found := _mark(tokens, number))
        ):
            is_alert = True
            token.tag, kind = "div", found[1].lower()
            token.attrs["class"] = f"markdown-alert markdown-alert-{kind}"
            yield from (token, *_title(kind))
            first = tokens[number + 2]
            if found.end() < len(first.content):
                first.content = first.content[found.end() :]
                first.map = [first.map[0] + 1, first.map[1]] if first.map else None
                number += 1
            else:
                number += 4
            continue
        if token.type == "blockquote_close" and token.level == 0:
            token.tag, is_alert = "div" if is_alert else token.tag, False
        yield token
        number += 1


def _mark(tokens: Sequence[Token], number: int) -> re.Match[str] | None:
    """The mark at the head of a quote that has more to say."""
    if tokens[number + 1].type != "paragraph_open":
        return None
    found = _MARK.match(tokens[number + 2].content)
    says_more = found and (
        found.end() < len(tokens[number + 2].content)
        or tokens[number + 4].type != "blockquote_close"
    )
    return found if says_more else None


def _title(kind: str) -> tuple[Token, ...]:
    opening = Token("paragraph_open", "p", 1, attrs={"class": "markdown-alert-title"})
    return (
        opening,
        Token("inline", "", 0, content=kind.capitalize()),
        Token("paragraph_close", "p", -1),
    )
