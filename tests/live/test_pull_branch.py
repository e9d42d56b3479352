"""Branches that a pull makes in repositories of all sorts, with what strangers have written."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from author import files_of
from live.stranger import CARDS, Stranger

_PERSON = {
    f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    for name, value in _PERSON.items():
        monkeypatch.setenv(name, value)
    made = Stranger(tmp_path, monkeypatch, {"cards.md": CARDS, ".gitignore": "/build/\n"})
    git(made, "init", "--quiet", "--initial-branch=main")
    git(made, "add", "--all")
    git(made, "commit", "--quiet", "--message=Cards")
    return made


def git(stranger: Stranger, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=stranger.author.folder, capture_output=True, check=True
    )
    return done.stdout.decode()


NO_NAMES = (
    *("-D", "--help", "../x", "HEAD", "refs/heads/x", "a.lock", "a..b", "@", "@{-1}", "a:b", "x/"),
    *("", "a\nb", "1234567890" * 4, "main", "main/x"),
)


def test_what_is_no_name_of_a_new_branch_makes_none(stranger: Stranger) -> None:
    stranger.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    before = files_of(stranger.author.folder / ".git" / "refs")
    assert [name for name in NO_NAMES if stranger.pull("--yes", "--branch", name) == 0] == []
    assert files_of(stranger.author.folder / ".git" / "refs") == before
    assert stranger.text() == CARDS


def test_where_nothing_can_be_written_there_is_no_branch(
    stranger: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger.edit("What does the lung", Back='<p>Air.</p><p><img src="gone.png"></p>')
    assert stranger.pull("--yes", "--branch", "corrections") == 1
    assert git(stranger, "branch", "--list", "--format=%(refname:short)") == "main\n"
    assert "Nothing of it can be written here.\n" in capsys.readouterr().out
    [patch] = (stranger.author.folder / "build").glob("pull-*.patch")
    assert "gone.png" in patch.read_text(encoding="utf-8")


def test_a_message_has_the_words_of_a_card_and_no_lines_of_its_own(stranger: Stranger) -> None:
    lines = "Signed-off-by: Eve &lt;e@e&gt;</p>\n<p># \u202e"
    stranger.tag("What does the lung", "#tag", "a:b")
    stranger.edit("What does the lung", Back=f"<p>x</p>\n<p>{lines}</p>")
    stranger.make("Body", Front="New\n\nSigned-off-by: Eve &lt;e@e&gt;", Back="<b>\n</b>y")
    assert stranger.pull("--yes", "--branch", "corrections") == 0
    message = git(stranger, "log", "-1", "--format=%B", "corrections")
    assert git(stranger, "log", "-1", "--format=%(trailers)", "corrections") == "\n"
    assert not [line for line in message.splitlines() if line.startswith(("Signed", "#"))]
    assert "\u202e" not in message


def test_nothing_that_a_repository_names_runs(stranger: Stranger, tmp_path: Path) -> None:
    evil = f"touch {tmp_path}/evil;"
    hooks = stranger.author.folder / ".git" / "evil"
    hooks.mkdir()
    for name in ("reference-transaction", "post-index-change", "pre-commit", "commit-msg"):
        (hooks / name).write_text(f"#!/bin/sh\n{evil}\n")
        (hooks / name).chmod(0o755)
    stranger.author.write(".gitattributes", "* filter=evil\n")
    for key, value in {
        "core.hooksPath": ".git/evil",
        "core.fsmonitor": evil,
        "commit.gpgSign": "true",
        "gpg.program": str(hooks / "pre-commit"),
        "filter.evil.clean": evil,
    }.items():
        git(stranger, "config", key, value)
    stranger.edit("What does the lung", Back="<p>It takes in oxygen.</p>")
    assert stranger.pull("--yes", "--branch", "corrections") == 0
    assert not (tmp_path / "evil").exists()
    assert "oxygen" in git(stranger, "show", "corrections:cards.md")
