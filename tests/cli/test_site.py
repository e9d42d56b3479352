"""`ankipress site` at the command line: what it writes, and when it does not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from ankipress.cli import site_command
from ankipress.cli.main import run
from ankipress.preview.site.content import Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.lock_history import lock_history
from ankipress.project.output_folder import write_folder
from author import FIRST_RELEASE, Author, files_of


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(tmp_path / "deck", monkeypatch, {"name": "deck", "uid": "deck-1234"})
    author.write("cards.md", "# Deck\n\n## One?\n\n1\n\n## Two?\n\n2\n")
    author.release("1.0.0")
    return author


def test_the_site_has_the_package_that_was_built(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["site"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "deck 1.0.0: 5 pages, build/site/index.html"
    built = author.folder / "build" / "deck-1.0.0.apkg"
    assert (author.folder / "build" / "site" / "deck-1.0.0.apkg").read_bytes() == built.read_bytes()


def test_the_same_deck_gives_the_same_bytes(author: Author) -> None:
    assert run(["site", "-o", "a"]) == run(["site", "-o", "b"]) == 0
    assert files_of(author.folder / "a") == files_of(author.folder / "b")


def test_what_is_no_longer_of_the_site_goes(author: Author) -> None:
    assert run(["site"]) == 0
    author.write("cards.md", "# Deck\n\n## One?\n\n1\n")
    author.release("1.0.1", at=FIRST_RELEASE + 1)
    assert run(["site"]) == 0
    site = author.folder / "build" / "site"
    assert (site / "deck-1.0.1.apkg").is_file()
    assert not (site / "deck-1.0.0.apkg").exists()
    assert (
        sum(
            "no longer in the deck" in page.read_text(encoding="utf-8")
            for page in (site / "cards").iterdir()
        )
        == 1
    )


def test_a_package_that_the_lock_does_not_know_is_not_published(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("cards.md", "# Deck\n\n## Three?\n\n3\n")
    assert run(["site"]) == 1
    assert "lock-outdated" in capsys.readouterr().err
    assert not (author.folder / "build" / "site").exists()
    assert run(["site", "--no-package"]) == 0
    assert not list((author.folder / "build" / "site").glob("*.apkg"))


def test_an_error_in_the_cards_writes_nothing(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("cards.md", "## Q {foo=1}\n\nA\n")
    assert run(["site", "--no-package"]) == 1
    assert "unknown-attribute" in capsys.readouterr().err
    assert not (author.folder / "build" / "site").exists()


def test_a_folder_with_other_files_is_left_alone(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("public/index.html", "mine")
    assert run(["site", "-o", "public"]) == 1
    assert "files that ankipress did not make" in capsys.readouterr().err
    assert files_of(author.folder / "public") == {"index.html": b"mine"}


def test_an_empty_folder_is_filled(author: Author) -> None:
    (author.folder / "public").mkdir()
    assert run(["site", "-o", "public"]) == 0
    assert (author.folder / "public" / "index.html").is_file()


def test_what_a_killed_ankipress_left_beside_the_site_goes(tmp_path: Path) -> None:
    (tmp_path / ".site.folder-abc.tmp" / "new").mkdir(parents=True)
    write_folder(tmp_path / "site", {"a": b"a"}, ".ours")
    assert files_of(tmp_path) == {"site/a": b"a", "site/.ours": b""}


def test_what_changes_meanwhile_keeps_the_site_from_being_written(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release at the same time would else have a site of cards before it and changes after it."""
    assert run(["site"]) == 0
    before = files_of(author.folder / "build" / "site")

    def change_and_make(publication: Publication) -> Mapping[str, bytes]:
        author.set(version="2.0.0")
        return make_site(publication)

    monkeypatch.setattr(site_command, "make_site", change_and_make)
    assert run(["site"]) == 1
    assert "ankipress.toml: something else changed it meanwhile" in capsys.readouterr().err
    assert files_of(author.folder / "build" / "site") == before


def test_a_changelog_that_cannot_be_read_is_said(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("CHANGELOG.md", b"\xff")
    assert run(["site"]) == 1
    assert "CHANGELOG.md cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("is_after", [False, True], ids=["before the new one", "after the old one"])
def test_an_interruption_leaves_the_old_site(
    is_after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "site", {"a": b"old"}, ".ours")
    rename = Path.rename

    def stop(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise KeyboardInterrupt
        moved = rename(self, target)
        if is_after and self.name == "site":
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "site", {"a": b"new"}, ".ours")
    assert files_of(tmp_path) == {"site/a": b"old", "site/.ours": b""}


@pytest.mark.skipif(shutil.which("git") is None, reason="NO HISTORY WAS READ: there is no git")
def test_git_tells_how_the_deck_grew(author: Author) -> None:
    def git(*arguments: str) -> None:
        identity = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        subprocess.run(
            ["git", *identity, *arguments], cwd=author.folder, check=True, capture_output=True
        )

    lock = author.folder / "ankipress.lock"
    git("init", "-q")
    assert lock_history(lock) == ()
    git("add", "-A")
    git("commit", "-qm", "1", "--date", "2026-01-01T00:00:00Z")
    author.write("cards.md", "# Deck\n\n## One?\n\n1\n\n## Two?\n\n2\n\n## Three?\n\n3\n")
    author.release("1.1.0", at=FIRST_RELEASE + 1)
    git("add", "-A")
    git("commit", "-qm", "2")
    assert [len(each.lock.records) for each in lock_history(lock)] == [2, 3]
    assert run(["site"]) == 0
    first = (author.folder / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert 'aria-label="Notes in each version: 1.0.0 2, 1.1.0 3"' in first


def test_without_git_there_is_no_history(tmp_path: Path) -> None:
    assert lock_history(tmp_path / "ankipress.lock") == ()
