"""Code that cards mark with `{.run}`, and the output that they show for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ankipress.diagnostics import Location
from ankipress.lint.card_text import CardNode
from ankipress.model import Entry
from ankipress.project.trust import Want
from ankipress.syntax.deletions import without_deletions
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.fences import read_fence
from ankipress.syntax.shown_text import shown_nodes
from ankipress.syntax.tree import Node
from ankipress.visible_text import one_line

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
    fences = list(_fences(EntryTrees(entry)))
    for each, following in zip_longest(fences, fences[1:]):
        fence = read_fence(each.node.info)
        if not fence.is_run:
            continue
        code = each.node.text
        # The code runs as the back of the card shows it.
        if entry.kind == "cloze":
            code = without_deletions(code, fence.language)
        expected = None
        output = None
        if following and _is_output(following):
            expected = following.node.text
            output = following.place
        yield Run(code, fence.language, each.place, expected, output)


def _fences(trees: EntryTrees) -> Iterator[CardNode]:
    """The fenced code of an entry, from top to bottom."""
    for _, tree in trees.parts():
        for node in shown_nodes(tree.nodes):
            if node.kind == "code" and _is_fenced(node):
                yield CardNode(tree, node)


def _is_fenced(code: Node) -> bool:
    """Whether code stands between fences: its text begins on a line below them."""
    assert code.content is not None
    return not code.text or code.content.offset(0) > code.start


def _is_output(code: CardNode) -> bool:
    fence = read_fence(code.node.info)
    return fence.language in _OUTPUT and not fence.is_run


def agrees(expected: str, actual: str) -> bool:
    """Whether an output is the one that a card shows.

    Spaces at line ends do not count, and a line `...` stands for any number of lines.
    """
    first, *others = map(_trimmed, _ANY_LINES.split(_trimmed(expected)))
    text = _trimmed(actual)
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    # Between two pieces may stand any lines, and also none. The first place for each is the best.
    lines = f"\n{text}"
    end = len(first)
    *between, last = others
    for piece in between:
        start = lines.find(f"\n{piece}", end)
        if start < 0:
            return False
        end = start + len(piece)
    return len(text) >= end + len(last) and lines.endswith(f"\n{last}")


def code_wants(runs: Sequence[Run], commands: Mapping[str, str], place: Location) -> list[Want]:
    """What a user must allow before some code is run: the commands that the settings have for its
    languages, at a place, and the code itself.
    """
    languages = dict.fromkeys(run.language for run in runs)
    used = [language for language in languages if language in commands]
    wants = [_command(each, commands[each], place) for each in used]
    return [*wants, *map(_code, runs)]


def _command(language: str, line: str, place: Location) -> Want:
    shown = one_line(line)
    what = f"the command {one_line(line, 10_000)}, for code of the language {one_line(language)}"
    return Want(what, f'the command "{shown}"', place, f"command {language!r} {line!r}")


def _code(run: Run) -> Want:
    where = f"{run.location.path}:{run.location.line}"
    what = f"the code at {where}: {one_line(run.code, 60)}"
    details = f"code {run.language!r} {run.code!r}"
    return Want(what, f"code of its cards: {one_line(run.code, 60)}", run.location, details)


def _trimmed(text: str) -> str:
    """A text without spaces at line ends and empty lines around it, each line ended; or nothing."""
    lines = [line.rstrip() for line in text.splitlines()]
    trimmed = "\n".join(lines).strip("\n")
    return trimmed and f"{trimmed}\n"
