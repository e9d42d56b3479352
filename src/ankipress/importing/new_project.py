"""An imported deck → the files of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from ankipress.build.cards import NoMemory, Resources, Run
from ankipress.build.pipeline import Compiled, compile_deck, write_package
from ankipress.identity.ids import make_note_type_id
from ankipress.identity.lock import write_lock
from ankipress.importing.accepted_notes import with_accepted_notes
from ankipress.importing.anki_names import with_anki_names
from ankipress.importing.conversion import Conversion, FileHead, head_text
from ankipress.importing.converted_note import ConvertedNote, Form
from ankipress.importing.import_plan import ImportPlan, notes_by_path, plan_import
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.imported_lock import LockedDeck, lock_imported
from ankipress.importing.imported_media import ImportedMedia, media_of_learners
from ankipress.importing.readers.named_media import named_media
from ankipress.model import Lock, MediaContent, Source
from ankipress.project.deck import Project
from ankipress.project.location import SETTINGS
from ankipress.project.settings import Settings
from ankipress.project.starter_files import starter_files
from ankipress.project.toml_text import toml_text
from ankipress.project.tool_versions import rendering_tools
from ankipress.syntax.plain_html import plain_html

VERSION = "1.0.0"
_EDIT = "Edited."
_LONGEST_DESCRIPTION = 1000  # characters
_TRIES = 3  # to give ids to cards that are not found again by their texts


class RoundMemory:
    """Compiled cards of this import, so that no card is compiled again for the lock."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The values that are known under some keys."""
        return {key: self._values[key] for key in keys if key in self._values}

    def keep(self, values: Mapping[bytes, bytes]) -> None:
        """Remember some values."""
        self._values.update(values)


@dataclass(frozen=True, slots=True)
class TrialRelease:
    """A release that nobody gets, to see what Anki does with it. `guid` is the note that it
    changes, empty where it changes none.
    """

    compiled: Compiled
    guid: str = ""

    @property
    def fields(self) -> Sequence[str]:
        """The fields of that note, as they are packed; none where it has errors."""
        notes = self.compiled.package.notes
        return next((each.fields for each in notes if each.guid == self.guid), ())

    def write(self, file: BinaryIO) -> None:
        """Write the package into an open file."""
        write_package(self.compiled.package, NoMemory(), file)


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """The texts of a project by their paths, its media by their names, and its compiled deck with
    the lock.
    """

    texts: Mapping[str, str]
    media: Mapping[str, MediaContent]
    compiled: Compiled
    lock: Lock


