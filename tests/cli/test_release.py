"""`ankipress release` in a real git repository: what it stamps, writes, commits and tags, and what
it refuses.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ankipress.cli.main import INTERRUPTED, TERMINATED, run, terminate
from ankipress.model import Record, State
from ankipress.project.repository import Repository
from author import DAY, FIRST_RELEASE, lock_of, picture
from git_author import GitAuthor
from packages import read_package

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="NO RELEASE IS TESTED: there is no git"
)

CARDS = "# Cells\n\n## What is a cell?\n\nA unit.\n\n## What is a wall?\n\nA ![w](media/w.png).\n"
CHANGED = CARDS.replace("A unit.", "The smallest unit.")
NEW = CARDS + "\n## What is a core?\n\nA kernel.\n"
GONE = CARDS.partition("## What is a wall?")[0]
SETTINGS = {"name": "bio", "version": "1.0.0", "uid": "bio-uid"}


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    """An author with a deck that is committed, and not released yet."""
    author = GitAuthor(tmp_path / "bio", monkeypatch, SETTINGS)
    author.write("cards.md", CARDS)
    author.write("media/w.png", picture(1))
    author.commit("Begin")
    return author


@pytest.fixture
def released(author: GitAuthor, capsys: pytest.CaptureFixture[str]) -> GitAuthor:
    """An author who has released 1.0.0, and works on the next version a day later."""
    assert run(["release"]) == 0
    author.at(FIRST_RELEASE + DAY)
    capsys.readouterr()
    return author


def version(author: GitAuthor) -> str:
    settings = (author.folder / "ankipress.toml").read_text(encoding="utf-8")
    return settings.split('version = "')[1].split('"')[0]


def records(author: GitAuthor) -> dict[str, Record]:
    lock = lock_of(author.folder)
    return {each.question: each for each in lock.records}


def edited(author: GitAuthor, cards: str) -> None:
    author.write("cards.md", cards)
    author.commit()


# What it does.


def test_the_first_release_is_the_version_of_the_settings(
    author: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["release"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out == (
        "bio 1.0.0, the first release\n"
        "  1. ankipress.toml: version 1.0.0, as it is\n"
        "  2. ankipress.lock: 2 notes\n"
        "  3. CHANGELOG.md: a section on 1.0.0\n"
        "  4. build/bio-1.0.0.apkg\n"
        "  5. build/RELEASE-NOTES.md\n"
        "  6. build/manifest.json\n"
        "  7. build/SHA256SUMS\n"
        '  8. git commit on main: "Release bio 1.0.0"\n'
        "  9. git tag v1.0.0\n"
        "Next: git push --atomic origin main v1.0.0\n"
    )
    assert (author.git("status", "--porcelain"), author.git("tag")) == ("", "v1.0.0")
    assert (
        author.git("log", "-1", "--format=%s %D") == "Release bio 1.0.0 HEAD -> main, tag: v1.0.0"
    )
    assert author.git("cat-file", "-t", "v1.0.0") == "tag"


@pytest.mark.parametrize(
    ("cards", "after"),
    [
        pytest.param(CHANGED, "1.0.1", id="a changed card is a patch"),
        pytest.param(NEW, "1.1.0", id="a new card is minor"),
        pytest.param(GONE, "2.0.0", id="a retired card is major"),
        pytest.param(NEW.replace("A unit", "One unit"), "1.1.0", id="the largest counts"),
    ],
)
def test_the_version_says_what_learners_feel(released: GitAuthor, cards: str, after: str) -> None:
    edited(released, cards)
    assert run(["release"]) == 0
    assert (version(released), released.git("tag", "--points-at", "HEAD")) == (after, f"v{after}")


def test_only_the_version_of_the_settings_is_written(released: GitAuthor) -> None:
    settings = '# Mine\r\nname    = "bio"\r\nversion = \'1.0.0\' # now\r\nuid = "bio-uid"\r\n'
    released.write("ankipress.toml", settings)
    edited(released, CHANGED)
    assert run(["release"]) == 0
    assert (released.folder / "ankipress.toml").read_bytes().decode() == settings.replace(
        "1.0.0", "1.0.1"
    )


def test_what_changed_is_stamped_with_the_time_of_the_release_whatever_was_built_meanwhile(
    released: GitAuthor,
) -> None:
    before = records(released)
    released.at(FIRST_RELEASE + 100)
    released.write(
        "cards.md", NEW.replace("A unit.", "One unit.").replace("a wall?", "a cell's wall?")
    )
    assert run(["build"]) == 0
    released.write("cards.md", NEW.replace("A unit.", "One unit."))
    assert run(["build"]) == 0
    released.commit("Build as often as you like")
    released.at(FIRST_RELEASE + DAY)
    assert run(["release"]) == 0
    after = records(released)
    assert {question: (each.mod, each.since, each.changed) for question, each in after.items()} == {
        "What is a cell?": (FIRST_RELEASE + DAY, "1.0.0", "1.1.0"),
        "What is a wall?": (before["What is a wall?"].mod, "1.0.0", "1.0.0"),
        "What is a core?": (FIRST_RELEASE + DAY, "1.1.0", "1.1.0"),
    }


def test_a_release_after_a_release_leaves_what_did_not_change(released: GitAuthor) -> None:
    edited(released, CHANGED)
    assert run(["release"]) == 0
    before = records(released)["What is a cell?"]
    released.at(FIRST_RELEASE + 2 * DAY)
    edited(released, CHANGED + "\n## What is a core?\n\nA kernel.\n")
    assert run(["release"]) == 0
    assert (version(released), records(released)["What is a cell?"]) == ("1.1.0", before)


def test_a_card_that_is_retired_keeps_what_learners_have_of_it(released: GitAuthor) -> None:
    before = records(released)["What is a wall?"]
    edited(released, GONE)
    assert run(["release"]) == 0
    after = records(released)["What is a wall?"]
    assert (after.state, after.changed, after.mod, after.digest) == (
        State.RETIRED,
        "2.0.0",
        before.mod,
        before.digest,
    )


def test_the_changelog_says_what_learners_see(released: GitAuthor) -> None:
    released.write(
        "CHANGELOG.md",
        "# Changes\n\n## Unreleased\n\nMany thanks to Bob.\n\n## 1.0.0 - 2023-11-14\n\n"
        "The first.\n",
    )
    guid = records(released)["What is a wall?"].guid
    edited(
        released,
        GONE.replace("a cell?", "a living cell?") + "\n## What *is* a core?\n\nA kernel.\n",
    )
    assert run(["release"]) == 0
    assert (released.folder / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changes\n\n## Unreleased\n\n## 2.0.0 - 2023-11-15\n\nMany thanks to Bob.\n\n"
        "1 new; 1 updated, reviews kept; 1 retired.\n\n"
        "**New cards**\n\n- What is a core?\n\n"
        "**Updated cards**\n\n- What is a living cell? (was: What is a cell?)\n\n"
        "**Retired cards**\n\n- What is a wall?\n\n"
        f"Anki keeps them until you delete them. To find them, search in its browser for "
        f"`Key:{guid}`.\n\n"
        "## 1.0.0 - 2023-11-14\n\nThe first.\n"
    )
    notes = (released.folder / "build/RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert notes.startswith("# bio 2.0.0\n\nMany thanks to Bob.\n")
    assert f"```\nKey:{guid}\n```" in notes


def test_a_first_release_of_which_all_is_said_and_built_is_a_tag_alone(
    author: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("CHANGELOG.md", "# Changes\n\n## 1.0.0\n\nMy words.\n")
    assert run(["build"]) == 0
    author.commit()
    before = author.git("rev-parse", "HEAD")
    assert run(["release"]) == 0
    assert "3. CHANGELOG.md: a section on 1.0.0, as it is\n" in capsys.readouterr().out
    assert (author.git("rev-parse", "v1.0.0^{commit}"), author.git("status", "--porcelain")) == (
        before,
        "",
    )
    assert (
        (author.folder / "build/RELEASE-NOTES.md")
        .read_text(encoding="utf-8")
        .startswith("# bio 1.0.0\n\nMy words.\n")
    )


def test_without_a_changelog_none_is_written(released: GitAuthor) -> None:
    released.set(changelog="")
    (released.folder / "CHANGELOG.md").unlink()
    edited(released, CHANGED)
    assert run(["release"]) == 0
    assert not (released.folder / "CHANGELOG.md").exists()
    assert "1 updated" in (released.folder / "build/RELEASE-NOTES.md").read_text(encoding="utf-8")


def test_cards_are_tagged_with_the_version_that_changed_them(released: GitAuthor) -> None:
    released.set(changed_tag=True)
    edited(released, CHANGED)
    assert run(["release"]) == 0
    edited(released, CHANGED + "\n## What is a core?\n\nA kernel.\n")
    assert run(["release"]) == 0
    package = (released.folder / "build/bio-1.1.0.apkg").read_bytes()
    assert sorted(note.tags for note in read_package(package)) == [(), (), ("changed::1.0.1",)]


def test_turning_the_tag_on_changes_no_note(
    released: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(released, CHANGED)
    assert run(["release"]) == 0
    released.set(changed_tag=True, version="1.0.1")
    released.commit()
    before = records(released)
    assert run(["release"]) == 1
    assert "nothing that a learner would notice has changed since 1.0.1" in capsys.readouterr().err
    assert run(["release", "1.0.2"]) == 0
    assert records(released) == before


def test_the_names_of_tags_are_a_setting(author: GitAuthor) -> None:
    author.set(release_tag="{name}-{version}")
    author.commit()
    author.git("tag", "v9.0.0")  # of something else
    assert run(["release"]) == 0
    edited(author, CHANGED)
    assert run(["release"]) == 0
    assert author.git("tag").split() == ["bio-1.0.0", "bio-1.0.1", "v9.0.0"]


def test_a_deck_in_a_folder_of_a_repository(author: GitAuthor) -> None:
    folder = author.folder / "decks" / "größe"
    shutil.copytree(author.folder, folder, ignore=shutil.ignore_patterns(".git", "decks"))
    author.commit()
    assert run(["release", "decks/größe", "1.2.0"]) == 0
    changed = author.git(
        "-c", "core.quotepath=off", "show", "--name-only", "--format=", "HEAD"
    ).split()
    assert changed == [
        f"decks/größe/{name}" for name in ("CHANGELOG.md", "ankipress.lock", "ankipress.toml")
    ]


def test_a_pre_release_and_its_release(released: GitAuthor) -> None:
    edited(released, NEW)
    assert run(["release", "1.1.0-rc.1"]) == 0
    released.at(FIRST_RELEASE + 2 * DAY)
    edited(released, NEW.replace("kernel", "seed"))
    assert run(["release"]) == 0
    assert released.git("tag", "--points-at", "HEAD") == "v1.1.0"
    assert records(released)["What is a core?"].since == "1.1.0-rc.1"


def test_the_last_release_can_be_a_package(released: GitAuthor) -> None:
    before = records(released)["What is a wall?"]
    shutil.copy(released.folder / "build/bio-1.0.0.apkg", released.folder.parent / "old.apkg")
    released.git("tag", "--delete", "v1.0.0")
    edited(released, CHANGED)
    assert run(["release", "--against", "../old.apkg"]) == 0
    assert (version(released), records(released)["What is a wall?"]) == ("1.0.1", before)
    assert records(released)["What is a cell?"].mod == FIRST_RELEASE + DAY


def test_a_package_with_a_tombstone_and_cards_that_were_never_packed(
    released: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is released is what differs from the package, whatever was built since."""
    released.set(retired="tombstone", version="1.0.0")
    edited(released, GONE)
    assert run(["release"]) == 0
    told = records(released)["What is a wall?"]
    shutil.copy(released.folder / "build/bio-2.0.0.apkg", released.folder.parent / "old.apkg")
    released.git("tag", "--delete", "v1.0.0", "v2.0.0")
    released.at(FIRST_RELEASE + 2 * DAY)
    core = "\n## What is a core?\n\nA kernel.\n"
    released.write("cards.md", GONE + core)
    assert run(["build"]) == 0  # so that the lock knows of a card that nobody has
    released.commit()
    released.at(FIRST_RELEASE + 3 * DAY)
    capsys.readouterr()
    assert run(["release", "--against", "../old.apkg"]) == 0
    assert "ankipress.lock: 1 new, 0 changed, 0 retired; stamped" in capsys.readouterr().out
    assert version(released) == "2.1.0"
    core_now = records(released)["What is a core?"]
    assert (core_now.since, core_now.mod) == ("2.1.0", FIRST_RELEASE + 3 * DAY)
    assert records(released)["What is a wall?"] == told
    assert records(released)["What is a cell?"].mod == FIRST_RELEASE


