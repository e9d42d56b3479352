"""GitHub's footnotes: `[^1]` in a text, and `[^1]: …` for what it says."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it.common.utils import isStrSpace
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from ankipress.render.allowed import ID_PREFIX

if TYPE_CHECKING:
    from ankipress.render.inline import InlineReader

_DEFINITION = re.compile(r"\[\^([^\s\[\]]+)\]:")
_REFERENCE = re.compile(r"\[\^([^\s\[\]]+)\]")
_LINK = re.compile(
    r"""\((?:<[^<>\n]*>|[^\s()<][^\s()]*)?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"""
)  # behind a label: it is a link's text
_HELD = re.compile(rf"^ {{0,3}}{_DEFINITION.pattern}", re.MULTILINE)
_SHOWN = re.compile(
    r'<section class="footnotes">.*?</section>|<sup class="footnote-ref">.*?</sup>', re.DOTALL
)


class Footnotes(Treeprocessor):
    """The footnotes of one text, numbered in the order of their references; what is referred to
    stands at the end.
    """

    def __init__(self, md: Markdown, reader: InlineReader) -> None:
        super().__init__(md)
        self._definitions: dict[str, Element] = {}
        self._numbers: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._list: Element | None = None
        self._text = self._digest = ""
        self.missing: dict[
            str, None
        ] = {}  # references, as they are written, to what is not defined
        reader.markdown_it.inline.ruler.before("link", "footnote", self._reference)

    def begin(self, text: str) -> None:
        """Forget the footnotes of the text before."""
        self._definitions, self._numbers, self._counts, self._list = {}, {}, {}, None
        self._text, self._digest = text, ""
        self.missing.clear()

    def define(self, label: str) -> Element:
        """The element for what a footnote says; the first of two of one label counts."""
        element = Element("li")
        self._definitions.setdefault(label.casefold(), element)
        return element

    def place(self, root: Element) -> None:
        """Put all definitions at the end, so that their text is read like any other."""
        if self._definitions:
            self._list = SubElement(SubElement(root, "section", {"class": "footnotes"}), "ol")
            self._list.extend(self._definitions.values())

    def run(self, root: Element) -> None:
        """Order what is referred to, with the ways back; what nothing refers to is not shown, as on
        GitHub.
        """
        if self._list is None:
            return
        self._list[:] = [self._definitions[label] for label in self._numbers]
        if not self._numbers:
            root.remove(root[-1])
        for label, number in self._numbers.items():
            element = self._definitions[label]
            element.set("id", self._id(number))
            last = (
                element[-1]
                if len(element) and element[-1].tag == "p" and not _is_raw(element[-1])
                else element
            )
            for time in range(1, self._counts[label] + 1):
                self._add_way_back(last, f"#{self._id(number, time)}", time)

    def _add_way_back(self, element: Element, target: str, time: int) -> None:
        if len(element):
            element[-1].tail = f"{element[-1].tail or ''} "
        else:
            element.text = f"{element.text or ''} "
        link = SubElement(element, "a", {"class": "footnote-backref", "href": target})
        link.text = AtomicString("↩")
        if time > 1:
            SubElement(link, "sup", {"class": "footnote-ref"}).text = AtomicString(str(time))

    def _id(self, number: int, time: int = 0) -> str:
        # Several fields are on one page: the ids of a text are made from it.
        if not self._digest:
            self._digest = hashlib.sha256(self._text.encode("utf-8", "surrogatepass")).hexdigest()[
                :8
            ]
        return f"{ID_PREFIX}{self._digest}-{number}" + (f"-ref{time}" if time else "")

    # Markdown-it's signature.
    def _reference(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        """A rule of markdown-it: a reference to a footnote that is defined."""
        found = (
            _REFERENCE.match(state.src, state.pos, state.posMax)
            if state.src[state.pos] == "["
            else None
        )
        label = found[1].casefold() if found else ""
        if found is None or _LINK.match(state.src, found.end()):
            return False
        if label not in self._definitions:
            self.missing[found[0]] = None
            return False
        state.pos = found.end()
        if not silent:
            number = self._numbers.setdefault(label, len(self._numbers) + 1)
            time = self._counts[label] = self._counts.get(label, 0) + 1
            element = Element("sup", {"class": "footnote-ref"})
            link = SubElement(
                element, "a", {"href": f"#{self._id(number)}", "id": self._id(number, time)}
            )
            link.text = AtomicString(str(number))
            state.push("foreign", "", 0).meta = {"element": element}
        return True


def used_footnotes(text: str, definitions: Mapping[str, str]) -> str:
    """Those definitions of footnotes, by label, that a text refers to and does not hold, and those
    that these refer to.
    """
    held = {found[1].casefold() for found in _HELD.finditer(text)}
    wanted = deque(
        label for label in map(str.casefold, _REFERENCE.findall(text)) if label not in held
    )
    used: dict[str, str] = {}
    while wanted:
        label = wanted.popleft()
        if label in definitions and label not in used:
            used[label] = definitions[label]
            wanted += map(str.casefold, _REFERENCE.findall(used[label]))
    return "\n\n".join(used.values())


def without_footnotes(html: str) -> str:
    """A field without its footnotes and their numbers, which are no part of what one types or
    hears.
    """
    return _SHOWN.sub("", html) if "footnote" in html else html


def _is_raw(element: Element) -> bool:
    return isinstance(element.text, AtomicString)


# Markdown-it's signature.
def footnote_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of markdown-it: what a footnote says, with what is indented by four spaces below it."""
    begin = state.bMarks[start] + state.tShift[start]
    found = (
        None
        if state.is_code_block(start)
        else _DEFINITION.match(state.src, begin, state.eMarks[start])
    )
    if found is None:
        return False
    if silent:
        return True
    token = state.push("footnote_open", "li", 1)
    token.content = found[1]
    before = state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType
    offset = initial = state.sCount[start] + found.end() - begin
    position = found.end()
    while position < state.eMarks[start] and isStrSpace(state.src[position]):
        offset += 4 - offset % 4 if state.src[position] == "\t" else 1
        position += 1
    state.bMarks[start], state.tShift[start] = found.end(), position - found.end()
    state.sCount[start], state.parentType = offset - initial, "footnote"
    state.blkIndent += 4
    state.sCount[start] = state.blkIndent
    state.md.block.tokenize(state, start, end)
    state.blkIndent -= 4
    token.map = [start, state.line]
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = before
    state.push("footnote_close", "li", -1)
    return True
