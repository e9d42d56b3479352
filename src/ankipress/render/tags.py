"""HTML whose tags nest so deeply, or reopen so often, that a browser could not parse it."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.syntax.html_tags import tags
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
