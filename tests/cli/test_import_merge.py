"""`ankipress import` of a newer version of a deck into the project that came from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ankipress.build.pipeline import make_package
from ankipress.cli import import_command, import_merge
from ankipress.cli.main import run
from ankipress.model import Field, LoadedContent, MediaFile, NoteType, Package, PackedNote
from ankipress.verify.import_proof import ImportProof
from author import files_of, lock_of, picture
from packages import CLOZE, NOTE_TYPE

OLD = 1_600_000_000
LATER = 1_650_000_000
BUILT = 1_700_000_000
NEWEST = 1_750_000_000
"""The times at which a note was made, changed there, was built here, and changed there again."""

Answers = Mapping[str, tuple[str, int]]
WORDS: Answers = {word: (f"the {word}", OLD) for word in ("ant", "bee", "cat", "dog")}
SHOWN = {"ant": '<img src="ant.png">', "bee": '<img src="bee.png">'}


def deck(
    answers: Answers,
    *,
    note_type: NoteType = NOTE_TYPE,
    tags: tuple[str, ...] = ("animal",),
    media: Mapping[str, bytes] | None = None,
    name: str = "Deck",
) -> Package:
    """A deck of words with answers and the times at which each changed last."""
    notes = [
        PackedNote(f"guid-{word}", number, mod, "basic", name, (word, answer), tags, (0,))
        for number, (word, (answer, mod)) in enumerate(answers.items(), start=11)
    ]
    files = [MediaFile(name, LoadedContent(data)) for name, data in (media or {}).items()]
    return Package("deck", "1", "", (note_type,), tuple(notes), tuple(files))


class Maintainer:
    """Somebody with a project that came from a deck."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "words"
        self._source = folder / "words.apkg"
        self._capsys = capsys

    def imports(self, package: Package, *options: str, status: int = 0) -> str:
        """What is said when a deck is imported."""
        self._source.write_bytes(make_package(package))
        return self.runs("import", str(self._source), str(self.folder), *options, status=status)

    def runs(self, *words: str, status: int = 0) -> str:
        """What a command says."""
        self._capsys.readouterr()
        found = run([*words])
        said = self._capsys.readouterr()
        assert found == status, said
        return said.out + said.err

    @property
    def cards(self) -> Path:
        """The file of all cards."""
        return self.folder / "cards" / "Deck.md"

    def edits(self, old: str, new: str) -> None:
        """Change the text of a card."""
        text = self.cards.read_text(encoding="utf-8")
        assert old in text
        self.cards.write_text(text.replace(old, new), encoding="utf-8")

    def builds(self) -> str:
        """What is said of a build."""
        return self.runs("build", str(self.folder))

    def mods(self) -> dict[str, int]:
        """The times of all notes that the lock knows."""
        return {each.guid.removeprefix("guid-"): each.mod for each in lock_of(self.folder).records}

    def files(self) -> Mapping[str, bytes]:
        """All files of the project but packages."""
        found = files_of(self.folder)
        return {path: data for path, data in found.items() if not path.startswith("build/")}


@pytest.fixture
def maintainer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Maintainer:
    """One who has imported the deck, with no engine to prove it."""
    nobody = ImportProof(missing="anki")
    monkeypatch.setattr(import_command, "prove_import", lambda *_: nobody)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(BUILT))
    maintainer = Maintainer(tmp_path, capsys)
    maintainer.imports(deck(WORDS))
    return maintainer


def changed(answers: Answers, **others: tuple[str, int]) -> Answers:
    return {**answers, **others}


# What changed


def test_the_same_deck_again_changes_no_byte(maintainer: Maintainer) -> None:
    before = maintainer.files()
    said = maintainer.imports(deck(WORDS))
    assert "4 notes as they are here" in said
    assert "There is nothing to merge." in said
    assert maintainer.files() == before


