"""A tree of HTML → blocks of Markdown."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from ankipress.importing.fields.field_runs import (
    BLOCKS,
    LINE,
    RunReader,
    ends_displayed,
    is_blank,
    is_displayed,
    line_groups,
    seen_attributes,
)
from ankipress.importing.fields.html_tree import FieldElement
from ankipress.importing.fields.inline_markdown import (
    LINE_END,
    InlineRun,
    Marks,
    write_runs,
)
from ankipress.importing.fields.printed_html import one_line, opening_tag
from ankipress.importing.fields.prose_escapes import escaped_start
from ankipress.importing.fields.table_markdown import table_lines
from ankipress.model import TextMode

# Blocks that hold nothing but other blocks.
_OF_PARTS = frozenset({"table", "tbody", "tfoot", "thead", "tr", "ul", "ol"})
_LONE_TAG = re.compile(r"</?[A-Za-z][^<>]*>\s*")
_LANGUAGE = re.compile(r"(?:language-|lang-|sourceCode |brush: ?)([A-Za-z0-9_+#.-]+)")
_ALERT = re.compile(r"^\[!(?:note|tip|important|warning|caution)\]", re.IGNORECASE)
_FENCE = re.compile(r"`{3,}")
_NOT_IN_HTML = re.compile(r"\[(?:sound:|/?latex\]|/?\$)|\x0e", re.IGNORECASE)

_ONE_BLOCK = re.compile(rf"<({'|'.join(sorted(BLOCKS))})[ >].*</\1>$")

Lines = list[str]


class Manner(enum.Enum):
    """How much is written as Markdown: whatever can be; all but lines that stand beside paragraphs;
    all but emphasis too; or text alone.
    """

    MARKDOWN = "markdown"
    HTML_LINES = "html lines"
    HTML_MARKS = "html marks"
    HTML_BLOCKS = "html blocks"


class BlockWriter:
    """Writes the blocks of one field. `html` counts the elements that stay HTML."""

    def __init__(self, mode: TextMode, refer: Callable[[str], str], manner: Manner) -> None:
        self._has_lines = mode is TextMode.LINES
        self._refer = refer
        self._manner = manner
        self._has_signs = manner in {Manner.MARKDOWN, Manner.HTML_LINES}
        self._reader = RunReader(refer)
        self.html = 0

    def write(self, root: FieldElement) -> Lines:
        """The lines of a field."""
        if self._has_lines or self._manner is Manner.MARKDOWN:
            return _without_last_end(self._blocks(root.children))
        return self._blocks(_with_lines(root.children))

    def _blocks(self, nodes: Sequence[FieldElement | str], marks: Marks = ()) -> Lines:
        """Blocks with an empty line between them."""
        return joined_blocks(self._block_list(nodes, marks))

    def _block_list(
        self, nodes: Sequence[FieldElement | str], marks: Marks
    ) -> Iterator[tuple[str, Lines]]:
        runs: list[InlineRun] = []
        for item in self._reader.read(nodes, marks):
            if isinstance(item, InlineRun):
                runs.append(item)
                continue
            element, around = item
            if runs:
                yield "text", self._flow(runs)
                runs = []
            yield self._block(element, around)
        if runs:
            yield "text", self._flow(runs)

    def _flow(self, runs: list[InlineRun]) -> Lines:
        """Lines of text that no paragraph is around."""
        if not line_groups(runs):
            return []
        return self._paragraphs(runs)

    def _paragraphs(self, runs: list[InlineRun]) -> Lines:
        """Lines of text: in mode `lines`, one empty line parts two paragraphs."""
        groups = line_groups(runs, ends_at_formulas=self._has_lines)
        lines: Lines = []
        paragraph: list[InlineRun] = []
        before: list[InlineRun] = []
        empty = 0
        for group in groups:
            if group:
                is_at_formula = is_displayed(group) or ends_displayed(before)
                if paragraph and empty and self._has_lines and is_at_formula:
                    paragraph += [LINE_END, _BLANK_LINE] * empty
                    paragraph.append(LINE_END)
                elif paragraph and (empty == 0 or not self._has_lines):
                    paragraph += [LINE_END, *[_EMPTY_LINE, LINE_END] * empty]
                elif paragraph:
                    lines += [*self._paragraph(paragraph), ""]
                    paragraph = [_EMPTY_LINE, LINE_END] * (empty - 1)
                else:
                    paragraph = [_EMPTY_LINE, LINE_END] * empty
                paragraph += group
                before = group
                empty = 0
            else:
                empty += 1
        for _ in range(empty):
            if paragraph:
                paragraph.append(LINE_END)
            paragraph.append(_BLANK_LINE)
        return lines + self._paragraph(paragraph)

    def _paragraph(self, runs: Sequence[InlineRun]) -> Lines:
        """One paragraph, with a mark for each end of a line that is no line end in Markdown."""
        text = write_runs(runs, signs=self._has_signs)
        self.html += text.html
        lines: Lines = []
        last = len(text.lines) - 1
        for number, (line, is_plain) in enumerate(zip(text.lines, text.begins_plain, strict=True)):
            line = escaped_start(line) if is_plain else line  # noqa: PLW2901
            needs_break = not self._has_lines or (number == 0 and _LONE_TAG.fullmatch(line))
            if number < last and line != "\\" and needs_break:
                line += "\\"  # noqa: PLW2901
            lines.append(line)
        return lines

    def _block(self, element: FieldElement, marks: Marks) -> tuple[str, Lines]:
        """A block: its sort and its lines."""
        written: Lines | None = None
        if element.tag == LINE:
            written = self._formula_line(element)
        elif self._manner is not Manner.HTML_BLOCKS or element.tag in {"pre", "p"}:
            written = self._markdown_block(element, marks)
        if written is None:
            written = self._html_block(element)
        return element.tag, written

    def _markdown_block(self, element: FieldElement, marks: Marks) -> Lines | None:
        """A block as Markdown, None where there are no signs for it."""
        if element.tag in {"ul", "ol"}:
            return self._list(element, marks)
        if seen_attributes(element):
            return None
        written: Lines | None = None
        match element.tag:
            case "hr":
                written = ["***"]
            case "p" if not self._has_lines:
                written = self._paragraph_element(element, marks)
            case "pre":
                written = _fence(element)
            case "h4" | "h5" | "h6":
                written = self._heading(element)
            case "blockquote":
                written = self._quote(element)
            case "table":
                written = table_lines(element, self._cell)
        return written

    def _formula_line(self, element: FieldElement) -> Lines | None:
        """A line of formulas that are displayed: around them is as much space as a paragraph's."""
        runs = self._reader.line(element) or []
        shown = [run for run in runs if run.text.strip()]
        if not shown or not all(is_displayed([run]) for run in shown):
            return None
        lines: Lines = []
        for run in shown:
            lines += ["", run.text]
        return lines[1:]

    def _paragraph_element(self, element: FieldElement, marks: Marks) -> Lines | None:
        runs = self._reader.line(element, marks)
        if runs is None:
            return None
        if not is_blank(runs):
            return self._paragraphs(runs)
        if any(run.kind == "line" for run in runs):
            return ["&nbsp;"]
        return []

    def _heading(self, element: FieldElement) -> Lines | None:
        runs = self._reader.line(element)
        if runs is None or is_blank(runs) or any(run.kind == "line" for run in runs):
            return None
        return [f"{'#' * int(element.tag[1])} {self._in_line(runs)}"]

    def _cell(self, cell: FieldElement) -> str | None:
        """A cell in one line."""
        runs = self._reader.line(cell)
        if runs is None:
            return None
        while runs and runs[-1].kind == "line":
            runs.pop()
        break_ = InlineRun("<br>", (), "html")
        return self._in_line([break_ if run.kind == "line" else run for run in runs], is_cell=True)

    def _in_line(self, runs: Sequence[InlineRun], *, is_cell: bool = False) -> str:
        text = write_runs(runs, signs=self._has_signs, in_cell=is_cell)
        self.html += text.html
        return text.lines[0]

    def _quote(self, element: FieldElement) -> Lines | None:
        if not self._has_lines and not _has_paragraph(element):
            return None
        inner = self._blocks(element.children)
        if not inner:
            return None
        inner[0] = _ALERT.sub(r"\\\g<0>", inner[0])
        return [f"> {line}".rstrip() for line in inner]

    def _list(self, element: FieldElement, marks: Marks) -> Lines | None:
        attributes = dict(seen_attributes(element))
        start = attributes.pop("start", "1") if element.tag == "ol" else "1"
        items = _items(element)
        if attributes or not items or not re.fullmatch("[0-9]{1,8}", start):
            return None
        lines: Lines = []
        number = int(start)
        is_loose = not self._has_lines and all(map(_has_paragraph, items))
        for item in items:
            written = self._item(item, marks)
            if lines and is_loose:
                lines.append("")
            sign = f"{number}. " if element.tag == "ol" else "- "
            number += 1
            lines += _indented(written, sign)
        return lines

    def _item(self, item: FieldElement, marks: Marks) -> Lines:
        """The lines of an item, without empty ones where its blocks can follow each other."""
        blocks = [block for _, block in self._block_list(item.children, marks) if block]
        lines: Lines = []
        for number, block in enumerate(blocks):
            if number and (_has_paragraph(item) or not interrupts(block[0])):
                lines.append("")
            lines += block
        return lines

    def _html_block(self, element: FieldElement) -> Lines:
        """A block as HTML: on one line, or around Markdown where that has what HTML cannot."""
        if element.tag == LINE:
            element = FieldElement("div", {}, element.children)
        printed = one_line([element], self._refer)
        self.html += 1
        if not _NOT_IN_HTML.search(printed):
            self.html += sum(1 for _ in element.elements())
            return [printed]
        opening = opening_tag(element, self._refer)
        closing = f"</{element.tag}>"
        has_text = any(isinstance(each, str) and each.strip() for each in element.children)
        if element.tag in _OF_PARTS and not has_text:
            parts = map(self._html_block, element.elements_directly())
            return [opening, *chain.from_iterable(parts), closing]
        return [opening, "", *self._blocks(element.children), "", closing]


