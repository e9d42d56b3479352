"""Compares a typed answer with the expected one, as Anki's `rslib/src/typeanswer.rs` does."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

# Pairs of characters that are compared. Of longer texts it is only said that they differ.
_MOST_PAIRS = 1_000_000


def compare_answer(expected: str, typed: str) -> str:
    """HTML that marks what was typed as right, wrong or missed.

    It holds the answer alone where nothing was typed.
    """
    expected = re.sub(r"\n+", " ", expected).strip()
    if not typed:
        return f"<code id=typeans>{html.escape(expected)}</code>"
    # An accent may be a character of its own or part of its letter.
    expected = unicodedata.normalize("NFC", expected)
    typed = unicodedata.normalize("NFC", typed)
    if typed == expected:
        return f"<code id=typeans><span class=typeGood>{html.escape(expected)}</span></code>"
    above = ""
    below = ""
    for tag, start, end, expected_start, expected_end in _differences(typed, expected):
        given = typed[start:end]
        wanted = expected[expected_start:expected_end]
        if tag == "equal":
            above += _marked("Good", given)
            below += _marked("Good", wanted)
            continue
        if tag == "insert":
            above += _marked("Missed", "-" * len(wanted))
        else:
            above += _marked("Bad", given)
        below += _marked("Missed", wanted)
    return f"<code id=typeans>{above}<br><span id=typearrow>&darr;</span><br>{below}</code>"


def _differences(typed: str, expected: str) -> Sequence[tuple[str, int, int, int, int]]:
    if len(typed) * len(expected) > _MOST_PAIRS:
        return [("replace", 0, len(typed), 0, len(expected))]
    return SequenceMatcher(None, typed, expected, autojunk=False).get_opcodes()


def _marked(kind: str, text: str) -> str:
    if not text:
        return ""
    # An accent at the beginning would sit on the letter before it.
    if unicodedata.category(text[0]).startswith("M"):
        text = f"\xa0{text}"
    return f"<span class=type{kind}>{html.escape(text)}</span>"
