"""Fields of a card that come into it and go out of it: sections below headings of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.live.editing.field_sources import UnwritableError
from ankipress.live.text_edits import TextEdit
from ankipress.model import Entry, Part
from ankipress.parse.attribute_writing import field_heading

_RULE = re.compile(r"[ ]{0,3}-{3,}[ \t]*")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class CardLines:
    """The lines of a file and a card in it. `level` is that of the headings of its fields;
    `has_sections` tells that it may have such headings.
    """

    lines: Sequence[str]
    entry: Entry
    level: int
    has_sections: bool

    def with_section(
        self,
        name: str,
        text: str,
    ) -> TextEdit:
        """A section with a heading at the end of the card. Raises UnwritableError."""
        if not self.has_sections:
            raise UnwritableError(f"its card has no place for the field {name}")
        heading = field_heading(name, self.level)
        return self._below(self._last_line(), "\n\n".join(filter(None, (heading, text))))

    def with_answer(self, text: str) -> TextEdit:
        """A text directly below the heading of the card."""
        return self._below(self._heading_end(), text)

    def with_question(
        self,
        text: str,
        *,
        is_apart: bool,
    ) -> TextEdit:
        """A text below the heading that belongs to the question, above a line `---` if it must be
        kept apart from what follows.
        """
        if is_apart:
            text = f"{text}\n\n---"
        return self._below(self._heading_end(), text)

    def with_empty_line(self) -> Iterator[TextEdit]:
        """An empty line below the heading of the card, if there is none."""
        line = self._heading_end()
        if any(each.strip() for each in self.lines[line + 1 : line + 2]):
            place = line, len(self.lines[line])
            yield TextEdit(
                place,
                place,
                f"\n{self._prefix().rstrip()}",
            )

    def _below(
        self,
        line: int,
        text: str,
    ) -> TextEdit:
        """A block below a line, as that is indented."""
        place = line, len(self.lines[line])
        prefix = self._prefix()
        if prefix:
            text = text.replace("\n", f"\n{prefix}").replace(f"\n{prefix}\n", "\n\n")
        return TextEdit(
            place,
            place,
            f"\n\n{prefix}{text}",
        )

    def _prefix(self) -> str:
        """What stands before the lines of the answer, where the card has a shape of its own."""
        back = self.entry.parts.get("Back")
        if back is None or not back.breaks:
            return ""
        _, lines, column = back.breaks[-1]
        return re.sub(
            r"[^\s>]",
            " ",
            self.lines[back.line - 1 + lines][:column],
        )

    def without_part(
        self,
        part: Part,
        *,
        has_heading: bool,
    ) -> TextEdit:
        """The card without a part, and without the heading above it where that is the part's."""
        if part.breaks:
            raise UnwritableError("its field stands between others on a line")
        first = part.line - 1
        last = first + part.text.count("\n")
        before = self._filled_above(first)
        is_named = before != self._heading_end() and _HEADING.match(self.lines[before])
        if has_heading and is_named:
            before = self._filled_above(before)
        return TextEdit(
            (before, len(self.lines[before])),
            (last, len(self.lines[last])),
            "",
        )

    def without_question(self, part: Part) -> TextEdit:
        """The card without a text below its heading that belongs to the question, and without the
        line `---` below it.
        """
        first = part.line - 1
        last = first + part.text.count("\n")
        before = self._filled_above(first)
        rule = self._filled_below(last)
        if _RULE.fullmatch(self.lines[rule]):
            last = rule
        return TextEdit(
            (before, len(self.lines[before])),
            (last, len(self.lines[last])),
            "",
        )

    def _filled_above(self, line: int) -> int:
        line -= 1
        while line > 0 and not self.lines[line].strip():
            line -= 1
        return line

    def _filled_below(self, line: int) -> int:
        line += 1
        while line < len(self.lines) - 1 and not self.lines[line].strip():
            line += 1
        return min(line, len(self.lines) - 1)

    def _heading_end(self) -> int:
        """The 0-based line on which the heading of the card ends."""
        question = self.entry.question
        length = max(1, len(question.text))
        line = (
            question.place(
                "",
                length - 1,
                length,
            ).line
            - 1
        )
        below = self.lines[line + 1 : line + 2]
        is_marked = self.lines[line].lstrip().startswith("#") or question.breaks[1:]
        if is_marked or not any(map(_UNDERLINE.fullmatch, below)):
            return line
        return line + 1

    def _last_line(self) -> int:
        return max((self._heading_end(), *self._last_lines()))

    def _last_lines(self) -> Iterator[int]:
        for part in self.entry.parts.values():
            if part.text:
                place = part.place(
                    "",
                    len(part.text) - 1,
                    len(part.text),
                )
                yield place.line - 1
