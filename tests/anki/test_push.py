"""`ankipress push` into a collection, in Anki's real engine: what was built comes there, and
nothing that its user has is lost.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anki._backend import RustBackend
from anki.import_export_pb2 import ImportCollectionPackageRequest

from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE, Author, picture
from learner import Learner

DECK = """\
# Body

## What does the heart do?

It pumps blood.

## What does the lung do?

It takes in air.

## What is a valve?

It lets blood through in one direction.
"""
HEART = "What does the heart do?"
LUNG = "What does the lung do?"
VALVE = "What is a valve?"
DIALOG = ("mergeNotetypes", "updateNotes", "updateNotetypes", "withDeckConfigs", "withScheduling")


class Pusher:
    """An author who has the deck in an Anki of her own, which is closed but for `opened`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.author = Author(folder / "deck", monkeypatch, {"name": "deck", "version": "1.0.0"})
        self.author.set()
        self.author.write("cards.md", DECK)
        self.profile = folder / "User 1"
        self.time = FIRST_RELEASE
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(self.author.folder)
        with self.opened():
            pass

    @contextmanager
    def opened(self) -> Iterator[Learner]:
        """The Anki, as somebody at its screen has it."""
        with Learner(self.profile) as learner:
            yield learner

    def push(self, *words: str) -> int:
        """Push, a day after the last time."""
        self.time += DAY
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(self.time))
        return run(["push", str(self.profile), *words])

    def write(self, old: str, new: str) -> None:
        """Edit the source."""
        path = self.author.folder / "cards.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def backups(self) -> list[Path]:
        """The backups of the profile, oldest first."""
        return sorted(self.profile.glob("backups/*.colpkg"))

    @property
    def collection(self) -> Path:
        """The file of the collection."""
        return self.profile / "collection.anki2"


@pytest.fixture
def pusher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pusher:
    return Pusher(tmp_path, monkeypatch)


def edit(learner: Learner, question: str, old: str, new: str, at: int) -> None:
    """Edit the answer of a note in Anki, at a time in seconds since 1970."""
    guid = learner.guid(question)
    [number] = learner.collection.db.list("SELECT id FROM notes WHERE guid = ?", guid)
    note = learner.collection.get_note(number)
    assert old in note["Back"]
    note["Back"] = note["Back"].replace(old, new)
    learner.collection.update_note(note)
    learner.collection.db.execute("UPDATE notes SET mod = ? WHERE id = ?", at, number)


def backs(learner: Learner) -> dict[str, str]:
    """The answers by their questions, as text."""
    return {
        learner.text(note.fields["Front"]): learner.text(note.fields["Back"])
        for note in learner.notes().values()
    }


# Nothing happens


