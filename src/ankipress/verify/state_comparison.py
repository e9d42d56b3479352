"""A learner's collection after an import, compared with the one before and with the forecast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ankipress.diff.changes import media_names
from ankipress.diff.collection import CardKey, Imported, ImportOutcome
from ankipress.diff.edition import Edition
from ankipress.verify.engine import LearnerState, Log, as_stored

_LOGGED = {
    ImportOutcome.ADDED: "new",
    ImportOutcome.UPDATED: "updated",
    ImportOutcome.UNCHANGED: "duplicate",
    ImportOutcome.OUTDATED: "duplicate",
    ImportOutcome.BLOCKED: "conflicting",
}
_TAKEN = {ImportOutcome.ADDED, ImportOutcome.UPDATED, ImportOutcome.UNCHANGED}
_ANKIS_TAGS = {"leech", "marked"}  # Anki drops them from packages
_ANKIS_DECK = "default"  # every collection has it
_NOTHING = "nothing"

Fact = tuple[str, str]
"""Something that can be compared: what it is about, and how it is."""


def losses(before: LearnerState, after: LearnerState) -> Iterator[str]:
    """What a learner had and has lost, or has otherwise."""
    for guid in sorted(before.notes.keys() - after.notes.keys()):
        yield f"the note {guid} is lost"
    for key, card in sorted(before.cards.items()):
        now = after.cards.get(key)
        if now is None:
            yield f"{_card(key)} is lost"
        elif now.reviews != card.reviews:
            yield f"reviews of {_card(key)} are lost"
        elif now.scheduling != card.scheduling:
            yield f"{_card(key)} is scheduled otherwise"
    for name in sorted(before.media - after.media):
        yield f"the file {name} is lost"


def _card(key: CardKey) -> str:
    guid, ord = key
    return f"card {ord + 1} of the note {guid}"


def duplicates(after: LearnerState, forecast: Imported) -> Iterator[str]:
    """Notes of one guid, and cards that came under another guid than the learner has them."""
    for guid in sorted(after.twice):
        yield f"the note {guid} is there twice"
    kept = {}
    added = {}
    for guid, outcome in sorted(forecast.outcomes.items()):
        note = forecast.collection.notes[guid]
        question = note.note_type, note.fields[0]
        if outcome is ImportOutcome.ADDED:
            added[guid] = question
        elif outcome in {ImportOutcome.KEPT, ImportOutcome.BLOCKED}:
            kept[question] = guid
    for guid, question in added.items():
        if same := kept.get(question):
            keeps = f"asks what {same} asks, which the learner keeps"
            yield f"the note {guid} {keeps}: the card is there twice"


def surprises(
    log: Log,
    after: LearnerState,
    forecast: Imported,
    edition: Edition,
) -> Iterator[str]:
    """Where Anki did something else than was predicted."""
    taken = {guid for guid, outcome in forecast.outcomes.items() if outcome in _TAKEN}
    found = dict(_found(log, after, taken))
    predicted = dict(_predicted(forecast))
    for subject in sorted(found.keys() | predicted.keys()):
        one = found.get(subject, _NOTHING)
        other = predicted.get(subject, _NOTHING)
        if one != other:
            yield f"{subject} is “{one}”, and predicted was “{other}”"
    names: set[str] = set()
    for guid in taken:
        for text in forecast.collection.notes[guid].fields:
            names.update(media_names(text))
    for name in sorted(names & edition.media.keys() - after.media):
        yield f"the file {name} did not arrive"


def _found(log: Log, after: LearnerState, taken: set[str]) -> Iterator[Fact]:
    for word, guids in log.items():
        for guid in guids:
            yield _log(guid, word)
    for guid, (fields, tags) in after.notes.items():
        yield from _note(guid, fields, tags)
    for key, card in after.cards.items():
        yield _deck_of(key, card.deck)
    yield from _decks(after.decks)
    for key in after.empty:
        if key[0] in taken:
            yield _empty(key)


def _predicted(forecast: Imported) -> Iterator[Fact]:
    for guid, outcome in forecast.outcomes.items():
        if outcome in _LOGGED:
            yield _log(guid, _LOGGED[outcome])
    for guid, note in forecast.collection.notes.items():
        yield from _note(guid, note.fields, note.tags)
        for ord, deck in note.cards.items():
            yield _deck_of((guid, ord), deck)
    yield from _decks(forecast.collection.decks.values())
    for key in forecast.empty_cards:
        yield _empty(key)


def _log(guid: str, word: str) -> Fact:
    return f"Anki's word for the note {guid}", word


def _note(guid: str, fields: Iterable[str], tags: Iterable[str]) -> Iterator[Fact]:
    for number, text in enumerate(fields, 1):
        yield f"field {number} of the note {guid}", as_stored(text)
    names = {as_stored(tag).casefold() for tag in tags} - _ANKIS_TAGS
    yield f"the list of tags of the note {guid}", " ".join(sorted(names))


def _deck_of(key: CardKey, deck: str) -> Fact:
    return f"the deck of {_card(key)}", as_stored(deck).casefold()


def _decks(names: Iterable[str]) -> Iterator[Fact]:
    for name in names:
        deck = as_stored(name).casefold()
        if deck != _ANKIS_DECK:
            yield f"the deck {deck}", "there"


def _empty(key: CardKey) -> Fact:
    return _card(key), "empty"
