"""What a learner types: the text of an answer on one line, as Anki's input field has one."""

from __future__ import annotations

import re

from ankipress.render.html import TAG, canonical, without_footnotes

_TITLE = re.compile(r"<figcaption>.*?</figcaption>", re.DOTALL)
_CODE = re.compile(r"(<pre(?: [^>]*)?>.*?</pre>|<code(?: [^>]*)?>.*?</code>)", re.DOTALL)
_TAG = re.compile(TAG)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|tt"
    r"|u|var|wbr)[ >]"
)
_DELIMITER = re.compile(r"\\[()\[\]]")
_LINE_END = re.compile(r"\s*\n\s*|\t+")


def typed_text(html: str) -> str:
    """The text of a finished field, with its references still escaped.

    Anki compares it character by character, and shows its line ends as spaces. So lines of code are
    joined by one space, and the spaces within a line of code are kept. Mathematics is its TeX.
    """
    text = ""
    for number, piece in enumerate(_CODE.split(_TITLE.sub("", without_footnotes(html)))):
        is_code = number % 2
        if not is_code:
            words = _TAG.sub(_space_for, _DELIMITER.sub("", piece))
            text += re.sub(r"\s+", " ", words)
            continue
        code = _LINE_END.sub(" ", _TAG.sub("", piece))
        if piece.startswith("<pre"):
            text = f"{text.rstrip()} {code.strip()} "
        else:
            text += code
    return canonical(text)  # so that Anki finds no instructions in it


def _space_for(tag: re.Match[str]) -> str:
    if _INLINE_TAG.match(tag[0]):
        return ""
    return " "
