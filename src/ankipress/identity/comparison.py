"""Comparing the texts of two cards, against the background of all cards of both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ankipress.identity.fingerprint import Cards, Fingerprint
from ankipress.identity.nearest import sketch_of, tokens_of, words_of
from ankipress.identity.question_difference import Weights, differ
from ankipress.identity.score import PairFeatures
from ankipress.identity.signature import (
    Signature,
    comparable,
    estimated_containment,
    read_signature,
    same_answer,
)


class Comparison:
    """Knows how often each word, question and answer is there, and compares pairs."""

    def __init__(self, old: Cards, new: Cards) -> None:
        cards = (*old, *new)
        questions = {card.question for card in cards}
        self._weights = Weights(map(tokens_of, questions))
        # How often each is there, on the side that has it more often.
        self._questions = _questions(old) | _questions(new)
        self._answers = _answers(old) | _answers(new)
        self._frequency: Counter[int] = Counter()
        for answer in {card.answer for card in cards}:
            self._frequency.update(sketch_of(answer))
        self._common = max(3.0, 0.015 * len(cards))

    def compare(
        self,
        first: Fingerprint,
        second: Fingerprint,
    ) -> PairFeatures:
        """What the texts of two cards say, wherever they stand."""
        before = words_of(first.question)
        after = words_of(second.question)
        difference = differ(before, after, self._weights)
        shared = difference.shared + difference.typos
        kept = 0.0
        if shared:
            kept = shared / (shared + difference.removed)
        one = read_signature(first.answer)
        other = read_signature(second.answer)
        overlap = 0.5
        contained = 0.5
        if one and other:
            overlap, contained = self._overlap(one, other)
        size, larger = sorted((_size(one), _size(other)))
        is_same_sketch = overlap == 1.0 and size == larger
        old_question = self._questions[first.question]
        new_question = self._questions[second.question]
        old_answer = self._answers[first.answer]
        new_answer = self._answers[second.answer]
        return PairFeatures(
            likeness=difference.likeness,
            kept=kept,
            swapped=min(difference.removed, difference.added),
            exchanged=difference.exchanged,
            negated=difference.negated,
            reordered=difference.reordered,
            clean=difference.clean,
            widened=difference.widened,
            same_question=first.question == second.question,
            same_answer=is_same_sketch or same_answer(first.answer, second.answer),
            overlap=overlap,
            contained=contained,
            size=size,
            larger=larger,
            same_section=first.section == second.section,
            same_path=first.path == second.path,
            active=first.active,
            common_question=max(old_question, new_question),
            common_answer=max(old_answer, new_answer),
        )

    def _overlap(
        self,
        first: Signature,
        second: Signature,
    ) -> tuple[float, float]:
        """Of two answers, rare words weighing more: what is shared of all, and of the smaller."""
        if not first.size or not second.size:
            return 0.0, 0.0
        shared, seen = comparable(first, second)
        both = self._weight(shared)
        either = self._weight(seen)
        jaccard = 0.0
        if either:
            jaccard = both / either
        if first.complete and second.complete:
            smaller = min(self._weight(first.sketch), self._weight(second.sketch))
            return jaccard, both / smaller
        return jaccard, estimated_containment(first, second, jaccard)

    def _weight(self, features: Iterable[int]) -> float:
        frequency = self._frequency
        common = self._common
        return sum([common / (common + frequency[feature]) for feature in features])


def _size(signature: Signature | None) -> int:
    if signature:
        return signature.size
    return 0


def _questions(cards: Cards) -> Counter[str]:
    return Counter(card.question for card in cards)


def _answers(cards: Cards) -> Counter[str]:
    return Counter(card.answer for card in cards)
