"""What a comparison finds with notes that the real Anki has imported and edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("anki.collection")

from anki.collection import ExportAnkiPackageOptions

from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.diff.packed_versions import PackedVersions
from ankipress.importing.readers.sources import read_source
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.note_differences import AnkiDifferences, NoteCase, NoteDifference
from ankipress.project.git_program import run_git
from author import DAY, FIRST_RELEASE, Author
from learner import Learner

CARDS = """\
# Deck

## What is water?

Two atoms of hydrogen and one of oxygen.

- It is wet.
- It is clear.

## What is fire?

It is hot.
"""


class Desk:
    """An author, and the Anki in which the author's notes are edited."""

    def __init__(self, author: Author, anki: Learner, folder: Path) -> None:
        self.author = author
        self.anki = anki
        self._folder = folder
        self._exports = 0

    def release(self, version: str, *, day: int = 0) -> Path:
        return self.author.release(version, at=FIRST_RELEASE + day * DAY)

    def write(self, cards: str) -> None:
        self.author.write("cards.md", cards)

    def guid(self, beginning: str) -> str:
        return self.anki.guid(beginning)

    def edit(self, beginning: str, fields: Mapping[str, str]) -> str:
        """Change fields of a note, and add its tags, as Anki does; gives its guid."""
        guid = self.guid(beginning)
        note = self.anki.collection.get_note(self.anki._note_id(guid))
        for name, value in fields.items():
            note[name] = value
        self.anki.collection.update_note(note)
        return guid

    def contents(self, *, is_whole: bool = True) -> AnkiContents:
        self._exports += 1
        export = self._folder / f"export-{self._exports}.apkg"
        # Without scheduling, cards in filtered decks would have lost their home decks.
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True)
        self.anki.collection.export_anki_package(out_path=str(export), options=options, limit=None)
        deck = read_source(export)
        return AnkiContents("Anki", deck, lambda _: {}, is_whole)

    def compiled(self) -> CompiledProject:
        return compile_project([self.author.folder])

    def compare(self, *, packages: bool = True, is_whole: bool = True) -> AnkiDifferences:
        return self.compare_contents(self.contents(is_whole=is_whole), packages=packages)

    def compare_contents(self, contents: AnkiContents, *, packages: bool = True) -> AnkiDifferences:
        found = self.compiled()
        if not packages:
            for path in (self.author.folder / "build").glob("*.apkg"):
                path.unlink()
        return compare_with_anki(
            contents,
            found.compiled,
            found.workspace.project.lock,
            PackedVersions(found.workspace),
        )

    def commit(self) -> None:
        folder = self.author.folder
        if not (folder / ".git").exists():
            run_git(folder, "init", "-q")
        run_git(folder, "add", "cards.md", "ankipress.toml", "ankipress.lock")
        words = ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x")
        run_git(folder, *words)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    author = Author(tmp_path / "deck", monkeypatch, {"name": "Deck"})
    author.write("cards.md", CARDS)
    with Learner(tmp_path / "anki") as anki:
        yield Desk(author, anki, tmp_path)


def cases(found: AnkiDifferences) -> Mapping[NoteCase, int]:
    counts: dict[NoteCase, int] = {}
    for each in found.notes:
        counts[each.case] = counts.get(each.case, 0) + 1
    return counts


def only(found: AnkiDifferences, case: NoteCase) -> NoteDifference:
    [difference] = found.of(case)
    return difference


