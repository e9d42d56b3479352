"""Code that says it can be run: fences marked `{.run}`, and the output that the card shows for
each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ankipress.diagnostics import Location
from ankipress.model import Entry
from ankipress.syntax.deletions import without_deletions
from ankipress.syntax.fences import read_fence

_OUTPUT = frozenset({"", "text", "txt", "output", "console", "plain", "plaintext"})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of code, its language, and what a card says that it prints, None where it says
    nothing.

    `location` is where the code is opened, `output` where the block of its output is.
    """

    code: str
    language: str
    location: Location
    expected: str | None = None
    output: Location | None = None


def code_runs(entries: Sequence[Entry]) -> tuple[Run, ...]:
    """The marked code of some cards, in order.

    The next fence of the card is its output if it is not code itself: its language is none, or one
    such as `text`.
    """
    parser = MarkdownIt("commonmark")
    return tuple(run for entry in entries if _may_run(entry) for run in _runs(entry, parser))


def _may_run(entry: Entry) -> bool:
    return any(".run" in part.text for part in entry.parts.values())


def _runs(entry: Entry, parser: MarkdownIt) -> Iterator[Run]:
    fences = [*_fences(entry, parser), None]
    for fence, following in pairwise(fences):
        if fence is None or not read_fence(fence[0].info).is_run:
            continue
        language = read_fence(fence[0].info).language
        code = (
            without_deletions(fence[0].content, language)
            if entry.kind == "cloze"
            else fence[0].content
        )
        run = Run(code, language, fence[1])
        output = read_fence(following[0].info) if following else None
        if following and output and output.language in _OUTPUT and not output.is_run:
            run = Run(code, run.language, fence[1], following[0].content, following[1])
        yield run


def _fences(entry: Entry, parser: MarkdownIt) -> Iterator[tuple[Token, Location]]:
    """The fences of a card in the order of its lines, whatever fields they are in."""
    for part in sorted(entry.parts.values(), key=lambda part: part.line):
        lines = part.text.split("\n")
        for token in parser.parse(part.text):
            if token.type == "fence" and token.map:
                line = lines[token.map[0]]
                column = len(line) - len(line.lstrip())
                yield (
                    token,
                    Location(
                        entry.path, part.line + token.map[0], column + 1, max(1, len(line.strip()))
                    ),
                )


def agrees(expected: str, actual: str) -> bool:
    """Whether an output is what a card says: spaces at line ends aside, a line `...` standing for
    any number of lines.
    """
    wanted = re.split(r"^[ \t]*\.\.\.[ \t]*$", _trimmed(expected), flags=re.MULTILINE)
    pattern = r"(?:.*\n)?".join(
        re.escape(piece.strip("\n")) + ("\n" if piece.strip("\n") else "") for piece in wanted
    )
    return (
        re.fullmatch(pattern, _trimmed(actual) + "\n" if _trimmed(actual) else "", re.DOTALL)
        is not None
    )


def _trimmed(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip("\n")
