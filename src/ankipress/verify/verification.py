"""Packages in the order of their release → what a learner sees who imports them one after another,
beside what was foretold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ankipress.diff.collection import Collection, Imported, import_edition
from ankipress.diff.edition import Edition
from ankipress.verify.comparison import duplicates, losses, surprises
from ankipress.verify.engine import Engine, Log

_STUDIED = 300  # cards that change in no way, and are studied all the same
# Notes that are tagged, and as many that are edited, among those that change, and among the others.
_TOUCHED = 3
TAG = "my-own-tag"
NOTE = "<br>my own words"


@dataclass(frozen=True, slots=True)
class Released:
    """A package on disk, and what is in it."""

    path: Path
    edition: Edition


@dataclass(frozen=True, slots=True)
class Step:
    """An import: of which package over which, what the learner had done before, what Anki did, and
    what was foretold.

    `reviews` is the number of rows in the review log. `replaced` are guids of notes on which the
    learner's own tags or words were replaced, as every update does. `failures` say what must not
    happen, a sentence each.
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
    """What was seen in one version of Anki. `steps` are those of every learner: one imports each
    package, one skips.
    """

    anki: str
    steps: tuple[Step, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """All that must not happen."""
        return tuple(failure for step in self.steps for failure in step.failures)


def verify(packages: Sequence[Released], folder: Path, now: int) -> Verification:
    """Let one learner import all packages in turn, and another the first and the last; in a folder
    that is empty.

    `now` is the time, in seconds since 1970. Raises NoEngineError.
    """
    steps: list[Step] = []
    version = ""
    ways = [packages, *([(packages[0], packages[-1])] if len(packages) > 2 else [])]
    for number, way in enumerate(ways):
        with Engine(folder / f"learner {number + 1}") as engine:
            steps += _Learner(engine, now).imports(way)
            version = engine.version
    return Verification(version, tuple(steps))


class _Learner:
    """Imports, studies, tags and edits, and compares."""

    def __init__(self, engine: Engine, now: int) -> None:
        self._engine, self._now = engine, now
        self._collection = Collection()

    def imports(self, packages: Sequence[Released]) -> Iterator[Step]:
        before = ""
        for number, package in enumerate(packages):
            touched, studied = (
                (frozenset[str](), 0) if not number else self._live(packages[number - 1], package)
            )
            yield self._import(package, before, touched, studied)
            before = _name(package)

    def _live(self, has: Released, comes: Released) -> tuple[frozenset[str], int]:
        """Study, tag and edit, between two releases: first what will change, so that there is
        something to lose.
        """
        state = self._engine.state()
        differing = _differing(has.edition, comes.edition)
        first = [key for key in sorted(state.cards) if key[0] in differing]
        cards = [
            *first,
            *[key for key in sorted(state.cards) if key[0] not in differing][:_STUDIED],
        ]
        self._engine.answer(cards)
        seen = {guid for guid, _ in state.cards}  # nobody edits a tombstone that brought no card
        changing, others = [
            sorted(guid for guid in seen if (guid in differing) is wanted)
            for wanted in (True, False)
        ]
        # What learners do happens after one release and before the next: later than all that they
        # have.
        at = max((note.mod for note in has.edition.notes), default=0) + 1
        tagged = [*changing[:_TOUCHED], *others[:_TOUCHED]]
        edited = [*changing[_TOUCHED : 2 * _TOUCHED], *others[_TOUCHED : 2 * _TOUCHED]]
        self._engine.tag(tagged, TAG, at)
        self._engine.edit(edited, NOTE, at)
        self._remember(tagged, edited, at)
        return frozenset([*tagged, *edited]), len(cards)

    def _remember(self, tagged: Iterable[str], edited: Iterable[str], at: int) -> None:
        notes = dict(self._collection.notes)
        for guid in tagged:
            notes[guid] = replace(notes[guid], mod=at, tags=(*notes[guid].tags, TAG))
        for guid in edited:
            fields = notes[guid].fields
            notes[guid] = replace(notes[guid], mod=at, fields=(*fields[:-1], fields[-1] + NOTE))
        self._collection = replace(self._collection, notes=notes)

    def _import(self, package: Released, over: str, touched: frozenset[str], studied: int) -> Step:
        had, before = self._collection, self._engine.state()
        at = self._now if self._engine.stamps_imports else None
        forecast = import_edition(had, package.edition, at)
        log = self._engine.import_package(package.path)
        after = self._engine.state()
        self._collection = forecast.collection
        replaced = frozenset(
            guid for guid in touched if forecast.collection.notes[guid] != had.notes[guid]
        )
        failures = (
            *losses(before, after),
            *duplicates(after, forecast),
            *surprises(log, after, forecast, package.edition),
        )
        reviews = sum(len(card.reviews) for card in after.cards.values())
        where = f"{over} → {_name(package)}" if over else _name(package)
        told = tuple(f"{where}: {failure}" for failure in failures)
        return Step(over, _name(package), log, forecast, reviews, studied, touched, replaced, told)


def _name(package: Released) -> str:
    return package.edition.version or package.path.name


def _differing(old: Edition, new: Edition) -> frozenset[str]:
    olds, news = old.by_guid, new.by_guid
    return frozenset(guid for guid, note in olds.items() if news.get(guid) != note)
