"""A difference as Markdown, for a comment on a pull request or the summary of a workflow.

All that is foreign is code, within `<code>` or a fence. GitHub makes nothing of what stands there:
no mention, which would notify somebody, no reference to an issue or a commit, no link, no picture.
`&#64;` would not do: references are decoded before names are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from ankipress.visible_text import fenced, on_one_line

_MOST = 60_000  # characters; a comment on GitHub holds 65,536
_OPEN = 10  # notes of a group that is unfolded
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$@&!:]|(?<=www)\.", re.IGNORECASE)


def as_markdown(difference: Difference) -> str:
    """Everything that differs, as tables of before and now.

    The last notes are only counted where a comment would be too long.
    """
    parts = ["\n".join(_head(difference))]
    room = _MOST - len(parts[0])
    for way, notes in grouped(difference):
        part = "\n".join(_group(group_title(way, notes), notes, difference, room))
        parts.append(part)
        room -= len(part)
    return "\n\n".join(parts) + "\n"


def _head(difference: Difference) -> Iterator[str]:
    yield f"### {_code(title(difference))}\n"
    old = _code(difference.old.version_or_label)
    yield f"**What Anki does for a learner who has** {old}**:**\n"
    yield fenced("\n".join(map(on_one_line, forecast_lines(difference))))
    yield f"\n**Version:** {_code(version_line(difference))}"
    for label, text in notices(difference):
        yield f"\n**{label}:** {_code(text)}"


def _group(
    heading: str,
    notes: Sequence[NoteChange],
    difference: Difference,
    room: int,
) -> Iterator[str]:
    is_open = " open" * (len(notes) <= _OPEN)
    yield f"<details{is_open}><summary>{heading}</summary>\n"
    yield "| Card | Before | Now |\n| --- | --- | --- |"
    for number, note in enumerate(notes):
        row = _row(note, difference)
        room -= len(row) + 1
        if room < 0:
            yield f"\n… and {len(notes) - number} more"
            break
        yield row
    yield "\n</details>"


def _row(change: NoteChange, difference: Difference) -> str:
    card = [_code(change.guid)]
    if change.place.path:
        card.insert(0, _code(place_text(change.place)))
    if len(change.what) > 1:
        card.append(", ".join(change.what))
    old = []
    new = []
    for row in field_texts(change, difference):
        # Words are marked only where there is something to compare them with.
        is_pair = bool(row.old and row.new)
        if row.old:
            old.append(_field(row.name, row.old, "del" * is_pair))
        if row.new:
            new.append(_field(row.name, row.new, "ins" * is_pair))
    return f"| {'<br>'.join(card)} | {'<br>'.join(old)} | {'<br>'.join(new)} |"


def _field(name: str, marked: Marked, tag: str) -> str:
    words = []
    for span in shortened(marked):
        text = _escaped(span.text)
        if tag and span.marked:
            text = f"<{tag}>{text}</{tag}>"
        words.append(text)
    return f"*{_code(name)}:* <code>{''.join(words)}</code>"


def _code(text: str) -> str:
    return f"<code>{_escaped(text)}</code>"


def _escaped(text: str) -> str:
    """A text that Markdown shows to the letter, and in which no address becomes a link."""
    shown = on_one_line(text.replace("\n", " "))
    # Of a@b, GitHub's Markdown makes a link even between tags.
    return _SPECIAL.sub(_references, shown).replace("&#64;", "&#64;&#8203;")


def _references(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in found[0])