def test_what_changed_there_is_taken_and_what_is_new_is_added(maintainer: Maintainer) -> None:
    before = maintainer.cards.read_text(encoding="utf-8")
    newer = changed(WORDS, bee=("the <b>bee</b>", LATER), elk=("the elk", LATER + 1))
    said = maintainer.imports(deck(newer))
    assert "1 note changed there: taken" in said
    assert "1 note new: added" in said
    expected = before.replace("the bee", "the **bee**") + "\n## elk\n\nthe elk\n"
    assert maintainer.cards.read_text(encoding="utf-8") == expected
    assert maintainer.mods() == {
        "ant": OLD,
        "bee": LATER,
        "cat": OLD,
        "dog": OLD,
        "elk": LATER + 1,
    }
    assert "(0 new, 0 changed, 0 retired)" in maintainer.builds()
    assert [each.note_id for each in lock_of(maintainer.folder).records] == [11, 12, 13, 14, 15]


def test_what_changed_here_stays(maintainer: Maintainer) -> None:
    maintainer.edits("the bee", "my bee")
    maintainer.builds()
    maintainer.edits("the cat", "my cat")
    before = maintainer.files()
    said = maintainer.imports(deck(WORDS))
    assert "2 notes changed here, or older there: kept as they are here" in said
    assert maintainer.files() == before


@pytest.mark.parametrize("builds", [False, True], ids=["not built", "built"])
def test_what_changed_in_both_is_a_problem_where_nobody_can_be_asked(
    maintainer: Maintainer, *, builds: bool
) -> None:
    maintainer.edits("the bee", "my bee")
    if builds:
        maintainer.builds()
    newer = changed(WORDS, bee=("their bee", LATER), cat=("their cat", LATER))
    said = maintainer.imports(deck(newer), status=1)
    assert "error[changed-twice]" in said
    assert 'Deck.md:11: "bee" changed there and here: kept as it is here' in said
    text = maintainer.cards.read_text(encoding="utf-8")
    assert "my bee" in text
    assert "their cat" in text
    again = maintainer.imports(deck(newer), status=1)
    assert "changed-twice" in again, "nobody has decided it"


def test_theirs_is_taken_and_mine_kept_when_a_user_says_so(maintainer: Maintainer) -> None:
    maintainer.edits("the bee", "my bee")
    maintainer.builds()
    kept = maintainer.imports(deck(changed(WORDS, bee=("their bee", NEWEST))), "--keep-mine")
    assert "changed-twice" not in kept
    assert "my bee" in maintainer.cards.read_text(encoding="utf-8")
    assert maintainer.mods()["bee"] == NEWEST + 1, "who has theirs gets mine"
    assert "(0 new, 0 changed, 0 retired)" in maintainer.builds()
    maintainer.imports(deck(changed(WORDS, bee=("their bee", NEWEST))))
    assert "my bee" in maintainer.cards.read_text(encoding="utf-8"), "that was decided"
    taken = changed(WORDS, bee=("their new bee", NEWEST + 100))
    maintainer.imports(deck(taken), "--take-theirs")
    assert "their new bee" in maintainer.cards.read_text(encoding="utf-8")
    assert maintainer.mods()["bee"] == NEWEST + 100


def test_theirs_is_newer_than_a_build_after_it(maintainer: Maintainer) -> None:
    """Learners of the project have the note as it was built, and get what is taken."""
    maintainer.edits("the bee", "my bee")
    maintainer.builds()
    maintainer.imports(deck(changed(WORDS, bee=("their bee", LATER))), "--take-theirs")
    assert maintainer.mods()["bee"] == BUILT + 1


@pytest.mark.parametrize(("answer", "text"), [("mine", "my bee"), ("theirs", "their bee")])
def test_at_a_terminal_each_is_asked_with_both_versions(
    maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch, answer: str, text: str
) -> None:
    monkeypatch.setattr(import_merge, "can_ask", lambda: True)
    monkeypatch.setattr(import_merge, "ask", lambda *_: answer)
    maintainer.edits("the bee", "my bee")
    said = maintainer.imports(deck(changed(WORDS, bee=("their bee", LATER))))
    assert "mine    my bee" in said
    assert "theirs  their bee" in said
    assert text in maintainer.cards.read_text(encoding="utf-8")


def test_the_same_change_in_both_is_none(maintainer: Maintainer) -> None:
    maintainer.edits("the bee", "the **bee**")
    before = maintainer.files()
    maintainer.imports(deck(changed(WORDS, bee=("the <strong>bee</strong>", LATER))))
    assert maintainer.files() == before


