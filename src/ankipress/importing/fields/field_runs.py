"""A tree of HTML → runs of text with marks on them, and the blocks between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count

from ankipress.importing.fields.field_formulas import DISPLAY, LATEX, MARKED
from ankipress.importing.fields.html_tree import FieldElement
from ankipress.importing.fields.inline_markdown import (
    EMPHASIS,
    LINE_END,
    STRIKE,
    STRONG,
    InlineMark,
    InlineRun,
    Marks,
    written_address,
)
from ankipress.importing.fields.printed_html import (
    media_address,
    one_line,
    opening_tag,
    sound_address,
)

LINE = "field-line"
"""The tag of an element for a line of text between paragraphs. No element of HTML has it."""
MarkedBlock = tuple[FieldElement, Marks]
"""A block, and the marks around it."""

_SIGNS = {
    "b": STRONG,
    "strong": STRONG,
    "i": EMPHASIS,
    "em": EMPHASIS,
    "s": STRIKE,
    "del": STRIKE,
    "strike": STRIKE,
}
BLOCKS = frozenset(
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr iframe li link main nav ol p pre script"
    " section style summary table tbody td tfoot th thead tr ul".split()
) | {LINE}
"""The tags of blocks, which stand in no line."""
_TEXTUAL = frozenset("big font ins mark small span sub sup tt u".split())
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SOUND = re.compile(r"\[sound:([^\[\]\n<>]*\.[A-Za-z0-9]{2,5})\]")
_DEFAULT_ATTRIBUTES = frozenset({("align", ""), ("class", ""), ("style", ""), ("start", "1")})
_UNSEEN = frozenset({"data-editor-shrink", "contenteditable", "spellcheck", "rel", "target"})
_EDGE = InlineRun("", (), "edge")


class RunReader:
    """Reads the runs of one field. `refer` gives the address of a media file by its name."""

    def __init__(self, refer: Callable[[str], str]) -> None:
        self._refer = refer
        self._numbers = count(1)

    def read(
        self, nodes: Iterable[FieldElement | str], marks: Marks = ()
    ) -> Iterator[InlineRun | MarkedBlock]:
        """Nodes as runs and as blocks, each with the marks around it. A plain `<div>` is lines."""
        for node in nodes:
            if isinstance(node, str):
                yield from self.text_runs(node, marks)
            elif node.tag == "br":
                yield from self.line_end()
            elif node.tag == "div" and not seen_attributes(node):
                yield _EDGE
                yield from self.read(node.children, marks)
                yield _EDGE
            elif self.is_block(node):
                yield node, marks
            elif node.tag != "wbr":
                yield from self._inline(node, marks)

    def line(self, element: FieldElement, marks: Marks = ()) -> list[InlineRun] | None:
        """The runs in an element, None where it holds blocks."""
        runs: list[InlineRun] = []
        for each in self.read(element.children, marks):
            if not isinstance(each, InlineRun):
                return None
            runs.append(each)
        return runs

    def _inline(self, node: FieldElement, marks: Marks) -> Iterator[InlineRun | MarkedBlock]:
        """What stands in a line."""
        is_plain = not seen_attributes(node)
        if node.tag in {"img", "input", "audio", "video"}:
            yield self.picture(node)._replace(marks=marks)
        elif node.tag == "code" and is_plain and _is_code(node):
            yield InlineRun(_SPACES.sub(" ", node.text()), marks, "code")
        elif node.tag in {"span", "font"} and is_plain:
            yield from self.read(node.children, marks)
        else:
            mark = self.mark_of(node)
            if mark not in marks:
                marks = (*marks, mark)
            yield from self.read(node.children, marks)

    def is_block(self, element: FieldElement) -> bool:
        """Whether an element is no part of a line."""
        return element.tag in BLOCKS

    def line_end(self) -> Iterator[InlineRun]:
        """The runs of a `<br>`."""
        yield LINE_END

    def text_runs(self, text: str, marks: Marks) -> Iterator[InlineRun]:
        """A text with its sounds and formulas."""
        text = text.replace(LATEX, "")
        position = 0
        for found in MARKED.finditer(text):
            yield from self._sounds(text[position : found.start()], marks)
            dollars = "$"
            if found[0].startswith(DISPLAY):
                dollars = "$$"
            yield InlineRun(_formula(found[2].strip(), dollars), marks, "formula")
            position = found.end()
        yield from self._sounds(text[position:], marks)

    def _sounds(self, text: str, marks: Marks) -> Iterator[InlineRun]:
        for number, piece in enumerate(_SOUND.split(text)):
            if number % 2:
                address = sound_address(piece, self._refer)
                yield InlineRun(f"[sound:{address}]", marks, "ready")
            elif piece:
                yield InlineRun(_SPACES.sub(" ", piece), marks)

    def mark_of(self, element: FieldElement) -> InlineMark:
        """The mark that an element inside a line is."""
        attributes = dict(seen_attributes(element))
        if element.tag in _SIGNS and not attributes:
            return InlineMark(_SIGNS[element.tag])
        if element.tag == "a" and "href" in attributes and not set(attributes) - {"href", "title"}:
            return InlineMark(
                "link",
                "",
                attributes["href"],
                attributes.get("title", ""),
                next(self._numbers),
            )
        number = 0 if element.tag in _TEXTUAL and "class" not in attributes else next(self._numbers)
        return InlineMark(element.tag, opening_tag(element, self._refer), number=number)

    def picture(self, element: FieldElement) -> InlineRun:
        """A picture or another element that holds nothing."""
        attributes = dict(seen_attributes(element))
        source = attributes.get("src", "")
        if element.tag == "img" and source and not set(attributes) - {"src", "alt", "title"}:
            words = re.sub(
                r"([\\`*_\[\]<>$&~])", r"\\\1", _SPACES.sub(" ", attributes.get("alt", ""))
            )
            title = attributes.get("title", "").replace("\\", "\\\\").replace('"', '\\"')
            ending = f' "{title}"' if title else ""
            address = written_address(media_address(source, self._refer))
            return InlineRun(f"![{words}]({address}{ending})", (), "ready")
        return InlineRun(one_line([element], self._refer), (), "html")


def _formula(tex: str, dollars: str) -> str:
    tex = re.sub(r"(?<!\\)\$", r"\\$", tex) if "$" in tex else tex
    if dollars == "$":
        tex = " ".join(tex.split())
    return f"{dollars}{tex}{dollars}"


def _is_code(node: FieldElement) -> bool:
    texts = all(each.tag in {"span", "wbr"} for each in node.elements())
    text = node.text()
    return texts and text.strip(" \xa0") != "" and "\xa0" not in text


def is_displayed(runs: Sequence[InlineRun]) -> bool:
    """Whether a line is a block of mathematics, which no paragraph goes on with."""
    shown = [run for run in runs if run.text.strip()]
    return len(shown) == 1 and shown[0].kind == "formula" and shown[0].text.startswith("$$")


def ends_displayed(runs: Sequence[InlineRun]) -> bool:
    """Whether a line ends with a block of mathematics."""
    shown = [run for run in runs if run.text.strip(" ")]
    return is_displayed(shown[-1:])


def is_blank(runs: Iterable[InlineRun]) -> bool:
    """Whether runs show nothing but line ends."""
    return all(run.kind in {"line", "edge"} or not run.text.strip(" ") for run in runs)


def line_groups(
    runs: Iterable[InlineRun], *, ends_at_formulas: bool = False
) -> list[list[InlineRun]]:
    """Runs in lines, as a browser breaks them: an edge ends a line on which anything stands, and so
    does a block of mathematics, so that an end of a line behind it is an empty line.
    """
    groups: list[list[InlineRun]] = []
    line: list[InlineRun] = []
    is_empty = True
    for run in (*runs, _EDGE):
        if run.kind in {"line", "edge"}:
            if run.kind == "line" or not is_empty:
                groups.append([] if is_empty else line)
            if run.kind == "line" and ends_at_formulas and ends_displayed(line):
                groups.append([])
            line = []
            is_empty = True
        else:
            line.append(run)
            is_empty = is_empty and not run.text.strip(" ")
    return groups


def seen_attributes(element: FieldElement) -> list[tuple[str, str]]:
    """The attributes of an element that may have a look."""
    return [
        (name, value)
        for name, value in element.attributes.items()
        if name not in _UNSEEN
        and (name, value.strip()) not in _DEFAULT_ATTRIBUTES
        and not (element.tag == "pre" and name == "class")
        and not (element.tag == "code" and name == "class")
    ]
