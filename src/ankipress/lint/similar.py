"""Questions that a learner cannot tell from one another, found without comparing all pairs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardText, DeckText
from ankipress.syntax.plain_text import plain

_COMPARED = 2000  # characters of an answer
_COMMON = 40  # a feature of more questions than this finds none of them
# Questions that are compared with each: the work grows with the number of cards, not its square.
_CANDIDATES = 6
_LONG = 5  # letters: a typo in a shorter word makes another word as often as not
_ALIKE = 85  # of 100: how much of the answers must be the same
_TELLING = 40  # characters of an answer that another question does not have by chance
_NEGATIONS = frozenset("not no never without nicht kein keine keinen ohne pas non".split())
_HELP = "make one card of the two, or say in each question what sets it apart"
_NUMBER = re.compile(r"\A\s*\(?\d+[.):]\s+")  # of the question in its list
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['\u2019][^\W_]+)*|[^\w\s]"
)
_PUNCTUATION = frozenset(
    ".,;:?!\"'`()[]{}\u2018\u201c\u201d\u2026\u2013\u2014\u3002\u3001\uff0c\uff1f\uff1a*_"
)
# Words around what is asked for. Which of them stands there makes no other question.
_ASKING = frozenset(
    """
    a an the is are was were do does did what what's which please explain describe define name me of
    der die das den dem ein eine einen einem einer ist sind war was welche welcher welches bitte
    erkläre beschreibe definiere nenne
    은 는 이란 란 무엇인가 무엇인가요 무엇입니까 설명하시오 설명하라 とは 是 什 么 吗
    """.split()
)

Words = tuple[str, ...]


class _Question(NamedTuple):
    card: CardText
    words: Words


def similar_questions(reading: DeckText) -> Iterator[Diagnostic]:
    """Find cards whose front differs from that of an earlier one by nothing that matters."""
    questions = [
        _Question(card, _words(card.front))
        for card in reading.cards
        if card.front and card.entry.kind != "cloze"
    ]
    for card, first in _similar_pairs(questions):
        same = f'much the same question, "{_short(first.question)}", stands'
        if card.front == first.front:
            same = "the same question stands"
        yield Diagnostic(
            "similar-question",
            card.entry.location,
            f"{same} at {first.entry.path}:{first.entry.location.line}",
            _HELP,
        )


def _short(question: str) -> str:
    if len(question) <= 80:
        return question
    return f"{question[:79]}…"


def _words(front: str) -> Words:
    text = _NUMBER.sub("", front).casefold().replace("\u2019", "'")
    words = [word for word in _WORD.findall(text) if word not in _PUNCTUATION]
    telling = [word for word in words if word not in _ASKING]
    return tuple(telling or words)


def _similar_pairs(questions: Sequence[_Question]) -> Iterator[tuple[CardText, CardText]]:
    """Each card that has one, with the first card before it that asks the same."""
    counts = Counter(feature for question in questions for feature in _features(question.words))
    first_with: dict[Words, CardText] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, question in enumerate(questions):
        card = question.card
        # Most similar questions have the same words, which needs no comparison.
        first = first_with.setdefault(question.words, card)
        if first is not card:
            if not _has_own_warning(card, first):
                yield card, first
            continue
        votes: Counter[int] = Counter()
        for feature in _features(question.words):
            # What many questions have tells nothing, and would make the work quadratic.
            if counts[feature] <= _COMMON:
                votes.update(holders[feature])
                holders[feature].append(index)
        candidates = [other for other, _ in votes.most_common(_CANDIDATES)]
        for other in sorted(candidates):
            if _is_near(question, questions[other]):
                yield card, questions[other].card
                break


def _features(words: Words) -> list[str]:
    """What finds a question: its words, and how long words begin, for those with a typo."""
    beginnings = [f"{word[:3]}…" for word in words if len(word) >= _LONG]
    return list(dict.fromkeys([*words, *beginnings]))


def _has_own_warning(card: CardText, other: CardText) -> bool:
    """Whether another check warns of these two: copies, and rows of one table."""
    entry = card.entry
    another = other.entry
    if entry.kind == another.kind == "rows" and entry.path == another.path:
        return True
    texts = [part.text for part in entry.parts.values()]
    return entry.heading == another.heading and texts == [
        part.text for part in another.parts.values()
    ]


def _is_near(question: _Question, other: _Question) -> bool:
    """Whether two questions differ by a typo, or by little and have much the same answer."""
    cards = (question.card, other.card)
    words = question.words
    # The rows of a vocabulary are short and alike: one letter makes another word.
    if any(card.entry.kind == "rows" for card in cards):
        return False
    if abs(len(words) - len(other.words)) > 2:
        return False
    # What is left when the words that both have are taken out, whatever their order.
    removed, added = _difference(words, other.words)
    if len(removed) == len(added) == 1:
        [word] = removed
        [another] = added
        if _is_typo(word, another):
            return True
    changed = [*removed, *added]
    # A number, a sign or a letter makes another question, whatever the answers.
    if len(changed) > 1 + len(words) // 4 or not all(map(_is_plain_word, changed)):
        return False
    # Many questions have the answer "2": where words were replaced, only a longer answer tells
    # that two questions are one.
    least = _TELLING if removed and added else 1
    return _have_same_answer(cards, least=least)


def _have_same_answer(cards: Sequence[CardText], *, least: int) -> bool:
    answers = [plain(card.trees.part("Back").tree)[:_COMPARED] for card in cards]
    if min(map(len, answers)) < least:
        return False
    return fuzz.ratio(*answers) >= _ALIKE


def _difference(words: Words, others: Words) -> tuple[list[str], list[str]]:
    removed = []
    added = list(others)
    for word in words:
        if word in added:
            added.remove(word)
        else:
            removed.append(word)
    return removed, added


def _is_plain_word(word: str) -> bool:
    return word.isalpha() and len(word) > 1 and word not in _NEGATIONS


def _is_typo(word: str, other: str) -> bool:
    """Whether two long words differ by a letter or two after the third."""
    if not (word + other).isalpha() or min(len(word), len(other)) < _LONG:
        return False
    if word[:3] != other[:3]:
        return False
    most = 2
    if len(word) <= 8:
        most = 1
    return Levenshtein.distance(word, other) <= most
