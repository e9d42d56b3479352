"""Anki's rule for which cards a note has.

Anki generates no cards on import: the package must hold the very rows that Anki would make, or a
learner misses cards. The rules are those of Anki's `rslib/src/template.rs` and `cloze.rs`; tests
compare them with the real engine.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic
from ankipress.model import DealtNote, NoteType, RenderedNote

# A field that holds only this counts as empty (Anki, `field_is_empty`).
_EMPTY_FIELD = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE | re.ASCII)
_TEMPLATE_TOKEN = re.compile(r"\{\{\s*([#^/]?)\s*([^{}]*?)\s*\}\}")
_CLOZE_TOKEN = re.compile(r"\{\{c([0-9,]+)::|\}\}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ALWAYS_FILLED = frozenset(["Deck", "Subdeck", "Type", "Card", "CardFlag"])
_LARGEST_NUMBER, _DEEPEST = 65_535, 10
_HIGHEST_CLOZE = 500


@dataclass(frozen=True, slots=True)
class Dealt:
    """Every note with its cards, in the same order, and the problems."""

    notes: tuple[DealtNote, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def deal(notes: Sequence[RenderedNote], note_types: Mapping[str, NoteType]) -> Dealt:
    """Every note with the ords of its cards. A cloze without a deletion is a problem: Anki would
    drop or blank it.
    """
    dealt, problems = [], []
    for each in notes:
        note_type = note_types[each.note.note_type]
        ords = card_ords(note_type, each.fields)
        dealt.append(DealtNote(each, ords))
        if note_type.cloze and not ords and note_type.stock is None:
            message, way_out = (
                "this cloze card has nothing to guess",
                "write {{c1::what is hidden}} in its text",
            )
            problems.append(Diagnostic("no-deletion", each.note.entry.location, message, way_out))
        elif note_type.is_custom and not ords:
            message = f'no template of "{note_type.key}" shows anything of this note, so that Anki would make no card'
            way_out = "fill a field that its front shows"
            problems.append(Diagnostic("no-card", each.note.entry.location, message, way_out))
    return Dealt(tuple(dealt), tuple(problems))


def card_ords(note_type: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
    """The ords, from 0, of the cards that Anki gives a note with these fields."""
    if note_type.cloze:
        numbers = {number for text in fields.values() for number in cloze_numbers(text)}
        return tuple(sorted({min(number, _HIGHEST_CLOZE) - 1 for number in numbers}))
    return _shown(
        tuple(each.front for each in note_type.templates), frozenset(filled_names(fields))
    )


@functools.lru_cache(maxsize=1024)
def _shown(fronts: Sequence[str], filled: frozenset[str]) -> tuple[int, ...]:
    """The ords of the fronts that show any filled field. Most notes of a deck fill the same ones."""
    return tuple(ord for ord, front in enumerate(fronts) if _shows_a_field(front, filled))


def filled_names(fields: Mapping[str, str]) -> set[str]:
    """The names of the fields that Anki does not take for empty."""
    return {name for name, value in fields.items() if value and not _EMPTY_FIELD.fullmatch(value)}


def cloze_numbers(text: str) -> Iterator[int]:
    """The numbers of the deletions in a text that are closed, nested ones too; 0 is none."""
    open_numbers: list[
        list[int]
    ] = []  # of a deletion and of those closed inside it, for each that is open
    for token in _CLOZE_TOKEN.finditer(text):
        if token[1]:
            numbers = [
                number for number in map(_number, token[1].split(",")) if number <= _LARGEST_NUMBER
            ]
            if numbers and len(open_numbers) < _DEEPEST:
                open_numbers.append([number for number in numbers if number])
        elif open_numbers:
            closed = open_numbers.pop()
            if open_numbers:
                open_numbers[-1] += closed
            else:
                yield from closed


def _number(digits: str) -> int:
    """The number that digits stand for, or one that is too large; no digits stand for one too."""
    return int(digits.lstrip("0")[:6] or 0) if digits else _LARGEST_NUMBER + 1


def _shows_a_field(template: str, filled: frozenset[str]) -> bool:
    """Whether a front shows any filled field, given its `{{#…}}` and `{{^…}}` sections."""
    hidden: list[bool] = []
    filled = filled | _ALWAYS_FILLED
    for mark, name in _TEMPLATE_TOKEN.findall(_COMMENT.sub("", template)):
        if mark == "#":
            hidden.append(name not in filled)
        elif mark == "^":
            hidden.append(name in filled)
        elif mark == "/":
            hidden[-1:] = []
        elif not any(hidden) and name.rpartition(":")[2] in filled:
            return True
    return False