def test_notes_that_are_gone_there_or_here_stay_so(maintainer: Maintainer) -> None:
    maintainer.edits("## bee\n\nthe bee\n\n", "")
    maintainer.builds()
    before = maintainer.files()
    newer = changed(WORDS, bee=("their bee", LATER))
    said = maintainer.imports(deck({word: newer[word] for word in ("bee", "cat", "dog")}))
    assert "1 note not there any more: kept here" in said
    assert "1 note no cards of the project any more: left out" in said
    assert maintainer.files() == before


def test_tags_are_taken(maintainer: Maintainer) -> None:
    newer = deck(WORDS)
    notes = [replace(each, tags=("animal", "wild"), mod=LATER) for each in newer.notes[:1]]
    maintainer.imports(replace(newer, notes=(*notes, *newer.notes[1:])))
    assert "## ant {.wild}\n" in maintainer.cards.read_text(encoding="utf-8")
    assert "(0 new, 0 changed, 0 retired)" in maintainer.builds()


def test_a_dry_run_writes_nothing(maintainer: Maintainer) -> None:
    before = maintainer.files()
    said = maintainer.imports(deck(changed(WORDS, bee=("their bee", LATER))), "--dry-run")
    assert "1 note changed there: taken" in said
    assert "Nothing was written" in said
    assert maintainer.files() == before


# Files of cards


def test_every_other_byte_of_a_file_stays(maintainer: Maintainer) -> None:
    text = maintainer.cards.read_text(encoding="utf-8")
    text = text.replace("## bee\n", "## bee  {#b .x .animal lang=de}\n").replace("\n", "\r\n")
    text = text.replace("the cat", "the   _cat_ <!-- mine -->")
    maintainer.cards.write_bytes(b"\xef\xbb\xbf" + text.encode())
    maintainer.imports(deck(changed(WORDS, bee=("their<br>bee", LATER))), "--take-theirs")
    expected = text.replace("## bee  {#b .x .animal lang=de}", "## bee {#b lang=de}")
    expected = expected.replace("the bee", "their\r\nbee")
    assert maintainer.cards.read_bytes().decode() == f"\ufeff{expected}"


def test_a_card_that_was_moved_stays_where_it_is(maintainer: Maintainer) -> None:
    maintainer.edits("## bee\n\nthe bee\n\n", "")
    moved = maintainer.folder / "cards" / "insects.md"
    moved.write_text("---\ndeck: Insects\nkind: deck-Basic\n---\n\n## bee {.animal}\n\nthe bee\n")
    maintainer.builds()
    maintainer.imports(deck(changed(WORDS, bee=("their bee", LATER))), "--take-theirs")
    assert moved.read_text().endswith("\n\n## bee {.animal}\n\ntheir bee\n")


def test_a_card_of_another_shape_is_not_written(maintainer: Maintainer) -> None:
    maintainer.edits("## bee\n\nthe bee\n\n", "")
    moved = maintainer.folder / "cards" / "insects.md"
    head = "---\ndeck: Deck\nkind: deck-Basic\ntags: animal\ncard_level: 3\n---\n"
    moved.write_text(f"{head}\n### bee\n\nthe bee\n")
    maintainer.builds()
    newer = changed(WORDS, bee=("their bee", LATER), elk=("the elk", LATER))
    said = maintainer.imports(deck(newer), status=1)
    assert "change it by hand" in said
    assert moved.read_text().endswith("the bee\n")
    assert "the elk" in maintainer.cards.read_text(encoding="utf-8")


def test_a_new_deck_gets_a_file(maintainer: Maintainer) -> None:
    newer = deck(WORDS)
    [other] = deck({"oak": ("the oak", LATER)}, name="Trees").notes
    notes = (*newer.notes, replace(other, note_id=20))
    maintainer.imports(replace(newer, notes=notes))
    text = (maintainer.folder / "cards" / "Trees.md").read_text()
    assert text.endswith("---\n\n## oak\n\nthe oak\n")
    assert "(0 new, 0 changed, 0 retired)" in maintainer.builds()
    assert maintainer.mods()["oak"] == LATER


