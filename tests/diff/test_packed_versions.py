"""Versions of notes, found in packages and in the revisions of git."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.diff.editions import EditionError
from ankipress.diff.packed_versions import PackedVersion, PackedVersions, VersionKey
from ankipress.model import Record
from ankipress.project.git_program import run_git
from ankipress.project.lock_history import lock_history
from ankipress.project.reading import read_workspace
from author import DAY, FIRST_RELEASE, Author, lock_of

CARDS = "# Deck\n\n## What is fire?\n\nIt is {}.\n\n## What is water?\n\nIt is wet.\n"
TEXTS = ("hot", "very hot", "not cold")


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """An author whose card had three versions, each released and committed."""
    author = Author(tmp_path / "deck", monkeypatch, {"name": "Deck"})
    run_git(author.folder, "init", "-q")
    for number, text in enumerate(TEXTS):
        author.write("cards.md", CARDS.format(text))
        author.release(f"1.{number}.0", at=FIRST_RELEASE + number * DAY)
        run_git(author.folder, "add", "cards.md", "ankipress.toml", "ankipress.lock")
        words = ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", text)
        run_git(author.folder, *words)
    return author


def record_of_fire(author: Author) -> Record:
    [record] = [each for each in lock_of(author.folder).records if "fire" in each.question]
    return record


def versions_of(author: Author, named: Path | None = None, *, said: list[str]) -> PackedVersions:
    return PackedVersions(read_workspace([author.folder]), named, said.append)


def packages_of(author: Author) -> list[Path]:
    return sorted((author.folder / "build").glob("*.apkg"))


def without_packages(author: Author) -> None:
    for path in packages_of(author):
        path.unlink()


def found_texts(
    versions: PackedVersions, guid: str
) -> tuple[list[VersionKey], dict[VersionKey, PackedVersion]]:
    keys = [(guid, each.digest) for each in versions.locked({guid})[guid]]
    return keys, dict(versions.packed(keys))


def test_every_version_of_a_note_is_found_in_git(author: Author) -> None:
    without_packages(author)
    record = record_of_fire(author)
    said: list[str] = []
    versions = versions_of(author, said=said)
    mods = [each.mod for each in versions.locked({record.guid})[record.guid]]
    assert mods == [FIRST_RELEASE + number * DAY for number in range(3)]
    keys, found = found_texts(versions, record.guid)
    assert [found[key].fields["Back"] for key in keys] == [
        f"<p>It is {text}.</p>" for text in TEXTS
    ]
    assert len(said) == 3


def test_a_package_saves_compiling_a_revision(author: Author) -> None:
    record = record_of_fire(author)
    said: list[str] = []
    assert len(packages_of(author)) == 3
    keys, found = found_texts(versions_of(author, said=said), record.guid)
    assert [found[key].fields["Back"] for key in keys] == [
        f"<p>It is {text}.</p>" for text in TEXTS
    ]
    assert said == []


def test_only_versions_that_are_wanted_are_compiled(author: Author) -> None:
    without_packages(author)
    record = record_of_fire(author)
    said: list[str] = []
    versions = versions_of(author, said=said)
    [_, second, _] = versions.locked({record.guid})[record.guid]
    key = record.guid, second.digest
    assert versions.packed([key])[key].fields["Back"] == "<p>It is very hot.</p>"
    assert len(said) == 1
    assert versions.packed([]) == {}
    assert versions.packed([(record.guid, "unknown")]) == {}


def test_a_package_that_cannot_be_read_is_said(author: Author, tmp_path: Path) -> None:
    (author.folder / "build" / "broken.apkg").write_bytes(b"no package")
    said: list[str] = []
    record = record_of_fire(author)
    _, found = found_texts(versions_of(author, said=said), record.guid)
    assert len(found) == 3
    assert "broken.apkg" in said[0]
    named = tmp_path / "named.apkg"
    named.write_bytes(b"no package")
    with pytest.raises(EditionError, match=r"named\.apkg"):
        found_texts(versions_of(author, named, said=said), record.guid)


def test_without_git_the_lock_tells_the_last_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = Author(tmp_path / "deck", monkeypatch, {"name": "Deck"})
    author.write("cards.md", CARDS.format("hot"))
    author.release("1.0.0")
    record = record_of_fire(author)
    versions = versions_of(author, said=[])
    [version] = versions.locked({record.guid})[record.guid]
    assert (version.digest, version.mod, version.deck) == (record.digest, record.mod, "Deck")
    without_packages(author)
    versions = versions_of(author, said=[])
    assert versions.packed([(record.guid, record.digest)]) == {}


def test_the_history_of_some_notes_is_a_part_of_that_of_all(author: Author) -> None:
    guid = record_of_fire(author).guid
    path = author.folder / "ankipress.lock"
    every = lock_history(path)
    some = lock_history(path, frozenset({guid}))
    assert [each.commit for each in some] == [each.commit for each in every]
    assert all(len(each.commit) == 40 for each in some)
    for part, whole in zip(some, every, strict=True):
        assert part.lock.uid == whole.lock.uid
        assert len(whole.lock.records) == 2
        assert list(part.lock.records) == [each for each in whole.lock.records if each.guid == guid]


def test_what_other_tools_rendered_is_the_best_there_is(author: Author) -> None:
    record = record_of_fire(author)
    path = author.folder / "ankipress.lock"
    path.write_text(path.read_text("utf-8").replace(record.digest, "AAAAAAAAAAAA"), "utf-8")
    run_git(author.folder, "add", "ankipress.lock")
    words = ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "other")
    run_git(author.folder, *words)
    key = record.guid, "AAAAAAAAAAAA"
    versions = versions_of(author, said=[])
    assert key[1] in [each.digest for each in versions.locked({record.guid})[record.guid]]
    assert versions.packed([key])[key].fields["Back"] == "<p>It is not cold.</p>"


def test_no_revision_is_compiled_where_digests_are_enough(author: Author) -> None:
    without_packages(author)
    record = record_of_fire(author)
    said: list[str] = []
    versions = PackedVersions(read_workspace([author.folder]), None, said.append, most_compiled=0)
    keys, found = found_texts(versions, record.guid)
    assert len(keys) == 3
    assert (found, said) == ({}, [])


def test_what_was_found_is_remembered(author: Author) -> None:
    record = record_of_fire(author)
    versions = versions_of(author, said=[])
    before = versions.locked({record.guid})
    without_packages(author)
    (author.folder / "ankipress.lock").unlink()
    assert versions.locked({record.guid}) == before


def test_a_build_remembers_what_it_replaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = Author(tmp_path / "deck", monkeypatch, {"name": "Deck"})
    replaced = []
    for number, text in enumerate(TEXTS):
        author.write("cards.md", CARDS.format(text))
        author.release("1.0.0", at=FIRST_RELEASE + number * DAY)
        replaced.append(record_of_fire(author))
    assert len(packages_of(author)) == 1
    guid = replaced[0].guid
    versions = versions_of(author, said=[])
    known = versions.locked({guid, "unknown"})
    assert [each.digest for each in known[guid]] == [each.digest for each in replaced]
    assert [each.mod for each in known[guid]] == [each.mod for each in replaced]
    assert known["unknown"] == []
