"""A difference for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ankipress.diff.changes import NoteChange
from ankipress.diff.difference import Difference
from ankipress.diff.marked_words import Marked, shortened
from ankipress.diff.wording import (
    field_texts,
    forecast_lines,
    group_title,
    grouped,
    notices,
    place_text,
    title,
    version_line,
)
from ankipress.visible_text import on_one_line

_INDENT = "    "


class LinePart(NamedTuple):
    """A part of a line with its look: `title`, `old` or `new`, `gone` and `come` for marked words,
    or none. Its text may be foreign.
    """

    text: str
    look: str = ""


Line = Sequence[LinePart]


def as_text(difference: Difference) -> str:
    """Everything that differs, what Anki will do, and the version that is needed."""
    return "\n".join("".join(map(_marked, line)) for line in text_lines(difference))


def _marked(piece: LinePart) -> str:
    """A part of a line as `git diff --word-diff` shows it."""
    text = on_one_line(piece.text)
    if piece.look == "gone":
        return f"[-{text}-]"
    if piece.look == "come":
        return f"{{+{text}+}}"
    return text


def text_lines(difference: Difference) -> Iterator[Line]:
    """The same line by line, for those who show the looks in their own way."""
    yield [LinePart(title(difference), "title")]
    for way, notes in grouped(difference):
        yield []
        yield [LinePart(group_title(way, notes), "title")]
        for note in notes:
            yield from _note(note, difference)
    for label, text in notices(difference):
        yield []
        yield [LinePart(label, "title"), LinePart(f": {text}")]
    yield []
    heading = f"What Anki does for a learner who has {difference.old.version_or_label}"
    yield [LinePart(heading, "title")]
    for line in forecast_lines(difference):
        yield [LinePart(f"  {line}")]
    yield []
    yield [LinePart("Version", "title"), LinePart(f": {version_line(difference)}")]


def _note(change: NoteChange, difference: Difference) -> Iterator[Line]:
    line = f"  {place_text(change.place) or '—'}  {change.guid}"
    if len(change.what) > 1:
        line += f"  ({', '.join(change.what)})"
    yield [LinePart(line)]
    for row in field_texts(change, difference):
        gone = "gone"
        come = "come"
        if not row.old or not row.new:
            gone, come = "old", "new"  # there is nothing to compare the words with
        if row.old:
            yield [LinePart(f"{_INDENT}- {row.name}: ", "old"), *_words(row.old, "old", gone)]
        if row.new:
            yield [LinePart(f"{_INDENT}+ {row.name}: ", "new"), *_words(row.new, "new", come)]


def _words(marked: Marked, plain_look: str, marked_look: str) -> Iterator[LinePart]:
    for span in shortened(marked):
        look = plain_look
        if span.marked:
            look = marked_look
        yield LinePart(span.text, look)
