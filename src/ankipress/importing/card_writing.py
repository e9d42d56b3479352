"""Cards as Markdown: a heading, and below it the fields of a note.

docs/cards.md says how a card of a note type from Anki is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.model import TextMode
from ankipress.parse.attribute_writing import attribute_text, field_heading
from ankipress.syntax.plain_html import plain_html

FIELD_LEVEL = 3  # of headings, below those of cards
_LONGEST_LABEL = 60  # characters
_MARKUP = re.compile(r"([\\`*_\[\]<>#&|~$={}])")


@dataclass(frozen=True, slots=True)
class WrittenField:
    """A field as Markdown. `mode` is how it is read where that is not the usual way of its field,
    and `is_heading` tells that it stands in the heading of its card.
    """

    name: str
    text: str
    mode: TextMode | None = None
    is_heading: bool = False


def card_text(
    label: str,
    braces: str,
    fields: Sequence[WrittenField],
    *,
    second_is_answer: bool,
) -> str:
    """The Markdown of a card. `label` is its heading where its first field is not, and `braces` are
    the attributes behind it.

    `second_is_answer` tells that the second field stands below the heading without its name.
    """
    first, *others = fields
    heading = label
    blocks: list[str] = []
    if first.is_heading:
        heading = first.text
    else:
        blocks += _section(first)
    for number, each in enumerate(others):
        if not each.text:
            continue
        # A field that another one stands above must be named.
        is_answer = number == 0 and second_is_answer and not blocks
        if is_answer and each.mode is None:
            blocks.append(each.text)
        else:
            blocks += _section(each)
    return "\n\n".join([f"## {heading} {braces}".rstrip(), *blocks])


def _section(field: WrittenField) -> Iterator[str]:
    yield field_heading(field.name, FIELD_LEVEL, field.mode)
    if field.text:
        yield field.text


def braces_of(tags: Sequence[str], words: Sequence[str]) -> str:
    """The braces of a heading: words such as `kind=basic`, and tags; empty without them."""
    of_tags = attribute_text(tags).removeprefix("{").removesuffix("}")
    text = " ".join(filter(None, [*words, of_tags]))
    return f"{{{text}}}" if text else ""


def label_of(html: str, number: int) -> str:
    """What names a card whose first field is no line of text: its first words, or else its number
    in the deck.
    """
    words = plain_html(html)
    if len(words) > _LONGEST_LABEL:
        words = words[:_LONGEST_LABEL].rsplit(" ", 1)[0] + " …"
    return _MARKUP.sub(r"\\\1", words) or f"Card {number}"
