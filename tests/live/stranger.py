"""A project, and what a stranger's Anki says that its notes are: the real `ankipress pull`, with a
deck in place of what it reads, so that a field may hold what no engine of Anki would store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from ankipress.cli import pulling
from ankipress.cli.main import run
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote
from ankipress.importing.readers.sources import SourceOptions, read_source
from ankipress.live.anki_contents import AnkiContents
from ankipress.model import LoadedContent, MediaContent, Record
from author import DAY, FIRST_RELEASE, Author, files_of, lock_of

PULLED = FIRST_RELEASE + 10 * DAY
CARDS = """\
# Body

## What does the heart do?

It pumps [blood].

[blood]: https://blood.example

## What does the lung do?

It takes in air.
"""


@dataclass
class Stranger:
    """Somebody who has what an author built, and says that it is otherwise."""

    folder: Path
    patch: pytest.MonkeyPatch
    files: Mapping[str, str | bytes] = field(default_factory=lambda: {"cards.md": CARDS})
    media: dict[str, bytes] = field(default_factory=dict)
    author: Author = field(init=False)
    deck: ImportedDeck = field(init=False)

    def __post_init__(self) -> None:
        settings = {"name": "deck", "uid": "deck-uid"}
        self.author = Author(self.folder / "deck", self.patch, settings)
        for path, content in self.files.items():
            self.author.write(path, content)
        built = self.author.release("1.0.0")
        self.deck = read_source(built, SourceOptions())

        self._start = (self.deck, files_of(self.author.folder))

    def start_again(self) -> None:
        """Let all be as it was first."""
        self.deck, files = self._start
        for path in files_of(self.author.folder).keys() - files.keys():
            (self.author.folder / path).unlink()
        for path, content in files.items():
            self.author.write(path, content)

    def edit(self, words: str, **values: str) -> str:
        """Say that the fields of a note are others, and give its guid."""
        place = self._place(words)
        return self._change(place, self._with(self.deck.notes[place], values))

    def tag(self, words: str, *tags: str) -> str:
        """Say that the tags of a note are others, and give its guid."""
        place = self._place(words)
        note = self.deck.notes[place]
        return self._change(place, replace(note, tags=tags, mod=PULLED - DAY))

    def _place(self, words: str) -> int:
        [place] = [
            place for place, note in enumerate(self.deck.notes) if words in "".join(note.fields)
        ]
        return place

    def _change(self, place: int, note: ImportedNote) -> str:
        notes = list(self.deck.notes)
        notes[place] = note
        self.deck = replace(self.deck, notes=tuple(notes))
        return note.guid

    def make(self, deck: str, guid: str = "made-there", **values: str) -> str:
        """Say that there is one more note, and give its guid."""
        [first, *_] = self.deck.notes
        names = self.deck.note_types[first.note_type].field_names
        empty = replace(first, guid=guid, note_id=PULLED * 1000, deck=deck, tags=())
        note = self._with(replace(empty, fields=("",) * len(names)), values)
        self.deck = replace(self.deck, notes=(*self.deck.notes, note))
        return guid

    def make_type(self, front: str) -> None:
        """Say that the last note has a note type of its own, with a template that begins so."""
        *notes, note = self.deck.notes
        types = self.deck.note_types
        own = types[note.note_type]
        templates = tuple(replace(each, front=front + each.front) for each in own.templates)
        other = replace(own, id=1, name="Other", templates=templates)
        note = replace(note, note_type=len(types))
        self.deck = replace(self.deck, notes=(*notes, note), note_types=(*types, other))

    def _with(self, note: ImportedNote, values: Mapping[str, str]) -> ImportedNote:
        names = self.deck.note_types[note.note_type].field_names
        fields = {**dict(zip(names, note.fields, strict=True)), **values}
        return replace(note, fields=tuple(fields.values()), mod=PULLED - DAY)

    def pull(self, *words: str) -> int:
        """Let the author pull, and give the exit status."""
        contents = AnkiContents("Anki", self.deck, self._read, is_whole=True)
        self.patch.setattr(pulling, "contents_of", lambda *_: contents)
        self.patch.chdir(self.author.folder)
        self.patch.setenv("SOURCE_DATE_EPOCH", str(PULLED))
        return run(["pull", "there.apkg", *(words or ("--yes",))])

    def build(self) -> None:
        """Let the author build."""
        self.patch.setenv("SOURCE_DATE_EPOCH", str(PULLED + DAY))
        assert run(["build"]) == 0

    def text(self, path: str = "cards.md") -> str:
        """The text of a file of the project."""
        return (self.author.folder / path).read_bytes().decode()

    def records(self) -> Mapping[str, Record]:
        """The records in the lock."""
        return {each.guid: each for each in lock_of(self.author.folder).records}

    def _read(self, names: object) -> Mapping[str, MediaContent]:
        return {name: LoadedContent(data) for name, data in self.media.items()}
