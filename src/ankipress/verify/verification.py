"""Packages in the order of their release → what Anki does for a learner who imports each of them,
compared with the forecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from ankipress.diff.collection import Collection, Imported, import_edition
from ankipress.diff.edition import Edition
from ankipress.verify.engine import Engine, Log, refusals_told
from ankipress.verify.state_comparison import duplicates, losses, surprises

_STUDIED = 300  # unchanged cards that are studied too
# Notes that are tagged, and as many that are edited, of those that change and of the others.
_TOUCHED = 3
TAG = "my-own-tag"
NOTE = "<br>my own words"


@dataclass(frozen=True, slots=True)
class Released:
    """A package on disk, and what is in it."""

    path: Path
    edition: Edition

    @property
    def name(self) -> str:
        """Its version, or its file."""
        return self.edition.version or self.path.name


@dataclass(frozen=True, slots=True)
class ImportStep:
    """The import of one package over another: what the learner had done, and what Anki did.

    `reviews` is the number of rows in the review log. `replaced` are the guids of notes of which
    the update replaced the learner's own tags or words, as every update does. `failures` say what
    must not happen, a sentence each.
    """

    before: str
    after: str
    log: Log
    forecast: Imported
    reviews: int
    studied: int
    touched: frozenset[str]
    replaced: frozenset[str]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """The imports of all learners into one version of Anki."""

    anki: str
    steps: tuple[ImportStep, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """All that must not happen."""
        return tuple(failure for step in self.steps for failure in step.failures)


@dataclass(frozen=True, slots=True)
class _Activity:
    """What a learner did between two imports."""

    studied: int = 0
    touched: frozenset[str] = frozenset()


def verify(packages: Sequence[Released], folder: Path) -> Verification:
    """Import all packages for one learner, and the first and the last for another.

    The folder must be empty. Raises NoEngineError and RefusedPackageError.
    """
    learners = [packages]
    if len(packages) > 2:
        learners.append([packages[0], packages[-1]])
    version = ""
    steps: list[ImportStep] = []
    for number, imported in enumerate(learners, 1):
        with closing(Engine(folder / f"learner {number}")) as engine:
            steps += _Learner(engine).imports(imported)
            version = engine.version
    return Verification(version, tuple(steps))


class _Learner:
    """Imports, studies, tags and edits, and compares."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._collection = Collection()

    def imports(self, packages: Sequence[Released]) -> Iterator[ImportStep]:
        with refusals_told(packages[0].path):
            yield self._import(packages[0], "", _Activity())
        for old, new in pairwise(packages):
            with refusals_told(new.path):
                activity = self._live(old, new)
                yield self._import(new, old.name, activity)

    def _live(self, old: Released, new: Released) -> _Activity:
        """Study, tag and edit: mostly what will change, so that there is something to lose."""
        state = self._engine.state()
        differing = _differing(old.edition, new.edition)
        changing = []
        others = []
        for key in sorted(state.cards):
            if key[0] in differing:
                changing.append(key)
            else:
                others.append(key)
        studied = changing + others[:_STUDIED]
        self._engine.answer(studied)
        tagged = []
        edited = []
        for cards in (changing, others):
            # Only notes with cards: nobody sees a tombstone that brought none.
            guids = sorted({guid for guid, _ in cards})
            tagged += guids[:_TOUCHED]
            edited += guids[_TOUCHED : 2 * _TOUCHED]
        # Learners change notes after one release and before the next.
        at = max((note.mod for note in old.edition.notes), default=0) + 1
        self._engine.tag(tagged, TAG, at)
        self._engine.edit(edited, NOTE, at)
        self._remember(tagged, edited, at)
        return _Activity(len(studied), frozenset(tagged + edited))

    def _remember(self, tagged: Sequence[str], edited: Sequence[str], at: int) -> None:
        notes = dict(self._collection.notes)
        for guid in tagged:
            tags = (*notes[guid].tags, TAG)
            notes[guid] = replace(notes[guid], mod=at, tags=tags)
        for guid in edited:
            *fields, last = notes[guid].fields
            fields.append(last + NOTE)
            notes[guid] = replace(notes[guid], mod=at, fields=tuple(fields))
        self._collection = replace(self._collection, notes=notes)

    def _import(self, package: Released, over: str, activity: _Activity) -> ImportStep:
        before = self._engine.state()
        forecast = import_edition(self._collection, package.edition)
        log = self._engine.import_package(package.path)
        after = self._engine.state()
        old = self._collection.notes
        new = forecast.collection.notes
        self._collection = forecast.collection
        where = package.name
        if over:
            where = f"{over} → {package.name}"
        failures = (
            *losses(before, after),
            *duplicates(after, forecast),
            *surprises(log, after, forecast, package.edition),
        )
        return ImportStep(
            over,
            package.name,
            log,
            forecast,
            sum(len(card.reviews) for card in after.cards.values()),
            activity.studied,
            activity.touched,
            frozenset(guid for guid in activity.touched if new[guid] != old[guid]),
            tuple(f"{where}: {failure}" for failure in failures),
        )


def _differing(old: Edition, new: Edition) -> frozenset[str]:
    new_notes = new.by_guid
    return frozenset(guid for guid, note in old.by_guid.items() if new_notes.get(guid) != note)
