"""The files of a commit in another place: those of Git LFS, of strangers, and what is left."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from ankipress.project.checkout import checked_out
from ankipress.project.git import commit_of
from ankipress.project.git_program import GitError
from ankipress.project.temporary import temporary_folder
from author import files_of, picture
from git_author import GitAuthor

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="NO REVISION IS CHECKED OUT: there is no git"
)
POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="signals, links and permissions are those of POSIX"
)


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    author = GitAuthor(tmp_path / "bio", monkeypatch, {"name": "bio"})
    author.write("cards.md", "## A?\n\nB\n")
    author.commit("Begin")
    return author


def at_head(author: GitAuthor, folder: str = ".") -> dict[str, bytes]:
    """The files of the project at the last commit."""
    with checked_out(author.folder / folder, commit_of(author.folder, "HEAD")) as copy:
        assert copy.resolve().name == (author.folder / folder).resolve().name
        return files_of(copy)


def tree(author: GitAuthor, *entries: tuple[str, str, str]) -> str:
    """A tree that git would not make: of each entry the mode, the name and the object."""
    content = b"".join(
        f"{mode} {name}\0".encode() + bytes.fromhex(found) for mode, name, found in entries
    )
    words = ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"]
    done = subprocess.run(words, cwd=author.folder, input=content, check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit_tree(author: GitAuthor, name: str) -> str:
    return author.git("commit-tree", "-m", "x", name)


def blob(author: GitAuthor, content: bytes) -> str:
    words = ["git", "hash-object", "-w", "--stdin"]
    done = subprocess.run(words, cwd=author.folder, input=content, check=True, capture_output=True)
    return done.stdout.decode().strip()


def test_the_files_are_those_of_the_commit(author: GitAuthor) -> None:
    author.write("media/a b\nc.png", picture(1))
    author.commit()
    author.write("cards.md", "other")
    assert at_head(author)["cards.md"] == b"## A?\n\nB\n"
    assert at_head(author)["media/a b\nc.png"] == picture(1)
    assert at_head(author, "media") == {"a b\nc.png": picture(1)}


@pytest.mark.parametrize(
    ("attributes", "settings", "expected"),
    [
        pytest.param("", {}, b"a\nb\n", id="none"),
        pytest.param("*.svg text eol=crlf", {}, b"a\r\nb\r\n", id="attributes"),
        pytest.param("", {"core.autocrlf": "true"}, b"a\r\nb\r\n", id="the user's own"),
    ],
)
def test_line_ends_are_those_of_the_users_own_checkout(
    attributes: str, settings: dict[str, str], expected: bytes, author: GitAuthor
) -> None:
    author.write(".gitattributes", attributes)
    author.write("deck/a.svg", "a\nb\n")
    author.commit()
    for key, value in settings.items():
        author.git("config", key, value)
    assert at_head(author)["deck/a.svg"] == expected
    assert at_head(author, "deck")["a.svg"] == expected


def test_objects_that_are_named_by_sha256(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = GitAuthor(tmp_path / "bio", monkeypatch, {"name": "bio"})
    shutil.rmtree(author.folder / ".git")
    author.git("init", "--quiet", "--object-format=sha256")
    author.commit("Begin")
    assert "ankipress.toml" in at_head(author)


# Git LFS.


def pointer(content: bytes) -> bytes:
    digest = sha256(content).hexdigest()
    head = "version https://git-lfs.github.com/spec/v1"
    return f"{head}\noid sha256:{digest}\nsize {len(content)}\n".encode()


def fetched(author: GitAuthor, content: bytes) -> Path:
    """Where Git LFS keeps a file."""
    name = sha256(content).hexdigest()
    path = author.folder / ".git/lfs/objects" / name[:2] / name[2:4] / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_files_of_git_lfs_are_put_in_the_place_of_their_pointers(author: GitAuthor) -> None:
    author.write("media/a.png", pointer(picture(1)))
    author.write("media/b.psd", pointer(b"not fetched"))
    author.commit()
    fetched(author, picture(1))
    found = at_head(author)
    assert found["media/a.png"] == picture(1)
    assert found["media/b.psd"] == pointer(b"not fetched")


@POSIX
@pytest.mark.parametrize("there", ["nothing", "another", "longer", "a link", "a pipe"])
def test_a_file_of_git_lfs_that_is_not_there(there: str, author: GitAuthor) -> None:
    author.write("media/a.png", pointer(picture(1)))
    author.commit()
    path = fetched(author, picture(1))
    path.unlink()
    outside = author.folder.parent / "outside"
    outside.write_bytes(picture(1))
    if there == "another":
        path.write_bytes(picture(2))
    elif there == "longer":
        path.write_bytes(picture(1) + b"more")
    elif there == "a link":
        path.symlink_to(outside)
    elif there == "a pipe":
        os.mkfifo(path)
    with pytest.raises(GitError, match=r"media/a\.png .* not on this machine") as found:
        at_head(author)
    assert found.value.help == "`git lfs fetch --all` fetches the files of all revisions"


# Strangers.


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("40000", ".."),
        ("40000", "."),
        ("40000", ".git"),
        ("40000", ".GIT"),
        ("100644", ".git"),
        ("100644", "../x"),
        ("100644", "/tmp/x"),
        ("100644", ""),
        ("160000", ".."),
    ],
)
def test_paths_that_lead_out_of_the_place(mode: str, name: str, author: GitAuthor) -> None:
    inner = blob(author, b"x")
    if mode == "40000":
        inner = tree(author, ("100644", "x", inner))
    commit = commit_tree(author, tree(author, (mode, name, inner)))
    before = sorted(author.folder.parent.rglob("*"))
    with suppress(GitError), checked_out(author.folder, commit) as copy:
        assert files_of(copy) == {}
    assert sorted(author.folder.parent.rglob("*")) == before


@POSIX
def test_a_folder_that_is_a_link_too(author: GitAuthor) -> None:
    outside = author.folder.parent / "outside"
    outside.mkdir()
    link = blob(author, str(outside).encode())
    inner = tree(author, ("100644", "x", blob(author, b"x")))
    commit = commit_tree(author, tree(author, ("120000", "a", link), ("40000", "a", inner)))
    with suppress(GitError), checked_out(author.folder, commit):
        pass
    assert list(outside.iterdir()) == []


@POSIX
def test_links_that_lead_out_are_left_out(author: GitAuthor) -> None:
    (author.folder.parent / "secret").write_text("x", encoding="utf-8")
    for number, target in enumerate(["/etc/passwd", "../secret", "../../../../x", "up/secret"]):
        (author.folder / f"out{number}.md").symlink_to(target)
    (author.folder / "up").symlink_to("..")
    (author.folder / "in.md").symlink_to("cards.md")
    author.commit()
    with checked_out(author.folder, commit_of(author.folder, "HEAD")) as copy:
        assert sorted(os.listdir(copy)) == [".gitignore", "ankipress.toml", "cards.md", "in.md"]


def test_a_commit_with_more_files_than_any_disk(author: GitAuthor) -> None:
    """Ten trees in each other, each with ten times the one below: ten thousand million files."""
    inner = blob(author, b"x")
    mode = "100644"
    for _ in range(10):
        entries = [(mode, f"f{number}", inner) for number in range(10)]
        inner = tree(author, *entries)
        mode = "40000"
    commit = commit_tree(author, inner)
    with pytest.raises(GitError, match=r"too many or too large|more than"):
        checked_out(author.folder, commit).__enter__()


@pytest.mark.parametrize("limit", ["_MOST_BYTES", "_MOST_FILES"])
def test_files_that_are_too_many_or_too_large(
    limit: str, author: GitAuthor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"ankipress.project.checkout.{limit}", 1)
    with pytest.raises(GitError, match=r"too many or too large|more than"):
        at_head(author)


# What is left.


def base() -> Path:
    with temporary_folder() as folder:
        return folder.parent


@POSIX
def test_nobody_else_can_read_the_files() -> None:
    with temporary_folder() as folder:
        for each in (folder, folder.parent):
            assert stat.S_IMODE(each.stat().st_mode) == stat.S_IRWXU
    assert not folder.exists()


@POSIX
def test_what_a_killed_process_left_goes_and_what_is_used_stays() -> None:
    program = (
        "from ankipress.project.temporary import temporary_folder\n"
        "import sys, time\n"
        "with temporary_folder() as folder:\n"
        "    (folder / 'x').touch()\n"
        "    print(folder, flush=True)\n"
        "    time.sleep(60)\n"
    )

    def started() -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    (killed, left), (living, used) = started(), started()
    with killed, living:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert (left / "x").exists()
        assert left.parent == base()
        assert not left.exists()
        assert (used / "x").exists()
        living.send_signal(signal.SIGINT)
    assert not used.exists()


def test_without_a_cache_folder_the_systems_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    for name in ("XDG_CACHE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    with temporary_folder() as folder:
        assert folder.is_dir()
        assert not folder.is_relative_to(tmp_path / "file")
    assert not folder.exists()
