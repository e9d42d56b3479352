"""Gathers the plain text of a card: one line, in Unicode's form NFC, with single spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ankipress.syntax.deletions import find_deletions
from ankipress.syntax.spans import replace_spans

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u200b\u2060\ufeff]")
_TICKS = re.compile(r"`+")
# Code that would differ if it was text keeps its ticks: `<b>` is no tag.
_LIKE_MARKUP = re.compile(r"[<$&*~`]|\\\(|==|\{\{c|\]\(|!\[|::|^[#>+-]|^[=_-]+$|(?<!\w)_|_(?!\w)")

_BLOCK = re.compile(r"[^\n]+")
_HIGHLIGHT = re.compile(r"(?<!=)==(?!=)")
_KEPT = "\x00"  # stands for a sign that is no mark

_Mark = tuple[int, int, str]
"""The start and the end of a mark, and what is put in its place: nothing."""


class PlainWriter:
    """Takes the pieces of a text in their order. No deletion begins or ends in a kept piece."""

    def __init__(self) -> None:
        self.code: list[str] = []  # all code, without its ticks
        self._pieces: list[str] = []
        self._kept: list[int] = []  # the numbers of the pieces that are kept as they are

    def prose(self, text: str) -> None:
        """Add words, among which deletions may be."""
        self._pieces.append(text)

    def keep(self, text: str) -> None:
        """Add what holds no deletion."""
        self._kept.append(len(self._pieces))
        self._pieces.append(text)

    def keep_code(self, code: str) -> None:
        """Add code, with ticks around it where it looks like markup."""
        code = " ".join(code.split())
        self.code.append(code)
        if not _LIKE_MARKUP.search(code):
            self.keep(code)
            return
        longest = max(map(len, _TICKS.findall(code)), default=0)
        ticks = "`" * (longest + 1)
        if code.startswith("`") or code.endswith("`"):
            code = f" {code} "
        self.keep(f"{ticks}{code}{ticks}")

    def end_block(self) -> None:
        """End a block; what follows is another word."""
        self._pieces.append("\n")

    def finished(self, *, highlights: bool = False) -> str:
        """The plain text of all pieces. With `highlights`, `==text==` is a deletion."""
        text = "".join(self._pieces)
        if "{{c" in text or (highlights and "==" in text):
            spans = self._marks(highlights=highlights)
            text = replace_spans(text, spans)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        return " ".join(_INVISIBLE.sub("", text).split())

    def hidden(self, *, highlights: bool = False) -> list[str]:
        """The words that each deletion hides. With `highlights`, `==text==` is a deletion."""
        prose = self._prose()
        spans = [(each.inner, each.text_end) for each in find_deletions(prose).deletions]
        if highlights:
            marks = list(_marks_of_highlights(prose))
            spans += [
                (opening[1], closing[0])
                for opening, closing in zip(marks[::2], marks[1::2], strict=True)
            ]
        text = "".join(self._pieces)
        return [" ".join(text[start:end].split()) for start, end in sorted(spans)]

    def _prose(self) -> str:
        """The text, in which what is kept is blotted out."""
        pieces = list(self._pieces)
        for number in self._kept:
            pieces[number] = _KEPT * len(pieces[number])
        return "".join(pieces)

    def _marks(self, *, highlights: bool) -> Iterator[_Mark]:
        """The marks and hints of deletions; adding a hint makes no other question."""
        text = self._prose()
        marks = list(_marks_of_deletions(text))
        if highlights:
            marks += _marks_of_highlights(text)
        return _apart(marks)


def _marks_of_deletions(text: str) -> Iterator[_Mark]:
    for each in find_deletions(text).deletions:
        yield each.start, each.inner, ""
        yield each.text_end, each.end + 2, ""


def _marks_of_highlights(text: str) -> Iterator[_Mark]:
    """Pairs of `==` in one block, the first without a space after it, the second without one before
    it.
    """
    for block in _BLOCK.finditer(text):
        opening: re.Match[str] | None = None
        for mark in _HIGHLIGHT.finditer(text, *block.span()):
            start, end = mark.span()
            before = text[start - 1 : start]
            after = text[end : end + 1]
            if opening is None:
                if _may_open(before, after):
                    opening = mark
            elif not before.isspace():
                yield *opening.span(), ""
                yield start, end, ""
                opening = None


def _may_open(before: str, after: str) -> bool:
    if not after or after.isspace():
        return False
    return not (_is_code_letter(before) and _is_code_letter(after))


def _is_code_letter(character: str) -> bool:
    """Whether it may be part of a name in code: `a==b` is a comparison."""
    return character.isascii() and (character.isalnum() or character == "_")


def _apart(marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """Marks in their order without those that stand in others."""
    last = 0
    for mark in sorted(marks):
        if mark[0] >= last:
            yield mark
            last = mark[1]
