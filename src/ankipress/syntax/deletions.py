"""Cloze deletions as an author writes them: `{{c1::text::hint}}`, with several numbers, nested.

Anki ends a deletion at the first `}}` and begins its hint at the first `::`, whatever they mean.
Here braces inside a deletion are counted, so that `{{c1::{"a": {}}}}` is a whole; where they do not
pair, Anki's rule holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_NUMBERS = r"[0-9]+(?:,[0-9]+)*"
_OPENING = re.compile(rf"\{{\{{c{_NUMBERS}::")
_TOKEN = re.compile(rf"\{{\{{c(?P<numbers>{_NUMBERS})::|(?P<colons>::)|(?P<sign>[{{}}()\[\]])")
# Characters that are read to count braces and do not pair: hostile input costs linear time.
_IN_VAIN = 100_000
_SCOPED = frozenset(
    "ada agda c++ coq cpp crystal cs csharp css cuda elm fortran haskell hs idris java julia kotlin lean less nim ocaml perl php"
    " pl plpgsql postgres postgresql powershell ps1 purescript qml r raku rb rs ruby rust sass scala scss sql swift systemverilog"
    " tcl thrift".split()
)


class Deletion(NamedTuple):
    """A deletion by the places of its marks: of `{{c1::` and of the text behind it, of the `::`
    before its hint, of `}}`.
    """

    start: int
    inner: int
    hint: int | None
    end: int
    numbers: str


class Found(NamedTuple):
    """The deletions of a text, outer ones before inner ones, and the places of those that nothing
    closes.
    """

    deletions: tuple[Deletion, ...]
    unclosed: tuple[int, ...]


class Taken(NamedTuple):
    """Where in a text without marks a deletion begins, with its numbers, or ends, with its hint,
    empty where it has none.
    """

    place: int
    opens: bool
    text: str


def find_deletions(text: str) -> Found:
    """The deletions in prose and in TeX: the first `::` behind inner deletions and in no braces of
    its own begins the hint.
    """
    return _find(
        text,
        lambda each: next(
            (at for at, braces, _ in each.colons if not braces and at >= each.last_child), None
        ),
    )


def take_deletions(code: str, language: str = "") -> tuple[str, tuple[Taken, ...]]:
    """Code without deletions and their hints, and where they were.

    The hint stands behind the last `::` that is in no brackets, since `x[::2]` is code. Where the
    language itself has `::`, a space before it and none behind it, or nothing at all behind it,
    tells it from code.
    """
    if "{{c" not in code:
        return code, ()
    is_scoped = language in _SCOPED
    found = _find(code, lambda each: _hint_in_code(code, each, is_scoped=is_scoped))
    return _without(code, found.deletions, is_scoped=is_scoped)


def without_deletions(code: str, language: str = "") -> str:
    """Code as the back of a cloze card shows it."""
    return take_deletions(code, language)[0]


@dataclass(slots=True)
class _Scanned:
    """A deletion while it is read, `end` being 0 until it is closed.

    `braces` and `brackets` are those that are open in it. `colons` are the places of `::` with
    these counts.
    """

    start: int
    inner: int
    numbers: str
    end: int = 0
    last_child: int = 0
    braces: int = 0
    brackets: int = 0
    colons: list[tuple[int, int, int]] = field(default_factory=list)


def _find(text: str, hint_of: Callable[[_Scanned], int | None]) -> Found:
    found: list[_Scanned] = []
    unclosed: list[int] = []
    position, in_vain = 0, 0
    while not unclosed and (opening := _OPENING.search(text, position)):
        scanned = _scan(text, opening.start(), counts=True) if in_vain < _IN_VAIN else []
        if not scanned or not scanned[0].end:
            in_vain += len(text) - opening.start()
            scanned = _scan(text, opening.start(), counts=False)
        found += [each for each in scanned if each.end]
        unclosed = [each.start for each in scanned if not each.end]
        position = scanned[0].end + 2
    deletions = tuple(
        Deletion(each.start, each.inner, hint_of(each), each.end, each.numbers) for each in found
    )
    return Found(deletions, tuple(unclosed))


def _scan(text: str, start: int, *, counts: bool) -> list[_Scanned]:
    """The deletion that starts at a place and those in it, by their starts; what nothing closes has
    no end.
    """
    scanned: list[_Scanned] = []
    stack: list[_Scanned] = []
    behind = start
    for token in _TOKEN.finditer(text, start):
        place, sign = token.start(), token["sign"]
        if place < behind:
            continue
        if token["numbers"]:
            stack.append(_Scanned(place, token.end(), token["numbers"]))
            scanned.append(stack[-1])
        elif token["colons"]:
            stack[-1].colons.append((place, stack[-1].braces, stack[-1].brackets))
        elif sign == "}" and not stack[-1].braces and text.startswith("}}", place):
            stack.pop().end = place
            behind = place + 2
            if not stack:
                break
            stack[-1].last_child = behind
        elif sign in "{}" and counts:
            stack[-1].braces += 1 if sign == "{" else -(stack[-1].braces > 0)
        elif sign in "([)]":
            stack[-1].brackets += 1 if sign in "([" else -1
    return scanned


def _hint_in_code(code: str, deletion: _Scanned, *, is_scoped: bool) -> int | None:
    for place, braces, brackets in reversed(deletion.colons):
        # A bracket in a text pairs with nothing, and then none of them tells anything.
        in_brackets = braces > 0 or (brackets > 0 and deletion.brackets == 0)
        if place < deletion.last_child:
            break
        if not in_brackets and (not is_scoped or _is_told(code, place, deletion)):
            return place
    return None


def _is_told(code: str, place: int, deletion: _Scanned) -> bool:
    """Whether a `::` can be told from one of the language."""
    spaced = code[place - 1].isspace() and not code[place + 2].isspace()
    return spaced or place + 2 == deletion.end


def _without(
    code: str, deletions: Sequence[Deletion], *, is_scoped: bool
) -> tuple[str, tuple[Taken, ...]]:
    cuts: list[tuple[int, int, bool, str]] = []
    for each in deletions:
        hint = "" if each.hint is None else code[each.hint + 2 : each.end]
        last = each.end if each.hint is None else each.hint
        if is_scoped and hint:
            last = max(each.inner, len(code[:last].rstrip()))
        cuts += [(each.start, each.inner, True, each.numbers), (last, each.end + 2, False, hint)]
    pieces, taken, position, place = [], [], 0, 0
    for start, stop, opens, text in sorted(cuts):
        pieces.append(code[position:start])
        place += start - position
        taken.append(Taken(place, opens, text))
        position = stop
    return "".join(pieces) + code[position:], tuple(taken)
