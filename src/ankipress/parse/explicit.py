"""Explicit ids, written into the headings of a file with every other byte kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from itertools import count

from ankipress.parse.attributes import split_attributes
from ankipress.parse.front_matter import read_front_matter
from ankipress.parse.rows import term_definition
from ankipress.syntax.outline import outline

_LONGEST = 48  # characters: longer ids are no longer readable
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_FIRST_CELL = re.compile(r"([ \t]*\|?[ \t]*)((?:\\.|[^|\\])*)", re.DOTALL)
_BYTE_ORDER_MARK = "\ufeff"
# Every question has these; an id is the more readable without them.
_SMALL_WORDS = frozenset(
    "a an and are as at be by can did do does for from has have how i if in into is it its of on or s should t that the their"
    " them these they this those to was we were what when where which who why will with would you your".split()
)


def make_slug(question: str, taken: Container[str]) -> str:
    """A readable id for a question, made of its words, that is not taken."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", question).lower())
    words = [word for word in words if word not in _SMALL_WORDS] or words
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) >= _LONGEST:
            break
        slug = f"{slug}-{word}" if slug else word[:_LONGEST]
    slug = slug or "card"
    return next(
        name
        for number in count(1)
        if (name := slug if number == 1 else f"{slug}-{number}") not in taken
    )


def insert_ids(text: str, ids: Mapping[int, str]) -> str:
    """A file's text with `{#id}` at the end of headings, or of first cells of rows, by the 1-based
    line on which each starts.

    Line ends, a byte order mark, closing hashes and braces that are there already are kept.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    lines = [(found[1], found[2]) for found in _LINE.finditer(text, len(mark))]
    texts = [line for line, _ in lines]
    matter, _ = read_front_matter(texts, "")
    body = [""] * matter.lines + texts[matter.lines :]
    headings = {each.start + 1: each for each in outline(body).headings}
    for start, name in ids.items():
        heading = headings.get(start)
        if heading is None:
            line, end = lines[start - 1]
            is_term = term_definition(body, start - 1) is not None
            lines[start - 1] = (
                _with_id(line, name, underlined=True) if is_term else _row_with_id(line, name),
                end,
            )
            continue
        last = heading.end - (2 if heading.underlined else 1)
        line, end = lines[last]
        lines[last] = (_with_id(line, name, underlined=heading.underlined), end)
    return mark + "".join(line + end for line, end in lines)


def _row_with_id(line: str, name: str) -> str:
    """A row of a table with an id at the end of its first cell."""
    found = _FIRST_CELL.match(line)
    assert found, f"not a row: {line!r}"
    cell = found[2] if found[2].strip() else f" {found[2]}"
    return found[1] + _with_id(cell, name, underlined=True) + line[found.end() :]


def _with_id(line: str, name: str, *, underlined: bool) -> str:
    content = line.rstrip(" \t")
    without_hashes = content.rstrip("#")
    if not underlined and without_hashes.endswith((" ", "\t")):
        content = without_hashes.rstrip(" \t")
    rest = line[len(content) :]
    before, _, _ = split_attributes(content)
    if before == content:
        return f"{content} {{#{name}}}{rest}"
    opening = content.index("{", len(before)) + 1
    opening += content[opening : opening + 1] == ":"
    return f"{content[:opening]}#{name} {content[opening:].lstrip()}{rest}"
