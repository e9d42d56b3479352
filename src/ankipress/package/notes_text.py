"""Package → the text that Anki imports into notes which learners have already.

Notes are found by their guids or first fields, and note types by their names. So it also reaches
learners whose note types have ids of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ankipress.model import Package, PackedNote

RETIRED = "already retired, of which only a package tells"
"""Why a note that was retired is in no export: it would come with cards to learners who never had
it.
"""

_FIRST_FIELD = 4  # the column, from 1: before it stand guid, note type and deck
_NUMBER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, slots=True)
class TextExport:
    """A text for Anki's import, the number of its notes, and of notes that are left out, by the
    reason.
    """

    text: str
    notes: int
    left_out: Mapping[str, int]


def make_text(
    package: Package,
    with_tags: Collection[str],
    *,
    has_guids: bool = True,
) -> TextExport:
    """The notes of a package as Anki's text format. Media are not in it.

    Without guids, Anki finds the notes of a note type by their first fields.

    `with_tags` are the guids of the notes whose tags are written. Anki replaces all tags of those,
    a learner's own too, and leaves those of the others as they are.
    """
    names = {each.key: each.name for each in package.note_types}
    width = max((len(each.fields) for each in package.notes), default=0)
    reasons: Counter[str] = Counter()
    rows = []
    for note in package.notes:
        name = names[note.note_type]
        reason = _why_left_out(note, name)
        if reason:
            reasons[reason] += 1
            continue
        guid = ""
        if has_guids:
            guid = note.guid
        cells = [guid, name, note.deck, *note.fields]
        # The tags stand last: a row that ends before them leaves a learner's tags alone.
        if note.guid in with_tags:
            cells += [""] * (width - len(note.fields))
            cells.append(" ".join(note.tags))
        rows.append(_row(cells))
    return TextExport("".join([*_head(width), *rows]), len(rows), dict(reasons))


def _head(width: int) -> Iterable[str]:
    """The lines that tell Anki what is in each column, for notes with up to so many fields."""
    fields = [f"field {number}" for number in range(1, width + 1)]
    labels = ["guid", "note type", "deck", *fields, "tags"]
    # Without labels, Anki takes the first row for as wide as all of them.
    yield "#separator:tab\n"
    yield "#html:true\n"
    yield "#columns:" + "\t".join(labels) + "\n"
    yield "#guid column:1\n"
    yield "#notetype column:2\n"
    yield "#deck column:3\n"
    yield f"#tags column:{_FIRST_FIELD + width}\n"


def _row(cells: Iterable[str]) -> str:
    """A line of the file: with quotes, no cell means anything else to Anki."""
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    return "\t".join(quoted) + "\n"


def _why_left_out(note: PackedNote, note_type: str) -> str:
    """Why Anki's import cannot take a note as it is meant, empty where it can."""
    if not note.ords:
        return RETIRED
    if not note.fields[0]:
        return "with an empty first field, which Anki's text import skips"
    if _NUMBER.fullmatch(note_type) or _NUMBER.fullmatch(note.deck):
        return "with a note type or deck named by a number, which Anki takes for an id"
    return ""
