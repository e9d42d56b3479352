"""Obsidian's callouts, `> [!type]- Title`: alerts of any type, with a title, that may fold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ankipress.syntax.tree import Node, walk

_MARK = re.compile(
    r"\[!(?P<type>[^\[\]|\n]+)(?:\|[^\[\]\n]*)?\](?P<fold>[+-]?)[ \t]*(?P<title>[^\n]*)\n?"
)
_LIKE: Mapping[str, str] = {
    **dict.fromkeys(("tip", "hint", "success", "check", "done"), "tip"),
    **dict.fromkeys(("important", "example"), "important"),
    **dict.fromkeys(("warning", "attention", "question", "help", "faq"), "warning"),
    **dict.fromkeys(("caution", "danger", "error", "bug"), "caution"),
    **dict.fromkeys(("failure", "fail", "missing"), "caution"),
}


def mark_callouts(nodes: Iterable[Node]) -> None:
    """Make alerts of the quotes that begin with a mark, those in other blocks too."""
    for node in walk(nodes):
        if node.kind == "quote" and node.children:
            _mark(node)


def _mark(quote: Node) -> None:
    first = quote.children[0]
    content = first.content
    if first.kind != "paragraph" or content is None:
        return
    found = _MARK.match(content.text)
    if found is None:
        return
    quote.kind = "alert"
    quote.info = found["type"].strip().lower()
    quote.markup = found["fold"]
    del quote.children[0]
    below = content.without_start(found.end())
    if below.text:
        start = below.offset(0)
        paragraph = Node("paragraph", start, first.end, content=below)
        quote.children.insert(0, paragraph)
    if found["title"]:
        span = found.span("title")
        place = content.span(*span)
        title = Node("paragraph", *place, info="title")
        title.content = content.part(*span)
        quote.children.insert(0, title)


def look_of(type: str) -> str:
    """The alert of GitHub's as which a callout of some type is shown."""
    return _LIKE.get(type, "note")
