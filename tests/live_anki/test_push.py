"""`ankipress push` into a running Anki, by the real AnkiConnect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anki_desktop import AnkiDesktop
from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE, Author, picture

DECK = """\
# Body

## What does the heart do?

It pumps blood.

## What does the lung do?

It takes in air.

## What is a valve?

It lets blood through in one direction.
"""
HEART = "It pumps blood."
VALVE = "## What is a valve?\n\nIt lets blood through in one direction.\n"
_STATE = """
result = [
    col.db.all("select guid, ord, did, due, ivl, factor, reps, queue, type"
        " from cards join notes on notes.id = nid order by guid, ord"),
    col.db.all("select * from revlog order by id"),
]
"""
_STUDY = """
for number, card_id in enumerate(col.find_cards("deck:Body")):
    card = col.get_card(card_id)
    card.start_timer()
    col.sched.answerCard(card, (3, 4, 1)[number % 3])
"""
_ANSWERS = """
result = {
    note["Front"]: note["Back"] for note in map(col.get_note, col.find_notes("deck:Body"))
}
"""


class Pusher:
    """An author who has the deck in an Anki of her own, which runs."""

    def __init__(self, folder: Path, desktop: AnkiDesktop, patch: pytest.MonkeyPatch) -> None:
        self.desktop = desktop
        self.data = folder / "data"
        self.author = Author(folder / "deck", patch, {"name": "deck", "version": "1.0.0"})
        self.author.set()
        self.author.write("cards.md", DECK)
        self._time = FIRST_RELEASE
        self._patch = patch
        patch.chdir(self.author.folder)
        patch.setenv("ANKICONNECT_URL", f"http://{desktop.address}")
        patch.setenv("XDG_DATA_HOME", str(self.data))

    def push(self, *words: str) -> int:
        """Push, a day after the last time."""
        self._time += DAY
        self._patch.setenv("SOURCE_DATE_EPOCH", str(self._time))
        return run(["push", *words])

    def write(self, old: str, new: str) -> None:
        """Edit the source."""
        path = self.author.folder / "cards.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def state(self) -> Any:
        """The scheduling of all cards, and all reviews."""
        return self.desktop.run(_STATE)

    def answers(self) -> Any:
        """The answers by their questions."""
        return self.desktop.run(_ANSWERS)

    def backups(self) -> list[Path]:
        """The packages that were exported before imports."""
        return sorted(self.data.glob("ankipress/backups/*/*.apkg"))


@pytest.fixture
def pusher(tmp_path: Path, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch) -> Pusher:
    return Pusher(tmp_path, desktop, monkeypatch)


def test_a_push_brings_the_deck_and_the_next_one_changes_nothing(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    assert "  3 new\n" in said
    assert "3 new, 0 updated, as predicted." in said
    assert "merge note types, import learning progress, import deck presets" in said
    assert len(pusher.answers()) == 3
    assert pusher.push() == 0
    assert "has all that was built: nothing was imported" in capsys.readouterr().out


def test_a_second_push_updates_what_changed_and_keeps_all_reviews(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    pusher.desktop.run(_STUDY)
    before = pusher.state()
    pusher.write(HEART, "It pumps **blood**: ![heart](heart.png)")
    pusher.author.write("heart.png", picture(3))
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    assert "  1 updated, reviews kept\n  2 in Anki already, as built\n" in said
    assert "1 new file: heart-" in said
    assert "0 new, 1 updated, as predicted." in said
    assert pusher.state() == before
    assert len(pusher.backups()) == 1
    assert pusher.push() == 0


def test_the_backup_holds_cards_in_filtered_decks_too(pusher: Pusher) -> None:
    assert pusher.push("--yes") == 0
    pusher.desktop.run(_STUDY)
    pusher.desktop.run(
        "number = col.decks.new_filtered('Cramming'); deck = col.decks.get(number);"
        "deck['terms'] = [['deck:Body lung', 100, 0]]; col.decks.save(deck);"
        "col.sched.rebuild_filtered_deck(number)"
    )
    before = pusher.state()
    pusher.write("It takes in air.", "It takes in much air.")
    assert pusher.push("--yes") == 0
    assert pusher.state() == before
    names = [path.name for path in pusher.backups()]
    assert names == ["1-Body.apkg", "2-Cramming.apkg"]


def test_edits_there_of_what_changed_here_are_not_overwritten(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    pusher.desktop.run(
        "note = col.get_note(col.find_notes('heart')[0]);"
        "note['Back'] = note['Back'].replace('pumps', 'moves'); col.update_note(note)"
    )
    pusher.write(HEART, "It pumps blood around.")
    assert pusher.push("--yes") == 0
    assert "Edited in Anki, and left alone" in capsys.readouterr().out
    assert pusher.push("--yes", "--force") == 0
    assert "<p>It pumps blood around.</p>" in pusher.answers().values()


def test_tags_of_anki_stay_on_an_updated_note(pusher: Pusher) -> None:
    assert pusher.push("--yes") == 0
    pusher.desktop.run("col.tags.bulk_add(col.find_notes('heart'), 'leech marked')")
    pusher.write(HEART, "It pumps much blood.")
    assert pusher.push("--yes") == 0
    assert "<p>It pumps much blood.</p>" in pusher.answers().values()
    tags = pusher.desktop.run("result = col.get_note(col.find_notes('heart')[0]).tags")
    assert sorted(tags) == ["leech", "marked"]
    assert pusher.push() == 0


@pytest.mark.parametrize(
    ("option", "left"), [("--suspend-retired", [0, 0, -1]), ("--delete-retired", [0, 0])]
)
def test_retired_notes_are_suspended_or_deleted_when_asked_for(
    pusher: Pusher, capsys: pytest.CaptureFixture[str], option: str, left: list[int]
) -> None:
    assert pusher.push("--yes") == 0
    pusher.write(VALVE, "")
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    [line] = [line for line in said.splitlines() if "Search for them in Anki: " in line]
    query = line.partition("Anki: ")[2]
    assert len(pusher.desktop.anki().find_notes(query)) == 1
    assert pusher.push("--yes", option) == 0
    queues = pusher.desktop.run("result = col.db.list('select queue from cards order by queue')")
    assert sorted(queues) == sorted(left)
    assert pusher.backups()


def test_a_field_of_the_learner_is_not_emptied(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    """AnkiConnect's import would, so that Anki's own window is shown."""
    assert pusher.push("--yes") == 0
    pusher.desktop.run(
        "note = col.get_note(col.find_notes('heart')[0]); models = col.models;"
        "kind = models.get(note.mid); models.add_field(kind, models.new_field('Mine'));"
        "models.update_dict(kind); note = col.get_note(note.id); note['Mine'] = 'mine';"
        "col.update_note(note)"
    )
    pusher.author.write("cards/more.md", "# Body\n\n## What is a vein?\n\nIt leads there.\n")
    pusher.write(HEART, "It pumps much blood.")
    capsys.readouterr()
    assert pusher.push("--yes") == 1
    said = capsys.readouterr().out
    assert "see that “Merge note types” is off" in said
    assert "with the field “Mine” added" in said
    windows = "result = [type(each).__name__ for each in mw.app.topLevelWidgets()]"
    assert "ImportDialog" in pusher.desktop.run(windows)
    mine = pusher.desktop.run("result = col.get_note(col.find_notes('heart')[0])['Mine']")
    assert mine == "mine"
    pusher.desktop.run(
        "[each.reject() for each in mw.app.topLevelWidgets()"
        " if type(each).__name__ == 'ImportDialog']"
    )


def test_an_anki_without_any_of_the_notes_is_asked_about(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    pusher.desktop.empty()
    capsys.readouterr()
    assert pusher.push() == 2
    said = capsys.readouterr().err
    assert "is it the right profile? Add 3 notes there?" in said
    assert pusher.answers() == {}


def test_an_anki_that_is_closed_in_the_middle_is_told(
    tmp_path: Path,
    own_desktop: AnkiDesktop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pusher = Pusher(tmp_path, own_desktop, monkeypatch)
    own_desktop.run(
        "import anki.importing, os;"
        "anki.importing.AnkiPackageImporter.run = lambda self: os._exit(1)"
    )
    assert pusher.push("--yes") == 1
    assert "Anki has closed the connection before it answered (importPackage)" in (
        capsys.readouterr().err
    )
