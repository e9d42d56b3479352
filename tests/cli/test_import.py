"""`ankipress import`: a deck that exists becomes a project, and its learners notice nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import genanki
import pytest

from ankipress.cli.main import run
from author import lock_of, picture

STYLE = ".card { color: navy; }\n"
WORD = genanki.Model(
    1_500_000_000_001,
    "Word",
    fields=[{"name": "Word"}, {"name": "Meaning"}, {"name": "Key"}],
    templates=[{"name": "A/B", "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr>{{Meaning}} {{Key}}"}],
    css=STYLE,
)
GAPS = genanki.Model(
    1_500_000_000_002,
    "Gaps",
    fields=[{"name": "Text"}, {"name": "More"}],
    templates=[{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}{{cloze:More}}"}],
    model_type=genanki.Model.CLOZE,
)
NOTES: tuple[tuple[genanki.Model, str, list[str], list[str]], ...] = (
    (WORD, "guid-1", ["cat", "a <b>small</b> animal<br>with fur", ""], ["pets"]),
    (WORD, "<a/b>", ["one<br>two", '<img src="a b.png"> [sound:meow.mp3]', "no guid"], ["pets"]),
    (WORD, "-c#[]", ["Set {a}", "<p>x</p><p>y</p>", "k"], ["pets", "odd,{tag}"]),
    (WORD, "empty", ["", "only this", ""], ["pets"]),
    (GAPS, "gaps", ["The {{c1::heart::organ}} beats", "{{c2::60}} times"], []),
    (GAPS, "maths", [r"{{c1::\(a^2\)}} and [$]b_1[/$]", ""], []),
)
MEDIA: Mapping[str, bytes] = {"a b.png": picture(1), "meow.mp3": b"sound", "unused.png": picture(2)}


def package(folder: Path, notes: Iterable[tuple[genanki.Model, str, list[str], list[str]]]) -> Path:
    """A package of notes, by genanki."""
    deck = genanki.Deck(1_600_000_000_001, "Words::Animals")
    for model, guid, fields, tags in notes:
        deck.add_note(genanki.Note(model, fields, guid=guid, tags=tags))
    files = []
    for name, content in MEDIA.items():
        path = folder / name
        path.write_bytes(content)
        files.append(str(path))
    written = folder / "words.apkg"
    genanki.Package(deck, media_files=files).write_to_file(written, timestamp=1_500_000_000)
    return written


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in the current folder."""
    monkeypatch.chdir(tmp_path)
    return package(tmp_path, NOTES)


CARDS = """\
---
deck: "Words::Animals"
kind: Word
---

## Card 1 {.pets}

### Word

### Meaning

only this

## cat {.pets}

### Meaning

a **small** animal
with fur

## one two {.pets}

### Word

one
two

### Meaning

![](../../media/a%20b.png) [sound:../../media/meow.mp3]

### Key

no guid

## Set {a} {.pets ."odd,{tag}"}

### Meaning {text=paragraphs}

x

y

### Key

k

## The {{c1::heart::organ}} beats {kind=Gaps}

{{c2::60}} times

## {{c1::$a^2$}} and $b_1$ {kind=Gaps}
"""


def test_a_deck_becomes_cards_that_a_person_would_have_written(
    words: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("anki.collection", reason="the proof needs Anki's engine: NOT tested")
    assert run(["import", str(words), "deck"]) == 0
    said = capsys.readouterr().out
    assert "imported 6 notes: 6 as Markdown, 0 with HTML, 0 with loss" in said
    assert "0 new, 0 updated, 0 conflicting" in said
    assert "0 new, 1 updated, as meant" in said
    project = words.parent / "deck"
    assert (project / "cards/Words/Animals.md").read_text(encoding="utf-8") == CARDS
    assert (project / "notetypes/Word/style.css").read_text(encoding="utf-8").startswith(STYLE)
    assert {each.name for each in (project / "media").iterdir()} == {"a b.png", "meow.mp3"}


def test_the_first_build_changes_nothing(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(words), "deck"]) == 0
    assert run(["build", "--locked", "deck"]) == 0
    assert "6 notes (0 new, 0 changed, 0 retired), 2 media" in capsys.readouterr().out
    lock = lock_of(words.parent / "deck")
    assert {each.guid for each in lock.records} == {guid for _, guid, _, _ in NOTES}
    assert {each.mod for each in lock.records} == {1_500_000_000}


def test_what_was_imported_does_not_differ_from_the_package_it_came_from(
    words: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(words), "deck"]) == 0
    cards = words.parent / "deck/cards/Words/Animals.md"
    capsys.readouterr()
    assert run(["check", "--against", str(words), "deck"]) == 0
    assert "mod-too-old" not in capsys.readouterr().out
    cards.write_text(cards.read_text(encoding="utf-8").replace("small", "tiny"), encoding="utf-8")
    assert run(["diff", str(words), "deck"]) == 0
    said = capsys.readouterr().out
    assert "1 updated" in said
    assert "without a newer mod" not in said


