"""Tags and other attributes in the braces of a heading, added and taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankipress.live.editing.field_sources import UnwritableError
from ankipress.live.text_edits import TextEdit
from ankipress.model import Entry
from ankipress.parse.attribute_tokens import tag_of, tokens
from ankipress.parse.id_insertion import end_of_question

_BRACES = re.compile(r"""[ \t]*\{:?(?P<inner>(?:"[^"]*"|'[^']*'|[^{}"'])*)\}""")


def edited_braces(
    lines: Sequence[str],
    entry: Entry,
    added: Sequence[str],
    removed: Sequence[str],
) -> TextEdit | None:
    """The edit by which the braces of a card say some words more, and others no more; None where
    nothing changes. Tags that are removed begin with a dot. Raises UnwritableError.
    """
    end = end_of_question(entry)
    if end is None:
        raise UnwritableError("its question is the name of its file, which has no braces")
    line = lines[end.line]
    found = _BRACES.match(line, end.column)
    if found is not None:
        return _edited(end.line, found, added, removed)
    if removed:
        raise UnwritableError(_not_there(removed))
    if not added:
        return None
    place = end.line, end.column
    return TextEdit(place, place, f" {{{' '.join(added)}}}")


def _edited(
    number: int,
    braces: re.Match[str],
    added: Sequence[str],
    removed: Sequence[str],
) -> TextEdit | None:
    """The same of braces that stand on the line of a number."""
    start, end = braces.span("inner")
    kept, missing = _without(braces.string, start, end, removed)
    if missing:
        raise UnwritableError(_not_there(missing))
    before = braces["inner"].strip()
    inner = " ".join([*kept, *added])
    if inner == before:
        return None
    if not inner:  # the braces go
        start, end = braces.span()
    elif not removed:  # what is there stays as it is written
        start = end
        inner = " ".join(added)
        if before:
            inner = f" {inner}"
    return TextEdit((number, start), (number, end), inner)


def _without(
    line: str,
    start: int,
    end: int,
    removed: Sequence[str],
) -> tuple[list[str], list[str]]:
    """The words of a list but for some, and those of them that are not in it."""
    kept: list[str] = []
    found: set[str] = set()
    for each in tokens(line, start, end):
        names = set(_names(each))
        if names & set(removed):
            found |= names
        else:
            kept.append(each[0].strip())
    return kept, [each for each in removed if each not in found]


def _names(token: re.Match[str]) -> Iterator[str]:
    tag = tag_of(token)
    if tag is not None:
        yield f".{tag}"
    elif token["key"]:
        yield token["key"]


def _not_there(words: Sequence[str]) -> str:
    shown = " and ".join(each.removeprefix(".") for each in words)
    return f"the braces of its heading do not say {shown}"
