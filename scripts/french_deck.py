"""A small deck as an author has it in Anki: made by Anki's engine, with the HTML that its editor
writes, and exported as a package.

It is the example of docs/importing-decks.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from anki.collection import Collection, ExportAnkiPackageOptions

ROOT = Path(__file__).resolve().parent.parent
MEDIA = ROOT / "examples" / "media"
NAME = "french.apkg"

_STYLE = """.card {
  font-family: arial;
  font-size: 20px;
  text-align: center;
}
.forms { color: #28a; }
.example { font-size: 16px; font-style: italic; }
"""
_VERB = ("Verb", "Meaning", "Forms", "Example")
_FRONT = "{{Verb}}"
_BACK = (
    "{{FrontSide}}\n\n<hr id=answer>\n\n{{Meaning}}\n"
    '<div class="forms">{{Forms}}</div>\n<div class="example">{{Example}}</div>'
)
_NOTES = (
    (
        "French::Verbs",
        "Verb",
        (
            "être [sound:etre.wav]",
            "to be",
            "<div>je <b>suis</b></div><div>tu <b>es</b></div><div>il <b>est</b></div>",
            "Je <b>suis</b>&nbsp;en retard.",
        ),
        ["verb", "irregular"],
    ),
    (
        "French::Verbs",
        "Verb",
        ("avoir", "to have", "j'<b>ai</b><br>tu <b>as</b><br>il <b>a</b>", ""),
        ["verb", "irregular"],
    ),
    (
        "French::Grammar",
        "Basic",
        (
            "Which verbs take <i>être</i> in the passé composé?",
            "<ul><li>verbs of movement: <i>aller</i>, <i>venir</i></li><li>se laver</li></ul>",
        ),
        ["verb"],
    ),
    ("French::Words", "Basic", ("le ciel", 'the sky<br><img src="sky.png">'), ["noun"]),
    (
        "French::Words",
        "Basic",
        (
            "la boîte",
            '<span style="border: 2px solid #c33; padding: 0 .5em">the box</span>',
        ),
        ["noun"],
    ),
    (
        "French::Words",
        "Cloze",
        ("{{c1::La}} maison est {{c2::belle::beautiful}}.", "<i>Beau</i> is irregular."),
        ["noun"],
    ),
)


def write_deck(folder: Path) -> Path:
    """The package of the deck, in a folder."""
    collection = Collection(str(folder / "collection.anki2"))
    _add_verb(collection)
    for file, name in (("sky.png", "sky.png"), ("a4.wav", "etre.wav")):
        collection.media.write_data(name, (MEDIA / file).read_bytes())
    for deck, note_type, fields, tags in _NOTES:
        note = collection.new_note(collection.models.by_name(note_type))
        note.fields = list(fields)
        note.tags = tags
        collection.add_note(note, collection.decks.id(deck))
    package = folder / NAME
    options = ExportAnkiPackageOptions(with_media=True)
    collection.export_anki_package(out_path=str(package), options=options, limit=None)
    collection.close()
    return package


def _add_verb(collection: Any) -> None:
    """A note type of the author's own."""
    note_type = collection.models.new("Verb")
    for name in _VERB:
        collection.models.add_field(note_type, collection.models.new_field(name))
    template = collection.models.new_template("Card 1")
    template["qfmt"] = _FRONT
    template["afmt"] = _BACK
    collection.models.add_template(note_type, template)
    note_type["css"] = _STYLE
    collection.models.add(note_type)


def main() -> int:
    """Write the package into the current folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(NAME).write_bytes(write_deck(Path(folder)).read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
