"""Every command that writes, as a table: the project in which it has something to write, and its
words. Kills and pairs of commands go through the table.

A new command is a row in `WRITING`, or a name in `WRITES_NOTHING`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from author import DAY, FIRST_RELEASE, picture
from packages import edited_package, members_of

WRITES_NOTHING = frozenset({"config", "diff", "explain", "list", "serve", "verify"})
"""The commands that write nothing into a project."""

WRITES_NEW_FOLDERS = frozenset({"import"})
"""Commands that write a folder of their own, with a uid that is drawn by chance, so that no two
runs give the same: `tests/importing/test_killed_import.py` kills them.
"""

_SETTINGS = 'name = "deck"\nversion = "1.0.0"\nuid = "deck-of-writers"\nretired = "tombstone"\n'
# The lock of a file that was built without settings. `ankipress init` takes the uid from it, and
# would draw one by chance.
_LOCK = '{"ankipress":4,"uid":"deck-of-writers","note_types":{},"tools":{}}\n'
_CARDS = """\
# Body

## What does the heart do? {#heart}

It pumps blood.

## What does the lung do? {#lung}

It takes in air.

## How many chambers has a heart?

Four: ![chambers](media/chambers.png)

## What is a valve?

It lets blood through in one direction.

## What is an artery?

It leads away from the heart.
"""
_MORE = """\
# More

## What is a vein?

It leads to the heart.

## What is a capillary?

The smallest vessel.
"""
_FILES: Mapping[str, str | bytes] = {
    ".gitignore": "/build/\n",
    "ankipress.toml": _SETTINGS,
    "cards.md": _CARDS,
    "cards/more.md": _MORE,
    "media/chambers.png": picture(1),
}
_PEOPLE = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ann"), ("EMAIL", "a@b.c"), ("DATE", "1700000000 +0000"))
}
_TEMPORARY = re.compile(r"\..*\.tmp")
_UNFINISHED = ("index.lock", "HEAD.lock")  # in git's own folder


@dataclass(frozen=True)
class Place:
    """A folder for a project, with a folder for temporary files and one for caches beside it."""

    folder: Path

    @property
    def project(self) -> Path:
        """Where the project is."""
        return self.folder / "deck"

    @property
    def config(self) -> Path:
        """Where the user's own settings are."""
        return self.folder / "config"

    @property
    def temporary(self) -> Path:
        """What the commands take for the system's folder for temporary files."""
        return self.folder / "tmp"

    def environment(self) -> dict[str, str]:
        """The environment of the commands: the same time, people and settings of git in each run,
        so that the same commands give the same bytes and commits.
        """
        return {
            **os.environ,
            **_PEOPLE,
            "SOURCE_DATE_EPOCH": str(FIRST_RELEASE + DAY),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_CONFIG_HOME": str(self.config),
            "TMPDIR": str(self.temporary),
        }

    def run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command of ankipress in the project, to its end."""
        return self.program([sys.executable, "-m", "ankipress", *words])

    def git(self, *words: str) -> str:
        """What git says."""
        done = self.program(["git", *words])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def program(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a program in the project, to its end."""
        return subprocess.run(
            words,
            cwd=self.project,
            env=self.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the project."""
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, path: str, old: str, new: str) -> None:
        """Write a text in the place of another one, which is there once."""
        text = self.read(path)
        assert text.count(old) == 1, (path, old)
        self.write(path, text.replace(old, new))

    def add(self, path: str, text: str) -> None:
        """Write a text at the end of a file."""
        self.write(path, self.read(path) + text)

    def read(self, path: str) -> str:
        """The text of a file of the project, empty where it is not there."""
        file = self.project / path
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def copy_to(self, folder: Path) -> Place:
        """The same in another folder, whatever is there."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, symlinks=True)
        return Place(folder)

    def state(self) -> State:
        """All that a command may change."""
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for folder in (self.project, self.config)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(folder).parts
        }
        if not (self.project / ".git").exists():
            return State(files)
        names = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        refs = dict(name.split() for name in names)
        refs.pop("refs/stash", None)
        return State(files, refs, self.git("ls-files", "--stage"))

    def leftovers(self) -> list[str]:
        """What only a command that runs has: in the project, in git's folder for it, in the user's
        settings and cache, and in the folder for temporary files.
        """
        return [
            *_temporary_files(self.project),
            *_temporary_files(self.config),
            *(name for name in _UNFINISHED if (self.project / ".git" / name).exists()),
            *(path.name for path in self.temporary.iterdir()),
            *(path.name for path in self.folder.glob("cache/ankipress/temporary/*")),
        ]


