"""Code that cards mark with `{.run}`, and the output that they show for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from ankipress.diagnostics import Location, location_of_text
from ankipress.lint.card_text import CardBlock, read_blocks
from ankipress.model import Entry
from ankipress.syntax.deletions import without_deletions
from ankipress.syntax.fences import read_fence

_OUTPUT = frozenset({"", "text", "txt", "output", "console", "plain", "plaintext"})
_ANY_LINES = re.compile(r"^[ \t]*\.\.\.[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of code, its language, and the output that its card shows, None where it shows none.

    `location` is the first line of the code's fence, `output` that of its output.
    """

    code: str
    language: str
    location: Location
    expected: str | None
    output: Location | None


def code_runs(entries: Iterable[Entry]) -> tuple[Run, ...]:
    """The marked code of some cards, in order.

    The next fence of a card is the output, if its language is none or one such as `text`.
    """
    runs: list[Run] = []
    for entry in entries:
        if _may_run(entry):
            runs += _runs(entry)
    return tuple(runs)


def _may_run(entry: Entry) -> bool:
    return any(".run" in part.text for part in entry.parts.values())


def _runs(entry: Entry) -> Iterator[Run]:
    fences = [block for block in read_blocks(entry) if block.token.type == "fence"]
    for block, following in zip_longest(fences, fences[1:]):
        fence = read_fence(block.token.info)
        if not fence.is_run:
            continue
        code = block.token.content
        # The code runs as the back of the card shows it.
        if entry.kind == "cloze":
            code = without_deletions(code, fence.language)
        expected, output = None, None
        if following and _is_output(following):
            expected, output = following.token.content, _location(entry, following)
        yield Run(code, fence.language, _location(entry, block), expected, output)


def _is_output(block: CardBlock) -> bool:
    fence = read_fence(block.token.info)
    return fence.language in _OUTPUT and not fence.is_run


def _location(entry: Entry, block: CardBlock) -> Location:
    part = entry.parts[block.field]
    line = part.text.split("\n")[block.start - part.line]
    return location_of_text(entry.path, block.start, line)


def agrees(expected: str, actual: str) -> bool:
    """Whether an output is the one that a card shows.

    Spaces at line ends do not count, and a line `...` stands for any number of lines.
    """
    # Between two pieces may stand any lines, and also none.
    pieces = map(_trimmed, _ANY_LINES.split(_trimmed(expected)))
    pattern = r"(?:.*\n)?".join(map(re.escape, pieces))
    return re.fullmatch(pattern, _trimmed(actual), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    """A text without spaces at line ends and empty lines around it, each line ended; or nothing."""
    lines = [line.rstrip() for line in text.splitlines()]
    trimmed = "\n".join(lines).strip("\n")
    return trimmed and f"{trimmed}\n"
