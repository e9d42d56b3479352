"""A version under which learners have something else is a warning, and no release is made of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.project import git

CARDS = ("moss", "fern", "rose")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@b.c")
    return tmp_path


def write(
    folder: Path, *words: str, version: str = "1.2.3", more: str = "", deck: str = "A"
) -> None:
    text = f"# {deck}\n\n" + "".join(f"## What is {each}?\n\nIt is {each}.\n\n" for each in words)
    (folder / "cards.md").write_text(text, encoding="utf-8")
    settings = f'name = "deck"\nversion = "{version}"\n{more}'
    (folder / "ankipress.toml").write_text(settings, encoding="utf-8")


def call_git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def tag(folder: Path, name: str = "v1.2.3") -> None:
    """Build, commit and tag what is there."""
    assert run(["build"]) == 0
    if not (folder / ".git").exists():
        call_git(folder, "init", "--quiet")
    (folder / ".gitignore").write_text("build/\n", encoding="utf-8")
    call_git(folder, "add", ".")
    call_git(folder, "commit", "--quiet", "--message=Cards")
    call_git(folder, "tag", name)


def found(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The help of each problem of the version."""
    capsys.readouterr()
    run(["check", "--format", "json", "--select", "old-version"])
    problems = json.loads(capsys.readouterr().out)
    for each in problems:
        assert (each["path"], each["line"], each["severity"]) == ("ankipress.toml", 2, "warning")
        assert (each["column"], each["width"]) == (1, len("version"))
    return [each["help"].split("`")[1] for each in problems]


@pytest.mark.parametrize(
    ("words", "changes", "expected"),
    [
        (CARDS, {}, []),
        (CARDS, {"version": "1.2.4"}, []),
        ((*CARDS, "oak"), {"version": "1.2.4"}, []),
        (CARDS, {"more": 'tags = ["t"]'}, ['version = "1.2.4"']),
        ((*CARDS, "oak"), {}, ['version = "1.3.0"']),
        (CARDS[:2], {}, ['version = "2.0.0"']),
        (CARDS, {"deck": "B"}, ['version = "2.0.0"']),
    ],
)
def test_a_tag_says_what_was_released(
    words: tuple[str, ...],
    changes: dict[str, str],
    expected: list[str],
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(here, *CARDS)
    tag(here)
    assert found(capsys) == []
    write(here, *words, **changes)
    assert found(capsys) == expected
    for _ in range(2):
        assert run(["build"]) == 0, "a warning stops nothing"
        assert capsys.readouterr().err.count("old-version]") == len(expected)
    assert found(capsys) == expected, "what is in the lock now is not what was released"
    assert run(["build", "--locked"]) == bool(expected)
    assert ("error[old-version]" in capsys.readouterr().err) == bool(expected)
    assert run(["artifacts"]) == bool(expected)
    assert run(["site"]) == 0


@pytest.mark.parametrize("has_git", [False, True])
def test_without_a_tag_a_version_is_built_again_and_again(
    has_git: bool, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, *CARDS)
    assert run(["build"]) == 0
    if has_git:
        tag(here, "another")
    write(here, *CARDS, "oak")
    assert found(capsys) == []
    assert run(["build"]) == 0
    assert run(["build", "--locked"]) == 0
    assert "old-version" not in capsys.readouterr().err


def test_tags_of_another_pattern_and_projects_below_the_top(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = here / "decks" / "one"
    folder.mkdir(parents=True)
    call_git(here, "init", "--quiet")
    monkeypatch.chdir(folder)
    more = 'release_tag = "{name}-{version}"'
    write(folder, *CARDS, more=more)
    assert run(["build"]) == 0
    call_git(here, "add", ".")
    call_git(here, "commit", "--quiet", "--message=Cards")
    call_git(here, "tag", "deck-1.2.3")
    assert found(capsys) == []
    write(folder, *CARDS, "oak", more=more)
    assert found(capsys) == ['version = "1.3.0"']


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("1.2.3", "1.2.3", []),
        ("1.2.3", "1.10.0", []),
        ("1.2.3", "1.2.2", ['version = "1.2.4"']),
        ("1.10.0", "1.9.0", ['version = "1.10.1"']),
        ("1.2.3", "1.2.3-rc.1", ['version = "1.2.4"']),
        ("1.2.3-rc.1", "1.2.3", []),
        ("1.2.3-rc.2", "1.2.3-rc.1", ['version = "1.2.3"']),
    ],
)
def test_a_version_below_that_of_the_lock(
    before: str, now: str, expected: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, *CARDS, version=before)
    assert run(["build"]) == 0
    write(here, *CARDS, version=now)
    assert found(capsys) == expected
    assert run(["build"]) == 0
    assert run(["build", "--locked"]) == bool(expected)


@pytest.mark.parametrize("level", ["off", "advice"])
def test_a_project_may_silence_the_warning_and_then_nothing_is_refused(
    level: str, here: Path
) -> None:
    write(here, *CARDS)
    assert run(["build"]) == 0
    write(here, *CARDS, version="1.0.0", more=f'[severity]\nold-version = "{level}"\n')
    assert run(["build", "--locked"]) == 0


def test_a_contributor_sets_no_version(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, *CARDS)
    assert run(["build"]) == 0
    write(here, *CARDS, version="1.0.0")
    assert run(["check", "--contribution"]) == 0
    assert "old-version" not in capsys.readouterr().out


def test_a_file_without_settings_has_no_version_to_raise(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "cards.md").write_text("## A?\n\nB\n", encoding="utf-8")
    call_git(here, "init", "--quiet")
    assert run(["build", "cards.md"]) == 0
    call_git(here, "add", ".")
    call_git(here, "commit", "--quiet", "--message=Cards")
    call_git(here, "tag", "v0.1.0")
    (here / "cards.md").write_text("## A?\n\nC\n", encoding="utf-8")
    assert run(["build", "cards.md"]) == 0
    assert "old-version" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("version", "words"),
    [("1.2.3", "does not come after 1.2.3"), ("1.2.2", "does not come after 1.2.3")],
)
def test_a_release_refuses_an_old_version(
    version: str, words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, *CARDS)
    tag(here)
    write(here, *CARDS, "oak")
    call_git(here, "commit", "--quiet", "--all", "--message=Oak")
    assert run(["release", "--dry-run", version]) == 1
    error = capsys.readouterr().err
    assert words in error
    assert "choose a larger version, such as 1.3.0" in error


def test_a_first_release_is_not_below_the_lock(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, *CARDS)
    tag(here, "begin")
    assert run(["release", "--dry-run", "1.0.0"]) == 1
    assert "1.0.0 comes before 1.2.3" in capsys.readouterr().err
    assert run(["release", "--dry-run", "1.2.3"]) == 0


def test_a_release_refuses_where_many_notes_would_be_retired(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, *(f"{word} {number}" for word in CARDS for number in range(4)))
    tag(here)
    write(here, "moss 1")
    call_git(here, "commit", "--quiet", "--all", "--message=Few")
    assert run(["release", "--dry-run"]) == 1
    assert "error[many-retired]" in capsys.readouterr().err
    assert run(["build", "--retire-many"]) == 0
    call_git(here, "commit", "--quiet", "--all", "--message=Lock")
    assert run(["release", "--dry-run"]) == 0


def test_an_unchanged_build_asks_git_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, *CARDS)
    tag(here)
    assert run(["build"]) == 0

    def no_git(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(git, "run_git", no_git)
    assert run(["build"]) == 0
