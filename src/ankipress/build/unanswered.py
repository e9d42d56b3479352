"""Cards without an answer: left out, an error, or allowed.

A card that was never packed is left out with a warning, like a draft. One that learners have stops
the build, because its note would lose its answer or be retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from ankipress.build.cards import CompiledCard
from ankipress.diagnostics import Diagnostic, Location
from ankipress.identity.leaving_out import assign_kept
from ankipress.model import Assignment, Entry, Lock, State
from ankipress.project.settings import Settings
from ankipress.render.html import is_visible

_CODE = "empty-answer"


@dataclass(frozen=True, slots=True)
class Answered:
    """The entries that may be packed, with their cards and identities; how many were left out, and
    why.
    """

    entries: tuple[Entry, ...]
    cards: Sequence[CompiledCard]
    assignment: Assignment
    left_out: int
    problems: tuple[Diagnostic, ...]


def leave_out_unanswered(
    entries: Sequence[Entry],
    cards: Sequence[CompiledCard],
    lock: Lock,
    settings: Settings,
    without: frozenset[Location] = frozenset(),
) -> Answered:
    """The entries without those that have no answer and were never packed, and without those at
    some places, if they were not either.

    In the problems of the others, an answer that is missing is one that was lost.
    """
    cards = _with_what_is_allowed(cards, lock, settings)
    numbers = [number for number, card in enumerate(cards) if _is_unanswered(card)]
    broken = {number for number, each in enumerate(entries) if each.location in without}
    texts = [card.texts for card in cards]
    kept = assign_kept(entries, texts, broken.union(numbers), lock, settings)
    left_out = sorted(set(numbers).difference(kept.numbers, broken))
    return Answered(
        tuple([entries[number] for number in kept.numbers]),
        [_with_loss(cards[number]) for number in kept.numbers],
        kept.assignment,
        len(left_out),
        _problems(left_out, entries, cards, is_all=not kept.numbers),
    )


def _is_unanswered(card: CompiledCard) -> bool:
    for each in card.problems:  # noqa: SIM110 - most cards have none, and `any` takes longer
        if each.code == _CODE:
            return True
    return False


def _with_what_is_allowed(
    cards: Sequence[CompiledCard],
    lock: Lock,
    settings: Settings,
) -> Sequence[CompiledCard]:
    """The cards; those that may stay without an answer have no problem of it.

    Words such as TODO stay the answer of a note that was packed with them.
    """
    if not any(map(_is_unanswered, cards)):
        return cards
    is_allowed = settings.empty_answers == "allow"
    packed = {(each.question, each.answer) for each in lock.packed if each.state is State.ACTIVE}
    allowed = []
    for card in cards:
        words = card.fields.get("Back", "")
        was_packed = is_visible(words) and card.texts[:2] in packed
        if _is_unanswered(card) and (is_allowed or was_packed):
            problems = tuple([each for each in card.problems if each.code != _CODE])
            allowed.append(msgspec.structs.replace(card, problems=problems))
        else:
            allowed.append(card)
    return allowed


def _with_loss(card: CompiledCard) -> CompiledCard:
    """A card that is not left out, for which no answer means that learners would lose it."""
    if not _is_unanswered(card):
        return card
    problems = tuple(map(_loss, card.problems))
    return msgspec.structs.replace(card, problems=problems)


def _loss(problem: Diagnostic) -> Diagnostic:
    if problem.code != _CODE:
        return problem
    message = "learners have this card with an answer, and it has none now"
    help = "write the answer again, or mark the card {draft}, which retires its note"
    return replace(problem, code="lost-answer", message=message, help=help)


def _problems(
    left_out: Sequence[int],
    entries: Sequence[Entry],
    cards: Sequence[CompiledCard],
    *,
    is_all: bool,
) -> tuple[Diagnostic, ...]:
    """A warning for each card that is left out, or one error where no card has an answer."""
    if left_out and is_all:
        message = f"no cards found: none of these {len(left_out)} questions has an answer"
        if len(left_out) == 1:
            message = "no cards found: the only question has no answer"
        help = 'write answers, or set `empty_answers = "allow"` for a deck of questions alone'
        place = entries[left_out[0]].location
        return (Diagnostic("no-cards", place, message, help),)
    return tuple(
        [each for number in left_out for each in cards[number].problems if each.code == _CODE]
    )
