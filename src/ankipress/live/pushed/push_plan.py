"""What a push will do: the forecast of the import, and what must be known before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.diff.collection import Imported, ImportOutcome, import_edition
from ankipress.diff.edition import Edition
from ankipress.identity.stamping import own_tags
from ankipress.importing.imported_deck import ImportedNote
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.tag_merge import shared_tags
from ankipress.live.note_differences import AnkiDifferences, NoteCase, NoteDifference
from ankipress.live.pushed.collection_there import collection_there, restyled_types
from ankipress.live.pushed.push_target import ImportLog

_EDITED = frozenset({NoteCase.THERE, NoteCase.MERGED, NoteCase.CONFLICT})
_RETIRED = "retired::"  # a tag of ankipress on what is retired
_WORDS = {
    ImportOutcome.ADDED: "new",
    ImportOutcome.UPDATED: "updated",
    ImportOutcome.UNCHANGED: "duplicate",
    ImportOutcome.OUTDATED: "duplicate",
    ImportOutcome.BLOCKED: "conflicting",
}


@dataclass(frozen=True, slots=True)
class PushPlan:
    """The forecast of a push, and all that is told before it.

    `edition` is what is imported. `raised` are the guids of notes that are newer there for another
    reason than an edit, such as a tag: the package for this Anki has a newer time for them. `there`
    are the notes of the project that Anki has, by guid. `lost` are those whose edits there the
    import overwrites, and `left` those that were edited there and stay as they are. `absent` are
    those that were built before and are not there, where others are: the import adds them. `same`
    are the notes that look there as they were built. `retired` are those that are no more in the
    sources and still there. `twice` are guids that several notes there have. `media` are the files
    that are not there, `styled` the names of the note types whose templates or styles are updated.
    """

    edition: Edition
    forecast: Imported
    raised: frozenset[str]
    there: Mapping[str, ImportedNote]
    lost: Sequence[NoteDifference]
    left: Sequence[NoteDifference]
    absent: Sequence[NoteDifference]
    same: frozenset[str]
    retired: Sequence[ImportedNote]
    twice: Sequence[str]
    media: Sequence[str]
    styled: Sequence[str]
    remarks: Sequence[str]

    def counts(self) -> Counter[ImportOutcome]:
        """How many notes have each outcome; one that looks the same there is unchanged."""
        return Counter(self._outcome(guid) for guid in self.forecast.outcomes)

    def _outcome(self, guid: str) -> ImportOutcome:
        found = self.forecast.outcomes[guid]
        is_written = found in {ImportOutcome.UPDATED, ImportOutcome.OUTDATED}
        if is_written and guid in self.same:
            return ImportOutcome.UNCHANGED
        return found

    @property
    def changes_nothing(self) -> bool:
        """Whether an import would bring nothing that is not there."""
        counts = self.counts()
        notes = counts[ImportOutcome.ADDED] + counts[ImportOutcome.UPDATED]
        return not (notes or self.forecast.new_cards or self.media or self.styled)

    @property
    def decks_there(self) -> Sequence[str]:
        """The decks there in which notes of the project are."""
        return sorted({note.deck for note in self.there.values() if note.deck})

    def updated(self) -> Sequence[str]:
        """The guids of the notes that the import writes anew."""
        return sorted(_with_outcome(self.forecast, ImportOutcome.UPDATED))


def plan_push(
    edition: Edition,
    contents: AnkiContents,
    differences: AnkiDifferences,
    files_there: Collection[str],
    *,
    overwrites: bool = False,
) -> PushPlan:
    """The plan of an import of an edition into an Anki that it was compared with, and that has some
    files. With `overwrites`, what was edited there is overwritten.
    """
    there = notes_there(edition, contents)
    collection = collection_there(edition, contents, there)
    edited = {each.guid: each for each in differences.notes if each.case in _EDITED}
    changed = {each.guid for each in differences.of(NoteCase.HERE)}
    if overwrites:
        changed |= edited.keys()
    outdated = _with_outcome(import_edition(collection, edition), ImportOutcome.OUTDATED)
    raised = frozenset(changed & outdated)
    edition = _raised(edition, there, raised)
    forecast = import_edition(collection, edition)
    updated = _with_outcome(forecast, ImportOutcome.UPDATED)
    same = frozenset(each.guid for each in differences.of(NoteCase.SAME))
    return PushPlan(
        edition,
        forecast,
        raised,
        there,
        lost=[each for guid, each in edited.items() if guid in updated],
        left=[each for guid, each in edited.items() if guid not in updated],
        absent=_absent(differences, forecast, there),
        same=same,
        retired=_retired(edition, contents, there),
        twice=[each.guid for each in differences.of(NoteCase.TWICE)],
        media=sorted(edition.media.keys() - files_there),
        styled=restyled_types(collection, forecast, edition),
        remarks=differences.remarks,
    )


def surprises(plan: PushPlan, logs: Iterable[ImportLog]) -> Sequence[str]:
    """Where Anki says that it did something else than was predicted, a sentence each."""
    found = {guid: word for log in logs for word, guids in log.items() for guid in guids}
    told = []
    for guid, outcome in sorted(plan.forecast.outcomes.items()):
        word = _WORDS.get(outcome)
        said = found.get(guid, "nothing")
        if word is not None and said != word:
            told.append(f"the note {guid} is “{said}”, and predicted was “{word}”")
    return told


def not_arrived(plan: PushPlan, after: AnkiContents) -> Sequence[str]:
    """What was predicted and is not there after an import, a sentence each: for an Anki that says
    nothing of what it did.
    """
    there = notes_there(plan.edition, after)
    collection = collection_there(plan.edition, after, there)
    again = import_edition(collection, plan.edition).outcomes
    told = []
    for guid, outcome in sorted(plan.forecast.outcomes.items()):
        if outcome not in {ImportOutcome.ADDED, ImportOutcome.UPDATED}:
            continue
        if guid not in there and plan.edition.active(guid) is not None:
            told.append(f"the note {guid} did not arrive")
        elif again.get(guid) is ImportOutcome.UPDATED:
            told.append(f"the note {guid} was not updated")
    return told


def tool_tags(plan: PushPlan) -> Mapping[str, Sequence[str]]:
    """The tags that Anki and other tools have put on the notes that are updated, by guid: an update
    takes all tags off.
    """
    found = {}
    for guid in plan.updated():
        tags = own_tags(plan.there[guid].tags)
        meant = frozenset(shared_tags(tags))
        kept = [tag for tag in tags if tag not in meant and not tag.startswith(_RETIRED)]
        if kept:
            found[guid] = kept
    return found


def notes_there(edition: Edition, contents: AnkiContents) -> Mapping[str, ImportedNote]:
    """The notes of the project that an Anki has. Of two with one guid the first counts."""
    remembered: list[str] = []
    if edition.lock is not None:
        remembered = [each.guid for each in edition.lock.packed]
    ours = frozenset((*edition.by_guid, *remembered))
    found: dict[str, ImportedNote] = {}
    for note in contents.deck.notes:
        if note.guid in ours:
            found.setdefault(note.guid, note)
    return found


def _raised(
    edition: Edition,
    there: Mapping[str, ImportedNote],
    guids: Collection[str],
) -> Edition:
    """The edition with a newer time for some notes than an Anki has for them."""
    if not guids:
        return edition
    notes = []
    for note in edition.notes:
        if note.guid in guids:
            mod = there[note.guid].mod or 0
            notes.append(replace(note, mod=max(note.mod, mod + 1)))
        else:
            notes.append(note)
    return replace(edition, notes=tuple(notes))


def _absent(
    differences: AnkiDifferences,
    forecast: Imported,
    there: Mapping[str, ImportedNote],
) -> Sequence[NoteDifference]:
    """The notes that were built before and come as new ones; none where nothing was pushed yet."""
    if not there:
        return ()
    added = _with_outcome(forecast, ImportOutcome.ADDED)
    return [each for each in differences.of(NoteCase.ABSENT) if each.guid in added]


def _with_outcome(forecast: Imported, wanted: ImportOutcome) -> frozenset[str]:
    found = forecast.outcomes.items()
    return frozenset(guid for guid, outcome in found if outcome is wanted)


def _retired(
    edition: Edition,
    contents: AnkiContents,
    there: Mapping[str, ImportedNote],
) -> Sequence[ImportedNote]:
    """The retired notes that have cards there, also those of which a tombstone tells. A note of a
    note type that the project never had is none of them, whatever its guid is.
    """
    known = {each.id for each in edition.note_types.values()}
    if edition.lock is not None:
        known.update(each.id for each in edition.lock.note_types.values())
    types = contents.deck.note_types
    found = []
    for guid, note in there.items():
        is_ours = types[note.note_type].id in known
        if is_ours and guid in edition.retired and note.ords != ():
            found.append(note)
    return found
