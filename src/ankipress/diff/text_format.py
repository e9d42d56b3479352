"""A difference for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ankipress.diff.changes import NoteChange
from ankipress.diff.difference import Difference
from ankipress.diff.marked_words import Marked, shortened
from ankipress.diff.wording import (
    TITLES,
    counted,
    field_texts,
    forecast_lines,
    grouped,
    title,
    version_line,
)

Paint = Callable[[str, str], str]
"""Gives a text the look of `title`, `old` or `new`, or of `gone` and `come` for marked words."""

_INDENT = "    "


def plain_paint(text: str, look: str) -> str:
    """Marks words as `git diff --word-diff` does."""
    return f"[-{text}-]" if look == "gone" else f"{{+{text}+}}" if look == "come" else text


def as_text(difference: Difference, paint: Paint = plain_paint) -> str:
    """Everything that differs, each note with its place and its texts of before and now, the
    forecast, and the version.
    """
    return "\n".join(_lines(difference, paint))


def _lines(difference: Difference, paint: Paint) -> Iterator[str]:
    yield paint(title(difference), "title")
    for change, notes in grouped(difference):
        heading = f"{TITLES[change]}: {counted(len(notes), 'note')}"
        yield f"\n{paint(heading, 'title')}"
        for note in notes:
            yield from _note(note, difference, paint)
    for rename in difference.renames:
        yield f"\n{paint('Deck renamed', 'title')}: {_visible(rename.old)} → {_visible(rename.new)}"
    for each in difference.note_types:
        yield f"\n{paint('Note type', 'title')} {_visible(each.name)}: {', '.join(each.what)}"
    yield from _unclear(difference, paint)
    old = difference.old.version or difference.old.label
    yield f"\n{paint(f'What Anki does for a learner who has {old}', 'title')}"
    yield from (f"  {line}" for line in forecast_lines(difference))
    yield f"\n{paint('Version', 'title')}: {version_line(difference)}"


def _unclear(difference: Difference, paint: Paint) -> Iterator[str]:
    if difference.new.unclear:
        heading = f"Unclear: {counted(len(difference.new.unclear), 'card')}"
        yield f"\n{paint(heading, 'title')}"
        yield "  counted as new until `ankipress ids` settles what they are"
    for each in difference.new.unclear:
        yield f"  {each.path}:{each.line}  {_visible(each.question)}"
        yield from (
            f"{_INDENT}may be {guid}  {_visible(question)}" for guid, question in each.candidates
        )


def _note(change: NoteChange, difference: Difference, paint: Paint) -> Iterator[str]:
    place = f"{change.path}:{change.line}" if change.line else change.path or "—"
    also = f"  ({', '.join(change.what)})" if len(change.what) > 1 else ""
    yield f"  {_visible(place)}  {change.guid}{also}"
    for row in field_texts(change, difference):
        if row.old:
            yield paint(f"{_INDENT}- {row.name}: ", "old") + _marked(
                row.old, "gone" if row.new else "old", paint
            )
        if row.new:
            yield paint(f"{_INDENT}+ {row.name}: ", "new") + _marked(
                row.new, "come" if row.old else "new", paint
            )


def _marked(marked: Marked, look: str, paint: Paint) -> str:
    plain = "old" if look in {"gone", "old"} else "new"
    pieces = (
        paint(_visible(text), look if is_marked else plain) for text, is_marked in shortened(marked)
    )
    return "".join(pieces)


def _visible(text: str) -> str:
    """A text that cannot command the terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
