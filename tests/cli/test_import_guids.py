"""`ankipress import NOTES --guids-from DECK`: the cards of notes get the guids of a package that
another tool has made of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli import import_guids
from ankipress.cli.main import run
from ankipress.model import Lock
from author import files_of, lock_of
from foreign_tool import MADE, TYPE_ID, guid_of, save_package

SHAPE = ("--shape", "headings:2")
QUESTIONS = ("What is one?", "What is two?", "What is three?", "What is four?")
CARDS = [(question, f"<p>The answer to {question.lower()}</p>") for question in QUESTIONS]
NOTES = "---\ntags: bio\n---\n\n" + "".join(
    f"## {question}\n\nThe answer to {question.lower()}\n\n" for question in QUESTIONS
)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of notes, and `old.apkg` beside it."""
    monkeypatch.chdir(tmp_path)
    save_package(tmp_path / "old.apkg", CARDS)
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "numbers.md").write_text(NOTES)
    return folder


def take(*arguments: str) -> int:
    """Give the notes the guids of `old.apkg`."""
    return run(["import", "notes", "--guids-from", "old.apkg", *SHAPE, *arguments])


def guids(lock: Lock) -> dict[str, str]:
    """The guids of a lock by their questions."""
    return {each.question: each.guid for each in lock.records}


def test_each_card_gets_guid_note_id_and_time_of_the_package(notes: Path) -> None:
    assert take() == 0
    lock = lock_of(notes)
    assert guids(lock) == {each: guid_of(each) for each in QUESTIONS}
    assert {(each.mod, each.imported) for each in lock.records} == {(MADE, MADE)}
    assert {each.note_id for each in lock.records} == {MADE * 1000 + n for n in range(0, 8, 2)}
    assert [each.id for each in lock.note_types.values()] == [TYPE_ID]


def test_the_files_stay_as_they_are_and_get_settings(notes: Path) -> None:
    assert take() == 0
    assert (notes / "numbers.md").read_text() == NOTES
    settings = (notes / "ankipress.toml").read_text()
    assert 'kind = "Notes-tool"\n' in settings
    assert 'sources = ["numbers.md"]\n' in settings
    assert (notes / "notetypes" / "Notes-tool" / "notetype.toml").is_file()


