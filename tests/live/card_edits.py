"""Cards that are edited as an Anki would have it, for tests of what becomes of their file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.importing.merged.merged_media import MergedFolder
from ankipress.live.editing.card_editing import CardEditor
from ankipress.live.text_edits import with_edits
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from ankipress.model import Lock, MediaContent, Source
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from stages import Files

TIME = 1_700_000_000
Change = Callable[[str], str]


@dataclass
class EditedDeck:
    """A file of cards, and what is wanted of its notes. `media` are files that come with that."""

    text: str
    settings: Settings = field(default_factory=lambda: Settings(name="deck", uid="deck-of-tests"))
    files: Files = field(default_factory=Files)
    note_types: Mapping[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    media: Mapping[str, MediaContent] = field(default_factory=dict)
    path: str = "cards.md"
    _compiled: dict[str, Compiled] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        return Project(
            self.settings,
            (Source(self.path, self.text),),
            self.lock,
            self.files,
            note_type_files=self.note_types,
        )

    def compiled(self, text: str | None = None) -> Compiled:
        """The deck, or the same with another text, compiled once each."""
        shown = self.text if text is None else text
        if shown not in self._compiled:
            sources = (Source(self.path, shown),)
            self._compiled[shown] = compile_deck(replace(self.project, sources=sources), TIME)
        return self._compiled[shown]

    def fields(self, number: int = 0, text: str | None = None) -> dict[str, str]:
        """The fields of a note, by name."""
        compiled = self.compiled(text)
        note = compiled.package.notes[number]
        types = {each.key: each for each in compiled.package.note_types}
        names = types[note.note_type].field_names
        return dict(zip(names, note.fields, strict=True))

    def wanted(self, changes: Mapping[str, Change], number: int = 0) -> WantedNote:
        """A note with some of its fields changed."""
        fields = self.fields(number)
        guid = self.compiled().package.notes[number].guid
        changed = {name: change(fields[name]) for name, change in changes.items()}
        for name, html in changed.items():
            assert html != fields[name], f"nothing was changed in {fields[name]!r}"
        return WantedNote(guid, changed)

    def edit(self, wanted: WantedNote) -> CardEdit | UnwrittenEdit:
        """What the editor makes of a note."""
        project = self.project
        names = {name: each.digest for name, each in self.media.items()}
        lock = replace(self.lock, media={**self.lock.media, **names})
        project = replace(project, lock=lock, media=MergedFolder(project.media, self.media))
        return CardEditor(project, self.compiled()).edit(wanted)

    def edited(self, wanted: WantedNote) -> str:
        """The file after an edit that can be written."""
        edit = self.edit(wanted)
        assert isinstance(edit, CardEdit), edit
        return with_edits(self.text, edit.edits)


def swap(old: str, new: str) -> Change:
    """The change of some HTML that stands in a field once."""

    def change(html: str) -> str:
        assert html.count(old) == 1, f"{old!r} stands {html.count(old)} times in {html!r}"
        return html.replace(old, new)

    return change


def filled(html: str) -> Change:
    """The change of all of a field."""

    def change(before: str) -> str:
        assert before != html
        return html

    return change
