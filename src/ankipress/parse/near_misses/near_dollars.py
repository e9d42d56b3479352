"""Dollars around mathematics that do not make it mathematics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_RUN = re.compile(r"\$+")
_LINE = re.compile(r"[^\n]+")
# A command, or what only TeX writes so. In `C:\Users` and `snake_case` there is none.
_SIGN = re.compile(
    r"(?<![A-Za-z]{2})\\[A-Za-z]+|(?<=[A-Za-z0-9)\]}'])\^[A-Za-z0-9{(\\*+-]"
    r"|(?<=[A-Za-z0-9)\]}])_\{|(?<![A-Za-z])[A-Za-z]_[A-Za-z0-9](?!\w)"
)
_WORD = re.compile(r"(?<![\\A-Za-z{])[^\W\d_]{2,}(?![\w({^\\=])")
_LETTER = re.compile(r"[A-Za-z]")
# `${x}` and `$('x')` are code.
_CODE = ("{", "('", '("', "(`")


class NearFormula(NamedTuple):
    """Dollars that open or hold no mathematics: their span, a message, help, and a fix if any."""

    start: int
    end: int
    message: str
    help: str
    fix: str | None = None


def near_dollars(shown: str, text: str) -> Iterator[NearFormula]:
    """Find them in a text, of which `shown` is the prose."""
    for line in _LINE.finditer(shown):
        runs = list(_RUN.finditer(shown, line.start(), line.end()))
        ends = [*(run.start() for run in runs[1:]), line.end()]
        used = -1
        for number, run in enumerate(runs):
            if number == used:
                continue
            closing = None
            if number + 1 < len(runs):
                closing = runs[number + 1]
            if len(run[0]) == 2 and _opens_display(shown, run.end(), ends[number]):
                yield _unclosed(run)
                used = number + 1
            elif len(run[0]) == 1 and begins_as_tex(shown[run.end() : ends[number]]):
                yield _single(run, closing, shown, text)
                used = -1
                if closing and _closes(run, closing, shown):
                    used = number + 1


def begins_as_tex(words: str) -> bool:
    """Whether a text has a sign of TeX, and no words before it."""
    sign = _SIGN.search(words)
    if sign is None or words.startswith(_CODE):
        return False
    return not _WORD.search(words[: sign.end()])


def in_dollars(tex: str, before: str, behind: str) -> str:
    """Mathematics in a line, given the characters around it: letters and digits need GitHub's
    other form.
    """
    tex = tex.strip()
    if before.isdigit() or behind.isalnum() or "$" in (before, behind):
        return f"$`{tex}`$"
    return f"${tex}$"


def _opens_display(shown: str, start: int, end: int) -> bool:
    """Whether two dollars stand before what is likely TeX, on their line or on the next."""
    words = shown[start:end]
    if not words.strip():
        below = shown[end + 1 : _end_of_line(shown, end + 1)]
        return shown[end : end + 1] == "\n" and begins_as_tex(below.strip())
    if words.startswith(_CODE):
        return False
    is_short = _LETTER.search(words) is not None and not _WORD.search(words)
    return is_short or begins_as_tex(words)


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    if end >= 0:
        return end
    return len(text)


def _closes(opening: re.Match[str], closing: re.Match[str], shown: str) -> bool:
    """Whether a dollar was likely meant to close another one, and not to open mathematics."""
    words = shown[opening.end() : closing.start()]
    behind = shown[closing.end() : closing.end() + 1]
    if words[-1:].isspace() and (behind == "\\" or (behind.isascii() and behind.isalnum())):
        return False
    return not _WORD.search(words)


def _single(
    opening: re.Match[str],
    closing: re.Match[str] | None,
    shown: str,
    text: str,
) -> NearFormula:
    if closing is None or not _closes(opening, closing, shown):
        return _unclosed(opening)
    start = opening.start()
    end = closing.start() + 1
    tex = text[opening.end() : closing.start()]
    before = text[start - 1 : start] if start else ""
    behind = text[end : end + 1]
    is_apart = tex != tex.strip()
    touches = before.isdigit() or behind.isalnum() or behind == "$"
    if "$" in tex or not (is_apart or touches):
        return _unclosed(opening)
    message = "these dollars touch a letter, a digit or another dollar, so they hold text"
    if is_apart:
        message = "spaces stand inside of these dollars, so they hold text and no mathematics"
    if "`" in tex or behind == "$":
        return NearFormula(start, end, message, "write spaces around them")
    fix = in_dollars(tex, before, behind)
    return NearFormula(start, end, message, f"write {fix}", fix)


def _unclosed(run: re.Match[str]) -> NearFormula:
    sign = run[0]
    message = f"this {sign} is not closed, so what follows is text and no mathematics"
    help = f"close it with {sign} in the same paragraph; or write `\\{sign[0]}` if it is text"
    return NearFormula(run.start(), run.end(), message, help)
