"""The blocks that most cards are made of, read without a parser.

Paragraphs, lists and code of the plainest form, one after another from the top of a text, become at once the canonical HTML that
the parser and the cleaner would make of them: a law, which the tests try on anything. What has any other form, and all below it,
is left to these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from recto.render.html import ANKI_TAG
from recto.render.math import display_math, inline_math

# Spaces and characters that are not seen: some are printed as references, some end lines, some are dropped.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\ud800-\udfff]"
)
# Letters, signs and single spaces that are never more than themselves, but for those of `_MORE`.
_PLAIN = r"(?:[^\x00-\x20#$&*<>@\[\\\]_`|~]| (?![ \n]))"
_MORE = re.compile(r"://|ww\.|==|\{\{|\}\}", re.IGNORECASE)
_CODE = r"(?<!`)`[^`\[\s](?:[^`\[\n\t]*[^`\[\s])?+`(?!`)"
_STRONG = rf"(?:(?<=[ (\n])|(?<![\s\S]))\*\*[^\W_](?:{_PLAIN}*+(?<=[^\W_]))?+\*\*(?=[ \n.,;:)?]|\Z)"
_TEX = r"(?:[^`$\\\n\t]|\\[^`$\s])"
_MATH = rf"(?<!\$)\$(?! ){_TEX}(?:{_TEX}*(?<! ))?+\$(?![0-9$])"
_IMAGE = rf"!\[(?![ \]])(?:(?!\"){_PLAIN})++\]\([A-Za-z0-9_/.-]++\)"
_TEXT = rf"(?:{_IMAGE}|{_PLAIN}|{_CODE}|{_STRONG}|{_MATH})"
_LINE = rf"(?=[^\W\d_]|`|\*|!\[|\$[^$]){_TEXT}++(?<! )"
_BLOCK = re.compile(
    rf"(?:(?P<paragraph>{_LINE}(?:\n{_LINE})*+)"
    rf"|(?P<bullets>- {_LINE}(?:\n- {_LINE})*+)(?!\n++[-+*\s\d])"
    r"|```(?P<info>(?!math\n)[A-Za-z0-9+#-]*)\n(?P<code>(?=[^\n`])(?:(?!```)[\s\S])*+)```"
    rf"|\$\$\n(?P<tex>(?:(?![-:| ]+\n){_TEX}+\n)++)\$\$"
    r")(?:\n\n+(?=\S)|\Z)"
)
_HEADING = re.compile(rf"{_TEXT}++(?<! )")
_SPAN = re.compile(rf"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|(?P<math>{_MATH})|!\[(?P<alt>[^\]]+)\]\((?P<src>[^)]+)\)")


class Read(NamedTuple):
    """Blocks that were read, as canonical HTML, and where what is left begins."""

    html: list[str]
    end: int


def read_simple(text: str, fence: Callable[[str, str], str]) -> Read:
    """The simple blocks at the top of a text. `fence` makes HTML of code, given with what stands behind its opening marks."""
    html, position = list[str](), 0
    if _UNSEEN.search(text):
        return Read(html, position)
    while found := _BLOCK.match(text, position):
        code = found["code"]
        if ANKI_TAG.search(found[0]) or (_MORE.search(found[0]) if code is None else code[-1] != "\n"):
            break
        if code is not None:
            html.append(fence(code, found["info"]))
        elif found["bullets"]:
            items = "\n".join(f"<li>{_spans(item[2:])}</li>" for item in found["bullets"].split("\n"))
            html.append(f"<ul>\n{items}\n</ul>")
        elif found["tex"]:
            html.append(f"<p>{display_math(found['tex'].strip(chr(10)))}</p>")
        else:
            html.append(f"<p>{_spans(found['paragraph'])}</p>")
        position = found.end()
    return Read(html, position)


def simple_line(text: str) -> str | None:
    """A line of text as a paragraph, None where it is not simple."""
    is_simple = _HEADING.fullmatch(text) and not _UNSEEN.search(text) and not _MORE.search(text) and not ANKI_TAG.search(text)
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