def test_nothing_is_written_where_other_cards_would_change(maintainer: Maintainer) -> None:
    maintainer.edits("the bee", "the bee\n\n[place]: https://x.org")
    maintainer.edits("the cat", "the [cat][place]")
    maintainer.builds()
    before = maintainer.files()
    newer = changed(WORDS, bee=("their bee", LATER))
    said = maintainer.imports(deck(newer), "--take-theirs", status=1)
    assert 'other cards would change, such as "cat"' in said
    assert maintainer.files() == before


def test_after_an_interruption_no_card_comes_twice(maintainer: Maintainer) -> None:
    """The lock is written last, so cards may stand in their files that it does not know."""
    newer = deck(changed(WORDS, bee=("their bee", LATER), elk=("the elk", LATER)))
    lock = (maintainer.folder / "ankipress.lock").read_bytes()
    maintainer.imports(newer)
    (maintainer.folder / "ankipress.lock").write_bytes(lock)
    before = maintainer.files()
    said = maintainer.imports(newer, status=1)
    assert '"elk" is new there, and a card of cards/Deck.md that was never built' in said
    assert maintainer.files() == before


# Media


def test_new_files_come_and_changed_ones_reach_all_learners(maintainer: Maintainer) -> None:
    first = {word: (f"{html} {word}", LATER) for word, html in SHOWN.items()}
    media = {"ant.png": picture(1), "bee.png": picture(2), "unused.png": picture(3)}
    maintainer.imports(deck({**WORDS, **first}, media=media))
    assert (maintainer.folder / "media" / "ant.png").read_bytes() == picture(1)
    assert sorted(lock_of(maintainer.folder).media) == ["ant.png", "bee.png"]
    assert "(0 new, 0 changed, 0 retired)" in maintainer.builds()
    second = {**WORDS, **first, "ant": (f"{SHOWN['ant']} my ant", NEWEST)}
    maintainer.imports(deck(second, media={**media, "bee.png": picture(4)}))
    assert (maintainer.folder / "media" / "bee.png").read_bytes() == picture(4)
    assert "(0 new, 1 changed, 0 retired)" in maintainer.builds()


def test_a_file_that_changed_here_too_stays(maintainer: Maintainer) -> None:
    first = {**WORDS, "ant": (SHOWN["ant"], LATER)}
    maintainer.imports(deck(first, media={"ant.png": picture(1)}))
    (maintainer.folder / "media" / "ant.png").write_bytes(picture(5))
    said = maintainer.imports(deck(first, media={"ant.png": picture(6)}))
    assert "media/ant.png changed there and here: kept as it is here" in said
    assert (maintainer.folder / "media" / "ant.png").read_bytes() == picture(5)


def test_a_file_of_ones_own_with_the_name_of_a_new_one_is_refused(maintainer: Maintainer) -> None:
    (maintainer.folder / "media").mkdir(exist_ok=True)
    (maintainer.folder / "media" / "ant.png").write_bytes(picture(5))
    before = maintainer.files()
    newer = {**WORDS, "ant": (SHOWN["ant"], LATER)}
    said = maintainer.imports(deck(newer, media={"ant.png": picture(6)}), status=1)
    assert "media/ant.png is another file here than there" in said
    assert maintainer.files() == before


