"""Releases at once, and releases that fail: everything or nothing, and only one's own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.project import door, file_states
from ankipress.project.file_states import FileState
from ankipress.project.folder_locks import SomebodyElseError, only_user_of
from ankipress.project.repository import Repository
from author import DAY, FIRST_RELEASE, picture
from git_author import GitAuthor
from killing import wait_for

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="NO RELEASE IS TESTED: no git"),
]
POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="hooks, links and permissions are those of POSIX"
)

CARDS = "# Cells\n\n## What is a cell?\n\nA unit.\n\n## What is a wall?\n\nA ![w](media/w.png).\n"
GONE = CARDS.partition("## What is a wall?")[0]


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    """An author whose last release was 1.0.0, and who has changed a card since."""
    settings = {"name": "bio", "version": "1.0.0", "uid": "bio-uid", "retired": "tombstone"}
    author = GitAuthor(tmp_path / "bio", monkeypatch, settings)
    author.write("cards.md", CARDS)
    author.write("media/w.png", picture(1))
    author.commit("Begin")
    assert run(["release"]) == 0
    author.at(FIRST_RELEASE + DAY)
    author.write("cards.md", CARDS.replace("A unit", "The smallest unit"))
    author.commit()
    return author


def started(author: GitAuthor, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ankipress", "release", *words],
        cwd=author.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def is_whole(author: GitAuthor) -> bool:
    """Whether 1.0.1 is released once, and nothing else is left of any release."""
    return (
        author.git("log", "--format=%s", "v1.0.0..HEAD").split("\n")[0] == "Release bio 1.0.1"
        and author.git("log", "--format=%s").count("Release bio 1.0.1") == 1
        and author.git("rev-parse", "v1.0.1^{commit}") == author.git("rev-parse", "HEAD")
        and author.git("status", "--porcelain") == ""
    )


# At once.


@pytest.mark.kills
def test_of_two_releases_at_once_one_is_made(author: GitAuthor) -> None:
    untouched = author.folder
    for number in range(8):
        author.folder = untouched.parent / f"pair {number}"
        shutil.copytree(untouched, author.folder)
        pair = [started(author), started(author)]
        said = [(*process.communicate(), process.returncode) for process in pair]
        assert sorted(status for *_, status in said) == [0, 1], said
        for out, err, status in said:
            assert ("Next: git push --atomic origin main v1.0.1" in out) == (status == 0)
            if status:
                assert re.match(
                    r"error\[cannot-release\]: (another `ankipress release` is being made in this"
                    r" repository\n|nothing that a learner would notice has changed since 1\.0\.1)",
                    err,
                )
        assert is_whole(author)


def test_the_second_release_does_not_begin(
    author: GitAuthor, capsys: pytest.CaptureFixture[str]
) -> None:
    linked = author.folder.parent / "linked"
    author.git("worktree", "add", "--quiet", str(linked), "-b", "more")
    before = author.state()
    with Repository(linked).used_alone():
        assert run(["release"]) == 1
        assert run(["release", "--dry-run"]) == 0
    assert "error[cannot-release]: another `ankipress release` is being made" in (
        capsys.readouterr().err
    )
    assert author.state() == before
    assert run(["release"]) == 0


def test_a_folder_has_one_user(tmp_path: Path) -> None:
    with only_user_of(tmp_path), pytest.raises(SomebodyElseError):
        only_user_of(tmp_path).__enter__()
    with only_user_of(tmp_path) as is_certain:
        assert is_certain


# What others do meanwhile.


def after(monkeypatch: pytest.MonkeyPatch, step: str, do: Callable[[], object]) -> None:
    """Do something else when a step of a release is done, and then let the step fail."""
    taken = getattr(Repository, step)

    def failing(*arguments: object) -> None:
        taken(*arguments)
        do()
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(Repository, step, failing)


def before_tag(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    taken = Repository.tag

    def late(self: Repository, name: str, message: str) -> None:
        do()
        taken(self, name, message)

    monkeypatch.setattr(Repository, "tag", late)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["tag", "v1.0.1", "v1.0.0"], id="light"),
        pytest.param(["tag", "--message=Release bio 1.0.1", "v1.0.1", "HEAD~1"], id="alike"),
        pytest.param(["tag", "--message=Mine", "v1.0.1"], id="on the same commit"),
    ],
)
def test_a_tag_of_somebody_else_stays(
    words: list[str],
    author: GitAuthor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = author.git("rev-parse", "HEAD")
    before_tag(monkeypatch, lambda: author.git(*words))
    assert run(["release"]) == 1
    assert "error[cannot-release]: git tag: fatal: tag 'v1.0.1' already exists" in (
        capsys.readouterr().err
    )
    assert author.git("tag").split() == ["v1.0.0", "v1.0.1"]
    assert author.git("rev-parse", "HEAD") == head
    assert author.git("status", "--porcelain") == ""


def test_a_branch_that_moved_on_stays(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    after(
        monkeypatch,
        "tag",
        lambda: author.git("commit", "--quiet", "--allow-empty", "--message=Theirs"),
    )
    assert run(["release"]) == 1
    shown = capsys.readouterr().err
    assert "error[cannot-release]: " in shown
    assert "the disk is gone; it could not be undone: git update-ref: " in shown
    assert author.git("log", "-2", "--format=%s").split("\n") == ["Theirs", "Release bio 1.0.1"]
    assert author.git("status", "--porcelain") == ""
    monkeypatch.undo()
    monkeypatch.chdir(author.folder)
    assert run(["release"]) == 1
    assert "was committed, and cut off before its tag" in capsys.readouterr().err


def test_a_file_that_somebody_changed_stays(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    after(monkeypatch, "commit", lambda: author.write("CHANGELOG.md", "# Mine\n"))
    assert run(["release"]) == 1
    shown = capsys.readouterr().err
    assert "CHANGELOG.md is not as it was: something else has changed it" in shown
    assert (author.folder / "CHANGELOG.md").read_text(encoding="utf-8") == "# Mine\n"
    assert author.git("status", "--porcelain") == "M CHANGELOG.md"
    assert author.git("tag") == "v1.0.0"


def test_what_is_staged_meanwhile_is_not_committed(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Repository.commit

    def late(self: Repository, *arguments: object) -> None:
        author.write("theirs.txt", "x")
        author.git("add", "theirs.txt")
        taken(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Repository, "commit", late)
    assert run(["release"]) == 0
    assert author.git("status", "--porcelain") == "A  theirs.txt"


# Files as they were.


def states(author: GitAuthor) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in author.folder.rglob("*"):
        if ".git" in path.parts:
            continue
        status = path.lstat()
        content = b""
        if path.is_file():
            content = path.read_bytes()
        link = None
        if path.is_symlink():
            link = path.readlink()
        name = path.relative_to(author.folder).as_posix()
        # A folder changes its time when a file in it does.
        time = status.st_mtime_ns * (not path.is_dir())
        found[name] = (status.st_mode, time, content, link)
    return found


@POSIX
def test_files_are_put_back_with_permissions_times_and_links(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release that writes a picture for a tombstone, and then one that deletes it."""
    author.write("cards.md", GONE)
    author.set(retired_releases=1)
    author.commit()
    assert run(["release"]) == 0
    (kept,) = (author.folder / "retired").iterdir()
    author.write("cards.md", GONE.replace("A unit", "One unit"))
    (author.folder / "shared").mkdir()
    (author.folder / "CHANGELOG.md").rename(author.folder / "shared/changes")
    (author.folder / "CHANGELOG.md").symlink_to("shared/changes")
    kept.chmod(0o640)
    (author.folder / "ankipress.toml").chmod(0o600)
    (author.folder / "ankipress.lock").chmod(0o755)
    author.commit()
    for path in author.folder.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (FIRST_RELEASE, FIRST_RELEASE))
    before = states(author)
    with monkeypatch.context() as patch:
        after(patch, "tag", lambda: None)
        assert run(["release"]) == 1
    assert not author.git("tag", "--list", "v2.0.1")
    assert states(author) == before
    assert author.git("status", "--porcelain") == ""
    assert run(["release"]) == 0
    assert not kept.exists()