# A tag is built again.


def test_a_clean_checkout_of_the_tag_gives_the_same_bytes(
    released: GitAuthor, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.set(retired="tombstone", changed_tag=True, version="1.0.0")
    edited(released, GONE.replace("A unit", "One unit"))
    assert run(["release"]) == 0
    made = {
        path.name: path.read_bytes()
        for path in (released.folder / "build").iterdir()
        if "2.0.0" in path.name or path.suffix != ".apkg"
    }
    clone = released.folder.parent / "clone"
    released.git("clone", "--quiet", "--branch", "v2.0.0", str(released.folder), str(clone))
    monkeypatch.chdir(clone)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert run(["build", "--locked"]) == 0
    assert (clone / "build/bio-2.0.0.apkg").read_bytes() == made["bio-2.0.0.apkg"]
    assert run(["artifacts"]) == 0
    made.pop(".cache", None)
    assert {
        path.name: path.read_bytes() for path in (clone / "build").iterdir() if path.is_file()
    } == made
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, check=True
    )
    assert status.stdout == b""


# Tombstones.


def test_a_tombstone_stays_for_as_many_releases_as_are_set(released: GitAuthor) -> None:
    released.set(retired="tombstone", retired_releases=2, version="1.0.0")
    guid = records(released)["What is a wall?"].guid
    (released.folder / "media/w.png").unlink()
    edited(released, GONE)
    seen = []
    for cards in (GONE, GONE + "\n## A?\n\nB\n", GONE + "\n## A?\n\nC\n"):
        if cards != GONE:
            edited(released, cards)
        assert run(["release"]) == 0
        package = released.folder / f"build/bio-{version(released)}.apkg"
        found = {note.guid: note.tags for note in read_package(package.read_bytes())}
        seen.append((version(released), found.get(guid)))
        kept = list((released.folder / "retired").glob("w-*.png"))
        assert len(kept) == (guid in found)
        assert released.git("status", "--porcelain") == ""
    assert seen == [("2.0.0", ("retired::2.0.0",)), ("2.1.0", ("retired::2.0.0",)), ("2.1.1", None)]
    assert (released.folder / "ankipress.retired").read_text(encoding="utf-8") == ""


