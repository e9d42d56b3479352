"""Pulls that ask, that refuse, and those of decks with note types of other makers."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli import import_command, pull_conflicts
from ankipress.cli.main import run
from ankipress.verify.import_proof import ImportProof
from author import FIRST_RELEASE, files_of, lock_of, picture
from both_sides import CARDS, FILES, PULLED, Both
from learner import Learner


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    return Both(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        ("skip", 1, "It takes in oxygen."),
        ("ours", 0, "It takes in oxygen."),
        ("theirs", 0, "It takes in nitrogen."),
    ],
)
def test_a_conflict_is_shown_in_all_versions_and_asked(
    both: Both, capsys: Any, answer: str, status: int, text: str
) -> None:
    both.build(FILES)
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in nitrogen.</p>")
    both.replace("takes in air", "takes in oxygen")
    asked = []

    def ask(question: str, choices: object) -> str:
        asked.append(question)
        return answer

    both.patch.setattr(pull_conflicts, "can_ask", lambda: True)
    both.patch.setattr(pull_conflicts, "ask", ask)
    both.pull("--yes", status=status)
    said = capsys.readouterr().out
    assert asked == ["Which is right?"]
    assert "Back, as it was: It takes in air.\n" in said
    assert "Back, ours:      It takes in oxygen.\n" in said
    assert "Back, theirs:    It takes in nitrogen.\n" in said
    assert text in both.text()
    decided = "Pulled: no card, and the lock remembers what was decided."
    assert (decided in said) is (answer == "ours")


def test_a_part_of_an_anki_is_pulled_by_its_deck(both: Both) -> None:
    both.build({**FILES, "cards/other.md": "# Other\n\n## What is this?\n\nThat.\n"})
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
        user.edit("What is this", Back="<p>Those.</p>")
    both.pull("--yes", "--deck", "Other")
    assert both.text() == CARDS
    assert both.text("cards/other.md").endswith("\nThose.\n")


def test_where_no_anki_answers_it_is_said_what_can_be_given(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    both.patch.setenv("ANKICONNECT_URL", f"http://127.0.0.1:{port}")
    both.patch.chdir(both.author.folder)
    assert run(["pull"]) == 1
    error = capsys.readouterr().err
    assert "error[anki-refused]" in error
    assert "ankipress pull corrections.apkg" in error


def test_a_project_that_was_never_built_has_nothing_in_anki(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    (both.author.folder / "ankipress.lock").unlink()
    both.pull("--yes", status=1)
    assert "nothing was built here under this name yet" in capsys.readouterr().err


def test_where_a_file_cannot_be_written_none_is(both: Both, capsys: Any) -> None:
    both.build({**FILES, "media/heart.png": picture(1)})
    with both.user() as user:
        user.collection.media.write_data("new.png", picture(2))
        user.edit("What does the lung", Back='<p>Air.</p><p><img src="new.png"></p>')
    (both.author.folder / "media" / "new.png").mkdir()
    files = files_of(both.author.folder)
    both.pull("--yes", status=0)
    after = files_of(both.author.folder)
    assert after["media/new-2.png"] == picture(2), "the name is taken by a folder"
    assert files.keys() <= after.keys()


def test_a_picture_that_is_not_there_leaves_its_note_alone(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        user.edit("What does the lung", Back='<p>Air.</p><p><img src="gone.png"></p>')
        user.edit("What does the heart", Back="<p>It pumps.</p>")
    both.pull("--yes", status=1)
    assert "It takes in air." in both.text()
    assert "It pumps.\n" in both.text()
    assert "it shows the file gone.png, which is not in Anki" in capsys.readouterr().err


def test_notes_of_a_note_type_of_the_author_are_edited_and_made(both: Both) -> None:
    folder = "notetypes/word/"
    both.build(
        {
            folder + "notetype.toml": ('name = "Word"\nfields = ["Word", "Meaning", "Example"]\n'),
            folder + "card.front.html": "{{Word}}",
            folder + "card.back.html": "{{FrontSide}} {{Meaning}} {{Example}}",
            "cards.md": "# Words\n\n## chat {kind=word}\n\ncat\n\n### Example\n\nLe chat.\n",
        }
    )
    with both.user() as user:
        user.edit("chat", Example="<p>Le <b>chat</b>.</p>")
        guid = user.add("Word", "Words", Word="chien", Meaning="dog", Example="Le chien.")
    both.pull("--yes")
    assert both.text() == (
        "# Words\n\n## chat {kind=word}\n\ncat\n\n### Example\n\nLe **chat**.\n"
        "\n## chien {kind=word}\n\ndog\n\n### Example\n\nLe chien.\n"
    )
    release = both.build_again()
    with Learner(both.folder / "learner") as learner:
        learner.import_package(both.built)
        log = learner.import_package(release)
        assert log.new == (guid,)
        assert log.conflicting == ()


def test_a_deck_that_came_from_anki_is_pulled_in_its_own_way(both: Both) -> None:
    with Learner(both.folder / "origin") as origin:
        models = origin.collection.models
        for word in ("ant", "bee"):
            note = origin.collection.new_note(models.by_name("Basic"))
            note.fields = [word, f"the {word}<br>flies"]
            origin.collection.add_note(note, origin.collection.decks.id("Insects"))
        exported = origin.export(both.folder / "origin.apkg")
    both.patch.setattr(import_command, "prove_import", lambda *_: ImportProof(missing="anki"))
    both.patch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE))
    assert run(["import", str(exported), str(both.author.folder)]) == 0
    both.patch.chdir(both.author.folder)
    assert run(["build"]) == 0
    [both.built] = (both.author.folder / "build").glob("*.apkg")
    both.patch.setenv("SOURCE_DATE_EPOCH", str(PULLED + 400_000_000))
    before = both.text("cards/Insects.md")
    with both.user() as user:
        user.edited = PULLED + 300_000_000
        user.edit("ant", Back="the ant<br>walks")
        model = user.collection.models.get(user.notes()[user.guid("bee")].note_type)
        assert model
        guid = user.add(model["name"], "Insects", Front="cat", Back="the cat")
    both.pull("--yes")
    after = both.text("cards/Insects.md")
    edited = before.replace("the ant\nflies", "the ant\nwalks")
    assert after == f"{edited}\n## cat\n\nthe cat\n"
    assert guid in {each.guid for each in lock_of(both.author.folder).records}
    assert run(["build", "--locked"]) == 0
    both.pull("--yes")
    assert both.text("cards/Insects.md") == after


def test_an_import_into_the_project_takes_notes_that_were_made_too(both: Both) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.add("deck Basic", "Body", Front="What is blood?", Back="A <b>liquid</b>.")
        exported = user.export(both.folder / "export.apkg")
    assert run(["import", str(exported), str(both.author.folder)]) == 0
    assert both.text() == f"{CARDS}\n## What is blood?\n\nA **liquid**.\n"
    assert guid in {each.guid for each in lock_of(both.author.folder).records}
    both.patch.chdir(both.author.folder)
    assert run(["build", "--locked"]) == 0


def test_a_conflict_in_a_note_type_with_a_new_field_is_no_less_one(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.edit("What does the lung", Back="<p>It takes in nitrogen.</p>")
        user.add_field(guid, "Mine")
    both.replace("takes in air", "takes in oxygen")
    both.pull("--yes", status=1)
    assert "error[changed-twice]" in capsys.readouterr().err
    both.pull("--yes", "--theirs")
    assert "nitrogen" in both.text()


def test_a_made_note_keeps_its_tags_but_for_those_of_tools(both: Both) -> None:
    both.build(FILES)
    with both.user() as user:
        user.add("deck Basic", "Body", Front="New", Back="card")
        user.set_tags("New", "organ", "leech", "AnkiCollab_Personal")
    both.pull("--yes")
    assert both.text().endswith("\n## New {.organ}\n\ncard\n")


def test_a_table_is_nothing_to_pull_from(both: Both, capsys: Any) -> None:
    both.build(FILES)
    table = both.folder / "words.csv"
    table.write_text("word,meaning\nHund,dog\n", encoding="utf-8")
    both.pull("--yes", source=table, status=1)
    assert "is a table, whose notes have no guids" in capsys.readouterr().err


def test_a_file_that_was_renamed_is_built_first(both: Both, capsys: Any) -> None:
    both.author.write("old.md", CARDS)
    both.author.write("media/heart.png", picture(1))
    both.patch.chdir(both.author.folder)
    assert run(["build", "old.md"]) == 0
    [both.built] = (both.author.folder / "build").glob("*.apkg")
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    both.author.rename("old.md", "new.md")
    files = files_of(both.author.folder)
    both.pull("--yes", "-p", "new.md", status=1)
    assert "nothing was built here under this name yet" in capsys.readouterr().err
    assert files_of(both.author.folder) == files


def test_a_whole_collection_tells_what_is_gone_and_a_package_does_not(
    both: Both, capsys: Any
) -> None:
    both.build({**FILES, "cards/other.md": "# Other\n\n## What is this?\n\nThat.\n"})
    with both.user() as user:
        user.delete("What is this")
        package = user.export(both.folder / "export.apkg")
    both.pull("--yes", source=package)
    assert "not in Anki any more" not in capsys.readouterr().out
    both.pull("--yes", source=both.collection.parent)
    said = capsys.readouterr().out
    assert "1 note not in Anki any more" in said
    assert 'cards/other.md:3: "What is this?"' in said


def test_a_profile_is_pulled_by_its_name_and_another_one_is_told(both: Both, capsys: Any) -> None:
    both.build(FILES)
    both.patch.setenv("ANKI_BASE", str(both.collection.parent.parent))
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    both.pull("--yes", source=both.collection.parent.name)
    assert "It takes in oxygen." in both.text()
    with Learner(both.collection.parent.parent / "Other") as learner:
        note = learner.collection.new_note(learner.collection.models.by_name("Basic"))
        note["Front"] = "Of another deck"
        learner.collection.add_note(note, 1)
    capsys.readouterr()
    both.pull("--yes", source="Other")
    said = capsys.readouterr().out
    assert "none of the notes of this project: is it the right profile, or export?" in said
    assert "not in Anki any more" not in said


def test_a_push_after_a_pull_changes_nothing_but_what_was_refused(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        lung = user.edit("What does the lung", Back="<p>It takes in nitrogen.</p>")
        heart = user.edit("What does the heart", Back="It <b>pumps</b>.<div>All day.</div>")
        user.add("deck Basic", "Body", Front="New", Back="card<div>of mine</div>")
        before = user.notes()
    both.pull("--yes")
    capsys.readouterr()
    assert run(["push", str(both.collection), "--yes"]) == 0
    assert "nothing was imported" in capsys.readouterr().out
    both.replace("takes in nitrogen", "takes in oxygen")
    both.pull("--yes")
    assert "takes in oxygen" in both.text(), "the edit was taken before"
    assert run(["push", str(both.collection), "--yes"]) == 0
    with Learner(both.folder / "user") as user:
        after = user.notes()
    changed = {guid for guid in after if after[guid].fields != before[guid].fields}
    assert changed <= {lung, heart}, "what is spelled as a build spells it looks the same"
    assert after[lung].fields["Back"] == "<p>It takes in oxygen.</p>"


def test_a_push_brings_what_was_kept_here_in_a_conflict(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.edit("What does the lung", Back="<p>It takes in nitrogen.</p>")
        user.answer(guid)
    both.replace("takes in air", "takes in oxygen")
    both.pull("--yes", "--ours")
    assert run(["push", str(both.collection), "--yes"]) == 0
    with Learner(both.folder / "user") as user:
        assert user.notes()[guid].fields["Back"] == "<p>It takes in oxygen.</p>"
        assert len(user.snapshot()[guid, 0].reviews) == 1
    both.pull("--yes")
    assert "There is nothing to pull." in capsys.readouterr().out


def test_a_card_that_was_written_in_both_is_not_written_twice(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.add("deck Basic", "Body", Front="What is blood?", Back="A liquid.")
        user.add("deck Basic", "Body", Front="What is bone?", Back="It is hard.")
        user.add("deck Basic", "Body", Front="What is skin?", Back="It is soft.")
    both.author.write("cards.md", f"{CARDS}\n## What is blood?\n\nA liquid.\n")
    both.pull("--yes")
    assert both.text() == (
        f"{CARDS}\n## What is blood?\n\nA liquid.\n"
        "\n## What is bone?\n\nIt is hard.\n\n## What is skin?\n\nIt is soft.\n"
    )
    assert guid in {each.guid for each in lock_of(both.author.folder).records}
    capsys.readouterr()
    both.pull("--yes")
    assert "There is nothing to pull." in capsys.readouterr().out


def test_a_card_that_a_build_leaves_out_stops_no_pull(both: Both) -> None:
    text = CARDS.replace(
        "## What does the lung", "## Broken\n\n![](gone.png)\n\n## What does the lung"
    )
    assert text != CARDS
    both.build({**FILES, "cards.md": text})
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    before = lock_of(both.author.folder)
    both.pull("--yes")
    assert "It takes in oxygen." in both.text()
    assert len(lock_of(both.author.folder).records) == len(before.records)
    both.pull("--yes")