def test_a_dry_run_says_all_and_writes_nothing(
    words: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(words.parent.rglob("*"))
    assert run(["import", str(words), "deck", "--dry-run"]) == 0
    assert "imported 6 notes" in capsys.readouterr().out
    assert sorted(words.parent.rglob("*")) == before


@pytest.mark.parametrize("name", ["ankipress.toml", "cards", "notetypes", "media"])
def test_nothing_is_overwritten(name: str, words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = words.parent / "deck"
    folder.mkdir()
    (folder / name).write_text("mine", encoding="utf-8")
    assert run(["import", str(words), "deck"]) == 1
    assert f"deck{os.sep}{name}" in capsys.readouterr().err
    assert [each.name for each in folder.iterdir()] == [name]
    assert (folder / name).read_text(encoding="utf-8") == "mine"


LOSES = '<div data-x="1">a</div><font size="7">b</font>'


def test_html_that_a_card_cannot_hold_is_kept_by_consent_or_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = package(tmp_path, [(WORD, "guid", ["cat", LOSES, ""], [])])
    assert run(["import", str(words), "without", "--no-keep-html"]) == 0
    said = capsys.readouterr().out
    assert "0 with HTML, 1 with loss" in said
    assert "cards/Words/Animals.md: cat: " in said
    assert run(["import", str(words), "kept", "--keep-html"]) == 0
    assert "0 with HTML, 1 with HTML kept as it was, 0 with loss" in capsys.readouterr().out
    text = (tmp_path / "kept/cards/Words/Animals.md").read_text(encoding="utf-8")
    assert f"```{{=html}}\n{LOSES}\n```" in text


def test_media_that_the_source_does_not_hold_stay_as_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = package(tmp_path, [(WORD, "guid", ["cat", '<img src="gone.png">', ""], [])])
    assert run(["import", str(words), "deck"]) == 0
    assert "1 file of media that the source does not hold: gone.png" in capsys.readouterr().out
    assert run(["build", "--locked", "deck"]) == 0
    said = capsys.readouterr()
    assert "warning[absent-media]" in said.err
    assert "(0 new, 0 changed, 0 retired), 0 media" in said.out


def test_a_sound_that_the_source_does_not_hold_stays_a_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = package(tmp_path, [(WORD, "guid", ["cat", "a cat [sound:gone.mp3]", ""], [])])
    assert run(["import", str(words), "deck"]) == 0
    assert "1 as Markdown, 0 with HTML, 0 with loss" in capsys.readouterr().out
    assert run(["build", "--locked", "deck"]) == 0
    problem = "the imported deck did not hold 1 file, so no package does: gone.mp3"
    assert f"warning[absent-media]: {problem}" in capsys.readouterr().err


def test_options_for_tables_are_refused_for_other_sources(
    words: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(words), "deck", "--front", "Word"]) == 2
    assert "--front, --back, --tags and --guid are for tables" in capsys.readouterr().err
    assert not (words.parent / "deck").exists()


def test_of_notes_of_one_guid_the_others_are_drafts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anki updates the one with the highest id, and no learner may get another one anew."""
    pytest.importorskip("anki.collection", reason="the proof needs Anki's engine: NOT tested")
    monkeypatch.chdir(tmp_path)
    notes: list[tuple[genanki.Model, str, list[str], list[str]]] = [
        (WORD, "same", ["cat", "one", ""], []),
        (WORD, "same", ["cat", "two", ""], []),
        (WORD, "same", ["cat", "two", ""], []),
        (WORD, "other", ["dog", "three", ""], []),
    ]
    words = package(tmp_path, notes)
    assert run(["import", str(words), "deck"]) == 0
    said = capsys.readouterr().out
    assert "1 note with the guid and the text of another one: left out" in said
    assert "1 note with the guid of another one" in said
    assert "0 new, 0 updated, 0 conflicting" in said
    text = (tmp_path / "deck/cards/Words/Animals.md").read_text(encoding="utf-8")
    assert text.count("## cat {draft}") == 1
    assert run(["build", "--locked", "deck"]) == 0
    assert "2 notes (0 new, 0 changed, 0 retired), 1 draft left out" in capsys.readouterr().out


def test_a_guid_that_is_no_plain_word_cannot_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    notes: list[tuple[genanki.Model, str, list[str], list[str]]] = [
        (WORD, "with a space", ["dog", "three", ""], []),
        (WORD, "plain", ["cat", "one", ""], []),
    ]
    words = package(tmp_path, notes)
    assert run(["import", str(words), "deck"]) in {0, 1}  # 1: the proof sees the new note
    assert "1 note with a guid that is no plain word" in capsys.readouterr().out
    assert run(["build", "--locked", "deck"]) == 0


def test_notes_without_a_guid_that_can_stay_are_not_tried_in_anki(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = package(tmp_path, [(WORD, "a b", ["cat", "one", ""], [])])
    assert run(["import", str(words), "deck"]) == 0
    assert "Not tried in Anki: no note has a guid" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.apkg", b"PK\3\4 and nothing"),
        ("text.apkg", b"no package"),
        ("empty.csv", b""),
    ],
)
def test_what_is_no_deck_is_refused_in_a_sentence(
    name: str,
    content: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    assert run(["import", name, "deck"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error[bad-source]: ")
    assert name.partition(".")[0] in error
    assert "\n  help: " in error
    assert not (tmp_path / "deck").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write: NOT tested")
def test_a_folder_that_cannot_be_written_is_told(
    words: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = words.parent / "locked"
    folder.mkdir(mode=0o500)
    assert run(["import", str(words), "locked/deck"]) == 1
    assert "error[cannot-write]" in capsys.readouterr().err


def test_a_table_becomes_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("word;meaning\nHund;dog & cat\n<b>;*x*\n", encoding="utf-8")
    assert run(["import", "t.csv", "deck", "--front", "word", "--back", "meaning"]) == 0
    said = capsys.readouterr().out
    assert "  Hund → dog & cat\n  <b> → *x*\n" in said
    assert "imported 2 notes: 2 as Markdown" in said
    [cards] = (tmp_path / "deck/cards").glob("*.md")
    assert cards.read_text(encoding="utf-8").partition("---\n\n")[2] == (
        "## Hund\n\ndog & cat\n\n## \\<b>\n\n\\*x\\*\n"
    )
    assert run(["build", "--locked", "deck"]) == 0


def test_a_folder_of_crowdanki_becomes_cards_and_says_whom_no_package_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    model = {
        "__type__": "NoteModel",
        "crowdanki_uuid": "type-1",
        "name": "Word",
        "type": 0,
        "css": STYLE,
        "flds": [{"name": "Word", "ord": 0}, {"name": "Meaning", "ord": 1}],
        "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Word}}", "afmt": "{{Meaning}}"}],
    }
    note = {
        "__type__": "Note",
        "fields": ["cat", "an <i>animal</i>"],
        "guid": "abc",
        "note_model_uuid": "type-1",
        "tags": [],
    }
    deck = {
        "__type__": "Deck",
        "children": [],
        "crowdanki_uuid": "deck-1",
        "media_files": [],
        "name": "Words",
        "note_models": [model],
        "notes": [note],
    }
    (tmp_path / "source").mkdir()
    (tmp_path / "source/deck.json").write_text(json.dumps(deck), encoding="utf-8")
    assert run(["import", "source", "deck"]) == 0
    said = capsys.readouterr().out
    assert "imported 1 note: 1 as Markdown" in said
    assert "no package can update them" in said
    assert run(["build", "--locked", "deck"]) == 0


def test_a_repository_keeps_its_own_files(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = words.parent / "deck"
    (folder / ".git").mkdir(parents=True)
    (folder / ".gitattributes").write_text("*.x text\n")
    assert run(["import", "words.apkg", "deck"]) == 0
    assert (folder / ".gitattributes").read_text() == "*.x text\n"
    assert "add `notetypes/** -text` to .gitattributes" in capsys.readouterr().out


def one_note(folder: Path, fields: list[str], model: genanki.Model = WORD, guid: str = "g") -> None:
    package(folder, [(model, guid, fields, ["a::::b"])])


def test_a_picture_in_a_folder_that_nobody_has_is_kept_as_it_was(words: Path) -> None:
    one_note(words.parent, ["Q", '<img src="sub/gone.png">', ""])
    assert run(["import", "words.apkg", "deck", "--keep-html"]) == 0
    os.chdir("deck")
    assert lock_of(Path()).media == {"gone.png": ""}
    assert run(["build"]) == 0


def test_a_tag_without_a_part_is_named_as_anki_names_it(words: Path) -> None:
    one_note(words.parent, ["Q", "A", ""])
    assert run(["import", "words.apkg", "deck"]) == 0
    assert 'tags: ["a::blank::b"]' in next(Path("deck/cards").rglob("*.md")).read_text()


def test_a_note_type_with_one_field(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = {"name": "C", "qfmt": "{{F}}", "afmt": "{{F}}"}
    model = genanki.Model(1_500_000_000_003, "One", [{"name": "F"}], [template])
    package(words.parent, [(model, f"g{number}", [f"text {number}"], []) for number in range(3)])
    assert run(["import", "words.apkg", "deck"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(("id", "name"), [(0, "Word"), (-3, "Word"), (1_500_000_000_004, "")])
def test_a_note_type_that_no_project_can_hold_is_refused(
    id: int, name: str, words: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_note(words.parent, ["Q", "A"], genanki.Model(id, name, WORD.fields[:2], WORD.templates))
    assert run(["import", "words.apkg", "deck"]) == 1
    assert f'no project can hold the note type "{name}"' in capsys.readouterr().err
    assert not Path("deck").exists()
