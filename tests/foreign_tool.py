"""Another tool that makes a package of Markdown, as many do: with genanki, a guid of the question,
and one note type of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import genanki

TYPE_ID = 1_607_392_319
MADE = 1_500_000_000
"""When the package was made: each note has this time."""


def guid_of(question: str) -> str:
    """The guid that the tool gives."""
    guid: str = genanki.guid_for(question)
    return guid


def save_package(
    path: Path,
    notes: Iterable[Sequence[str]],
    *,
    fields: Sequence[str] = ("Question", "Answer"),
    others: Iterable[Sequence[str]] = (),
    media: Sequence[Path] = (),
) -> Path:
    """A package of notes, by their fields; `others` are of a second note type."""
    deck = genanki.Deck(2_059_400_110, "Biology")
    types = (_type(TYPE_ID, "Notes tool", fields), _type(TYPE_ID + 1, "Other", ("Front", "Back")))
    for note_type, each in zip(types, (notes, others), strict=True):
        for values in each:
            note = genanki.Note(note_type, list(values), guid=guid_of(values[0]), tags=["bio"])
            deck.add_note(note)
    package = genanki.Package(deck, media_files=[str(each) for each in media])
    package.write_to_file(str(path), timestamp=MADE)
    return path


def _type(id: int, name: str, fields: Sequence[str]) -> genanki.Model:
    question, answer, *_ = fields
    template = {
        "name": "Card 1",
        "qfmt": f'<link href="_tool.css">{{{{{question}}}}}',
        "afmt": f'{{{{FrontSide}}}}<hr id="answer">{{{{{answer}}}}}',
    }
    css = ".card { font-size: 20px; }\n"
    return genanki.Model(id, name, [{"name": each} for each in fields], [template], css=css)
