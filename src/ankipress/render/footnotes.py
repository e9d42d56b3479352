"""GitHub's footnotes: references `[^1]` in a text, and definitions `[^1]: …`."""

from __future__ import annotations

import functools
import hashlib
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it.common.utils import isStrSpace
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from ankipress.render.allowed import ID_PREFIX
from ankipress.syntax.footnote_definitions import REFERENCE

if TYPE_CHECKING:
    from ankipress.render.inline import InlineReader

_DEFINITION = re.compile(rf"{REFERENCE}:")
_REFERENCE = re.compile(REFERENCE)
# After a label, this makes it the text of a link.
_LINK = re.compile(r"""\((?:<[^<>\n]*>|[^\s()<][^\s()]*)?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)""")


class Footnotes(Treeprocessor):
    """The footnotes of a text, numbered in the order of their references and shown at its end."""

    def __init__(self, md: Markdown, reader: InlineReader) -> None:
        super().__init__(md)
        self.begin("")
        reader.markdown_it.inline.ruler.before("link", "footnote", self._reference)

    def begin(self, text: str) -> None:
        """Forget the footnotes of the text before."""
        self._text = text
        self._definitions: dict[str, Element] = {}
        self._numbers: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._list: Element | None = None
        # The undefined references, as they are written, in order.
        self.missing: dict[str, None] = {}

    def define(self, label: str) -> Element:
        """The element for a definition; the first of a label counts."""
        element = Element("li")
        self._definitions.setdefault(label.casefold(), element)
        return element

    def place(self, root: Element) -> None:
        """Put all definitions at the end, so that their text is read like any other."""
        if self._definitions:
            section = SubElement(root, "section", {"class": "footnotes"})
            self._list = SubElement(section, "ol")
            self._list.extend(self._definitions.values())

    def run(self, root: Element) -> None:
        """Order the footnotes and link them back. As on GitHub, an unused one is not shown."""
        if self._list is None:
            return
        self._list[:] = [self._definitions[label] for label in self._numbers]
        if not self._numbers:
            root.remove(root[-1])
        for label, number in self._numbers.items():
            element = self._definitions[label]
            element.set("id", self._id(number))
            if len(element) and element[-1].tag == "p" and not _is_html(element[-1]):
                element = element[-1]
            for time in range(1, self._counts[label] + 1):
                self._add_back_link(element, number, time)

    def _add_back_link(
        self,
        element: Element,
        number: int,
        time: int,
    ) -> None:
        if len(element):
            element[-1].tail = f"{element[-1].tail or ''} "
        else:
            element.text = f"{element.text or ''} "
        target = f"#{self._id(number)}-ref{time}"
        link = SubElement(element, "a", {"class": "footnote-backref", "href": target})
        link.text = AtomicString("↩")
        if time > 1:
            SubElement(link, "sup", {"class": "footnote-ref"}).text = AtomicString(str(time))

    def _id(self, number: int) -> str:
        # Several fields are on one page, so the ids of a text are made of it.
        return f"{ID_PREFIX}{_digest(self._text)}-{number}"

    # Markdown-it's signature.
    def _reference(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        """A rule of markdown-it: a reference to a footnote that is defined."""
        if state.src[state.pos] != "[":
            return False
        found = _REFERENCE.match(state.src, state.pos, state.posMax)
        if found is None or _LINK.match(state.src, found.end()):
            return False
        label = found[1].casefold()
        if label not in self._definitions:
            self.missing[found[0]] = None
            return False
        state.pos = found.end()
        if silent:
            return True
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        time = self._counts[label] = self._counts.get(label, 0) + 1
        id = self._id(number)
        element = Element("sup", {"class": "footnote-ref"})
        link = SubElement(element, "a", {"href": f"#{id}", "id": f"{id}-ref{time}"})
        link.text = AtomicString(str(number))
        state.push("element", "", 0).meta = {"element": element}
        return True


@functools.lru_cache(maxsize=1)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _is_html(element: Element) -> bool:
    return isinstance(element.text, AtomicString)


def footnote_block(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    """A rule of markdown-it: a definition, with what is indented by four spaces below it."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    found = _DEFINITION.match(state.src, begin, state.eMarks[start])
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
    state.bMarks[start] = found.end()
    state.tShift[start] = position - found.end()
    state.sCount[start] = offset - initial
    state.parentType = "footnote"
    state.blkIndent += 4
    state.sCount[start] = state.blkIndent
    state.md.block.tokenize(state, start, end)
    state.blkIndent -= 4
    token.map = [start, state.line]
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = before
    state.push("footnote_close", "li", -1)
    return True
