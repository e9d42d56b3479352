"""Plain text as Markdown that reads as that text, with no more escapes than it needs."""

from __future__ import annotations

import re
from typing import NamedTuple

from ankipress.syntax.bare import mail_links
from ankipress.syntax.formulas import formula_at

_PUNCTUATION = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# Each alternative is a sign, with what makes it more than a sign.
_ALWAYS = re.compile(
    rf"\\(?=[{_PUNCTUATION}\xa0]|$)"  # a backslash before what it would escape
    r"|`"
    r"|\*(?!(?<=\s\*)\s)"  # not between spaces
    r"|(?<![^\W_])_+|_+(?![^\W_])"  # not inside a word
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?[A-Za-z0-9]+;)"
    r"|(?<=\])\("
    r"|\[(?=\^[^\s\[\]]+\])"
)
_MOST_DOLLARS = 20  # of which it is looked whether they are money
_DOLLAR = re.compile(r"\$")
_HIDES_DOLLARS = re.compile(r"[\\`]")  # which are signs no more once they are escaped
_TILDE = re.compile(r"~")
_EQUALS = re.compile(r"(?<!=)==(?!=)")
_ADDRESS = re.compile(r"(?<![a-zA-Z])(https?|ftp):(?=//[a-zA-Z0-9])", re.IGNORECASE)
_WEB = re.compile(r"(?<![^\s*_~(])(www)\.", re.IGNORECASE)
_LINE_START = re.compile(
    r"(?P<number>[0-9]{1,9})(?=[.)](?:\s|$))"
    r"|(?=[-+](?:\s|$)|\#{1,6}(?:\s|$)|>|=+\s*$|-[-\s]*$|~~~|\*(?:\s|$)|\|?\s*:?-+:?\s*(?:\||$)"
    r"|\[[^\]]*\]:|\[[ xX]\]\s)"
)
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_ESCAPED_START = re.compile(r"\A([0-9]{1,9})?\\((?(1)[.)]|[-+>=#]))")


class Surroundings(NamedTuple):
    """What else stands in a paragraph that decides whether some signs are more than signs."""

    has_dollars: bool = False
    has_tildes: bool = False
    has_highlights: bool = False


def surroundings_of(text: str, *, has_formulas: bool) -> Surroundings:
    """What the whole text of a paragraph says of its signs."""
    has_dollars = "$" in text and bool(
        has_formulas
        or "$$" in text
        or (_HIDES_DOLLARS.search(text) and text.count("$") > 1)
        or text.count("$") > _MOST_DOLLARS
        or any(formula_at(text, each.start(), len(text)) for each in _DOLLAR.finditer(text))
    )
    return Surroundings(
        has_dollars,
        text.count("~") > 1,
        text.count("==") > 1,
    )


def escaped(text: str, around: Surroundings, *, is_linked: bool = False) -> str:
    """A text inside a paragraph, with a backslash before what would be Markdown.

    Inside the text of a link, no address is one by itself.
    """
    text = _ALWAYS.sub(_with_backslash, text)
    if around.has_dollars:
        text = _DOLLAR.sub(r"\\$", text)
    if around.has_tildes:
        text = _TILDE.sub(r"\\~", text)
    if around.has_highlights:
        text = _EQUALS.sub(r"\\==", text)
    if is_linked:
        if text.count("[") == text.count("]"):
            return text
        return _BRACKET.sub(r"\\\g<0>", text)
    if "://" in text:
        text = _ADDRESS.sub(r"\1\\:", text)
    if "ww." in text.lower():
        text = _WEB.sub(r"\1\\.", text)
    if "@" in text:
        text = "".join(_without_mail(text))
    return text


def _with_backslash(found: re.Match[str]) -> str:
    return "".join(f"\\{sign}" for sign in found[0])


def _without_mail(text: str) -> list[str]:
    """No escape keeps a mail address from being a link; an empty comment in it does."""
    pieces = mail_links(text)
    pieces[1::2] = [piece.replace("@", "@<!-- -->") for piece in pieces[1::2]]
    return pieces


def heading_line(line: str) -> str:
    """A line as it stands behind the signs of a heading, where no other block begins."""
    return _ESCAPED_START.sub(r"\1\2", line)


def escaped_start(line: str) -> str:
    """A line of a paragraph, the start of which would begin another block."""
    found = _LINE_START.match(line)
    if found is None:
        return line
    if found["number"]:
        return f"{found['number']}\\{line[found.end() :]}"
    return f"\\{line}"
