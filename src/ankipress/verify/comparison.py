"""A learner's collection before and after an import, beside what was foretold: what must not be, a
sentence each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ankipress.diff.changes import media_names
from ankipress.diff.collection import Imported, Outcome
from ankipress.diff.edition import Edition
from ankipress.verify.engine import CardKey, Log, State, as_stored


def losses(before: State, after: State) -> Iterator[str]:
    """What a learner had and has not any more, or otherwise."""
    for guid in sorted(before.notes.keys() - after.notes.keys()):
        yield f"the note {guid} is lost"
    for key, card in sorted(before.cards.items()):
        now = after.cards.get(key)
        if now is None:
            yield f"card {key[1] + 1} of the note {key[0]} is lost"
        elif now.reviews != card.reviews:
            yield f"reviews of card {key[1] + 1} of the note {key[0]} are lost"
        elif now.scheduling != card.scheduling:
            yield f"card {key[1] + 1} of the note {key[0]} is scheduled otherwise"
    for name in sorted(before.media - after.media):
        yield f"the file {name} is lost"


def duplicates(after: State, forecast: Imported) -> Iterator[str]:
    """What is there twice: notes of one guid, and a card that came under another guid than the
    learner has it.
    """
    for guid in sorted(after.twice):
        yield f"the note {guid} is there twice"
    notes, outcomes = forecast.collection.notes, forecast.outcomes
    kept = {
        (note.note_type, note.fields[0]): guid
        for guid, note in sorted(notes.items())
        if outcomes.get(guid) in {Outcome.KEPT, Outcome.BLOCKED}
    }
    for guid, outcome in sorted(outcomes.items()):
        note = notes[guid]
        same = kept.get((note.note_type, note.fields[0])) if outcome is Outcome.ADDED else None
        if same:
            yield f"the note {guid} asks what {same} asks, which the learner keeps: the card is there twice"


def surprises(log: Log, after: State, forecast: Imported, edition: Edition) -> Iterator[str]:
    """Where Anki did something else than was foretold."""
    for guid in sorted(after.notes.keys() - forecast.collection.notes.keys()):
        yield f"the note {guid} came from nowhere"
    yield from _otherwise(log, forecast)
    yield from _other_content(after, forecast, edition)


_LOGGED = {
    Outcome.ADDED: "new",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "duplicate",
    Outcome.OUTDATED: "duplicate",
    Outcome.BLOCKED: "conflicting",
}


def _otherwise(log: Log, forecast: Imported) -> Iterator[str]:
    """Where Anki did something else with a note than was foretold."""
    foretold: dict[str, set[str]] = {name: set() for name in Log.__slots__}
    for guid, outcome in forecast.outcomes.items():
        if outcome in _LOGGED:
            foretold[_LOGGED[outcome]].add(guid)
    for name, guids in foretold.items():
        seen: frozenset[str] = getattr(log, name)
        for guid in sorted(seen - guids):
            known = forecast.outcomes.get(guid)
            yield f"Anki says of the note {guid} “{name}”, and foretold was “{known.value if known else 'nothing'}”"
        for guid in sorted(guids - seen):
            if not any(guid in getattr(log, other) for other in Log.__slots__):
                yield f"Anki says nothing of the note {guid}, and foretold was “{forecast.outcomes[guid].value}”"


def _other_content(after: State, forecast: Imported, edition: Edition) -> Iterator[str]:
    """Where the collection holds something else than was foretold."""
    decks: dict[str, dict[int, str]] = {}
    for (guid, ord), card in after.cards.items():
        decks.setdefault(guid, {})[ord] = card.deck
    for guid, held in sorted(forecast.collection.notes.items()):
        if guid not in after.notes:
            yield f"the note {guid} is not there"
            continue
        fields, tags = after.notes[guid]
        if fields != tuple(map(as_stored, held.fields)):
            yield f"the fields of the note {guid} are not what was foretold"
        if _tags(tags) != _tags(held.tags):
            yield f"the tags of the note {guid} are {' '.join(tags) or 'none'}, and foretold were {' '.join(held.tags) or 'none'}"
        yield from _other_cards(guid, decks.get(guid, {}), held.cards)
    yield from _other_collection(after, forecast, edition)


def _tags(tags: Iterable[str]) -> frozenset[str]:
    """Tags as Anki compares them; two of its own it drops from packages."""
    return frozenset(as_stored(tag).casefold() for tag in tags) - {"leech", "marked"}


def _other_cards(guid: str, seen: Mapping[int, str], foretold: Mapping[int, str]) -> Iterator[str]:
    for ord in sorted({*seen, *foretold}):
        if ord not in seen:
            yield f"card {ord + 1} of the note {guid} is missing"
        elif ord not in foretold:
            yield f"card {ord + 1} of the note {guid} came from nowhere"
        elif as_stored(foretold[ord]).casefold() != seen[ord].casefold():
            yield f"card {ord + 1} of the note {guid} is in {seen[ord]}, and foretold was {foretold[ord]}"


def _other_collection(after: State, forecast: Imported, edition: Edition) -> Iterator[str]:
    decks = {as_stored(name).casefold() for name in forecast.collection.decks.values()} | {
        "default"
    }
    seen = {name.casefold() for name in after.decks}
    for name in sorted(seen ^ decks - {"default"}):
        if name != "default":
            yield f"the deck {name} is {'there' if name in seen else 'not there'}, which was not foretold"
    foretold = forecast.empty_cards
    asked = {
        guid
        for guid, outcome in forecast.outcomes.items()
        if outcome in {Outcome.UPDATED, Outcome.UNCHANGED, Outcome.ADDED}
    }
    empty: frozenset[CardKey] = frozenset(key for key in after.empty if key[0] in asked)
    for guid, ord in sorted(empty ^ foretold):
        yield f"card {ord + 1} of the note {guid} is {'' if (guid, ord) in empty else 'not '}empty, which was not foretold"
    names = {
        name
        for guid in asked
        for field in forecast.collection.notes[guid].fields
        for name in media_names(field)
    }
    for name in sorted(names & edition.media.keys() - after.media):
        yield f"the file {name} did not arrive"