def joined_blocks(blocks: Iterable[tuple[str, Lines]]) -> Lines:
    """Blocks of some sorts with an empty line between them."""
    lines: Lines = []
    last = ""
    for kind, block in blocks:
        if not block:
            continue
        if kind == last in {"ul", "ol"}:
            block = _other_list(block)  # noqa: PLW2901
        are_html = bool(lines) and _ONE_BLOCK.match(lines[-1]) and _ONE_BLOCK.match(block[0])
        if lines and not are_html:
            lines.append("")
        lines += block
        last = kind if last != kind else ""
    return lines


_EMPTY_LINE = InlineRun("\\", (), "ready")
_BLANK_LINE = InlineRun("&nbsp;", (), "ready")


def _without_last_end(lines: Lines) -> Lines:
    """Lines without an empty one that only ends the line of a formula, the last one."""
    if lines[-1:] == ["&nbsp;"] and lines[-2:-1] and lines[-2].endswith("$$"):
        return lines[:-1]
    return lines


def _with_lines(nodes: Iterable[FieldElement | str]) -> list[FieldElement | str]:
    """Nodes in which what stands beside blocks is lines."""
    kept: list[FieldElement | str] = []
    for node in nodes:
        is_block = isinstance(node, FieldElement) and node.tag in BLOCKS and node.tag != "div"
        if is_block:
            kept.append(node)
        elif kept and isinstance(kept[-1], FieldElement) and kept[-1].tag == LINE:
            kept[-1].children.append(node)
        elif not isinstance(node, str) or node.strip(" \t\r\n\f"):
            kept.append(FieldElement(LINE, {}, [node]))
    return kept


