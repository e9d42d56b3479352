"""What Anki's own editor makes of fields in this very browser comes back into their cards."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from anki_edits import is_empty
from live.editor_records import compiled, fields, trouble

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GESTURES = (
    "type signs",
    "Enter in a paragraph",
    "join paragraphs",
    "bold",
    "leave the list",
    "indent an item",
    "a line of code",
    "type in a cell",
    "cloze",
    "paste a picture",
    "paste a page with formats",
)


def test_edits_in_the_editor_come_back(browser: Browser) -> None:
    pytest.importorskip("anki.collection", reason="NOTHING WAS EDITED IN ANKI: pip install anki")
    from anki_editor import editor_in  # noqa: PLC0415

    found = compiled()
    random = Random(3)
    made = set()
    with editor_in(browser) as editor:
        for number in range(len(found.package.notes)):
            for name, html in fields(found, number).items():
                for gesture in GESTURES:
                    if not html or name == "Key" or gesture in made:
                        continue
                    edited = editor.edited(html, gesture, random)
                    if edited is None or is_empty(edited):
                        continue
                    made.add(gesture)
                    record = {"gesture": gesture, "note": number, "field": name, "html": edited}
                    assert trouble(record) == ""
    assert made == set(GESTURES)
