"""A difference as Markdown, for a comment on a pull request or the summary of a workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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

_MOST = 60_000  # characters; a comment on GitHub holds 65,536
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$@&!]|(?<=\w)://|(?<=www)\.")


def as_markdown(difference: Difference) -> str:
    """Everything that differs as tables of before and now; the last notes are only counted where a
    comment would not hold them.

    No text of a card can end a table, address a person or load a picture.
    """
    head = "\n".join(_head(difference))
    pieces: list[str] = []
    left = _MOST - len(head)
    for change, notes in grouped(difference):
        piece = "\n".join(
            _group(f"{TITLES[change]}: {counted(len(notes), 'note')}", notes, difference, left)
        )
        pieces.append(piece)
        left -= len(piece)
    return "\n\n".join([head, *pieces]) + "\n"


def _head(difference: Difference) -> Iterator[str]:
    yield f"### {_escaped(title(difference))}\n"
    old = difference.old.version or difference.old.label
    yield f"**What Anki does for a learner who has {_escaped(old)}:**\n"
    yield from (f"- {_escaped(line)}" for line in forecast_lines(difference))
    yield f"\n**Version:** {_escaped(version_line(difference))}"
    for rename in difference.renames:
        yield f"\n**Deck renamed:** {_escaped(rename.old)} → {_escaped(rename.new)}"
    for each in difference.note_types:
        yield f"\n**Note type** {_escaped(each.name)}: {', '.join(each.what)}"
    if difference.new.unclear:
        yield "\n**Unclear:** counted as new until somebody says which card they are (`ankipress ids`)\n"
    for unclear in difference.new.unclear:
        may_be = "; ".join(_escaped(question) for _, question in unclear.candidates)
        yield f"- {_escaped(unclear.path)}:{unclear.line} {_escaped(unclear.question)} — may be: {may_be}"


def _group(
    heading: str, notes: Sequence[NoteChange], difference: Difference, room: int
) -> Iterator[str]:
    yield f"<details{' open' if len(notes) <= 10 else ''}><summary>{heading}</summary>\n"
    yield "| Card | Before | Now |\n| --- | --- | --- |"
    for number, note in enumerate(notes):
        row = _row(note, difference)
        room -= len(row) + 1
        if room < 0:
            yield f"\n… and {len(notes) - number} more\n\n</details>"
            return
        yield row
    yield "\n</details>"


def _row(change: NoteChange, difference: Difference) -> str:
    place = f"{change.path}:{change.line}" if change.line else change.path
    where = f"{_escaped(place)}<br>" if place else ""
    also = f"<br>{', '.join(change.what)}" if len(change.what) > 1 else ""
    rows = field_texts(change, difference)
    old = "<br>".join(
        f"{_name(row.name)}{_marked(row.old, '~~', bare=not row.new)}" for row in rows if row.old
    )
    new = "<br>".join(
        f"{_name(row.name)}{_marked(row.new, '**', bare=not row.old)}" for row in rows if row.new
    )
    return f"| {where}`{_code(change.guid)}`{also} | {old} | {new} |"


def _name(name: str) -> str:
    return f"*{_escaped(name)}:* "


def _marked(marked: Marked, mark: str, *, bare: bool) -> str:
    tag = "del" if mark == "~~" else "ins"
    return "".join(
        f"<{tag}>{_escaped(text)}</{tag}>" if is_marked and not bare else _escaped(text)
        for text, is_marked in shortened(marked)
    )


def _code(text: str) -> str:
    return re.sub(r"[`|\s]", "", text)


def _escaped(text: str) -> str:
    """A text that is nothing but text: characters with a meaning as references, and no address that
    becomes a link.
    """
    return _SPECIAL.sub(
        lambda found: "".join(f"&#{ord(character)};" for character in found[0]),
        text.replace("\n", " "),
    )
