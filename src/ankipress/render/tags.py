"""The tags in HTML as authors write it, found as a browser finds them, in linear time on any text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
"""Elements that have no end."""

_OPENING = re.compile(r"<(?:!--|[!?]|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)|(["'].*))?)?""",
    re.DOTALL,
)
_END = re.compile(r"[\s/]*>?")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


class Tag(NamedTuple):
    """A tag: where it stands, its name in lower case, whether it ends an element, and its
    attributes.
    """

    start: int
    end: int
    name: str
    is_end: bool
    attributes: tuple[tuple[str, str], ...]


def tags(html: str) -> Iterator[Tag]:
    """The tags of some HTML. What stands in comments and in scripts is none."""
    position = 0
    while found := _OPENING.search(html, position):
        if found[2] is None:
            position = _behind(html, found)
            continue
        name, at, attributes = found[2].lower(), found.end(), list[tuple[str, str]]()
        while attribute := _ATTRIBUTE.match(html, at):
            value = next((each for each in attribute.groups()[1:] if each is not None), "")
            attributes.append((attribute[1].lower(), value))
            at = attribute.end()
        end = _END.match(html, at)
        position = end.end() if end else at
        yield Tag(found.start(), position, name, bool(found[1]), tuple(attributes))
        if name in _RAW and not found[1]:
            closing = re.compile(rf"</{name}", re.IGNORECASE).search(html, position)
            position = closing.start() if closing else len(html)


def _behind(html: str, found: re.Match[str]) -> int:
    """Where a comment or declaration ends."""
    mark = "-->" if found[0] == "<!--" else ">"
    end = html.find(mark, found.end() - (2 if mark == "-->" else 0))
    return end + len(mark) if end >= 0 else len(html)
