"""HTML → plain text by the rules of Anki's `rslib/src/text.rs`, which are not those of a browser."""

from __future__ import annotations

import html
import re

_TAGS = re.compile(
    r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.DOTALL | re.IGNORECASE
)
_MATH = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_BAD_REFERENCE = re.compile(r"&(?!(?:#[xX][0-9a-fA-F]+|#\d+|\w+);)")
_BREAK = re.compile(
    r"</?(?:br|address|article|aside|blockquote|canvas|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main"
    r"|nav|noscript|ol|output|p|pre|section|table|tfoot|ul|video)>",
    re.IGNORECASE,
)


def without_tags(text: str) -> str:
    """The text without its tags; character references stay."""
    return _TAGS.sub("", text)


def plain(text: str) -> str:
    """The text without its tags, with characters for references. Where one of these is not
    well-formed, all of them stay.
    """
    return unescaped(without_tags(text))


def unescaped(text: str) -> str:
    """The text with characters for references, or as it is where one of these is not well-formed."""
    is_as_it_is = "&" not in text or _BAD_REFERENCE.search(text)
    return text if is_as_it_is else html.unescape(text).replace("\xa0", " ")


def plain_to_speak(text: str) -> str:
    """What is read aloud: the plain text, with a space where a line ended."""
    return plain(_BREAK.sub(" ", text))


def without_tags_in_math(text: str) -> str:
    r"""The text with no tag inside `\(…\)` and `\[…\]`, where MathJax could not read on."""
    return _MATH.sub(lambda found: found[1] + without_tags(found[2]) + found[3], text)


def attribute(text: str) -> str:
    """A value of an attribute as Anki escapes it: each ASCII and Latin-1 character that is no
    letter or digit as a reference.
    """
    return re.sub(r"[^0-9A-Za-z\u0100-\U0010ffff]", _reference, text)


def _reference(found: re.Match[str]) -> str:
    known = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    return known.get(found[0], f"&#x{ord(found[0]):02X};")
