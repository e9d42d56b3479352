"""What is remembered of an entry to know it again: the plain text of its question, and what stands
for that of its answer.
"""

from __future__ import annotations

from ankipress.identity.signature import opening_of, sign
from ankipress.model import Entry, Texts
from ankipress.syntax.plain_text import plain_text


def texts_of(entry: Entry) -> Texts:
    """What matching reads of an entry."""
    question, answer = plain_text(front_of(entry)), plain_text(answer_of(entry))
    return Texts(question, sign(answer), opening_of(answer))


def front_of(entry: Entry) -> str:
    """The Markdown of all that stands on the front of a card."""
    return f"{entry.heading}\n\n{entry.part('Front')}" if "Front" in entry.parts else entry.heading


def answer_of(entry: Entry) -> str:
    """The Markdown of what answers it: of an image occlusion, its picture and the shapes too."""
    return "\n\n".join(
        part.text for name in ("Back", "Image", "Occlusion") if (part := entry.parts.get(name))
    )
