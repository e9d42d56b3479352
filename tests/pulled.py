"""A project whose notes are edited in a real Anki, and what comes back of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from anki_edits import PICTURE, SOUND, LearnersNote, NoteEdit
from author import picture
from learner import Learner
from pages import ROOT

_FAILURES_LIKE_ONE = 8
_OWN_FILES = frozenset(
    ("ankipress.toml", "pyproject.toml", "ankipress.lock", "media", "notetypes", "fonts")
)


def own_project(source: Path, folder: Path, shape: str = "") -> Path:
    """A copy of what makes a project: of a folder with settings, of a file of cards alone, of a
    folder of such files, or of a package that is imported. A file of another `shape` gets settings.
    """
    folder.mkdir(parents=True)
    if source.suffix in {".apkg", ".colpkg"}:
        ankipress(folder, "import", str(source), "deck", "--keep-html")
        return folder / "deck"
    if source.is_file():
        shutil.copyfile(source, folder / source.name)
        if (source.parent / "media").is_dir():
            shutil.copytree(source.parent / "media", folder / "media")
        if not shape:
            return folder / source.name
        ankipress(folder, "init", "--yes", "--shape", shape)
        return folder
    settings = ("ankipress.toml", "pyproject.toml")
    if not any((source / name).is_file() for name in settings):
        shutil.copytree(source, folder / source.name)
        ankipress(folder / source.name, "init", "--yes")
        return folder / source.name
    for each in sorted(source.iterdir()):
        if each.name in _OWN_FILES or each.suffix == ".md":
            _copy(each, folder / each.name)
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def ankipress(folder: Path, *arguments: str) -> str:
    """Run a command in a folder, and give what it says. Raises CalledProcessError."""
    command = [sys.executable, "-m", "ankipress", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(  # noqa: PLW1510
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise AssertionError(f"{arguments}: {done.stdout}{done.stderr}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """An edit that was made in Anki, and the note before and after it."""

    kind: str
    guid: str
    before: LearnersNote
    after: LearnersNote

    @property
    def fields(self) -> Sequence[str]:
        """The names of the fields that it changed."""
        return [
            name for name, html in self.after.fields.items() if html != self.before.fields[name]
        ]


class EditedAnki:
    """A collection with a package, in which notes are edited."""

    def __init__(self, folder: Path, *packages: Path) -> None:
        self.folder = folder
        if not packages:
            return
        with Learner(folder) as learner:
            for each in packages:
                learner.import_package(each)
            media = learner.collection.media
            media.write_data(PICTURE, picture(200))
            media.write_data(SOUND, b"ID3 a sound")

    def edit(
        self,
        kinds: Mapping[str, NoteEdit],
        most: int,
        random: Random,
        counts: Counter[str],
    ) -> list[MadeEdit]:
        """Edit some notes, each once. Kinds that were made least come first; `counts` tells how
        often each was made so far.
        """
        from anki.collection import Collection  # noqa: PLC0415

        collection = Collection(str(self.folder / "collection.anki2"))
        numbers = list(collection.find_notes(""))
        random.shuffle(numbers)
        made: list[MadeEdit] = []
        for number in numbers:
            if len(made) == most:
                break
            note = collection.get_note(number)
            before = LearnersNote(dict(note.items()), tuple(note.tags))
            found = _edited(before, kinds, random, counts)
            if found is None:
                continue
            kind, after = found
            note.fields = list(after.fields.values())
            note.tags = list(after.tags)
            collection.update_note(note)
            note.load()
            stored = LearnersNote(dict(note.items()), tuple(note.tags))
            made.append(MadeEdit(kind, note.guid, before, stored))
            counts[kind] += 1
        collection.close()
        return made


def _edited(
    note: LearnersNote,
    kinds: Mapping[str, NoteEdit],
    random: Random,
    counts: Counter[str],
) -> tuple[str, LearnersNote] | None:
    """A note after the edit that comes first: one that was seldom made, and seldom failed."""

    def turn(name: str) -> tuple[float, str]:
        return counts[name] + counts[f"no {name}"] / _FAILURES_LIKE_ONE, name

    for name in sorted(kinds, key=turn):
        after = kinds[name](note, random)
        if after is not None and after != note:
            return name, after
        counts[f"no {name}"] += 1
    return None
