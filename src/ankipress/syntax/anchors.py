"""The anchors that GitHub gives to headings, for links to the source of a card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ankipress.syntax.outline import Heading
from ankipress.syntax.plain_text import plain_text

_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")


def anchors(headings: Sequence[Heading]) -> dict[int, str]:
    """The anchor of each heading, by the line on which it starts.

    GitHub shows the attributes of a heading as text, so they are part of its anchor. The second of
    several equal headings gets the suffix `-1`, the third `-2`.
    """
    found: dict[int, str] = {}
    counts: dict[str, int] = {}
    for heading in headings:
        slug = anchor = _slug(heading.text)
        while anchor in counts:
            counts[slug] += 1
            anchor = f"{slug}-{counts[slug]}"
        counts[anchor] = 0
        found[heading.start] = anchor
    return found


def _slug(heading: str) -> str:
    text = plain_text(_IMAGE.sub("", heading)).lower()
    return "".join(filter(_stays, text)).replace(" ", "-")


def _stays(character: str) -> bool:
    is_mark = unicodedata.category(character)[0] == "M"
    return character.isalnum() or character in "-_ " or is_mark