def test_a_tombstone_that_comes_back_is_a_card_again(released: GitAuthor) -> None:
    released.set(retired="tombstone", version="1.0.0")
    guid = records(released)["What is a wall?"].guid
    edited(released, GONE)
    assert run(["release"]) == 0
    released.at(FIRST_RELEASE + 2 * DAY)
    edited(released, CARDS)
    assert run(["release"]) == 0
    notes = {
        note.guid: note
        for note in read_package(
            (released.folder / f"build/bio-{version(released)}.apkg").read_bytes()
        )
    }
    assert (notes[guid].tags, notes[guid].mod) == ((), FIRST_RELEASE + 2 * DAY)
    assert (released.folder / "ankipress.retired").read_text(encoding="utf-8") == ""


# What was retired long ago.


@pytest.mark.parametrize(
    ("releases", "known"),
    [(0, [True, True, True]), (1, [True, False, False]), (2, [True, True, False])],
)
def test_a_retired_note_is_remembered_for_as_many_releases_as_are_set(
    released: GitAuthor,
    capsys: pytest.CaptureFixture[str],
    releases: int,
    known: list[bool],
) -> None:
    released.set(version="1.0.0", forget_retired=releases)
    seen: list[bool] = []
    for number, cards in enumerate((GONE, GONE + "\n## A?\n\nB\n", GONE + "\n## A?\n\nC\n")):
        released.at(FIRST_RELEASE + (2 + number) * DAY)
        edited(released, cards)
        capsys.readouterr()
        assert run(["release"]) == 0
        said = "1 retired note forgotten" in capsys.readouterr().out
        is_known = "What is a wall?" in records(released)
        assert said == (not is_known and seen[-1])
        seen.append(is_known)
        assert run(["build", "--locked"]) == 0
    assert seen == known


