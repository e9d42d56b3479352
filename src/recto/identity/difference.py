"""How much two questions say the same, and whether what differs changes the meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from recto.identity.vocabulary import ENDINGS
from recto.identity.words import Kind, Word, is_hangul

_KIND_WEIGHT = {
    Kind.STOP: 0.12, Kind.WORD: 1.0, Kind.NUMBER: 1.3, Kind.NAME: 1.2, Kind.SYMBOL: 1.0, Kind.LETTER: 1.0, Kind.NEGATION: 1.5,
}  # fmt: skip
_ENDINGS = ENDINGS | {""}
_SLIP_LIMIT = 40  # more words left over than this is no slip of the pen; also bounds the work


@dataclass(frozen=True, slots=True)
class Difference:
    """Two questions side by side, in weights: rare words weigh more than common ones, numbers and names more than words."""

    shared: float  # on both sides
    slips: float  # on both sides but for a typing error or an ending
    removed: float
    added: float
    exchanged: bool  # something that the question hangs on was replaced by its like
    negated: bool
    reordered: bool

    @property
    def likeness(self) -> float:
        """From 0, nothing shared, to 1, the same but for punctuation and case."""
        whole = self.shared + self.slips + self.removed + self.added
        return (self.shared + 0.8 * self.slips) / whole if whole else 0.0


class Weights:
    """How much each word of these questions weighs: the rarer, the more."""

    def __init__(self, questions: Iterable[Iterable[str]]) -> None:
        self._frequency: Counter[str] = Counter()
        total = 0
        for question in questions:
            total += 1
            self._frequency.update(question)
        self._total = total
        self._cache: dict[Word, float] = {}

    def of(self, word: Word) -> float:
        """The weight of a word: that of its kind, at most; a fifth of it for one in a third of the questions."""
        known = self._cache.get(word)
        if known is None:
            # The two questions compared may be all that have the word; and of a few cards nothing can be learnt about rarity.
            share = max(0, self._frequency.get(word.key.lstrip("\\"), 0) - 2) / (self._total + 20)
            rarity = 1.0 - 0.8 * min(1.0, share / 0.3)
            if word.kind > Kind.WORD:
                rarity = max(rarity, 0.6)
            known = self._cache[word] = _KIND_WEIGHT[word.kind] * rarity
        return known


def differ(old: Sequence[Word], new: Sequence[Word], weights: Weights) -> Difference:
    """The difference between two questions."""
    before, after = Counter(old), Counter(new)
    common = before & after
    gone, come = list((before - common).elements()), list((after - common).elements())
    shared = sum(weights.of(word) * count for word, count in common.items())
    gone, come, slips = _without_slips(gone, come, weights)
    return Difference(
        shared=shared,
        slips=slips,
        removed=sum(map(weights.of, gone)),
        added=sum(map(weights.of, come)),
        exchanged=_exchanged(gone, come),
        negated=_negated(gone, come, weights),
        reordered=_reordered(old, new, common),
    )


def _without_slips(gone: list[Word], come: list[Word], weights: Weights) -> tuple[list[Word], list[Word], float]:
    """What is left when words that differ by a typing error or an ending are paired, and the weight of those."""
    if not gone or not come or len(gone) + len(come) > _SLIP_LIMIT:
        return gone, come, 0.0
    weight, kept, rest = 0.0, [], list(come)
    for word in gone:
        match = next((other for other in rest if is_slip(word, other)), None)
        if match is None:
            kept.append(word)
        else:
            rest.remove(match)
            weight += (
                min(weights.of(word), weights.of(match))
                if Kind.STOP in (word.kind, match.kind)
                else max(weights.of(word), weights.of(match))
            )
    return kept, rest, weight


def is_slip(a: Word, b: Word) -> bool:
    """Whether two words are one, written with a typing error or another ending.

    What differs at the start of a word (un-, arc-, sub-) or in a number is never a slip.
    """
    if Kind.STOP in (a.kind, b.kind):
        return a.kind == b.kind or (sorted(a.key) == sorted(b.key) and len(a.key) >= 4)
    if Kind.WORD not in (a.kind, b.kind) and (a.kind != Kind.NAME or b.kind != Kind.NAME):
        return False
    first, second = (a.key, b.key) if len(a.key) <= len(b.key) else (b.key, a.key)
    if first[0] != second[0] or first == second:
        return first == second
    start = _common_start(first, second)
    ends = first[start:] in _ENDINGS and second[start:] in _ENDINGS
    if is_hangul(first[0]):
        return ends
    if any(map(str.isdigit, first + second)):
        return False
    return (ends and start >= max(4, 0.6 * len(second) - 1)) or _mistyped(first, second, start)


def _mistyped(first: str, second: str, start: int) -> bool:
    # Early in a word one letter is no slip: it would be hyper- for hypo-.
    allowed = 2 if len(first) >= 9 and start >= 4 else 1
    return len(first) >= 5 and start >= min(3, len(second) - 3) and OSA.distance(first, second, score_cutoff=allowed) <= allowed


def _common_start(a: str, b: str) -> int:
    for index, (left, right) in enumerate(zip(a, b, strict=False)):
        if left != right:
            return index
    return min(len(a), len(b))


def _exchanged(gone: Sequence[Word], come: Sequence[Word]) -> bool:
    """Whether something that a question hangs on was replaced: a number, a name, a symbol, or a word by its opposite."""
    if any(word.kind >= Kind.NUMBER for word in gone) and any(word.kind >= Kind.NUMBER for word in come):
        return True
    if len(gone) + len(come) > _SLIP_LIMIT:
        return False
    return any(_opposed(word.key, other.key) for word in gone for other in come if word.kind == other.kind == Kind.WORD)


def _opposed(a: str, b: str) -> bool:
    """Whether two words differ at their beginning alone: tan and arctan, controlled and uncontrolled, superior and inferior."""
    end = _common_start(a[::-1], b[::-1])
    if is_hangul(a[0]) and is_hangul(b[0]):
        return end >= 2
    return end >= 3 and end >= 0.5 * min(len(a), len(b))


def _negated(gone: Sequence[Word], come: Sequence[Word], weights: Weights) -> bool:
    """Whether a negation, and little else, came or went."""
    removed, added = (sum(word.kind == Kind.NEGATION for word in words) for words in (gone, come))
    if removed == added:
        return False
    negations = sum(weights.of(word) for word in (*gone, *come) if word.kind == Kind.NEGATION)
    return negations >= 0.4 * sum(weights.of(word) for word in (*gone, *come))


def _reordered(old: Sequence[Word], new: Sequence[Word], common: Mapping[Word, int]) -> bool:
    first = [word for word in old if word.kind != Kind.STOP and word in common]
    second = [word for word in new if word.kind != Kind.STOP and word in common]
    return first != second and Counter(first) == Counter(second)
