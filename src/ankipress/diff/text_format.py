"""A difference for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

Paint = Callable[[str, str], str]
"""Gives a text the look of `title`, `old` or `new`, or of `gone` and `come` for marked words."""

_INDENT = "    "


def plain_paint(text: str, look: str) -> str:
    """Mark words as `git diff --word-diff` does."""
    if look == "gone":
        return f"[-{text}-]"
    if look == "come":
        return f"{{+{text}+}}"
    return text


def as_text(difference: Difference, paint: Paint = plain_paint) -> str:
    """Everything that differs, what Anki will do, and the version that is needed."""
    return "\n".join(_lines(difference, paint))


def _lines(difference: Difference, paint: Paint) -> Iterator[str]:
    yield paint(title(difference), "title")
    for way, notes in grouped(difference):
        yield f"\n{paint(group_title(way, notes), 'title')}"
        for note in notes:
            yield from _note(note, difference, paint)
    for label, text in notices(difference):
        yield f"\n{paint(label, 'title')}: {_visible(text)}"
    heading = f"What Anki does for a learner who has {difference.old.version_or_label}"
    yield f"\n{paint(heading, 'title')}"
    for line in forecast_lines(difference):
        yield f"  {line}"
    yield f"\n{paint('Version', 'title')}: {version_line(difference)}"


def _note(change: NoteChange, difference: Difference, paint: Paint) -> Iterator[str]:
    line = f"  {_visible(place_text(change.place) or '—')}  {change.guid}"
    if len(change.what) > 1:
        line += f"  ({', '.join(change.what)})"
    yield line
    for row in field_texts(change, difference):
        gone = "gone"
        come = "come"
        if not row.old or not row.new:
            gone, come = "old", "new"  # there is nothing to compare the words with
        if row.old:
            name = paint(f"{_INDENT}- {row.name}: ", "old")
            yield name + _words(row.old, paint, "old", gone)
        if row.new:
            name = paint(f"{_INDENT}+ {row.name}: ", "new")
            yield name + _words(row.new, paint, "new", come)


def _words(marked: Marked, paint: Paint, plain_look: str, marked_look: str) -> str:
    words = []
    for span in shortened(marked):
        look = plain_look
        if span.marked:
            look = marked_look
        words.append(paint(_visible(span.text), look))
    return "".join(words)


def _visible(text: str) -> str:
    """A text without characters that control the terminal."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
