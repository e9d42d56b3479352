"""Entries + lock → notes: every card gets the guid it had, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from recto.diagnostics import Diagnostic, Location
from recto.identity.match import match
from recto.identity.signature import sign
from recto.identity.trace import Trace
from recto.ids import make_guids, make_note_id, make_uid
from recto.model import KINDS, Assignment, Entry, Lock, Note, OpenCase, Record, State
from recto.plain import plain_text
from recto.project import Settings


def assign(entries: Sequence[Entry], lock: Lock, settings: Settings) -> Assignment:
    """Every entry with an identity, in the same order.

    An explicit id decides first, then the same question, then what matching makes of the rest. A card that could be several
    notes, or that has the question of a note but another explicit id, is an open case and an error, never a guess.
    """
    return _Assigner(entries, lock, settings).assignment()


class _Assigner:
    def __init__(self, entries: Sequence[Entry], lock: Lock, settings: Settings) -> None:
        self.entries, self.lock = entries, lock
        self.records = sorted(lock.records, key=lambda record: record.guid)
        self.uid = lock.uid or settings.uid or make_uid(settings.name, entries[0].deck if entries else "")
        self.given_uid = settings.uid
        self.questions = [plain_text(front_of(entry)) for entry in entries]
        self.answers = [sign(plain_text(entry.part("Back"))) for entry in entries]

    def assignment(self) -> Assignment:
        settled = self._settled()
        matching = match(self._old(), self._new(), settled)
        renamed = {new: old for new, old in matching.pairs.items() if self._is_renamed(self.entries[new], self.records[old])}
        pairs = {new: old for new, old in matching.pairs.items() if new not in renamed}
        notes = self._notes({new: self.records[old] for new, old in pairs.items()})
        calls = [(call.new, call.candidates, "edited") for call in matching.close]
        calls += [(new, (old,), "renamed") for new, old in renamed.items()]
        cases = [OpenCase(notes[new], tuple(self.records[old] for old in olds), why) for new, olds, why in calls]
        used = set(pairs.values())
        left = tuple(record for number, record in enumerate(self.records) if number not in used)
        problems = (*self._wrong_uid(), *map(_question, cases), *_changed_kinds(notes, left))
        return Assignment(self.uid, notes, left, tuple(cases), problems)

    def _wrong_uid(self) -> Iterable[Diagnostic]:
        if self.given_uid not in {None, self.uid}:
            message = f'"uid" must stay "{self.uid}", as in the lock: guids and note types are made of it'
            way_out = "set it back in the settings, or take it out of them"
            yield Diagnostic("bad-settings", Location("recto.lock"), message, way_out)

    def _settled(self) -> dict[int, int]:
        """What needs no matching: explicit ids, of the same Anki note type."""
        # A card that changed its kind and back has left two notes of one id; of one note type an active note comes first.
        by_state = sorted(enumerate(self.records), key=lambda each: each[1].state is State.ACTIVE)
        by_id = {(_group(record.kind), record.id): number for number, record in by_state if record.id is not None}
        settled: dict[int, int] = {}
        for new, entry in enumerate(self.entries):
            old = by_id.pop((_group(entry.kind), entry.attributes.id or ""), None)
            if old is not None:
                settled[new] = old
        return settled

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
            question, answer = self.questions[number], self.answers[number]
            traces.append(Trace(question, answer, entry.path, entry.section, previous, _group(entry.kind)))
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
            notes.append(Note(guid, note_id, entry, self.questions[number], self.answers[number], after, record))
        return tuple(notes)

    def _new_guids(self, known: Mapping[int, Record]) -> dict[int, str]:
        """Guids for new notes. Cards of one question are told apart by their answers, so that order does not matter."""
        taken = {record.guid for record in self.lock.records}
        new = [number for number in range(len(self.entries)) if number not in known]
        new.sort(key=lambda number: (self.questions[number], self.answers[number], place_of(self.entries[number])))
        free: dict[str, Iterator[str]] = {}
        guids = {}
        for number in new:
            question = self.questions[number]
            candidates = free.setdefault(question, make_guids(self.uid, question))
            guids[number] = next(guid for guid in candidates if guid not in taken)
            taken.add(guids[number])
        return guids


def front_of(entry: Entry) -> str:
    """The Markdown of all that stands on the front of a card."""
    return f"{entry.heading}\n\n{entry.part('Front')}" if "Front" in entry.parts else entry.heading


def place_of(entry: Entry) -> str:
    """Where an entry stands, as an author names it: `cards.md:12`."""
    return f"{entry.path}:{entry.location.line}"


def _group(kind: str) -> str:
    return KINDS.get(kind, kind)


def _question(case: OpenCase) -> Diagnostic:
    """An open case as the error that keeps a package from being built on a guess."""
    olds = "\n".join(f"    {record.guid}  was: {record.question}" for record in case.candidates)
    if case.why == "renamed":
        old_id, new_id = case.candidates[0].id, case.note.entry.attributes.id
        message = f"the id of this card was {{#{old_id}}} and is {{#{new_id}}}: is it the same card?\n{olds}"
    else:
        message = f"is this a card of before, edited, or a new one?\n{olds}\n    {' ' * 16}  now: {case.note.question}"
    return Diagnostic("ambiguous-identity", case.note.entry.location, message, "`recto ids` settles it")


def _changed_kinds(notes: Iterable[Note], left: Iterable[Record]) -> Iterable[Diagnostic]:
    gone = {record.question: record for record in left if record.state is State.ACTIVE}
    for note in notes:
        record = gone.get(note.question) if note.record is None else None
        if record and _group(record.kind) != note.note_type:
            message = f"this was a {record.kind} card and is now {note.entry.kind}, which Anki keeps in another note type"
            way_out = "learners get a new card without reviews and keep the old one, which they can find by its guid and delete:"
            yield Diagnostic("kind-changed", note.entry.location, message, f"{way_out} Key:{record.guid}")
