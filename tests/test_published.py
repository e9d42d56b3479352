"""What is published never changes: ids, names and schema of the note types, guids and note ids of
the first deck.

A failure here means that learners would get duplicates or lose reviews: fix the code, not the file.
Adding a card or a note type adds to the file: `python tests/test_published.py`. It refuses to write
where anything that stands in the file would change or go.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from ankipress.identity.ids import (
    make_card_id,
    make_deck_id,
    make_guids,
    make_note_id,
    make_note_type_id,
    make_schema_id,
    make_uid,
)
from ankipress.notetypes.builtin import note_types
from author import lock_of

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "published.json"
UID = "fastai-ch05-7q2mzk"


def published() -> dict[str, Any]:
    lock = lock_of(ROOT)
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


def lost(old: object, new: object, name: str = "published") -> Iterator[str]:
    """What stands in the old values and not, or otherwise, in the new ones. Keys may be added."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            yield from lost(value, new.get(key), f"{name}.{key}")
    elif old != new:
        yield f"{name}: {old!r} would become {new!r}"


@pytest.mark.parametrize(
    ("new", "names"),
    [
        pytest.param({"uid": "u", "notes": {"g": [1, "1.0.0"]}}, [], id="nothing changed"),
        pytest.param({"uid": "u", "notes": {"g": [1, "1.0.0"], "h": [2, "1.1.0"]}}, [], id="added"),
        pytest.param({"uid": "u", "notes": {"h": [1, "1.0.0"]}}, ["notes.g"], id="another guid"),
        pytest.param({"uid": "u", "notes": {"g": [2, "1.0.0"]}}, ["notes.g"], id="another id"),
        pytest.param({"uid": "v", "notes": {"g": [1, "1.0.0"]}}, ["uid"], id="another uid"),
        pytest.param({"uid": "u"}, ["notes"], id="no notes"),
    ],
)
def test_only_additions_are_written(new: dict[str, Any], names: list[str]) -> None:
    old = {"uid": "u", "notes": {"g": [1, "1.0.0"]}}
    assert [each.partition(":")[0] for each in lost(old, new, "all")] == [
        f"all.{name}" for name in names
    ]


def test_the_golden_file_is_complete() -> None:
    """Otherwise what was added since could change, and no test would notice."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert golden["notes"].keys() == published()["notes"].keys()


def add_to_golden_file() -> None:
    """Add what is new to the golden file; exit without a change if anything in it would change."""
    now = published()
    refused = list(lost(json.loads(GOLDEN.read_text(encoding="utf-8")), now))
    if refused:
        sys.exit("\n  ".join(["What is published never changes:", *refused]))
    text = json.dumps(now, ensure_ascii=False, indent=2, sort_keys=True)
    GOLDEN.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    add_to_golden_file()