def test_a_file_that_came_meanwhile_is_not_replaced(
    maintainer: Maintainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = maintainer.folder / "media" / "ant.png"

    def answers(*_: object) -> str:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(picture(5))
        return "theirs"

    monkeypatch.setattr(import_merge, "can_ask", lambda: True)
    monkeypatch.setattr(import_merge, "ask", answers)
    maintainer.edits("the bee", "my bee")
    before = maintainer.files()
    newer = changed(WORDS, bee=('<img src="ant.png">', LATER))
    said = maintainer.imports(deck(newer, media={"ant.png": picture(6)}), status=1)
    assert "cannot-write" in said
    assert maintainer.files() == {**before, "media/ant.png": picture(5)}


# Note types

RESTYLED = replace(NOTE_TYPE, css=".card { color: red }", mod=LATER)
STYLE = "notetypes/deck-Basic/style.css"


def test_a_note_type_that_changed_there_is_taken(maintainer: Maintainer) -> None:
    said = maintainer.imports(deck(WORDS, note_type=RESTYLED))
    assert "note type deck Basic changed there: taken" in said
    assert b"color: red" in maintainer.files()[STYLE]
    maintainer.builds()
    assert lock_of(maintainer.folder).note_types["deck-Basic"].mod == LATER


@pytest.mark.parametrize(
    ("option", "colour"), [("--keep-mine", b"blue"), ("--take-theirs", b"red")]
)
def test_a_note_type_that_changed_in_both_is_asked(
    maintainer: Maintainer, option: str, colour: bytes
) -> None:
    (maintainer.folder / STYLE).write_text(".card { color: blue }\n")
    maintainer.builds()
    newer = deck(WORDS, note_type=RESTYLED)
    said = maintainer.imports(newer, status=1)
    assert 'the note type "deck Basic" changed there and here: kept' in said
    assert b"color: blue" in maintainer.files()[STYLE]
    maintainer.imports(newer, option)
    assert b"color: " + colour in maintainer.files()[STYLE]
    maintainer.imports(newer)


def test_other_fields_are_refused(maintainer: Maintainer) -> None:
    fields = (*NOTE_TYPE.fields, Field("More", 13))
    newer = deck(WORDS, note_type=replace(NOTE_TYPE, fields=fields, mod=LATER))
    notes = tuple(replace(each, fields=(*each.fields, "")) for each in newer.notes)
    before = maintainer.files()
    said = maintainer.imports(replace(newer, notes=notes), status=1)
    assert 'the note type "deck Basic" has other fields or templates there' in said
    assert maintainer.files() == before


def test_a_new_note_type_comes_with_its_notes(maintainer: Maintainer) -> None:
    newer = deck(WORDS)
    cloze = PackedNote("guid-gap", 30, LATER, "cloze", "Deck", ("a {{c1::gap}}",), (), (0,))
    types = (*newer.note_types, CLOZE)
    maintainer.imports(replace(newer, note_types=types, notes=(*newer.notes, cloze)))
    assert "kind=deck-Cloze" in maintainer.cards.read_text(encoding="utf-8")
    assert "(0 new, 0 changed, 0 retired)" in maintainer.builds()
    assert lock_of(maintainer.folder).note_types["deck-Cloze"].id == CLOZE.id


# Sources without times


def test_a_source_without_times_is_compared_by_its_looks(
    tmp_path: Path, maintainer: Maintainer
) -> None:
    source = tmp_path / "notes.txt"
    folder = tmp_path / "of text"

    def export(*rows: str) -> None:
        lines = ["#separator:tab", "#html:true", "#guid column:1", *rows]
        source.write_text("\n".join([*lines, ""]), encoding="utf-8")

    export("a\tant\tthe ant", "b\tbee\tthe bee")
    maintainer.runs("import", str(source), str(folder))
    export("a\tant\ttheir ant", "b\tbee\tthe bee")
    maintainer.runs("import", str(source), str(folder))
    [cards] = (folder / "cards").glob("*.md")
    assert "their ant" in cards.read_text()
    assert "(0 new, 0 changed, 0 retired)" in maintainer.runs("build", str(folder))
    export("a\tant\ttheir new ant", "b\tbee\ttheir bee")
    cards.write_text(cards.read_text().replace("the bee", "my bee"))
    said = maintainer.runs("import", str(source), str(folder), status=1)
    assert "their new ant" in cards.read_text()
    assert "my bee" in cards.read_text()
    assert said.count("changed-twice") == 1


def test_a_project_with_errors_is_not_merged_into(maintainer: Maintainer) -> None:
    maintainer.edits("the bee", "![](../media/none.png)")
    before = maintainer.files()
    said = maintainer.imports(deck(WORDS), status=1)
    assert "missing-media" in said
    assert maintainer.files() == before


def test_the_lock_says_what_was_imported_last(maintainer: Maintainer) -> None:
    lines = (maintainer.folder / "ankipress.lock").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["imported"] for each in lines[1:]] == [OLD] * 4
    maintainer.edits("the bee", "my bee")
    maintainer.builds()
    records = {each.guid: each for each in lock_of(maintainer.folder).records}
    assert (records["guid-bee"].imported, records["guid-bee"].mod) == (OLD, BUILT)
