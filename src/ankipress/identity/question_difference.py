"""How much two questions say the same, and whether what differs changes the meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ankipress.identity.typos import (
    common_start,
    is_misspelt,
    is_typo,
    may_be_another,
    may_be_typo,
)
from ankipress.identity.vocabulary import INTERROGATIVES
from ankipress.identity.word_roles import Kind, Word, is_hangul

Words = Sequence[Word]

_KIND_WEIGHT = {
    Kind.STOP: 0.12,
    Kind.WORD: 1.0,
    Kind.NUMBER: 1.3,
    Kind.NAME: 1.2,
    Kind.SYMBOL: 1.0,
    Kind.LETTER: 1.0,
    Kind.NEGATION: 1.5,
}
# A word in so many questions, and in such a share of them, says little.
_MANY = 8
_FEW = 2
_ENOUGH = 20  # questions
_COMMON = 0.05
_TELLING = 0.9  # weight of shared words from which on they say which card it is
_VARIABLE = 2  # times that a letter must stand in a question to be the name of a variable
_MOST_TYPOS = 40  # more words left over than this are no typos; also bounds the work


@dataclass(frozen=True, slots=True)
class QuestionDifference:
    """Two questions compared, in weights: rare words weigh more than common ones, numbers and names
    more than words.
    """

    shared: float  # on both sides
    typos: float  # on both sides but for a typing error or an ending
    removed: float
    added: float
    # Something that the question hangs on was replaced by its like, or it asks when and not why.
    exchanged: bool
    renumbered: bool  # a number, a name or a symbol went, and another came
    negated: bool
    rare: bool  # both have a word that no other question has
    reordered: bool
    clean: bool  # nothing differs but typing errors and words that say little
    slipped: bool  # a word differs by a typing error, if it is none that is another word
    widened: bool  # the one question is in the other, but for words that say little

    @property
    def likeness(self) -> float:
        """From 0, nothing shared, to 1, the same but for punctuation and case."""
        total = self.shared + self.typos + self.removed + self.added
        if not total:
            return 0.0
        return (self.shared + 0.8 * self.typos) / total


class Weights:
    """How much each word of these questions weighs: the rarer, the more."""

    def __init__(self, questions: Iterable[Iterable[str]]) -> None:
        self._frequency: Counter[str] = Counter()
        self._total = 0
        for question in questions:
            self._total += 1
            self._frequency.update(question)
        self._cache: dict[Word, float] = {}

    def is_common(self, word: Word) -> bool:
        """Whether a word says little about which card it is in: many have it."""
        if word.kind != Kind.WORD:
            return word.kind == Kind.STOP
        return self._frequency[word.key] >= max(_MANY, _COMMON * self._total)

    @property
    def are_many(self) -> bool:
        """Whether there are so many questions that it means something if few have a word."""
        return self._total >= _ENOUGH

    def is_rare(self, word: Word) -> bool:
        """Whether no more questions than two have a word."""
        return word.kind != Kind.STOP and self._frequency[word.key] <= _FEW

    def are_common(self, words: Words) -> bool:
        """Whether all of some words say little."""
        return all(map(self.is_common, words))

    def are_known(self, word: Word, other: Word) -> bool:
        """Whether other questions have these words too, each of them: then neither is an error."""
        return self._frequency[word.key] > 1 and self._frequency[other.key] > 1

    def weigh(self, word: Word) -> float:
        """The weight of a word: that of its kind, at most; a fifth of it for one in a third of the
        questions.
        """
        weight = self._cache.get(word)
        if weight is None:
            # The two questions compared may be all that have the word; and of a few cards nothing
            # can be learnt about rarity.
            others = max(0, self._frequency[word.key.lstrip("\\")] - 2)
            share = others / (self._total + 20)
            rarity = 1.0 - 0.8 * min(1.0, share / 0.3)
            if word.kind > Kind.WORD:
                rarity = max(rarity, 0.6)
            weight = self._cache[word] = _KIND_WEIGHT[word.kind] * rarity
        return weight

    def total(self, words: Iterable[Word]) -> float:
        """The weight of some words together."""
        return sum(map(self.weigh, words))


def differ(
    old: Words,
    new: Words,
    weights: Weights,
) -> QuestionDifference:
    """The difference between two questions."""
    before = Counter(old)
    after = Counter(new)
    common = before & after
    gone = list((before - common).elements())
    come = list((after - common).elements())
    asks_less = _asks_otherwise(gone, come)
    asks_more = _asks_otherwise(come, gone)
    renamed = _renamed(before, after, gone, come)
    gone = [word for word in gone if word not in renamed]
    left = _without_typos(gone, come, weights, renamed)
    gone = left.gone
    come = left.come
    exchanged = (asks_less and asks_more) or _exchanged(gone, come)
    negated = _negated(gone, come, weights)
    reordered = _reordered(old, new, common, left.paired)

    shared = telling = 0.0
    for word, count in common.items():
        weight = weights.weigh(word) * count
        shared += weight
        if not weights.is_common(word):
            telling += weight
    is_cut = weights.are_common(gone) or weights.are_common(come)
    turns = exchanged or negated or reordered or asks_less or asks_more
    widened = is_cut and not turns and left.specific + telling >= _TELLING
    has_only_stops = all(word.kind == Kind.STOP for word in (*gone, *come))
    return QuestionDifference(
        shared=shared,
        typos=left.typos,
        removed=weights.total(gone),
        added=weights.total(come),
        exchanged=exchanged,
        renumbered=_has_specific(gone) and _has_specific(come),
        negated=negated,
        rare=any(weights.is_rare(word) for word in common),
        reordered=reordered,
        clean=widened and left.certain and has_only_stops,
        slipped=left.slipped,
        widened=widened,
    )


@dataclass(slots=True)
class _Left:
    """What two questions do not share, once words that differ by a typo are paired."""

    gone: list[Word]
    come: list[Word]
    paired: dict[Word, Word]
    typos: float = 0.0  # the weight of the pairs
    specific: float = 0.0  # the same, without words that many cards have
    certain: bool = True
    slipped: bool = False


def _renamed(
    before: Counter[Word],
    after: Counter[Word],
    gone: Words,
    come: Words,
) -> dict[Word, Word]:
    """A variable that has another name now, everywhere: x² dx, t² dt. What stands once is no
    variable but what is asked about.
    """
    old_letters = {word for word in gone if word.kind == Kind.LETTER}
    new_letters = {word for word in come if word.kind == Kind.LETTER}
    if len(old_letters) != 1 or len(new_letters) != 1:
        return {}
    [old] = old_letters
    [new] = new_letters
    if old in after or new in before:
        return {}
    names = old.key + new.key
    is_variable = before[old] == after[new] >= _VARIABLE
    if is_variable and names.islower():
        return {old: new}
    return {}


def _without_typos(
    gone: list[Word],
    come: list[Word],
    weights: Weights,
    renamed: Mapping[Word, Word],
) -> _Left:
    """What is left when words that are the same but for a typo or another name of a variable are
    paired.
    """
    new_names = renamed.values()
    left = _Left(
        gone=gone,
        come=[word for word in come if word not in new_names],
        paired=dict(renamed),
        typos=weights.total(word for word in come if word in new_names),
        certain=not renamed,
    )
    if len(gone) + len(left.come) > _MOST_TYPOS:
        return left
    left.gone = []
    for word in gone:
        match = _certain_typo(word, left.come)
        if match is None:
            match = _possible_typo(word, left.come, weights)
            if match is None:
                left.gone.append(word)
                continue
            left.certain = False
        left.come.remove(match)
        left.paired[word] = match
        if may_be_another(word, match):
            left.slipped = True
        lighter, heavier = sorted((weights.weigh(word), weights.weigh(match)))
        is_small = Kind.STOP in {word.kind, match.kind}
        left.typos += lighter if is_small else heavier
        if not weights.is_common(word) and not weights.is_common(match):
            left.specific += heavier
    return left


def _certain_typo(word: Word, others: Words) -> Word | None:
    for other in others:
        if is_typo(word, other):
            return other
    return None


def _possible_typo(
    word: Word,
    others: Iterable[Word],
    weights: Weights,
) -> Word | None:
    for other in others:
        if may_be_typo(word, other) and not weights.are_known(word, other):
            return other
    return None


def _asks_otherwise(gone: Words, come: Words) -> bool:
    """Whether what is asked for went: "when" and not "why"."""
    for word in gone:
        if word.key in INTERROGATIVES:
            is_kept = any(is_misspelt(word.key, other.key) for other in come)
            if not is_kept:
                return True
    return False


def _exchanged(gone: Words, come: Words) -> bool:
    """Whether something that a question hangs on was replaced: a number, a name, a symbol, or a
    word by its opposite.
    """
    if _has_specific(gone) and _has_specific(come):
        return True
    if len(gone) + len(come) > _MOST_TYPOS:
        return False
    old_words = [word.key for word in gone if word.kind == Kind.WORD]
    new_words = [word.key for word in come if word.kind == Kind.WORD]
    return any(_opposed(old, new) for old in old_words for new in new_words)


def _has_specific(words: Iterable[Word]) -> bool:
    return any(word.kind >= Kind.NUMBER for word in words)


def _opposed(a: str, b: str) -> bool:
    """Whether two words differ at their beginning alone: tan and arctan, controlled and
    uncontrolled, superior and inferior.
    """
    end = common_start(a[::-1], b[::-1])
    if is_hangul(a[0]) and is_hangul(b[0]):
        return end >= 2
    return end >= 3 and end >= 0.5 * min(len(a), len(b))


def _negated(
    gone: Words,
    come: Words,
    weights: Weights,
) -> bool:
    """Whether a negation, and little else, came or went."""
    removed = _negations(gone)
    added = _negations(come)
    if len(removed) == len(added):
        return False
    words = [*gone, *come]
    changed = weights.total(words)
    return weights.total(removed + added) >= 0.4 * changed


def _negations(words: Words) -> list[Word]:
    return [word for word in words if word.kind == Kind.NEGATION]


def _reordered(
    old: Words,
    new: Words,
    common: Mapping[Word, int],
    paired: Mapping[Word, Word],
) -> bool:
    """Whether what both say stands in another order: "is every field a ring", "is every ring a
    field".
    """
    known = {word for word in [*common, *paired.values()] if word.kind != Kind.STOP}
    renamed = [paired.get(word, word) for word in old]
    first = [word for word in renamed if word in known]
    second = [word for word in new if word in known]
    return first != second and sorted(first) == sorted(second)
