"""What is remembered of an entry to know it again: the plain text of its question, and a signature
of its answer.
"""

from __future__ import annotations

from ankipress.identity.signature import opening_of, sign
from ankipress.model import Entry, Texts
from ankipress.syntax.plain_text import plain_text

_ANSWER_PARTS = ("Back", "Image", "Occlusion")


def texts_of(entry: Entry) -> Texts:
    """What matching reads of one entry."""
    answer = plain_text(_answer(entry))
    return Texts(plain_text(_front(entry)), sign(answer), opening_of(answer))


def _front(entry: Entry) -> str:
    """The Markdown of all that stands on the front of a card."""
    if "Front" not in entry.parts:
        return entry.heading
    return f"{entry.heading}\n\n{entry.part('Front')}"


def _answer(entry: Entry) -> str:
    """The Markdown of the answer: of an image occlusion, its picture and the shapes too."""
    parts = [entry.parts[name] for name in _ANSWER_PARTS if name in entry.parts]
    return "\n\n".join(part.text for part in parts)
