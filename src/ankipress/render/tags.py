"""The tags in an author's HTML, found as a browser finds them, in linear time on any text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ankipress.syntax.spans import replace_spans

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Elements that end where the next one begins: a thousand of them are not nested.
_SELF_ENDING = _VOID | frozenset("dd dt li p rp rt tbody td tfoot th thead tr".split())
# Elements that a browser reopens in every block as long as they are not closed.
_REOPENED = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_BLOCKS = frozenset(
    "blockquote center dd details div dl dt figure h1 h2 h3 h4 h5 h6 li ol p pre section table td"
    " th tr ul".split()
)
_DEEPEST = 100  # a parser needs quadratic time for elements that are nested deeper
_MOST_REOPENED = 10_000

_OPENING = re.compile(r"<(?:!--|[!?]|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)|(["'].*))?)?""",
    re.DOTALL,
)
_END = re.compile(r"[\s/]*>?")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


class Tag(NamedTuple):
    """A tag, with its name and the names of its attributes in lower case."""

    start: int
    end: int
    name: str
    is_end: bool
    attributes: tuple[tuple[str, str], ...]


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
    while found := _ATTRIBUTE.match(html, position):
        name, *values = found.groups()
        attributes.append((name.lower(), next(filter(None, values), "")))
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
    )


def _end_of_comment(html: str, opening: re.Match[str]) -> int:
    """The end of a comment or declaration."""
    mark, start = ">", opening.end()
    if opening[0] == "<!--":
        # The hyphens of `<!-->` open and close the comment.
        mark, start = "-->", start - 2
    end = html.find(mark, start)
    return len(html) if end < 0 else end + len(mark)


def limit_nesting(html: str) -> str:
    """HTML that a browser can parse: tags that nest too deeply, or reopen too often, become text.

    An author may have written a thousand `<div>` and no end.
    """
    if html.count("<") <= 2 * _DEEPEST:
        return html
    return replace_spans(html, _excess_tags(html))


def _excess_tags(html: str) -> Iterator[tuple[int, int, str]]:
    """The `<` of each tag beyond a limit, to be escaped."""
    depth = reopened = cost = 0
    for tag in tags(html):
        step = 1 - 2 * tag.is_end
        nests = tag.name not in _SELF_ENDING
        if tag.name in _REOPENED:
            reopened = max(0, reopened + step)
        if tag.name in _BLOCKS and not tag.is_end:
            cost += reopened
        if nests:
            depth = max(0, depth + step)
        is_too_deep = nests and depth + tag.is_end > _DEEPEST
        if is_too_deep or cost > _MOST_REOPENED:
            yield tag.start, tag.start + 1, "&lt;"