def test_a_forgotten_card_that_comes_back_has_the_guid_that_it_had(released: GitAuthor) -> None:
    """A guid is made of the uid and the question, so learners who kept the card keep reviews."""
    wall = records(released)["What is a wall?"]
    released.set(version="1.0.0", forget_retired=1)
    for cards in (GONE, GONE + "\n## A?\n\nB\n"):
        edited(released, cards)
        assert run(["release"]) == 0
    assert wall.question not in records(released)
    released.at(FIRST_RELEASE + 9 * DAY)
    edited(released, CARDS)
    assert run(["release"]) == 0
    back = records(released)[wall.question]
    assert (back.guid, back.note_id) == (wall.guid, wall.note_id)
    assert back.mod == FIRST_RELEASE + 9 * DAY


def test_a_card_that_comes_back_in_the_release_that_would_forget_it_is_known(
    released: GitAuthor,
) -> None:
    wall = records(released)["What is a wall?"]
    released.set(version="1.0.0", forget_retired=1)
    edited(released, GONE)
    assert run(["release"]) == 0
    edited(released, CARDS)
    assert run(["release"]) == 0
    back = records(released)[wall.question]
    assert (back.guid, back.since) == (wall.guid, "1.0.0")


def test_a_note_is_remembered_as_long_as_its_tombstone_is_packed(released: GitAuthor) -> None:
    released.set(retired="tombstone", retired_releases=2, forget_retired=1, version="1.0.0")
    guid = records(released)["What is a wall?"].guid
    seen = []
    for number in range(4):
        cards = GONE
        if number:
            cards += f"\n## A?\n\n{number}\n"
        edited(released, cards)
        assert run(["release"]) == 0
        package = released.folder / f"build/bio-{version(released)}.apkg"
        packed = guid in {note.guid for note in read_package(package.read_bytes())}
        seen.append((packed, "What is a wall?" in records(released)))
    assert seen == [(True, True), (True, True), (False, True), (False, False)]


