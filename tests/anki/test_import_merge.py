"""Learners of a deck, of its newer version and of the project that came from it, and a release that
merges the two: the real Anki updates exactly what changed for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from ankipress.cli import import_command
from ankipress.cli.main import run
from ankipress.verify.import_proof import ImportProof
from author import DAY, picture
from learner import ImportLog, Learner

from anki.collection import ExportAnkiPackageOptions  # isort: skip

MADE = 1_500_000_000
BUILT = MADE + 10 * DAY
CHANGED = MADE + 20 * DAY
MERGED = MADE + 30 * DAY
WORDS = ("ant", "bee", "cat", "dog", "eel")


class Origin(Learner):
    """The collection of who made the deck."""

    def add(self, word: str, answer: str, mod: int = MADE) -> None:
        """Make a note."""
        note = self.collection.new_note(cast("Any", self.collection.models.by_name("Basic")))
        note.fields = [word, answer]
        note.tags = ["animal"]
        self.collection.add_note(note, cast("Any", self.collection.decks.id("Deck")))
        self._changed(f"UPDATE notes SET guid = 'guid-{word}', mod = {mod} WHERE id = {note.id}")

    def change(self, word: str, answer: str) -> None:
        """Write another answer."""
        note = self.collection.get_note(self._note_id(f"guid-{word}"))
        note.fields[1] = answer
        self.collection.update_note(note)
        self._changed(f"UPDATE notes SET mod = {CHANGED} WHERE id = {note.id}")

    def save(self, path: Path) -> Path:
        """Export the deck."""
        options = ExportAnkiPackageOptions(with_media=True, legacy=True)
        self.collection.export_anki_package(out_path=str(path), options=options, limit=None)
        return path

    def _changed(self, statement: str) -> None:
        assert self.collection.db
        self.collection.db.execute(statement)


@dataclass(frozen=True, slots=True)
class Packages:
    """The deck, its newer version, and the releases of the project before and after the merge."""

    old: Path
    newer: Path
    released: Path
    merged: Path


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Packages]:
    """A bee that changed here, a cat that changed there, a dog that changed in both, and an elk
    that is new there.
    """
    folder = tmp_path_factory.mktemp("merge")
    with Origin(folder / "origin") as origin:
        origin.collection.media.write_data("eel.png", picture(1))
        for word in WORDS[:-1]:
            origin.add(word, f"the {word}")
        origin.add("eel", '<img src="eel.png">')
        old = origin.save(folder / "old.apkg")
        origin.change("cat", "their <b>cat</b>")
        origin.change("dog", "their dog")
        origin.add("elk", 'the elk <img src="elk.png">', CHANGED)
        origin.collection.media.write_data("elk.png", picture(3))
        newer = origin.save(folder / "newer.apkg")
    with pytest.MonkeyPatch.context() as patch:
        yield Packages(old, newer, *releases(folder, old, newer, patch))


def releases(folder: Path, old: Path, newer: Path, patch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The releases of the project before and after the merge."""
    patch.setattr(import_command, "prove_import", lambda *_: ImportProof(missing="anki"))
    project = folder / "project"
    patch.setenv("SOURCE_DATE_EPOCH", str(BUILT))
    assert run(["import", str(old), str(project)]) == 0
    cards = project / "cards" / "Deck.md"
    text = cards.read_text().replace("the bee", "my bee").replace("the dog", "my dog")
    cards.write_text(text)
    assert run(["build", str(project)]) == 0
    [released] = (project / "build").glob("*.apkg")
    released = released.rename(folder / "released.apkg")
    patch.setenv("SOURCE_DATE_EPOCH", str(MERGED))
    assert run(["import", str(newer), str(project), "--take-theirs"]) == 0
    assert run(["build", str(project)]) == 0
    [merged] = (project / "build").glob("*.apkg")
    return released, merged


def after(learner: Learner, first: Path, merged: Path) -> tuple[ImportLog, dict[str, str]]:
    """What a learner of a package notices of the merged release, who loses nothing by it: the
    answers.
    """
    assert learner.import_package(first).conflicting == ()
    for word in WORDS:
        learner.answer(f"guid-{word}")
    before = learner.snapshot()
    log = learner.import_package(merged)
    now = learner.snapshot()
    assert {key: now[key] for key in before} == before
    notes = learner.notes()
    return log, {guid: note.fields["Back"] for guid, note in notes.items()}


def test_learners_of_the_project_get_what_changed_there(packages: Packages, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        assert learner.import_package(packages.old).conflicting == ()
        assert learner.import_package(packages.released).updated == ("guid-bee", "guid-dog")
        log, answers = after(learner, packages.released, packages.merged)
        assert learner.media().keys() == {"eel.png", "elk.png"}
    assert (log.new, log.updated) == (("guid-elk",), ("guid-cat", "guid-dog"))
    assert log.conflicting == ()
    assert answers["guid-bee"] == "my bee"
    assert answers["guid-cat"] == "their <strong>cat</strong>"
    assert answers["guid-dog"] == "their dog"


def test_learners_of_the_newer_deck_get_what_changed_here(
    packages: Packages, tmp_path: Path
) -> None:
    with Learner(tmp_path / "learner") as learner:
        log, answers = after(learner, packages.newer, packages.merged)
    assert (log.new, log.updated, log.conflicting) == ((), ("guid-bee",), ())
    assert answers["guid-bee"] == "my bee"
    assert answers["guid-cat"] == "their <b>cat</b>", "they have it already"


def test_learners_of_the_old_deck_get_all(packages: Packages, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        log, _ = after(learner, packages.old, packages.merged)
    assert log.new == ("guid-elk",)
    assert log.updated == ("guid-bee", "guid-cat", "guid-dog")
    assert log.conflicting == ()
