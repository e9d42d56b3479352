"""GitHub's footnotes: numbers where a text refers to them, and their texts at its end."""

from __future__ import annotations

import hashlib
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from ankipress.render.allowed import ID_PREFIX


class Footnotes(Treeprocessor):
    """The footnotes of a text, numbered in the order of their references and shown at its end."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.begin("")

    def begin(self, text: str) -> None:
        """Forget the footnotes of the text before."""
        self._text = text
        self._prefix = ""
        self._definitions: dict[str, Element] = {}
        self._numbers: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._list: Element | None = None

    def define(self, label: str) -> Element:
        """The element for a definition; the first of a label counts."""
        element = Element("li")
        self._definitions.setdefault(label.casefold(), element)
        return element

    def refer(self, label: str) -> Element:
        """The element of the next reference to a footnote, by its label in lower case."""
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        time = self._counts[label] = self._counts.get(label, 0) + 1
        id = self._id(number)
        element = Element("sup", {"class": "footnote-ref"})
        link = SubElement(element, "a", {"href": f"#{id}", "id": f"{id}-ref{time}"})
        link.text = AtomicString(str(number))
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

    def _add_back_link(self, element: Element, number: int, time: int) -> None:
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
        if not self._prefix:
            digest = hashlib.sha256(self._text.encode("utf-8", "surrogatepass")).hexdigest()
            self._prefix = f"{ID_PREFIX}{digest[:8]}"
        return f"{self._prefix}-{number}"


def _is_html(element: Element) -> bool:
    return isinstance(element.text, AtomicString)
