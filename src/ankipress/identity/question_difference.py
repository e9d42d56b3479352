"""How much two questions say the same, and whether what differs changes the meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ankipress.identity.typos import common_start, is_misspelt, is_slip, may_be_slip
from ankipress.identity.vocabulary import INTERROGATIVES
from ankipress.identity.word_roles import Kind, Word, is_hangul

_KIND_WEIGHT = {
    Kind.STOP: 0.12, Kind.WORD: 1.0, Kind.NUMBER: 1.3, Kind.NAME: 1.2, Kind.SYMBOL: 1.0, Kind.LETTER: 1.0, Kind.NEGATION: 1.5,
}  # fmt: skip
_MANY, _COMMON = 8, 0.05  # a word in so many questions, and in such a share of them, says little
_TELLING = 0.9  # weight of shared words from which on they say which card it is
_VARIABLE = 2  # times that a letter must stand in a question to be the name of a variable
_SLIP_LIMIT = 40  # more words left over than this is no slip of the pen; also bounds the work


@dataclass(frozen=True, slots=True)
class Difference:
    """Two questions side by side, in weights: rare words weigh more than common ones, numbers and
    names more than words.
    """

    shared: float  # on both sides
    slips: float  # on both sides but for a typing error or an ending
    removed: float
    added: float
    # Something that the question hangs on was replaced by its like, or it asks when and not why.
    exchanged: bool
    negated: bool
    reordered: bool
    clean: bool  # nothing differs but typing errors and words that say little
    widened: bool  # the one question is in the other, but for words that say little

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

    def is_common(self, word: Word) -> bool:
        """Whether a word says little about which card it is in: many have it."""
        often = self._frequency.get(word.key, 0)
        return word.kind == Kind.STOP or (
            word.kind == Kind.WORD and often >= max(_MANY, _COMMON * self._total)
        )

    def are_known(self, word: Word, other: Word) -> bool:
        """Whether other questions have these words too, each of them: then neither is an error."""
        return min(self._frequency.get(word.key, 0), self._frequency.get(other.key, 0)) > 1

    def of(self, word: Word) -> float:
        """The weight of a word: that of its kind, at most; a fifth of it for one in a third of the
        questions.
        """
        known = self._cache.get(word)
        if known is None:
            # The two questions compared may be all that have the word; and of a few cards nothing
            # can be learnt about rarity.
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
    otherwise = _asks_otherwise(gone, come), _asks_otherwise(come, gone)
    renamed = _renamed(before, after, gone, come)
    left = _without_slips([word for word in gone if word not in renamed], come, weights, renamed)
    gone, come = left.gone, left.come
    exchanged, negated, reordered = (
        all(otherwise) or _exchanged(gone, come),
        _negated(gone, come, weights),
        _reordered(old, new, common, left.paired),
    )
    turned = exchanged or negated or reordered or any(otherwise)
    told = left.specific + sum(
        weights.of(word) * count for word, count in common.items() if not weights.is_common(word)
    )
    telling = [[word for word in words if not weights.is_common(word)] for words in (gone, come)]
    widened = not turned and told >= _TELLING and not all(telling)
    return Difference(
        shared=sum(weights.of(word) * count for word, count in common.items()),
        slips=left.slips,
        removed=sum(map(weights.of, gone)),
        added=sum(map(weights.of, come)),
        exchanged=exchanged,
        negated=negated,
        reordered=reordered,
        clean=widened
        and left.certain
        and not any(word.kind != Kind.STOP for word in (*gone, *come)),
        widened=widened,
    )


@dataclass(frozen=True, slots=True)
class _Left:
    """What two questions do not share to the letter, once words that differ by a slip of the pen
    are paired.
    """

    gone: list[Word]
    come: list[Word]
    slips: float = 0.0  # the weight of the pairs
    specific: float = 0.0  # the same, without words that many cards have
    certain: bool = True
    paired: Mapping[Word, Word] = field(default_factory=dict)


def _renamed(
    before: Counter[Word], after: Counter[Word], gone: Sequence[Word], come: Sequence[Word]
) -> dict[Word, Word]:
    """A variable that has another name now, everywhere: x² dx, t² dt. What stands once is no
    variable but what is asked about.
    """
    letters = [{word for word in words if word.kind == Kind.LETTER} for words in (gone, come)]
    if not len(letters[0]) == len(letters[1]) == 1:
        return {}
    (old,), (new,) = letters
    everywhere = before[old] == after[new] >= _VARIABLE and not after[old] and not before[new]
    return {old: new} if everywhere and (old.key + new.key).islower() else {}


def _without_slips(
    gone: list[Word], come: list[Word], weights: Weights, renamed: Mapping[Word, Word]
) -> _Left:
    """What is left when words that are the same but for a slip or another name of a variable are
    paired.
    """
    weight = sum(weights.of(word) for word in come if word in renamed.values())
    come = [word for word in come if word not in renamed.values()]
    if not gone or not come or len(gone) + len(come) > _SLIP_LIMIT:
        return _Left(gone, come, weight, certain=not renamed, paired=renamed)
    specific, certain, kept, rest = 0.0, not renamed, [], list(come)
    paired = dict(renamed)
    for word in gone:
        match = next((other for other in rest if is_slip(word, other)), None)
        if match is None:
            match = next(
                (
                    other
                    for other in rest
                    if may_be_slip(word, other) and not weights.are_known(word, other)
                ),
                None,
            )
            certain = certain and match is None
        if match is None:
            kept.append(word)
            continue
        rest.remove(match)
        paired[word] = match
        lighter, heavier = sorted((weights.of(word), weights.of(match)))
        weight += lighter if Kind.STOP in (word.kind, match.kind) else heavier
        specific += heavier * (not (weights.is_common(word) or weights.is_common(match)))
    return _Left(kept, rest, weight, specific, certain, paired)


def _asks_otherwise(gone: Sequence[Word], come: Sequence[Word]) -> bool:
    """Whether what is asked for went: "when" and not "why"."""
    asked = [word.key for word in gone if word.key in INTERROGATIVES]
    return any(not any(is_misspelt(key, other.key) for other in come) for key in asked)


def _exchanged(gone: Sequence[Word], come: Sequence[Word]) -> bool:
    """Whether something that a question hangs on was replaced: a number, a name, a symbol, or a
    word by its opposite.
    """
    if any(word.kind >= Kind.NUMBER for word in gone) and any(
        word.kind >= Kind.NUMBER for word in come
    ):
        return True
    if len(gone) + len(come) > _SLIP_LIMIT:
        return False
    return any(
        _opposed(word.key, other.key)
        for word in gone
        for other in come
        if word.kind == other.kind == Kind.WORD
    )


def _opposed(a: str, b: str) -> bool:
    """Whether two words differ at their beginning alone: tan and arctan, controlled and
    uncontrolled, superior and inferior.
    """
    end = common_start(a[::-1], b[::-1])
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


def _reordered(
    old: Sequence[Word],
    new: Sequence[Word],
    common: Mapping[Word, int],
    paired: Mapping[Word, Word],
) -> bool:
    """Whether what both say stands in another order: "is every field a ring", "is every ring a
    field".
    """
    known = {word for word in (*common, *paired.values()) if word.kind != Kind.STOP}
    first = [word for word in (paired.get(word, word) for word in old) if word in known]
    second = [word for word in new if word in known]
    return first != second and Counter(first) == Counter(second)
