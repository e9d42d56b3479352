"""What speaks for a new card's being an old one: question, answer, place, and how much alike this
deck's cards are anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from ankipress.identity.fingerprint import Trace
from ankipress.identity.nearest import (
    Feature,
    Index,
    close_features,
    rough_features,
    sketch_of,
    tokens_of,
    words_of,
)
from ankipress.identity.pair_features import Beside, Facts
from ankipress.identity.place import Surroundings, by_rank, ranks, surroundings
from ankipress.identity.question_difference import Weights, differ
from ankipress.identity.score import content, needs_siblings, score
from ankipress.identity.signature import Signature, comparable, read_signature, same_answer

_CANDIDATES = 6  # olds looked at closely for each new
_SIBLINGS = 3  # cards of the same deck looked at closely, to learn how much alike they are
# Share of the cards that must be left for another round to look at the same candidates again.
_SETTLED = 0.9
_FILES = 5  # in so many files, the name of one says which card a file with a single card holds


class Comparison:
    """Compares the texts of two cards, against the background of all cards of both sides."""

    def __init__(self, old: Sequence[Trace], new: Sequence[Trace]) -> None:
        cards = (*old, *new)
        self._weights = Weights(
            tokens_of(question) for question in {card.question for card in cards}
        )
        self._questions = (
            Counter(card.question for card in old),
            Counter(card.question for card in new),
        )
        self._answers = (Counter(card.answer for card in old), Counter(card.answer for card in new))
        signatures = (read_signature(answer) for answer in {card.answer for card in cards})
        self._frequency = Counter(
            chain.from_iterable(
                signature.sketch for signature in signatures if signature is not None
            )
        )
        self._common = max(3.0, 0.015 * len(cards))

    def compare(self, first: Trace, second: Trace) -> Facts:
        """What the texts of two cards say, wherever they stand."""
        difference = differ(words_of(first.question), words_of(second.question), self._weights)
        shared = difference.shared + difference.slips
        one, other = read_signature(first.answer), read_signature(second.answer)
        overlap, contained = self._overlap(one, other) if one and other else (0.5, 0.5)
        sizes = sorted((one.size if one else 0, other.size if other else 0))
        return Facts(
            likeness=difference.likeness,
            kept=shared / (shared + difference.removed) if shared else 0.0,
            swapped=min(difference.removed, difference.added),
            exchanged=difference.exchanged,
            negated=difference.negated,
            reordered=difference.reordered,
            clean=difference.clean,
            widened=difference.widened,
            same_question=first.question == second.question,
            same_answer=(overlap == 1.0 and sizes[0] == sizes[1])
            or same_answer(first.answer, second.answer),
            overlap=overlap,
            contained=contained,
            size=sizes[0],
            larger=sizes[1],
            same_section=first.section == second.section,
            same_path=first.path == second.path,
            active=first.active,
            common_question=max(
                counts[question]
                for counts in self._questions
                for question in (first.question, second.question)
            ),
            common_answer=max(
                counts[answer]
                for counts in self._answers
                for answer in (first.answer, second.answer)
            ),
        )

    def _overlap(self, first: Signature, second: Signature) -> tuple[float, float]:
        """Of two answers, rare words weighing more: what is shared of all, and of the smaller."""
        if not first.size or not second.size:
            return 0.0, 0.0
        shared, seen = comparable(first, second)
        both, either = self._weight(shared), self._weight(seen)
        jaccard = both / either if either else 0.0
        if first.complete and second.complete:
            return jaccard, both / min(self._weight(first.sketch), self._weight(second.sketch))
        total, smaller = first.size + second.size, min(first.size, second.size)
        return jaccard, min(1.0, jaccard * total / (1 + jaccard) / smaller)

    def _weight(self, features: Iterable[int]) -> float:
        frequency, common = self._frequency, self._common
        return sum([common / (common + frequency[feature]) for feature in features])


class Evidence:
    """Scores of pairs: the logarithm of the odds that the new card is the old one, edited."""

    def __init__(
        self, old: Sequence[Trace], new: Sequence[Trace], denied: Collection[tuple[int, int]]
    ) -> None:
        self._old, self._new = old, new
        self._denied = {
            index: {before for after, before in denied if after == index} for index, _ in denied
        }
        self._comparison = Comparison(old, new)
        self._orders = by_rank(range(len(old)), ranks(old)), by_rank(range(len(new)), ranks(new))
        self._file_sizes = (
            Counter(card.path for card in old if card.active),
            Counter(card.path for card in new),
        )
        self._facts: dict[tuple[int, int], tuple[Facts, float]] = {}
        self._nearest: dict[int, list[int]] = {}
        self._new_siblings: dict[int, tuple[float, float]] = {}
        self._old_siblings: dict[int, tuple[float, float]] = {}
        self._deck: Index | None = None

    def interchangeable(self, old: int, other: int) -> bool:
        """Whether two old cards have the same question and answer, so that it makes no difference
        which is meant.
        """
        return self._old[old].question == self._old[other].question and same_answer(
            self._old[old].answer, self._old[other].answer
        )

    def reason(self, new: int, old: int) -> str:
        """Why a pair was decided, for a report."""
        moved = "" if self._new[new].path == self._old[old].path else ", moved"
        return (
            "same question" if self._new[new].question == self._old[old].question else "edited"
        ) + moved

    def scores(self, pairs: Mapping[int, int]) -> dict[int, dict[int, float]]:
        """Scores (new -> old -> score) of the candidates among the cards that are in no pair yet."""
        free_old = sorted(set(range(len(self._old))) - set(pairs.values()))
        free_new = sorted(set(range(len(self._new))) - set(pairs))
        around = (
            surroundings(self._old, self._orders[0], {old: new for new, old in pairs.items()}),
            surroundings(self._new, self._orders[1], {new: new for new in pairs}),
        )
        olds = {
            old: close_features(self._old[old], _place(self._old[old], around[0], old))
            for old in free_old
        }
        news = {
            new: close_features(self._new[new], _place(self._new[new], around[1], new))
            for new in free_new
        }
        left = Index(self._old, olds.items())
        self._deck = self._deck or self._index_of_deck([*olds.values(), *news.values()])
        found: dict[int, dict[int, float]] = {}
        for new, old in self._candidates(news, left, pairs):
            facts, alike = self._compared(old, new)
            beside = Beside(self._place_score(old, new, *around))
            if needs_siblings(facts, alike):
                mine, theirs = (
                    self._siblings_of_new(new, pairs),
                    self._siblings_of_old(old, olds[old], pairs, left),
                )
                beside = Beside(beside.place, max(mine[0], theirs[0]), max(mine[1], theirs[1]))
            found.setdefault(new, {})[old] = score(facts, alike, beside)
        return found

    def _candidates(
        self, news: Mapping[int, Collection[Feature]], left: Index, pairs: Mapping[int, int]
    ) -> Iterator[tuple[int, int]]:
        """The pairs worth a closer look. Those of an earlier round stand where few cards were taken
        since.
        """
        used = set(pairs.values())
        anew = len(news) < _SETTLED * len(self._nearest)
        for new, features in news.items():
            known = self._nearest.get(new)
            if anew or known is None or not used.isdisjoint(known):
                known = left.nearest(
                    features, self._new[new].group, self._denied.get(new, ()), _CANDIDATES
                )
                self._nearest[new] = known
            yield from ((new, old) for old in known)

    def _compared(self, old: int, new: int) -> tuple[Facts, float]:
        if (old, new) not in self._facts:
            facts = self._comparison.compare(self._old[old], self._new[new])
            self._facts[old, new] = facts, content(facts)
        return self._facts[old, new]

    def _index_of_deck(self, wanted: Iterable[set[Feature]]) -> Index:
        features: frozenset[Feature] = frozenset().union(*wanted)
        return Index(
            self._new, ((at, rough_features(card, features)) for at, card in enumerate(self._new))
        )

    def _siblings_of_new(self, new: int, pairs: Mapping[int, int]) -> tuple[float, float]:
        if new not in self._new_siblings:
            card, relatives = self._new[new], self._relatives(self._new[new], (new,))
            beside = self._closest(card, [self._new[at] for at in relatives if at in pairs])
            alone = self._closest(card, [self._new[at] for at in relatives if at not in pairs])
            self._new_siblings[new] = beside, alone
        return self._new_siblings[new]

    def _siblings_of_old(
        self, old: int, features: Iterable[Feature], pairs: Mapping[int, int], left: Index
    ) -> tuple[float, float]:
        if old not in self._old_siblings:
            card = self._old[old]
            beside = self._closest(
                card, [self._new[at] for at in self._relatives(card, ()) if at in pairs]
            )
            alone = self._closest(
                card,
                [self._old[at] for at in left.nearest(features, card.group, (old,), _SIBLINGS)],
            )
            self._old_siblings[old] = beside, alone
        return self._old_siblings[old]

    def _relatives(self, card: Trace, skipped: Collection[int]) -> list[int]:
        """The new cards most like a card, by their questions and by their answers."""
        assert self._deck is not None
        by_question = self._deck.nearest(tokens_of(card.question), card.group, skipped, _SIBLINGS)
        by_answer = self._deck.nearest(sketch_of(card), card.group, skipped, _SIBLINGS)
        return list(dict.fromkeys(by_question + by_answer))

    def _closest(self, card: Trace, others: Iterable[Trace]) -> float:
        different = [
            other
            for other in others
            if (other.question, other.answer) != (card.question, card.answer)
        ]
        return max(
            (content(self._comparison.compare(card, other)) for other in different), default=-9.0
        )

    def _place_score(
        self, old: int, new: int, old_around: Surroundings, new_around: Surroundings
    ) -> float:
        ours, theirs = (
            (new_around.before[new], new_around.after[new]),
            (old_around.before[old], old_around.after[old]),
        )
        path = self._new[new].path
        one_file = self._old[old].path == path
        if ours == theirs == (-1, -1):  # no card of either file has been recognised
            alone = one_file and self._file_sizes[0][path] == self._file_sizes[1][path] == 1
            return 2.5 if alone and len(self._file_sizes[0]) > _FILES else 0.0
        same = [
            mine == other and (mine >= 0 or one_file)
            for mine, other in zip(ours, theirs, strict=True)
        ]
        return 0.8 * (sum(same) - 1)


def _place(card: Trace, around: Surroundings, index: int) -> tuple[str, int, int] | None:
    before, after = around.before[index], around.after[index]
    return (card.path, before, after) if before >= 0 or after >= 0 else None
