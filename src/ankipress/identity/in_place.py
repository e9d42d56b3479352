"""What stands where a card stood: of the cards that are left, those between the same neighbours.

A card that was clarified and got another answer in one go resembles what it was too little to be
found by its texts. Where it stands says which card it was, if nothing else stood or stands there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.identity.fingerprint import Cards, Pairs
from ankipress.identity.place import FILES, NO_CARD, by_rank, surroundings
from ankipress.identity.score import PairFeatures, keeps_answer

_Gap = tuple[str, str, int, int]
"""A note type, a file, and the matched cards before and after."""

_RELATED = 0.2  # shared of the questions and of the answers, together
_MOST = 0.5  # likeness of a question that is still the same
_NEARLY_ALL = 0.8  # the same where a number or a name was replaced


class InPlace(NamedTuple):
    """A new card and an old one that stand in the same place."""

    new: int
    old: int


def cards_in_place(
    old: Cards,
    new: Cards,
    pairs: Pairs,
) -> Iterator[InPlace]:
    """The cards without a partner that stand between the same matched cards, in their order, where
    as many went as came.
    """
    olds = _in_gaps(old, {before: after for after, before in pairs.items()})
    news = _in_gaps(new, {at: at for at in pairs})
    for gap, comers in news.items():
        goers = olds.get(gap, ())
        if len(goers) == len(comers):
            yield from map(InPlace, comers, goers)


def _in_gaps(
    cards: Cards,
    matched: Pairs,
) -> Mapping[_Gap, Sequence[int]]:
    """The active cards without a partner, in their order, by the matched cards around them."""
    order = by_rank(cards)
    around = surroundings(cards, order, matched)
    sizes = Counter(card.path for card in cards if card.active)
    has_files = len(sizes) > FILES
    gaps: dict[_Gap, list[int]] = defaultdict(list)
    for at in order:
        if at in matched or not cards[at].active:
            continue
        is_alone = has_files and sizes[cards[at].path] == 1
        if around[at] != (NO_CARD, NO_CARD) or is_alone:
            gaps[cards[at].group, cards[at].path, *around[at]].append(at)
    return gaps


def is_obvious(features: PairFeatures) -> bool:
    """Whether a card in the place of another is that one without a doubt: its answer is the same,
    which no other card has, or a slip of the pen was mended.
    """
    if not features.larger and _is_question_kept(features):
        return True
    if features.is_turned:
        return False
    if features.same_answer:
        return features.common_answer == 1 and features.size > 0
    return features.clean and keeps_answer(features)


def _is_question_kept(features: PairFeatures) -> bool:
    """Whether a question without an answer, in a list of exercises, is still the same."""
    if features.negated or features.common_question > 1:
        return False
    if features.exchanged or features.reordered:
        return features.likeness >= _NEARLY_ALL
    return features.likeness >= _MOST


def may_be_same(features: PairFeatures) -> bool:
    """Whether a card in the place of another has enough in common with it to be asked about."""
    if features.common_question > 1:
        return False
    if not features.larger:
        return features.likeness >= _RELATED
    if features.is_turned:
        return False
    if features.widened:
        return True
    kept = features.likeness
    if features.size:
        kept += features.answers_alike
    return features.rare and kept >= _RELATED
