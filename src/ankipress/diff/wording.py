"""A difference in words: what every format shows, each in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diff.changes import Change, NoteChange, media_names, text_of, without_digests
from ankipress.diff.collection import Outcome
from ankipress.diff.difference import Bump, Difference
from ankipress.diff.edition import Edition
from ankipress.diff.marked_words import Marked, mark_words
from ankipress.diff.versions import is_too_small, next_version
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
"""What stands above the notes that differ in a way. A note stands once, under the first of its ways
in this order.
"""


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """A field, or another property, of a note on both sides, with the words marked that differ."""

    name: str
    old: Marked
    new: Marked


def grouped(difference: Difference) -> Iterator[tuple[Change, Sequence[NoteChange]]]:
    """The notes that differ, each under the way that says most; a card that is another note now
    stands once.
    """
    groups: dict[Change, list[NoteChange]] = {each: [] for each in TITLES}
    for change in difference.changes:
        if change.counterpart is None:
            groups[change.what[0]].append(change)
        elif change.new:  # the note that it was stands beside it
            groups[Change.KIND].append(change)
    yield from ((change, notes) for change, notes in groups.items() if notes)


def field_texts(change: NoteChange, difference: Difference) -> tuple[FieldTexts, ...]:
    """What is told of a note: what differs; of one that is new or gone its question and its answer."""
    old, new = _values(change.old, difference.old), _values(change.new, difference.new)
    if change.old is None and change.counterpart:
        old = _values(difference.old.by_guid.get(change.counterpart), difference.old)
    if change.old is None or change.new is None:
        names = [*list(new or old)[:1], *(["Back"] if "Back" in (new or old) else [])]
        if change.counterpart and change.old is None:
            names = [
                name
                for name in dict.fromkeys((*old, *new))
                if text_of(old.get(name, "")) or text_of(new.get(name, ""))
            ]
            names = [name for name in names if name in {"Front", "Back", "Text", "Extra", "Hint"}]
    else:
        names = list(change.fields)
    rows = [_texts(name, *_told(old.get(name, ""), new.get(name, ""))) for name in names]
    if change.old and change.new:
        rows += [
            _texts(name, *values) for name, values in _properties(change, change.old, change.new)
        ]
    return tuple(row for row in rows if row.old or row.new)


def _told(old: str, new: str) -> tuple[str, str]:
    """A field on both sides as it is told of: its words; its HTML where these are the same; nothing
    for media alone.
    """
    texts = text_of(old), text_of(new)
    if old == new or texts[0] != texts[1]:
        return texts
    pages = without_digests(old), without_digests(new)
    return ("", "") if pages[0] == pages[1] else pages


def _texts(name: str, old: str, new: str) -> FieldTexts:
    return FieldTexts(name, *mark_words(old, new))


def _values(note: PackedNote | None, edition: Edition) -> Mapping[str, str]:
    if note is None:
        return {}
    return dict(zip(edition.note_types[note.note_type].field_names, note.fields, strict=False))


def _properties(
    change: NoteChange, old: PackedNote, new: PackedNote
) -> Iterator[tuple[str, tuple[str, str]]]:
    if own_tags(old.tags) != own_tags(new.tags):
        yield "tags", (" ".join(own_tags(old.tags)), " ".join(own_tags(new.tags)))
    if Change.MOVED in change.what:
        yield "deck", (old.deck, new.deck)
    if old.ords != new.ords:
        yield "cards", (_numbers(old.ords), _numbers(new.ords))
    if change.kinds[0] != change.kinds[1]:
        yield "kind", change.kinds
    if Change.MEDIA in change.what:
        yield "media", (_media(old), _media(new))


def _media(note: PackedNote) -> str:
    return " ".join(dict.fromkeys(name for text in note.fields for name in media_names(text)))


def _numbers(ords: Sequence[int]) -> str:
    return ", ".join(str(ord + 1) for ord in ords)


def counted(number: int, one: str, many: str = "") -> str:
    """Such as `1 card` and `2 cards`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def forecast_lines(difference: Difference) -> tuple[str, ...]:
    """What Anki does for a learner who has the old edition and imports the new one, a sentence
    each.
    """
    return tuple(line for tell in _FORECASTS for line in tell(difference))


def _outcome(outcome: Outcome, text: str) -> Callable[[Difference], Iterator[str]]:
    def tell(difference: Difference) -> Iterator[str]:
        if number := difference.counts().get(outcome):
            yield f"{number} {text}"

    return tell


