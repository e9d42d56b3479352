"""The plain text of a card, as matching reads it: what a learner reads, on one line.

It is made from the tree, so markup is whatever GitHub takes for markup: adding emphasis, quoting a
sign or moving an image folder is no edit. Case, punctuation, mathematics and code stay, because
they carry meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from ankipress.syntax.dialect import Dialect
from ankipress.syntax.inlines import alternative
from ankipress.syntax.markdown_reading import Tree, read_heading, read_markdown
from ankipress.syntax.plain_html import file_name, write_html, write_picture, write_tag
from ankipress.syntax.plain_writer import PlainWriter
from ankipress.syntax.tree import Kind, Node

_WIKI_IMAGE = re.compile(r"!\[\[([^\[\]|]*+)[^\[\]]*+\]\]")
_TAG = re.compile(r"</?[A-Za-z]|<!--")
_NUMBER = re.compile(r"[0-9]{1,9}[.)]")


def plain(*trees: Tree, highlights: bool = False) -> str:
    """The plain text of some trees, one after another, in form NFC and with single spaces.

    Links keep their text, pictures their alternative text and file name, deletions their text; with
    `highlights`, `==text==` is a deletion. Code and mathematics stay, and so do the numbers of a
    list, the bars of a table, and the marks of footnotes, tasks and alerts.
    """
    return written(*trees).finished(highlights=highlights)


def written(*trees: Tree) -> PlainWriter:
    """The pieces of the plain text of some trees."""
    writer = PlainWriter()
    for tree in trees:
        _NodeWriter(tree.text, writer).read(tree.nodes)
        writer.end_block()
    return writer


def plain_text(markdown: str) -> str:
    """The plain text of some Markdown."""
    return plain(read_markdown(markdown))


def plain_heading(markdown: str, dialect: Dialect = Dialect.GITHUB) -> str:
    """The plain text of some Markdown that is text without blocks, as in a heading."""
    return plain(read_heading(markdown, dialect=dialect))


class _NodeWriter:
    """Writes the nodes of a tree. `source` is the text that was read."""

    def __init__(self, source: str, writer: PlainWriter) -> None:
        self.source = source
        self.writer = writer

    def read(self, nodes: Iterable[Node]) -> None:
        """Write some nodes."""
        prose = self.writer.prose
        for node in nodes:
            if node.kind == "text" and "![[" not in node.text:
                prose(node.text)
            else:
                _WRITERS[node.kind](self, node)

    def text(self, node: Node) -> None:
        """Words; a link to a picture in a wiki leaves its file's name."""
        self.writer.prose(_WIKI_IMAGE.sub(_wiki_image, node.text))

    def children(self, node: Node) -> None:
        """What stands in the text around it."""
        self.read(node.children)

    def block(self, node: Node) -> None:
        """What stands alone."""
        self.read(node.children)
        self.writer.end_block()

    def nothing(self, _node: Node) -> None:
        """What no card shows."""

    def space(self, _node: Node) -> None:
        """What only parts words."""
        self.writer.prose(" ")

    def written(self, node: Node) -> None:
        """What stays as it is, and holds no mark of a deletion."""
        self.writer.keep(node.text)

    def code(self, node: Node) -> None:
        """Code in a line."""
        self.writer.keep_code(node.text)

    def code_block(self, node: Node) -> None:
        """Code that stands alone."""
        self.writer.keep_code(node.text)
        self.writer.end_block()

    def formula(self, node: Node) -> None:
        """Mathematics in a line; the ticks in its marks only protect it."""
        if node.markup.startswith("$`"):
            self.writer.keep(f"${node.text}$")
        else:
            self.writer.keep(node.markup)

    def formula_block(self, node: Node) -> None:
        """Mathematics that stands alone, with spaces inside its marks where lines end there."""
        tex = node.text
        written = self.source[node.start : node.end].rstrip()
        last_line = tex.rpartition("\n")[2]
        if not written[:-2].endswith(last_line):
            tex += " "
        if written[2].isspace():
            tex = f" {tex}"
        self.writer.keep(f"{written[:2]}{tex}{written[-2:]}")
        self.writer.end_block()

    def html(self, node: Node) -> None:
        """A tag or a comment. Declarations and instructions stay."""
        if _TAG.match(node.text):
            write_tag(node.text, self.writer)
        else:
            self.writer.prose(node.text)

    def html_block(self, node: Node) -> None:
        """HTML that stands alone, whose text is no Markdown."""
        write_html(node.text, self.writer)
        self.writer.end_block()

    def image(self, node: Node) -> None:
        """A picture."""
        write_picture(alternative(node), node.url, self.writer)

    def extension(self, node: Node) -> None:
        """What an extension of Python-Markdown made."""
        self.writer.prose("".join(getattr(node.made, "itertext", tuple)()))

    def numbers(self, node: Node) -> None:
        """A list whose items have numbers, which stay as they are written."""
        for item in node.children:
            if number := _NUMBER.match(self.source, item.start):
                self.writer.keep(f"{number[0]} ")
            self.block(item)

    def task(self, node: Node) -> None:
        """The box of a task."""
        self.writer.keep(f"[{node.text}] ")

    def alert(self, node: Node) -> None:
        """A quote with a title."""
        self.writer.keep(f"[!{node.info.upper()}]{node.markup} ")
        self.read(node.children)

    def footnote(self, node: Node) -> None:
        """The text of a footnote, after its mark."""
        self.writer.keep(f"[^{node.text}]: ")
        self.read(node.children)

    def row(self, node: Node) -> None:
        """A row of a table, with bars where they are written."""
        position = node.start
        for cell in node.children:
            self.bars(position, cell.start)
            self.read(cell.children)
            position = cell.end
        end = self.source.find("\n", position)
        if end < 0:
            end = len(self.source)
        self.bars(position, end)
        self.writer.end_block()

    def bars(self, start: int, end: int) -> None:
        """What stands between two cells. One that begins with an escaped bar begins at the bar."""
        self.writer.keep(self.source[start:end].replace("\\", ""))


