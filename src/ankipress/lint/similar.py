"""Questions that a learner cannot tell from one another, found without comparing each with each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Card, Reading
from ankipress.syntax.plain_text import plain_text

_COMMON = 40  # a word of more questions than this finds none of them
# Questions looked at closely for each: so the work grows with the number of cards, not with its
# square.
_CANDIDATES = 6
_LONG = 5  # letters: a slip in a shorter word is another word as often as not
_ALIKE = 85  # of 100: how much of the answers must be the same
_TELLING = 40  # characters of an answer that another question does not have by chance
_TURNING = frozenset("not no never without nicht kein keine keinen ohne pas non".split())
_WAY_OUT = "make one card of the two, or say in each question what sets it apart"
_NUMBER = re.compile(r"\A\s*\(?\d+[.):]\s+")  # of the question in its list
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['\u2019][^\W_]+)*|[^\w\s]"
)
_PLAIN = frozenset(
    ".,;:?!\"'`()[]{}\u2019\u2018\u201c\u201d\u2026\u2013\u2014\u3002\u3001\uff0c\uff1f\uff1a*_"
)
# Words around what is asked for. Which of them stands there makes no other question.
_ASKING = frozenset(
    "a an the is are was were do does did what what's which please explain describe define name me of"
    " der die das den dem ein eine einen einem einer ist sind war was welche welcher welches bitte"
    " erkläre beschreibe definiere nenne"
    " 은 는 이란 란 무엇인가 무엇인가요 무엇입니까 설명하시오 설명하라 とは 是 什 么 吗".split()
)
Words = tuple[str, ...]


def similar_questions(reading: Reading) -> Iterator[Diagnostic]:
    """Cards whose front differs from that of an earlier one by nothing that matters."""
    cards = [card for card in reading.cards if card.front and card.entry.kind != "cloze"]
    fronts = [_words(card.front) for card in cards]
    for index, other in _nearest(cards, fronts):
        card, first = cards[index], cards[other]
        same = (
            "the same question stands"
            if card.front == first.front
            else f'much the same question, "{_short(first)}", stands'
        )
        message = f"{same} at {first.entry.path}:{first.entry.location.line}"
        yield Diagnostic("similar-question", card.entry.location, message, _WAY_OUT)


def _short(card: Card) -> str:
    return card.question if len(card.question) <= 80 else f"{card.question[:79]}…"


def _words(front: str) -> Words:
    found = [
        word.casefold().replace("\u2019", "'")
        for word in _WORD.findall(_NUMBER.sub("", front))
        if word not in _PLAIN
    ]
    return tuple(word for word in found if word not in _ASKING) or tuple(found)


def _nearest(cards: Sequence[Card], fronts: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """For each card that has one, the first card before it that asks the same."""
    counts = Counter(feature for words in fronts for feature in _features(words))
    same: dict[Words, int] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(fronts):
        if (first := same.setdefault(words, index)) != index:
            if not _is_told(cards[index], cards[first]):
                yield index, first
            continue
        rare = [feature for feature in _features(words) if 1 < counts[feature] <= _COMMON]
        votes: Counter[int] = Counter()
        for feature in rare:
            for other in holders[feature]:
                votes[other] += _COMMON // counts[feature]
            holders[feature].append(index)
        candidates = sorted(votes, key=lambda other: (-votes[other], other))[:_CANDIDATES]
        found = next(
            (
                other
                for other in sorted(candidates)
                if _is_near((cards[index], cards[other]), words, fronts[other])
            ),
            None,
        )
        if found is not None:
            yield index, found


def _features(words: Words) -> list[str]:
    """What finds a question: its words, and how its long words begin, for those that are misspelt."""
    return list(dict.fromkeys((*words, *(f"{word[:3]}…" for word in words if len(word) >= _LONG))))


def _is_told(card: Card, other: Card) -> bool:
    """Whether two cards that ask the same have a warning of their own: copies, and rows of one
    table.
    """
    rows = card.entry.kind == other.entry.kind == "rows" and card.entry.path == other.entry.path
    return rows or (card.entry.heading == other.entry.heading and _texts(card) == _texts(other))


def _texts(card: Card) -> Mapping[str, str]:
    return {name: part.text for name, part in card.entry.parts.items()}


def _is_near(cards: tuple[Card, Card], words: Words, others: Words) -> bool:
    """Whether two questions differ by a slip, or by little and have much the same answer."""
    # The rows of a vocabulary are short and alike: one letter makes another word.
    if abs(len(words) - len(others)) > 2 or "rows" in {each.entry.kind for each in cards}:
        return False
    removed, added = _difference(words, others)
    if len(removed) == len(added) == 1 and _is_slip(removed[0], added[0]):
        return True
    # A number, a sign or a letter makes another question, whatever the answers.
    if len(removed) + len(added) > 1 + len(words) // 4 or not all(
        map(_is_word, (*removed, *added))
    ):
        return False
    # Many questions have the answer "2"; that two of them are one shows in a longer one only.
    return _same_answer(*cards, least=_TELLING if removed and added else 1)


def _difference(words: Words, others: Words) -> tuple[list[str], list[str]]:
    left = list(others)
    removed = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            removed.append(word)
    return removed, left


def _is_word(word: str) -> bool:
    return word.isalpha() and len(word) > 1 and word not in _TURNING


def _is_slip(word: str, other: str) -> bool:
    """Whether two words are one, misspelt or in another form: long words that differ by a letter or
    two behind the third.
    """
    if not (word.isalpha() and other.isalpha()) or min(len(word), len(other)) < _LONG:
        return False
    return word[:3] == other[:3] and Levenshtein.distance(word, other, score_cutoff=2) <= 1 + (
        len(word) > 8
    )


def _same_answer(card: Card, other: Card, *, least: int) -> bool:
    texts = [plain_text(each.entry.part("Back")[:2000]) for each in (card, other)]
    return min(map(len, texts)) >= least and fuzz.ratio(*texts, score_cutoff=_ALIKE) >= _ALIKE
