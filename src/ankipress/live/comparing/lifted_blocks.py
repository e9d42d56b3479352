"""Blocks that stand in a mark, as pasting leaves them: `<b><p>…</p></b>`.

A browser shows them as blocks with the mark in each, and no HTML of a card has them otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from ankipress.importing.fields.html_tree import FieldElement
from ankipress.live.comparing.editor_lines import BLOCKS

# Blocks without a text of their own: the mark goes into what is in them.
_HOLD_BLOCKS = frozenset("col colgroup dl hr ol table tbody tfoot thead tr ul".split())


def lift_blocks(element: FieldElement) -> None:
    """Put marks around blocks into these, in place."""
    children: list[FieldElement | str] = []
    for child in element.children:
        if isinstance(child, FieldElement):
            lift_blocks(child)
            children += _lifted(child)
        else:
            children.append(child)
    element.children = children


def _lifted(element: FieldElement) -> list[FieldElement | str]:
    """What becomes of an element whose own blocks hold no marks around blocks."""
    if element.tag in BLOCKS or not any(map(_is_block, element.children)):
        return [element]
    found: list[FieldElement | str] = []
    for child in element.children:
        last = found[-1] if found else None
        if isinstance(child, FieldElement) and child.tag in BLOCKS:
            _mark(child, element)
            found.append(child)
        elif isinstance(last, FieldElement) and last.tag == element.tag:
            last.children.append(child)
        else:
            found.append(replace(element, children=[child]))
    return found


def _is_block(node: FieldElement | str) -> bool:
    return isinstance(node, FieldElement) and node.tag in BLOCKS


def _mark(block: FieldElement, mark: FieldElement) -> None:
    """Put what is in a block into a mark."""
    if block.tag == "pre":
        return
    if block.tag in _HOLD_BLOCKS:
        for child in block.elements_directly():
            _mark(child, mark)
        return
    inside = replace(mark, children=block.children)
    block.children = _lifted(inside)
