r"""TeX without the commands of MathJax that act, or that reach beyond their formula.

Anki loads MathJax 3.2 with all its packages but `safe`. So `\href` may run a script at a click,
`\require` asks for what Anki does not have, and the others below take any style, class or id: they
can hide the card around a formula or ask a host for a picture. They are left out whatever they
say, for an address is no safer than the definitions of the same session: after
`\def\x#1{#1{javascript:…}}` in another formula, `\x\href{https://…}` is a script. Everything else
stays, definitions too: these put complete commands together and never join the letters of one.
Only `\verb` makes MathJax read on in the middle of a command.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.syntax.deletions import find_deletions
from ankipress.syntax.spans import replace_spans

_HELP_BOX = r"write `\boxed{…}` or `\colorbox{yellow}{…}`"
_HELP_COLOUR = r"write `\color{red}{…}` for a colour"
_HELP = "delete it, or write the formula with other commands"
_HELP_OF = {
    "bbox": _HELP_BOX,
    "class": _HELP_COLOUR,
    "cssId": _HELP,
    "csname": _HELP,
    "data": _HELP,
    "fcolorbox": _HELP_BOX,
    "href": "write the link outside of the formula",
    "mmlToken": r"write `\text{…}`",
    "require": "Anki loads the packages of MathJax by itself: delete it",
    "style": _HELP_COLOUR,
    "unicode": "write the character itself",
    "verb": r"write `\texttt{…}`",
}
_COMMAND = re.compile(rf"\\({'|'.join(_HELP_OF)})(?![A-Za-z])")
# What follows a command and is no part of the formula: `{` for a group, `[` for an option.
_ARGUMENTS = {
    **dict.fromkeys(_HELP_OF, "{"),
    "bbox": "[",
    "csname": "",
    "fcolorbox": "{{",
    "mmlToken": "{[",
    "unicode": "[[{",
    "verb": "",
}
_TOKEN = re.compile(r"\\.|[{}]", re.DOTALL)
# What is left of the marks of deletions while a field is rendered (see `marking`).
_MARKS = re.compile(r"\x0f[^\x0f-\x13]*\x10|\x11[^\x0f-\x13]*\x12|[\x0f-\x13]")
_SPACE = re.compile(r"\s*")
_OPTION = re.compile(r"\s*\[[^\[\]\\{}\x0e-\x13]{0,200}\]")
_VERBATIM = re.compile(r"\s*([^\sA-Za-z\\{}#$*])([^\\{}#$\n\x0e-\x13]{0,200}?)\1")

_NUMBER = re.compile(r"\s*\{\s*(?:0?x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))\s*\}")
_SPECIAL = frozenset({"", *"\\{}$#%&~^_"})  # TeX reads them


class TexFinding(NamedTuple):
    """Something that is left out of a formula: its place in the TeX, what it is, and what helps."""

    start: int
    width: int
    what: str
    help: str

    @property
    def message(self) -> str:
        """What a problem says of it."""
        return f"{self.what} is left out of the formula"


class SafeTex(NamedTuple):
    """TeX in which no command acts, and what was left out of it."""

    tex: str
    findings: tuple[TexFinding, ...] = ()


class _TexChange(NamedTuple):
    """A text for a span of the TeX, and the command that it leaves out, if any."""

    start: int
    end: int
    text: str
    command: str = ""


def safe_tex(tex: str) -> SafeTex:
    """TeX without the commands that act. What such a command stands around is kept.

    Other TeX stays as it is, byte for byte, and so does what was made safe before.
    """
    findings: list[TexFinding] = []
    safe = tex
    while changes := _changes(safe):
        # Offsets are those of the author's TeX. What a change brings to light is no news.
        if safe is tex:
            findings += (_finding(each) for each in changes if each.command)
        spans = ((each.start, each.end, each.text) for each in changes)
        safe = replace_spans(safe, spans)
    return SafeTex(safe, tuple(findings))


def _changes(tex: str) -> list[_TexChange]:
    if "\\" not in tex:
        return []
    changes: list[_TexChange] = []
    end = 0
    for change in sorted([*_interrupted(tex), *_commands(tex)]):
        # A change inside another one, such as a command in an address, is gone with it.
        if change.start >= end:
            changes.append(change)
            end = change.end
    return changes


def _finding(change: _TexChange) -> TexFinding:
    width = max(1, change.end - change.start)
    return TexFinding(change.start, width, f"\\{change.command}", _HELP_OF[change.command])


def _interrupted(tex: str) -> Iterator[_TexChange]:
    """Spaces in names that the marks of a deletion interrupt: a learner sees them as one name."""
    marks = _deletion_marks(tex)
    if not marks:
        return
    shown, places = _without_spans(tex, marks)
    starts = [start for start, _ in marks]
    for found in _COMMAND.finditer(shown):
        first = places[found.start()]
        last = places[found.end() - 1]
        number = bisect_left(starts, first)
        if number < len(marks) and starts[number] < last:
            place = starts[number]
            yield _TexChange(place, place, " ", found[1])


def _deletion_marks(tex: str) -> list[tuple[int, int]]:
    """The spans of what marks the deletions of a formula, in order."""
    marks = [found.span() for found in _MARKS.finditer(tex)]
    if "{{c" in tex:
        for each in find_deletions(tex).deletions:
            marks.append((each.start, each.inner))
            marks.append((each.text_end, each.end + 2))
    return sorted(marks)


def _without_spans(tex: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """A text without some spans, and where each of its characters stands in the text."""
    places: list[int] = []
    position = 0
    for start, end in spans:
        places += range(position, start)
        position = max(position, end)
    places += range(position, len(tex))
    return "".join(tex[place] for place in places), places


def _commands(tex: str) -> Iterator[_TexChange]:
    closing: Mapping[int, int] | None = None
    for found in _COMMAND.finditer(tex):
        if _is_escaped(tex, found.start()):
            # `\\` and the letters behind it. A space there changes nothing.
            yield _TexChange(found.start() + 1, found.start() + 1, " ")
            continue
        if closing is None:
            closing = _closing_braces(tex)
        same = _same_without(found)
        if same:
            yield same
            continue
        # A space keeps what is before the command from what is after it.
        yield _TexChange(found.start(), _end_of_arguments(tex, found, closing), " ", found[1])


def _same_without(found: re.Match[str]) -> _TexChange | None:
    """What looks the same without a command, if anything does."""
    tex = found.string
    end = found.end()
    verbatim = _VERBATIM.match(tex, end)
    if found[1] == "verb" and verbatim:
        return _TexChange(found.start(), verbatim.end(), rf"\texttt{{{verbatim[2]}}}")
    number = _NUMBER.match(tex, end)
    if found[1] == "unicode" and number:
        code = int(number[1] or number[2], 16 if number[1] else 10)
        character = ""
        if code <= sys.maxunicode:
            character = chr(code)
        if character.isprintable() and character not in _SPECIAL:
            return _TexChange(found.start(), number.end(), rf"\text{{{character}}}")
    return None


def _is_escaped(tex: str, position: int) -> bool:
    """Whether the backslash here is the second one of a pair."""
    start = position
    while start and tex[start - 1] == "\\":
        start -= 1
    return (position - start) % 2 == 1


def _closing_braces(tex: str) -> dict[int, int]:
    """The place of the closing brace of each opening one."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in _TOKEN.finditer(tex):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closing[opened.pop()] = found.start()
    return closing


def _end_of_arguments(tex: str, found: re.Match[str], closing: Mapping[int, int]) -> int:
    """Where those arguments of a command end that are no part of the formula."""
    end = found.end()
    for argument in _ARGUMENTS[found[1]]:
        option = _OPTION.match(tex, end)
        if argument == "[" and option:
            end = option.end()
        elif argument == "{":
            start = _SPACE.match(tex, end).end()  # type: ignore[union-attr]
            end = closing.get(start, end - 1) + 1
    return end
