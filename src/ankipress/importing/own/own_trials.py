"""Fields that ankipress rendered, and the ways to write each of their blocks.

A block that does not come out to the letter is written in the next way, and all others stay.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ankipress.importing.converted_note import FieldTrial, Form, Way
from ankipress.importing.fields.block_markdown import Manner
from ankipress.importing.fields.prose_escapes import heading_line
from ankipress.importing.own.own_blocks import top_blocks
from ankipress.importing.own.own_markdown import OwnWriter, WrittenBlock
from ankipress.model import TextMode

_MANNERS = (Manner.MARKDOWN, Manner.HTML_MARKS, Manner.HTML_BLOCKS)
_FOOTNOTE = re.compile(r"note-[0-9a-f]{8}-(?=[0-9])")
_LINE_OF_TEXT = re.compile(r"<p>.*</p>")


class HeadingPart(enum.Enum):
    """What of a field may stand in the heading of its card."""

    NONE = enum.auto()
    FIRST = enum.auto()  # its first block, if that is one line
    ALONE = enum.auto()  # all of it, if that is one line


def is_same(expected: str, rendered: str) -> bool:
    """Whether HTML is the same but for the ids of footnotes, which are made of their Markdown."""
    if expected == rendered:
        return True
    return _FOOTNOTE.sub("note-", expected) == _FOOTNOTE.sub("note-", rendered)


@dataclass(frozen=True, slots=True)
class OwnForms:
    """How the fields of a card are written. `label` begins the labels of its footnotes, and `same`
    tells whether HTML, the first of the two, came out as the other one.
    """

    refer: Callable[[str], str]
    label: str
    same: Callable[[str, str], bool] = is_same

    def line(self, html: str) -> str:
        """Some HTML as a person would write it."""
        return self.written([WrittenBlock(html, Manner.MARKDOWN)])[0]

    def written(self, blocks: Sequence[WrittenBlock]) -> tuple[str, int]:
        """Blocks as Markdown, and how many elements of it are HTML."""
        writer = OwnWriter(self.refer, self.label)
        return writer.markdown(blocks), writer.html


@dataclass(slots=True)
class _BlockTrial:
    """A block, the ways to write it that are left, and the one that is tried. None writes it as
    HTML.
    """

    html: str
    manner: Manner | None
    is_heading: bool
    left: list[tuple[Manner | None, bool]]

    def advance(self) -> bool:
        """Go on to the next way; whether there is one."""
        if not self.left:
            return False
        self.manner, self.is_heading = self.left.pop(0)
        return True


class OwnTrial(FieldTrial):
    """A field and the ways to write its blocks. `piece` takes what it becomes from what was
    rendered, and `split` cuts that into blocks.
    """

    def __init__(
        self,
        html: str,
        forms: OwnForms,
        heading: HeadingPart = HeadingPart.NONE,
        piece: Callable[[str], str] = str,
        split: Callable[[str], list[str]] = top_blocks,
    ) -> None:
        self._forms = forms
        self._heading = heading
        self._piece = piece
        self._split = split
        blocks = split(html)
        self._blocks = [
            _begun(block, may_head=_may_head(heading, number, len(blocks)))
            for number, block in enumerate(blocks)
        ]
        super().__init__(html, iter([self._written()]))

    def is_right(self, rendered: str) -> bool:
        """Whether it came out to the letter."""
        blocks = self._split(self._piece(rendered))
        return len(blocks) == len(self._blocks) and self._wrong(blocks) == []

    def advance(self, rendered: str | None, *, keeps_html: bool) -> None:
        """Write the blocks that did not come out in their next ways."""
        wrong: Sequence[_BlockTrial] = self._blocks
        if rendered is not None:
            wrong = self._wrong(self._split(self._piece(rendered))) or self._blocks
        are_left = [each.advance() for each in wrong]
        if any(are_left):
            self.way = self._written()
        else:
            self.give_up()

    def _wrong(self, rendered: Sequence[str]) -> Sequence[_BlockTrial]:
        """The blocks that are not among those at the start and the end that came out."""
        same = self._forms.same
        wanted = self._blocks
        start = 0
        most = min(len(wanted), len(rendered))
        while start < most and same(wanted[start].html, rendered[start]):
            start += 1
        end = 0
        while end < most - start and same(wanted[-1 - end].html, rendered[-1 - end]):
            end += 1
        wrong = wanted[start : len(wanted) - end]
        if len(wanted) == len(rendered):
            found = rendered[start : len(wanted) - end]
            pairs = zip(wrong, found, strict=True)
            wrong = [block for block, html in pairs if not same(block.html, html)]
        return wrong

    def _written(self) -> Way:
        """The field as it is tried now. Where its first block may be the heading, that is the first
        line.
        """
        blocks = [WrittenBlock(each.html, each.manner) for each in self._blocks]
        heading, html = "", 0
        if self._blocks and self._blocks[0].is_heading:
            heading, html = self._forms.written(blocks[:1])
            heading = heading_line(heading)
            del blocks[0]
        text, more = self._forms.written(blocks)
        form = Form.MARKDOWN
        if html or more:
            form = Form.WITH_HTML
        match self._heading:
            case HeadingPart.FIRST:
                return Way(f"{heading}\n\n{text}", TextMode.PARAGRAPHS, form, is_heading=True)
            case HeadingPart.ALONE if heading:
                return Way(heading, TextMode.PARAGRAPHS, form, is_heading=True)
            case _:
                return Way(text, TextMode.PARAGRAPHS, form)


def _may_head(heading: HeadingPart, number: int, count: int) -> bool:
    if heading is HeadingPart.ALONE:
        return count == 1
    return heading is HeadingPart.FIRST and number == 0


def _begun(html: str, *, may_head: bool) -> _BlockTrial:
    left: list[tuple[Manner | None, bool]] = [(manner, False) for manner in _MANNERS]
    left.append((None, False))
    if may_head and _LINE_OF_TEXT.fullmatch(html):
        left = [(Manner.MARKDOWN, True), (Manner.HTML_MARKS, True), *left]
    manner, is_heading = left.pop(0)
    return _BlockTrial(html, manner, is_heading, left)
