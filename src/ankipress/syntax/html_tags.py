"""The tags in an author's HTML, found as a browser finds them, in linear time on any text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ankipress.syntax.tree import Span

TAG_OR_COMMENT = re.compile(
    r"<!--.*?(?:-->|\Z)|</?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>|</?[A-Za-z][^<>]*+>",
    re.DOTALL,
)
"""A tag or a comment, found in linear time. A comment that never ends runs to the end."""
_OPENING = re.compile(r"<(?:!--|[!?]|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)|(["'].*))?)?""",
    re.DOTALL,
)
_END = re.compile(r"[\s/]*>?")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


class Tag(NamedTuple):
    """A tag, with its name and the names of its attributes in lower case.

    `values` are the spans of the values of its attributes, empty where one has none.
    """

    start: int
    end: int
    name: str
    is_end: bool
    attributes: tuple[tuple[str, str], ...]
    values: tuple[Span, ...] = ()


def tags(html: str) -> Iterator[Tag]:
    """The tags of some HTML. Comments and scripts hold none."""
    position = 0
    while found := _OPENING.search(html, position):
        if found[2] is None:
            position = _end_of_comment(html, found)
            continue
        tag = _read_tag(html, found)
        yield tag
        position = tag.end
        if tag.name in _RAW and not tag.is_end:
            closing = re.compile(rf"</{tag.name}|\Z", re.IGNORECASE).search(html, position)
            position = closing.start()  # type: ignore[union-attr]


def _read_tag(html: str, opening: re.Match[str]) -> Tag:
    position = opening.end()
    attributes: list[tuple[str, str]] = []
    values: list[Span] = []
    while found := _ATTRIBUTE.match(html, position):
        # The last group is the name where the attribute has no value.
        group = found.lastindex or 1
        has_value = group > 1
        attributes.append((found[1].lower(), found[group] if has_value else ""))
        values.append(Span(*found.span(group)) if has_value else Span(found.end(), found.end()))
        position = found.end()
    end = _END.match(html, position)
    if end:
        position = end.end()
    name = opening[2].lower()
    return Tag(
        opening.start(),
        position,
        name,
        bool(opening[1]),
        tuple(attributes),
        tuple(values),
    )


def _end_of_comment(html: str, opening: re.Match[str]) -> int:
    """The end of a comment or declaration."""
    mark = ">"
    start = opening.end()
    if opening[0] == "<!--":
        # The hyphens of `<!-->` open and close the comment.
        mark = "-->"
        start -= 2
    end = html.find(mark, start)
    if end < 0:
        return len(html)
    return end + len(mark)
