"""CommonMark's seven sorts of HTML block: how one starts, and what ends it."""

from __future__ import annotations

import re

BLANK = re.compile(r" *$")
"""What ends the last two sorts: an empty line, which is no part of the block."""

_BLOCK_TAGS = (
    "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main"
    " menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead title tr"
    " track ul"
).replace(" ", "|")
_ATTRIBUTE = r"""(?:\s+[a-zA-Z_:][a-zA-Z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)"""
_SORTS = (
    (
        re.compile(r"<(?:script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE),
        re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", re.IGNORECASE), BLANK),
)
_LONE_TAG = re.compile(
    rf"(?:<[a-zA-Z][a-zA-Z0-9-]*{_ATTRIBUTE}*\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*\s*>)\s*$"
)


def end_of_html(line: str, start: int, *, in_paragraph: bool) -> re.Pattern[str] | None:
    """What ends the HTML block that starts at this place of a line, or None where none starts."""
    for begins, ends in _SORTS:
        if begins.match(line, start):
            return ends
    # The last sort, a tag that stands alone, does not end a paragraph.
    return BLANK if not in_paragraph and _LONE_TAG.match(line, start) else None
