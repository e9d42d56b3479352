"""Releases, imported one over the other by the real Anki: tombstones, searches for retired cards,
several packages.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE, picture
from git_author import GitAuthor
from learner import AGAIN, GOOD, Learner

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="NO RELEASE IS TESTED: there is no git"
)

KEPT = "# Story::One\n\n## What stays?\n\nThis.\n"
GOING = (
    "\n## What goes? {reverse}\n\nThat ![b](b.png).\n\n## Gaps\n\n"
    "Both {{c1::this}} and {{c2::that}}.\n"
)
OTHER = "# Other\n\n## What else?\n\nMore.\n"


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    """An author who has released 1.0.0."""
    settings = {
        "name": "story",
        "version": "1.0.0",
        "uid": "story-of-releases",
        "sources": ["cards.md", "other.md"],
    }
    author = GitAuthor(tmp_path / "story", monkeypatch, {**settings, "retired": "tombstone"})
    author.write("cards.md", KEPT + GOING)
    author.write("other.md", OTHER)
    author.write("b.png", picture(3))
    author.commit()
    assert run(["release"]) == 0
    return author


def release(author: GitAuthor, cards: str, *, day: int) -> str:
    """Release these cards some days after the first release, and give the version."""
    author.at(FIRST_RELEASE + day * DAY)
    author.write("cards.md", cards)
    author.commit()
    assert run(["release"]) == 0
    return author.git("tag", "--points-at", "HEAD").removeprefix("v")


def package(author: GitAuthor, version: str) -> Path:
    return author.folder / f"build/story-{version}.apkg"


def test_a_tombstone_tells_who_has_the_card_and_keeps_their_reviews(
    author: GitAuthor, tmp_path: Path
) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package(author, "1.0.0"))
        goes, gaps, stays = (learner.guid(word) for word in ("What goes", "Gaps", "What stays"))
        for guid in (goes, gaps, stays):
            learner.answer(guid, GOOD)
            learner.answer(guid, AGAIN)
        learner.tag(stays, "mine")
        before = learner.snapshot()
        assert release(author, KEPT, day=1) == "2.0.0"
        log = learner.import_package(package(author, "2.0.0"))
        assert (log.new, set(log.updated), log.conflicting) == ((), {goes, gaps}, ())
        assert learner.snapshot() == before
        assert learner.complaints() == []
        assert learner.template_errors() == []
        notes, shown = learner.notes(), learner.shown()
        assert (notes[stays].tags, notes[goes].tags, notes[gaps].tags) == (
            ("mine",),
            ("retired::2.0.0",),
            ("retired::2.0.0",),
        )
        for card in ((goes, 0), (gaps, 0), (gaps, 1)):
            assert "This card was taken out of the deck in version 2.0.0." in learner.text(
                shown[card].question
            )
        assert set(learner.collection.find_cards("tag:retired::2.0.0")) == set(
            learner.collection.find_cards("-tag:mine deck:Story*")
        )
        # It says so once, and then keeps still.
        author.write("other.md", OTHER.replace("More", "Less"))
        assert release(author, KEPT, day=2) == "2.0.1"
        assert learner.import_package(package(author, "2.0.1")).updated == (
            learner.guid("What else"),
        )
        assert learner.snapshot() == before


def test_a_tombstone_brings_no_card_to_who_has_not_had_it(
    author: GitAuthor, tmp_path: Path
) -> None:
    release(author, KEPT, day=1)
    with Learner(tmp_path / "newcomer") as learner:
        learner.import_package(package(author, "2.0.0"))
        [goes] = [
            guid for guid, note in learner.notes().items() if note.tags and "Front" in note.fields
        ]
        stays, else_ = learner.guid("What stays"), learner.guid("What else")
        assert set(learner.new_cards()) == {(stays, 0), (else_, 0)}
        assert learner.decks() == ("Other", "Story", "Story::One")
        assert [path for path in learner.media() if path.startswith("b-")] != []
        # The card comes back for them, too.
        assert release(author, KEPT + GOING, day=2) == "2.1.0"
        learner.import_package(package(author, "2.1.0"))
        assert {(goes, 0), (goes, 1)} < set(learner.new_cards())
        assert learner.notes()[goes].tags == ()
        assert learner.complaints() == []


def test_a_card_that_comes_back_has_its_reviews(author: GitAuthor, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package(author, "1.0.0"))
        goes = learner.guid("What goes")
        learner.answer(goes, GOOD)
        before = learner.snapshot()
        release(author, KEPT, day=1)
        learner.import_package(package(author, "2.0.0"))
        release(author, KEPT + GOING, day=2)
        assert goes in learner.import_package(package(author, "2.1.0")).updated
        assert learner.snapshot() == before
        assert "taken out" not in learner.text(learner.shown()[goes, 0].question)


def test_the_search_of_the_release_notes_finds_the_retired_cards_and_no_other(
    author: GitAuthor, tmp_path: Path
) -> None:
    author.set(retired="omit")
    release(author, KEPT, day=1)
    notes = (author.folder / "build/RELEASE-NOTES.md").read_text(encoding="utf-8")
    [search] = re.findall(r"```\n(.+)\n```", notes)
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package(author, "1.0.0"))
        learner.import_package(package(author, "2.0.0"))
        found = {
            learner.collection.get_note(number).guid
            for number in learner.collection.find_notes(search)
        }
        assert found == {learner.guid("What goes"), learner.guid("Gaps")}
        description = learner.description("Story::One")
        assert "In this version: 2 retired." in description
        assert all(f"Key:{guid}" in description for guid in found)


def test_a_search_for_many_retired_cards_is_one_that_anki_takes(
    author: GitAuthor, tmp_path: Path
) -> None:
    author.set(retired="omit", most_retired=1)
    many = "".join(f"\n## Card {number}?\n\nYes.\n" for number in range(150))
    assert release(author, KEPT + GOING + many, day=1) == "1.1.0"
    release(author, KEPT + GOING, day=2)
    notes = (author.folder / "build/RELEASE-NOTES.md").read_text(encoding="utf-8")
    searches = re.findall(r"```\n(.+)\n```", notes)
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package(author, "1.1.0"))
        found = [number for search in searches for number in learner.collection.find_notes(search)]
        assert (len(searches), len(found), len(set(found))) == (2, 150, 150)


def test_several_packages_over_the_one_of_before_keep_all_reviews(
    author: GitAuthor, tmp_path: Path
) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package(author, "1.0.0"))
        stays = learner.guid("What stays")
        learner.answer(stays, GOOD)
        before = learner.snapshot()
        author.set(packages="deck")
        assert release(author, KEPT.replace("This", "It") + GOING, day=1) == "1.0.1"
        logs = [
            learner.import_package(author.folder / f"build/story-{deck}-1.0.1.apkg")
            for deck in ("Other", "Story")
        ]
        assert [(log.new, log.updated, log.conflicting) for log in logs] == [
            ((), (), ()),
            ((), (stays,), ()),
        ]
        assert learner.snapshot() == before
        assert learner.description("Story::One").startswith(
            "**Story 1.0.1**\n\nIn this version: 1 updated."
        )
        assert learner.complaints() == []


def test_the_tag_of_a_change_comes_with_the_change_alone(author: GitAuthor, tmp_path: Path) -> None:
    author.set(changed_tag=True)
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package(author, "1.0.0"))
        stays, goes = learner.guid("What stays"), learner.guid("What goes")
        learner.tag(goes, "mine")
        release(author, KEPT.replace("This", "It") + GOING, day=1)
        assert learner.import_package(package(author, "1.0.1")).updated == (stays,)
        assert (learner.notes()[stays].tags, learner.notes()[goes].tags) == (
            ("changed::1.0.1",),
            ("mine",),
        )


def test_what_ankipress_predicts_of_tombstones_is_what_anki_does(
    author: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    author.set(retired_releases=1)
    versions = [release(author, KEPT, day=1), release(author, KEPT + "\n## New?\n\nYes.\n", day=2)]
    versions.append(release(author, KEPT + GOING, day=3))
    assert versions == ["2.0.0", "2.1.0", "3.0.0"]
    packages = [str(package(author, version)) for version in ("1.0.0", *versions)]
    for some in (packages, packages[1:]):
        assert run(["verify", *some]) == 0, capsys.readouterr().out
