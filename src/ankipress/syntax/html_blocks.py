"""CommonMark's seven kinds of HTML block: how each starts and ends."""

from __future__ import annotations

import re

BLANK = re.compile(r" *$")
"""What ends the last two kinds: a blank line, which is not part of the block."""

_BLOCK_TAGS = (
    "address article aside base basefont blockquote body caption center col colgroup dd details"
    " dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6"
    " head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option"
    " p param search section summary table tbody td tfoot th thead title tr track ul"
).replace(" ", "|")
_ATTRIBUTE = r"""(?:\s+[a-zA-Z_:][a-zA-Z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)"""
_KINDS = (
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


def end_of_html(
    line: str,
    start: int,
    *,
    in_paragraph: bool,
) -> re.Pattern[str] | None:
    """What ends the HTML block that starts at this column, or None if none starts there."""
    for opening, ending in _KINDS:
        if opening.match(line, start):
            return ending
    # The last kind, a lone tag, does not interrupt a paragraph.
    if not in_paragraph and _LONE_TAG.match(line, start):
        return BLANK
    return None
