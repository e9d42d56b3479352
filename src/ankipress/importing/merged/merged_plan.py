"""Where the notes of a newer deck go in a project that has some of them: their files and kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.importing.conversion import FileHead
from ankipress.importing.deck_files import files_of_decks
from ankipress.importing.import_plan import ImportPlan, PlannedType, plan_import
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.merged.made_types import TypesHere
from ankipress.importing.merged.merging import NoteThere
from ankipress.importing.new_project import heads_of
from ankipress.importing.note_type_files import folder_keys, note_type_files
from ankipress.model import CustomType, TextMode, own_note_type
from ankipress.notetypes.builtin import KEYS
from ankipress.notetypes.custom_types import read_custom
from ankipress.parse.document import Document
from ankipress.parse.shapes.shapes import HEADINGS
from ankipress.project.deck import Project

_LEVEL = 2  # of the headings of cards that are written


@dataclass(frozen=True, slots=True)
class MergePlan:
    """A plan for the notes that are taken, what their files say, and the files of note types that
    are new here.
    """

    plan: ImportPlan
    heads: Mapping[str, FileHead]
    new_type_files: Mapping[str, str]


def plan_merge(
    deck: ImportedDeck,
    notes: Sequence[NoteThere],
    known: TypesHere,
    project: Project,
    documents: Sequence[Document],
) -> MergePlan:
    """Choose files and kinds for some notes, which are those of the deck, in its order.

    A card stays in its file. A new note goes into the first file of its deck that can take it.
    """
    usual = plan_import(deck)
    ours = read_custom(project.note_type_files).types
    types, new_files = _types(usual, known, ours)
    files = {**project.note_type_files, **new_files}
    paths = _paths(notes, deck.name, documents)
    plan = ImportPlan(deck, types, files, read_custom(files).types, paths)
    heads = {**heads_of(plan), **_heads_here(documents)}
    return MergePlan(plan, {path: heads[path] for path in paths}, new_files)


def _types(
    usual: ImportPlan,
    known: TypesHere,
    ours: Mapping[str, CustomType],
) -> tuple[tuple[PlannedType, ...], dict[str, str]]:
    """The kinds of the notes, and the files of the note types that are new here."""
    imported = [each.imported for each in usual.types if not each.is_own]
    unknown = [each for each in imported if each.id not in {*known.adopted, *known.made}]
    new = iter(folder_keys(unknown, ours))
    types = []
    files: dict[str, str] = {}
    for each in usual.types:
        type_id = each.imported.id or 0
        if each.is_own:
            types.append(each)
            continue
        if type_id in known.made:
            types.append(_made(each, known.made[type_id]))
            continue
        there = known.adopted.get(type_id)
        if there is None:
            planned = replace(each, key=next(new))
            files |= note_type_files(planned.imported, planned.key, planned.modes)
        else:
            adopted = ours[there.key].adopted
            assert adopted is not None
            planned = replace(each, key=there.key, modes=adopted.texts)
        types.append(planned)
    return tuple(types), files


def _made(planned: PlannedType, key: str) -> PlannedType:
    """The kind of notes that were made elsewhere of a note type of the project."""
    modes = (TextMode.PARAGRAPHS,) * len(planned.imported.fields)
    is_own = own_note_type(key) in KEYS
    return replace(
        planned,
        key=key,
        modes=modes,
        second_is_answer=not planned.imported.cloze,
        is_own=is_own,
        is_made=True,
    )


def _paths(
    notes: Sequence[NoteThere],
    name: str,
    documents: Sequence[Document],
) -> tuple[str, ...]:
    """The file of each note."""
    files = {each.deck: each.path for each in reversed(documents) if takes_more(each)}
    new = [each.note.deck or name for each in notes if each.card is None]
    taken = {each.path.casefold() for each in documents}
    for deck, path in files_of_decks(each for each in new if each not in files).items():
        files[deck] = _free(path, taken)
        taken.add(files[deck].casefold())
    paths = []
    for each in notes:
        if each.card is None:
            paths.append(files[each.note.deck or name])
        else:
            paths.append(each.card.entry.path)
    return tuple(paths)


def can_write(document: Document) -> bool:
    """Whether cards of a file can be written anew: they are marked by headings of level 2."""
    return document.shape == HEADINGS and document.context.card_level == _LEVEL


def takes_more(document: Document) -> bool:
    """Whether a card at the end of a file has the deck and the tags of the file, and no others: it
    stands below no heading but the title of the file.
    """
    above = [each.start for each in document.headings if each.level < _LEVEL]
    if not document.sections:
        return can_write(document) and not above
    last = document.sections[-1]
    is_last = all(line < last.line for line in above)
    return can_write(document) and is_last and not last.trail


def _free(path: str, taken: set[str]) -> str:
    stem = path.removesuffix(".md")
    number = 2
    while path.casefold() in taken:
        path = f"{stem} {number}.md"
        number += 1
    return path


def _heads_here(documents: Sequence[Document]) -> Mapping[str, FileHead]:
    """What the files of a project say of their cards, and how."""
    heads = {}
    for each in documents:
        text = "".join(f"{line}\n" for line in each.lines[: each.first_line])
        kind = each.context.defaults.get("kind", "")
        heads[each.path] = FileHead(each.deck, kind, tuple(each.tags), f"{text}\n")
    return heads
