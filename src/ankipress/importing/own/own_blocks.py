"""The blocks of canonical HTML that no element is around."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.importing.fields.html_tree import VOID
from ankipress.render.html import TAG

_TAG = re.compile(TAG)


def top_blocks(html: str) -> list[str]:
    """The blocks that are each on lines of their own."""
    blocks: list[str] = []
    start = 0
    for _, end in element_spans(html):
        if html.startswith("\n", end):
            blocks.append(html[start:end])
            start = end + 1
    if html[start:]:
        blocks.append(html[start:])
    return blocks


def touching_blocks(html: str) -> list[str]:
    """The same of HTML whose blocks may touch, as those above the options of a choice do."""
    blocks: list[str] = []
    start = 0
    for _, end in element_spans(html):
        blocks.append(html[start:end].removeprefix("\n"))
        start = end
    if html[start:].strip("\n"):
        blocks.append(html[start:])
    return blocks


def element_spans(html: str) -> Iterator[tuple[int, int]]:
    """Where the elements begin and end that no other one is around."""
    start = depth = 0
    for found in _TAG.finditer(html):
        name = found[0].strip("</>").partition(" ")[0]
        if depth == 0:
            start = found.start()
        if found[0].startswith("</"):
            depth -= 1
        elif name not in VOID:
            depth += 1
        if depth == 0:
            yield start, found.end()
