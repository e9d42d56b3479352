"""What an imported deck becomes: a file for each deck, and a kind of card for each note type."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from ankipress.diagnostics import Diagnostic, Severity
from ankipress.importing.deck_files import files_of_decks
from ankipress.importing.fields.field_markdown import best_mode
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote, ImportedType
from ankipress.importing.note_type_files import folder_keys, note_type_files
from ankipress.importing.own.own_media import readable_names
from ankipress.importing.own.own_types import own_keys, own_stamps
from ankipress.importing.readers.source_error import SourceError
from ankipress.media.own_names import MEDIA
from ankipress.model import CustomType, NoteTypeStamp, TextMode
from ankipress.notetypes.custom_types import read_custom

_NO_TEXT = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)|\Z)|<[a-zA-Z][^>]*", re.DOTALL | re.IGNORECASE
)
_FIELD = re.compile(r"\{\{([^{}#^/][^{}]*)\}\}")
# Note types that Anki has from the start ask with the first field and answer with the second.
_QUESTION_AND_ANSWER = 2  # fields


@dataclass(frozen=True, slots=True)
class PlannedType:
    """A note type: the kind of its cards, and how its fields are written.

    One that `is_own` is ankipress's own, and no folder describes it; all others are adopted.
    `second_is_answer` tells that the second field stands below the heading, without its name. The
    notes of one that `is_made` were typed in Anki's editor, though ankipress made their note type.
    """

    key: str
    imported: ImportedType
    modes: tuple[TextMode, ...]
    second_is_answer: bool
    is_own: bool = False
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The note types of a deck with the files that describe them, and the path of each note's file.

    `paths` are those of the notes, in their order. `custom` are the note types as a project reads
    them, `own_stamps` what its lock says of ankipress's own. `names` are those of media files that
    get another name in the project, by the names that Anki has for them.
    """

    deck: ImportedDeck
    types: tuple[PlannedType, ...]
    note_type_files: Mapping[str, str]
    custom: Mapping[str, CustomType]
    paths: tuple[str, ...]
    own_stamps: Mapping[str, NoteTypeStamp] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def media_address(self, path: str) -> Callable[[str], str]:
        """How a file of cards refers to a file of media, by the name that Anki has for it."""
        refer = media_address(path)
        return lambda name: refer(self.names.get(name, name))

    def type_of(self, note: ImportedNote) -> PlannedType:
        """The planned note type of a note."""
        return self.types[note.note_type]


def plan_import(deck: ImportedDeck) -> ImportPlan:
    """Choose files for decks, keys for note types, and how each field is usually written. Raises
    SourceError where a note type is none that a project can hold.
    """
    keys = folder_keys(deck.note_types)
    own = own_keys(deck)
    modes = _usual_modes(deck)
    types: list[PlannedType] = []
    files: dict[str, str] = {}
    for number, each in enumerate(deck.note_types):
        if number in own:
            types.append(PlannedType(own[number], each, (), second_is_answer=True, is_own=True))
            continue
        key = keys[number]
        types.append(PlannedType(key, each, modes[number], _has_plain_answer(each)))
        files |= note_type_files(each, key, modes[number])
    custom = read_custom(files)
    _refuse_bad_types(types, custom.diagnostics)
    paths = files_of_decks(note.deck for note in deck.notes)
    return ImportPlan(
        deck,
        tuple(types),
        files,
        custom.types,
        tuple(paths[note.deck] for note in deck.notes),
        own_stamps(deck, own),
        readable_names(deck, own),
    )


def _refuse_bad_types(types: Sequence[PlannedType], problems: Sequence[Diagnostic]) -> None:
    for problem in problems:
        if problem.severity is Severity.ERROR:
            key = problem.location.path.split("/")[1]
            name = next(each.imported.name for each in types if each.key == key)
            raise SourceError(
                f'no project can hold the note type "{name}": {problem.message}',
                "change it in Anki and export the deck again, or give a part with `--deck NAME`",
            )


def _has_plain_answer(note_type: ImportedType) -> bool:
    """Whether the second field of a note type answers its first: it has no other."""
    if len(note_type.fields) == _QUESTION_AND_ANSWER:
        return True
    return note_type.settings.get("originalStockKind") is not None and not note_type.cloze


def _usual_modes(deck: ImportedDeck) -> list[tuple[TextMode, ...]]:
    """For each note type, the mode that most of the notes suggest for each field."""
    counts: dict[tuple[int, int], Counter[TextMode]] = defaultdict(Counter)
    for note in deck.notes:
        for number, html in enumerate(note.fields):
            if html:
                counts[note.note_type, number][best_mode(html)] += 1
    modes = []
    for type_number, note_type in enumerate(deck.note_types):
        bare = _bare_fields(note_type)
        chosen = []
        for number, name in enumerate(note_type.field_names):
            found = counts[type_number, number]
            mode = TextMode.LINES
            if name in bare and not found[TextMode.PARAGRAPHS]:
                mode = TextMode.BARE
            elif found[TextMode.PARAGRAPHS] > found[TextMode.LINES]:
                mode = TextMode.PARAGRAPHS
            chosen.append(mode)
        modes.append(tuple(chosen))
    return modes


def _bare_fields(note_type: ImportedType) -> frozenset[str]:
    """The fields that a template puts into a tag or a script."""
    names: set[str] = set()
    for each in note_type.templates:
        for piece in _NO_TEXT.findall(each.front + each.back):
            names.update(name.rpartition(":")[2].strip() for name in _FIELD.findall(piece))
    return frozenset(names)


def media_address(path: str) -> Callable[[str], str]:
    """How a file of cards refers to a file of media, by the name that Anki has for it."""
    up = "../" * len(PurePosixPath(path).parent.parts)

    def refer(name: str) -> str:
        return f"{up}{MEDIA}/{quote(name, safe=_PLAIN)}"

    return refer


# What needs no escape in an address of Markdown. Letters of all languages read better as they are.
_PLAIN = "!$&'*+,;=:@~-._"


def notes_by_path(plan: ImportPlan, numbers: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """The files with the numbers of their notes, in order."""
    found: dict[str, list[int]] = {}
    for number in numbers:
        found.setdefault(plan.paths[number], []).append(number)
    yield from found.items()
