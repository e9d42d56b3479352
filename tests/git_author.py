"""An author whose project is a git repository of its own, which no configuration of the machine
reaches.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from author import FIRST_RELEASE, Author


class GitAuthor(Author):
    """Commits, and releases with `ankipress release`."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, object]
    ) -> None:
        super().__init__(folder, monkeypatch, settings)
        empty = folder.parent / "no-config"
        empty.write_text("", encoding="utf-8")
        environment = {
            "GIT_CONFIG_GLOBAL": str(empty),
            "GIT_CONFIG_SYSTEM": str(empty),
            **{
                f"GIT_{who}_{what}": value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "Ann"), ("EMAIL", "a@b.c"))
            },
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder)
        self.at(FIRST_RELEASE)
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(".gitignore", "/build/\n")
        self.set(**settings)

    def at(self, time: int) -> None:
        """Let it be this second, since 1970."""
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(time))

    def git(self, *words: str) -> str:
        """What git says."""
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        )
        return done.stdout.strip()

    def commit(self, message: str = "Edit") -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", f"--message={message}")

    def state(self) -> tuple[object, ...]:
        """All that a release may change: commit, tags, index, and every file but git's own."""
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not {".git", ".cache"} & set(path.parts)
        }
        return (
            self.git("rev-parse", "HEAD"),
            self.git("tag"),
            self.git("status", "--porcelain"),
            files,
        )
