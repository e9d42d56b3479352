"""The blocks that most cards are made of, read without a parser.

Paragraphs, lists, tables and code of the plainest form, from the top of a text on, become at once
the canonical HTML that the parser and the cleaner would make of them. The tests check this law on
any text. What has any other form, and all below it, is left to the parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

from ankipress.render.html import ANKI_TAG
from ankipress.render.math import display_math, inline_math

# Spaces and invisible characters: some are printed as references, some end lines, some are dropped.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
    "\ufff9-\uffff\ud800-\udfff]"
)
_MAY_BE_MORE = re.compile(rf"://|ww\.|==|\{{\{{|\}}\}}|{ANKI_TAG.pattern}", re.IGNORECASE)
_START = r"(?:[^\W\d_]|`|\*|!\[|\$[^$])"


def _plain(edge: str) -> str:
    """Letters, signs and single spaces that are never markup, except as in `_MAY_BE_MORE`.

    No space is before an edge, a character that ends the text.
    """
    return rf"(?:[^\x00-\x20#$&*<>@\[\\\]_`|~]| (?![ \n{edge}]))"


def _code(edge: str) -> str:
    return rf"(?<!`)`[^`\[\s{edge}](?:[^`\[\n\t{edge}]*[^`\[\s{edge}])?+`(?!`)"


def _strong(edge: str) -> str:
    text = rf"[^\W_](?:{_plain(edge)}*+(?<=[^\W_]))?+"
    return rf"(?:(?<=[ (\n])|(?<![\s\S]))\*\*{text}\*\*(?=[ \n.,;:)?]|\Z)"


def _tex(edge: str) -> str:
    return rf"(?:[^`$\\\n\t{edge}]|\\[^`$\s{edge}])"


def _math(edge: str) -> str:
    tex = _tex(edge)
    return rf"(?<!\$)\$(?! ){tex}(?:{tex}*(?<! ))?+\$(?![\d$])"


def _text(edge: str) -> str:
    """What texts are made of."""
    image = rf"!\[(?![ \]])(?:(?!\"){_plain(edge)})++\]\([A-Za-z0-9_/.-]++\)"
    return rf"(?:{image}|{_plain(edge)}|{_code(edge)}|{_strong(edge)}|{_math(edge)})"


_TEXT, _CELL_TEXT = _text(""), _text("|")
_LINE = rf"(?={_START}){_TEXT}++(?<! )"
# A cell may be empty, and filled up with spaces.
_CELLS = rf"\|(?: *+(?:(?=\d|{_START}){_CELL_TEXT}++ *+)?+\|)++"
_BLOCK = re.compile(
    rf"(?:(?P<paragraph>{_LINE}(?:\n{_LINE})*+)"
    rf"|(?P<bullets>- {_LINE}(?:\n- {_LINE})*+)(?!\n++[-+*\s\d])"
    r"|```(?P<info>(?!math\n)[A-Za-z0-9+#-]*)\n(?P<code>(?=[^\n`])(?:(?!```)[\s\S])*+)```"
    rf"|(?P<table>{_CELLS}\n\|(?: *+:?-++:? *+\|)++(?:\n{_CELLS})*+)"
    rf"|\$\$\n(?P<tex>(?:(?![-:| ]+\n){_tex('')}+\n)++)\$\$"
    r")(?:\n\n+(?=\S)|\Z)"
)
_HEADING = re.compile(rf"{_TEXT}++(?<! )")
_SPAN = re.compile(
    rf"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|(?P<math>{_math('')})"
    r"|!\[(?P<alt>[^\]]+)\]\((?P<src>[^)]+)\)"
)
_MAY_BE_SPAN = re.compile("[`*$!]")


class Read(NamedTuple):
    """Blocks that were read, as canonical HTML, and where the rest begins."""

    html: list[str]
    end: int


def read_simple(text: str, render_code: Callable[[str, str], str]) -> Read:
    """Read the simple blocks at the top of a text.

    `render_code` makes HTML of code and its info string.
    """
    html: list[str] = []
    position = 0
    if _INVISIBLE.search(text):
        return Read(html, position)
    while found := _BLOCK.match(text, position):
        code = found["code"]
        more = _MAY_BE_MORE if code is None else ANKI_TAG
        if more.search(found[0]):
            break
        if code is None:
            block = _block(found)
        elif code.endswith("\n"):
            block = render_code(code, found["info"])
        else:
            break
        if block is None:
            break
        html.append(block)
        position = found.end()
    return Read(html, position)


def _block(found: re.Match[str]) -> str | None:
    """The HTML of a block other than code, None if it is not simple after all."""
    if found["paragraph"]:
        return f"<p>{_spans(found['paragraph'])}</p>"
    if found["bullets"]:
        items = [f"<li>{_spans(item[2:])}</li>" for item in found["bullets"].split("\n")]
        return "\n".join(("<ul>", *items, "</ul>"))
    if found["tex"]:
        return f"<p>{display_math(found['tex'].strip(chr(10)))}</p>"
    return _table(found["table"])


def _table(text: str) -> str | None:
    """A table, None if a row has another number of cells than its head."""
    head, marks, *rows = (_cells(row) for row in text.split("\n"))
    if any(len(row) != len(head) for row in (marks, *rows)):
        return None
    sides = [_ALIGNED[mark[0] + mark[-1]] for mark in marks]
    lines = ["<table>", "<thead>", *_row("th", head, sides), "</thead>"]
    if rows:
        lines.append("<tbody>")
        for row in rows:
            lines += _row("td", row, sides)
        lines.append("</tbody>")
    return "\n".join((*lines, "</table>"))


# By the first and last character of the marks of a column.
_ALIGNED = {
    "--": "",
    ":-": ' style="text-align:left"',
    "::": ' style="text-align:center"',
    "-:": ' style="text-align:right"',
}


def _cells(row: str) -> list[str]:
    return [cell.strip(" ") for cell in row[1:-1].split("|")]


def _row(
    tag: str,
    cells: Iterable[str],
    sides: Iterable[str],
) -> list[str]:
    row = zip(cells, sides, strict=True)
    return ["<tr>", *(f"<{tag}{side}>{_spans(cell)}</{tag}>" for cell, side in row), "</tr>"]


def simple_line(text: str) -> str | None:
    """A line of text as a paragraph, None if it is not simple."""
    if not _HEADING.fullmatch(text) or _INVISIBLE.search(text) or _MAY_BE_MORE.search(text):
        return None
    return f"<p>{_spans(text)}</p>"


def _spans(text: str) -> str:
    if not _MAY_BE_SPAN.search(text):
        return text
    return _SPAN.sub(_span, text)


def _span(found: re.Match[str]) -> str:
    if found["code"]:
        return f"<code>{escape(found['code'], quote=False)}</code>"
    if found["strong"]:
        return f"<strong>{found['strong']}</strong>"
    if found["math"]:
        return inline_math(found["math"][1:-1])
    return f'<img alt="{found["alt"]}" src="{found["src"]}">'
