"""Explicit ids: which notes they name, and where the texts say that a card's id is that of another.

An id holds through every edit of its card, the question and the answer rewritten at once. But ids
are also copied, exchanged and used again. So where the lock shows that another card goes on with
the text of the note, or that this card goes on with that of another note, the author is asked
(docs/identity.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ankipress.identity.fingerprint import Cards, Fingerprint, Matching, Pairs
from ankipress.identity.signature import answer_similarity, same_answer
from ankipress.identity.word_roles import Kind, words
from ankipress.model import Entry, Record, State, note_type_of

_EXACT = frozenset({"same question", "same question and answer", "same answer"})
_UNRELATED = 0.1  # answers that share less have nothing in common

MOVED = "moved id"
TAKEN = "taken id"
REUSED = "reused id"


def claimed(
    entries: Sequence[Entry],
    records: Sequence[Record],
) -> dict[int, int]:
    """The notes that the ids name, of the same Anki note type (entry -> record)."""
    by_id: dict[tuple[str, str], int] = {}
    # A card that changed its kind and back has left two notes of one id: the active one counts.
    for state in (State.RETIRED, State.ACTIVE):
        for number, record in enumerate(records):
            if record.state is state and record.id is not None:
                by_id[note_type_of(record.kind), record.id] = number
    claims: dict[int, int] = {}
    for new, entry in enumerate(entries):
        name = entry.attributes.id or ""
        old = by_id.pop((note_type_of(entry.kind), name), None)
        if old is not None:
            claims[new] = old
    return claims


def doubted(
    claims: Pairs,
    olds: Cards,
    news: Cards,
) -> frozenset[int]:
    """The cards that do not say what the note of their id says: the texts are asked too."""
    old_counts = Counter(card.question for card in olds)
    new_counts = Counter(card.question for card in news)
    doubts = set()
    for index, claim in claims.items():
        new = news[index]
        old = olds[claim]
        often = max(old_counts[new.question], new_counts[new.question])
        has_other_answer = often > 1 and not same_answer(new.answer, old.answer)
        if new.question != old.question or has_other_answer:
            doubts.add(index)
    return frozenset(doubts)


def contested(
    claims: Pairs,
    doubts: Collection[int],
    by_text: Matching,
    olds: Cards,
    news: Cards,
) -> dict[int, str]:
    """The cards whose id the texts speak against, and how. `by_text` has matched them without their
    ids.
    """
    takers = {old: new for new, old in by_text.pairs.items()}
    exact = {new for new, reason in by_text.reasons.items() if reason in _EXACT}
    found: dict[int, str] = {}
    for new in sorted(doubts):
        old = claims[new]
        other = by_text.pairs.get(new, old)
        taker = takers.get(old, new)
        are_unrelated = _are_unrelated(olds[old], news[new])
        is_in_place = olds[old].active and olds[old].path == news[new].path
        is_another = other != old and olds[other].active
        if is_another and (new in exact or are_unrelated):
            found[new] = MOVED
        elif taker != new and (taker in exact or taker not in claims):
            found[new] = TAKEN
        elif are_unrelated and not is_in_place:
            found[new] = REUSED
    return found


def _are_unrelated(old: Fingerprint, new: Fingerprint) -> bool:
    """Whether two cards share nothing, neither a word of the question nor of the answer."""
    shared_words = _content_words(old) & _content_words(new)
    return not shared_words and answer_similarity(old.answer, new.answer) < _UNRELATED


def _content_words(card: Fingerprint) -> set[str]:
    every = words(card.question)
    return {word.key for word in every if word.kind != Kind.STOP}