def test_what_looks_the_same_is_not_changed_by_the_first_build(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = NOTES.replace("answer to what is two", "other answer to what is two")
    (notes / "numbers.md").write_text(text + "## What is new?\n\nThis.\n")
    assert take() == 0
    assert "updates 1 of these, which differ from it, and adds 1 note." in capsys.readouterr().out
    assert run(["build", "notes"]) == 0
    lock = lock_of(notes)
    changed = [each.question for each in lock.records if each.imported and each.mod > MADE]
    assert changed == ["What is two?"]


def test_other_tags_are_an_update(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (notes / "numbers.md").write_text(NOTES.replace("bio", "other"))
    assert take("--dry-run") == 0
    assert "updates 4 of these" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(notes: Path) -> None:
    assert take("--dry-run") == 0
    assert files_of(notes).keys() == {"numbers.md"}


def test_one_file_among_others_is_taken_alone(notes: Path) -> None:
    (notes / "other.md").write_text("## What is more?\n\nThis.\n")
    assert run(["import", "notes/numbers.md", "--guids-from", "old.apkg", *SHAPE]) == 0
    assert 'sources = ["numbers.md"]\n' in (notes / "ankipress.toml").read_text()
    assert guids(lock_of(notes)).keys() == set(QUESTIONS)


def test_a_project_keeps_its_settings_and_gets_the_kind(notes: Path) -> None:
    settings = 'name = "mine" # my deck\nsources = ["*.md"]\nkind = "choice"\n'
    (notes / "ankipress.toml").write_text(settings)
    assert take() == 0
    written = (notes / "ankipress.toml").read_text()
    assert written == settings.replace("choice", "Notes-tool")
    assert guids(lock_of(notes)).keys() == set(QUESTIONS)


def test_cards_that_have_guids_already_keep_them(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "notes", *SHAPE]) == 0
    before = files_of(notes)
    assert take() == 1
    assert "notes/ankipress.lock says already which notes these cards are" in (
        capsys.readouterr().err
    )
    assert files_of(notes) == before


def test_notes_that_are_in_no_card_are_named_and_remembered(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_package(Path("old.apkg"), [*CARDS, ("What is gone?", "This.")])
    assert take() == 0
    out = capsys.readouterr().out
    assert "4 found again in the cards" in out
    assert "What is gone?" in out
    assert guid_of("What is gone?") in guids(lock_of(notes)).values()


def test_a_note_that_could_be_several_cards_is_left_to_its_author(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_package(Path("old.apkg"), [*CARDS, ("Which is it?", "<p>x y z</p>")])
    both = "## Which is it here?\n\nx y z\n\n## Which is it there?\n\nx y z\n"
    (notes / "numbers.md").write_text(NOTES + both)
    assert take() == 0
    out = capsys.readouterr().out
    assert "1 could be several cards" in out
    assert "Next: `ankipress ids notes`, `ankipress build notes`, and" in out
    assert run(["build", "notes"]) == 1
    same = f"notes/numbers.md:{NOTES.count(chr(10)) + 1}={guid_of('Which is it?')}"
    assert run(["ids", "--same", same, "notes"]) == 0
    assert run(["build", "notes"]) == 0
    assert guids(lock_of(notes))["Which is it here?"] == guid_of("Which is it?")


def test_a_package_of_another_deck_is_refused(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_package(Path("old.apkg"), [(f"Stranger {n}?", f"Unknown {n * 37}.") for n in range(5)])
    assert take() == 1
    assert "most notes of old.apkg are in none of these cards" in capsys.readouterr().err
    assert files_of(notes).keys() == {"numbers.md"}


def test_fields_that_the_cards_do_not_have_are_given_up_only_with_consent(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three = [(*fields, "page 3") for fields in CARDS[:3]] + [(*CARDS[3], "<br>")]
    save_package(Path("old.apkg"), three, fields=("Question", "Answer", "Source"))
    assert take() == 1
    lost = "learners would lose fields that these cards do not have: Source (3 notes)"
    assert lost in capsys.readouterr().err
    assert files_of(notes).keys() == {"numbers.md"}
    assert take("--dry-run") == 0
    assert lost in capsys.readouterr().out
    assert take("--yes") == 0
    assert guids(lock_of(notes)).keys() == set(QUESTIONS)


def test_a_field_that_a_card_has_below_its_name_is_kept(notes: Path) -> None:
    three = [(*CARDS[0], "page 3"), *((*fields, "") for fields in CARDS[1:])]
    save_package(Path("old.apkg"), three, fields=("Question", "Answer", "Source"))
    end = "what is one?\n"
    (notes / "numbers.md").write_text(NOTES.replace(end, f"{end}\n### Source\n\npage 3\n"))
    assert take() == 0
    assert run(["build", "notes"]) == 0
    assert {each.mod for each in lock_of(notes).records} == {MADE}


def test_an_author_at_a_terminal_is_asked(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three = [(*fields, "page 3") for fields in CARDS]
    save_package(Path("old.apkg"), three, fields=("Question", "Answer", "Source"))
    answers = [False, True]
    monkeypatch.setattr(import_guids, "can_ask", lambda: True)
    monkeypatch.setattr(import_guids, "confirm", lambda _: answers.pop(0))
    assert take() == 1
    assert files_of(notes).keys() == {"numbers.md"}
    assert take() == 0
    assert (notes / "ankipress.lock").is_file()


def test_the_note_type_of_most_cards_is_taken(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [(f"Stranger {n}?", f"Unknown {n * 37}.") for n in range(9)]
    save_package(Path("old.apkg"), CARDS[:3], others=[CARDS[3], *others])
    assert take() == 0
    assert "10 have a note type of another tool or deck" in capsys.readouterr().out
    lock = lock_of(notes)
    assert guids(lock).keys() == set(QUESTIONS[:3])
    assert lock.note_types.keys() == {"Notes-tool"}


def test_an_id_that_is_the_note_id_finds_a_card_of_any_text(notes: Path) -> None:
    text = NOTES.replace(
        "## What is two?\n\nThe answer to what is two?",
        f"## Quite another question\n\nWith other words.\n<!--ID: {MADE * 1000 + 2}-->",
    )
    (notes / "numbers.md").write_text(text)
    assert take() == 0
    assert guids(lock_of(notes))["Quite another question"] == guid_of("What is two?")


def test_files_that_the_note_type_shows_come_along(notes: Path) -> None:
    style = notes.parent / "_tool.css"
    style.write_text("b { color: red }")
    save_package(Path("old.apkg"), CARDS, media=[style])
    style.unlink()
    assert take() == 0
    assert (notes / "media" / "_tool.css").read_text() == "b { color: red }"
    assert "_tool.css" in lock_of(notes).media
    assert run(["build", "notes"]) == 0


def test_errors_in_the_cards_are_told_and_nothing_is_written(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (notes / "numbers.md").write_text(NOTES + "## What is [this](x.png)? ![](missing.png)\n\nNo.\n")
    assert take() == 1
    assert "missing-media" in capsys.readouterr().err
    assert files_of(notes).keys() == {"numbers.md"}


def test_a_table_says_no_note_type_of_learners(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (notes.parent / "old.apkg").unlink()
    (notes.parent / "table.csv").write_text("question,answer\nWhat is one?,One.\n")
    assert run(["import", "notes", "--guids-from", "table.csv", *SHAPE]) == 1
    assert "does not say which note types learners have" in capsys.readouterr().err
    assert files_of(notes).keys() == {"numbers.md"}


def test_a_package_of_ankipress_is_left_to_recover(
    notes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (notes.parent / "own.md").write_text(NOTES)
    assert run(["build", "own.md"]) == 0
    [built] = (notes.parent / "build").glob("own-*.apkg")
    assert run(["import", "notes", "--guids-from", str(built), *SHAPE]) == 1
    assert "`ankipress recover`" in capsys.readouterr().err
    assert files_of(notes).keys() == {"numbers.md"}


def test_a_folder_without_notes(notes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (notes / "numbers.md").unlink()
    assert run(["import", "notes", "--guids-from", "old.apkg"]) == 1
    assert "notes holds no notes in Markdown" in capsys.readouterr().err


@pytest.mark.parametrize("source", ["notes", "notes/numbers.md"])
def test_notes_alone_need_no_import(
    notes: Path, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", source]) == 1
    said = capsys.readouterr().err
    assert "no import" in said
    assert "`ankipress init`" in said
    assert "--guids-from" in said
    assert files_of(notes).keys() == {"numbers.md"}


@pytest.mark.parametrize(
    "call",
    [
        ["notes", "other", "--guids-from", "old.apkg"],
        ["notes", "--guids-from", "old.apkg", "--front", "a"],
        ["notes", "--guids-from", "old.apkg", "--keep-html"],
        ["old.apkg", "--yes"],
        ["old.apkg", *SHAPE],
    ],
)
def test_options_that_mean_nothing_together_are_refused(notes: Path, call: list[str]) -> None:
    assert run(["import", *call]) == 2
    assert files_of(notes).keys() == {"numbers.md"}
