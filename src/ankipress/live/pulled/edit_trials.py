"""Edits of cards, tried in the whole project.

The law: each note that is edited is as it was wanted, and every other note has the guid and the
content that it had. What breaks it is not written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import (
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace

from ankipress.build.cards import Resources
from ankipress.build.pipeline import (
    Compiled,
    compile_deck,
    identify,
)
from ankipress.diagnostics import Severity
from ankipress.importing.fields.appearance import looks_same
from ankipress.live.comparing.packed_fields import PackedFields, packed_fields
from ankipress.live.text_edits import (
    OverlapError,
    TextEdit,
    with_edits,
)
from ankipress.live.wanted_note import CardEdit, WantedNote
from ankipress.model import (
    Lock,
    Record,
    Source,
)
from ankipress.project.deck import Project

_MOST_TRIALS = 60  # of the whole project: what a stranger has exported may break the law anywhere


@dataclass(frozen=True, slots=True)
class ProjectNow:
    """A project, its compiled deck, and what it is compiled with: changed notes get the `time`."""

    project: Project
    compiled: Compiled
    time: int
    resources: Resources

    def changed(self, project: Project) -> ProjectNow:
        """Another version of the project."""
        return replace(
            self,
            project=project,
            compiled=compile_deck(project, self.time, self.resources),
        )


@dataclass(frozen=True, slots=True)
class EditedProject:
    """A project with some edits; its lock finds the edited cards again."""

    edits: tuple[CardEdit, ...]
    now: ProjectNow


class EditTrials:
    """Edits that are tried in a project; `wanted` are the notes that they are for."""

    def __init__(
        self,
        before: ProjectNow,
        wanted: Sequence[WantedNote],
    ) -> None:
        self._before = before
        self._wanted = {each.guid: each for each in wanted}
        self._fields = packed_fields(before.compiled, before.project.settings)
        self._tried: dict[tuple[str, ...], EditedProject | None] = {}
        self._number = 0

    def lawful(self, edits: Sequence[CardEdit]) -> EditedProject:
        """The project with as many of these edits as obey the law."""
        kept = self._lawful(tuple(edits), ())
        found = self._try(kept)
        assert found is not None
        return found

    def _lawful(
        self,
        edits: tuple[CardEdit, ...],
        kept: tuple[CardEdit, ...],
    ) -> tuple[CardEdit, ...]:
        """Some edits that are kept, with those of others that may join them: where all may not,
        each half is tried.
        """
        if not edits or self._try((*kept, *edits)) is not None:
            return (*kept, *edits)
        if len(edits) == 1 or self._number > _MOST_TRIALS:
            return kept
        middle = len(edits) // 2
        first = self._lawful(edits[:middle], kept)
        return self._lawful(edits[middle:], first)

    def _try(self, edits: tuple[CardEdit, ...]) -> EditedProject | None:
        """The project with these edits, None where they break the law."""
        guids = tuple(each.guid for each in edits)
        if guids not in self._tried:
            self._number += 1
            self._tried.clear()  # one compiled deck is large enough
            self._tried[guids] = self._edited(edits)
        return self._tried[guids]

    def _edited(self, edits: tuple[CardEdit, ...]) -> EditedProject | None:
        if not edits:
            return EditedProject((), self._before)
        try:
            sources = list(_edited_sources(self._before.project.sources, edits))
        except OverlapError:
            return None
        project = replace(self._before.project, sources=sources)
        by_guid = {each.guid: each for each in edits}
        lock = self._with_records(project, by_guid.keys())
        if lock is None:
            return None
        now = self._before.changed(replace(project, lock=lock))
        if not self._is_lawful(now, by_guid):
            return None
        return EditedProject(edits, now)

    def _with_records(
        self,
        project: Project,
        guids: Collection[str],
    ) -> Lock | None:
        """The lock with the texts of the edited cards, by which they are found again; None where
        there are other cards than before.
        """
        identified = identify(project, self._before.resources)
        entries = identified.parsed.entries
        before = self._before.compiled.notes
        paths = [note.entry.path for note in before]
        if paths != [entry.path for entry in entries]:
            return None
        records = {each.guid: each for each in project.lock.records}
        for note, entry, card in zip(before, entries, identified.cards, strict=True):
            if note.guid in guids:
                known: Record = records[note.guid]
                id = entry.attributes.id
                records[note.guid] = replace(known, id=id, **card.texts._asdict())
        return replace(project.lock, records=tuple(records.values()))

    def _is_lawful(
        self,
        now: ProjectNow,
        edits: Mapping[str, CardEdit],
    ) -> bool:
        """Whether a deck obeys the law. The edits are given by guid."""
        compiled = now.compiled
        if _errors(compiled) - _errors(self._before.compiled):
            return False
        before = [note.guid for note in self._before.compiled.notes]
        if before != [note.guid for note in compiled.notes]:
            return False
        if _others(self._before.compiled, edits) != _others(compiled, edits):
            return False
        fields = packed_fields(compiled, now.project.settings)
        return all(self._is_as_wanted(each, fields) for each in edits.values())

    def _is_as_wanted(
        self,
        edit: CardEdit,
        fields: Mapping[str, PackedFields],
    ) -> bool:
        """Whether an edited note is as it was wanted, as far as it could be written."""
        if edit.guid not in fields or edit.guid not in self._fields:
            return False
        wanted = self._wanted[edit.guid]
        before = self._fields[edit.guid]
        after = fields[edit.guid]
        tags = {*before.tags, *wanted.tags_added}.difference(wanted.tags_removed)
        if set(after.tags) != tags and not edit.left:
            return False
        for name, html in after.values.items():
            if html == before.values[name] and (edit.left or name not in wanted.fields):
                continue
            known = edit.fields.get(name)
            if known is not None and html == known.removesuffix(after.link):
                continue
            if name not in wanted.fields:
                return False
            if not looks_same(wanted.fields[name].removesuffix(before.link), html):
                return False
        return True


def _errors(compiled: Compiled) -> Counter[tuple[str, str]]:
    """What keeps cards out of a package, wherever it stands."""
    return Counter(
        (each.code, each.message)
        for each in compiled.diagnostics
        if each.severity is Severity.ERROR
    )


def _others(compiled: Compiled, guids: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """The digest and state of every note but some."""
    return {
        each.guid: (each.digest, each.state)
        for each in compiled.stamped.lock.records
        if each.guid not in guids
    }


def edits_by_path(edits: Sequence[CardEdit]) -> Mapping[str, Sequence[TextEdit]]:
    """The edits of each file."""
    found: dict[str, list[TextEdit]] = {}
    for each in edits:
        found.setdefault(each.path, []).extend(each.edits)
    return found


def _edited_sources(sources: Sequence[Source], edits: Sequence[CardEdit]) -> Iterator[Source]:
    by_path = edits_by_path(edits)
    for source in sources:
        found = by_path.get(source.path)
        if found:
            yield replace(source, text=with_edits(source.text, found))
        else:
            yield source