@POSIX
def test_folders_that_were_made_go(author: GitAuthor, monkeypatch: pytest.MonkeyPatch) -> None:
    author.write("cards.md", GONE)
    author.commit()
    shutil.rmtree(author.folder / "build")
    before = states(author)
    after(monkeypatch, "tag", lambda: None)
    assert run(["release"]) == 1
    assert states(author) == before


def test_a_file_that_cannot_be_deleted_is_an_error(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("cards.md", GONE)
    author.set(retired_releases=1)
    author.commit()
    assert run(["release"]) == 0
    author.write("cards.md", GONE.replace("A unit", "One unit"))
    author.commit()
    before = author.state()

    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent.name == "retired":
            raise PermissionError(1, "Operation not permitted", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert run(["release"]) == 1
    assert re.search(
        r"error\[cannot-write\]: cannot write retired/w-\w+\.png: Operation not permitted",
        capsys.readouterr().err,
    )
    assert author.state() == before


def test_a_file_that_cannot_be_put_back_is_named(
    author: GitAuthor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted", "x")

    after(monkeypatch, "commit", lambda: monkeypatch.setattr(file_states, "write_files", refuse))
    assert run(["release"]) == 1
    shown = capsys.readouterr().err
    assert "ankipress.toml is not as it was: Operation not permitted" in shown
    assert "ankipress.lock is not as it was: Operation not permitted" in shown
    assert "nothing was changed" not in shown
    monkeypatch.undo()
    monkeypatch.chdir(author.folder)
    assert run(["release"]) == 1
    assert "the release v1.0.1 was cut off" in capsys.readouterr().err


@POSIX
@pytest.mark.parametrize("path", ["../outside", "deck/../../outside", "link/outside"])
def test_nothing_outside_is_deleted(path: str, author: GitAuthor) -> None:
    outside = author.folder.parent / "outside"
    outside.write_text("x", encoding="utf-8")
    (author.folder / "deck").mkdir()
    (author.folder / "link").symlink_to("..")
    with pytest.raises(OSError, match="out"):
        door.delete_file(author.folder / path, author.folder)
    state = FileState(author.folder / path, None, None, "", ())
    with pytest.raises(OSError, match="outside"):
        state.put_back(b"x", author.folder)
    assert outside.exists()


# Stopped from outside.


@POSIX
@pytest.mark.kills
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_release_that_is_stopped_while_git_runs(
    number: signal.Signals, status: int, author: GitAuthor
) -> None:
    """Another one can be made at once, or says how to go on; the lock of git is gone."""
    hook = author.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    mark = author.folder.parent / "mark"
    hook.write_text(f"#!/bin/sh\ntouch '{mark}'\nexec sleep 60\n", encoding="utf-8")
    hook.chmod(stat.S_IRWXU)
    before = author.state()
    process = started(author, "--hooks")
    with process:
        wait_for(mark.exists)
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        assert process.wait(30) == status
    hook.unlink()
    if number == signal.SIGKILL:
        (author.folder / ".git/index.lock").unlink(missing_ok=True)
        author.git("stash", "--quiet", "--include-untracked")
    else:
        assert author.state() == before
    assert run(["release"]) == 0
    assert is_whole(author)
