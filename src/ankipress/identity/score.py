"""How likely it is that a new card is an old one, edited.

The weights are those of a logistic regression on pairs of cards known to be the same or different,
rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

_INFORMATIVE = 12  # features of an answer from which on its overlap counts in full
_LONG = 50  # features of an answer that outweigh a changed number or name in the question
_DOUBTFUL = -1.0  # asked about, in most places
_ANOTHER = -1.5  # asked about, where it stands in the place of the other
_WHOLE = 0.9
_MENDED = 0.5  # likeness of a short answer beside a slip of the pen that was mended
_SENTENCE = 24  # features: a dozen words
_TELLING = 3.0  # what the one telling word of a question is worth beside the same answer
_HALF = 1.0  # likeness of question and answer together, of two at most
_KEPT = 0.45  # likeness of an answer that is still the same, rewritten
_FEW = 3  # features: an answer of two words
_REWORDED = 0.93  # likeness below which more than spelling has changed in a question
# Likeness of a question that grew or shrank, from which on its answer may be another one.
_NEAR = 0.8
_NEAR_IN_PLACE = 0.6
# What a question is worth that was only touched up: its answer may be quite another one.
_TOUCHED_UP = 1.0
_UNRELATED = -3.5  # no two cards of a deck are held to be less alike than this
NONE_ALIKE = -9.0  # where there is no card to compare with


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """What the texts of a new card and an old one show. Shares run from 0 to 1."""

    likeness: float  # of the questions, in weighted words
    kept: float  # share of the old question that is still there
    swapped: float  # weight of what was replaced by something else in the question
    exchanged: bool  # a number, name, symbol or letter of the question went, and another came
    renumbered: bool  # of these, a number, a name or a symbol in the words of the question
    negated: bool
    telling: bool  # both questions have a word that no other of many has
    rare: bool  # both have such a word, or something in their answers that no other has
    reordered: bool
    clean: bool  # the questions differ by nothing but typing errors and words that say little
    slipped: bool  # a word of the question differs by a typing error, or is another word
    widened: bool  # the one question is in the other, but for words that say little
    same_question: bool
    same_hidden: float  # share of the hidden words that both clozes hide; 0.5 if none is a cloze
    same_answer: bool
    overlap: float  # of the answers: shared of all
    contained: float  # of the answers: shared of the smaller
    size: int  # of the smaller answer, in features
    larger: int
    same_section: bool
    same_path: bool
    active: bool  # the old card was in the deck until now
    common_question: int  # how many cards of either side ask just this
    common_answer: int

    @property
    def is_turned(self) -> bool:
        """Whether what differs in the questions changes the meaning."""
        return self.exchanged or self.negated or self.reordered

    @property
    def answers_alike(self) -> float:
        """How much the answers have in common, from 0 to 1."""
        return (self.overlap + self.contained) / 2


@dataclass(frozen=True, slots=True)
class PairContext:
    """What the other cards of the deck say of a pair."""

    place: float  # of the cards around: below 0, they are others; above 0, the same
    # The content score of either card with the matched card that is most like it.
    sibling: float = NONE_ALIKE
    # The same with another card that has no partner yet.
    rival: float = NONE_ALIKE


def score(
    features: PairFeatures,
    alike: float,
    context: PairContext,
) -> float:
    """The logarithm of the odds, as far as can be seen: above 0, rather the same card than another.

    `alike` is what the texts alone say (`content`).
    """
    closest = max(context.sibling, context.rival)
    total = _against_others(alike, context.sibling)
    # That another old card, which is gone as well, resembles this one as much makes the pair
    # doubtful, but not impossible.
    total = max(_against_others(alike, closest), min(total, _DOUBTFUL))
    if alike > closest and (_may_have_grown(features, context) or _is_half_kept(features)):
        total = max(total, _DOUBTFUL)
    if _may_be_another(features):
        total = min(total, _ANOTHER)
    total += context.place
    if features.same_section:
        total += 0.3
    if features.same_path:
        total += 0.3
    if not features.active:
        total -= 2.0
    return total


def _may_be_another(features: PairFeatures) -> bool:
    """Whether what differs in the question may make it another, and its answer is another. A slip
    of the pen keeps its answer.
    """
    if not (features.slipped or features.is_turned):
        return False
    return not features.same_answer and not keeps_answer(features)


def keeps_answer(features: PairFeatures) -> bool:
    """Whether an answer is still the same, rewritten: of a short one everything must be left."""
    if features.larger <= _SENTENCE:
        is_slip = features.slipped and not features.is_turned
        is_near = is_slip and features.answers_alike >= _MENDED
        return is_near or features.contained >= _WHOLE
    return features.answers_alike >= _KEPT


def _may_have_grown(features: PairFeatures, context: PairContext) -> bool:
    """Whether a question that grew or shrank, with quite another answer, is worth asking about."""
    if not features.widened or not features.active or features.common_question > 1:
        return False
    if features.likeness >= _NEAR:
        return True
    return features.likeness >= _NEAR_IN_PLACE and context.place > 0


def _is_half_kept(features: PairFeatures) -> bool:
    """Whether question and answer were both rewritten, and enough is left to ask about, of which
    something stands in hardly another card.
    """
    if not features.rare or not features.active or features.is_turned:
        return False
    if features.common_question > 1:
        return False
    kept = features.likeness + features.answers_alike
    return kept >= _HALF or (features.widened and features.likeness >= 0.5)


def _is_told(features: PairFeatures) -> bool:
    """Whether a word that only this question has stayed, and the answer with it."""
    if features.renumbered or features.negated or features.reordered:
        return False
    return features.telling and keeps_answer(features)


def _against_others(alike: float, others: float) -> float:
    """The content score, set off against that of other cards with one of these: an edited card
    resembles itself most.
    """
    lead = alike - max(_UNRELATED, others)
    return alike + max(-4.0, min(6.0, lead)) - 2.0


def needs_siblings(features: PairFeatures, alike: float) -> bool:
    """Whether the judgement may hang on how much alike other cards are: the texts alone are neither
    clear nor hopeless.
    """
    return alike < 8.0 and (features.widened or alike > _UNRELATED)


def content(features: PairFeatures) -> float:
    """What the texts alone say."""
    answer = _answer(features)
    if features.clean:
        answer = max(0.0, answer) + _TOUCHED_UP
    both = 1.6 * features.likeness * features.answers_alike
    total = _question(features) + answer + both - 1.7
    # sin for cos, or "not" put in: another card, unless a long answer says otherwise
    brevity = 1 - min(1.0, features.size / _LONG)
    total -= (4.0 * features.exchanged + 6.0 * features.negated) * brevity
    # Clozes of one sentence are told apart by what they hide.
    total += 8.0 * (features.same_hidden - 0.5)
    if features.common_question > 1:
        return total - 3.6 - 3.2 * features.likeness
    if features.same_question:
        total += 1.8
    elif _is_told(features):
        total += _TELLING
    return total


def _question(features: PairFeatures) -> float:
    likeness = features.likeness
    total = 1.1 * likeness
    total += 2.8 * max(0.0, likeness - 0.5)
    total += 2.2 * max(0.0, likeness - 0.8)
    total += 0.6 * features.kept
    # Beside an answer of a word or two, the question must speak for itself.
    brevity = 1 - min(1.0, features.size / _INFORMATIVE)
    total += 6.0 * brevity * min(0.0, likeness - 0.5)
    total -= 2.1 * min(2.0, features.swapped)
    if features.reordered:
        total -= 2.0
    return total


def _answer(features: PairFeatures) -> float:
    if not features.size:
        return 0.0
    informative = min(1.0, features.size / _INFORMATIVE)
    if features.same_answer:
        total = 1.7 * min(1.0, (features.size + 1) / 4) + 0.6 * informative
        if features.common_answer == 1:
            total += 4.2 * min(1.0, (features.size + 2) / 8)
        return total
    alike = features.answers_alike
    if_long = 1.3 * alike
    if_long += 5.4 * max(0.0, alike - 0.3)
    if_long += 3.1 * max(0.0, alike - 0.6)
    if_long += 1.4 * features.contained
    if_long -= 1.7
    if_short = 1.1 * alike
    if features.larger <= _INFORMATIVE:
        if_short -= 1.9 * (1 - features.contained)
    total = informative * if_long + (1 - informative) * if_short
    if features.likeness < _REWORDED and features.size >= _FEW:
        total -= 10.0 * max(0.0, 0.2 - alike)
    return total
