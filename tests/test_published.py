"""What is published never changes: ids, names and schema of the note types, guids and note ids of
the first deck.

The golden file is written once. A failure here means that learners would get duplicates or lose
reviews: mend the code, not the file. Adding a card or a note type adds to the file: `python
tests/test_published.py`.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

from ankipress.identity.ids import (
    make_card_id,
    make_deck_id,
    make_guids,
    make_note_id,
    make_note_type_id,
    make_schema_id,
    make_uid,
)
from ankipress.identity.lock import read_lock
from ankipress.notetypes.builtin import note_types

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "published.json"
UID = "fastai-ch05-7q2mzk"


def published() -> dict[str, Any]:
    lock, problems = read_lock((ROOT / "ankipress.lock").read_text(encoding="utf-8"))
    assert problems == ()
    return {
        "uid": lock.uid,
        "note_types": {
            key: {
                "id": each.id,
                "name": each.name,
                "cloze": each.cloze,
                "fields": [[field.name, field.id] for field in each.fields],
                "templates": [[template.name, template.id] for template in each.templates],
            }
            for key, each in note_types(UID, "fastai-ch05", "").items()
        },
        "lock_note_types": {key: [stamp.id, stamp.name] for key, stamp in lock.note_types.items()},
        "notes": {record.guid: [record.note_id, record.since] for record in lock.records},
        "functions": {
            "uid": make_uid("name", "deck"),
            "guid": next(make_guids(UID, "What is a tensor?")),
            "second guid": list(islice(make_guids(UID, "What is a tensor?"), 2))[1],
            "note id": make_note_id("abcdefgh234567ab", ()),
            "card id": make_card_id("abcdefgh234567ab", 1, ()),
            "note type id": make_note_type_id(UID, "basic"),
            "deck id": make_deck_id("fastai"),
            "field id": make_schema_id(UID, "vocab", "field", "Word"),
        },
    }


def test_nothing_published_has_changed() -> None:
    golden, now = json.loads(GOLDEN.read_text(encoding="utf-8")), published()
    # Notes may be added, none may go or change.
    now["notes"] = {guid: value for guid, value in now["notes"].items() if guid in golden["notes"]}
    assert now == golden


def test_a_guid_is_a_plain_word_in_an_anki_search() -> None:
    guid = next(make_guids(UID, "ü?"))
    assert len(guid) == 16
    assert set(guid) <= set("abcdefghijklmnopqrstuvwxyz234567")


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    text = json.dumps(published(), ensure_ascii=False, indent=2, sort_keys=True)
    GOLDEN.write_text(text + "\n", encoding="utf-8", newline="\n")
