"""`ankipress artifacts`, and packages for each top-level deck."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli import artifacts_command
from ankipress.cli.main import run
from ankipress.package.package_reading import FoundNote
from ankipress.release.artifacts import make_artifacts
from author import Author, lock_of, picture
from packages import read_package

CARDS = "# Cells\n\n## One?\n\n1 ![x](media/x.png)\n\n## Two?\n\n2\n"
OTHER = "---\ndeck: Heart::Left\n---\n## Three?\n\n{{c1::3}}\n"
RELEASE = {"bio-1.0.0.apkg", "RELEASE-NOTES.md", "manifest.json", "SHA256SUMS"}


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(
        tmp_path / "bio",
        monkeypatch,
        {"name": "bio", "uid": "bio-uid", "sources": ["*.md", "!CHANGELOG.md"]},
    )
    author.write("cards.md", CARDS)
    author.write("media/x.png", picture(1))
    author.write("other.md", OTHER)
    return author


def built(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "build").iterdir()}


def test_the_files_of_a_release(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    author.release("1.0.0")
    capsys.readouterr()
    assert run(["artifacts"]) == 0
    assert capsys.readouterr() == (
        "build/bio-1.0.0.apkg\nbuild/RELEASE-NOTES.md\nbuild/manifest.json\nbuild/SHA256SUMS\n",
        "",
    )
    assert built(author.folder).keys() == RELEASE
    assert "The first version." in (author.folder / "build/RELEASE-NOTES.md").read_text(
        encoding="utf-8"
    )


def test_the_package_is_the_one_that_was_built(author: Author) -> None:
    package = author.release("1.0.0").read_bytes()
    assert run(["artifacts", "-o", "dist"]) == 0
    assert (author.folder / "dist/bio-1.0.0.apkg").read_bytes() == package


def test_what_changes_meanwhile_keeps_all_from_being_written(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release at the same time would else get the manifest of the version before."""
    author.release("1.0.0")
    before = built(author.folder)

    def change_and_make(*arguments: Any) -> Mapping[str, bytes]:
        author.set(version="2.0.0")
        return make_artifacts(*arguments)

    monkeypatch.setattr(artifacts_command, "make_artifacts", change_and_make)
    assert run(["artifacts"]) == 1
    assert "ankipress.toml: something else changed it meanwhile" in capsys.readouterr().err
    assert built(author.folder) == before


def test_checksums_are_those_that_sha256sum_reads(author: Author) -> None:
    author.release("1.0.0")
    assert run(["artifacts"]) == 0
    lines = (author.folder / "build/SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {name: digest for digest, name in (line.split("  ") for line in lines)} == {
        name: sha256(content).hexdigest()
        for name, content in built(author.folder).items()
        if name != "SHA256SUMS"
    }
    if shutil.which("sha256sum"):
        subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"],
            cwd=author.folder / "build",
            check=True,
        )


def test_the_manifest_names_every_note_as_the_lock_and_the_package_have_it(author: Author) -> None:
    package = author.release("1.0.0")
    assert run(["artifacts"]) == 0
    manifest = json.loads((author.folder / "build/manifest.json").read_text(encoding="utf-8"))
    lock = lock_of(author.folder)
    assert (manifest["version"], manifest["uid"], sorted(manifest["tools"])[:2]) == (
        "1.0.0",
        "bio-uid",
        ["Markdown", "Pygments"],
    )
    [found] = manifest["packages"]
    assert {
        note["guid"]: (note["note_id"], note["mod"], note["digest"]) for note in found["notes"]
    } == {record.guid: (record.note_id, record.mod, record.digest) for record in lock.records}
    assert [note["guid"] for note in found["notes"]] == [
        note.guid for note in read_package(package.read_bytes())
    ]
    assert (found["decks"], [note["cards"] for note in found["notes"]]) == (
        ["Cells", "Heart::Left"],
        [1, 1, 1],
    )
    assert {each["key"]: (each["id"], each["mod"]) for each in found["note_types"]} == {
        key: (stamp.id, stamp.mod) for key, stamp in lock.note_types.items()
    }
    assert [each["sha256"] for each in found["media"]] == [sha256(picture(1)).hexdigest()]


