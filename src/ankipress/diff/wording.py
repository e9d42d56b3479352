"""A difference in words, which every format shows in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Location, counted
from ankipress.diff.changes import Change, NoteChange, media_names, text_of, without_digests
from ankipress.diff.collection import ImportOutcome
from ankipress.diff.difference import Difference
from ankipress.diff.marked_words import Marked, mark_words
from ankipress.diff.version_steps import Bump, next_version
from ankipress.identity.stamping import own_tags
from ankipress.model import PackedNote

TITLES: Mapping[Change, str] = {
    Change.NEW: "New",
    Change.RETURNED: "Back again",
    Change.RETIRED: "Retired",
    Change.KIND: "Another kind of card",
    Change.REWORDED: "Reworded",
    Change.ANSWER: "Answer changed",
    Change.DETAILS: "Hint, extra, source or another field changed",
    Change.MEDIA: "Pictures or sounds changed",
    Change.LOOK: "The same words, looking different",
    Change.TAGS: "Tags changed",
    Change.CARDS: "Other cards of the same note",
    Change.MOVED: "Moved to another deck",
    Change.STAMPED: "Stamped anew, with nothing changed",
}
"""The title above the notes that differ in a way. A note is listed once, under the first of its
ways in this order.
"""

# What is shown of a card that is of another kind, and so another note with other fields.
_MAIN_FIELDS = frozenset(["Front", "Back", "Text", "Extra", "Hint"])


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """A field, or another property, of a note on both sides, with the differing words marked."""

    name: str
    old: Marked
    new: Marked


def grouped(difference: Difference) -> Iterator[tuple[Change, Sequence[NoteChange]]]:
    """The notes that differ by their most important change.

    A card of another kind, which is two notes, is listed once.
    """
    groups: dict[Change, list[NoteChange]] = {each: [] for each in TITLES}
    for change in difference.changes:
        if change.counterpart is None:
            groups[change.what[0]].append(change)
        elif change.new:
            groups[Change.KIND].append(change)
    for way, notes in groups.items():
        if notes:
            yield way, notes


def group_title(way: Change, notes: Sequence[NoteChange]) -> str:
    """Such as `Retired: 2 notes`."""
    return f"{TITLES[way]}: {counted(len(notes), 'note')}"


def place_text(place: Location) -> str:
    """Such as `cards.md:12`."""
    if place.line:
        return f"{place.path}:{place.line}"
    return place.path


def notices(difference: Difference) -> Iterator[tuple[str, str]]:
    """What differs besides the notes: a label and a text each."""
    for rename in difference.renames:
        yield "Deck renamed", f"{rename.old} → {rename.new}"
    for note_type in difference.note_types:
        yield "Note type", f"{note_type.name}: {', '.join(note_type.what)}"
    for case in difference.new.unclear:
        card = f"{place_text(case.note.entry.location)} {case.note.question}"
        may_be = "; ".join(f"{each.guid} {each.question}" for each in case.candidates)
        yield "Unclear", f"{card} (new until `ankipress ids` says what it is; may be {may_be})"


def field_texts(change: NoteChange, difference: Difference) -> list[FieldTexts]:
    """What differs in a note; of a new or retired one its question and its answer."""
    before = difference.before(change)
    now = change.new
    old = difference.old.values(before)
    new = difference.new.values(now)
    rows = [
        (name, *_shown_texts(old.get(name, ""), new.get(name, "")))
        for name in _fields_to_show(change, old, new)
    ]
    if change.old and change.new:
        rows += _properties(change, change.old, change.new)
    return [FieldTexts(name, *mark_words(*texts)) for name, *texts in rows if any(texts)]


def _fields_to_show(
    change: NoteChange, old: Mapping[str, str], new: Mapping[str, str]
) -> Sequence[str]:
    if change.old and change.new:
        return change.fields
    if change.new and change.counterpart:
        names = [name for name in dict.fromkeys((*old, *new)) if name in _MAIN_FIELDS]
        return [name for name in names if text_of(old.get(name, "") + new.get(name, ""))]
    fields = new or old
    question = next(iter(fields), "")
    return [name for name in fields if name in {question, "Back"}]


def _shown_texts(old: str, new: str) -> tuple[str, str]:
    """A field on both sides: its words; its HTML if the words are the same; nothing for media."""
    texts = text_of(old), text_of(new)
    if old == new or texts[0] != texts[1]:
        return texts
    pages = without_digests(old), without_digests(new)
    if pages[0] == pages[1]:
        return "", ""
    return pages


def _properties(
    change: NoteChange, old: PackedNote, new: PackedNote
) -> Iterator[tuple[str, str, str]]:
    tags = own_tags(old.tags), own_tags(new.tags)
    if tags[0] != tags[1]:
        yield "tags", " ".join(tags[0]), " ".join(tags[1])
    if Change.MOVED in change.what:
        yield "deck", old.deck, new.deck
    if old.ords != new.ords:
        yield "cards", _numbers(old.ords), _numbers(new.ords)
    if change.kinds[0] != change.kinds[1]:
        yield "kind", *change.kinds
    if Change.MEDIA in change.what:
        yield "media", _media(old), _media(new)


def _media(note: PackedNote) -> str:
    names = [name for text in note.fields for name in media_names(text)]
    return " ".join(dict.fromkeys(names))


def _numbers(ords: Sequence[int]) -> str:
    return ", ".join(str(ord + 1) for ord in ords)


def forecast_lines(difference: Difference) -> list[str]:
    """What Anki does for a learner who imports the new edition over the old, a sentence each."""
    return list(_forecast(difference))


def _forecast(difference: Difference) -> Iterator[str]:
    counts = difference.counts()
    if counts[ImportOutcome.ADDED]:
        yield f"{counts[ImportOutcome.ADDED]} new"
    if counts[ImportOutcome.UPDATED]:
        yield f"{counts[ImportOutcome.UPDATED]} updated, reviews kept"
    yield from _drift(difference)
    yield from _blocked(difference)
    yield from _other_kinds(difference)
    yield from _decks(difference)
    if number := difference.retired_by_update():
        yield f"{number} retired with a tombstone: updated to say so, the cards stay"
    if counts[ImportOutcome.KEPT]:
        yield f"{counts[ImportOutcome.KEPT]} retired: Anki keeps {_it(counts[ImportOutcome.KEPT])}"
    if counts[ImportOutcome.OUTDATED]:
        number = counts[ImportOutcome.OUTDATED]
        yield f"{number} left as the learner has it: changed, but with a mod that is not newer"
    yield from _cards(difference)
    yield from _note_types(difference)
    if counts[ImportOutcome.UNCHANGED]:
        yield f"{counts[ImportOutcome.UNCHANGED]} unchanged"


def _it(number: int) -> str:
    if number == 1:
        return "it"
    return "them"


def _drift(difference: Difference) -> Iterator[str]:
    outcomes = difference.forecast.outcomes
    for drift in (difference.new.drift, difference.old.drift):
        number = sum(outcomes.get(guid) is ImportOutcome.UPDATED for guid in drift.guids)
        if number:
            yield f"{number} of the updated ones though their source did not change: {drift.cause}"
            return


def _blocked(difference: Difference) -> Iterator[str]:
    number = difference.counts()[ImportOutcome.BLOCKED]
    if not number:
        return
    kinds = {each.kinds for each in difference.with_change(Change.KIND) if each.old and each.new}
    reasons = [f"was {old}, is {new}" for old, new in sorted(kinds)]
    why = "; ".join(reasons) or "the note type has another schema"
    yield f"{number} blocked: {why}; Anki skips {_it(number)}"


def _other_kinds(difference: Difference) -> Iterator[str]:
    changes = difference.with_change(Change.KIND)
    kinds = Counter(each.kinds for each in changes if each.old is None)
    for (old, new), number in sorted(kinds.items()):
        keeps = f"Anki keeps the old card{'s' * (number != 1)}"
        kinds_text = f"was {old}, is {new}"
        yield f"{number} of the new ones without the reviews of before: {kinds_text}; {keeps}"


def _decks(difference: Difference) -> Iterator[str]:
    stay = "existing cards stay where they are"
    if difference.renames:
        yield f"{counted(len(difference.renames), 'deck')} renamed: {stay}"
    added = difference.added_decks()
    if added:
        yield f"{counted(len(added), 'deck')} new: {', '.join(added)}"
    guids = {guid for guid, _ in difference.forecast.elsewhere}
    moved = len(guids) - sum(each.notes for each in difference.renames)
    if moved > 0:
        yield f"{counted(moved, 'note')} moved to another deck: {stay}"


def _cards(difference: Difference) -> Iterator[str]:
    if number := len(difference.forecast.new_cards):
        yield f"{counted(number, 'new card')} of notes that are there"
    if number := len(difference.forecast.empty_cards):
        deletes = f"“Empty Cards…” in Anki's menu deletes {_it(number)}"
        yield f"{counted(number, 'card')} left empty: {deletes}"


def _note_types(difference: Difference) -> Iterator[str]:
    if number := sum("texts" in each.what for each in difference.note_types):
        yield f"templates and styles of {counted(number, 'note type')} replaced"
    if number := len(difference.forecast.copied):
        why = "its schema is another one"
        yield f"{counted(number, 'note type')} copied under a name with “+”: {why}"


def version_line(difference: Difference) -> str:
    """Which version the new edition needs, and why."""
    old = difference.old.version
    new = difference.new.version
    bump = difference.bump
    if bump is Bump.NONE:
        return "nothing that a learner would notice"
    why = bump_reasons(difference)
    if not old:
        return why
    line = f"at least {next_version(old, bump)}, {why}"
    if difference.has_too_small_version:
        line += f"; {new} is too small"
    return line


def bump_reasons(difference: Difference) -> str:
    """Such as `minor: 2 new`."""
    return f"{difference.bump.name.lower()}: {'; '.join(difference.reasons)}"


def title(difference: Difference) -> str:
    """Both editions with their versions."""
    name = difference.new.name or difference.old.name
    sides = []
    for edition in (difference.old, difference.new):
        side = edition.label
        if edition.version:
            side = f"{edition.version} ({edition.label})"
        sides.append(side)
    return f"{name}: {' → '.join(sides)}"
