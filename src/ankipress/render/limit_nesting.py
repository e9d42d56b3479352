"""HTML that a browser can read: an author may have written a thousand `<div>` and no end."""

from __future__ import annotations

from ankipress.render.tags import VOID, tags

_DEEPEST = (
    100  # elements inside elements: parsing takes the square of the time of what is nested deeper
)
# Elements that end by themselves where the next one begins: a thousand of them are not nested.
_SELF_ENDING = VOID | frozenset("dd dt li p rp rt tbody td tfoot th thead tr".split())
# Elements that a browser opens again in every block, as long as their end is missing.
_OPENED_AGAIN = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_BLOCKS = frozenset(
    "blockquote center dd details div dl dt figure h1 h2 h3 h4 h5 h6 li ol p pre section table td th tr ul".split()
)
_MOST_OPENED_AGAIN = 10_000


def flat(html: str) -> str:
    """HTML in which no element is nested too deeply, or opened again too often: tags beyond that
    become text.
    """
    if html.count("<") <= 2 * _DEEPEST:
        return html
    pieces, position, depth, again, cost = list[str](), 0, 0, 0, 0
    for tag in tags(html):
        step = -1 if tag.is_end else 1
        again = max(0, again + step) if tag.name in _OPENED_AGAIN else again
        cost += again if tag.name in _BLOCKS and not tag.is_end else 0
        if tag.name not in _SELF_ENDING:
            depth = max(0, depth + step)
        if (
            depth + tag.is_end > _DEEPEST and tag.name not in _SELF_ENDING
        ) or cost > _MOST_OPENED_AGAIN:
            pieces += [html[position : tag.start], "&lt;"]
            position = tag.start + 1
    return "".join(pieces) + html[position:]