class DeckImport:
    """A deck on its way to a project. First `convert`, then perhaps `keep_html`, then `project`."""

    def __init__(
        self,
        deck: ImportedDeck,
        name: str,
        uid: str,
        run: Run = map,
    ) -> None:
        self.deck = with_type_ids(with_accepted_notes(deck, name), uid)
        self.plan = plan_import(self.deck)
        self.settings = Settings(
            name=name, version=VERSION, uid=uid, description=_description(self.deck)
        )
        self._resources = Resources(RoundMemory(), run)
        names = self.plan.names
        self._files = {names.get(name, name): each for name, each in self.deck.media.items()}
        media = {
            name: each for name, each in media_of_learners(self.deck).items() if name not in names
        }
        self._lock = Lock(uid, self.plan.own_stamps, media=media)
        self._conversion = Conversion(
            self.plan,
            self.settings,
            ImportedMedia(self._files),
            self._lock,
            self._resources,
            heads_of(self.plan),
        )

    @property
    def notes(self) -> Sequence[ConvertedNote]:
        """The notes in their order, as they are written now."""
        return self._conversion.notes

    def counts(self) -> Mapping[Form, int]:
        """The number of notes of each form."""
        return Counter(each.form for each in self.notes)

    def convert(self) -> None:
        """Write all notes as Markdown."""
        self._conversion.start()
        self._conversion.run()

    def keep_html(self) -> None:
        """Keep the HTML of fields of which something would be lost."""
        self._conversion.keep_html()

    def project(self, time: int) -> ImportedProject:
        """The project, compiled, with the lock of what learners have."""
        for note in self.notes:
            if note.note.is_draft:
                self._conversion.give_words(note.number, "draft")
        locked = self._locked(time)
        for _ in range(_TRIES):
            if not locked.unsure:
                break
            self._conversion.give_ids(locked.unsure)
            locked = self._locked(time)
        packed = {each.name for each in locked.compiled.package.media}
        packed |= set(named_media(self.deck.note_types, self.deck.notes))
        names = self.plan.names
        media = {
            names.get(name, name): each for name, each in self.deck.media.items() if name in packed
        }
        used = {name: each for name, each in self._lock.media.items() if not each or name in media}
        lock = replace(locked.lock, media=used)
        texts = {
            **self._cards(),
            **self.plan.note_type_files,
            "ankipress.lock": write_lock(lock),
            SETTINGS: self._settings_text(),
        }
        return ImportedProject(texts, media, locked.compiled, lock)

    def first_release(self, lock: Lock, time: int) -> TrialRelease:
        """The release of the deck as it was imported."""
        return TrialRelease(compile_deck(self._input(lock, self._cards()), time, self._resources))

    def edited_release(self, lock: Lock, time: int) -> TrialRelease:
        """A release in which one card is edited: the first one that learners have and that is all
        Markdown, if any is.
        """
        note = min(self.notes, key=_edited_late)
        texts = self._cards({note.number: f"{note.text}\n\n{_EDIT}"})
        compiled = compile_deck(self._input(lock, texts), time, self._resources)
        return TrialRelease(compiled, note.note.guid)

    def _input(self, lock: Lock, cards: Mapping[str, str]) -> Project:
        return Project(
            self.settings,
            [Source(path, cards[path]) for path in sorted(cards)],
            lock,
            ImportedMedia(self._files),
            note_type_files=self.plan.note_type_files,
            tools=rendering_tools(),
        )

    def _locked(self, time: int) -> LockedDeck:
        project = self._input(self._lock, self._cards())
        packed = (each for each in self.notes if not each.note.is_draft)
        in_order = sorted(packed, key=lambda each: (each.path, each.number))
        locked = lock_imported(
            project,
            [each.note for each in in_order],
            self.plan.types,
            time,
            self._resources,
        )
        unsure = frozenset(in_order[each].number for each in locked.unsure)
        return replace(locked, unsure=unsure)

    def _cards(self, edited: Mapping[int, str] = {}) -> dict[str, str]:
        """The text of each file of cards. `edited` are other texts of some cards, by number."""
        texts = {}
        heads = self._conversion.heads
        for path, numbers in notes_by_path(self.plan, range(len(self.notes))):
            cards = "\n\n".join(edited.get(number, self.notes[number].text) for number in numbers)
            texts[path] = f"{head_text(heads[path])}{cards}\n"
        return texts

    def _settings_text(self) -> str:
        settings = self.settings
        starter = dict(starter_files(settings.name, settings.uid or ""))
        text = starter[SETTINGS].decode()
        if settings.description:
            text += f"description = {toml_text(settings.description)}\n"
        return text


def _edited_late(note: ConvertedNote) -> tuple[bool, Form, bool, int]:
    has_answer = len(note.fields) > 1
    return not note.note.guid or not has_answer, note.form, not note.note.ords, note.number


def _description(deck: ImportedDeck) -> str:
    """What the deck above all others says of itself, as a line of text."""
    for name in sorted(deck.descriptions, key=lambda name: (name.count("::"), name)):
        words = plain_html(deck.descriptions[name])
        if words.isprintable() and len(words) <= _LONGEST_DESCRIPTION:
            return words
    return ""


def with_type_ids(deck: ImportedDeck, uid: str) -> ImportedDeck:
    """A deck whose note types all have an id: one of this project where learners have none; and
    names as Anki corrects them.
    """
    types = []
    for each in map(with_anki_names, deck.note_types):
        if each.id is None:
            types.append(replace(each, id=make_note_type_id(uid, each.name)))
        else:
            types.append(each)
    return replace(deck, note_types=tuple(types))


def heads_of(plan: ImportPlan) -> Mapping[str, FileHead]:
    """What each file says of its cards: the kind that most have, and the tags that all have."""
    heads = {}
    own = {each.key for each in plan.types if each.is_own}
    for path, numbers in notes_by_path(plan, range(len(plan.paths))):
        notes = [plan.deck.notes[number] for number in numbers]
        kinds = Counter(plan.type_of(note).key for note in notes)
        [(kind, _)] = kinds.most_common(1)
        shared = set(notes[0].tags).intersection(*(note.tags for note in notes))
        tags = tuple(tag for tag in notes[0].tags if tag in shared)
        if kind in own:
            kind = ""
        heads[path] = FileHead(notes[0].deck, kind, tags)
    return heads
