"""A page of the documentation as a terminal shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from ankipress.cli.code_pages import absolute
from ankipress.cli.columns import unstyled, wrapped
from ankipress.cli.printing import OwnText, style
from ankipress.cli.terminal import Terminal
from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.tree import Node

_WIDEST = 100  # columns: longer lines are hard to read
_INDENT = "    "  # of code


def page_text(markdown: str, terminal: Terminal) -> OwnText:
    """The text of a page of ours, which has paragraphs, lists of one level and blocks of code.

    Where links cannot be shown, their addresses are listed at the end.
    """
    page = _Page(terminal)
    blocks = list(page.blocks(read_markdown(markdown).nodes))
    if page.addresses:
        numbered = enumerate(page.addresses, 1)
        blocks.append("\n".join(f"[{number}] {each}" for number, each in numbered))
    return OwnText("\n\n".join(blocks))


def first_sentence(markdown: str) -> str:
    """The first sentence of a page in plain words, without the severity that it begins with."""
    page = _Page(Terminal(has_links=True))
    [paragraph, *_] = page.blocks(read_markdown(markdown).nodes)
    text = unstyled(paragraph).partition(". ")[2]
    return text.partition(". ")[0].removesuffix(".")


class _Page:
    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._width = terminal.width and min(terminal.width, _WIDEST)
        self.addresses: list[str] = []

    def blocks(self, nodes: Iterable[Node], mark: str = "") -> Iterator[str]:
        """The blocks of a page; the first begins with a mark."""
        for node in nodes:
            if node.kind == "code":
                yield textwrap.indent(node.text.rstrip("\n"), _INDENT)
            elif node.content is not None:
                text = self._words(node.children)
                yield mark + wrapped(text, self._width, len(mark), " " * len(mark))
            elif node.kind == "item":
                yield from self.blocks(node.children, "- ")
            else:
                yield from self.blocks(node.children)
            mark = ""

    def _words(self, nodes: Iterable[Node]) -> str:
        text = ""
        for node in nodes:
            match node.kind:
                case "code_span":
                    text += f"`{node.text}`"
                case "softbreak":
                    text += " "
                case "strong":
                    text += style(self._words(node.children), bold=True)
                case "link":
                    text += self._link(self._words(node.children), absolute(node.url))
                case "math":
                    text += node.markup
                case _:
                    text += node.text + self._words(node.children)
        return text

    def _link(self, text: str, address: str) -> str:
        """A link, or its text with the number of its address."""
        if self._terminal.has_links:
            return self._terminal.link(text, address)
        if address not in self.addresses:
            self.addresses.append(address)
        return f"{text} [{self.addresses.index(address) + 1}]"