# What it refuses, with nothing changed.


def refused(author: GitAuthor, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said where there is no release; all is as before."""
    before = author.state()
    capsys.readouterr()
    assert run(["release", *words]) == 1
    assert author.state() == before
    return capsys.readouterr().err


def test_nothing_to_release(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(released, capsys)
    assert (
        "error[cannot-release]: nothing that a learner would notice has changed since 1.0.0" in said
    )
    assert "help: to release all the same, say so: `ankipress release 1.0.1`" in said


@pytest.mark.parametrize(
    ("cards", "words", "said"),
    [
        (
            NEW,
            ["1.0.1"],
            (
                "ankipress.toml:2:1: error[version-too-small]: 1.0.1 is too small a version after "
                "1.0.0: minor: 1 new"
            ),
        ),
        (
            GONE,
            ["1.1.0"],
            "error[version-too-small]: 1.1.0 is too small a version after 1.0.0: major: 1 retired",
        ),
        (GONE, ["--bump", "patch"], "error[version-too-small]: 1.0.1 is too small"),
        (CHANGED, ["1.0.0"], "1.0.0 does not come after 1.0.0, the last release"),
        (CHANGED, ["0.9.0"], "0.9.0 does not come after 1.0.0, the last release"),
    ],
)
def test_a_version_that_is_too_small(
    released: GitAuthor, capsys: pytest.CaptureFixture[str], cards: str, words: list[str], said: str
) -> None:
    edited(released, cards)
    assert said in refused(released, capsys, *words)


def test_changes_that_are_not_committed(
    released: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    released.write("cards.md", CHANGED)
    released.write("more notes.txt", "")
    said = refused(released, capsys)
    assert 'there are changes that are not committed: cards.md, "more notes.txt"' in said
    assert "help: commit them, or put them away with `git stash -u`" in said


def test_a_tag_that_exists(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    edited(released, CHANGED)
    released.git("switch", "--quiet", "--orphan", "other")
    released.write("x", "")
    released.commit()
    released.git("tag", "v1.0.1")
    released.git("switch", "--quiet", "main")
    assert "the tag v1.0.1 exists" in refused(released, capsys)


def test_an_open_case(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    lock = (released.folder / "ankipress.lock").read_text(encoding="utf-8")
    released.write("ankipress.lock", lock.replace('","deck"', '","id":"wall","deck"', 1))
    edited(released, CARDS.replace("wall?", "wall? {#cell}"))
    assert "error[ambiguous-identity]" in refused(released, capsys)


def test_an_error_in_the_cards(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    edited(released, CARDS + "\n## Empty? {foo=1}\n\nYes.\n")
    assert "error[unknown-attribute]" in refused(released, capsys)


def test_no_branch(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    edited(released, CHANGED)
    released.git("switch", "--quiet", "--detach")
    assert "no branch is checked out" in refused(released, capsys)


def test_a_repository_without_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author = GitAuthor(tmp_path / "bio", monkeypatch, SETTINGS)
    (author.folder / ".gitignore").write_text("*\n", encoding="utf-8")
    author.write("cards.md", CARDS.replace("![w](media/w.png)", "wall"))
    assert run(["release"]) == 1
    assert "there is no commit yet" in capsys.readouterr().err


def test_tags_that_were_not_fetched(
    released: GitAuthor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(released, CHANGED)
    assert run(["release"]) == 0
    released.git("tag", "--delete", "v1.0.0", "v1.0.1")
    said = refused(released, capsys)
    assert (
        'the lock knows of earlier versions, but no tag is named after the pattern "v{version}"'
        in said
    )
    clone = released.folder.parent / "clone"
    released.git("clone", "--quiet", "--depth=1", f"file://{released.folder}", str(clone))
    monkeypatch.chdir(clone)
    assert run(["release"]) == 1
    assert "this clone is shallow" in capsys.readouterr().err


def test_a_guid_that_the_lock_lost(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        (released.folder / "ankipress.lock").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    released.write(
        "ankipress.lock", "".join(line for line in lines if "What is a wall?" not in line)
    )
    edited(released, CHANGED.replace("a wall?", "a cell's outer wall, seen from afar?"))
    assert "error[guid-lost]" in refused(released, capsys, "2.0.0")


def test_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "ankipress.toml").write_text('name = "bio"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text("## A?\n\nB\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["release"]) == 1
    assert "error[cannot-release]: this project is in no git repository" in capsys.readouterr().err


def test_no_git(
    released: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(released.folder))
    assert run(["release"]) == 1
    assert "git is not installed" in capsys.readouterr().err


def test_no_settings(author: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    author.git("rm", "--quiet", "ankipress.toml")
    author.commit()
    assert "there are no settings to write the version into" in refused(author, capsys)


@pytest.mark.parametrize(
    "words",
    [["--bump", "huge"], ["1.0"], ["1.2.3", "--bump", "minor"], ["1.2.3", "1.2.4"], ["nowhere"]],
)
def test_words_that_mean_nothing(released: GitAuthor, words: list[str]) -> None:
    before = released.state()
    assert run(["release", *words]) == 2
    assert released.state() == before


# Nothing is half done.


def test_a_dry_run_shows_every_step_and_changes_nothing(
    released: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(released, NEW)
    before = released.state()
    assert run(["release", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert released.state() == before
    assert "bio 1.1.0 after 1.0.0\n  at least 1.1.0, minor: 1 new\n" in shown
    assert "  1. ankipress.toml: version 1.0.0 → 1.1.0\n" in shown
    assert (
        "  9. git tag v1.1.0\nThe changelog would say:\n\n1 new.\n\n**New cards**\n\n"
        "- What is a core?\n" in shown
    )
    assert shown.endswith("Nothing was changed.\n")
    assert run(["release"]) == 0
    steps = re.findall(r"^  \d+\. .*$", shown, re.MULTILINE)
    assert (len(steps), re.findall(r"^  \d+\. .*$", capsys.readouterr().out, re.MULTILINE)) == (
        9,
        steps,
    )


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg"])
def test_a_hook_that_refuses_the_commit(
    released: GitAuthor, capsys: pytest.CaptureFixture[str], hook: str
) -> None:
    edited(released, CHANGED)
    file = released.folder / ".git/hooks" / hook
    file.parent.mkdir(exist_ok=True)
    file.write_text("#!/bin/sh\necho NOT TODAY >&2\nexit 1\n", encoding="utf-8")
    file.chmod(0o755)
    said = refused(released, capsys)
    assert f"a commit would run programs that this repository names: hooks/{hook}\n" in said
    assert "help: if you know them: `ankipress release --hooks`" in said
    assert "error[cannot-release]: git commit: NOT TODAY" in refused(released, capsys, "--hooks")


def test_a_tag_that_git_refuses(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    edited(released, CHANGED)
    released.git("tag", "v1.0.1/x")  # a tag cannot be beside a folder of its name
    assert "error[cannot-release]: git tag:" in refused(released, capsys)


def test_a_lock_that_git_ignores(released: GitAuthor, capsys: pytest.CaptureFixture[str]) -> None:
    released.git("rm", "--quiet", "--cached", "CHANGELOG.md")
    released.write(".gitignore", "/build/\nCHANGELOG.md\n")
    edited(released, CHANGED)
    assert "error[cannot-release]: git add:" in refused(released, capsys)


@pytest.mark.parametrize("step", ["commit", "tag"])
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)]
)
def test_an_interruption(
    released: GitAuthor, monkeypatch: pytest.MonkeyPatch, step: str, number: int, status: int
) -> None:
    edited(released, CHANGED)
    before = released.state()
    do = getattr(Repository, step)

    def interrupted(*arguments: object) -> None:
        do(*arguments)
        signal.raise_signal(number)

    monkeypatch.setattr(Repository, step, interrupted)
    before_main = signal.signal(signal.SIGTERM, terminate)  # as `main` does
    try:
        assert run(["release"]) == status
    finally:
        signal.signal(signal.SIGTERM, before_main)
    assert released.state() == before


KILLED = """
import os, sys
from pathlib import Path
import ankipress.project.repository
from ankipress.cli.main import run

left, run_git = int(sys.argv[1]), ankipress.project.repository.run_git_as_user

def counted(do, counts=lambda *words: True):
    def step(*words, **names):
        global left
        left -= counts(*words)
        if left < 0:
            os._exit(9)  # nothing is cleared up, as after kill -9
        return do(*words, **names)
    return step

os.replace = counted(os.replace)
Path.unlink = counted(Path.unlink)
def writes(folder, word, option="", *more):
    return word in {"add", "commit"} or (word, option) == ("tag", "--annotate")
ankipress.project.repository.run_git_as_user = counted(run_git, writes)
sys.exit(run(["release"]))
"""


def test_a_release_that_is_killed_at_any_step_names_the_help(
    released: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whenever it is killed: the next one is the release that was wanted, or names a command that
    leads to it.
    """
    released.set(retired="tombstone")
    edited(released, GONE)
    undisturbed = released.folder
    ways_out, trees = [], set()
    for moment in range(100):
        released.folder = undisturbed.parent / f"killed {moment}"
        shutil.copytree(undisturbed, released.folder)
        monkeypatch.chdir(released.folder)
        status = subprocess.run(
            [sys.executable, "-c", KILLED, str(moment)], capture_output=True, check=False
        ).returncode
        capsys.readouterr()
        if run(["release"]) != 0 and (found := re.search("`(git .*?)`", capsys.readouterr().err)):
            ways_out.append(found[1].split()[1])
            subprocess.run(shlex.split(found[1]), check=True, capture_output=True)
            if not released.git("tag", "--list", "v2.0.0"):
                assert run(["release"]) == 0
        assert (
            released.git("status", "--porcelain"),
            released.git("tag", "--points-at", "HEAD"),
        ) == ("", "v2.0.0")
        trees.add(released.git("rev-parse", "HEAD^{tree}"))
        if status == 0:
            break
    assert (moment > 10, set(ways_out), len(trees)) == (True, {"stash", "tag"}, 1)


def test_a_folder_that_cannot_be_written(
    released: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(released, CHANGED)
    shutil.rmtree(released.folder / "build")
    released.write("build", "a file")
    released.write(".gitignore", "/build\n")
    released.commit()
    assert "error[cannot-write]" in refused(released, capsys)


def test_the_manifest_of_a_release_is_of_its_lock(released: GitAuthor) -> None:
    edited(released, NEW)
    assert run(["release"]) == 0
    manifest = json.loads((released.folder / "build/manifest.json").read_text(encoding="utf-8"))
    digests = {note["guid"]: note["digest"] for note in manifest["packages"][0]["notes"]}
    assert digests == {each.guid: each.digest for each in records(released).values()}
