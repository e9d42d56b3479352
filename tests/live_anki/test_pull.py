"""`ankipress pull` from a running Anki, by the real AnkiConnect."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from anki_desktop import AnkiDesktop
from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE, Author, lock_of, picture

DECK = """\
# Body

## What does the heart do?

It pumps blood.

## What does the lung do?

It takes in air.
"""
_EDIT = """
import base64
[number] = col.find_notes("deck:Body heart")
note = col.get_note(number)
col.media.write_data("pump.png", base64.b64decode("%s"))
note["Back"] = 'It pumps <b>blood</b>.<div><img src="pump.png"></div>'
note.tags = ["organ", "marked"]
col.update_note(note)
new = col.new_note(note.note_type())
new["Front"] = "What is a valve?"
new["Back"] = "A door."
col.add_note(new, col.decks.id("Body"))
result = new.guid
"""


def test_what_was_edited_in_a_running_anki_comes_and_comes_once(
    tmp_path: Path,
    desktop: AnkiDesktop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    author = Author(tmp_path / "deck", monkeypatch, {"name": "deck", "version": "1.0.0"})
    author.set()
    author.write("cards.md", DECK)
    monkeypatch.chdir(author.folder)
    monkeypatch.setenv("ANKICONNECT_URL", f"http://{desktop.address}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE))
    assert run(["push", "--yes"]) == 0
    guid = desktop.run(_EDIT % b64encode(picture(5)).decode())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE + 10_000 * DAY))
    capsys.readouterr()
    assert run(["pull", "--yes"]) == 0
    wanted = DECK.replace("heart do?", "heart do? {.organ}").replace(
        "It pumps blood.", "It pumps **blood**.\\\n![](media/pump.png)"
    )
    assert author.folder.joinpath("cards.md").read_text(encoding="utf-8") == (
        f"{wanted}\n## What is a valve?\n\nA door.\n"
    )
    assert (author.folder / "media" / "pump.png").read_bytes() == picture(5)
    assert guid in {each.guid for each in lock_of(author.folder).records}
    assert run(["pull"]) == 0
    assert "There is nothing to pull." in capsys.readouterr().out
    assert run(["push", "--yes"]) == 0
    assert "nothing was imported" in capsys.readouterr().out
