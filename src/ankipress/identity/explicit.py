"""Explicit ids: which notes they name, and where the texts say that a card's id is that of another.

An id holds through every edit of its card, the question and the answer rewritten at once. But ids
are also copied, exchanged and used again. So where the lock shows that another card goes on with
the text of the note, or that this card goes on with that of another note, the author is asked
(docs/identity.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from ankipress.identity.fingerprint import Matching, Trace
from ankipress.identity.signature import answer_similarity, same_answer
from ankipress.identity.word_roles import Kind, words
from ankipress.model import KINDS, Entry, Record, State

_EXACT = frozenset({"same question", "same question and answer", "same answer"})
_ALIEN = 0.1  # answers that share less have nothing in common

MOVED, TAKEN, REUSED = "moved id", "taken id", "reused id"


def claimed(entries: Sequence[Entry], records: Sequence[Record]) -> dict[int, int]:
    """The notes that the ids name, of the same Anki note type (entry -> record)."""
    # A card that changed its kind and back has left two notes of one id; of one note type an active
    # note comes first.
    by_state = sorted(enumerate(records), key=lambda each: each[1].state is State.ACTIVE)
    by_id = {
        (KINDS.get(record.kind, record.kind), record.id): number
        for number, record in by_state
        if record.id is not None
    }
    claims: dict[int, int] = {}
    for new, entry in enumerate(entries):
        old = by_id.pop((KINDS.get(entry.kind, entry.kind), entry.attributes.id or ""), None)
        if old is not None:
            claims[new] = old
    return claims


def doubted(
    claims: Mapping[int, int], olds: Sequence[Trace], news: Sequence[Trace]
) -> frozenset[int]:
    """The cards that do not say what the note of their id says: the texts are asked too."""
    often = Counter(card.question for card in olds), Counter(card.question for card in news)

    def is_doubted(new: Trace, old: Trace) -> bool:
        alone = max(counts[new.question] for counts in often) == 1
        return new.question != old.question or not (alone or same_answer(new.answer, old.answer))

    return frozenset(new for new, old in claims.items() if is_doubted(news[new], olds[old]))


def contested(
    claims: Mapping[int, int],
    doubts: Collection[int],
    by_text: Matching,
    olds: Sequence[Trace],
    news: Sequence[Trace],
) -> dict[int, str]:
    """The cards whose id the texts speak against, and how. `by_text` has matched them without their
    ids.
    """
    takers = {old: new for new, old in by_text.pairs.items()}
    found: dict[int, str] = {}
    for new in sorted(doubts):
        old = claims[new]
        other, taker = by_text.pairs.get(new, old), takers.get(old, new)
        alien = _are_strangers(olds[old], news[new])
        if other != old and olds[other].active and (by_text.reasons[new] in _EXACT or alien):
            found[new] = MOVED
        elif taker != new and (taker not in claims or by_text.reasons[taker] in _EXACT):
            found[new] = TAKEN
        elif alien and not (olds[old].active and olds[old].path == news[new].path):
            found[new] = REUSED
    return found


def _are_strangers(old: Trace, new: Trace) -> bool:
    """Whether two cards have nothing in common, neither a word of the question nor of the answer."""
    return (
        set(_telling(old)).isdisjoint(_telling(new))
        and answer_similarity(old.answer, new.answer) < _ALIEN
    )


def _telling(card: Trace) -> Iterator[str]:
    return (word.key for word in words(card.question) if word.kind != Kind.STOP)