def test_what_is_there_already_is_not_imported_again(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    before = pusher.collection.read_bytes()
    capsys.readouterr()
    assert pusher.push() == 0
    assert "has all that was built: nothing was imported" in capsys.readouterr().out
    assert len(pusher.backups) == 1
    with pusher.opened() as learner:
        assert len(learner.notes()) == 3
    assert len(before) > 0


def test_a_dry_run_writes_nothing(pusher: Pusher, capsys: pytest.CaptureFixture[str]) -> None:
    before = pusher.collection.read_bytes()
    assert pusher.push("--dry-run") == 0
    assert "  3 new\n" in capsys.readouterr().out
    assert pusher.collection.read_bytes() == before
    assert not (pusher.author.folder / "ankipress.lock").exists()
    assert pusher.backups == []


def test_without_a_yes_nothing_is_done(pusher: Pusher, capsys: pytest.CaptureFixture[str]) -> None:
    assert pusher.push() == 2
    said = capsys.readouterr().err
    assert "error[bad-usage]: nobody can be asked here, and --yes is missing: None of" in said
    assert not (pusher.author.folder / "ankipress.lock").exists()
    assert pusher.backups == []
    with pusher.opened() as learner:
        assert learner.notes() == {}


def test_somebody_at_a_terminal_can_say_no(pusher: Pusher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ankipress.cli.pushing.can_ask", lambda: True)

    def confirm(question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("ankipress.cli.pushing.confirm", confirm)
    assert pusher.push() == 1
    assert len(asked) == 1
    assert asked[0].endswith("Add 3 notes there?")
    with pusher.opened() as learner:
        assert learner.notes() == {}


# Updates


def test_a_second_push_updates_what_changed_and_keeps_all_reviews(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        for question in (HEART, LUNG, VALVE):
            learner.answer(learner.guid(question))
        learner.suspend(learner.guid(LUNG))
        learner.flag(learner.guid(VALVE), 3)
        before = learner.snapshot()
    pusher.write("It pumps blood.", "It pumps **blood**: ![heart](heart.png)")
    pusher.author.write("heart.png", picture(3))
    pusher.author.write("cards/more.md", "# Body\n\n## What is a vein?\n\nIt leads to the heart.\n")
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    assert "  1 new\n  1 updated, reviews kept\n  2 in Anki already, as built\n" in said
    assert "1 new file: heart-" in said
    assert "1 new, 1 updated, as predicted." in said
    with pusher.opened() as learner:
        after = learner.snapshot()
        assert {key: after[key] for key in before} == before
        assert len(after) == 4
        assert backs(learner)[HEART].startswith("It pumps blood")
        assert len(learner.media()) == 1
        assert learner.complaints() == []


def test_the_backup_holds_what_was_there(pusher: Pusher, tmp_path: Path) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        learner.answer(learner.guid(HEART))
        before = learner.notes(), learner.snapshot()
    pusher.write("It pumps blood.", "Much.")
    # Anki names backups by the second.
    time.sleep(1.1)
    assert pusher.push("--yes") == 0

    restored = tmp_path / "restored"
    restored.mkdir()
    restore(pusher.backups[-1], restored)
    with Learner(restored) as learner:
        assert (learner.notes(), learner.snapshot()) == before


def restore(backup: Path, folder: Path) -> None:
    """Restore a backup as Anki does, into a folder without a collection."""
    RustBackend().import_collection_package_raw(
        ImportCollectionPackageRequest(
            col_path=str(folder / "collection.anki2"),
            backup_path=str(backup),
            media_folder=str(folder / "collection.media"),
            media_db=str(folder / "collection.media.db2"),
        ).SerializeToString()
    )


@pytest.mark.parametrize("was_used", [False, True])
def test_the_dialog_of_anki_is_as_it_was(pusher: Pusher, *, was_used: bool) -> None:
    chosen = {"mergeNotetypes": True, "updateNotes": "Always", "withScheduling": True}
    if was_used:
        with pusher.opened() as learner:
            for name, value in chosen.items():
                learner.collection.set_config(name, value)
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        found = learner.collection.all_config()
    assert {name: found[name] for name in DIALOG if name in found} == (chosen if was_used else {})


def test_tags_of_anki_and_of_tools_stay_on_an_updated_note(pusher: Pusher) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        learner.tag(learner.guid(HEART), "leech", "marked", "AnkiHub_Protect::Back")
    pusher.write("It pumps blood.", "It pumps much blood.")
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        note = learner.notes()[learner.guid(HEART)]
        assert set(note.tags) == {"leech", "marked", "AnkiHub_Protect::Back"}
        assert backs(learner)[HEART] == "It pumps much blood."
    assert pusher.push() == 0


# Edits there


def test_edits_there_of_what_changed_here_are_not_overwritten(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        edit(learner, HEART, "pumps", "moves", pusher.time + 10)
    lock = (pusher.author.folder / "ankipress.lock").read_bytes()
    pusher.write("It pumps blood.", "It pumps blood around.")
    capsys.readouterr()
    assert pusher.push("--yes") == 1
    said = capsys.readouterr()
    assert "error[edits-in-anki]: 1 note would lose what was edited in Anki" in said.err
    assert f"  {HEART}\n" in said.out
    # The lock still tells how it was packed, so that a pull has its base.
    assert (pusher.author.folder / "ankipress.lock").read_bytes() == lock
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It moves blood."
    assert pusher.push("--yes", "--force") == 0
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It pumps blood around."


def test_an_edit_there_alone_stays_and_is_told(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        edit(learner, HEART, "pumps", "moves", pusher.time + 10)
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    assert "Edited in Anki, and left alone; `ankipress pull` brings the edits here:" in said
    assert "nothing was imported" in said
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It moves blood."
    assert pusher.push("--yes", "--force") == 0
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It pumps blood."


def test_a_package_that_was_imported_by_hand_and_built_over_is_no_edit(pusher: Pusher) -> None:
    """No package and no lock has the version in Anki any more: the memo of this user has."""
    package = pusher.author.release("1.0.0", at=FIRST_RELEASE)
    with pusher.opened() as learner:
        learner.import_package(package)
    for before, after in (("pumps", "moves"), ("moves", "drives")):
        pusher.write(f"It {before} blood.", f"It {after} blood.")
        pusher.time += DAY
        pusher.author.release("1.0.0", at=pusher.time)
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It drives blood."


def test_what_changed_here_comes_also_where_anki_has_a_later_time(pusher: Pusher) -> None:
    """A tag that Anki puts on a note, or its browser, raises its time; nobody has edited it."""
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        guid = learner.guid(HEART)
        learner.answer(guid)
        before = learner.snapshot()
        later = pusher.time + 30 * DAY
        learner.collection.db.execute("UPDATE notes SET mod = ? WHERE guid = ?", later, guid)
    pusher.write("It pumps blood.", "It pumps much blood.")
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It pumps much blood."
        assert learner.snapshot() == before


# Notes that are retired


def retire_the_valve(pusher: Pusher) -> None:
    """Push the deck, study it, and take a card out of the source."""
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        for question in (HEART, VALVE):
            learner.answer(learner.guid(question))
    pusher.write("## What is a valve?\n\nIt lets blood through in one direction.\n", "")


def test_retired_notes_are_named_with_a_search(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    retire_the_valve(pusher)
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    assert "1 note retired here and still in Anki:" in said
    [line] = [line for line in said.splitlines() if "Search for them in Anki: " in line]
    with pusher.opened() as learner:
        [number] = learner.collection.find_notes(line.partition("Anki: ")[2])
        assert learner.collection.get_note(number).guid == learner.guid(VALVE)


def test_retired_notes_are_suspended_when_asked_for(pusher: Pusher) -> None:
    retire_the_valve(pusher)
    assert pusher.push("--suspend-retired") == 2
    assert pusher.push("--suspend-retired", "--yes") == 0
    with pusher.opened() as learner:
        cards = learner.snapshot()
        suspended = {guid for (guid, _), card in cards.items() if card.queue == -1}
        assert suspended == {learner.guid(VALVE)}
        assert len(cards[learner.guid(VALVE), 0].reviews) == 1


def test_retired_notes_are_deleted_when_asked_for(pusher: Pusher) -> None:
    retire_the_valve(pusher)
    with pusher.opened() as learner:
        before = learner.snapshot()
        valve = learner.guid(VALVE)
    assert pusher.push("--delete-retired", "--yes") == 0
    with pusher.opened() as learner:
        after = learner.snapshot()
    assert after == {key: card for key, card in before.items() if key[0] != valve}
    assert len(pusher.backups) >= 1


# What is in the way


def test_a_note_type_with_a_field_of_the_learner_is_told_and_left_alone(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        [number] = {note.note_type for note in learner.notes().values()}
        models = learner.collection.models
        note_type = models.get(number)
        models.add_field(note_type, models.new_field("My notes"))
        models.update_dict(note_type)
    pusher.write("It pumps blood.", "It pumps much blood.")
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    said = capsys.readouterr().out
    assert "3 not updated: in Anki, the note type has other fields or another id" in said
    assert "with the field “My notes” added" in said
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It pumps blood."
        assert learner.template_errors() == []


def test_notes_in_a_filtered_deck_are_updated_and_stay_in_it(pusher: Pusher) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        decks = learner.collection.decks
        number = decks.new_filtered("Cramming")
        deck = decks.get(number)
        deck["terms"] = [["deck:Body", 100, 0]]
        decks.save(deck)
        learner.collection.sched.rebuild_filtered_deck(number)
        before = learner.snapshot()
        assert {card.deck for card in before.values()} == {"Cramming"}
    pusher.write("It pumps blood.", "It pumps much blood.")
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        assert learner.snapshot() == before
        assert backs(learner)[HEART] == "It pumps much blood."


def test_a_guid_twice_there_is_told(pusher: Pusher, capsys: pytest.CaptureFixture[str]) -> None:
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        guid = learner.guid(HEART)
        first = learner.guid(LUNG)
        learner.collection.db.execute("UPDATE notes SET guid = ? WHERE guid = ?", guid, first)
    capsys.readouterr()
    assert pusher.push("--yes") == 0
    assert f"several notes in Anki have one guid, of which Anki updates one: {guid}" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "does",
    [
        pytest.param("", id="since it began"),
        pytest.param(
            "c.create_backup(backup_folder='.', force=True, wait_for_completion=True);",
            id="and has just backed up, which takes its lock away on some systems",
        ),
    ],
)
def test_a_collection_that_anki_has_open_is_refused(
    pusher: Pusher, capsys: pytest.CaptureFixture[str], does: str
) -> None:
    hold = (
        "import sys; from anki.collection import Collection;"
        f"c = Collection({str(pusher.collection)!r}); {does} print('open', flush=True);"
        "sys.stdin.read(); c.set_config('written', 'later'); c.close()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        status = pusher.push("--yes")
        holder.communicate("")
    assert status == 1
    said = capsys.readouterr().err
    assert "error[anki-refused]" in said
    assert "is in use: Anki has it open" in said
    assert not (pusher.author.folder / "ankipress.lock").exists()
    with pusher.opened() as learner:
        assert learner.notes() == {}
        assert learner.collection.get_config("written") == "later"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "error[bad-source]", id="an empty file"),
        pytest.param(b"no collection" * 1000, "error[bad-source]", id="another file"),
    ],
)
def test_what_is_no_collection_is_refused(
    pusher: Pusher, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    pusher.collection.write_bytes(content)
    assert pusher.push("--yes") == 1
    assert words in capsys.readouterr().err
    assert pusher.collection.read_bytes() == content


def test_a_package_is_nothing_to_push_into(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    package = pusher.author.release("1.0.0")
    assert run(["push", str(package)]) == 2
    assert "is a package, and push makes one" in capsys.readouterr().err


def test_without_an_engine_its_installation_is_said(
    pusher: Pusher, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("anki", "anki.collection", "anki.errors", "anki.lang"):
        monkeypatch.setitem(sys.modules, name, None)
    assert pusher.push("--yes") == 1
    said = capsys.readouterr().err
    assert "error[missing-package]" in said
    assert 'pip install "anki>=25.9"' in said


@pytest.mark.parametrize("old", ["It pumps blood.", None])
def test_a_build_before_the_push_makes_no_difference(pusher: Pusher, old: str | None) -> None:
    """The lock knows then only what was built last, and git knows nothing."""
    assert pusher.push("--yes") == 0
    if old is None:
        text = DECK.replace("It ", "It really ")
        pusher.author.write("cards.md", text)
    else:
        pusher.write(old, "It pumps much blood.")
    pusher.author.release("1.0.0", at=pusher.time + DAY)
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        assert "much blood" in backs(learner)[HEART] or "really" in backs(learner)[HEART]


def test_a_project_with_several_packages_brings_all_of_them(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    pusher.author.set(packages="deck")
    pusher.author.write("cards/mind.md", "# Mind\n\n## What is a thought?\n\nNobody knows.\n")
    assert pusher.push("--yes") == 0
    assert "4 new, 0 updated, as predicted." in capsys.readouterr().out
    with pusher.opened() as learner:
        assert learner.decks() == ("Body", "Mind")
        guid = learner.guid(HEART)
        later = pusher.time + 30 * DAY
        learner.collection.db.execute("UPDATE notes SET mod = ? WHERE guid = ?", later, guid)
    pusher.write("It pumps blood.", "It pumps much blood.")
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It pumps much blood."
    assert pusher.push() == 0


def test_another_folder_is_named_by_an_option(
    pusher: Pusher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pusher.push("--yes", "--project", str(pusher.author.folder)) == 0
    with pusher.opened() as learner:
        assert len(learner.notes()) == 3


def test_what_is_deleted_there_comes_back_as_new_and_is_told(
    pusher: Pusher, capsys: pytest.CaptureFixture[str]
) -> None:
    """As by every import: whoever does not want it deletes the card here."""
    assert pusher.push("--yes") == 0
    with pusher.opened() as learner:
        number = learner.collection.find_notes("heart")
        learner.collection.remove_notes(number)
    capsys.readouterr()
    assert pusher.push() == 2
    said = capsys.readouterr().out
    assert "  1 new\n" in said
    assert "they never came to Anki, or were deleted there:\n" in said
    assert HEART in said
    with pusher.opened() as learner:
        assert len(learner.notes()) == 2


def test_a_source_that_changes_while_it_is_asked_is_read_again(
    pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ankipress.cli.pushing.can_ask", lambda: True)
    asked: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        if len(asked) == 1:
            pusher.write("It pumps blood.", "It pumps much blood.")
        return True

    monkeypatch.setattr("ankipress.cli.pushing.confirm", confirm)
    assert pusher.push() == 0
    assert len(asked) == 2
    with pusher.opened() as learner:
        assert backs(learner)[HEART] == "It pumps much blood."
