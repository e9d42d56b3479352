"""The list of stages, on one screen: from sources and lock to packages and the next lock.

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
    Card,
    Memory,
    NoMemory,
    Resources,
    compile_sections,
    placed_cards,
)
from ankipress.diagnostics import Diagnostic, in_order
from ankipress.identity.assign import assign
from ankipress.identity.stamping import Release, Stamped, stamp
from ankipress.media.fonts import read_fonts
from ankipress.media.occlusion_shapes import occlude
from ankipress.media.resolve import Resolved, resolve_media
from ankipress.media.tombstone_media import kept_media
from ankipress.media.unused import unused_media
from ankipress.model import Assignment, Entry, Note, UnresolvedMatch, Package, Record, Tombstone
from ankipress.notetypes.builtin import note_types
from ankipress.notetypes.custom import read_custom
from ankipress.notetypes.schema import resolve_types
from ankipress.package.archive import write_archive
from ankipress.package.card_generation import generate_cards
from ankipress.package.database import CollectionTemplate, make_database, used_note_types
from ankipress.package.description import describe
from ankipress.package.splitting import split, top_deck
from ankipress.parse.document import read_document
from ankipress.parse.placing import Parsed, place_entries
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from ankipress.render.code_theme import render_theme
from ankipress.render.completing import complete
from ankipress.render.extension_loading import load_extensions


@dataclass(frozen=True, slots=True)
class Compiled:
    """A package, what it changes in the lock, and every problem. With an error among these it must
    not be written.
    """

    package: Package
    notes: tuple[Note, ...]
    open: tuple[UnresolvedMatch, ...]
    stamped: Stamped
    drafts: int
    diagnostics: tuple[Diagnostic, ...]


def compile_deck(project: Project, time: int, resources: Resources = Resources()) -> Compiled:
    """Run every stage but the last two. `time` is stamped on what changed, in seconds since 1970."""
    settings, lock = project.settings, project.lock
    custom = read_custom(project.note_type_files)
    extensions = load_extensions(settings.extensions)
    documents = [read_document(each, settings, custom.types) for each in project.sources]
    compiled = compile_sections(documents, settings.extensions, resources)
    parsed = place_entries(documents, compiled, settings)
    cards = placed_cards(documents, compiled)
    assigned = assign(parsed.entries, lock, settings, [card.texts for card in cards])
    theme = render_theme(settings.theme, project.theme_place)
    fonts = read_fonts(settings.fonts, project.media, project.fonts_place)
    css = "\n".join(filter(None, (theme.css, fonts.css)))
    settled = resolve_types(custom, lock.note_types, assigned.uid, settings.name, css)
    types = {**note_types(assigned.uid, settings.name, css), **settled.types}
    rendered = complete(*_selected(assigned.notes, cards, project), settings)
    resolved = resolve_media(rendered.notes, project.media)
    occluded = occlude(resolved.notes, {each.name: each for each in resolved.files})
    generated = generate_cards(occluded.notes, types)
    stamped = stamp(generated.notes, assigned, types, _release(project, time))
    media = kept_media((*fonts.files, *resolved.files), _buried(project), project.media)
    unused = _unused(project, resolved)
    stages = (
        custom,
        extensions,
        parsed,
        assigned,
        theme,
        fonts,
        settled,
        rendered,
        resolved,
        occluded,
        generated,
    )
    problems = chain(unused, *(stage.diagnostics for stage in stages))
    package = Package(
        settings.name,
        settings.version,
        describe(settings.name, settings, stamped.lock.records),
        stamped.note_types,
        stamped.notes,
        media,
    )
    return Compiled(
        package, assigned.notes, assigned.unresolved, stamped, parsed.drafts, in_order(problems)
    )


def identify(project: Project, resources: Resources = Resources()) -> tuple[Parsed, Assignment]:
    """Run the stages that tell which card is which note, and no other."""
    settings = project.settings
    custom = read_custom(project.note_type_files)
    documents = [read_document(each, settings, custom.types) for each in project.sources]
    compiled = compile_sections(documents, settings.extensions, resources)
    parsed = place_entries(documents, compiled, settings)
    texts = [card.texts for card in placed_cards(documents, compiled)]
    return parsed, assign(parsed.entries, project.lock, settings, texts)


def packages_of(compiled: Compiled, settings: Settings) -> tuple[Package, ...]:
    """The packages of a project: one, or one for each top-level deck, which says what changed in
    that deck.
    """
    if settings.packages == "project":
        return (compiled.package,)
    records: dict[str, list[Record]] = {}
    for each in compiled.stamped.lock.records:
        records.setdefault(top_deck(each.deck).casefold(), []).append(each)
    return tuple(
        replace(
            part.package, description=describe(part.deck, settings, records[part.deck.casefold()])
        )
        for part in split(compiled.package)
    )


def write_package(package: Package, memory: Memory, file: BinaryIO) -> None:
    """Write the .apkg into an open file. Raises OSError."""
    template = collection_template(package, memory)
    write_archive(file, make_database(package, template), package.media)


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
    key = blake2b(repr(note_types).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    if known := memory.recall([key]).get(key):
        with suppress(msgspec.DecodeError):  # a disk may give back other bytes
            return msgspec.msgpack.decode(known, type=CollectionTemplate)
    from ankipress.package.collection_template import make_template  # noqa: PLC0415

    template = make_template(note_types)
    memory.keep({key: msgspec.msgpack.encode(template)})
    return template


def _selected(
    notes: Sequence[Note], cards: Sequence[Card], project: Project
) -> tuple[list[Note], list[Card]]:
    """The notes that are packed, with their cards."""
    chosen = [
        (note, card)
        for note, card in zip(notes, cards, strict=True)
        if _is_selected(note.entry, project)
    ]
    return [note for note, _ in chosen], [card for _, card in chosen]


def _is_selected(entry: Entry, project: Project) -> bool:
    return project.selected is None or entry.path in project.selected


def _release(project: Project, time: int) -> Release:
    settings = project.settings
    return Release(
        settings.version,
        time,
        project.base or project.lock,
        settings.changed_tag,
        project.tools,
        settings.asked,
        _buried(project),
    )


def _buried(project: Project) -> tuple[Tombstone, ...]:
    """The tombstones that are packed: of a whole project, and where its settings ask for them."""
    is_whole = project.selected is None
    return project.tombstones if is_whole and project.settings.retired == "tombstone" else ()


def _unused(project: Project, resolved: Resolved) -> Sequence[Diagnostic]:
    """Files that no card shows: only of a whole project, and not while a reference is wrong that
    may mean one of them.
    """
    if project.selected is not None:
        return ()
    if any(each.code == "missing-media" for each in resolved.diagnostics):
        return ()
    return unused_media(project.media, resolved.paths, project.sources)
