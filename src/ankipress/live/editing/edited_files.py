"""A file of cards with some edits, compiled, so that an edit is judged by what it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from ankipress.build.cards import CompiledSection, Resources, compile_jobs
from ankipress.diagnostics import Diagnostic, Severity
from ankipress.importing.own.own_trials import is_same
from ankipress.live.text_edits import OverlapError, TextEdit, with_edits
from ankipress.media.occlusion_shapes import occlude
from ankipress.media.resolve import resolve_media
from ankipress.model import Entry, Note, RenderedNote, Source
from ankipress.parse.document import Document, Section, read_document
from ankipress.parse.section_places import SectionPlaces
from ankipress.project.deck import Project
from ankipress.project.settings import Settings


@dataclass(frozen=True, slots=True)
class CardState:
    """A card as it is compiled: its entry in its place, its fields with media by the names that
    Anki has for them, and the same with their addresses as written.
    """

    entry: Entry
    fields: Mapping[str, str]
    written: Mapping[str, str]
    errors: Counter[str]


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A card of a file: the number of its section, and its number among the entries of that."""

    section: int
    entry: int


class EditedFile:
    """A file of cards in a project, and what becomes of it by edits."""

    def __init__(
        self,
        project: Project,
        resources: Resources,
        source: Source,
        document: Document,
    ) -> None:
        self._project = project
        self._resources = resources
        self.source = source
        self.document = document

    @property
    def _settings(self) -> Settings:
        return self._project.settings

    def find(self, entry: Entry) -> CardPlace | None:
        """The place of the card of an entry."""
        line = entry.location.line - 1
        sections = self.document.sections
        near = [number for number, each in enumerate(sections) if each.line <= line < each.end]
        for number in dict.fromkeys((*near, *range(len(sections)))):
            [compiled] = self._compiled(self.document, [number])
            placed = _placed(
                self.document,
                sections[number],
                compiled,
            )
            for place, each in enumerate(placed):
                if each.location == entry.location and each.heading == entry.heading:
                    return CardPlace(number, place)
        return None

    def card(self, place: CardPlace) -> CardState:
        """A card as it is."""
        return self._state(self.document, place)

    def alone(self, place: CardPlace) -> EditedFile | None:
        """A short file with the same head and this card alone, by which most wrong edits are told
        faster; None where that is another card.
        """
        section = self.document.sections[place.section]
        if section.footnotes or len(self.document.sections) == 1:
            return None
        lines = self.document.lines
        kept = [*lines[: self.document.first_line], *lines[section.line : section.end]]
        source = replace(self.source, text="\n".join([*kept, "", *section.definitions.values()]))
        document = read_document(
            source,
            self._settings,
            self.document.context.custom,
        )
        if len(document.sections) != 1 or document.context != self.document.context:
            return None
        return EditedFile(
            self._project,
            self._resources,
            source,
            document,
        )

    def moved(
        self,
        edits: Iterable[TextEdit],
        place: CardPlace,
    ) -> list[TextEdit] | None:
        """Edits of a card as those of the short file that `alone` gives; None where they are not
        in the card.
        """
        section = self.document.sections[place.section]
        shift = self.document.first_line - section.line
        found = []
        for start, end, text in map(astuple, edits):
            if not section.line <= start[0] <= end[0] < section.end:
                return None
            found.append(
                TextEdit(
                    (start[0] + shift, start[1]),
                    (end[0] + shift, end[1]),
                    text,
                )
            )
        return found

    def after(
        self,
        edits: Iterable[TextEdit],
        places: Sequence[CardPlace],
    ) -> list[CardState] | None:
        """Cards after some edits of their file; None where more of it changes than these cards."""
        try:
            text = with_edits(self.source.text, edits)
        except OverlapError:
            return None
        source = replace(self.source, text=text)
        document = read_document(
            source,
            self._settings,
            self.document.context.custom,
        )
        if not self._is_same_beside(document, places):
            return None
        return [self._state(document, place) for place in places]

    def _is_same_beside(
        self,
        document: Document,
        places: Sequence[CardPlace],
    ) -> bool:
        """Whether a version of the file has the same cards beside some of them."""
        before = self.document
        if _head(before, self._settings) != _head(document, self._settings):
            return False
        if _errors(document.problems) - _errors(before.problems):
            return False
        changed = list(_changed(before.sections, document.sections))
        olds = self._compiled(before, changed)
        news = self._compiled(document, changed)
        for number, old, new in zip(changed, olds, news, strict=True):
            left = {place.entry for place in places if place.section == number}
            if not _are_alike(old, new, left):
                return False
        return True

    def _compiled(
        self,
        document: Document,
        numbers: Sequence[int],
    ) -> list[CompiledSection]:
        jobs = [(document.context, document.sections[number]) for number in numbers]
        resources = self._resources
        if document is not self.document:
            resources = Resources(extensions=resources.extensions)  # nothing of it is remembered
        return compile_jobs(
            jobs,
            self._settings.extensions,
            resources,
        )

    def _state(
        self,
        document: Document,
        place: CardPlace,
    ) -> CardState:
        [compiled] = self._compiled(document, [place.section])
        section = document.sections[place.section]
        entry = list(_placed(document, section, compiled))[place.entry]
        card = compiled.cards[place.entry]
        rendered = RenderedNote(
            Note(
                "",
                1,
                entry,
                "",
                "",
            ),
            card.fields,
            card.may_refer,
        )
        project = self._project
        media = resolve_media(
            [rendered],
            project.media,
            project.sources,
            project.settings.source_url,
            project.lock.media,
        )
        shapes = occlude(media.notes, {each.name: each for each in media.files})
        problems = (*compiled.problems, *card.problems, *media.diagnostics, *shapes.diagnostics)
        return CardState(
            entry,
            shapes.notes[0].fields,
            card.fields,
            _errors(problems),
        )


