"""The HTML of a field that ankipress rendered → the Markdown that renders to that very HTML.

Line ends inside a paragraph count here, as do the order of attributes and the tags of emphasis.
"""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ankipress.importing.fields.block_markdown import (
    BlockWriter,
    Lines,
    Manner,
    interrupts,
    joined_blocks,
)
from ankipress.importing.fields.field_formulas import MARKED
from ankipress.importing.fields.field_runs import RunReader
from ankipress.importing.fields.html_tree import FieldElement, read_html
from ankipress.importing.fields.inline_markdown import (
    LINE_END,
    InlineMark,
    InlineRun,
    Marks,
    write_runs,
)
from ankipress.importing.fields.printed_html import opening_tag, sound_address
from ankipress.importing.fields.prose_escapes import escaped_start
from ankipress.importing.own.exact_html import SOUND, exact_block, exact_html
from ankipress.importing.own.own_fences import own_fence, titled_fence
from ankipress.importing.own.own_tree import APART, NUMBER, READY, UNSEEN, split_task, tree_of
from ankipress.model import TextMode

# Signs that stand for something until the Markdown is complete.
_HARD = "\x11"  # a backslash that ends a line
_WIDE = "\x16"  # a space that does not break
_PLACEHOLDERS = str.maketrans({_HARD: "\\", APART: "", UNSEEN: "", _WIDE: "&nbsp;"})
_OTHER_SIGNS = frozenset({"b", "i", "s", "strike"})
_SIGN_TAGS = frozenset({"strong", "em", "del"})
_ALERT = re.compile(r"\A\[!")
_MARKDOWN_PICTURES = (["alt", "src"], ["alt", "src", "title"])


class WrittenBlock(NamedTuple):
    """A block, and how much of it is written as Markdown: nothing where `manner` is None."""

    html: str
    manner: Manner | None


class OwnReader(RunReader):
    """Reads the runs of a field that ankipress rendered."""

    def __init__(self, refer: Callable[[str], str], label: str) -> None:
        super().__init__(refer)
        self._label = label

    def text_runs(self, text: str, marks: Marks) -> Iterator[InlineRun]:
        """A text with its lines, sounds, formulas, and what is Markdown already."""
        for number, piece in enumerate(READY.split(text)):
            if number % 2:
                ready = piece.replace("[^", f"[^{self._label}-")
                yield InlineRun(ready, marks, "ready")
            else:
                yield from self._line_runs(piece, marks)

    def _line_runs(self, text: str, marks: Marks) -> Iterator[InlineRun]:
        position = 0
        for found in MARKED.finditer(text):
            yield from self._lines(text[position : found.start()], marks)
            yield from super().text_runs(found[0], marks)
            position = found.end()
        yield from self._lines(text[position:], marks)

    def _lines(self, text: str, marks: Marks) -> Iterator[InlineRun]:
        for number, line in enumerate(text.replace(UNSEEN, "").split("\n")):
            if number:
                yield LINE_END
            for place, piece in enumerate(SOUND.split(line)):
                if place % 2:
                    address = sound_address(html_module.unescape(piece), self._refer)
                    yield InlineRun(f"![](<{address}>)", marks, "ready")
                elif piece:
                    yield InlineRun(piece.replace("\xa0", _WIDE), marks)

    def line_end(self) -> Iterator[InlineRun]:
        """A line that is broken."""
        yield InlineRun(_HARD, (), "ready")
        yield LINE_END

    def is_block(self, element: FieldElement) -> bool:
        """Whether an element is no part of a line."""
        return element.tag == "picture" or super().is_block(element)

    def mark_of(self, element: FieldElement) -> InlineMark:
        """The mark that an element is, which keeps its tag."""
        mark = super().mark_of(element)
        opening = mark.opening
        if element.tag in _SIGN_TAGS | _OTHER_SIGNS and not opening:
            opening = opening_tag(element, self._refer)
        kind = mark.kind
        if element.tag in _OTHER_SIGNS:
            kind = element.tag
        return replace(mark, kind=kind, opening=opening, number=next(self._numbers))

    def picture(self, element: FieldElement) -> InlineRun:
        """A picture, as Markdown where Markdown writes its attributes in this order."""
        if element.tag == "img" and list(element.attributes) in _MARKDOWN_PICTURES:
            return super().picture(element)
        return InlineRun(exact_html([element], self._refer), (), "html")


