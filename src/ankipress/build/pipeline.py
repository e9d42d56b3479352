"""The list of stages: from sources and lock to a package and the next lock.

`compile_deck` runs all stages but the last two, which `write_package` runs for each package.
docs/decisions/004-one-pipeline.md says why there is one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from typing import BinaryIO

import msgspec

from ankipress.build.cards import (
    ALONE,
    CompiledCard,
    Memory,
    NoMemory,
    Resources,
    compile_sections,
    placed_cards,
)
from ankipress.build.renamed_decks import renamed_decks
from ankipress.build.unanswered import leave_out_unanswered
from ankipress.diagnostics import Diagnostic, Location, in_order
from ankipress.identity.stamping import Release, Stamped, stamp
from ankipress.media.fonts import read_fonts
from ankipress.media.note_type_media import NoteTypeMedia, read_note_type_media
from ankipress.media.occlusion_shapes import occlude
from ankipress.media.own_names import with_found
from ankipress.media.resolve import ResolvedMedia, resolve_media
from ankipress.media.tombstone_media import kept_media
from ankipress.media.unused import unused_media
from ankipress.model import KINDS, Assignment, Note, Package, Record, Tombstone, UnresolvedMatch
from ankipress.notetypes.builtin import copies, note_types
from ankipress.notetypes.custom_types import CustomTypes, read_custom
from ankipress.notetypes.schema import resolve_types
from ankipress.package.archive import write_archive
from ankipress.package.card_generation import generate_cards
from ankipress.package.database import CollectionTemplate, make_database, used_note_types
from ankipress.package.description import describe
from ankipress.package.splitting import split, top_deck
from ankipress.parse.document import Document, read_document
from ankipress.parse.placing import Parsed, place_entries
from ankipress.parse.project_checks import unknown_kind
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from ankipress.render.code_theme import render_theme
from ankipress.render.completing import complete
from ankipress.render.extension_loading import load_extensions
from ankipress.render.html import sanitised


@dataclass(frozen=True, slots=True)
class Identified:
    """The entries of a project with their identities, and the compiled card of each entry.

    `unanswered` is the number of cards that are left out because they have no answer yet.
    """

    custom: CustomTypes
    documents: Sequence[Document]
    parsed: Parsed
    cards: Sequence[CompiledCard]
    assignment: Assignment
    unanswered: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """A package, what it changes in the lock, and every problem.

    `drafts`, `unanswered` and `broken` are the numbers of cards that are left out.
    With an error among the problems the package must not be written.
    """

    package: Package
    notes: tuple[Note, ...]
    unresolved: tuple[UnresolvedMatch, ...]
    stamped: Stamped
    drafts: int
    unanswered: int
    broken: int
    documents: Sequence[Document]
    diagnostics: tuple[Diagnostic, ...]


def identify(
    project: Project,
    resources: Resources = ALONE,
    without: frozenset[Location] = frozenset(),
) -> Identified:
    """Run the first stages: those that tell which card is which note.

    The cards at the places `without` are left out, as those without an answer are.
    """
    settings = project.settings
    custom = read_custom(project.note_type_files)
    documents = [read_document(each, settings, custom.types) for each in project.sources]
    compiled = compile_sections(documents, settings.extensions, resources)
    parsed = place_entries(documents, compiled, settings)
    cards = placed_cards(documents, compiled)
    answered = leave_out_unanswered(parsed.entries, cards, project.lock, settings, without)
    parsed = replace(
        parsed,
        entries=answered.entries,
        diagnostics=(*parsed.diagnostics, *answered.problems),
    )
    return Identified(
        custom,
        documents,
        parsed,
        answered.cards,
        answered.assignment,
        answered.left_out,
    )


def compile_deck(
    project: Project,
    time: int,
    resources: Resources = ALONE,
    without: frozenset[Location] = frozenset(),
) -> Compiled:
    """Run every stage but the last two. Changed notes get `time` as their mod, in seconds.

    The cards at the places `without` are left out.
    """
    settings = project.settings
    extensions = load_extensions(settings.extensions)
    identified = identify(project, resources, without)
    assignment = identified.assignment

    # The note types, with the style sheet of the project.
    theme = render_theme(settings.theme, project.theme_place)
    fonts = read_fonts(settings.fonts, project.media, project.fonts_place)
    css = "\n".join(filter(None, (theme.css, fonts.css)))
    own_types = note_types(assignment.uid, settings.name, css)
    adopted = identified.custom.adopted
    learners = project.lock.media
    type_media = read_note_type_media(project.note_type_files, project.media, adopted, learners)
    custom = _with_media(identified.custom, type_media, project)
    custom_types = resolve_types(
        custom, project.lock.note_types, assignment.uid, settings.name, css
    )
    others = copies(own_types, project.lock.note_types)
    types = {**own_types, **custom_types.types, **others}

    # The notes, with their fields, files, shapes, cards and mod times.
    notes, cards = _selected(assignment.notes, identified.cards, project)
    rendered = complete(notes, cards, settings)
    resolved = resolve_media(
        rendered.notes, project.media, project.sources, settings.source_url, learners
    )
    occluded = occlude(resolved.notes, {each.name: each for each in resolved.files})
    generated = generate_cards(occluded.notes, types)
    tombstones = _packed_tombstones(project)
    stamped = stamp(generated.notes, assignment, types, _release(project, time, tombstones))
    used_types = [each.key for each in stamped.note_types]
    files = (*fonts.files, *type_media.of_types(used_types), *resolved.files)
    media = kept_media(files, tombstones, project.media)
    lock = replace(stamped.lock, reading=project.reading, media=with_found(learners, media.files))
    stamped = replace(stamped, lock=lock)

    stages = (
        extensions,
        identified.custom,
        identified.parsed,
        assignment,
        theme,
        fonts,
        type_media,
        custom_types,
        rendered,
        resolved,
        occluded,
        generated,
        media,
    )
    paths = resolved.paths | type_media.paths
    problems = chain(
        _unused(project, resolved, paths),
        unknown_kind(settings.kind, (*KINDS, *custom.types), project.kind_place),
        renamed_decks(assignment.notes, identified.documents),
        *(stage.diagnostics for stage in stages),
    )
    package = Package(
        settings.name,
        settings.version,
        describe(settings.name, settings, stamped.lock.records),
        stamped.note_types,
        stamped.notes,
        media.files,
    )
    return Compiled(
        package,
        assignment.notes,
        assignment.unresolved,
        stamped,
        identified.parsed.drafts,
        identified.unanswered,
        len(without),
        identified.documents,
        in_order(problems),
    )


def packages_of(compiled: Compiled, settings: Settings) -> tuple[Package, ...]:
    """The packages of a project: one, or one for each top-level deck, which says what changed in
    that deck.
    """
    if settings.packages == "project":
        return (compiled.package,)
    records: dict[str, list[Record]] = {}
    for record in compiled.stamped.lock.records:
        records.setdefault(top_deck(record.deck).casefold(), []).append(record)
    packages = []
    for part in split(compiled.package):
        description = describe(part.deck, settings, records[part.deck.casefold()])
        packages.append(replace(part.package, description=description))
    return tuple(packages)


def write_package(
    package: Package,
    memory: Memory,
    file: BinaryIO,
) -> None:
    """Write the .apkg into an open file. Raises OSError."""
    template = collection_template(package, memory)
    database = make_database(package, template)
    write_archive(file, database, package.media)


def make_package(package: Package) -> bytes:
    """The bytes of the .apkg."""
    buffer = io.BytesIO()
    write_package(package, NoMemory(), buffer)
    return buffer.getvalue()


def collection_template(package: Package, memory: Memory) -> CollectionTemplate:
    """The collection of a package before there are notes in it.

    It is remembered, since genanki takes longer to import than a small deck to build.
    """
    note_types = used_note_types(package)
    description = repr(note_types).encode("utf-8", "surrogatepass")
    key = blake2b(description, digest_size=16).digest()
    if known := memory.recall([key]).get(key):
        with suppress(msgspec.DecodeError):  # a disk may give back other bytes
            return msgspec.msgpack.decode(known, type=CollectionTemplate)
    from ankipress.package.collection_template import make_template  # noqa: PLC0415

    template = make_template(note_types)
    memory.keep({key: msgspec.msgpack.encode(template)})
    return template


def _selected(
    notes: Sequence[Note],
    cards: Sequence[CompiledCard],
    project: Project,
) -> tuple[Sequence[Note], Sequence[CompiledCard]]:
    """The notes that are packed, with their cards."""
    if project.selected is None:
        return notes, cards
    selected_notes: list[Note] = []
    selected_cards: list[CompiledCard] = []
    for note, card in zip(notes, cards, strict=True):
        if note.entry.path in project.selected:
            selected_notes.append(note)
            selected_cards.append(card)
    return selected_notes, selected_cards


def _packed_tombstones(project: Project) -> tuple[Tombstone, ...]:
    """The tombstones, if the project is packed with all sources and its settings ask for them.

    They are in a file that anybody may have edited, so their fields are sanitised like all others.
    """
    if project.selected is not None or project.settings.retired != "tombstone":
        return ()
    return tuple(
        replace(each, fields=tuple(map(sanitised, each.fields))) for each in project.tombstones
    )


def _release(
    project: Project,
    time: int,
    tombstones: tuple[Tombstone, ...],
) -> Release:
    settings = project.settings
    return Release(
        settings.version,
        time,
        project.base or project.lock,
        settings.changed_tag,
        project.tools,
        settings.asked,
        tombstones,
    )


def _with_media(
    custom: CustomTypes,
    media: NoteTypeMedia,
    project: Project,
) -> CustomTypes:
    """The note types with the names of their media.

    What is wrong with them was told of the texts as written, where each place is right.
    """
    if media.texts == project.note_type_files:
        return custom
    return replace(custom, types=read_custom(media.texts).types)


def _unused(
    project: Project,
    resolved: ResolvedMedia,
    used: frozenset[str],
) -> Sequence[Diagnostic]:
    """Files that no card and no note type shows.

    Only all sources together tell. A wrong reference may mean a file that seems to be unused.
    """
    if project.selected is not None:
        return ()
    if any(each.code in {"missing-media", "sound-mark"} for each in resolved.diagnostics):
        return ()
    return unused_media(project.media, used, project.sources)
