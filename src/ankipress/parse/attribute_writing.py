"""Headings of cards of adopted note types as Markdown, from which they are read again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ankipress.model import TextMode
from ankipress.parse.attribute_tokens import TEXT, tokens
from ankipress.parse.attributes import split_attributes
from ankipress.parse.field_names import shown_name
from ankipress.parse.near_attributes import slips
from ankipress.syntax.outline import outline

_MARKUP = re.compile(r"""[!"#$%&'()*+,./:;<=>?@\[\\\]^_`{|}~-]""")
_NOT_PLAIN = re.compile(r"\W|_")


def attribute_text(tags: Iterable[str], kind: str = "", text: TextMode | None = None) -> str:
    """The braces of a heading that say tags, a kind, and how the first field becomes HTML; empty
    where there is nothing to say.

    Tags are such as Anki can have: not empty, without spaces and control characters, with a name in
    each of their parts.
    """
    words = [_tag_text(tag) for tag in tags]
    if kind:
        words.append(f"kind={kind}")
    if text is not None:
        words.append(f"{TEXT}={text}")
    if not words:
        return ""
    return f"{{{' '.join(words)}}}"


def _tag_text(tag: str) -> str:
    normal = unicodedata.normalize("NFC", tag)
    plain = f".{normal}"
    found = tokens(plain, 0, len(plain))
    is_plain = len(found) == 1 and found[0]["mark"] == "." and not any(slips(found))
    if is_plain and found[0]["name"] == normal:
        return plain
    quoted = normal.replace('"', '""')
    return f'."{quoted}"'


def field_heading(name: str, level: int, text: TextMode | None = None) -> str:
    """The heading that begins a field, whatever its name is, and says how it becomes HTML."""
    braces = attribute_text((), text=text)
    marks = "#" * level
    lines = [f"{marks} {written} {braces}".rstrip() for written in _spellings(name)]
    for line in lines:
        if _names(line, name, text):
            return line
    return lines[-1]


def _spellings(name: str) -> Iterator[str]:
    """A name as Markdown: as it is, with marks escaped, and with all of its signs as numbers."""
    yield name
    yield _MARKUP.sub(r"\\\g<0>", name)
    yield _NOT_PLAIN.sub(lambda found: f"&#{ord(found[0])};", name)


def _names(line: str, name: str, mode: TextMode | None) -> bool:
    """Whether a line is a heading that shows just this name."""
    if "\n" in line:
        return False
    found = outline([line]).headings
    if len(found) != 1:
        return False
    text, attributes, mistakes = split_attributes(found[0].text)
    return not mistakes and attributes.text == mode and shown_name(text) == name
