"""Two branches, merged by real git: no conflict in the lock, and every card has the guid that its
branch gave it.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.identity.lock import read_lock, write_lock
from ankipress.model import State
from author import lock_of

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="git is not installed: merging locks is NOT tested"
)

WORDS = ("one", "two", "three", "four", "five", "seven", "eight")
BASE = "# Deck\n\n" + "\n\n".join(
    f"## What is {word}?\n\nIt is {word}, of course." for word in WORDS
)


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def commit(text: str, message: str) -> dict[str, str]:
    """Build and commit a version of the cards; the guid of each active question."""
    Path("cards.md").write_text(text, encoding="utf-8")
    assert run(["build"]) == 0
    git("add", "-A")
    git("commit", "-m", message)
    return guids()


def guids() -> dict[str, str]:
    lock = lock_of(Path())
    return {record.question: record.guid for record in lock.records if record.state is State.ACTIVE}


def test_two_branches_merge_without_a_conflict_in_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["init", str(tmp_path / "deck")]) == 0
    monkeypatch.chdir(tmp_path / "deck")
    git("init", "-q", "-b", "main")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    base = commit(BASE, "base")
    git("checkout", "-q", "-b", "theirs")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000500")
    theirs = commit(
        BASE.replace("What is one?", "What is the one?").replace(
            "## What is two?", "## What is six?\n\nSix.\n\n## What is two?"
        ),
        "edit, add",
    )
    git("checkout", "-q", "main")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000900")
    removed = "\n\n## What is three?\n\nIt is three, of course."
    edited = BASE.replace(removed, "").replace("It is five, of course.", "It is five.")
    ours = commit(
        edited.replace("## What is eight?", "## What is zero?\n\nNone.\n\n## What is eight?"),
        "add, remove, edit",
    )
    git("merge", "theirs")  # fails on a conflict
    assert run(["build"]) == 0
    merged = guids()
    assert merged["What is the one?"] == base["What is one?"] == theirs["What is the one?"]
    assert merged["What is six?"] == theirs["What is six?"]
    assert merged["What is zero?"] == ours["What is zero?"]
    assert merged["What is five?"] == base["What is five?"]
    kept = {f"What is {word}?" for word in WORDS if word not in {"one", "three"}}
    assert set(merged) == {*kept, "What is zero?", "What is the one?", "What is six?"}
    text = Path("ankipress.lock").read_text(encoding="utf-8")
    assert write_lock(read_lock(text)[0]) == text
    assert run(["build", "--locked"]) == 0


def test_an_older_ankipress_refuses_a_newer_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cards.md").write_text(BASE, encoding="utf-8")
    Path("ankipress.lock").write_text(
        '{"ankipress": 5, "uid": "abc", "note_types": {}, "more": 1}\n{"new": "line"}\n',
        encoding="utf-8",
    )
    assert run(["build"]) == 1
    shown = capsys.readouterr().err
    assert (
        "ankipress.lock:1:1: error[bad-lock]: this lock has format 5, this ankipress reads "
        "format 4: update ankipress" in shown
    )
    assert shown.count("error[") == 1, (
        "nothing is said of lines that only a later ankipress can read"
    )
    assert not Path("build").exists()
