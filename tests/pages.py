"""The pages in docs/ as tests read them: sections, and fenced blocks with the line that introduces
each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its content, the line on which it opens, and the paragraph that
    stands before it.
    """

    language: str
    content: str
    line: int
    before: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading of level 2: its title, its prose without the blocks, and the
    blocks.
    """

    title: str
    prose: str
    blocks: tuple[Block, ...]


def read_page(name: str) -> str:
    """The text of a page, by its path in the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page."""
    return list(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    start, paragraph, previous = 0, "", ""
    while start < len(lines):
        opening = re.fullmatch(r"(`{3,})(\w*)", lines[start])
        if opening is None:
            previous, paragraph = (lines[start], lines[start]) if lines[start] else ("", paragraph)
            start += 1
            continue
        end = lines.index(opening[1], start + 1)
        content = "".join(f"{line}\n" for line in lines[start + 1 : end])
        yield Block(opening[2], content, start + 1, previous or paragraph)
        start, paragraph, previous = end + 1, "", ""


def sections(text: str) -> list[Section]:
    """The sections of a page, in order. A heading inside a block is no heading of the page."""
    lines = text.split("\n")
    inside = {
        number
        for each in blocks(text)
        for number in range(each.line - 1, each.line + each.content.count("\n") + 1)
    }
    starts = [
        number
        for number, line in enumerate(lines)
        if line.startswith("## ") and number not in inside
    ]
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        prose = "\n".join(lines[number] for number in range(start + 1, end) if number not in inside)
        found.append(
            Section(
                lines[start].removeprefix("## ").strip(),
                prose,
                tuple(_blocks(lines[start + 1 : end])),
            )
        )
    return found
