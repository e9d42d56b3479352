"""An author of a deck, and a user who has it in the real Anki: both edit it, and it is pulled."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE, Author, picture
from learner import Learner

PULLED = FIRST_RELEASE + 10 * DAY
CARDS = """\
# Body

## What does the heart do? {.organ}

It pumps *blood*, all of it.

- day
- night

## What does the lung do?

It takes in air.

## Chambers

The heart has {{c1::four}} chambers.

## What shows this?

![a heart](media/heart.png)
"""


class User(Learner):
    """Somebody who studies a deck, and edits its notes in Anki. Every edit has a time of its own,
    as the project has.
    """

    edited = FIRST_RELEASE + 5 * DAY

    def edit(self, beginning: str, **values: str) -> str:
        """Write fields of a note, and give its guid."""
        guid = self.guid(beginning)
        note = self.collection.get_note(self._note_id(guid))
        for name, html in values.items():
            note[name] = html
        self.collection.update_note(note)
        self._at(guid)
        return guid

    def set_tags(self, beginning: str, *tags: str) -> None:
        """Write the tags of a note."""
        note = self.collection.get_note(self._note_id(self.guid(beginning)))
        note.tags = list(tags)
        self.collection.update_note(note)
        self._at(note.guid)

    def add(self, note_type: str, deck: str, **values: str) -> str:
        """Make a note, and give its guid."""
        models = self.collection.models
        names = [each.name for each in models.all_names_and_ids()]
        name = next((each for each in names if each == note_type), "")
        name = name or next(each for each in names if note_type in each)
        note = self.collection.new_note(cast("Any", models.by_name(name)))
        for key, html in values.items():
            note[key] = html
        self.collection.add_note(note, cast("Any", self.collection.decks.id(deck)))
        self._at(note.guid)
        return str(note.guid)

    def add_field(self, guid: str, name: str) -> None:
        """Add a field to the note type of a note."""
        models = self.collection.models
        model = models.get(cast("Any", self.notes()[guid].note_type))
        assert model
        models.add_field(model, models.new_field(name))
        models.update_dict(model)
        self._at(guid)

    def delete(self, beginning: str) -> None:
        """Delete a note."""
        self.collection.remove_notes([cast("Any", self._note_id(self.guid(beginning)))])

    def _at(self, guid: str) -> None:
        assert self.collection.db
        self.collection.db.execute("UPDATE notes SET mod = ? WHERE guid = ?", self.edited, guid)


@dataclass
class Both:
    """An author whose deck a user has, both of whom edit it."""

    folder: Path
    patch: pytest.MonkeyPatch
    author: Author = field(init=False)
    built: Path = field(init=False)

    def __post_init__(self) -> None:
        self.author = Author(self.folder / "deck", self.patch, {"name": "deck", "uid": "deck-uid"})

    def build(self, files: Mapping[str, str | bytes]) -> None:
        """Build the first version, which the user imports."""
        for path, content in files.items():
            self.author.write(path, content)
        self.built = self.author.release("1.0.0")
        self.patch.setenv("SOURCE_DATE_EPOCH", str(PULLED))

    @property
    def collection(self) -> Path:
        """The collection of the user, which is closed."""
        return self.folder / "user" / "collection.anki2"

    def user(self) -> User:
        """The user, who has the deck."""
        user = User(self.folder / "user")
        user.import_package(self.built)
        return user

    def text(self, path: str = "cards.md") -> str:
        """The text of a file of the project, with its line ends."""
        return (self.author.folder / path).read_bytes().decode()

    def replace(self, old: str, new: str, path: str = "cards.md") -> None:
        """Edit a source."""
        text = self.text(path)
        assert text.count(old) == 1, (path, old)
        self.author.write(path, text.replace(old, new))

    def pull(self, *words: str, source: Path | str | None = None, status: int = 0) -> None:
        """Pull, in the folder of the project."""
        self.patch.chdir(self.author.folder)
        words = ("pull", str(source or self.collection), *words)
        assert run(list(words)) == status

    def build_again(self, version: str = "1.1.0", at: int = PULLED + DAY) -> Path:
        """The next version."""
        return self.author.release(version, at=at)


FILES: Mapping[str, str | bytes] = {"cards.md": CARDS, "media/heart.png": picture(1)}


def git(folder: Path, *words: str) -> str:
    """What git says."""
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.stdout