@dataclass(frozen=True)
class State:
    """What is in a place: the contents of the files of the project and of the user's settings by
    path, the objects of the branches and tags by name, and the index of git.
    """

    files: Mapping[str, bytes]
    refs: Mapping[str, str] | None = None
    index: str = ""

    def difference(self, other: State) -> str:
        """The names of what differs."""
        names = [name for name in {**self.files, **other.files} if self.differs(other, name)]
        names += ["refs"] * (self.refs != other.refs) + ["index"] * (self.index != other.index)
        return ", ".join(sorted(names))

    def differs(self, other: State, path: str) -> bool:
        """Whether a file differs."""
        return self.files.get(path) != other.files.get(path)


def is_temporary(path: str) -> bool:
    """Whether a path of a project is one that only a command that runs has."""
    return any(map(_TEMPORARY.fullmatch, path.split("/")))


def _temporary_files(folder: Path) -> Iterator[str]:
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return filter(is_temporary, paths)


@dataclass(frozen=True)
class Writing:
    """A command that writes.

    `prepare` edits the project of `_released` so that the command has something to write; the
    edits of several commands do not touch each other. `words` are asked for when all is prepared.
    `halves` are calls that each do a part of what the command does, where it may stop between.
    """

    name: str
    words: Callable[[Place], Sequence[str]]
    prepare: Callable[[Place], None]
    halves: Callable[[Place], Sequence[Sequence[str]]] = lambda _: ()
    is_new: bool = False
    """Whether there is no project before, only a lock."""
    is_all_or_nothing: bool = False
    """Whether an interruption leaves all as before."""

    @property
    def command(self) -> str:
        """The name of the command."""
        return self.name.split()[0]


def _always(*words: str) -> Callable[[Place], Sequence[str]]:
    return lambda _: words


def _edit_answers(place: Place) -> None:
    place.replace("cards.md", "in one direction.", "in one direction alone.")
    place.add("cards/more.md", "\n## What is plasma?\n\nBlood without cells.\n")


def _add_a_card(place: Place) -> None:
    place.add("cards/more.md", "\n## What is lymph?\n\nA fluid without red cells.\n")


def _nothing(_: Place) -> None:
    pass


def _rename_ids(place: Place) -> None:
    """Two cards get other ids: it is certain that nobody but their author can tell."""
    place.replace("cards.md", "{#heart}", "{#cor}")
    place.replace("cards.md", "{#lung}", "{#pulmo}")


def _decisions(place: Place) -> Sequence[str]:
    same = f"cards.md:{_line(place, '{#cor}')}={_guid(place, 'heart')}"
    return ("ids", "--same", same, "--new", f"cards.md:{_line(place, '{#pulmo}')}")


def _one_decision(place: Place) -> Sequence[Sequence[str]]:
    return [_decisions(place)[:3]]


def _line(place: Place, word: str) -> int:
    lines = place.read("cards.md").splitlines()
    return next((number for number, line in enumerate(lines, 1) if word in line), 1)


def _guid(place: Place, id: str) -> str:
    records = map(json.loads, place.read("ankipress.lock").splitlines()[1:])
    return next((str(each["guid"]) for each in records if each.get("id") == id), "gone")


def _misspell(place: Place) -> None:
    for path in ("cards.md", "cards/more.md"):
        place.add(path, f"\n## Gaps of {path}\n\nThere are {{{{c1:two}}}} of them.\n")


def _make_stale_site(place: Place) -> None:
    place.write("build/site/.ankipress-site", b"")
    place.write("build/site/index.html", "stale")
    place.write("build/site/cards/gone.html", "stale")


def _lose_records(place: Place) -> None:
    lines = place.read("ankipress.lock").splitlines(keepends=True)
    place.write("ankipress.lock", "".join([*lines[:2], *lines[4:]]))


def _run_code(place: Place) -> None:
    place.add("cards/more.md", "\n## What does it print?\n\n```python {.run}\nprint(1)\n```\n")


def _make_stale_artifacts(place: Place) -> None:
    place.write("build/manifest.json", "stale")
    (place.project / "build" / "SHA256SUMS").unlink()


