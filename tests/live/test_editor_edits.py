"""What Anki's own editor leaves of fields comes back into the sources of their cards.

The records are of the real editor in Chromium: `python scripts/anki_editor.py` writes them.
"""

from __future__ import annotations

import pytest

from live.editor_records import GESTURES, RECORDS, trouble


@pytest.mark.parametrize("gesture", GESTURES)
def test_an_edit_comes_back(gesture: str) -> None:
    records = [each for each in RECORDS if each["gesture"] == gesture]
    assert [found for each in records if (found := trouble(each))] == []
