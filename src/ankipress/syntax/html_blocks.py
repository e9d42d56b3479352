"""CommonMark's seven kinds of HTML block: how each starts and ends."""

from __future__ import annotations

import re
from typing import NamedTuple

BLANK = re.compile(r" *$")
"""What ends the last two kinds: a blank line, which is not part of the block."""

_BLOCK_TAGS = (
    "address article aside base basefont blockquote body caption center col colgroup dd details"
    " dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6"
    " head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option"
    " p param search section summary table tbody td tfoot th thead title tr track ul"
).replace(" ", "|")
_ATTRIBUTE = r"""(?:\s+[a-zA-Z_:][a-zA-Z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)"""
_TEXT_OF_TAG = re.compile(r"<(script|pre|style|textarea)(?:[\s>]|$)", re.IGNORECASE)
_KINDS = (
    (
        _TEXT_OF_TAG,
        re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", re.IGNORECASE), BLANK),
)
_LONE_TAG = re.compile(
    rf"(?:<[a-zA-Z][a-zA-Z0-9-]*{_ATTRIBUTE}*\s*/?>|</[a-zA-Z][a-zA-Z0-9-]*\s*>)\s*$"
)


_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]", re.MULTILINE)
_NAMES = (("<!--", "comment", "-->"), ("<![CDATA[", "CDATA section", "]]>"), ("<?", "", "?>"))
_OPENING = re.compile(r"<!--|<!\[CDATA\[|<\?|<![A-Za-z]+|<[A-Za-z]+(?:\s[^>]*)?>?")


class Endless(NamedTuple):
    """What is wrong with HTML that never ends: the mark that opens it, a message and help."""

    mark: str
    message: str
    help: str


def end_of_html(line: str, start: int, *, in_paragraph: bool) -> re.Pattern[str] | None:
    """What ends the HTML block that starts at this column, or None if none starts there."""
    for opening, ending in _KINDS:
        if opening.match(line, start):
            return ending
    # The last kind, a lone tag, does not interrupt a paragraph.
    if not in_paragraph and _LONE_TAG.match(line, start):
        return BLANK
    return None


def is_small_declaration(text: str, position: int) -> bool:
    """Whether a declaration in small letters begins here: `<!doctype html>` is text to GitHub."""
    return text.startswith("<!", position) and text[position + 2 : position + 3].islower()


def is_lone_tag(line: str) -> bool:
    """Whether a line is one tag, which only ends a paragraph that it continues without marks."""
    return _LONE_TAG.match(line) is not None


def endless(opening: str) -> Endless:
    """What to say of HTML that never ends, given the line that opens it."""
    opening = opening.strip()
    mark = _OPENING.match(opening)
    what = "declaration"
    end = ">"
    if found := _TEXT_OF_TAG.match(opening):
        what = f"<{found[1].lower()}>"
        end = f"</{found[1].lower()}>"
    for start, name, closing in _NAMES:
        if opening.startswith(start):
            what = name or f"{start}…"
            end = closing
    message = (
        f"this {what} never ends, so all that follows in its list, quote or file is a part of it,"
        " and on no card"
    )
    help = (
        f"close it with `{end}`; where it is no HTML but text, write it as code, between back-ticks"
    )
    return Endless(mark[0] if mark else opening, message, help)


def hides_headings(html: str) -> bool:
    """Whether a block of HTML opens again after a heading in it: its end was likely forgotten."""
    html = html.lstrip().lower()
    opening = _TEXT_OF_TAG.match(html)
    mark = f"<{opening[1]}" if opening else html[:2]
    again = html.find(mark, len(mark))
    return again > 0 and _HEADING.search(html, 0, again) is not None
