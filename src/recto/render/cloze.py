"""What Anki would take for a part of a cloze deletion and is none.

Anki reads deletions from the raw text of a field, through all markup: the first `::` in one begins its hint and `}}` ends it,
wherever they stand. Character references do not help, since canonical HTML has none of them; a markup boundary does.
"""

from __future__ import annotations

import re

from recto.render.html import outside_tags
from recto.render.math import MARK

_CODE = re.compile(r"<(pre|code)(?: [^>]*)?>.*?</\1>", re.DOTALL)
_MATH = re.compile(rf"{MARK}\(.*?{MARK}\)|{MARK}\[.*?{MARK}\]", re.DOTALL)
_DELETION = re.compile(r"\{\{c[\d,]+::")
_OPENING = re.compile(r"\{(?=\{c\d)")
_TWINS = re.compile(r":(?=:)|\}(?=\})|\{(?=\{)")


def shield(text: str) -> str:
    """The text of a cloze note, canonical and with marked mathematics, in which code and mathematics end no deletion."""
    if "{{c" not in text:
        return text
    return _MATH.sub(_loose_math, _CODE.sub(lambda found: _apart(_TWINS, found[0]), text))


def _loose_math(found: re.Match[str]) -> str:
    """Mathematics in which only the braces of its own deletions touch: TeX takes no notice of a space between the others."""
    tex, pieces, braces, position = found[0], list[str](), list[bool](), 0
    while position < len(tex):
        opening = _DELETION.match(tex, position)
        in_deletion = bool(braces) and braces[-1]
        if opening or tex[position] == "{":
            braces.append(opening is not None)
            text = opening[0] if opening else "{"
        elif tex[position] == "}":
            text = "}}" if in_deletion and tex.startswith("}}", position) else "}"
            del braces[-1:]
        else:
            text = "::" if tex.startswith("::", position) else tex[position]
        position += len(text)
        touches = text.endswith("}") and tex[position : position + 1] == "}"
        pieces.append(":{}:" if text == "::" and not in_deletion else f"{text} " if touches else text)
    return "".join(pieces)


def without_deletions(text: str) -> str:
    """A field other than the text of a cloze note: Anki counts deletions there too, and would make cards that hide nothing."""
    return _apart(_OPENING, text)


def _apart(characters: re.Pattern[str], html: str) -> str:
    """HTML with something behind each of these characters: a markup boundary, or in a tag, which can hold none, a space."""
    return outside_tags(html, lambda text: characters.sub(r"\g<0><wbr>", text), lambda tag: characters.sub(r"\g<0> ", tag))
