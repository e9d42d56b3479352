"""Comparing the texts of two cards, against the background of all cards of both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from ankipress.identity.code_marks import marks_exchanged
from ankipress.identity.fingerprint import Cards, Fingerprint
from ankipress.identity.matching_texts import BETWEEN
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
from ankipress.identity.spelling import spelt

_RARE = 2  # the two answers that are compared
_LETTERS_A_SLIP = 5  # of hidden words: in so many, one may be wrong


class Comparison:
    """Knows how often each word, question and answer is there, and compares pairs."""

    def __init__(self, old: Cards, new: Cards) -> None:
        cards = (*old, *new)
        questions = {card.question for card in cards}
        self._weights = Weights(map(tokens_of, questions))
        # How often each is there, on the side that has it more often.
        active = [card for card in old if card.active]
        self._questions = _questions(active) | _questions(new)
        self._answers = _answers(active) | _answers(new)
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
        old_question = self._questions[_asked(first)]
        new_question = self._questions[_asked(second)]
        old_answer = self._answers[first.answer]
        new_answer = self._answers[second.answer]
        return PairFeatures(
            likeness=difference.likeness,
            kept=kept,
            swapped=min(difference.removed, difference.added),
            exchanged=difference.exchanged or marks_exchanged(first, second),
            renumbered=difference.renumbered,
            negated=difference.negated,
            telling=difference.rare and self._weights.are_many,
            rare=difference.rare or self._share_rare(one, other),
            reordered=difference.reordered,
            clean=difference.clean,
            slipped=difference.slipped,
            widened=difference.widened,
            same_question=_asked(first) == _asked(second),
            same_hidden=_shared_hidden(first, second),
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

    def _share_rare(
        self,
        first: Signature | None,
        second: Signature | None,
    ) -> bool:
        if first is None or second is None:
            return False
        shared = first.sketch & second.sketch
        return any(self._frequency[feature] <= _RARE for feature in shared)

    def _weight(self, features: Iterable[int]) -> float:
        frequency = self._frequency
        common = self._common
        return sum([common / (common + frequency[feature]) for feature in features])


def _size(signature: Signature | None) -> int:
    if signature:
        return signature.size
    return 0


def _questions(cards: Cards) -> Counter[tuple[str, str]]:
    return Counter(map(_asked, cards))


def _asked(card: Fingerprint) -> tuple[str, str]:
    """What is asked: of a cloze, also which words are hidden."""
    return card.question, card.hidden


def _shared_hidden(first: Fingerprint, second: Fingerprint) -> float:
    """The share of the hidden words of two clozes that both hide; half where none is a cloze."""
    if not first.hidden and not second.hidden:
        return 0.5
    before = set(first.hidden.split(BETWEEN)) - {""}
    after = set(second.hidden.split(BETWEEN)) - {""}
    shared = len(before & after)
    left = after - before
    for word in before - after:
        if misspelt := next((each for each in sorted(left) if _is_slip(word, each)), None):
            left.remove(misspelt)
            shared += 1
    return shared / (len(before) + len(after) - shared)


def _is_slip(word: str, other: str) -> bool:
    """Whether two hidden words are one but for spelling."""
    if spelt(word) == spelt(other):
        return True
    most = min(len(word), len(other)) // _LETTERS_A_SLIP
    return OSA.distance(word, other, score_cutoff=most) <= most


def _answers(cards: Cards) -> Counter[str]:
    return Counter(card.answer for card in cards)