def test_another_checkout_gives_the_same_bytes_at_another_time(
    author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    author.release("1.0.0")
    assert run(["artifacts"]) == 0
    elsewhere = author.folder.parent / "elsewhere" / "clone"
    shutil.copytree(author.folder, elsewhere, ignore=shutil.ignore_patterns("build"))
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert run(["artifacts"]) == 0
    assert built(elsewhere) == built(author.folder)


def test_a_lock_that_is_not_up_to_date_makes_nothing(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.release("1.0.0")
    shutil.rmtree(author.folder / "build")
    author.write("cards.md", CARDS.replace("2\n", "two\n"))
    assert run(["artifacts"]) == 1
    assert "error[lock-outdated]" in capsys.readouterr().err
    assert not (author.folder / "build").exists()


def test_the_notes_hold_what_the_changelog_says_of_this_version(author: Author) -> None:
    author.write(
        "CHANGELOG.md", "# Changes\n\n## 1.0.1\n\nNot yet.\n\n## 1.0.0\n\nAll new, and *good*.\n"
    )
    author.release("1.0.0")
    assert run(["artifacts"]) == 0
    notes = (author.folder / "build/RELEASE-NOTES.md").read_text(encoding="utf-8")
    assert notes.startswith("# bio 1.0.0\n\nAll new, and *good*.\n\n## How to update\n")


def test_a_changelog_that_cannot_be_read_is_said(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.release("1.0.0")
    author.write("CHANGELOG.md", b"\xff")
    assert run(["artifacts"]) == 1
    assert "error[cannot-read]: CHANGELOG.md cannot be read" in capsys.readouterr().err


def test_a_package_for_each_top_level_deck(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.settings["packages"] = "deck"
    author.settings["name"] = "bio"
    author.write(
        "ankipress.toml",
        'name = "bio"\nuid = "bio-uid"\nversion = "1.0.0"\npackages = "deck"\nsources = ["*.md"]\n',
    )
    capsys.readouterr()
    assert run(["build", str(author.folder)]) == 0
    line, *below = capsys.readouterr().out.splitlines()
    assert line.endswith("3 notes (3 new, 0 changed, 0 retired), 1 media, 2 packages")
    assert [each.split("/")[-1].split(" (")[0] for each in below] == [
        "bio-Cells-1.0.0.apkg: 2 notes",
        "bio-Heart-1.0.0.apkg: 1 note",
    ]
    notes = {
        path.name: read_package(path.read_bytes()) for path in (author.folder / "build").iterdir()
    }
    assert {name: {note.deck for note in found} for name, found in notes.items()} == {
        "bio-Cells-1.0.0.apkg": {"Cells"},
        "bio-Heart-1.0.0.apkg": {"Heart::Left"},
    }
    assert run(["artifacts", str(author.folder)]) == 0
    manifest = json.loads((author.folder / "build/manifest.json").read_text(encoding="utf-8"))
    assert [each["file"] for each in manifest["packages"]] == [
        "bio-Cells-1.0.0.apkg",
        "bio-Heart-1.0.0.apkg",
    ]


def _plain(note: FoundNote) -> FoundNote:
    """A note without what its note type says of the deck for new notes, which a package decides."""
    settings = {key: value for key, value in note.note_type.settings.items() if key != "did"}
    return note._replace(note_type=note.note_type._replace(settings=settings))


def test_one_package_or_several_the_notes_are_the_same(author: Author) -> None:
    one = read_package(author.release("1.0.0").read_bytes())
    lock = (author.folder / "ankipress.lock").read_bytes()
    settings = (author.folder / "ankipress.toml").read_text(encoding="utf-8")
    author.write("ankipress.toml", settings + 'packages = "deck"\n')
    assert run(["build", "--locked"]) == 0
    several = [
        read_package((author.folder / f"build/bio-{deck}-1.0.0.apkg").read_bytes())
        for deck in ("Cells", "Heart")
    ]
    assert [*map(_plain, several[0]), *map(_plain, several[1])] == list(map(_plain, one))
    assert (author.folder / "ankipress.lock").read_bytes() == lock
