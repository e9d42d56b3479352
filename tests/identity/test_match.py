"""Which cards keep their identity, which are new, and which are asked about."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ankipress.identity.match
from ankipress.identity.fingerprint import Fingerprint
from ankipress.identity.match import match
from ankipress.identity.signature import sign
from ankipress.syntax.plain_text import plain_text
from identity_classes import COMPANY

Written = tuple[str, str]


def deck(
    cards: Sequence[Written], path: str = "cards.md", *, active: bool = True
) -> list[Fingerprint]:
    """Cards that follow one another in one file."""
    return [
        Fingerprint(
            plain_text(question),
            sign(plain_text(answer)),
            path,
            "",
            index - 1 if index else None,
            active=active,
        )
        for index, (question, answer) in enumerate(cards)
    ]


def verdict(old: Written, new: Written) -> str:
    """What becomes of one card that is replaced by another in the middle of a deck."""
    matching = match(
        deck([*COMPANY[:3], old, *COMPANY[3:]]), deck([*COMPANY[:3], new, *COMPANY[3:]])
    )
    assert {at: before for at, before in matching.pairs.items() if at != 3} == {
        at: at for at in range(7) if at != 3
    }
    if matching.close:
        return "asked"
    return "same" if 3 in matching.pairs else "new"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            ("What is a tensor?", "An array."),
            ("What is a tensor?", "Numbers in a box."),
            id="only the answer",
        ),
        pytest.param(
            ("What is a tensor?", "A list of lists."),
            ("Define a tensor.", "A list of lists."),
            id="only the question",
        ),
        pytest.param(
            (
                "What are the two pieces of cross-entropy loss in PyTorch?",
                "Softmax and log likelihood.",
            ),
            (
                "What are the two pieces of cross-entropy loss?",
                "Softmax and negative log likelihood.",
            ),
            id="both, a little",
        ),
        pytest.param(
            (
                "Explain backpropagation",
                "The chain rule applied from the loss back through the layers to get all gradients",
            ),
            (
                "How are gradients computed?",
                (
                    "By the chain rule, applied from the loss back through the layers, to get all "
                    "gradients."
                ),
            ),
            id="another question for nearly the same answer",
        ),
        pytest.param(
            ("Waht is a closure?", "A function together with its environment."),
            ("What is a closure?", "A function with the environment in which it was made."),
            id="a typing error fixed",
        ),
        pytest.param(
            ("What is overfitting?", "TODO"),
            ("What is *overfitting*?", "When a model memorises its training set."),
            id="an answer at last",
        ),
        pytest.param(
            ("What is the derivative of $\\tan x$?", "$\\frac{1}{\\cos^2 x}$"),
            ("What's the derivative of $\\tan x$?", "$1+\\tan^2 x$"),
            id="another form of the same result",
        ),
        pytest.param(
            ("Wie lautet der Satz des Pythagoras?", "$a^2+b^2=c^2$"),
            (
                "Was besagt der Satz des Pythagoras?",
                "In rechtwinkligen Dreiecken gilt $a^2+b^2=c^2$.",
            ),
            id="German, answer expanded",
        ),
        pytest.param(
            ("피타고라스 정리는 무엇인가?", "$a^2+b^2=c^2$"),
            ("피타고라스의 정리란?", "직각삼각형에서 $a^2+b^2=c^2$이다."),
            id="Korean, other particles",
        ),
        pytest.param(
            ("Berechne $\\int_0^1 x^2\\,dx$", "$\\frac13$"),
            ("Berechne $\\int_0^1 t^2\\,dt$", "$\\frac13$"),
            id="another name of a variable",
        ),
        pytest.param(
            ("Gulf of Carpenteria", "Golf von Carpentaria ![](map-gulf_of_carpenteria.jpg)"),
            ("Gulf of Carpentaria", "Golf von Carpentaria ![](map-gulf_of_carpentaria.jpg)"),
            id="a name spelt right",
        ),
        pytest.param(
            ("Why do we normalise?", "So that activations have the same scale."),
            ("Why do we normalize inputs?", "So that the activations keep the same scale."),
            id="another spelling",
        ),
        pytest.param(
            ("What does a grdaient tell us?", "Where to go."),
            ("What does a gradient tell us?", "How the loss changes with each weight."),
            id="letters turned round early in a word, another answer",
        ),
        pytest.param(
            ("Erkläre die Komutativität der Addition", "a + b = b + a"),
            (
                "Erkläre die Kommutativität der Addition!",
                "Die Reihenfolge der Summanden ändert die Summe nicht.",
            ),
            id="a letter repeated, another answer",
        ),
        pytest.param(
            ("What is backpropagation?", "TBD later"),
            (
                "Please define “backpropagation”.",
                "The chain rule, applied layer by layer from the end.",
            ),
            id="small words changed, another answer",
        ),
    ],
)
def test_edited(old: Written, new: Written) -> None:
    """An edited card is the same card."""
    assert verdict(old, new) == "same"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            ("Which city hosted the 1936 Olympics?", "Berlin"),
            ("What is the boiling point of water?", "100 °C"),
            id="strangers",
        ),
        pytest.param(
            ("What is the derivative of $\\tan x$?", "$\\frac{1}{\\cos^2 x}$"),
            ("What is the derivative of $\\arctan x$?", "$\\frac{1}{1+x^2}$"),
            id="tan and arctan",
        ),
        pytest.param(
            (
                "What are controlled components?",
                "Form elements whose value is kept in React state and set by a handler.",
            ),
            (
                "What are uncontrolled components?",
                "Form elements whose value is kept in the DOM and read through a ref.",
            ),
            id="controlled and uncontrolled",
        ),
        pytest.param(
            ("What is the capital of France?", "Paris"),
            ("What is the capital of Germany?", "Berlin"),
            id="countries",
        ),
        pytest.param(
            ("What does $x$ mean?", "position"), ("What does $t$ mean?", "time"), id="letters"
        ),
        pytest.param(("7 × 8 = ?", "56"), ("7 × 9 = ?", "63"), id="numbers"),
        pytest.param(
            ("What does `i` mean?", "current"),
            ("What does `I` mean?", "identity matrix"),
            id="case of a letter",
        ),
        pytest.param(
            ("Is every field a ring?", "Yes."),
            ("Is every ring a field?", "No, not $\\mathbb{Z}$."),
            id="the other way round",
        ),
        pytest.param(
            ("Ist jede vollständige Menge auch reguläres Mittel?", "Nein."),
            ("Ist jede reguläre Menge auch vollständiges Mittel?", "Ja."),
            id="the other way round, inflected",
        ),
        pytest.param(
            ("Is each group of order 4 cyclic?", "No."),
            ("Is each group of order 4 not cyclic?", "No."),
            id="negation",
        ),
        pytest.param(
            (
                "Was ist eine injektive Funktion?",
                "Verschiedene Argumente haben verschiedene Werte.",
            ),
            ("Was ist eine surjektive Funktion?", "Jedes Element der Zielmenge ist ein Wert."),
            id="German terms",
        ),
        pytest.param(
            ("단사 함수란 무엇인가?", "서로 다른 원소를 서로 다른 원소로 보낸다."),
            ("전사 함수란 무엇인가?", "공역의 모든 원소가 함숫값이다."),
            id="Korean terms",
        ),
        pytest.param(
            ("What happens if $x < 0$?", "The root is not real."),
            ("What happens if $x > 0$?", "It is."),
            id="signs",
        ),
        pytest.param(
            ("Define limit superior.", "The largest accumulation point."),
            ("Define limit inferior.", "The smallest accumulation point."),
            id="opposites that end alike",
        ),
        pytest.param(
            ("What does `git reset` do?", "Moves the branch to another commit."),
            ("What does `git revert` do?", "Makes a new commit that undoes an old one."),
            id="names of commands",
        ),
        pytest.param(
            ("When is a lock released?", "At the end of the block."),
            ("Why is a lock released?", "So that other threads can run."),
            id="when and why",
        ),
        pytest.param(
            ("What is adsorption?", "Molecules stick to a surface."),
            ("What is absorption?", "A substance goes into the bulk of another."),
            id="a letter apart, and two things",
        ),
    ],
)
def test_replaced(old: Written, new: Written) -> None:
    """A card that takes the place of a near twin does not take its identity."""
    assert verdict(old, new) != "same"


TWINS = [
    (f"What is the {kind} of ${name} x$?", f"${kind[0]}_{{{name}}}(x)$")
    for kind in ("derivative", "integral", "inverse")
    for name in ("\\sin", "\\cos", "\\tan", "\\arcsin", "\\arccos", "\\arctan")
]


def test_twins_edited_together() -> None:
    """Near twins that are all reworded at once keep each its own identity."""
    edited = [
        (question.replace("What is", "State"), answer + ", by definition")
        for question, answer in TWINS
    ]
    assert match(deck(TWINS), deck(edited)).pairs == {at: at for at in range(len(TWINS))}


def test_one_question_many_cards() -> None:
    """Cards with one question are told apart by their answers, though several change, one goes and
    one comes.
    """
    words = ("al", "be", "ce", "du", "ex")
    outputs = [
        ("What's the output?", f"`{word}` because {word} is logged before {word * 2}")
        for word in words
    ]
    now = [outputs[4], ("What's the output?", "Nothing at all, an error is thrown"), *outputs[1:3]]
    now[2] = (now[2][0], now[2][1] + ", as strings")
    assert match(deck(outputs), deck(now)).pairs == {0: 4, 2: 1, 3: 2}


def test_split_file() -> None:
    """Cards that move to other files, all of them edited, keep their identity."""
    moved = [(question + " (revised)", answer) for question, answer in COMPANY]
    first, second = deck(moved[:3], "a.md"), deck(moved[3:], "b.md")
    second = [
        card._replace(previous=card.previous + 3 if card.previous is not None else None)
        for card in second
    ]
    assert match(deck(COMPANY), first + second).pairs == {at: at for at in range(6)}


def test_renumbered() -> None:
    """Numbers before the questions say where they stand; a card put in front moves them all."""
    texts = [*COMPANY, *TWINS[:4]]
    old = [(f"{at}. {question}", answer) for at, (question, answer) in enumerate(texts, 1)]
    new = [
        (f"{at}. {question}", answer)
        for at, (question, answer) in enumerate([("First of all?", "Yes."), *texts], 1)
    ]
    assert match(deck(old), deck(new)).pairs == {at + 1: at for at in range(len(texts))}


def test_close_call() -> None:
    """What could be either of two cards is not decided; both are named, the likelier first."""
    old = [
        *COMPANY,
        ("What is a monad?", "A monoid of endofunctors."),
        ("What is the monad?", "A monoid of endofunctors!"),
    ]
    matching = match(deck(old), deck([*COMPANY, ("What are monads?", "Monoids of endofunctors.")]))
    assert matching.pairs == {at: at for at in range(6)}
    (call,) = matching.close
    assert (call.new, call.candidates) == (6, (6, 7))


FETCH = (
    "What does git fetch do with a remote?",
    "It copies the commits of one remote branch.",
)
PULL = (
    "What does git pull do with a remote?",
    "It takes new commits of a remote branch and merges them.",
)


def test_a_lead_smaller_than_the_margin_is_asked() -> None:
    """Both cards are likely, and one a little more than the other: too little to decide."""
    now = (
        "What do git fetch and pull do with a remote?",
        "They take the commits of a remote branch.",
    )
    for first, second in ((FETCH, PULL), (PULL, FETCH)):
        matching = match(deck([*COMPANY, first, second]), deck([*COMPANY, now]))
        assert matching.pairs == {at: at for at in range(6)}
        (call,) = matching.close
        assert call.candidates[0] == (6 if first is PULL else 7)
        assert set(call.candidates) == {6, 7}
    # Either of them alone is the card.
    for alone in (FETCH, PULL):
        assert match(deck([*COMPANY, alone]), deck([*COMPANY, now])).pairs[6] == 6


def test_fixed() -> None:
    """A pair with an explicit id is kept, and neither of its cards is used again."""
    matching = match(deck(COMPANY), deck(COMPANY), {0: 3})
    assert matching.pairs == {0: 3, 1: 1, 2: 2, 4: 4, 5: 5}
    assert matching.reasons[0] == "fixed"


def test_groups() -> None:
    """Cards of different note types never match."""
    cloze = [card._replace(group="cloze") for card in deck(COMPANY)]
    assert match(deck(COMPANY), cloze).pairs == {}


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(COMPANY[0], id="as it was"),
        pytest.param((COMPANY[0][0], "It translates programs."), id="with another answer"),
        pytest.param(
            ("What does a compiler do?", "It turns source into machine code."), id="reworded"
        ),
    ],
)
def test_returned(now: Written) -> None:
    """A retired card that comes back is the same card."""
    old = deck(COMPANY[1:]) + deck(COMPANY[:1], active=False)
    assert match(old, deck([*COMPANY[1:], now])).pairs == {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}


def test_active_wins() -> None:
    """Of a retired and an active card with one question, the active one goes on."""
    old = deck([COMPANY[0]], active=False) + deck([COMPANY[0]])
    assert match(old, deck([COMPANY[0]])).pairs == {0: 1}


_WORDS = (
    "state props hooks context reducer ref memo effect router store 함수 극한 Satz Menge x y 1 2"
)
_TEXTS = st.lists(st.sampled_from(_WORDS.split()), max_size=6)
_CARDS = st.lists(
    st.tuples(_TEXTS.map(" ".join), _TEXTS.map(" ".join), st.sampled_from(["a.md", "b.md"])),
    max_size=12,
)


def _fingerprints(cards: Sequence[tuple[str, str, str]]) -> list[Fingerprint]:
    last: dict[str, int] = {}
    found = []
    for index, (question, answer, path) in enumerate(cards):
        found.append(Fingerprint(question, sign(answer), path, "", last.get(path)))
        last[path] = index
    return found


@settings(deadline=None)
@given(_CARDS, _CARDS)
def test_no_card_twice(old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]) -> None:
    """No old card is used twice, no asked card is decided, and nothing asked about is already
    taken.
    """
    matching = match(_fingerprints(old), _fingerprints(new))
    used = list(matching.pairs.values())
    assert len(used) == len(set(used))
    assert matching.reasons.keys() == matching.pairs.keys()
    for call in matching.close:
        assert call.new not in matching.pairs
        assert call.candidates
        assert not set(call.candidates) & set(used)


@settings(deadline=None)
@given(_CARDS)
def test_doing_nothing_changes_nothing(cards: list[tuple[str, str, str]]) -> None:
    """Every card of an unedited deck is itself, be there ten of the same."""
    assert match(_fingerprints(cards), _fingerprints(cards)).pairs == {
        index: index for index in range(len(cards))
    }


@settings(deadline=None)
@given(_CARDS, _CARDS, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    old: list[tuple[str, str, str]], new: list[tuple[str, str, str]], chance: random.Random
) -> None:
    """The order of the sequences changes nothing."""
    before, after = _fingerprints(old), _fingerprints(new)
    expected = {(after[at], before[was]) for at, was in match(before, after).pairs.items()}
    shuffled_old, shuffled_new = _shuffled(before, chance), _shuffled(after, chance)
    matching = match(shuffled_old, shuffled_new)
    found = {
        (_text(shuffled_new[at]), _text(shuffled_old[was])) for at, was in matching.pairs.items()
    }
    assert found == {(_text(mine), _text(theirs)) for mine, theirs in expected}


def _text(card: Fingerprint) -> tuple[str, str, str]:
    return card.question, card.answer, card.path


def _shuffled(cards: list[Fingerprint], chance: random.Random) -> list[Fingerprint]:
    order = list(range(len(cards)))
    chance.shuffle(order)
    at = {index: position for position, index in enumerate(order)}
    return [
        cards[index]._replace(previous=None if (was := cards[index].previous) is None else at[was])
        for index in order
    ]


@settings(deadline=None)
@given(_CARDS, _CARDS)
def test_laws_of_the_unchanged(
    old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]
) -> None:
    """A card whose question is unchanged, and unique on both sides, keeps its identity."""
    before, after = _fingerprints(old), _fingerprints(new)
    pairs = match(before, after).pairs
    for index, card in enumerate(after):
        mine = [at for at, other in enumerate(after) if other.question == card.question]
        theirs = [at for at, other in enumerate(before) if other.question == card.question]
        if len(mine) == len(theirs) == 1:
            assert pairs[index] == theirs[0]


def test_unchanged_answer() -> None:
    """A card whose answer is unchanged, unique and longer than a few words keeps its identity
    whatever its question is now.
    """
    now = [("Something else entirely", COMPANY[0][1]), *COMPANY[1:]]
    matching = match(deck(COMPANY), deck(now))
    assert matching.pairs[0] == 0
    assert matching.reasons[0] == "same answer"


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        pytest.param(False, {0: 0}, id="a retired card had it too"),
        pytest.param(True, {}, id="another card has it too"),
    ],
)
def test_an_answer_counts_among_active_cards_alone(active: bool, expected: dict[int, int]) -> None:
    """A retired card with the same answer makes no answer less unique."""
    old = [*deck(COMPANY[:1]), *deck([("Of old?", COMPANY[0][1])], "old.md", active=active)]
    matching = match(old, deck([("Something else entirely", COMPANY[0][1])]))
    exact = {
        new: matching.pairs[new] for new, why in matching.reasons.items() if why == "same answer"
    }
    assert exact == expected


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_hash_seed_does_not_matter(seed: str) -> None:
    """The result is the same in every process."""
    code = (
        "from ankipress.identity.fingerprint import Fingerprint; from "
        "ankipress.identity.match import match; from ankipress.identity.signature import sign;"
        "words = 'state props hooks context reducer effect router store memo'.split();"
        "old = [Fingerprint(f'What is {a} {b}?', sign(f'{b} {a} is a {a}'), 'a.md', '', None) "
        "for a in words for b in words];"
        "new = [Fingerprint(f'What is a {a} of {b}?', sign(f'{b} {a} was a {b}'), 'a.md', '', "
        "None) for a in words for b in words];"
        "m = match(old, new); print(sorted(m.pairs.items()), m.close)"
    )
    source = str(Path(ankipress.identity.match.__file__).parents[2])
    outputs = [
        subprocess.check_output(
            [sys.executable, "-c", code], env={"PYTHONPATH": source, "PYTHONHASHSEED": one}
        )
        for one in (seed, "7")
    ]
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize(
    "previous",
    [
        pytest.param([0, 1, 2], id="each follows itself"),
        pytest.param([1, 2, 0], id="a circle"),
        pytest.param([9, -1, None], id="of cards that are not there"),
    ],
)
def test_damaged_order(previous: list[int | None]) -> None:
    """A lock whose cards follow one another in no possible order is matched all the same."""
    old = [
        card._replace(previous=before)
        for card, before in zip(deck(COMPANY[:3]), previous, strict=True)
    ]
    assert match(
        old, deck([("Reworded: " + question, answer) for question, answer in COMPANY[:3]])
    ).pairs == {0: 0, 1: 1, 2: 2}


def _numbered(questions: Sequence[str], answers: Sequence[str]) -> list[Fingerprint]:
    return [
        Fingerprint(question, sign(answer), "a.md", "", number - 1 if number else None)
        for number, (question, answer) in enumerate(zip(questions, answers, strict=True))
    ]


@pytest.mark.parametrize(
    "questions",
    [
        pytest.param(
            [f"{number}. Satz" for number in range(1, 11)], id="numbers that alone tell cards apart"
        ),
        pytest.param(
            [
                f"{number}. {name}?"
                for name in (
                    "Weltkrieg: Beginn",
                    "Newtonsches Gesetz",
                    "Hauptsatz",
                    "Kirchhoffsches Gesetz",
                )
                for number in (1, 2)
            ],
            id="families of two",
        ),
        pytest.param(
            [f"{number}. Was ist {name}?" for number, name in enumerate("abcdefghij", 1)]
            + ["Wozu?", "Warum?"],
            id="a list and others",
        ),
    ],
)
def test_a_whole_question_that_is_unchanged_keeps_its_card_whatever_its_number_and_answer(
    questions: list[str],
) -> None:
    old = _numbered(questions, [f"Antwort {number}" for number in range(len(questions))])
    exchanged = [f"Antwort {number}" for number in range(len(questions))][::-1]
    rewritten = [
        f"etwas ganz anderes, und zwar {'x' * number} Dinge" for number in range(len(questions))
    ]
    for answers in (exchanged, rewritten):
        matching = match(old, _numbered(questions, answers))
        assert dict(matching.pairs) == {number: number for number in range(len(questions))}
        # One more without a number must not make the two sides be read differently.
        more = match(old, _numbered([*questions, "Neu?", "Und das?"], [*answers, "ja", "nein"]))
        assert {new: old for new, old in more.pairs.items() if new < len(questions)} == dict(
            matching.pairs
        )


def test_why_a_card_is_the_same_is_told() -> None:
    """What asks about explicit ids takes the reasons of the exact pairs for certain."""
    twins = [("What is it?", "This."), ("What is it?", "That, and nothing else at all.")]
    matching = match(deck([*COMPANY, *twins]), deck([*COMPANY, *twins[::-1]]))
    assert [matching.reasons[at] for at in (0, 6, 7)] == [
        "same question",
        "same question and answer",
        "same question and answer",
    ]
    assert [matching.pairs[at] for at in (6, 7)] == [7, 6]


def test_a_retired_card_that_is_back_word_for_word_is_decided_before_any_is_weighed() -> None:
    old = [*deck(COMPANY), *deck([("What is a bit?", "Zero or one.")] * 2, active=False)]
    matching = match(old, deck([*COMPANY, ("What is a bit?", "Zero or one.")]))
    assert matching.reasons[6] == "returned"
    assert matching.pairs[6] in {6, 7}
