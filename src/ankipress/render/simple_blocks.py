"""The blocks that most cards are made of, read without a parser.

Paragraphs, lists, tables and code of the plainest form, one after another from the top of a text,
become at once the canonical HTML that the parser and the cleaner would make of them: a law, which
the tests try on anything. What has any other form, and all below it, is left to these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from ankipress.fast import has_any
from ankipress.render.html import ANKI_TAG
from ankipress.render.math import display_math, inline_math

# Spaces and characters that are not seen: some are printed as references, some end lines, some are
# dropped.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_MORE = ("://", "ww.", "WW.", "Ww.", "wW.", "==", "{{", "}}")
_START = r"(?:[^\W\d_]|`|\*|!\[|\$[^$])"


def _plain(edge: str) -> str:
    """Letters, signs and single spaces that are never more than themselves, but for those of
    `_MORE`; none before an edge.
    """
    return rf"(?:[^\x00-\x20#$&*<>@\[\\\]_`|~]| (?![ \n{edge}]))"


def _code(edge: str) -> str:
    return rf"(?<!`)`[^`\[\s{edge}](?:[^`\[\n\t{edge}]*[^`\[\s{edge}])?+`(?!`)"


def _strong(edge: str) -> str:
    return rf"(?:(?<=[ (\n])|(?<![\s\S]))\*\*[^\W_](?:{_plain(edge)}*+(?<=[^\W_]))?+\*\*(?=[ \n.,;:)?]|\Z)"


def _tex(edge: str) -> str:
    return rf"(?:[^`$\\\n\t{edge}]|\\[^`$\s{edge}])"


def _math(edge: str) -> str:
    tex = _tex(edge)
    return rf"(?<!\$)\$(?! ){tex}(?:{tex}*(?<! ))?+\$(?![\d$])"


def _text(edge: str) -> str:
    """What texts are made of. The edge is what ends a cell."""
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
    rf"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|(?P<math>{_math('')})|!\[(?P<alt>[^\]]+)\]\((?P<src>[^)]+)\)"
)


class Read(NamedTuple):
    """Blocks that were read, as canonical HTML, and where what is left begins."""

    html: list[str]
    end: int


def read_simple(text: str, fence: Callable[[str, str], str]) -> Read:
    """The simple blocks at the top of a text. `fence` makes HTML of code, given with what stands
    behind its opening marks.
    """
    html, position = list[str](), 0
    if _UNSEEN.search(text):
        return Read(html, position)
    while found := _BLOCK.match(text, position):
        code = found["code"]
        if ANKI_TAG.search(found[0]) or (
            has_any(found[0], _MORE) if code is None else code[-1] != "\n"
        ):
            break
        if code is not None:
            html.append(fence(code, found["info"]))
        elif found["bullets"]:
            items = "\n".join(
                f"<li>{_spans(item[2:])}</li>" for item in found["bullets"].split("\n")
            )
            html.append(f"<ul>\n{items}\n</ul>")
        elif found["table"]:
            table = _table(found["table"])
            if table is None:
                break
            html.append(table)
        elif found["tex"]:
            html.append(f"<p>{display_math(found['tex'].strip(chr(10)))}</p>")
        else:
            html.append(f"<p>{_spans(found['paragraph'])}</p>")
        position = found.end()
    return Read(html, position)


def _table(text: str) -> str | None:
    """A table, None where a row has another number of cells than its head."""
    head, marks, *rows = (
        [cell.strip(" ") for cell in row[1:-1].split("|")] for row in text.split("\n")
    )
    if any(len(row) != len(head) for row in (marks, *rows)):
        return None
    sides = [_ALIGNED[mark[0] == ":", mark[-1] == ":"] for mark in marks]
    body = "".join(f"\n<tr>\n{_row('td', row, sides)}\n</tr>" for row in rows)
    return (
        f"<table>\n<thead>\n<tr>\n{_row('th', head, sides)}\n</tr>\n</thead>"
        + (f"\n<tbody>{body}\n</tbody>" if rows else "")
        + "\n</table>"
    )


_ALIGNED = {
    (False, False): "",
    (True, False): ' style="text-align:left"',
    (True, True): ' style="text-align:center"',
    (False, True): ' style="text-align:right"',
}


def _row(name: str, cells: Sequence[str], sides: Sequence[str]) -> str:
    return "\n".join(
        [f"<{name}{side}>{_spans(cell)}</{name}>" for cell, side in zip(cells, sides, strict=True)]
    )


def simple_line(text: str) -> str | None:
    """A line of text as a paragraph, None where it is not simple."""
    is_simple = (
        _HEADING.fullmatch(text)
        and not _UNSEEN.search(text)
        and not has_any(text, _MORE)
        and not ANKI_TAG.search(text)
    )
    return f"<p>{_spans(text)}</p>" if is_simple else None


def _spans(text: str) -> str:
    return _SPAN.sub(_span, text) if any(mark in text for mark in "`*$!") else text


def _span(found: re.Match[str]) -> str:
    if found["code"]:
        return f"<code>{escape(found['code'], quote=False)}</code>"
    if found["strong"]:
        return f"<strong>{found['strong']}</strong>"
    if found["math"]:
        return inline_math(found["math"][1:-1])
    return f'<img alt="{found["alt"]}" src="{found["src"]}">'
