"""The notes of an imported deck as a lock can hold them: each guid once, in characters it knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ankipress.diagnostics import counted
from ankipress.importing.anki_media import with_anki_media
from ankipress.importing.deck_files import decks_of_project
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote
from ankipress.syntax.kept_text import kept_text

_GUID = re.compile(r"[!-~]{1,64}")
_OF_LEARNERS = frozenset({"leech", "marked"})  # Anki takes them off at an import


def with_accepted_notes(deck: ImportedDeck, project: str) -> ImportedDeck:
    """A deck with the notes that a project can hold, and warnings on what became of the others.

    The deck that every collection has gets the name of the project.
    """
    notes = _with_decks(deck.notes)
    decks = decks_of_project((note.deck for note in notes), project)
    accepter = _Accepter(decks)
    notes = tuple(accepter.accept(notes))
    accepted = replace(deck, notes=notes, warnings=(*deck.warnings, *accepter.warnings()))
    return with_anki_media(accepted)


def _with_decks(notes: tuple[ImportedNote, ...]) -> tuple[ImportedNote, ...]:
    """Notes of which those without cards are in the deck of most notes of their type."""
    counts: dict[int, Counter[str]] = {}
    for note in notes:
        if note.deck:
            counts.setdefault(note.note_type, Counter())[note.deck] += 1
    decks = {number: each.most_common(1)[0][0] for number, each in counts.items()}
    return tuple(
        note if note.deck else replace(note, deck=decks.get(note.note_type, "")) for note in notes
    )


@dataclass(slots=True)
class _Accepter:
    decks: Mapping[str, str]
    same: int = 0
    twice: int = 0
    strange: int = 0
    marked: int = 0

    def accept(self, notes: tuple[ImportedNote, ...]) -> Iterator[ImportedNote]:
        normal = [self._normal(each) for each in notes]
        # Of two with one guid, Anki updates the one with the higher id.
        updated: dict[str, ImportedNote] = {}
        for note in normal:
            other = updated.setdefault(note.guid, note)
            if (note.note_id or 0) > (other.note_id or 0):
                updated[note.guid] = note
        for note in normal:
            other = updated[note.guid]
            is_plain = other is note and _GUID.fullmatch(note.guid)
            if is_plain or not note.guid:
                yield note
            elif other is note:
                self.strange += 1
                yield replace(note, guid="")
            elif (other.note_type, other.fields) == (note.note_type, note.fields):
                self.same += 1
            else:
                self.twice += 1
                yield replace(note, guid="", is_draft=True)

    def _normal(self, note: ImportedNote) -> ImportedNote:
        """A note as Anki stores it when it is imported."""
        tags = tuple(_normal_tag(tag) for tag in note.tags if tag.lower() not in _OF_LEARNERS)
        self.marked += len(tags) < len(note.tags)
        return replace(
            note,
            deck=self.decks[note.deck],
            tags=tuple(dict.fromkeys(tags)),
            fields=tuple(map(kept_text, note.fields)),
        )

    def warnings(self) -> Iterator[str]:
        for deck, name in self.decks.items():
            if deck and "".join(deck.split()) != "".join(name.split()):
                yield f'the deck "{deck}" is "{name}" here; cards that learners have stay in theirs'
        if self.same:
            same = counted(self.same, "note")
            yield f"{same} with the guid and the text of another one: left out"
        if self.twice:
            yield (
                f"{counted(self.twice, 'note')} with the guid of another one, of which Anki updates"
                " one only: drafts here, which no package holds until you take out the word `draft`"
            )
        if self.strange:
            yield (
                f"{counted(self.strange, 'note')} with a guid that is no plain word: these come as"
                " new notes"
            )
        if self.marked:
            yield f"the tags leech and marked of {counted(self.marked, 'note')}: Anki imports none"


def _normal_tag(tag: str) -> str:
    """A tag with a word for each part of it that has none."""
    return "::".join(part or "blank" for part in kept_text(tag).split("::"))
