"""Fields as Markdown for comparing: as they are rendered today, and as they are wanted."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ankipress.importing.fields.block_markdown import BlockWriter, Manner
from ankipress.importing.fields.field_reading import read_field, shown_characters
from ankipress.importing.fields.html_tree import read_html
from ankipress.importing.fields.printed_html import one_line
from ankipress.importing.own.own_blocks import touching_blocks
from ankipress.importing.own.own_markdown import OwnWriter, WrittenBlock
from ankipress.model import TextMode

_MANNERS = (Manner.MARKDOWN, Manner.HTML_MARKS, Manner.HTML_BLOCKS, None)
# A picture that was pasted; Markdown says a text in its place, which may be empty.
_BARE_IMAGE = re.compile(r"<img(?=\s)(?![^>]*\salt=)")
FOOTNOTE_LABEL = "1"
"""What begins the labels of footnotes, in whose place the author's own ones come."""

Refer = Callable[[str], str]


class FieldWriting(Protocol):
    """Writes a field as Markdown, in several ways."""

    def pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        """The field as it is rendered and as it is wanted, written alike, and whether some of it is
        HTML; the best way first.
        """

    def one_line(self, wanted: str) -> Iterator[str]:
        """The field that is wanted as HTML on one line, where it may be that."""


class OwnFieldWriting:
    """Writes fields of cards of ankipress, block by block."""

    def __init__(self, refer: Refer) -> None:
        self._refer = refer

    def pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        """Blocks that differ are written in each way, and all others as Markdown."""
        blocks = touching_blocks(rendered)
        known = frozenset(blocks)
        before, _ = self._written([(each, Manner.MARKDOWN) for each in blocks])
        after = touching_blocks(_BARE_IMAGE.sub('<img alt=""', wanted))
        for manner in _MANNERS:
            written = [(each, Manner.MARKDOWN if each in known else manner) for each in after]
            text, has_html = self._written(written)
            yield before, text, has_html

    def one_line(self, wanted: str) -> Iterator[str]:
        """All of it as HTML."""
        nodes = read_html(wanted).children
        blocks = [each for each in nodes if not isinstance(each, str) or each.strip()]
        yield one_line(blocks, self._refer).replace("<br> ", "<br>")

    def _written(self, blocks: Sequence[tuple[str, Manner | None]]) -> tuple[str, bool]:
        writer = OwnWriter(self._refer, FOOTNOTE_LABEL)
        text = writer.markdown([WrittenBlock(*each) for each in blocks])
        return text, writer.html > 0


class AdoptedFieldWriting:
    """Writes fields of cards that came from Anki, in the mode in which they are read."""

    def __init__(
        self,
        mode: TextMode,
        refer: Refer,
    ) -> None:
        self._mode = mode
        self._refer = refer

    def pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        """Whole fields, in each manner of the converter."""
        if self._mode is TextMode.BARE:
            if "<" not in wanted:
                yield html_module.unescape(rendered), html_module.unescape(wanted), False
            return
        for manner in Manner:
            before, _ = self._written(rendered, manner)
            after, has_html = self._written(wanted, manner)
            if before is not None and after is not None:
                yield before, after, has_html
        root = read_field(wanted)
        if root is not None:
            yield rendered, one_line(root.children, self._refer), True

    def one_line(self, wanted: str) -> Iterator[str]:
        """Nothing: the cards of such a note type are no rows."""
        yield from ()

    def _written(
        self,
        html: str,
        manner: Manner,
    ) -> tuple[str | None, bool]:
        root = read_field(shown_characters(html))
        if root is None:
            return None, False
        writer = BlockWriter(
            self._mode,
            self._refer,
            manner,
        )
        return "\n".join(writer.write(root)), writer.html > 0


class RawFieldWriting:
    """Writes fields that their author keeps as HTML."""

    def pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        """The HTML itself."""
        yield rendered, wanted, True

    def one_line(self, wanted: str) -> Iterator[str]:
        """Nothing: such a field has no other way."""
        yield from ()
