"""Which of the cards as written now are the cards that the lock remembers.

What is certain is decided first: pairs fixed by an explicit id, the same question, the same answer.
What is left on both sides is scored on question, answer and place and assigned as a whole. A clear
best pair is decided; a close call is handed back, to be asked. `docs/decisions/007-matching.md`
says why, with the measured figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ankipress.identity.exact import decide_exact
from ankipress.identity.fingerprint import CloseCall, Matching, Trace
from ankipress.identity.numbering import without_numbers
from ankipress.identity.pairing import Assigned, assign
from ankipress.identity.place import ranks

if TYPE_CHECKING:
    from ankipress.identity.evidence import Evidence

__all__ = ["CloseCall", "Matching", "Trace", "match"]

# Of pairs known to be the same or different, nearly all lie above or below both: see the decision.
_DECIDE = 1.0  # a pair that scores as much is decided, if nothing rivals it
_FLOOR = -1.6  # a pair that scores less is not even asked
_EAGER = 1.5  # in the first round so much more, since it finds anchors for the second
_MARGIN = 1.0  # by so much a pair must be better than any other way to pair
_SHOWN = 4  # candidates of a close call


def match(
    old: Sequence[Trace],
    new: Sequence[Trace],
    fixed: Mapping[int, int] = MappingProxyType({}),
    denied: Collection[tuple[int, int]] = (),
) -> Matching:
    """Match new cards with old ones.

    `fixed` (new -> old) is kept as it is; a pair of `denied` (new, old) is never made. A card whose
    question is the same, if unique among the active cards of both sides, keeps its identity, and so
    does one whose answer is the same, if unique and longer than a few words. The result depends
    neither on the order of the sequences nor on the hash seed.
    """
    old_order, new_order = _order(old), _order(new)
    old_at, new_at = _positions(old_order), _positions(new_order)
    matcher = _Matcher(
        _reordered(old, old_order, old_at),
        _reordered(new, new_order, new_at),
        {new_at[after]: old_at[before] for after, before in fixed.items()},
        frozenset((new_at[after], old_at[before]) for after, before in denied),
    )
    return _renamed(matcher.run(), old_order, new_order)


class _Matcher:
    def __init__(
        self,
        old: Sequence[Trace],
        new: Sequence[Trace],
        fixed: Mapping[int, int],
        denied: Collection[tuple[int, int]],
    ) -> None:
        self._old, self._new, self._denied = old, new, denied
        self._pairs = dict(fixed)
        self._reasons = dict.fromkeys(fixed, "fixed")

    def run(self) -> Matching:
        self._decide_exact()
        # Numbers before questions change when one is inserted, so they go; but never before the
        # whole question was tried.
        before = self._old, self._new
        self._old, self._new = without_numbers(*before)
        if (self._old, self._new) != before:
            self._decide_exact()
        close: tuple[CloseCall, ...] = ()
        if not self._done():
            # Where questions stay, nothing is to be compared.
            from ankipress.identity.evidence import Evidence  # noqa: PLC0415

            evidence = Evidence(self._old, self._new, self._denied)
            close = self._assign(evidence, _DECIDE + _EAGER)
            close = close if self._done() else self._assign(evidence, _DECIDE)
        return Matching(self._pairs, self._reasons, close)

    def _decide_exact(self) -> None:
        for new, old, reason in decide_exact(self._old, self._new, self._pairs, self._denied):
            self._decide(new, old, reason)

    def _done(self) -> bool:
        return len(self._pairs) in (len(self._old), len(self._new))

    def _decide(self, new: int, old: int, reason: str) -> None:
        self._pairs[new] = old
        self._reasons[new] = reason

    def _assign(self, evidence: Evidence, decisive: float) -> tuple[CloseCall, ...]:
        scores = evidence.scores(self._pairs)
        gains = {
            new: {old: score - _FLOOR for old, score in columns.items() if score > _FLOOR}
            for new, columns in scores.items()
        }
        doubtful = []
        for pair in assign(gains, evidence.interchangeable):
            if scores[pair.row][pair.column] >= decisive and pair.regret >= _MARGIN:
                self._decide(pair.row, pair.column, evidence.reason(pair.row, pair.column))
            else:
                doubtful.append(pair)
        used = set(self._pairs.values())
        return tuple(_close_call(pair, used, scores[pair.row]) for pair in doubtful)


def _close_call(pair: Assigned, used: Collection[int], scores: Mapping[int, float]) -> CloseCall:
    candidates = [old for old in (pair.column, *pair.rivals) if old not in used][:_SHOWN]
    odds = [2.0 ** max(-20.0, min(20.0, scores[old])) for old in candidates]
    whole = 1.0 + sum(odds)
    return CloseCall(pair.row, tuple(candidates), tuple(round(one / whole, 3) for one in odds))


def _order(cards: Sequence[Trace]) -> list[int]:
    """The indexes of cards in an order that does not depend on theirs: ties between candidates are
    broken by it.
    """
    rank = ranks(cards)
    return sorted(
        range(len(cards)),
        key=lambda at: (
            cards[at].path,
            rank[at],
            not cards[at].active,
            cards[at].section,
            cards[at].question,
            cards[at].answer,
        ),
    )


def _positions(order: Sequence[int]) -> dict[int, int]:
    return {index: at for at, index in enumerate(order)}


def _reordered(cards: Sequence[Trace], order: Sequence[int], at: Mapping[int, int]) -> list[Trace]:
    """The cards in another order; a card that follows one which is not there follows none."""
    return [_following(cards[index], at) for index in order]


def _following(card: Trace, at: Mapping[int, int]) -> Trace:
    previous = None if card.previous is None else at.get(card.previous)
    return card if card.previous == previous else replace(card, previous=previous)


def _renamed(matching: Matching, old_order: Sequence[int], new_order: Sequence[int]) -> Matching:
    pairs = {new_order[new]: old_order[old] for new, old in matching.pairs.items()}
    reasons = {new_order[new]: reason for new, reason in matching.reasons.items()}
    close = [
        CloseCall(
            new_order[call.new], tuple(old_order[old] for old in call.candidates), call.likelihoods
        )
        for call in matching.close
    ]
    return Matching(
        MappingProxyType(dict(sorted(pairs.items()))),
        MappingProxyType(dict(sorted(reasons.items()))),
        tuple(sorted(close, key=lambda call: call.new)),
    )
