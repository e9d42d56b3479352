"""The cache: what it gives back is what was kept, or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from ankipress.cli.cache import Cache, generation
from ankipress.cli.jobs import Jobs
from ankipress.work import Task

from ankipress.cli.main import run

CARDS = "# Deck\n\n" + "".join(
    f"## What is {n} in Python?\n\nIt is `{n}`.\n\n```python\nx = {n}\n```\n\n" for n in range(250)
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user of the machine, who has no secret yet."""
    folder = tmp_path / "home"
    for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture
def deck(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deck that is large enough for a cache."""
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "cards.md").write_text(CARDS, encoding="utf-8")
    (folder / "ankipress.toml").write_text(
        'name = "deck"\nversion = "1.0.0"\nuid = "deck-1234"\n', encoding="utf-8"
    )
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return folder


def kept(folder: Path, number: int = 300, generation: bytes = b"1") -> dict[bytes, str]:
    """Results that a cache in a folder was given."""
    results = {b"key %d" % each: f'{{"Front": "<p>{each} ä\u2028</p>"}}' for each in range(number)}
    cache = Cache(folder, generation)
    cache.keep(results)
    cache.write()
    return results


def file_of(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_a_cache_that_is_not_there_knows_nothing(tmp_path: Path, home: Path) -> None:
    assert Cache(tmp_path / "none", b"1").recall([b"key 1"]) == {}
    assert not home.exists()


def test_few_results_are_not_worth_a_file(tmp_path: Path, home: Path) -> None:
    kept(tmp_path / "cache", 20)
    assert not (tmp_path / "cache").exists()


def test_what_was_kept_comes_back(tmp_path: Path, home: Path) -> None:
    results = kept(tmp_path / "cache")
    assert Cache(tmp_path / "cache", b"1").recall([*results, b"another"]) == results


def test_other_programs_share_nothing(tmp_path: Path, home: Path) -> None:
    results = kept(tmp_path / "cache")
    assert Cache(tmp_path / "cache", b"2").recall(list(results)) == {}


def test_another_user_is_not_believed(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that came with a repository was sealed with a secret that is not ours."""
    results = kept(tmp_path / "cache")
    for name in ("XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "somebody else"))
    assert Cache(tmp_path / "cache", b"1").recall(list(results)) == {}


@pytest.mark.skipif(
    os.name == "nt", reason="Windows has other rights: who may read the secret is NOT tested"
)
def test_the_secret_is_the_users_alone(tmp_path: Path, home: Path) -> None:
    kept(tmp_path / "cache")
    [secret] = home.rglob("cache-secret")
    assert secret.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:0], id="emptied"),
        pytest.param(lambda content: content[: len(content) // 2 + 7], id="cut off"),
        pytest.param(lambda content: content.replace(b"<p>7 ", b"<p>8 "), id="another result"),
        pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="other line ends"),
        pytest.param(lambda content: bytes(each ^ 1 for each in content), id="every bit turned"),
    ],
)
def test_a_damaged_entry_is_none(
    tmp_path: Path, home: Path, damage: Callable[[bytes], bytes]
) -> None:
    results = kept(tmp_path / "cache")
    file = file_of(tmp_path / "cache")
    file.write_bytes(damage(file.read_bytes()))
    found = Cache(tmp_path / "cache", b"1").recall(list(results))
    assert len(found) < len(results)
    assert found.items() <= results.items()


def test_an_entry_under_the_name_of_another_is_none(tmp_path: Path, home: Path) -> None:
    results = kept(tmp_path / "cache")
    file = file_of(tmp_path / "cache")
    lines = [line for line in file.read_bytes().split(b"\n") if line]
    moved = [
        name[:40] + other[40:] for name, other in zip(lines, lines[1:] + lines[:1], strict=True)
    ]
    file.write_bytes(b"\n".join(moved))
    assert Cache(tmp_path / "cache", b"1").recall(list(results)) == {}


def test_two_builds_at_once_lose_nothing(tmp_path: Path, home: Path) -> None:
    """Each appends its own; one that was interrupted in the middle of a line spoils no other."""
    first, second = Cache(tmp_path / "cache", b"1"), Cache(tmp_path / "cache", b"1")
    ours, theirs = {b"a%d" % n: "{}" for n in range(250)}, {b"b%d" % n: "[]" for n in range(250)}
    for cache, results in ((first, ours), (second, theirs)):
        cache.recall([])
        cache.keep(results)
    first.write()
    with file_of(tmp_path / "cache").open("ab") as file:
        file.write(b"0123456789 half a line")
    second.write()
    assert Cache(tmp_path / "cache", b"1").recall([*ours, *theirs]) == {**ours, **theirs}


