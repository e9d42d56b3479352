"""Anki's rule for which cards a note has.

Anki generates no cards on import: the package must hold the very rows that Anki would make, or a
learner misses cards. The rules are those of Anki's `rslib/src/template.rs` and `cloze.rs`; tests
compare them with the real engine.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.model import NoteType, NoteWithCards, RenderedNote

# A field that holds only this counts as empty (Anki, `field_is_empty`).
_EMPTY_FIELD = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE | re.ASCII)
_TEMPLATE_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
_CLOZE_TOKEN = re.compile(r"\{\{c([0-9,]+)::|\}\}")
_CLOZE_NUMBER = re.compile(r"\b0*([0-9]{1,5})\b")
_ALWAYS_FILLED = frozenset(["Deck", "Subdeck", "Type", "Card", "CardFlag"])
_LARGEST_NUMBER = 65_535  # Anki reads a 16-bit number
_HIGHEST_CLOZE = 500  # deletions with higher numbers share the card of this one
_DEEPEST = 10


class GeneratedCards(NamedTuple):
    """Every note with its cards, in the same order, and the problems."""

    notes: tuple[NoteWithCards, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def generate_cards(
    notes: Sequence[RenderedNote], note_types: Mapping[str, NoteType]
) -> GeneratedCards:
    """Every note with the ords of its cards. A note without cards is a problem, unless learners
    have its note type from elsewhere: there it may always have been so.
    """
    generated = []
    problems: list[Diagnostic] = []
    known: dict[tuple[str, frozenset[str]], tuple[int, ...]] = {}
    for each in notes:
        note_type = note_types[each.note.note_type]
        if note_type.cloze:
            ords = _cloze_ords(each.fields)
        else:
            # A note type from elsewhere may have thousands of templates.
            key = note_type.key, frozenset(filled_names(each.fields))
            if key not in known:
                known[key] = _filled_ords(note_type, key[1])
            ords = known[key]
        generated.append(NoteWithCards(each, ords))
        if not ords and note_type.adopted is None:
            problems += _without_cards(each, note_type)
    return GeneratedCards(tuple(generated), tuple(problems))


def _without_cards(note: RenderedNote, note_type: NoteType) -> Iterator[Diagnostic]:
    """Why a note has no cards."""
    location = note.note.entry.location
    # Of Anki's own note types, such as image occlusion, another stage reports what is missing.
    if note_type.cloze and note_type.stock is None:
        message = "this cloze card has nothing to guess"
        help = "write {{c1::what is hidden}} in its text"
        yield Diagnostic("no-deletion", location, message, help)
    elif note_type.is_custom:
        shows_nothing = f'no template of "{note_type.key}" shows anything of this note'
        message = f"{shows_nothing}, so that Anki would make no card"
        yield Diagnostic("no-card", location, message, "fill a field that its front shows")


def card_ords(note_type: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
    """The ords, from 0, of the cards that Anki gives a note with these fields."""
    if note_type.cloze:
        return _cloze_ords(fields)
    return _filled_ords(note_type, frozenset(filled_names(fields)))


def _cloze_ords(fields: Mapping[str, str]) -> tuple[int, ...]:
    """The ords of the cards of a cloze: Anki reads every field, shown or not."""
    ords = set()
    for text in fields.values():
        for number in cloze_numbers(text):
            ords.add(min(number, _HIGHEST_CLOZE) - 1)
    return tuple(sorted(ords))


def _filled_ords(note_type: NoteType, names: frozenset[str]) -> tuple[int, ...]:
    """The ords of the templates whose fronts show something, where some fields are filled."""
    filled = names | _ALWAYS_FILLED
    ords = []
    for ord, template in enumerate(note_type.templates):
        if _shows_a_field(template.front, filled):
            ords.append(ord)
    return tuple(ords)


def filled_names(fields: Mapping[str, str]) -> set[str]:
    """The names of the fields that Anki does not take for empty."""
    return {name for name, value in fields.items() if value and not _EMPTY_FIELD.fullmatch(value)}


def cloze_numbers(text: str) -> Iterator[int]:
    """The numbers of the closed deletions in a text, nested ones too. 0 is no number."""
    # For each open deletion, its numbers and those of the deletions closed inside it.
    open_numbers: list[list[int]] = []
    for token in _CLOZE_TOKEN.finditer(text):
        if token[1]:
            numbers = [int(digits) for digits in _CLOZE_NUMBER.findall(token[1])]
            valid = [number for number in numbers if number <= _LARGEST_NUMBER]
            if valid and len(open_numbers) < _DEEPEST:
                open_numbers.append([number for number in valid if number])
        elif len(open_numbers) > 1:
            closed = open_numbers.pop()
            open_numbers[-1] += closed
        elif open_numbers:
            yield from open_numbers.pop()


def _shows_a_field(front: str, filled: frozenset[str]) -> bool:
    """Whether a front shows any filled field, given its `{{#…}}` and `{{^…}}` sections."""
    open_sections: list[bool] = []
    hiding = 0  # open sections that are not shown
    for mark, name in _template_tokens(front):
        if mark in {"#", "^"}:
            is_hidden = (name in filled) is (mark == "^")
            open_sections.append(is_hidden)
            hiding += is_hidden
        elif mark == "/":
            if open_sections:
                hiding -= open_sections.pop()
        elif not hiding and name.rpartition(":")[2] in filled:
            return True
    return False


# A deck has fewer templates than notes, though thousands of them in some note types.
@functools.lru_cache(maxsize=4096)
def _template_tokens(template: str) -> Sequence[tuple[str, str]]:
    """The marks and the names in braces."""
    tokens = []
    for inner in _TEMPLATE_TOKEN.findall(_without_comments(template)):
        name = inner.strip()
        mark = ""
        if name[:1] in {"#", "^", "/"}:
            mark = name[0]
            name = name[1:].strip()
        tokens.append((mark, name))
    return tokens


def _without_comments(template: str) -> str:
    """The template without its comments. One that never ends is text, as in Anki."""
    pieces = []
    position = 0
    start = template.find("<!--")
    while start >= 0:
        end = template.find("-->", start + 4)
        if end < 0:
            break
        pieces.append(template[position:start])
        position = end + 3
        start = template.find("<!--", position)
    pieces.append(template[position:])
    return "".join(pieces)
