"""What is remembered of an entry to know it again: the plain text of its question, and what stands
for that of its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from ankipress.identity.signature import opening_of, sign
from ankipress.model import Entry, Texts
from ankipress.syntax.plain_text import plain_text
from ankipress.work import Begun, Work, key_of


def read_texts(entries: Sequence[Entry], work: Work) -> tuple[list[str], list[Sequence[str]]]:
    """What some entries ask, and their texts, like `Texts`; both in the same order."""
    written = [(front_of(entry), answer_of(entry)) for entry in entries]
    begun = Begun(_read, written, [key_of("texts", *each) for each in written], work)
    questions, texts = list[str](), list[Sequence[str]]()
    for each in map(_unpacked, begun.results()):
        questions.append(each.question)
        texts.append(work.shelve(each) if work.shelve else each)
    return questions, texts


def front_of(entry: Entry) -> str:
    """The Markdown of all that stands on the front of a card."""
    return f"{entry.heading}\n\n{entry.part('Front')}" if "Front" in entry.parts else entry.heading


def answer_of(entry: Entry) -> str:
    """The Markdown of what answers it: of an image occlusion, its picture and the shapes too."""
    return "\n\n".join(
        part.text for name in ("Back", "Image", "Occlusion") if (part := entry.parts.get(name))
    )


def _read(written: Sequence[tuple[str, str]]) -> list[str]:
    texts = [(plain_text(front), plain_text(back)) for front, back in written]
    # Plain texts have no tabs.
    return [f"{sign(back)}\t{opening_of(back)}\t{front}" for front, back in texts]


def _unpacked(text: str) -> Texts:
    answer, opening, question = text.split("\t", 2)
    return Texts(question, answer, opening)
