"""The text mode `lines`: a field as Anki's editor writes it, where a line end is a `<br>`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.render.html import TAG

_BLOCKS = (
    "blockquote|br|caption|center|col|colgroup|dd|details|div|dl|dt|figcaption|figure|h[1-6]|hr|li"
    "|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_TOKEN = re.compile(
    r"(?P<kept><pre(?: [^<>]*)?>.*?</pre>)"
    r"|<p>(?P<display>[\\\x0e]\[(?:(?![\\\x0e]\]).)*[\\\x0e]\])</p>|(?P<paragraph></?p>)"
    rf"|(?P<edge></?(?:{_BLOCKS})(?: (?:[^>\"]|\"[^\"]*\")*)?>)"
    r"|(?P<math>[\\\x0e]\(.*?[\\\x0e]\))|(?P<block>[\\\x0e]\[.*?[\\\x0e]\])"
    r"|(?P<end></[^>]*>)|(?P<picture><(?:img|input) [^>]*>)"
    rf"|(?P<tag>{TAG})|(?P<text>[^<\\\x0e]+|[<\\\x0e])",
    re.DOTALL,
)
_LINE_END = re.compile(r"[ \t]*\n[ \t\n]*")


def in_lines(html: str) -> str:
    """Canonical HTML of paragraphs as HTML of lines, canonical too.

    No `<p>` of Markdown is left: `<br><br>` joins two paragraphs, and `<br>` two lines of one or
    what is above a formula that is displayed. Such a formula ends its own line: a `<br>` behind it
    would be an empty one. Lists, tables and other blocks stand as they are, and no line feed is
    left outside of code and mathematics. The deletions of a cloze note are read after this, and its
    mathematics may be finished before or after.
    """
    is_paragraph = html.startswith("<p>") and html.find("</p>") == len(html) - len("</p>")
    if is_paragraph and "\n" not in html:  # the common case
        return html[len("<p>") : -len("</p>")]
    return "".join(_LineWriter(html))


class _LineWriter:
    """Writes HTML anew, piece by piece.

    At an edge, a line end shows nothing. `join` is what parts the next piece from those before it.
    """

    def __init__(self, html: str) -> None:
        self._html = html
        self._is_edge = True
        self._join = ""
        self._in_paragraph = False

    def __iter__(self) -> Iterator[str]:
        for found in _TOKEN.finditer(self._html):
            piece = found[0]
            match found.lastgroup:
                case "paragraph":
                    yield from self._paragraph(piece)
                case "display":
                    yield from self._display(found["display"])
                case "edge" | "kept":
                    self._is_edge = True
                    self._join = ""
                    yield piece
                case "text":
                    yield from self._text(piece)
                case "block":
                    yield from self._shown(piece, is_edge=True)
                case "end":
                    yield piece
                case "tag":
                    yield from self._shown(piece, is_edge=self._is_edge)
                case _:
                    yield from self._shown(piece)

    def _paragraph(self, tag: str) -> Iterator[str]:
        """A `<p>` goes, and its end tag goes with it: no paragraph holds another."""
        if tag == "</p>" and not self._in_paragraph:
            self._join = ""
            self._is_edge = True
            yield tag
            return
        self._in_paragraph = tag == "<p>"
        if self._in_paragraph:
            yield "<br><br>" if self._join == "\n" or not self._is_edge else self._join
        self._join = "" if self._in_paragraph else "<br><br>"
        self._is_edge = True

    def _display(self, formula: str) -> Iterator[str]:
        if self._join or not self._is_edge:
            yield "<br>"
        yield formula
        self._join = ""
        self._is_edge = True

    def _text(self, text: str) -> Iterator[str]:
        if self._is_edge:
            text = text.lstrip(" \t\n")
        inner = text.rstrip(" \t\n")
        if "\n" not in text[len(inner) :]:
            inner = text
        if inner:
            yield from self._shown(_LINE_END.sub("<br>", inner))
        if inner != text:
            self._join = self._join or "\n"

    def _shown(self, piece: str, *, is_edge: bool = False) -> Iterator[str]:
        if self._join:
            yield self._join.replace("\n", "<br>")
        self._join = ""
        self._is_edge = is_edge
        yield piece
