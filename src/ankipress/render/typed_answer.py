"""What a learner types: the text of an answer on one line, since Anki's field for it has one."""

from __future__ import annotations

import re

from ankipress.render.footnotes import without_footnotes
from ankipress.render.html import TAG, canonical

_TITLE = re.compile(r"<figcaption>.*?</figcaption>", re.DOTALL)
_CODE = re.compile(r"(<pre(?: [^>]*)?>.*?</pre>|<code(?: [^>]*)?>.*?</code>)", re.DOTALL)
_TAG = re.compile(TAG)
_IN_LINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tt|u|var|wbr)[ >]"
)
_DELIMITER = re.compile(r"\\[()\[\]]")
_LINE_END = re.compile(r"\s*\n\s*|\t+")


def typed_text(html: str) -> str:
    """The text of a finished field, its references still escaped.

    Anki compares character by character, and shows line ends of what it expects as spaces. So the
    lines of code are joined by one space each, and the spaces in a line of code are kept.
    Mathematics is its TeX.
    """
    text = ""
    for number, piece in enumerate(_CODE.split(_TITLE.sub("", without_footnotes(html)))):
        if not number % 2:
            words = _TAG.sub(_space_of, _DELIMITER.sub("", piece))
            text += re.sub(r"\s+", " ", words)
        elif piece.startswith("<pre"):
            text = f"{text.rstrip()} {_code(piece).strip()} "
        else:
            text += _code(piece)
    return canonical(text)  # what Anki would act on is parted again


def _code(html: str) -> str:
    return _LINE_END.sub(" ", _TAG.sub("", html))


def _space_of(tag: re.Match[str]) -> str:
    return "" if _IN_LINE.match(tag[0]) else " "