def _other_kinds(difference: Difference) -> Iterator[str]:
    kinds = Counter(
        each.kinds for each in difference.changes if Change.KIND in each.what and each.old is None
    )
    for (old, new), number in sorted(kinds.items()):
        lingers = "the old card lingers" if number == 1 else "the old cards linger"
        yield f"{number} of the new ones without the reviews of before: was {old}, is {new}; {lingers}"


def _blocked(difference: Difference) -> Iterator[str]:
    number = difference.counts().get(Outcome.BLOCKED)
    if not number:
        return
    kinds = sorted(
        {
            each.kinds
            for each in difference.changes
            if Change.KIND in each.what and each.new and each.old
        }
    )
    why = (
        "; ".join(f"was {old}, is {new}" for old, new in kinds)
        or "the note type has another schema"
    )
    yield f"{number} blocked: {why}; Anki skips {'it' if number == 1 else 'them'}"


def _buried(difference: Difference) -> Iterator[str]:
    outcomes = difference.forecast.outcomes
    if number := sum(
        outcomes.get(each.guid) is Outcome.UPDATED
        for each in difference.with_change(Change.RETIRED)
    ):
        yield f"{number} retired with a tombstone: updated to say so, the cards stay"


def _lingering(difference: Difference) -> Iterator[str]:
    if number := difference.counts().get(Outcome.LINGERS):
        yield f"{number} retired: will linger"


def _decks(difference: Difference) -> Iterator[str]:
    if difference.renames:
        yield f"{counted(len(difference.renames), 'deck')} renamed: existing cards stay where they are"
    renamed = {each.new.casefold() for each in difference.renames}
    added = [name for name in difference.new_decks if name.casefold() not in renamed]
    if added:
        yield f"{counted(len(added), 'deck')} new: {', '.join(added)}"
    guids = {guid for guid, _ in difference.forecast.elsewhere}
    renamed_notes = sum(each.notes for each in difference.renames)
    if len(guids) > renamed_notes:
        yield f"{counted(len(guids) - renamed_notes, 'note')} moved to another deck: existing cards stay where they are"


def _cards(difference: Difference) -> Iterator[str]:
    if number := len(difference.forecast.new_cards):
        yield f"{counted(number, 'new card')} of notes that are there"
    if number := len(difference.forecast.empty_cards):
        yield f"{counted(number, 'card')} left empty: “Empty Cards…” in Anki's menu deletes {'it' if number == 1 else 'them'}"


def _types(difference: Difference) -> Iterator[str]:
    texts = sum("texts" in each.what for each in difference.note_types)
    if texts:
        yield f"templates and styles of {counted(texts, 'note type')} replaced"
    if copies := difference.forecast.copied:
        yield f"{counted(len(copies), 'note type')} copied under a name with “+”: its schema is another one"


def _drift(difference: Difference) -> Iterator[str]:
    outcomes = difference.forecast.outcomes
    for each in (difference.new.drift, difference.old.drift):
        number = sum(outcomes.get(guid) is Outcome.UPDATED for guid in each.guids)
        if number:
            yield f"{number} of the updated ones though their source did not change: {each.cause}"
            return


_FORECASTS: Sequence[Callable[[Difference], Iterator[str]]] = (
    _outcome(Outcome.ADDED, "new"),
    _outcome(Outcome.UPDATED, "updated, reviews kept"),
    _drift,
    _blocked,
    _other_kinds,
    _decks,
    _buried,
    _lingering,
    _outcome(
        Outcome.OUTDATED, "left as the learner has it: changed, but with a mod that is not newer"
    ),
    _cards,
    _types,
    _outcome(Outcome.UNCHANGED, "unchanged"),
)


def version_line(difference: Difference) -> str:
    """Which version the new edition needs, and why."""
    old, new, bump = difference.old.version, difference.new.version, difference.bump
    if bump is Bump.NONE:
        return "nothing that a learner would notice"
    why = f"{bump.name.lower()}: {'; '.join(difference.reasons)}"
    if not old:
        return why
    needed = next_version(old, bump)
    verdict = f"; {new} is too small" if new and is_too_small(new, old, bump) else ""
    return f"at least {needed}, {why}{verdict}"


def title(difference: Difference) -> str:
    """Both editions with their versions."""
    name = difference.new.name or difference.old.name
    sides = (
        f"{each.version} ({each.label})" if each.version else each.label
        for each in (difference.old, difference.new)
    )
    return f"{name}: {' → '.join(sides)}"