def _wiki_image(found: re.Match[str]) -> str:
    return f" {file_name(found[1])} "


_WRITERS: Mapping[Kind, Callable[[_NodeWriter, Node], None]] = {
    "alert": _NodeWriter.alert,
    "bullets": _NodeWriter.children,
    "cell": _NodeWriter.block,
    "code": _NodeWriter.code_block,
    "code_span": _NodeWriter.code,
    "emphasis": _NodeWriter.children,
    "escape": _NodeWriter.written,
    "extra_cell": _NodeWriter.block,
    "extension": _NodeWriter.extension,
    "footnote": _NodeWriter.footnote,
    "highlight": _NodeWriter.children,
    "footnote_reference": _NodeWriter.written,
    "hardbreak": _NodeWriter.space,
    "heading": _NodeWriter.block,
    "html": _NodeWriter.html,
    "html_block": _NodeWriter.html_block,
    "image": _NodeWriter.image,
    "item": _NodeWriter.block,
    "link": _NodeWriter.children,
    "math": _NodeWriter.formula,
    "math_block": _NodeWriter.formula_block,
    "missing_footnote": _NodeWriter.text,
    "numbers": _NodeWriter.numbers,
    "paragraph": _NodeWriter.block,
    "quote": _NodeWriter.block,
    "row": _NodeWriter.row,
    "rule": _NodeWriter.space,
    "softbreak": _NodeWriter.space,
    "sound": _NodeWriter.written,
    "strike": _NodeWriter.children,
    "strong": _NodeWriter.children,
    "table": _NodeWriter.block,
    "task": _NodeWriter.task,
    "text": _NodeWriter.text,
    "unseen": _NodeWriter.nothing,
}
