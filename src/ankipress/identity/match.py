"""Which of the cards as written now are the cards that the lock remembers.

What is certain is decided first: pairs fixed by an explicit id, the same question, the same answer.
What is left on both sides is scored on question, answer and place and assigned as a whole. A clear
best pair is decided; a close call is handed back, to be asked. `docs/decisions/007-matching.md`
says why, with the measured figures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from ankipress.identity.exact import Decision, decide_exact, decide_returned
from ankipress.identity.fingerprint import Cards, CloseCall, Fingerprint, Matching, Pairs
from ankipress.identity.pairing import Assigned, assign
from ankipress.identity.place import ranks

if TYPE_CHECKING:
    from ankipress.identity.evidence import Evidence

# Of pairs known to be the same or different, nearly all lie above or below both: see the decision.
_DECIDE = 1.0  # a pair that scores as much is decided, if nothing rivals it
_FLOOR = -1.6  # a pair that scores less is not even asked
_EAGER = 1.5  # in the first round so much more, since it finds anchors for the second
_MARGIN = 1.0  # by so much a pair must be better than any other way to pair
_SHOWN = 4  # candidates of a close call

_NUMBER = re.compile(r"\d{1,4}[.)]\s+(?=\S)")
_FEWEST_NUMBERED = 8  # fewer, such as "1. Newtonsches Gesetz", are no numbering
_SHARE_NUMBERED = 0.6


def match(
    old: Cards,
    new: Cards,
    fixed: Pairs = MappingProxyType({}),
) -> Matching:
    """Match new cards with old ones.

    `fixed` is kept as it is. A card whose question is the same, if unique among the active cards of
    both sides, keeps its identity, and so does one whose answer is the same, if unique and longer
    than a few words. The result depends neither on the order of the sequences nor on the hash seed.
    """
    old_order = _stable_order(old)
    new_order = _stable_order(new)
    ordered_old = _reordered(old, old_order)
    ordered_new = _reordered(new, new_order)
    old_at = _positions(old_order)
    new_at = _positions(new_order)
    pairs = {new_at[after]: old_at[before] for after, before in fixed.items()}
    matching = _Matcher(ordered_old, ordered_new, pairs).run()
    return _in_given_order(matching, old_order, new_order)


class _Matcher:
    def __init__(
        self,
        old: Cards,
        new: Cards,
        fixed: Pairs,
    ) -> None:
        self._old = old
        self._new = new
        self._pairs = dict(fixed)
        self._reasons = dict.fromkeys(fixed, "fixed")

    def run(self) -> Matching:
        self._decide_exact()
        # Numbers before questions change when one is inserted, so they go; but never before the
        # full question was tried.
        before = self._old, self._new
        self._old, self._new = without_numbers(*before)
        if (self._old, self._new) != before:
            self._decide_exact()
        if self._is_done():
            return Matching(self._pairs, self._reasons, ())
        return Matching(self._pairs, self._reasons, self._weigh())

    def _weigh(self) -> tuple[CloseCall, ...]:
        """Decide what is clear by weighing, and give what is not.

        Retired cards come last: one that is back must not take the place of its successor.
        """
        # Imported here, since most builds have nothing to compare.
        from ankipress.identity.evidence import Evidence  # noqa: PLC0415

        evidence = Evidence(self._old, self._new)
        retired = {at for at, card in enumerate(self._old) if not card.active}
        self._assign(evidence, _DECIDE + _EAGER, retired)
        close = self._assign(evidence, _DECIDE, retired)
        if not self._is_done():
            close = self._look_in_place(evidence, close)
        if not retired:
            return close
        asked = {call.new: call for call in close}
        returned = decide_returned(self._old, self._new, self._pairs)
        self._take(each for each in returned if each.new not in asked)
        for call in self._assign(evidence, _DECIDE, ()):
            asked.setdefault(call.new, call)
        return self._still_close(asked)

    def _is_done(self) -> bool:
        pairs = len(self._pairs)
        return pairs == len(self._old) or pairs == len(self._new)

    def _decide_exact(self) -> None:
        self._take(decide_exact(self._old, self._new, self._pairs))

    def _take(self, decisions: Iterable[Decision]) -> None:
        for each in decisions:
            self._pairs[each.new] = each.old
            self._reasons[each.new] = each.reason

    def _look_in_place(
        self,
        evidence: Evidence,
        close: Sequence[CloseCall],
    ) -> tuple[CloseCall, ...]:
        """Decide what is obvious by its place, and ask about what may be the card that stood
        there.
        """
        from ankipress.identity.in_place import (  # noqa: PLC0415
            cards_in_place,
            is_obvious,
            may_be_same,
        )

        asked = {call.new: call for call in close}
        claimed = {old for call in close for old in call.candidates}
        for new, old in list(cards_in_place(self._old, self._new, self._pairs)):
            features = evidence.features(old, new)
            if is_obvious(features):
                self._pairs[new] = old
                self._reasons[new] = "edited"
            elif new not in asked and old not in claimed and may_be_same(features):
                asked[new] = CloseCall(new, (old,))
        return self._still_close(asked)

    def _still_close(self, asked: Mapping[int, CloseCall]) -> tuple[CloseCall, ...]:
        """The calls of cards without a partner, with those of their candidates that have none."""
        used = set(self._pairs.values())
        left = [_without(call, used) for at, call in sorted(asked.items()) if at not in self._pairs]
        return tuple(call for call in left if call.candidates)

    def _assign(
        self,
        evidence: Evidence,
        decisive: float,
        left_out: Collection[int],
    ) -> tuple[CloseCall, ...]:
        """One round without some old cards: decide the clear pairs of the best assignment, and give
        the others.
        """
        if self._is_done():
            return ()
        scores = evidence.scores(self._pairs, left_out)
        gains: dict[int, dict[int, float]] = {}
        for new, columns in scores.items():
            gains[new] = {}
            for old, score in columns.items():
                if score > _FLOOR:
                    gains[new][old] = score - _FLOOR
        doubtful = []
        for pair in assign(gains, evidence.interchangeable):
            new = pair.row
            old = pair.column
            is_clear = pair.regret >= _MARGIN
            if is_clear and scores[new][old] >= decisive:
                self._pairs[new] = old
                self._reasons[new] = evidence.reason(new, old)
            else:
                doubtful.append(pair)
        used = set(self._pairs.values())
        return tuple(_close_call(pair, used) for pair in doubtful)


def _close_call(
    pair: Assigned,
    used: Collection[int],
) -> CloseCall:
    olds = (pair.column, *pair.rivals)
    candidates = [old for old in olds if old not in used]
    return CloseCall(pair.row, tuple(candidates[:_SHOWN]))


def _without(
    call: CloseCall,
    used: Collection[int],
) -> CloseCall:
    left = tuple(old for old in call.candidates if old not in used)
    return CloseCall(call.new, left)


def _stable_order(cards: Cards) -> list[int]:
    """The indexes of cards in an order that does not depend on theirs: it breaks ties between
    candidates.
    """
    rank = ranks(cards)

    def key(index: int) -> tuple[object, ...]:
        card = cards[index]
        return (
            card.path,
            rank[index],
            not card.active,
            card.section,
            card.question,
            card.answer,
        )

    return sorted(range(len(cards)), key=key)


def _positions(order: Sequence[int]) -> dict[int, int]:
    return {index: at for at, index in enumerate(order)}


def _reordered(
    cards: Cards,
    order: Sequence[int],
) -> list[Fingerprint]:
    """The cards in another order; a card that follows one which is not there follows none."""
    at = _positions(order)
    reordered = []
    for index in order:
        card = cards[index]
        previous = None
        if card.previous is not None:
            previous = at.get(card.previous)
        if previous != card.previous:
            card = card._replace(previous=previous)
        reordered.append(card)
    return reordered


def _in_given_order(
    matching: Matching,
    old_order: Sequence[int],
    new_order: Sequence[int],
) -> Matching:
    """A matching of reordered cards, in the indexes that the caller knows."""
    pairs = {new_order[new]: old_order[old] for new, old in matching.pairs.items()}
    reasons = {new_order[new]: reason for new, reason in matching.reasons.items()}
    close = []
    for call in matching.close:
        candidates = tuple(old_order[old] for old in call.candidates)
        close.append(CloseCall(new_order[call.new], candidates))
    close.sort(key=lambda call: call.new)
    return Matching(
        dict(sorted(pairs.items())),
        dict(sorted(reasons.items())),
        tuple(close),
    )


def without_numbers(
    old: Cards,
    new: Cards,
) -> tuple[Cards, Cards]:
    """Both sides without the numbers before their questions, where most cards have one; else both
    as they are.

    One decision for both: a card cut on one side only would match nothing. A number that tells two
    cards of a side apart ("1. Weltkrieg", "2. Weltkrieg") is a part of the question, and stays.
    """
    sides = [card for card in old if card.active], new
    questions = [card.question for side in sides for card in side]
    numbered = sum(_NUMBER.match(question) is not None for question in questions)
    if numbered < _FEWEST_NUMBERED or numbered < _SHARE_NUMBERED * len(questions):
        return old, new
    shared: set[str] = set()
    for side in sides:
        seen: set[str] = set()
        for card in side:
            question = _without_number(card.question)
            if question in seen:
                shared.add(question)
            seen.add(question)
    old = [_cut(card, shared) for card in old]
    new = [_cut(card, shared) for card in new]
    return old, new


def _without_number(question: str) -> str:
    return _NUMBER.sub("", question, count=1)


def _cut(
    card: Fingerprint,
    shared: Collection[str],
) -> Fingerprint:
    question = _without_number(card.question)
    if question == card.question or question in shared:
        return card
    return card._replace(question=question)
