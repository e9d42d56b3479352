"""How likely it is that a new card is an old one, edited.

The weights are those of a logistic regression on pairs of cards known to be the same or different,
rounded.
"""

from __future__ import annotations

from ankipress.identity.pair_features import Beside, Facts

_INFORMATIVE = 12  # features of an answer from which on its overlap counts in full
_LONG = 50  # features of an answer that outweigh a changed number or name in the question
_DOUBTFUL = -1.0  # asked about, in most places
_FEW = 3  # features: an answer of two words
_REWORDED = 0.93  # likeness below which more than spelling has changed in a question
_NEAR, _NEAR_IN_PLACE = (
    0.8,
    0.6,
)  # likeness of a question that grew or shrank, from which on its answer may be another one
_REPEATED = (
    1.0  # what a question is worth that was only touched up: its answer may be quite another one
)
_STRANGERS = -3.5  # no two cards of a deck are held to be less alike than this


def score(facts: Facts, alike: float, beside: Beside) -> float:
    """The logarithm of the odds, as far as can be seen: above 0, rather the same card than another.

    `alike` is what the texts alone say (`content`).
    """
    total = _set_off(alike, beside.sibling)
    # That another old card, which is gone as well, resembles this one as much makes the pair
    # doubtful, but not impossible.
    total = max(_set_off(alike, max(beside.sibling, beside.rival)), min(total, _DOUBTFUL))
    if _is_plausible(facts, alike, beside):
        total = max(total, _DOUBTFUL)
    return (
        total
        + beside.place
        + 0.3 * facts.same_section
        + 0.3 * facts.same_path
        - 2.0 * (not facts.active)
    )


def _is_plausible(facts: Facts, alike: float, beside: Beside) -> bool:
    """Whether a question that grew or shrank, with quite another answer, is worth a question to the
    author.

    It is where no other card is as much like one of the two.
    """
    if not facts.widened or not facts.active or facts.common_question > 1:
        return False
    near = facts.likeness >= _NEAR or (facts.likeness >= _NEAR_IN_PLACE and beside.place > 0)
    return near and alike > max(beside.sibling, beside.rival)


def _set_off(alike: float, others: float) -> float:
    """The content score, set off against that of other cards with one of these: an edited card
    resembles itself most.
    """
    return alike + max(-4.0, min(6.0, alike - max(_STRANGERS, others))) - 2.0


def needs_siblings(facts: Facts, alike: float) -> bool:
    """Whether the judgement may hang on how much alike other cards are: the texts alone are neither
    clear nor hopeless.
    """
    return alike < 8.0 and (facts.widened or alike > -3.5)


def content(facts: Facts) -> float:
    """What the texts alone say."""
    answer = max(0.0, _answer(facts)) + _REPEATED if facts.clean else _answer(facts)
    total = (
        _question(facts)
        + answer
        + 1.6 * facts.likeness * (facts.overlap + facts.contained) / 2
        - 1.7
    )
    # sin for cos, or "not" put in: another card, unless a long answer says otherwise
    total -= (4.0 * facts.exchanged + 6.0 * facts.negated) * (1 - min(1.0, facts.size / _LONG))
    if facts.common_question > 1:
        return total - 3.6 - 3.2 * facts.likeness
    return total + 1.8 * facts.same_question


def _question(facts: Facts) -> float:
    like = (
        1.1 * facts.likeness
        + 2.8 * max(0.0, facts.likeness - 0.5)
        + 2.2 * max(0.0, facts.likeness - 0.8)
        + 0.6 * facts.kept
    )
    mute = 1 - min(
        1.0, facts.size / _INFORMATIVE
    )  # an answer of a word or two: the question must speak for itself
    like += 6.0 * mute * min(0.0, facts.likeness - 0.5)
    return like - 2.1 * min(2.0, facts.swapped) - 2.0 * facts.reordered


def _answer(facts: Facts) -> float:
    if not facts.size:
        return 0.0
    informative = min(1.0, facts.size / _INFORMATIVE)
    if facts.same_answer:
        return (
            1.7 * min(1.0, (facts.size + 1) / 4)
            + 0.6 * informative
            + 4.2 * min(1.0, (facts.size + 2) / 8) * (facts.common_answer == 1)
        )
    alike = (facts.overlap + facts.contained) / 2
    full = (
        1.3 * alike
        + 5.4 * max(0.0, alike - 0.3)
        + 3.1 * max(0.0, alike - 0.6)
        + 1.4 * facts.contained
        - 1.7
    )
    short = 1.1 * alike - 1.9 * (facts.larger <= _INFORMATIVE) * (1 - facts.contained)
    apart = (
        10.0 * max(0.0, 0.2 - alike) if facts.likeness < _REWORDED and facts.size >= _FEW else 0.0
    )
    return informative * full + (1 - informative) * short - apart
