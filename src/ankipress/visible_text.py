r"""Foreign text → text that can be written anywhere: to a terminal, a log or a comment.

What comes from a card, a file name, a package or another program may hold characters that nobody
sees, and that command a terminal, turn the direction of what follows, or end a line. They are shown
as escapes, such as `\x1b`, so that nothing vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_Escape = Callable[[str], str]

# All control and format characters, halves of surrogate pairs, what parts lines, and fillers that
# look like nothing. tests/test_visible_text.py holds this against the tables of Unicode.
_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff"
)
_JOINERS = "\u200c\u200d"
_DIRECTION_MARKS = "\u061c\u200e\u200f"
# Behind a letter of Persian or Hindi, or between the parts of an emoji, a joiner changes how they
# are drawn. Behind anything else it only hides.
_HIDDEN = re.compile(
    rf"[{_UNSEEN}]|\r(?!\n)|(?<![^\x00-\x7f{_UNSEEN}{_JOINERS}{_DIRECTION_MARKS}])[{_JOINERS}]"
)
# They stand in ordinary Hebrew and Arabic, and turn no more than the punctuation beside them.
_HIDDEN_MARK = re.compile(f"[{_DIRECTION_MARKS}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u05ff\u0620-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

# What runners take for a command: GitHub's `::name::` at the start of a line and `##[name]`
# anywhere, Azure's `##vso[`, TeamCity's `##teamcity[`, GitLab's `section_start:`. GitHub's runner
# passes over characters without width. The last character of a match is the one to be escaped.
_NO_WIDTH = f"[\ufe00-\ufe0f{_JOINERS}{_DIRECTION_MARKS}]"
_COMMAND = re.compile(
    rf"^(?:[^\S\n]|{_NO_WIDTH})*:(?={_NO_WIDTH}*:)"
    rf"|#(?={_NO_WIDTH}*#{_NO_WIDTH}*(?:\[|vso|teamcity))"
    r"|s(?=ection_(?:start|end):)",
    re.MULTILINE | re.IGNORECASE,
)
_LINE_ENDS = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """A text of any number of lines in which every character is seen.

    What was made visible before stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return _with_escapes(text, _escape)


def on_one_line(text: str) -> str:
    """A name, or another short text, with its line ends and tabs as escapes too."""
    shown = visible(text)
    for character, escape in _LINE_ENDS.items():
        shown = shown.replace(character, escape)
    return shown


def one_line(text: str, width: int = 90) -> str:
    """A text for a listing: its words on one line, shortened where it is long."""
    line = visible(" ".join(text.split()))
    if len(line) > width:
        return line[: width - 1] + "…"
    return line


def without_commands(text: str) -> str:
    """A text of which no runner takes a line for a command."""

    def shown(found: re.Match[str]) -> str:
        spaces = found[0][:-1]
        first = found[0][-1]
        return spaces + _escape(first)

    return _COMMAND.sub(shown, text)


def fenced(text: str) -> str:
    """A text as a block of Markdown in which nothing is markup, and GitHub looks for no names."""
    shown = without_commands(visible(text))
    runs = re.findall("`+", shown)
    longest = max(map(len, runs), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"


def json_text(value: Any) -> str:
    """A value as JSON that can be written anywhere, and from which the very same value is read."""
    import json  # noqa: PLC0415 - few commands need it

    text = json.dumps(value, ensure_ascii=False, indent=2)
    shown = _with_escapes(text, _json_escape)
    return _COMMAND.sub(lambda found: _json_escape(found[0]), shown)


def _with_escapes(text: str, escape: _Escape) -> str:
    shown = _HIDDEN.sub(lambda found: escape(found[0]), text)
    if _RIGHT_TO_LEFT.search(text):
        return shown
    return _HIDDEN_MARK.sub(lambda found: escape(found[0]), shown)


def _escape(character: str) -> str:
    """A character as Python writes it."""
    number = ord(character)
    if number < 0x100:
        return _LINE_ENDS.get(character, f"\\x{number:02x}")
    if number < 0x10000:
        return f"\\u{number:04x}"
    return f"\\U{number:08x}"


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(.{4})", r"\\u\1", units)
