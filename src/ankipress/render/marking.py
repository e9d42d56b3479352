"""Deletions in code and mathematics, marked while the text around them is converted.

There, `{{c1::`, `::` and `}}` may also belong to the code or the TeX. The two are told apart at
once, and control characters, which no source can hold, stand for the author's marks until the field
is finished (see `cloze_text`).
"""

from __future__ import annotations

import re

from ankipress.render.highlight import Mark
from ankipress.syntax.deletions import find_deletions, take_deletions
from ankipress.syntax.spans import replace_spans

OPEN = "\x0f"
TEXT = "\x10"
HINT = "\x11"
CLOSE = "\x12"
"""A deletion is `OPEN numbers TEXT … HINT … CLOSE`."""
APART = "\x13"
"""Follows an escaped character, which is no part of a deletion's marks."""

_END = re.compile(r"\}\}|::")
_MARKUP = frozenset("{}:=")


class Marking:
    """Marks deletions while `is_on`, else leaves everything as it is."""

    is_on = False

    def block(self, code: str, language: str) -> tuple[str, list[Mark]]:
        """A code block without its deletions, and the marks for its HTML."""
        if not self.is_on:
            return code, []
        text, removed = take_deletions(code, language)
        marks: list[Mark] = []
        for each in removed:
            mark = CLOSE
            if each.opens:
                mark = opening_mark(each.text)
            elif each.text:
                mark = f"{HINT}{each.text}{CLOSE}"
            marks.append(Mark(each.place, mark, each.opens))
        return text, marks

    def span(self, code: str) -> str:
        """A code span with its deletions marked."""
        text, marks = self.block(code, "")
        spans = ((mark.place, mark.place, mark.text) for mark in marks)
        return replace_spans(text, spans)

    def tex(self, tex: str) -> str:
        """TeX with its deletions marked, and nothing else that Anki would take for their marks."""
        if not self.is_on:
            return tex
        return _marked_tex(tex)

    def end_of_address(
        self,
        text: str,
        start: int,
        stop: int,
    ) -> int:
        """The latest end of a URL: before the end or the hint of the deletion around it."""
        if self.is_on and (found := _END.search(text, start, stop)):
            return found.start()
        return stop

    def after_escaped(self, character: str) -> str:
        """What follows an escaped character."""
        if self.is_on and character in _MARKUP:
            return APART
        return ""


def opening_mark(numbers: str) -> str:
    """The mark that opens a deletion."""
    return f"{OPEN}{numbers}{TEXT}"


def _marked_tex(tex: str) -> str:
    marks: list[tuple[int, int, str]] = []
    for each in find_deletions(tex).deletions:
        marks.append((each.start, each.inner, opening_mark(each.numbers)))
        if each.hint is not None:
            marks.append((each.hint, each.hint + 2, HINT))
        marks.append((each.end, each.end + 2, CLOSE))
    marked = replace_spans(tex, sorted(marks))
    # TeX ignores a space between braces, and an empty group between colons.
    marked = re.sub(rf"(?<=\}})(?=[}}{CLOSE}])|(?<={CLOSE})(?=\}})|(?<=\{{)(?=\{{c)", " ", marked)
    return re.sub(rf"(?<=:)(?=[:{HINT}])", "{}", marked)
