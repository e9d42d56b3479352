"""The surroundings in which a command meets a hostile project.

An arena is a folder with a home, a folder for temporary files, files of the user's own that nobody
may touch, a package from the web, and the project of a stranger. It is made once for each process
that tests, and copied for each cell, always to the same place, so that paths can stand in it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ankipress
from author import picture

TOKEN = f"token-{secrets.token_hex(16)}"
"""What stands in files outside the project, and may be shown and written nowhere."""

PROCESSOR_TIME = 20
"""Seconds that a command may compute."""
MEMORY = 1_500_000_000
"""Bytes of addresses that a command may have."""

_SETTINGS = """\
name = "deck"
uid = "deck-of-the-matrix"
version = "1.0.0"
retired = "tombstone"
severity.old-version = "off"
"""
_CARDS = """\
# Deck

## What is a tensor?

An array ![one grey pixel](media/a.png).

## What is 1 + 1?

```python {.run}
print(1 + 1)
```

---

```text
2
```

## What goes?

This.
"""
LAUNCHER = f"""\
import resource
import sys

resource.setrlimit(resource.RLIMIT_CPU, ({PROCESSOR_TIME}, {PROCESSOR_TIME + 2}))
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

from ankipress.__main__ import main

main()
"""
"""The program that starts ankipress as the command `ankipress` does, and with limits."""


class Listener:
    """A server on this computer that counts who connects, and answers with the token."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        body = f"# Fetched\n\n## Fetched\n\n{TOKEN}\n"
        head = f"HTTP/1.0 200 OK\r\nContent-Type: text/markdown\r\nContent-Length: {len(body)}"
        while True:
            connection, _ = self._socket.accept()
            self.connections += 1
            with connection:
                connection.settimeout(1)
                try:
                    connection.recv(10_000)
                    connection.sendall(f"{head}\r\n\r\n{body}".encode())
                except OSError:
                    continue


@dataclass(frozen=True)
class Arena:
    """The place of an arena, and what an attack needs to build a hostile project in it."""

    top: Path
    listener: Listener
    folder: str = "deck"
    is_trusted: bool = False

    @property
    def project(self) -> Path:
        """The project of the stranger, a folder in a folder of the user's projects."""
        return self.top / "work" / self.folder

    @property
    def may_change(self) -> tuple[str, ...]:
        """What is not compared in the arena: the user's own cache, where canaries leave a file, and
        the project, in which each command has rights of its own.
        """
        return ("home/.cache/ankipress", "canaries", f"work/{self.folder}")

    @property
    def outside(self) -> Path:
        """Files of the user's own."""
        return self.top / "outside"

    @property
    def package(self) -> Path:
        """A package from the web: the release 1.0.0 of the deck."""
        return self.top / "downloads" / "old.apkg"

    @property
    def canaries(self) -> Path:
        """The folder in which a file appears for each canary that ran."""
        return self.top / "canaries"

    @property
    def url(self) -> str:
        """An address that nobody may ask for."""
        return f"{self.listener.address}/fetched.md"

    def canary(self, name: str) -> str:
        """A command line that only a victim would run."""
        return shlex.join(["/usr/bin/touch", str(self.canaries / name)])

    def canary_in_python(self, name: str) -> str:
        """A module that nobody may import."""
        return f"open({str(self.canaries / name)!r}, 'w').close()\n"

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the project, in place of whatever is there."""
        place = self.project / path
        remove(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        place.write_bytes(content)

    def add(self, path: str, text: str) -> None:
        """Write at the end of a file of the project."""
        with (self.project / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def link(self, path: str, target: Path | str) -> None:
        """Put a link into the project, in place of whatever is there."""
        place = self.project / path
        remove(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def git(self, *words: str, folder: Path | None = None) -> None:
        """Run git as the stranger did: nothing that the attack has set up runs here."""
        tame = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
        signed = ("-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false")
        subprocess.run(
            ["git", *tame, *signed, *words],
            cwd=folder or self.project,
            env=self.environment(),
            check=True,
            capture_output=True,
            timeout=60,
        )

    def commit(self) -> None:
        """Commit all that the stranger left behind."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=An attack")

    def environment(self) -> Mapping[str, str]:
        """The environment of a command: a user at home in the arena."""
        passed_on = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        return passed_on | {
            "HOME": str(self.top / "home"),
            "XDG_CACHE_HOME": str(self.top / "home" / ".cache"),
            "XDG_CONFIG_HOME": str(self.top / "home" / ".config"),
            "TMPDIR": str(self.top / "tmp"),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": str(Path(ankipress.__file__).parents[1]),
            "SOURCE_DATE_EPOCH": "1800000000",
            **({"ANKIPRESS_TRUST": "1"} if self.is_trusted else {}),
        }

    def launcher(self) -> list[str]:
        """The words that start ankipress with limits on time and memory."""
        return [sys.executable, str(self.top / "bin" / "start.py")]

    def run(self, *words: str) -> None:
        """Run ankipress while nothing is hostile yet. It must succeed."""
        command = [*self.launcher(), *words]
        done = subprocess.run(
            command, cwd=self.project, env=self.environment(), capture_output=True, check=False
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)