class OwnWriter(BlockWriter):
    """Writes a field that ankipress rendered. `label` begins the labels of its footnotes."""

    def __init__(self, refer: Callable[[str], str], label: str) -> None:
        super().__init__(TextMode.PARAGRAPHS, refer, Manner.MARKDOWN)
        self._label = label
        self._reader = OwnReader(refer, label)
        self._depth = 0  # of lists and quotes, in which a heading begins no card

    def markdown(self, blocks: Iterable[WrittenBlock]) -> str:
        """The Markdown of some blocks."""
        return "\n".join(joined_blocks(self._written(blocks))).translate(_PLACEHOLDERS)

    def _written(self, blocks: Iterable[WrittenBlock]) -> Iterator[tuple[str, Lines]]:
        for block in blocks:
            if block.manner is None:
                self.html += 1
                html = exact_block(read_html(block.html).children, self._refer)
                yield "html", html.split("\n")
            else:
                self._manner = block.manner
                self._has_signs = block.manner is Manner.MARKDOWN
                yield from self._block_list(tree_of(block.html).children, ())

    def _paragraph(self, runs: Sequence[InlineRun]) -> Lines:
        text = write_runs(runs, signs=self._has_signs)
        self.html += text.html
        lines = []
        for line, is_plain in zip(text.lines, text.begins_plain, strict=True):
            lines.append(escaped_start(line) if is_plain else line)
        return lines

    def _markdown_block(self, element: FieldElement, marks: Marks) -> Lines | None:
        match element.tag, element.attributes.get("class", ""):
            case "section", "footnotes":
                written = self._footnotes(element)
            case "div", str(look) if look.startswith("markdown-alert "):
                written = self._alert(element, look.rpartition("-")[2])
            case "figure", "code":
                written = titled_fence(element)
            case "div", _:
                written = self._division(element)
            case "pre", _:
                written = own_fence(element)
            case "details", _:
                written = self._details(element)
            case "picture", _:
                written = [exact_html([element], self._refer)]
            case _:
                written = self._usual_block(element, marks)
        return written

    def _usual_block(self, element: FieldElement, marks: Marks) -> Lines | None:
        """A block that is the same in any field, but for headings that elsewhere begin cards."""
        is_heading = element.tag == "h3" or (self._depth > 0 and element.tag in {"h1", "h2"})
        if is_heading and not element.attributes:
            return self._heading(element)
        if element.tag == "p" and _is_displayed(element):
            return _displayed(element)
        return super()._markdown_block(element, marks)

    def _quote(self, element: FieldElement) -> Lines | None:
        self._depth += 1
        inner = self._blocks(element.children)
        self._depth -= 1
        if not inner:
            return None
        inner[0] = _ALERT.sub(r"\\[!", inner[0])
        return [f"> {line}".rstrip() for line in inner]

    def _alert(self, element: FieldElement, sort: str) -> Lines:
        inner = self._blocks([each for each in element.children if not _is_title(each)])
        return [f"> [!{sort.upper()}]", *(f"> {line}".rstrip() for line in inner)]

    def _division(self, element: FieldElement) -> Lines:
        self.html += 1
        opening = opening_tag(element, self._refer)
        return [opening, "", *self._blocks(element.children), "", "</div>"]

    def _details(self, element: FieldElement) -> Lines | None:
        nodes = [each for each in element.children if not _is_blank(each)]
        summary = next(iter(nodes), "")
        if isinstance(summary, str) or summary.tag != "summary":
            return None
        title = exact_html([summary], self._refer)
        opening = opening_tag(element, self._refer)
        return [opening, title, "", *self._blocks(nodes[1:]), "", "</details>"]

    def _footnotes(self, element: FieldElement) -> Lines | None:
        lines: Lines = []
        for item in element.elements():
            if item.tag != "li" or "id" not in item.attributes:
                continue
            number = NUMBER.fullmatch(item.attributes["id"])
            blocks = self._blocks(item.children)
            if number is None or not blocks:
                return None
            first, *others = blocks
            lines.append(f"[^{self._label}-{number[1]}]: {first}")
            lines += [f"    {line}".rstrip() for line in others]
        # The numbers follow the texts, which may refer to a footnote from another one.
        return lines

    def _list(self, element: FieldElement, marks: Marks) -> Lines | None:
        attributes = dict(element.attributes)
        start = attributes.pop("start", "1")
        if attributes.pop("class", "task-list") != "task-list" or attributes:
            return None
        items = [split_task(each) for each in element.elements_directly()]
        if any(item.tag != "li" or item.attributes for _, item in items) or not start.isdecimal():
            return None
        paragraphs = [each for _, item in items for each in item.elements_directly()]
        is_loose = any(each.tag == "p" and not _is_displayed(each) for each in paragraphs)
        lines: Lines = []
        self._depth += 1
        for number, (box, item) in enumerate(items, int(start)):
            sign = f"{number}. " if element.tag == "ol" else "- "
            if is_loose and lines:
                lines.append("")
            written = [each for each in self._block_list(item.children, marks) if each[1]]
            if box and written:
                written[0][1][0] = f"{box}{written[0][1][0]}"
            lines += _item_lines(written, sign, is_loose=is_loose)
        self._depth -= 1
        return lines or None

    def _html_block(self, element: FieldElement) -> Lines:
        self.html += 1
        return exact_block([element], self._refer).split("\n")


def _item_lines(blocks: Sequence[tuple[str, Lines]], sign: str, *, is_loose: bool) -> Iterator[str]:
    """The lines of an item. Only below text may a block stand without an empty line between."""
    if not blocks:
        yield sign.rstrip()
    indent = " " * len(sign)
    start = sign
    last = ""
    for kind, block in blocks:
        if last and (is_loose or last != "text" or not interrupts(block[0])):
            yield ""
        for line in block:
            yield f"{start}{line}".rstrip() if line else ""
            start = indent
        last = kind


def _is_blank(child: FieldElement | str) -> bool:
    return isinstance(child, str) and not child.strip(f" \n{UNSEEN}")


def _is_title(child: FieldElement | str) -> bool:
    return (
        isinstance(child, FieldElement) and child.attributes.get("class") == "markdown-alert-title"
    )


def _is_displayed(element: FieldElement) -> bool:
    if element.attributes:
        return False
    text = element.text().strip()
    found = MARKED.fullmatch(text)
    return found is not None and found[1] == "["


def _displayed(element: FieldElement) -> Lines:
    found = MARKED.fullmatch(element.text().strip())
    assert found is not None
    return ["$$", *found[2].split("\n"), "$$"]
