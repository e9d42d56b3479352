"""Entries + lock → notes: every card gets the guid it had, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from ankipress.diagnostics import Diagnostic, Location
from ankipress.identity.explicit import MOVED, claimed, contested, doubted
from ankipress.identity.fingerprint import Trace
from ankipress.identity.ids import make_guids, make_note_id, make_uid
from ankipress.identity.match import Matching, match
from ankipress.identity.matching_texts import texts_of
from ankipress.identity.unresolved import ask
from ankipress.model import KINDS, Assignment, Entry, Lock, Note, OpenCase, Record, State, Texts
from ankipress.project.settings import Settings


def assign(
    entries: Sequence[Entry],
    lock: Lock,
    settings: Settings,
    texts: Sequence[Texts] | None = None,
) -> Assignment:
    """Every entry with an identity, in the same order. `texts` are what matching reads of the
    entries, where that was read before.

    An explicit id decides first, then the same question, then what matching makes of the rest. A
    card that could be several notes, or whose id and text speak of two, is an open case and an
    error, never a guess.
    """
    if texts is None:
        texts = [texts_of(entry) for entry in entries]
    return _Assigner(entries, texts, lock, settings).assignment()


class _Assigner:
    def __init__(
        self, entries: Sequence[Entry], texts: Sequence[Texts], lock: Lock, settings: Settings
    ) -> None:
        self.entries, self.lock = entries, lock
        self.texts = texts
        self.questions = [each.question for each in texts]
        self.records = sorted(lock.records, key=lambda record: record.guid)
        self.uid = (
            lock.uid or settings.uid or make_uid(settings.name, entries[0].deck if entries else "")
        )
        self.given_uid = settings.uid

    def assignment(self) -> Assignment:
        matching, against, claims = self._matching()
        renamed = {
            new: old
            for new, old in matching.pairs.items()
            if self._is_renamed(self.entries[new], self.records[old])
        }
        pairs = {
            new: old
            for new, old in matching.pairs.items()
            if new not in renamed and new not in against
        }
        notes = self._notes({new: self.records[old] for new, old in pairs.items()})
        calls = [
            (call.new, call.candidates, "edited")
            for call in matching.close
            if call.new not in against
        ]
        calls += [(new, (old,), "renamed") for new, old in renamed.items() if new not in against]
        for (
            new,
            why,
        ) in (
            against.items()
        ):  # the note that the text tells of comes first: learners know a card by its text
            by_text = (matching.pairs[new],) if why == MOVED else ()
            calls.append((new, tuple(dict.fromkeys((*by_text, claims[new]))), why))
        cases = [
            OpenCase(notes[new], tuple(self.records[old] for old in olds), why)
            for new, olds, why in calls
        ]
        used = set(pairs.values())
        left = tuple(record for number, record in enumerate(self.records) if number not in used)
        problems = (*self._wrong_uid(), *map(ask, cases), *_changed_kinds(notes, left))
        return Assignment(self.uid, notes, left, tuple(cases), problems)

    def _matching(self) -> tuple[Matching, Mapping[int, str], Mapping[int, int]]:
        """Who is who, the cards whose ids the texts speak against, and the notes that the ids name."""
        if not self.records:
            return Matching({}, {}, ()), {}, {}
        olds, news = self._old(), self._new()
        claims = claimed(self.entries, self.records)
        doubts = doubted(claims, olds, news)
        matching = match(olds, news, {new: old for new, old in claims.items() if new not in doubts})
        against = contested(claims, doubts, matching, olds, news)
        upheld = {new: old for new, old in claims.items() if new not in against}
        if any(matching.pairs.get(new) != old for new, old in upheld.items()):
            matching = match(olds, news, upheld)
        return matching, against, claims

    def _wrong_uid(self) -> Iterable[Diagnostic]:
        if self.given_uid not in {None, self.uid}:
            message = (
                f'"uid" must stay "{self.uid}", as in the lock: guids and note types are made of it'
            )
            way_out = "set it back in the settings, or take it out of them"
            yield Diagnostic("bad-settings", Location("ankipress.lock"), message, way_out)

    def _old(self) -> list[Trace]:
        numbers = {record.guid: number for number, record in enumerate(self.records)}
        return [
            Trace(
                question=record.question,
                answer=record.answer,
                path=record.path,
                section=record.section,
                previous=numbers.get(record.after) if record.after else None,
                group=_group(record.kind),
                active=record.state is State.ACTIVE,
            )
            for record in self.records
        ]

    def _new(self) -> list[Trace]:
        last: dict[str, int] = {}
        traces = []
        for number, entry in enumerate(self.entries):
            previous = last.get(entry.path)
            last[entry.path] = number
            question, answer, _ = self.texts[number]
            traces.append(
                Trace(question, answer, entry.path, entry.section, previous, _group(entry.kind))
            )
        return traces

    @staticmethod
    def _is_renamed(entry: Entry, record: Record) -> bool:
        return record.id is not None and entry.attributes.id not in {None, record.id}

    def _notes(self, known: Mapping[int, Record]) -> tuple[Note, ...]:
        guids = self._new_guids(known)
        taken_ids = {record.note_id for record in self.lock.records}
        last: dict[str, str] = {}
        notes = []
        for number, entry in enumerate(self.entries):
            record = known.get(number)
            guid = record.guid if record else guids[number]
            note_id = record.note_id if record else make_note_id(guid, taken_ids)
            taken_ids.add(note_id)
            after = last.get(entry.path)
            last[entry.path] = guid
            notes.append(Note(guid, note_id, entry, self.texts[number], after, record))
        return tuple(notes)

    def _new_guids(self, known: Mapping[int, Record]) -> dict[int, str]:
        """Guids for new notes. Cards of one question are told apart by their answers, so that order
        does not matter.
        """
        taken = {record.guid for record in self.lock.records}
        new = sorted(
            (each for each in range(len(self.entries)) if each not in known),
            key=self.questions.__getitem__,
        )
        guids = {}
        for question, same in groupby(new, key=self.questions.__getitem__):
            numbers = list(same)
            if len(numbers) > 1:
                numbers.sort(
                    key=lambda number: (self.texts[number][1], place_of(self.entries[number]))
                )
            candidates = make_guids(self.uid, question)
            for number in numbers:
                guids[number] = next(guid for guid in candidates if guid not in taken)
                taken.add(guids[number])
        return guids


def place_of(entry: Entry) -> str:
    """Where an entry stands, as an author names it: `cards.md:12`."""
    return f"{entry.path}:{entry.location.line}"


def _group(kind: str) -> str:
    return KINDS.get(kind, kind)


def _changed_kinds(notes: Iterable[Note], left: Iterable[Record]) -> Iterable[Diagnostic]:
    gone = {record.question: record for record in left if record.state is State.ACTIVE}
    for note in notes if gone else ():
        record = gone.get(note.question) if note.record is None else None
        if record and _group(record.kind) != note.note_type:
            message = f"this was a {record.kind} card and is now {note.entry.kind}, which Anki keeps in another note type"
            way_out = "learners get a new card without reviews and keep the old one, which they can find by its guid and delete:"
            yield Diagnostic(
                "kind-changed", note.entry.location, message, f"{way_out} Key:{record.guid}"
            )
