"""The anchors of headings as GitHub makes them, for links to the place of a card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ankipress.syntax.outline import Heading
from ankipress.syntax.plain_text import plain_text

_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")


def anchors(headings: Sequence[Heading]) -> dict[int, str]:
    """The anchor of each heading, by the line on which it starts.

    GitHub shows the braces of a heading as text, so they are in its anchor too. Of headings that
    are alike, the second gets `-1` at its end, the third `-2`.
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
    kept = (
        each
        for each in text
        if each.isalnum() or each in "-_ " or unicodedata.category(each)[0] == "M"
    )
    return "".join(kept).replace(" ", "-")
