"""HTML → plain text by the rules of Anki's `rslib/src/text.rs`, not those of a browser."""

from __future__ import annotations

import html
import re

_OPENING = re.compile(r"<(?:!--|style|script)?", re.IGNORECASE)
_CLOSINGS = {
    "<!--": re.compile("-->"),
    "<style": re.compile(r"</style>", re.IGNORECASE),
    "<script": re.compile(r"</script>", re.IGNORECASE),
}
_MATH = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_BAD_REFERENCE = re.compile(r"&(?!(?:#[xX][0-9a-fA-F]+|#\d+|\w+);)")
_BREAK = re.compile(
    r"</?(?:br|address|article|aside|blockquote|canvas|dd|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|li|main|nav|noscript|ol|output|p|pre|section|table|tfoot|ul"
    r"|video)>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"[^0-9A-Za-z\u0100-\U0010ffff]")
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
}


def without_tags(text: str) -> str:
    """The text without its tags; character references stay."""
    pieces = []
    position = 0
    never_closed: set[str] = set()
    opening = _OPENING.search(text)
    while opening:
        end = _tag_end(text, opening, never_closed)
        if end < 0:
            break
        pieces.append(text[position : opening.start()])
        position = end
        opening = _OPENING.search(text, position)
    pieces.append(text[position:])
    return "".join(pieces)


def _tag_end(text: str, opening: re.Match[str], never_closed: set[str]) -> int:
    """Where a tag ends, with what it holds; -1 where no tag ends any more."""
    name = opening[0].lower()
    end = text.find(">", opening.start())
    if name == "<" or name in never_closed or end < 0:
        return _after(end)
    # What a comment holds begins at once, what a style sheet holds behind its tag.
    inside = end + 1
    if name == "<!--":
        inside = opening.end()
    closing = _CLOSINGS[name].search(text, inside)
    if closing:
        return closing.end()
    never_closed.add(name)
    return _after(end)


def _after(end: int) -> int:
    if end < 0:
        return end
    return end + 1


def plain(text: str) -> str:
    """The text without its tags, with characters for its references."""
    return unescaped(without_tags(text))


def unescaped(text: str) -> str:
    """The text with characters for its references; as it is where one is not well-formed."""
    if "&" not in text or _BAD_REFERENCE.search(text):
        return text
    return html.unescape(text).replace("\xa0", " ")


def plain_to_speak(text: str) -> str:
    """What is read aloud: the plain text, with a space where a line ended."""
    return plain(_BREAK.sub(" ", text))


def without_tags_in_math(text: str) -> str:
    r"""The text with no tag inside `\(…\)` and `\[…\]`, where MathJax could not read on."""
    return _MATH.sub(lambda found: f"{found[1]}{without_tags(found[2])}{found[3]}", text)


def attribute(text: str) -> str:
    """A value of an attribute as Anki escapes it: ASCII and Latin-1 characters that are no letter
    or digit become references.
    """
    return _ESCAPED.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    character = found[0]
    return _REFERENCES.get(character, f"&#x{ord(character):02X};")
