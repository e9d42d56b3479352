"""Deletions in code and mathematics, marked while the text around them is converted.

There the author's `{{c1::`, `::` and `}}` are told from those of the code or the TeX at once;
control characters, which no source can hold, stand for them until the field is finished (see
`cloze`).
"""

from __future__ import annotations

import re

from ankipress.render.highlight import Mark
from ankipress.syntax.deletions import find_deletions, take_deletions

OPEN, TEXT, HINT, CLOSE = "\x0f", "\x10", "\x11", "\x12"
"""A deletion is `OPEN numbers TEXT … HINT … CLOSE`."""
APART = "\x13"
"""Behind a character that an author has escaped: it is no part of a deletion's marks."""

_END = re.compile(r"\}\}|::")
_MARKUP = frozenset("{}:=")


class Marking:
    """Whether the text that is converted has deletions. Where it has none, everything stays as it
    is.
    """

    is_on = False

    def block(self, code: str, language: str) -> tuple[str, list[Mark]]:
        """A block of code without its deletions, and the marks that go into its HTML."""
        if not self.is_on:
            return code, []
        text, taken = take_deletions(code, language)
        return text, [
            Mark(each.place, _mark(each.text, opens=each.opens), each.opens) for each in taken
        ]

    def span(self, code: str) -> str:
        """Code in a line, with its deletions marked."""
        text, marks = self.block(code, "")
        pieces, position = [], 0
        for mark in marks:
            pieces += [text[position : mark.place], mark.text]
            position = mark.place
        return "".join(pieces) + text[position:]

    def tex(self, tex: str) -> str:
        """TeX, with its deletions marked and nothing else in it that Anki would take for a part of
        one.
        """
        return _marked_tex(tex) if self.is_on else tex

    def end_of_address(self, text: str, start: int, stop: int) -> int:
        """Where an address ends at the latest: before what ends the deletion that it stands in, or
        begins its hint.
        """
        found = _END.search(text, start, stop) if self.is_on else None
        return found.start() if found else stop

    def escaped(self, character: str) -> str:
        """What goes behind a character that an author has escaped."""
        return APART if self.is_on and character in _MARKUP else ""


def _mark(text: str, *, opens: bool) -> str:
    if opens:
        return f"{OPEN}{text}{TEXT}"
    return f"{HINT}{text}{CLOSE}" if text else CLOSE


def _marked_tex(tex: str) -> str:
    """TeX takes no notice of a space between braces, and of an empty group between colons."""
    marks: list[tuple[int, int, str]] = []
    for each in find_deletions(tex).deletions:
        marks.append((each.start, each.inner, f"{OPEN}{each.numbers}{TEXT}"))
        marks += [(each.hint, each.hint + 2, HINT)] if each.hint is not None else []
        marks.append((each.end, each.end + 2, CLOSE))
    pieces, position = [], 0
    for start, stop, mark in sorted(marks):
        pieces += [tex[position:start], mark]
        position = stop
    marked = "".join(pieces) + tex[position:]
    marked = re.sub(rf"(?<=\}})(?=[}}{CLOSE}])|(?<={CLOSE})(?=\}})|(?<=\{{)(?=\{{c)", " ", marked)
    return re.sub(rf"(?<=:)(?=[:{HINT}])", "{}", marked)
