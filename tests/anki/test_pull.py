"""Decks that were built, imported and edited in the real Anki, and are pulled from its collection:
the sources get these edits and no others, and the lock lets nobody notice more than that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ankipress.cli import pulling
from ankipress.cli.main import run
from author import FIRST_RELEASE, files_of, lock_of, picture
from both_sides import CARDS, FILES, PULLED, Both, User, git
from learner import Learner


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@b.c")
    return Both(tmp_path, monkeypatch)


def test_an_edit_in_anki_changes_its_line_and_no_other(both: Both, capsys: Any) -> None:
    both.build(FILES)
    before = lock_of(both.author.folder)
    with both.user() as user:
        guid = user.edit("What does the lung", Back="<p>It takes in <b>oxygen</b>.</p>")
    capsys.readouterr()
    both.pull("--yes")
    assert both.text() == CARDS.replace("takes in air", "takes in **oxygen**")
    assert "+It takes in **oxygen**." in capsys.readouterr().out
    after = lock_of(both.author.folder)
    old = {each.guid: each for each in before.records}
    new = {each.guid: each for each in after.records}
    assert old.keys() == new.keys()
    assert {each for each in new if new[each] != old[each]} == {guid}
    assert (new[guid].mod, new[guid].pulled) == (PULLED, User.edited)
    assert run(["build", "--locked"]) == 0
    files = files_of(both.author.folder)
    both.pull("--yes")
    assert "There is nothing to pull." in capsys.readouterr().out
    assert files_of(both.author.folder) == files


def test_nothing_is_pulled_from_who_has_edited_nothing(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        user.answer(user.guid("What does the heart"))
    files = files_of(both.author.folder)
    both.pull("--yes")
    assert files_of(both.author.folder) == files
    assert "There is nothing to pull." in capsys.readouterr().out


def test_a_note_that_was_made_in_anki_becomes_a_card_beside_the_others(both: Both) -> None:
    both.build(FILES)
    with both.user() as user:
        user.collection.media.write_data("liver.png", picture(7))
        back = 'It cleans<div>all <b>blood</b>.</div><img src="liver.png">'
        guid = user.add("deck Basic", "Body", Front="What does the liver do?", Back=back)
        cloze = user.add("deck Cloze", "Body", Text="A {{c1::kidney}} makes urine.")
        stock = user.add("Basic", "Body", Front="Stock", Back="yes")
    both.pull("--yes")
    text = both.text()
    assert text.startswith(CARDS)
    assert "\n\n## What does the liver do?\n\nIt cleans\\\n" in text
    assert (both.author.folder / "media" / "liver.png").read_bytes() == picture(7)
    guids = {each.guid for each in lock_of(both.author.folder).records}
    assert {guid, cloze, stock} <= guids
    both.pull("--yes")
    assert both.text() == text
    release = both.build_again()
    with Learner(both.folder / "other") as other:
        assert other.import_package(both.built).new
        log = other.import_package(release)
        assert set(log.new) == {guid, cloze, stock}
        assert (log.updated, log.conflicting) == ((), ())


def test_edits_in_both_at_different_places_are_merged(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        html = "<p>It pumps <em>blood</em>, all of it.</p><ul><li>day</li><li>at night</li></ul>"
        guid = user.edit("What does the heart", Back=html)
    both.replace("It pumps *blood*, all", "It moves *blood*, all")
    both.pull("--yes")
    wanted = CARDS.replace("It pumps", "It moves").replace("- night", "- at night")
    assert both.text() == wanted
    both.pull("--yes")
    assert both.text() == wanted, "what is in Anki is settled, though it differs"
    release = both.build_again()
    with Learner(both.folder / "learner") as learner:
        learner.import_package(both.built)
        assert learner.import_package(release).updated == (guid,)


@pytest.mark.parametrize(
    ("words", "status", "answer"),
    [
        ((), 1, "It takes in oxygen."),
        (("--ours",), 0, "It takes in oxygen."),
        (("--theirs",), 0, "It takes in nitrogen."),
    ],
)
def test_a_conflict_is_left_or_decided(
    both: Both, capsys: Any, words: tuple[str, ...], status: int, answer: str
) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.edit("What does the lung", Back="<p>It takes in nitrogen.</p>")
    both.replace("takes in air", "takes in oxygen")
    both.pull("--yes", *words, status=status)
    assert both.text() == CARDS.replace("It takes in air.", answer)
    error = capsys.readouterr().err
    assert ("error[changed-twice]" in error) == (status == 1)
    both.pull("--yes", status=status)
    record = next(each for each in lock_of(both.author.folder).records if each.guid == guid)
    assert bool(record.pulled) == (status == 0)
    assert both.text() == CARDS.replace("It takes in air.", answer), "what is decided stays"
    release = both.build_again()
    with Learner(both.folder / "again") as again:
        again.import_package(both.built)
        log = again.import_package(release)
        assert log.updated == (guid,)
        assert answer in again.notes()[guid].fields["Back"]


def test_tags_of_the_author_come_and_those_of_tools_stay(both: Both) -> None:
    both.build(FILES)
    with both.user() as user:
        user.set_tags("What does the lung", "air", "leech", "AnkiHub_Protect::Back")
        user.set_tags("What does the heart")
    both.pull("--yes")
    wanted = CARDS.replace("## What does the lung do?", "## What does the lung do? {.air}")
    assert both.text() == wanted.replace(" {.organ}", "")


def test_a_picture_that_was_added_comes_under_its_own_name(both: Both) -> None:
    both.build({**FILES, "media/lung.png": picture(3), "extra.txt": "x"})
    with both.user() as user:
        user.collection.media.write_data("new one.png", picture(5))
        user.collection.media.write_data("lung.png", picture(6))
        back = '<p>It takes in air.</p><img src="new one.png"><br><img src="lung.png">'
        guid = user.edit("What does the lung", Back=back)
    both.pull("--yes")
    media = both.author.folder / "media"
    assert (media / "new one.png").read_bytes() == picture(5)
    assert (media / "lung.png").read_bytes() == picture(3), "another file has its name"
    assert (media / "lung-2.png").read_bytes() == picture(6)
    names = set(lock_of(both.author.folder).media)
    assert names == {"new one.png", "lung-2.png"}
    release = both.build_again()
    with Learner(both.folder / "learner") as learner:
        learner.import_package(release)
        assert {"new one.png", "lung-2.png"} <= learner.media().keys()
        assert 'src="new one.png"' in learner.notes()[guid].fields["Back"]


def test_what_was_deleted_moved_or_is_retired_is_told_and_stays(both: Both, capsys: Any) -> None:
    both.build(FILES)
    both.replace("\n## What shows this?\n\n![a heart](media/heart.png)\n", "")
    (both.author.folder / "media" / "heart.png").unlink()
    both.built = both.built.rename(both.folder / "first.apkg")
    assert run(["build"]) == 0
    text = both.text()
    with both.user() as user:
        user.delete("What does the heart")
        user.move(user.guid("What does the lung"), "Elsewhere")
    capsys.readouterr()
    both.pull("--yes")
    assert both.text() == text
    said = capsys.readouterr().out
    assert 'cards.md:3: "What does the heart do?"' in said
    assert 'cards.md:10: "What does the lung do?" → Elsewhere' in said
    assert "1 note retired here, and still in Anki:\n" in said


def test_a_file_keeps_its_line_ends_and_its_byte_order_mark(both: Both) -> None:
    raw = "\ufeff" + CARDS.replace("\n", "\r\n")
    both.build({**FILES, "cards.md": raw})
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in air.</p><p>And it gives off.</p>")
        user.add("deck Basic", "Body", Front="New", Back="card")
    both.pull("--yes")
    wanted = raw.replace("takes in air.", "takes in air.\r\n\r\nAnd it gives off.")
    assert both.text() == wanted + "\r\n## New\r\n\r\ncard\r\n"


def test_what_cannot_be_written_is_kept_as_a_patch(both: Both, capsys: Any) -> None:
    notebook = (
        '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["## Q in a notebook\\n",'
        ' "\\n", "An answer."]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    both.author.settings["sources"] = ["cards.md", "book.ipynb"]
    both.build({**FILES, "book.ipynb": notebook})
    with both.user() as user:
        user.edit("Q in a notebook", Back="<p>Another answer.</p>")
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    both.pull("--yes", status=1)
    assert both.text("book.ipynb") == notebook
    assert "oxygen" in both.text()
    [patch] = (both.author.folder / "build").glob("pull-*.patch")
    assert "-<p>An answer.</p>\n+<p>Another answer.</p>" in patch.read_text(encoding="utf-8")
    error = capsys.readouterr().err
    assert "error[not-pulled]" in error
    assert f"build/{patch.name}" in error


def test_a_single_file_without_settings_is_pulled_into(both: Both) -> None:
    both.author.write("notes.md", CARDS)
    both.author.write("media/heart.png", picture(1))
    both.patch.chdir(both.author.folder)
    both.patch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE))
    assert run(["build", "notes.md"]) == 0
    [both.built] = (both.author.folder / "build").glob("*.apkg")
    both.patch.setenv("SOURCE_DATE_EPOCH", str(PULLED))
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in <i>air</i>.</p>")
        user.add("notes Basic", "Body", Front="New", Back="card")
        user.add("notes Basic", "Body::Below", Front="Elsewhere", Back="card")
    both.pull("--yes", "-p", "notes.md", status=1)
    wanted = CARDS.replace("takes in air", "takes in *air*") + "\n## New\n\ncard\n"
    assert both.text("notes.md") == wanted
    assert [each.name for each in both.author.folder.glob("*.md")] == ["notes.md"]
    assert run(["build", "--locked", "notes.md"]) == 0


def test_a_note_of_a_deck_without_a_file_goes_into_a_new_one(both: Both) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.add("deck Basic", "Body::Eyes", Front="What do eyes do?", Back="They see.")
    both.pull("--yes")
    assert both.text() == CARDS
    [path] = (both.author.folder / "cards").rglob("*.md")
    text = path.read_text(encoding="utf-8")
    assert text == '---\ndeck: "Body::Eyes"\n---\n\n## What do eyes do?\n\nThey see.\n'
    assert guid in {each.guid for each in lock_of(both.author.folder).records}
    assert run(["build", "--locked"]) == 0


def test_a_note_type_that_has_other_fields_there_is_told(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        guid = user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
        user.add_field(guid, "Mine")
    both.pull("--yes")
    said = capsys.readouterr().out
    assert "of another note type in Anki, or with other fields" in said
    assert "oxygen" in both.text()


def test_an_export_of_somebody_becomes_a_branch_for_a_review(both: Both, capsys: Any) -> None:
    both.build({**FILES, ".gitignore": "build/\n"})
    git(both.author.folder, "init", "--quiet", "--initial-branch=main")
    git(both.author.folder, "add", "--all")
    git(both.author.folder, "commit", "--quiet", "--message=Cards")
    with both.user() as user:
        user.collection.media.write_data("pump.png", picture(9))
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
        user.edit("What does the heart", Back='<p>It pumps.</p><img src="pump.png">')
        user.add("deck Basic", "Body", Front="New", Back="card")
        exported = user.export(both.folder / "corrections.apkg")
    files = files_of(both.author.folder)
    both.pull("--yes", "--branch", "one", source=exported)
    both.pull("--yes", "--branch", "each", "--commit-each", source=exported)
    both.pull("--yes", "--branch", "one", source=exported, status=1)
    assert "there is a branch one already" in capsys.readouterr().err
    after = files_of(both.author.folder)
    assert {
        name for name in after if files.get(name) != after[name] and ".git/" not in name
    } == set()
    assert git(both.author.folder, "status", "--porcelain") == ""
    assert git(both.author.folder, "branch", "--show-current").strip() == "main"
    assert git(both.author.folder, "diff", "one", "each") == ""
    log = git(both.author.folder, "log", "--format=%s", "main..each").splitlines()
    assert log == [
        "Take 1 new card from Anki",
        "Take an edit from Anki: What does the lung do?",
        "Take an edit from Anki: What does the heart do?",
    ]
    message = git(both.author.folder, "log", "--format=%b", "main..one")
    assert "cards.md: What does the lung do?\n" in message
    assert "Back: It takes in {+oxygen+}.\n" in message
    git(both.author.folder, "switch", "--quiet", "one")
    assert "oxygen" in both.text()
    assert (both.author.folder / "media" / "pump.png").read_bytes() == picture(9)
    assert run(["build", "--locked"]) == 0


def test_a_source_that_was_edited_since_is_not_committed(both: Both, capsys: Any) -> None:
    both.build({**FILES, ".gitignore": "build/\n"})
    git(both.author.folder, "init", "--quiet")
    git(both.author.folder, "add", "--all")
    git(both.author.folder, "commit", "--quiet", "--message=Cards")
    both.replace("day", "daytime")
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    both.pull("--yes", "--branch", "one", status=1)
    assert "cards.md differs from what is committed" in capsys.readouterr().err
    assert git(both.author.folder, "branch", "--list", "one") == ""


def test_a_source_that_is_edited_while_pull_waits_is_not_overwritten(
    both: Both, capsys: Any
) -> None:
    both.build(FILES)
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    lock = both.text("ankipress.lock")

    def edit_and_agree(_: str) -> bool:
        both.replace("day", "daytime")
        return True

    both.patch.setattr(pulling, "can_ask", lambda: True)
    both.patch.setattr(pulling, "confirm", edit_and_agree)
    both.pull(status=1)
    assert both.text() == CARDS.replace("day", "daytime")
    assert both.text("ankipress.lock") == lock
    assert "error[cannot-write]" in capsys.readouterr().err


def test_nobody_who_is_not_asked_and_says_nothing_gets_anything(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    files = files_of(both.author.folder)
    both.pull(status=1)
    assert "--yes writes what is shown" in capsys.readouterr().err
    both.pull("--diff", status=1)
    assert "+It takes in oxygen." in capsys.readouterr().out
    assert files_of(both.author.folder) == files


def test_a_story_of_an_author_and_two_learners(both: Both) -> None:
    """Build, import, study, edit on both sides, pull, resolve, release, and import by others."""
    both.build(FILES)
    words = ("What does the heart", "What does the lung", "Chambers", "What shows")
    other = Learner(both.folder / "other")
    with both.user() as user, other:
        assert other.import_package(both.built).conflicting == ()
        for beginning in words:
            user.answer(user.guid(beginning))
            other.answer(other.guid(beginning))
        known = {beginning: user.guid(beginning) for beginning in words}
        user.edit("What does the heart", Back="<p>It pumps <em>blood</em>, litres of it.</p>")
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
        gaps = "<p>Chambers</p><p>The heart has {{c1::four}} {{c2::chambers}}.</p>"
        user.edit("Chambers", Text=gaps)
        made = user.add("deck Basic", "Body", Front="What is blood?", Back="A <b>liquid</b>.")
        user.answer(made)
    both.replace("It takes in air.", "It takes in air, and out.")
    both.replace("## What shows this?", "## What does this show?")
    both.pull("--yes", status=1)
    both.pull("--yes", "--ours")
    text = both.text()
    for piece in ("litres of it", "in air, and out", "{{c2::chambers}}", "A **liquid**."):
        assert piece in text
    both.pull("--yes")
    assert both.text() == text
    release = both.build_again()
    for folder in ("user", "other"):
        with Learner(both.folder / folder) as learner:
            before = learner.snapshot()
            log = learner.import_package(release)
            after = learner.snapshot()
            assert {key: after[key] for key in before} == before, "no review is lost"
            assert log.conflicting == ()
            assert log.new == ((made,) if folder == "other" else ())
            assert set(known.values()) <= set(log.updated)
            notes = learner.notes()
            assert len(notes) == len(words) + 1
            assert "litres" in notes[known["What does the heart"]].fields["Back"]
            assert "and out" in notes[known["What does the lung"]].fields["Back"]
            assert notes[known["Chambers"]].ords == (0, 1)
            assert "this show" in notes[known["What shows"]].fields["Front"]
            assert "liquid" in notes[made].fields["Back"]
    files = files_of(both.author.folder)
    both.pull("--yes")
    assert files_of(both.author.folder) == files


def test_a_base_that_cannot_be_read_is_refused(both: Both, capsys: Any) -> None:
    both.build(FILES)
    with both.user() as user:
        user.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    base = both.folder / "old.apkg"
    base.write_bytes(b"no package")
    both.pull("--yes", "--base", str(base), status=1)
    assert "error[bad-package]: ../old.apkg" in capsys.readouterr().err
    assert both.text() == CARDS
