"""Cloze deletions as an author writes them: `{{c1::text::hint}}`, with several numbers, nested.

Anki ends a deletion at the first `}}` and starts its hint at the first `::`. This reader counts
braces inside a deletion, so that `{{c1::{"a": {}}}}` is one deletion. Where braces do not pair, it
falls back to Anki's rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ankipress.syntax.spans import replace_spans

_NUMBERS = r"[0-9]+(?:,[0-9]+)*"
OPENING = re.compile(rf"\{{\{{c{_NUMBERS}::")
"""The mark with which a deletion begins."""
_TOKEN = re.compile(rf"\{{\{{c(?P<numbers>{_NUMBERS})::|(?P<colons>::)|(?P<sign>[{{}}()\[\]])")
# How many characters may be read to count braces that then do not pair. The limit keeps the time
# for hostile input linear.
_MOST_WASTED = 100_000
# Languages in which `::` is an operator.
_SCOPED = frozenset(
    "ada agda c++ coq cpp crystal cs csharp css cuda elm fortran haskell hs idris java julia kotlin"
    " lean less nim ocaml perl php pl plpgsql postgres postgresql powershell ps1 purescript qml r"
    " raku rb rs ruby rust sass scala scss sql swift systemverilog tcl thrift".split()
)


class Deletion(NamedTuple):
    """A deletion, by the offsets of its marks.

    `start` is that of `{{c1::`, `inner` that of the text after it, `hint` that of the `::` before
    the hint, `end` that of `}}`.
    """

    start: int
    inner: int
    hint: int | None
    end: int
    numbers: str

    @property
    def text_end(self) -> int:
        """The offset where the text ends that it hides."""
        if self.hint is None:
            return self.end
        return self.hint


class FoundDeletions(NamedTuple):
    """The deletions of a text, outer before inner ones, and the offsets of unclosed ones."""

    deletions: tuple[Deletion, ...]
    unclosed: tuple[int, ...]


class RemovedMark(NamedTuple):
    """A removed mark, by its offset in the text without marks.

    `text` holds the numbers of an opening mark, or the hint of a closing one, which may be empty.
    """

    place: int
    opens: bool
    text: str


def find_deletions(text: str) -> FoundDeletions:
    """Find the deletions in prose and in TeX."""
    return _find(text, _hint_in_prose)


def take_deletions(code: str, language: str) -> tuple[str, tuple[RemovedMark, ...]]:
    """Remove the marks and hints of deletions from code, and say where they were.

    The hint starts at the last `::` outside brackets, since `x[::2]` is code. In a language that
    has `::` itself, a hint also needs a space before its `::` and none after it, or must be empty.
    """
    if "{{c" not in code:
        return code, ()
    deletions = deletions_in_code(code, language)
    return _without_marks(code, deletions, is_scoped=language in _SCOPED)


def deletions_in_code(code: str, language: str) -> tuple[Deletion, ...]:
    """The deletions in code."""
    is_scoped = language in _SCOPED
    found = _find(code, lambda each: _hint_in_code(code, each, is_scoped=is_scoped))
    return found.deletions


def without_deletions(code: str, language: str) -> str:
    """Code as the back of a cloze card shows it."""
    return take_deletions(code, language)[0]


@dataclass(slots=True)
class _Scanned:
    """A deletion while it is read. `end` is 0 until it is closed.

    `braces` and `brackets` count those that are open. `colons` holds the offset of each `::` with
    these two counts.
    """

    start: int
    inner: int
    numbers: str
    end: int = 0
    last_child: int = 0
    braces: int = 0
    brackets: int = 0
    colons: list[tuple[int, int, int]] = field(default_factory=list)


def _find(text: str, find_hint: Callable[[_Scanned], int | None]) -> FoundDeletions:
    found: list[Deletion] = []
    unclosed: list[int] = []
    position = 0
    wasted = 0
    while not unclosed:
        opening = OPENING.search(text, position)
        if opening is None:
            break
        start = opening.start()
        scanned: list[_Scanned] = []
        if wasted < _MOST_WASTED:
            scanned = _scan(text, start, counts=True)
        if not scanned or not scanned[0].end:
            wasted += len(text) - start
            scanned = _scan(text, start, counts=False)
        for each in scanned:
            if each.end:
                hint = find_hint(each)
                found.append(
                    Deletion(
                        each.start,
                        each.inner,
                        hint,
                        each.end,
                        each.numbers,
                    )
                )
            else:
                unclosed.append(each.start)
        position = scanned[0].end + 2
    return FoundDeletions(tuple(found), tuple(unclosed))


def _scan(
    text: str,
    start: int,
    *,
    counts: bool,
) -> list[_Scanned]:
    """The deletion at an offset and those inside it, in the order of their starts."""
    scanned: list[_Scanned] = []
    stack: list[_Scanned] = []
    after = start  # the end of what is read already
    for token in _TOKEN.finditer(text, start):
        place = token.start()
        sign = token["sign"]
        if place < after:
            continue
        if token["numbers"]:
            stack.append(_Scanned(place, token.end(), token["numbers"]))
            scanned.append(stack[-1])
            continue
        current = stack[-1]
        if token["colons"]:
            current.colons.append((place, current.braces, current.brackets))
        elif sign == "}" and not current.braces and text.startswith("}}", place):
            stack.pop().end = place
            after = place + 2
            if not stack:
                break
            stack[-1].last_child = after
        elif sign in "{}":
            if counts:
                _count_brace(current, sign)
        elif sign in "([":
            current.brackets += 1
        else:
            current.brackets -= 1
    return scanned


def _count_brace(deletion: _Scanned, sign: str) -> None:
    if sign == "{":
        deletion.braces += 1
    elif deletion.braces:
        deletion.braces -= 1


def _hint_in_prose(deletion: _Scanned) -> int | None:
    """The first `::` that is after all inner deletions and in no braces."""
    for place, braces, _ in deletion.colons:
        if not braces and place >= deletion.last_child:
            return place
    return None


def _hint_in_code(
    code: str,
    deletion: _Scanned,
    *,
    is_scoped: bool,
) -> int | None:
    for place, braces, brackets in reversed(deletion.colons):
        if place < deletion.last_child:
            return None
        # If brackets do not pair, they are text and say nothing.
        in_brackets = braces > 0 or (brackets > 0 and deletion.brackets == 0)
        if in_brackets:
            continue
        if not is_scoped or _starts_hint(code, place, deletion.end):
            return place
    return None


def _starts_hint(
    code: str,
    place: int,
    end: int,
) -> bool:
    """Whether a `::` differs from an operator of the language."""
    is_spaced = code[place - 1].isspace() and not code[place + 2].isspace()
    return is_spaced or place + 2 == end


def _without_marks(
    code: str,
    deletions: Sequence[Deletion],
    *,
    is_scoped: bool,
) -> tuple[str, tuple[RemovedMark, ...]]:
    cuts: list[tuple[int, int, bool, str]] = []
    for each in deletions:
        cuts.append((each.start, each.inner, True, each.numbers))
        hint = ""
        text_end = each.end
        if each.hint is not None:
            hint = code[each.hint + 2 : each.end]
            text_end = each.hint
        if is_scoped and hint:
            # The space before the `::` only tells it from the operator.
            text_end = max(each.inner, len(code[:text_end].rstrip()))
        cuts.append((text_end, each.end + 2, False, hint))
    cuts.sort()
    marks: list[RemovedMark] = []
    removed = 0
    for start, end, opens, text in cuts:
        marks.append(RemovedMark(start - removed, opens, text))
        removed += end - start
    return replace_spans(code, ((start, end, "") for start, end, _, _ in cuts)), tuple(marks)
