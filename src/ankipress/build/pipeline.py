"""The list of stages, on one screen: from sources and lock to packages and the next lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.package.archive import make_archive
from ankipress.package.card_generation import deal
from ankipress.package.deflated import Deflated, begin_deflate
from ankipress.package.description import describe
from ankipress.diagnostics import Diagnostic, Location, in_order
from ankipress.identity.stamping import Release, Stamped, stamp
from ankipress.identity.assign import assign
from ankipress.media.media_folder import MediaFolder
from ankipress.media.resolve import Resolved, Resolver
from ankipress.media.tombstone_media import kept_media
from ankipress.media.fonts import read_fonts
from ankipress.media.unused import unused_media
from ankipress.model import Assignment, CustomType, DealtNote, Entry, Lock, Note, NoteType, UnresolvedMatch, Package, Record, Source, Tombstone
from ankipress.notetypes.builtin import note_types
from ankipress.notetypes.custom import read_custom
from ankipress.notetypes.schema import resolve_types
from ankipress.media.occlusion_shapes import occlude
from ankipress.parse.entries import Parsed, parse
from ankipress.parts import put_away
from ankipress.project.settings import Settings
from ankipress.render.fields import begin, render
from ankipress.render.extension_loading import load_extensions
from ankipress.render.code_theme import render_theme
from ankipress.package.splitting import split, top_deck
from ankipress.work import ALONE, Shelve, Work

_SETTINGS = Location("ankipress.toml")
_AT_ONCE = 100  # notes


@dataclass(frozen=True, slots=True)
class Project:
    """All that goes into a build: no stage reads anything else."""

    settings: Settings
    sources: Sequence[Source]
    lock: Lock
    media: MediaFolder
    selected: frozenset[str] | None = None  # the sources whose cards are packed; None for all
    theme_place: Location = _SETTINGS  # where the theme is set
    fonts_place: Location = _SETTINGS  # where the fonts are set
    # Texts of `notetypes/`, by path.
    note_type_files: Mapping[str, str] = field(default_factory=dict)
    base: Lock | None = None  # the lock of what learners have; None for the project's own
    tombstones: tuple[Tombstone, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)  # the versions of what renders, by name


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


def compile_deck(project: Project, time: int, work: Work = ALONE) -> Compiled:
    """Run every stage but the last two. `time` is stamped on what changed, in seconds since 1970.
    """
    settings, lock = project.settings, project.lock
    custom = read_custom(project.note_type_files)
    parsed = parse(project.sources, settings, custom.types)
    # Nothing of a card's fields depends on which note it is, so they are on their way while that is
    # found out.
    begun = begin([entry for entry in parsed.entries if _is_selected(entry, project)], settings, custom.types, work)
    assigned = assign(parsed.entries, lock, settings, work)
    themed = render_theme(settings.theme, project.theme_place)
    fonts = read_fonts(settings.fonts, project.media, project.fonts_place)
    css = "\n".join(filter(None, (themed.css, fonts.css)))
    settled = resolve_types(custom, lock.note_types, assigned.uid, settings.name, css)
    types = {**note_types(assigned.uid, settings.name, css), **settled.types}
    notes = [note for note in assigned.notes if _is_selected(note.entry, project)]
    filling = _Filling(project, custom.types, types, work.shelve)
    buried = _buried(project)
    base = project.base or lock
    release = Release(settings.version, time, base, settings.changed_tag, project.tools, settings.asked, buried)
    stamped = stamp(filling.dealt(notes, begun.results()), assigned, types, release)
    resolved = filling.resolver.resolved()
    unused = _unused(project, resolved)
    media = (*fonts.files, *kept_media(resolved.files, buried, project.media))
    description = describe(settings.name, settings, stamped.lock.records)
    package = Package(settings.name, settings.version, description, stamped.note_types, stamped.notes, media)
    stages = (custom, settled, parsed, assigned, themed, fonts, filling, resolved)
    diagnostics = in_order([*unused, *(problem for stage in stages for problem in stage.diagnostics)])
    return Compiled(package, assigned.notes, assigned.unresolved, stamped, parsed.drafts, diagnostics)


class _Filling:
    """The stages from a note to its cards: a hundred notes go through all of them before the next
    are looked at.

    So no more than these are in memory with their fields, however large the deck is.
    """

    def __init__(
        self, project: Project, custom: Mapping[str, CustomType], types: Mapping[str, NoteType], shelve: Shelve | None
    ) -> None:
        self._settings, self._custom, self._types, self._shelve = project.settings, custom, types, shelve
        self.resolver = Resolver(project.media)
        self.diagnostics = list(load_extensions(self._settings.extensions).diagnostics)

    def dealt(self, notes: Sequence[Note], results: Iterator[str]) -> Iterator[DealtNote]:
        """Every note with its fields and its cards, given what `begin` made of their entries."""
        for start in range(0, len(notes), _AT_ONCE):
            rendered = render(notes[start : start + _AT_ONCE], self._settings, self._custom, results)
            occluded = occlude(self.resolver.notes(rendered.notes), self.resolver.files)
            dealt = deal(occluded.notes, self._types)
            self.diagnostics += [*rendered.diagnostics, *occluded.diagnostics, *dealt.diagnostics]
            for each in dealt.notes:
                yield each
                if self._shelve:  # its text is not needed any more
                    put_away(each.rendered.note.entry, self._shelve)
        assert next(results, None) is None, "a result for each note"


def identify(project: Project, work: Work = ALONE) -> tuple[Parsed, Assignment]:
    """Run the stages that tell which card is which note, and no other."""
    parsed = parse(project.sources, project.settings, read_custom(project.note_type_files).types)
    return parsed, assign(parsed.entries, project.lock, project.settings, work)


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
        replace(part.package, description=describe(part.deck, settings, records[part.deck.casefold()]))
        for part in split(compiled.package)
    )


def make_package(package: Package) -> bytes:
    """The bytes of the .apkg."""
    return make_archive(make_collection(package), package.media)


def make_collection(package: Package) -> Deflated:
    """The collection of a package, compressed."""
    return begin_collection(package)()


def begin_collection(package: Package) -> Callable[[], Deflated]:
    """The same, while it is still being compressed: what is given waits for that."""
    # Genanki takes a while to import, and few commands need it.
    from ankipress.package.database import make_database  # noqa: PLC0415

    return begin_deflate(make_database(package))


def _is_selected(entry: Entry, project: Project) -> bool:
    return project.selected is None or entry.path in project.selected


def _buried(project: Project) -> tuple[Tombstone, ...]:
    """The tombstones that are packed: of a whole project, and where its settings ask for them."""
    return project.tombstones if project.selected is None and project.settings.retired == "tombstone" else ()


def _unused(project: Project, resolved: Resolved) -> Sequence[Diagnostic]:
    """Files that no card shows: only of a whole project, and not while a reference is wrong that
    may mean one of them.
    """
    is_known = project.selected is None and all(each.code != "missing-media" for each in resolved.diagnostics)
    return unused_media(project.media, resolved.paths, project.sources) if is_known else ()