def _edit_for_release(place: Place) -> None:
    """A card with a picture goes, which makes a tombstone, and another one comes."""
    text = place.read("cards.md")
    start = text.index("## How many chambers")
    end = text.index("## What is a valve?")
    place.write("cards.md", text[:start] + text[end:])
    (place.project / "media" / "chambers.png").unlink()
    place.add("cards.md", "\n## What is the aorta?\n\nThe largest artery.\n")


_MADE_NOTE = """
INSERT INTO notes
SELECT 1700000000123, 'made', mid, mod, usn, tags,
    replace(replace(flds, guid, ''), 'valve', 'door'), 'door', csum, flags, data
FROM notes WHERE flds LIKE '%valve%'
"""
_MADE_CARD = """
INSERT INTO cards
SELECT 1700000000124, 1700000000123, did, ord, cards.mod, cards.usn, type, queue, due, ivl, factor,
    reps, lapses, left, odue, odid, cards.flags, cards.data
FROM cards JOIN notes ON nid = notes.id WHERE flds LIKE '%valve%' AND guid != 'made'
"""


def _correct_in_anki(place: Place) -> None:
    """The package as somebody exports it who has corrected two notes in Anki, in one of them by a
    picture, and made one.
    """
    package = (place.folder / "learned.apkg").read_bytes()
    statements = (
        "UPDATE notes SET mod = mod + 9, flds = replace(flds, 'pumps blood', 'pumps all blood')",
        "UPDATE notes SET flds = replace(flds, 'The smallest vessel', '<img src=\"new.png\">')",
        _MADE_NOTE,
        _MADE_CARD,
    )
    edited = edited_package(
        package,
        lambda database: [database.execute(each) for each in statements],
        {"9": picture(9), "media": _listing(package)},
    )
    (place.folder / "corrected.apkg").write_bytes(edited)


def _listing(package: bytes) -> bytes:
    """The list of the media of a package, with one more."""
    files = json.loads(members_of(package)["media"])
    return json.dumps({**files, "9": "new.png"}).encode()


WRITING = (
    Writing("build", _always("build"), _edit_answers),
    Writing("ids --write", _always("ids", "--write"), _nothing),
    Writing("ids --same --new", _decisions, _rename_ids, _one_decision),
    Writing("check --fix", _always("check", "--fix"), _misspell),
    Writing("site", _always("site"), _make_stale_site),
    Writing("push", _always("push"), _add_a_card),
    Writing("recover", _always("recover", "../learned.apkg"), _lose_records),
    Writing("pull", _always("pull", "../corrected.apkg", "--yes"), _correct_in_anki),
    Writing(
        "pull --branch",
        _always("pull", "../corrected.apkg", "--yes", "--branch", "corrections"),
        _correct_in_anki,
    ),
    Writing("init", _always("init"), _nothing, is_new=True),
    Writing("init --github", _always("init", "--github", "--action", "a/b@v1.0.0"), _nothing),
    Writing("trust", _always("trust", "--yes"), _run_code),
    Writing("export", _always("export", "--crowdanki"), _nothing),
    Writing("artifacts", _always("artifacts"), _make_stale_artifacts),
    Writing(
        "release",
        _always("release"),
        _edit_for_release,
        is_all_or_nothing=True,
    ),
)
"""The commands that write, each with all that it can write."""


@cache
def _released(folder: Path) -> Place:
    """A deck that was released once, in a folder that tests share: nothing is written there any
    more.
    """
    place = Place(folder / "released")
    place.temporary.mkdir(parents=True)
    for path, content in _FILES.items():
        place.write(path, content)
    place.git("init", "--quiet", "--initial-branch=main")
    _commit(place)
    done = place.run(["release"])
    assert done.returncode == 0, done.stderr
    package = place.project / "build" / "deck-1.0.0.apkg"
    shutil.copy(package, place.folder / "learned.apkg")
    shutil.rmtree(place.folder / "cache", ignore_errors=True)
    return place


def _commit(place: Place) -> None:
    place.git("add", "--all")
    place.git("commit", "--quiet", "--allow-empty", "--message=Edit")


def prepared(commands: Iterable[Writing], folder: Path, shared: Path) -> Place:
    """A new project in which each of these commands has something to write, all committed."""
    several = list(dict.fromkeys(commands))
    if any(each.is_new for each in several):
        shutil.rmtree(folder, ignore_errors=True)
        place = Place(folder)
        place.write("ankipress.lock", _LOCK)
        place.temporary.mkdir()
        return place
    place = _released(shared).copy_to(folder)
    for each in several:
        each.prepare(place)
    _commit(place)
    return place
