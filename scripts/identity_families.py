"""Three thousand made-up cards in ten families of near twins, and twenty releases in which an
author edits, removes and adds some of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from identity_scenes import Card, Scene

RELEASES = 20
_EDITED, _GONE, _COME = 0.03, 0.01, 0.03  # shares of the cards, in each release
_NOUNS = (
    "Besitz Eigentum Vertrag Schaden Frist Klage Pfand Kauf Miete Dienst Werk Bürge Erbe Vormund "
    "Anspruch Antrag Urteil Beweis Zeuge Kosten Haftung Vollmacht Irrtum Täuschung Drohung"
).split()
_THINGS = (
    "file line word user group link owner size time name path mode space archive header output "
    "input pattern field column block buffer socket port host key signature branch commit tag"
).split()
_VERBS = (
    "amare portare parlare cantare mangiare lavorare guardare ascoltare comprare trovare pensare "
    "aspettare chiamare giocare imparare entrare tornare restare passare lasciare"
).split()
_PERSONS = ("io", "tu", "lui", "noi", "voi")
_TENSES = ("presente", "imperfetto", "futuro")
_ENDINGS = {
    "presente": ("o", "i", "a", "iamo", "ate"),
    "imperfetto": ("avo", "avi", "ava", "avamo", "avate"),
    "futuro": ("erò", "erai", "erà", "eremo", "erete"),
}
_COMMANDS = "ls tar grep sed sort curl rsync find git docker ssh awk".split()
_SQUARES = [f"{file}{rank}" for file in "abcdefgh" for rank in range(1, 9)]

Family = Callable[[random.Random, int], tuple[str, str]]


def _law(chance: random.Random, number: int) -> tuple[str, str]:
    words = chance.sample(_NOUNS, 4)
    return f"Was regelt § {100 + number} BGB?", f"{words[0]}: {' '.join(words[1:])}"


def _formula(_: random.Random, number: int) -> tuple[str, str]:
    a, b, n = number % 7 + 2, number // 7 % 9 + 1, number // 63 + 2
    return f"What is the derivative of ${a}x^{n} + {b}x$?", f"${a * n}x^{{{n - 1}}} + {b}$"


def _vocabulary(chance: random.Random, number: int) -> tuple[str, str]:
    word = _made_word(random.Random(number))  # noqa: S311
    return f"What does *{word}* mean?", chance.choice(_THINGS)


def _date(chance: random.Random, number: int) -> tuple[str, str]:
    return f"What happened in {1500 + number}?", f"The {_made_word(chance)} of {_made_word(chance)}"


def _option(chance: random.Random, number: int) -> tuple[str, str]:
    command = _COMMANDS[number % len(_COMMANDS)]
    letters = "aAbBcCdDeEfFgGhHiIkKlLmMnNoOpP"
    letter = letters[number // len(_COMMANDS) % len(letters)]
    words = " ".join(chance.sample(_THINGS, 3))
    return f"What does `{command} -{letter}` do?", f"Shows the {words}"


def _expression(chance: random.Random, number: int) -> tuple[str, str]:
    sets = ("[a-z]", "[A-Z]", "\\d", "\\w", "[^a]", ".", "(ab)")
    times = ("*", "+", "?", "{2}", "{2,}", "{,2}", "*?", "+?", "{3}")
    ends = ("", "$", "-", "\\.", "|x")
    pattern = sets[number % 7] + times[number // 7 % 9] + ends[number // 63 % 5]
    return f"What does `{pattern}` match?", f"{number} {' '.join(chance.sample(_THINGS, 2))}"


def _chess(chance: random.Random, number: int) -> tuple[str, str]:
    placed = random.Random(number // 4)  # noqa: S311
    squares = placed.sample(_SQUARES, 4)
    squares[number % 4] = _SQUARES[number * 7 % 64]
    king, rook, pawn, other = squares
    position = f"White: K{king}, R{rook}, P{pawn}. Black: K{other}"
    return f"{position}. Best move?", f"R{chance.choice(_SQUARES)}{chance.choice(['', '+', '#'])}"


def _character(chance: random.Random, number: int) -> tuple[str, str]:
    return f"How is {chr(0x4E00 + 13 * number)} read?", _made_word(chance)[:4] + str(number % 5)


def _conjugation(_: random.Random, number: int) -> tuple[str, str]:
    verb = _VERBS[number % len(_VERBS)]
    person = number // len(_VERBS) % len(_PERSONS)
    tense = _TENSES[number // len(_VERBS) // len(_PERSONS) % len(_TENSES)]
    ending = _ENDINGS[tense][person]
    return f"{verb}: {_PERSONS[person]}, {tense}", verb[:-3] + ending


def _capital(chance: random.Random, number: int) -> tuple[str, str]:
    land = _made_word(random.Random(10_000 + number)).capitalize()  # noqa: S311
    return f"What is the capital of {land}?", _made_word(chance).capitalize()


_FAMILIES: Sequence[Family] = (
    _law, _formula, _vocabulary, _date, _option, _expression, _chess, _character, _conjugation,
    _capital,
)  # fmt: skip

_REWORDINGS = (
    ("What does", "What exactly does"), ("What is the", "State the"),
    ("What happened", "Which event was"), ("Was regelt", "Wovon handelt"),
    ("How is", "What is the reading of"), (" read?", "?"),
    ("Best move?", "What is the best move?"), (", ", " — "), ("?", ""),
)  # fmt: skip


def _made_word(chance: random.Random) -> str:
    consonants, vowels = "bdfgklmnprstvz", "aeiou"
    syllables = (chance.choice(consonants) + chance.choice(vowels) for _ in range(3))
    return "".join(syllables) + chance.choice(consonants)


def twenty_releases(seed: int = 1) -> Scene:
    """The releases of a deck of ten files, a family each."""
    chance = random.Random(seed)  # noqa: S311
    coming: dict[int, list[Card]] = {}
    cards: list[Card] = []
    for at, family in enumerate(_FAMILIES):
        written: dict[str, Card] = {}
        for number in range(300):
            question, answer = family(chance, number)
            written[question] = Card((at, number), question, answer, f"{at:02}.md")
        made = list(written.values())
        chance.shuffle(made)
        coming[at] = made[:60]
        cards += made[60:]
    versions = [tuple(cards)]
    for _ in range(1, RELEASES):
        cards = list(_next_release(chance, cards, coming))
        versions.append(tuple(cards))
    return Scene("twenty releases", tuple(versions))


def _next_release(
    chance: random.Random, cards: Sequence[Card], coming: dict[int, list[Card]]
) -> Iterator[Card]:
    taken = {card.question for card in cards}
    for card in cards:
        fate = chance.random()
        family = int(card.path[:2])
        if fate < _COME and coming[family]:
            another = coming[family].pop()
            if another.question not in taken:
                taken.add(another.question)
                yield another
        fate = chance.random()
        if fate < _GONE:
            continue
        if fate < _GONE + _EDITED:
            edited = _edited(chance, card)
            if edited.question == card.question or edited.question not in taken:
                taken.add(edited.question)
                yield edited
                continue
        yield card


def _edited(chance: random.Random, card: Card) -> Card:
    """A card after one edit: of its question, its answer, or a little of both."""
    which = chance.random()
    question, answer = card.question, card.answer
    if which < 0.6:
        fitting = [each for each in _REWORDINGS if each[0] in question]
        before, after = chance.choice(fitting) if fitting else ("", "")
        question = question.replace(before, after, 1) if before else f"{question} (short)"
    if which > 0.45:
        answer = chance.choice(
            (f"{answer}, see the book", f"**{answer}**", f"{answer} ({_made_word(chance)})")
        )
    return replace(card, question=question, answer=answer)
