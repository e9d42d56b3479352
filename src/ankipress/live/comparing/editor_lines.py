"""Lines as a browser's editing writes them: in `<div>`, with `<br>`, or beside blocks.

Lines that belong together become one paragraph where a field has paragraphs, and stay lines where
it has none. Empty lines and blocks at the ends go, which a browser puts there for its cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ankipress.importing.fields.html_tree import FieldElement

Node = FieldElement | str

# Elements of pages that are lines of text to a card, as `<div>` is.
_LINES = frozenset(
    """
    address article aside body center div fieldset footer form header html main nav section
    """.split()
)
# Elements whose texts are paragraphs.
_HOLDERS = _LINES | {"blockquote", "details", "field"}
# Elements with a text of their own, which may be followed by blocks.
_ITEMS = frozenset({"li", "dd"})
_TEXTS = frozenset("p h1 h2 h3 h4 h5 h6 summary td th dt caption figcaption".split())
_EMPTY_IS_NOTHING = frozenset("p h1 h2 h3 h4 h5 h6 li dd dt blockquote ul ol dl".split())
BLOCKS = (
    _HOLDERS
    | _ITEMS
    | _TEXTS
    | frozenset("col colgroup dl figure hr ol pre table tbody tfoot thead tr ul".split())
)
_BLANKS = " \t\r\n"


@dataclass(slots=True)
class _FieldLine:
    """What stands on a line that is in no block."""

    nodes: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LineRules:
    """How lines are written in a field. `in_paragraphs` says that its texts stand in paragraphs,
    and `splits` that an empty line in a paragraph ends it.
    """

    in_paragraphs: bool
    splits: bool


def tidy_lines(element: FieldElement, rules: LineRules) -> None:
    """Bring the lines in an element into one spelling, in place."""
    for child in element.elements_directly():
        if child.tag != "pre":
            tidy_lines(child, rules)
    if element.tag in _LINES and not element.attributes:
        return  # its lines are those of what it stands in
    if element.tag in _TEXTS:
        element.children = _joined(_lines_of(element.children))
    elif element.tag in _ITEMS:
        items = _items_of(element, rules)
        has_paragraphs = any(_is_tag(each, "p") for each in items)
        element.children = _joined(_grouped(items, in_paragraphs=has_paragraphs))
    elif element.tag in _HOLDERS:
        items = _items_of(element, rules)
        element.children = _joined(_grouped(items, in_paragraphs=rules.in_paragraphs))
    elif element.tag in BLOCKS:
        element.children = [each for each in element.children if not _is_nothing(each)]


def _lines_of(children: Sequence[Node]) -> Sequence[_FieldLine | FieldElement]:
    """The lines and blocks of an element. A line ends with `<br>` and at every block."""
    found: list[_FieldLine | FieldElement] = []
    line = _FieldLine()
    for child in _flat(children):
        if child is _EDGE:
            if _is_filled(line):
                found.append(line)
                line = _FieldLine()
        elif isinstance(child, FieldElement) and child.tag == "br":
            found.append(line)
            line = _FieldLine()
        elif isinstance(child, FieldElement) and child.tag in BLOCKS:
            if _is_filled(line):
                found.append(line)
            found.append(child)
            line = _FieldLine()
        else:
            line.nodes.append(child)
    if _is_filled(line):
        found.append(line)
    return found


_EDGE = FieldElement("edge")


def _flat(children: Sequence[Node]) -> Iterator[Node]:
    """Nodes without the `<div>` around lines, at whose ends stands an edge."""
    for child in children:
        if isinstance(child, FieldElement) and child.tag in _LINES and not child.attributes:
            yield _EDGE
            yield from _flat(child.children)
            yield _EDGE
        else:
            yield child


def _is_filled(line: _FieldLine) -> bool:
    return any(not isinstance(each, str) or each.strip(_BLANKS) for each in line.nodes)


def _is_tag(item: _FieldLine | FieldElement, tag: str) -> bool:
    return isinstance(item, FieldElement) and item.tag == tag


def _is_nothing(node: Node) -> bool:
    """Whether a node is an empty block, which a browser made for its cursor."""
    if isinstance(node, str) or node.tag not in _EMPTY_IS_NOTHING or "id" in node.attributes:
        return False
    return all(map(_is_unseen, node.children))


def _is_unseen(node: Node) -> bool:
    if isinstance(node, str):
        return not node.strip(_BLANKS)
    return node.tag == "br"


def _items_of(element: FieldElement, rules: LineRules) -> Sequence[_FieldLine | FieldElement]:
    """The lines and blocks of an element, without empty blocks."""
    found: list[_FieldLine | FieldElement] = []
    for item in _lines_of(element.children):
        if isinstance(item, _FieldLine):
            found.append(item)
        elif rules.splits and item.tag == "p" and not item.attributes:
            found += _grouped(_lines_of(item.children), in_paragraphs=True)
        elif not _is_nothing(item):
            found.append(item)
    return found


def _grouped(
    items: Sequence[_FieldLine | FieldElement],
    *,
    in_paragraphs: bool,
) -> Sequence[_FieldLine | FieldElement]:
    """Lines in paragraphs, which an empty line ends; or the lines, if they are to stay such."""
    if not in_paragraphs:
        return _without_empty_around_blocks(items)
    found: list[_FieldLine | FieldElement] = []
    waiting: list[_FieldLine | FieldElement] = []
    for item in (*items, None):
        if isinstance(item, _FieldLine) and _is_filled(item):
            waiting.append(item)
            continue
        if waiting:
            found.append(FieldElement("p", {}, _joined(waiting)))
            waiting = []
        if isinstance(item, FieldElement):
            found.append(item)
    return found


def _without_empty_around_blocks(
    items: Sequence[_FieldLine | FieldElement],
) -> Sequence[_FieldLine | FieldElement]:
    """Lines without the empty ones at the ends of a field."""
    start = 0
    end = len(items)
    while start < end and _is_empty_line(items[start]):
        start += 1
    while end > start and _is_empty_line(items[end - 1]):
        end -= 1
    return items[start:end]


def _is_empty_line(item: _FieldLine | FieldElement) -> bool:
    return isinstance(item, _FieldLine) and not _is_filled(item)


def _joined(items: Sequence[_FieldLine | FieldElement]) -> list[Node]:
    """The nodes of lines and blocks: `<br>` between two lines, a line end between blocks."""
    found: list[Node] = []
    before: _FieldLine | FieldElement | None = None
    for item in _without_empty_around_blocks(items):
        if isinstance(before, _FieldLine) and isinstance(item, _FieldLine):
            found.append(FieldElement("br"))
        elif isinstance(before, FieldElement) and isinstance(item, FieldElement):
            found.append("\n")
        if isinstance(item, _FieldLine):
            found += _stripped(item.nodes)
        else:
            found.append(item)
        before = item
    return found


def _stripped(nodes: Sequence[Node]) -> list[Node]:
    """The nodes of a line without the spaces at its ends."""
    found = list(nodes)
    while found and isinstance(found[0], str) and not found[0].strip(_BLANKS):
        found.pop(0)
    while found and isinstance(found[-1], str) and not found[-1].strip(_BLANKS):
        found.pop()
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip(_BLANKS)
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip(_BLANKS)
    return found
