"""`make release-artifacts`: the files of a tag of this repository, built again by its own code, to
the byte.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from git_author import GitAuthor
from pages import ROOT

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="NO TAG IS BUILT AGAIN: there is no git"
)


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitAuthor:
    """Who keeps ankipress and a deck in one repository, and has tagged a release of the deck."""
    author = GitAuthor(
        tmp_path / "ankipress", monkeypatch, {"name": "bio", "version": "1.0.0", "uid": "bio-uid"}
    )
    shutil.copytree(
        ROOT / "src", author.folder / "src", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("scripts/release_artifacts.py", "requirements.lock"):
        author.write(name, (ROOT / name).read_bytes())
    author.write("cards.md", "# Cells\n\n## What is a cell?\n\nA unit.\n")
    author.commit()
    assert script(author, ankipress=["release"]).returncode == 0
    return author


def script(
    author: GitAuthor, *words: str, ankipress: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    program = (
        ["-m", "ankipress", *ankipress] if ankipress else ["scripts/release_artifacts.py", *words]
    )
    return subprocess.run(
        [sys.executable, *program], cwd=author.folder, capture_output=True, text=True, check=False
    )


def built(author: GitAuthor) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (author.folder / "build").iterdir()
        if path.is_file()
    }


def test_a_tag_is_built_again_to_the_byte(author: GitAuthor) -> None:
    before = built(author)
    author.write("cards.md", "# Cells\n\n## Something else?\n\nNow.\n")
    author.commit()
    done = script(author, "v1.0.0")
    assert (done.returncode, done.stdout.count(": the same bytes\n")) == (0, 4), done.stderr
    shutil.rmtree(author.folder / "build")
    assert script(author, "v1.0.0").returncode == 0
    assert built(author) == before


def test_other_bytes_are_named(author: GitAuthor) -> None:
    author.write("build/bio-1.0.0.apkg", b"something else")
    done = script(author, "v1.0.0")
    assert done.returncode == 1
    assert "These files in build/ are others than those of the tag: bio-1.0.0.apkg\n" in done.stderr


def test_without_a_tag_the_files_are_those_of_what_is_checked_out(author: GitAuthor) -> None:
    before = built(author)
    shutil.rmtree(author.folder / "build")
    assert script(author).returncode == 0
    assert built(author) == before


@pytest.mark.parametrize(
    ("words", "status"), [(["v9.9.9"], 1), (["--upload-pack=x"], 2), (["a", "b"], 2)]
)
def test_what_is_no_tag(author: GitAuthor, words: list[str], status: int) -> None:
    assert script(author, *words).returncode == status