def test_a_cache_full_of_what_is_gone_is_written_anew(tmp_path: Path, home: Path) -> None:
    """It holds what the last build used, and never grows without bounds."""
    old = Cache(tmp_path / "cache", b"1")
    old.keep({b"old %d" % n: "x" * 100_000 for n in range(250)})
    old.write()
    new = {b"new %d" % n: "y" for n in range(250)}
    cache = Cache(tmp_path / "cache", b"1")
    cache.recall([])
    cache.keep(new)
    cache.write()
    assert file_of(tmp_path / "cache").stat().st_size < 100_000
    assert Cache(tmp_path / "cache", b"1").recall(list(new)) == new


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, home: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    cache = Cache(tmp_path / "cache", b"1")
    cache.keep({b"%d" % n: "{}" for n in range(300)})
    cache.write()
    assert (tmp_path / "cache").read_text(encoding="utf-8") == "a file"


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need a permission on Windows: NOT tested there"
)
def test_nothing_is_written_through_a_link_that_a_repository_brought(
    tmp_path: Path, home: Path
) -> None:
    private = tmp_path / "profile"
    private.write_text("umask 022\n", encoding="utf-8")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/entries-1").symlink_to(private)
    results = kept(tmp_path / "cache")
    assert private.read_text(encoding="utf-8") == "umask 022\n"
    assert Cache(tmp_path / "cache", b"1").recall(list(results)) == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
@pytest.mark.parametrize("name", ["entries-1", "build-2", "texts-2"])
def test_a_pipe_in_place_of_a_memory_is_not_waited_for(deck: Path, name: str) -> None:
    assert run(["build"]) == 0
    file = deck / "build/.cache" / name
    file.unlink()
    os.mkfifo(file)
    (deck / "cards.md").write_text(CARDS.replace("It is `7`", "It is `8`"), encoding="utf-8")
    assert run(["build"]) == 0


def test_the_generation_is_the_same_twice_and_depends_on_what_is_added() -> None:
    assert generation() == generation()
    assert generation("an extension") != generation()


def test_the_package_is_the_same_with_and_without_a_cache(deck: Path) -> None:
    assert run(["build"]) == 0
    package = (deck / "build/deck-1.0.0.apkg").read_bytes()
    lock = (deck / "ankipress.lock").read_bytes()
    assert any((deck / "build/.cache").iterdir())
    (deck / "build/deck-1.0.0.apkg").unlink()
    assert run(["build"]) == 0  # with what the first build has kept
    assert (deck / "build/deck-1.0.0.apkg").read_bytes() == package
    assert (deck / "ankipress.lock").read_bytes() == lock


def test_an_edit_is_seen_and_nothing_else_is_rendered(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["build"]) == 0
    (deck / "cards.md").write_text(
        CARDS.replace("It is `77`.", "It is `seventy-seven`."), encoding="utf-8"
    )
    (deck / "build/.cache/build-2").unlink()  # with it, nothing but the edit would be looked at
    numbers: list[int] = []
    spread = Jobs.spread

    def counted(self: Jobs, task: Task, items: Sequence[Any]) -> Iterator[str]:
        numbers.append(len(items))
        return spread(self, task, items)

    monkeypatch.setattr(Jobs, "spread", counted)
    assert run(["build"]) == 0
    assert numbers == [1, 1]  # its text for matching, and its fields


@pytest.mark.parametrize("jobs", ["1", "2", "5"])
def test_any_number_of_jobs_makes_the_same_package(
    deck: Path, monkeypatch: pytest.MonkeyPatch, jobs: str
) -> None:
    monkeypatch.setattr("ankipress.cli.jobs._FEWEST", 10)
    monkeypatch.setattr("ankipress.cli.jobs._MUCH", 10)
    problem = "## What is wrong?\n\n```pyhton\nx\n```\n\n"
    (deck / "cards.md").write_text(
        CARDS + problem + CARDS.replace("Python", "Go") + problem.replace("wrong", "bad"),
        encoding="utf-8",
    )
    assert run(["build", "--jobs", "1"]) == 0
    expected = (deck / "build/deck-1.0.0.apkg").read_bytes()
    for folder in (deck / "build", deck / "build/.cache"):
        for file in folder.iterdir():
            if file.is_file():
                file.unlink()
    assert run(["build", "--jobs", jobs]) == 0
    assert (deck / "build/deck-1.0.0.apkg").read_bytes() == expected