def build_arena(arena: Arena) -> None:
    """Make an arena in which nothing is hostile yet: a deck with two releases and a later edit."""
    for name in ("tmp", "canaries", "bin", "downloads", "home/.cache", "home/.config"):
        (arena.top / name).mkdir(parents=True)
    (arena.top / "bin" / "start.py").write_text(LAUNCHER, encoding="utf-8")
    gitconfig = "[user]\nname = Ann\nemail = ann@example.org\n[init]\ndefaultBranch = main\n"
    (arena.top / "home" / ".gitconfig").write_text(gitconfig, encoding="utf-8")
    _build_deck(arena)
    _build_outside(arena)
    # Nothing is remembered: each command reads the hostile project as if for the first time.
    cache = arena.top / "home" / ".cache"
    shutil.rmtree(cache)
    (cache / "ankipress").mkdir(parents=True)


def _build_deck(arena: Arena) -> None:
    arena.project.mkdir(parents=True)
    arena.write("ankipress.toml", _SETTINGS)
    arena.write("cards.md", _CARDS)
    arena.write("media/a.png", picture(3))
    arena.write(".gitignore", "/build/\n")
    arena.git("init", "--quiet")
    arena.commit()
    arena.run("release")
    shutil.copy(arena.project / "build" / "deck-1.0.0.apkg", arena.package)
    cards = _CARDS.partition("## What goes?")[0]
    arena.write("cards.md", cards.replace("An array", "A rank"))
    arena.commit()
    arena.run("release")
    arena.write("cards.md", cards.replace("An array", "An array of numbers"))
    arena.run("build")
    arena.commit()
    shutil.rmtree(arena.project / "build")


def _build_outside(arena: Arena) -> None:
    """Files of the user's own, each such that ankipress would take it where a link leads to it."""
    outside = arena.outside
    (outside / "folder").mkdir(parents=True)
    (outside / "empty").mkdir()
    project = arena.project
    lock = (project / "ankipress.lock").read_text(encoding="utf-8")
    texts = {
        "secret.txt": f"{TOKEN}\n",
        "secret.md": f"# Secret\n\n## What is secret?\n\n{TOKEN}\n",
        "secret.toml": _SETTINGS + f'description = "{TOKEN}"\ndeck_prefix = "{TOKEN}"\n',
        "secret.lock": lock.replace("What is a tensor?", f"What is {TOKEN}?"),
        "secret.retired": (project / "ankipress.retired")
        .read_text(encoding="utf-8")
        .replace("This.", TOKEN),
        "secret-changelog.md": f"# Changelog\n\n## 2.0.0 - 2026-11-30\n\n- {TOKEN}\n",
        "index.html": "<p>A page of the user's own\n",
        "folder/kept.txt": "kept\n",
    }
    for name, text in texts.items():
        (outside / name).write_text(text, encoding="utf-8")
    (outside / "secret.png").write_bytes(picture(200) + TOKEN.encode())
    note_type = outside / "notetype"
    note_type.mkdir()
    (note_type / "notetype.toml").write_text('fields = ["Front", "Back"]\n', encoding="utf-8")
    (note_type / "Card.front.html").write_text(f"{{{{Front}}}} {TOKEN}\n", encoding="utf-8")
    (note_type / "Card.back.html").write_text("{{Back}}\n", encoding="utf-8")


def remove(place: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def snapshot(top: Path, without: tuple[str, ...] = ()) -> dict[str, str]:
    """What there is in a folder, links not followed: kind, permissions, time and content by path.

    Folders named in `without` are left out with all that is in them.
    """
    found = {}
    for path in _all_below(top, without):
        status = path.lstat()
        what = stat.filemode(status.st_mode)
        # A folder whose file was written and deleted again is as it was.
        if not stat.S_ISDIR(status.st_mode):
            what += f" {status.st_mtime_ns}"
        if stat.S_ISLNK(status.st_mode):
            what += f" {path.readlink()}"
        elif stat.S_ISREG(status.st_mode):
            what += f" {_digest(path)}"
        found[os.fspath(path.relative_to(top))] = what
    return found


def _all_below(top: Path, without: tuple[str, ...]) -> Iterator[Path]:
    left_out = {top / name for name in without}
    for name, folders, files in os.walk(top):
        folder = Path(name)
        folders[:] = [each for each in folders if folder / each not in left_out]
        yield folder
        yield from (folder / each for each in files)
        yield from (folder / each for each in folders if (folder / each).is_symlink())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The paths at which two snapshots differ, sorted."""
    paths = before.keys() | after.keys()
    return tuple(sorted(path for path in paths if before.get(path) != after.get(path)))
