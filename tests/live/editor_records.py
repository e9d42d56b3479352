"""Records of what Anki's own editor leaves of fields, and what becomes of each in its card."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from anki_edits import PICTURE, SOUND
from ankipress.build.cards import Resources
from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.editing.card_editing import CardEditor
from ankipress.live.text_edits import with_edits
from ankipress.live.wanted_note import CardEdit
from ankipress.model import LoadedContent, Lock, Source
from author import picture
from judged_edits import is_as_meant
from live.card_edits import EditedDeck
from round_trips import round_trip
from stages import Files

FOLDER = Path(__file__).parent / "editor"
RECORDS: list[dict[str, Any]] = json.loads((FOLDER / "edits.json").read_text("utf-8"))
GESTURES = list(dict.fromkeys(str(each["gesture"]) for each in RECORDS))
MEDIA = {PICTURE: picture(200), SOUND: b"ID3 a sound"}


@cache
def deck() -> EditedDeck:
    """The cards, beside the files that were pasted."""
    files = Files({f"media/{name}": data for name, data in MEDIA.items()})
    digests = {name: LoadedContent(data).digest for name, data in MEDIA.items()}
    text = (FOLDER / "cards.md").read_text("utf-8")
    return EditedDeck(text, files=files, lock=Lock(media=digests))


class Remembered:
    """What was compiled before, so that a card is compiled once."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """What is known of them."""
        return {key: self._values[key] for key in keys if key in self._values}

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Remember them."""
        self._values.update(values)


RESOURCES = Resources(Remembered())


@cache
def compiled() -> Compiled:
    return compile_deck(deck().project, 0, RESOURCES)


def fields(found: Compiled, number: int) -> Mapping[str, str]:
    """The fields of a note, by name."""
    note = found.package.notes[number]
    names = {each.key: each.field_names for each in found.package.note_types}
    return dict(zip(names[note.note_type], note.fields, strict=True))


def contents(record: Mapping[str, Any]) -> AnkiContents:
    """An Anki in which one field was edited."""
    found = round_trip(compiled().package).deck
    notes = list(found.notes)
    note = notes[record["note"]]
    names = found.note_types[note.note_type].field_names
    fields = dict(zip(names, note.fields, strict=True)) | {record["field"]: record["html"]}
    assert note.mod is not None
    edited = replace(note, fields=tuple(fields.values()), mod=note.mod + 60)
    notes[record["note"]] = edited
    return AnkiContents("Anki", replace(found, notes=tuple(notes)), lambda _: {}, is_whole=True)


def trouble(record: Mapping[str, Any]) -> str:
    """What is wrong with what becomes of an edit, empty where nothing is."""
    found = compare_with_anki(contents(record), compiled(), compiled().stamped.lock)
    number, name = record["note"], record["field"]
    text = deck().text
    before = fields(compiled(), number)
    for wanted in (each.wanted for each in found.notes if each.wanted is not None):
        edit = CardEditor(deck().project, compiled(), RESOURCES).edit(wanted)
        if not isinstance(edit, CardEdit) or edit.left:
            return f"it is not written: {edit}"
        text = with_edits(text, edit.edits)
    edited = replace(deck().project, sources=(Source("cards.md", text),))
    after = fields(compile_deck(edited, 0, RESOURCES), number)
    if not is_as_meant(before[name], record["html"], after[name]):
        return f"{record['html']}\nbecame\n{after[name]}"
    others = [each for each in before if each not in {name, "Key"}]
    if any(before[each] != after[each] for each in others):
        return f"another field changed: {after}"
    return ""