def _other_list(lines: Lines) -> Lines:
    """A list below one of its sort, with other signs: else the two would be one."""
    return [re.sub(r"^(?:-|([0-9]+)\.)(?= |$)", _other_sign, line) for line in lines]


def _other_sign(sign: re.Match[str]) -> str:
    return f"{sign[1]})" if sign[1] else "*"


def interrupts(line: str) -> bool:
    """Whether a block that begins so may stand directly below a text."""
    return re.match(r"(?:[-*] |1\. |```|> |#{1,6} )", line) is not None


def _items(list_: FieldElement) -> list[FieldElement]:
    """The items of a list, none where something else stands between them. A list that does belongs
    to the item before it.
    """
    items: list[FieldElement] = []
    for child in list_.children:
        if isinstance(child, str):
            if child.strip():
                return []
        elif child.tag == "li" and not seen_attributes(child):
            items.append(FieldElement("li", {}, list(child.children)))
        elif child.tag in {"ul", "ol"} and items:
            items[-1].children.append(child)
        else:
            return []
    return items


def _has_paragraph(element: FieldElement) -> bool:
    """Whether a paragraph stands in an element."""
    return any(each.tag == "p" for each in element.elements_directly())


def _indented(lines: Lines, sign: str) -> Lines:
    if not lines:
        return [sign.rstrip()]
    first = f"{sign}{lines[0]}"
    indent = " " * len(sign)
    return [first, *(f"{indent}{line}" if line else "" for line in lines[1:])]


def _fence(pre: FieldElement) -> Lines | None:
    """Code between fences, None where more than colours is in it."""
    text = pre.code()
    if text is None:
        return None
    longest = max(map(len, _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    classes = [each.attributes.get("class", "") for each in (pre, *pre.elements())]
    found = next(filter(None, map(_LANGUAGE.search, classes)), None)
    language = found[1] if found else ""
    return [f"{fence}{language}", *text.split("\n"), fence]