def _placed(
    document: Document,
    section: Section,
    compiled: CompiledSection,
) -> Iterator[Entry]:
    """The entries of a section in their places, with the tags that they have themselves."""
    places = SectionPlaces(section, document.path)
    for each in compiled.entries:
        yield replace(
            each,
            location=places.location(each.location),
            parts=places.parts(each.parts),
            table=places.part(each.table) if each.table else None,
            footnotes=places.parts(each.footnotes),
            breaks=places.part(each.question).breaks,
        )


def _head(document: Document, settings: Settings) -> tuple[object, ...]:
    """What holds for the cards of a file, and the headings above each of them if these name decks
    or tags.
    """
    trails = [each.trail for each in document.sections]
    if settings.sections == "ignore":
        trails = [()] * len(trails)
    return document.deck, document.tags, document.context, trails


def _errors(problems: Iterable[Diagnostic]) -> Counter[str]:
    return Counter(each.code for each in problems if each.severity is Severity.ERROR)


def _changed(before: Sequence[Section], after: Sequence[Section]) -> Iterator[int]:
    """The numbers of the sections that are compiled from something else."""
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if _input(old) != _input(new):
            yield number


def _input(section: Section) -> tuple[object, ...]:
    notes = {label: part.text for label, part in section.footnotes.items()}
    return section.text, section.definitions, notes


def _are_alike(
    old: CompiledSection,
    new: CompiledSection,
    left: Collection[int],
) -> bool:
    """Whether two versions of a section have the same cards, but for those that are left out."""
    if len(old.entries) != len(new.entries):
        return False
    for number, entry in enumerate(old.entries):
        other = new.entries[number]
        if entry.attributes.id != other.attributes.id or entry.kind != other.kind:
            return False
        if number not in left and not _is_same_card(old, new, number):
            return False
    return True


def _is_same_card(
    old: CompiledSection,
    new: CompiledSection,
    number: int,
) -> bool:
    """Whether a card of a section has the same attributes, tags and fields, and no more errors."""
    entry = old.entries[number]
    other = new.entries[number]
    if (entry.attributes, entry.tags) != (other.attributes, other.tags):
        return False
    before = old.cards[number]
    after = new.cards[number]
    if before.fields.keys() != after.fields.keys():
        return False
    if _errors(after.problems) - _errors(before.problems):
        return False
    pairs = [(html, after.fields[name]) for name, html in before.fields.items()]
    return all(is_same(*pair) for pair in pairs)