def test_notes_as_they_were_packed_are_the_same(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    assert cases(desk.compare()) == {NoteCase.SAME: 2}


def test_what_an_editor_rewrites_is_no_edit(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.edit(
        "What is fire", {"Back": '<div><font color="#000000">It is&nbsp;hot.</font><br></div>'}
    )
    assert cases(desk.compare()) == {NoteCase.SAME: 2}


def test_an_edit_there_is_wanted_here(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.edit("What is fire", {"Back": "<p>It is <b>hot</b>.</p>"})
    desk.anki.tag(guid, "element", "leech", "AnkiHub_Protect::Back")
    found = desk.compare()
    assert cases(found) == {NoteCase.SAME: 1, NoteCase.THERE: 1}
    difference = only(found, NoteCase.THERE)
    assert difference.guid == guid
    assert difference.wanted is not None
    assert difference.wanted.fields == {"Back": "<p>It is <b>hot</b>.</p>"}
    assert difference.wanted.tags_added == ("element",)
    assert difference.wanted.tags_removed == ()
    assert difference.theirs == difference.wanted


def test_what_was_never_imported_is_no_edit(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.write(CARDS.replace("wet", "wet and cold"))
    desk.release("1.1.0", day=1)
    assert cases(desk.compare()) == {NoteCase.SAME: 1, NoteCase.HERE: 1}


@pytest.mark.parametrize("kept", ["packages", "git"])
def test_an_edit_of_an_older_version_is_merged(desk: Desk, kept: str) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.commit()
    desk.write(CARDS.replace("wet", "wet and cold"))
    desk.release("1.1.0", day=1)
    desk.commit()
    stored = desk.anki.notes()[desk.guid("What is water")].fields["Back"]
    desk.edit("What is water", {"Back": stored.replace("clear", "<i>clear</i>")})
    found = desk.compare(packages=kept == "packages")
    difference = only(found, NoteCase.MERGED)
    assert difference.wanted is not None
    [back] = difference.wanted.fields.values()
    assert "<li>It is wet and cold.</li>" in back
    assert "<li>It is <i>clear</i>.</li>" in back


def test_edits_of_one_place_are_in_conflict(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    stored = desk.anki.notes()[desk.guid("What is water")].fields["Back"]
    desk.edit("What is water", {"Back": stored.replace("clear", "blue") + "<div>New.</div>"})
    desk.write(CARDS.replace("clear", "green"))
    difference = only(desk.compare(), NoteCase.CONFLICT)
    [conflict] = difference.conflicts
    assert conflict.name == "Back"
    assert conflict.base == stored
    assert "green" in conflict.here
    assert "blue" in conflict.there
    assert difference.wanted is not None
    assert difference.theirs is not None
    assert "green" in difference.wanted.fields["Back"]
    assert difference.wanted.fields["Back"].endswith("<p>New.</p>")
    assert "blue" in difference.theirs.fields["Back"]


def test_nothing_is_compiled_where_nothing_differs(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    found = desk.compiled()

    class Refuses:
        def locked(self, guids: object) -> dict[str, object]:
            raise AssertionError

        packed = locked

    compare_with_anki(
        desk.contents(),
        found.compiled,
        found.workspace.project.lock,
        Refuses(),  # type: ignore[arg-type]
    )


def test_a_note_that_somebody_made_in_a_deck_of_the_project_is_told(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    collection = desk.anki.collection
    basic = collection.models.by_name("Basic")
    for deck in ("Deck::Below", "deck", "Other"):
        note = collection.new_note(basic)
        note["Front"] = f"Made in {deck}"
        collection.add_note(note, collection.decks.id(deck))
    found = desk.compare()
    made = [each.there.fields[0] for each in found.of(NoteCase.MADE) if each.there]
    assert made == ["Made in Deck::Below", "Made in deck"]
    assert cases(found) == {NoteCase.SAME: 2, NoteCase.MADE: 2}


def test_a_note_that_was_deleted_there_is_told_where_that_can_be_known(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.guid("What is fire")
    desk.anki.collection.remove_notes([desk.anki._note_id(guid)])
    for is_whole in (True, False):
        assert only(desk.compare(is_whole=is_whole), NoteCase.ABSENT).guid == guid


def test_a_part_of_a_collection_tells_nothing_of_other_decks(desk: Desk) -> None:
    desk.author.set(sources=["*.md"])
    desk.author.write("more.md", "---\ndeck: Other\n---\n\n## What is air?\n\nA gas.\n")
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.guid("What is air")
    assert desk.anki.snapshot()[guid, 0].deck == "Other"
    desk.anki.collection.remove_notes([desk.anki._note_id(guid)])
    assert cases(desk.compare(is_whole=False)) == {NoteCase.SAME: 2}
    assert only(desk.compare(is_whole=True), NoteCase.ABSENT).guid == guid


def test_a_card_that_was_never_built_is_not_absent(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.write(CARDS + "\n## What is air?\n\nA gas.\n")
    assert cases(desk.compare()) == {NoteCase.SAME: 2}


def test_a_retired_note_that_is_still_there_is_told(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.guid("What is fire")
    desk.write(CARDS.partition("## What is fire?")[0])
    assert only(desk.compare(), NoteCase.RETIRED).guid == guid
    desk.release("1.1.0", day=1)
    difference = only(desk.compare(), NoteCase.RETIRED)
    assert difference.guid == guid
    assert difference.here is None
    assert difference.there is not None


def test_a_guid_that_is_there_twice_is_told(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.guid("What is fire")
    other = desk.guid("What is water")
    collection = desk.anki.collection
    collection.db.execute("UPDATE notes SET guid = ? WHERE guid = ?", guid, other)
    assert only(desk.compare(), NoteCase.TWICE).guid == guid


def test_a_note_with_a_field_that_was_added_there_keeps_its_edits(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.edit("What is fire", {"Back": "<p>It is warm.</p>"})
    models = desk.anki.collection.models
    note_type = models.get(desk.anki.notes()[guid].note_type)
    models.add_field(note_type, models.new_field("My notes"))
    models.update_dict(note_type)
    found = desk.compare()
    assert cases(found) == {NoteCase.OTHER_TYPE: 2}
    [water, fire] = found.notes
    assert water.wanted is None
    assert fire.wanted is not None
    assert fire.wanted.fields == {"Back": "<p>It is warm.</p>"}
    [remark] = found.remarks
    assert remark.startswith("2 notes of a note type")
    assert "with the field “My notes” added in Anki" in remark


def test_a_note_of_another_type_is_told_and_not_compared(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.guid("What is fire")
    collection = desk.anki.collection
    note_id = desk.anki._note_id(guid)
    models = collection.models
    old = desk.anki.notes()[guid].note_type
    change = models.change_notetype_info(
        old_notetype_id=old, new_notetype_id=models.by_name("Basic")["id"]
    ).input
    change.note_ids.append(note_id)
    models.change_notetype_of_notes(change)
    found = desk.compare()
    difference = only(found, NoteCase.OTHER_TYPE)
    assert difference.guid == guid
    assert difference.wanted is None
    [remark] = found.remarks
    assert "of the note type “Basic” in Anki" in remark


def test_a_note_that_was_moved_there_says_where_it_is(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.anki.move(desk.guid("What is fire"), "Elements::Hot")
    [water, fire] = desk.compare().notes
    assert (water.case, water.deck_there) == (NoteCase.SAME, "")
    assert (fire.case, fire.deck_there) == (NoteCase.SAME, "Elements::Hot")


def test_a_card_in_a_filtered_deck_was_not_moved(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    scheduler = desk.anki.collection.sched
    deck = scheduler.get_or_create_filtered_deck(deck_id=0)
    deck.name = "Cram"
    deck.config.search_terms[0].search = "fire"
    scheduler.add_or_update_filtered_deck(deck)
    guid = desk.guid("What is fire")
    assert desk.anki.snapshot()[guid, 0].deck == "Cram"
    assert [each.deck_there for each in desk.compare().notes] == ["", ""]


def test_a_deck_that_was_renamed_here_was_not_moved_there(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.author.set(deck_prefix="Chemistry")
    desk.commit()
    desk.release("1.1.0", day=1)
    desk.commit()
    desk.release("1.2.0", day=2)
    assert [each.deck_there for each in desk.compare().notes] == ["", ""]


def test_the_key_of_a_note_stays_and_is_remarked(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    guid = desk.edit("What is fire", {"Key": "mine", "Reserved 1": "mine too"})
    found = desk.compare()
    assert cases(found) == {NoteCase.SAME: 2}
    assert found.remarks == (f"1 note with another Key in Anki, which stays as it is here: {guid}",)


def test_the_time_of_an_import_by_an_old_anki_is_no_edit(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.anki.collection.db.execute("UPDATE notes SET mod = mod + 3 * 86400")
    desk.write(CARDS.replace("wet", "wet and cold"))
    desk.release("1.1.0", day=1)
    assert cases(desk.compare()) == {NoteCase.SAME: 1, NoteCase.HERE: 1}


def test_a_source_that_tells_no_times_is_compared_by_what_it_holds(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.edit("What is fire", {"Back": "<p>It is warm.</p>"})
    desk.write(CARDS.replace("wet", "wet and cold"))
    desk.release("1.1.0", day=1)
    contents = desk.contents()
    notes = tuple(replace(note, mod=None) for note in contents.deck.notes)
    deck = replace(contents.deck, notes=notes)
    found = desk.compare_contents(replace(contents, deck=deck))
    assert cases(found) == {NoteCase.HERE: 1, NoteCase.THERE: 1}


def test_without_any_trace_of_the_base_an_edit_is_in_conflict(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.edit("What is fire", {"Back": "<p>It is warm.</p>"})
    desk.write(CARDS.replace("hot", "very hot"))
    found = desk.compare(packages=False)
    difference = only(found, NoteCase.CONFLICT)
    assert [each.base for each in difference.conflicts] == [None]
    assert difference.wanted is None
    assert difference.theirs is not None
    assert difference.theirs.fields == {"Back": "<p>It is warm.</p>"}
    [remark] = found.remarks
    assert remark.startswith("1 note that differ")


def test_an_older_version_that_cannot_be_found_is_remarked(desk: Desk) -> None:
    desk.anki.import_package(desk.release("1.0.0"))
    desk.write(CARDS.replace("wet", "wet and cold"))
    desk.anki.import_package(desk.release("1.1.0", day=1))
    guid = desk.edit("What is water", {"Hint": "Drink."})
    assert desk.compare().remarks == ()
    found = desk.compare(packages=False)
    assert only(found, NoteCase.THERE).guid == guid
    [remark] = found.remarks
    assert remark.startswith("1 note that may come from an older version")
