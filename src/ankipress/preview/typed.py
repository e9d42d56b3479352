"""What was typed beside what was asked for, as Anki's `rslib/src/typeanswer.rs` compares them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple


class _Piece(NamedTuple):
    kind: str
    text: str


def compare_answer(expected: str, typed: str) -> str:
    """HTML that marks what was typed right, wrong or not at all; the answer alone where nothing was
    typed.
    """
    expected = re.sub(r"\n+", " ", expected).strip()
    if not typed:
        return f"<code id=typeans>{html.escape(expected)}</code>"
    expected, typed = (unicodedata.normalize("NFC", text) for text in (expected, typed))
    if typed == expected:
        return f"<code id=typeans><span class=typeGood>{html.escape(expected)}</span></code>"
    pairs = list(_compared(typed, expected))
    above, below = (_marked(piece for piece in side if piece) for side in zip(*pairs, strict=True))
    return f"<code id=typeans>{above}<br><span id=typearrow>&darr;</span><br>{below}</code>"


def _compared(typed: str, expected: str) -> Iterator[tuple[_Piece | None, _Piece | None]]:
    """Stretches of what was typed, each beside that of what was expected."""
    for tag, start, end, other_start, other_end in SequenceMatcher(
        None, typed, expected, autojunk=False
    ).get_opcodes():
        left, right = typed[start:end], expected[other_start:other_end]
        if tag == "equal":
            yield _Piece("Good", left), _Piece("Good", right)
        elif tag == "delete":
            yield _Piece("Bad", left), None
        elif tag == "insert":
            yield _Piece("Missed", "-" * len(right)), _Piece("Missed", right)
        else:
            yield _Piece("Bad", left), _Piece("Missed", right)


def _marked(pieces: Iterable[_Piece]) -> str:
    return "".join(
        f"<span class=type{kind}>{html.escape(_apart(text))}</span>" for kind, text in pieces
    )


def _apart(text: str) -> str:
    """The text, where it begins with an accent behind a space that does not break: it would sit on
    the letter before it.
    """
    return f"\xa0{text}" if unicodedata.category(text[0]).startswith("M") else text
