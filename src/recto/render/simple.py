"""The blocks that most cards are made of, read without a parser.

Paragraphs, lists and code of the plainest form, one after another from the top of a text, become at once the canonical HTML that
the parser and the cleaner would make of them: a law, which the tests try on anything. What has any other form, and all below it,
is left to these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from recto.render.html import ANKI_TAG

# Letters, signs and single spaces that are never more than themselves, but for those of `_MORE`.
_BEYOND = (
    r"\u00a1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\ufff8"
    r"\U00010000-\U0010ffff"
)
_PLAIN = rf"""(?:[A-Za-z0-9"'(),./:;?!%=+{{}}^{_BEYOND}-]| (?![ \n]))"""
_MORE = re.compile(r"://|ww\.|==|\{\{|\}\}", re.IGNORECASE)
_UNSEEN = r"\x00-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\uffff\ud800-\udfff"
_CODE = rf"(?<!`)`[^`\[ {_UNSEEN}](?:[^`\[{_UNSEEN}]*[^`\[ {_UNSEEN}])?+`(?!`)"
_STRONG = rf"(?:(?<=[ (\n])|(?<![\s\S]))\*\*[^\W_](?:{_PLAIN}*+(?<=[^\W_]))?+\*\*(?=[ \n.,;:)?]|\Z)"
_TEXT = rf"(?:{_PLAIN}|{_CODE}|{_STRONG})"
_LINE = rf"(?=[^\W\d_]|`|\*){_TEXT}++(?<! )"
_BLOCK = re.compile(
    rf"(?:(?P<paragraph>{_LINE}(?:\n{_LINE})*+)"
    rf"|(?P<bullets>- {_LINE}(?:\n- {_LINE})*+)(?!\n++[-+*\s\d])"
    r"|```(?P<info>(?!math\n)[A-Za-z0-9+#-]*)\n(?P<code>(?=[^\n`])(?:(?!```)[^\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff])*+)```"
    r")(?:\n\n+(?=\S)|\Z)"
)
_HEADING = re.compile(rf"{_TEXT}++(?<! )")
_SPAN = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*")


class Read(NamedTuple):
    """Blocks that were read, as canonical HTML, and where what is left begins."""

    html: list[str]
    end: int


def read_simple(text: str, fence: Callable[[str, str], str]) -> Read:
    """The simple blocks at the top of a text. `fence` makes HTML of code, given with what stands behind its opening marks."""
    html, position = list[str](), 0
    while found := _BLOCK.match(text, position):
        code = found["code"]
        if _MORE.search(found[0]) if code is None else code[-1] != "\n" or ANKI_TAG.search(code):
            break
        if code is not None:
            html.append(fence(code, found["info"]))
        elif found["bullets"]:
            items = "\n".join(f"<li>{_spans(item[2:])}</li>" for item in found["bullets"].split("\n"))
            html.append(f"<ul>\n{items}\n</ul>")
        else:
            html.append(f"<p>{_spans(found['paragraph'])}</p>")
        position = found.end()
    return Read(html, position)


def simple_line(text: str) -> str | None:
    """A line of text as a paragraph, None where it is not simple."""
    return f"<p>{_spans(text)}</p>" if _HEADING.fullmatch(text) and not _MORE.search(text) else None


def _spans(text: str) -> str:
    return _SPAN.sub(_span, text) if "`" in text or "*" in text else text


def _span(found: re.Match[str]) -> str:
    if found[1] is None:
        return f"<strong>{found[2]}</strong>"
    code = found[1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<code>{code}</code>"
