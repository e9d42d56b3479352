"""Entries + lock → notes: every card gets the guid it had, or a new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location
from ankipress.identity.explicit import MOVED, claimed, contested, doubted
from ankipress.identity.fingerprint import Fingerprint, Matching, Pairs
from ankipress.identity.ids import make_guids, make_note_id, make_uid
from ankipress.identity.match import match
from ankipress.identity.matching_texts import texts_of
from ankipress.identity.unresolved import ask
from ankipress.model import (
    Assignment,
    Entry,
    Lock,
    Note,
    Record,
    State,
    Texts,
    UnresolvedMatch,
    note_type_of,
)
from ankipress.project.settings import Settings
from ankipress.syntax.entry_trees import EntryTrees


def assign(
    entries: Sequence[Entry],
    lock: Lock,
    settings: Settings,
    texts: Sequence[Texts] | None = None,
) -> Assignment:
    """Every entry with an identity, in the same order. `texts` are what matching reads of the
    entries, where that was read before.

    An explicit id decides first, then the same question, then what matching makes of the rest. A
    card that could be several notes, or whose id and text speak of two, is an unresolved match and
    an error, never a guess.
    """
    if texts is None:
        texts = [texts_of(EntryTrees(entry)) for entry in entries]
    return _Assigner(entries, texts, lock, settings).assignment()


class _Matched(NamedTuple):
    matching: Matching
    claims: Pairs  # entry -> the record that its id names
    contested: Mapping[int, str]  # entry -> how the texts speak against its id


class _Assigner:
    def __init__(
        self,
        entries: Sequence[Entry],
        texts: Sequence[Texts],
        lock: Lock,
        settings: Settings,
    ) -> None:
        self.entries = entries
        self.texts = texts
        self.records = sorted(lock.records, key=lambda record: record.guid)
        self.settings_uid = settings.uid
        first_deck = ""
        if entries:
            first_deck = entries[0].deck
        self.uid = lock.uid or settings.uid or make_uid(settings.name, first_deck)

    def assignment(self) -> Assignment:
        matched = self._match()
        renamed: dict[int, int] = {}
        pairs: dict[int, int] = {}
        for new, old in matched.matching.pairs.items():
            if new in matched.contested:
                continue
            if self._is_renamed(new, old):
                renamed[new] = old
            else:
                pairs[new] = old
        notes = self._notes(pairs)
        unresolved = []
        for new, olds, why in _questions(matched, renamed):
            candidates = tuple(self.records[old] for old in olds)
            unresolved.append(UnresolvedMatch(notes[new], candidates, why))
        used = set(pairs.values())
        left = [record for number, record in enumerate(self.records) if number not in used]
        problems = list(self._wrong_uid())
        problems += map(ask, unresolved)
        problems += _changed_kinds(notes, left)
        return Assignment(
            self.uid,
            notes,
            tuple(left),
            tuple(unresolved),
            tuple(problems),
        )

    def _match(self) -> _Matched:
        if not self.records:
            return _Matched(Matching({}, {}, ()), {}, {})
        olds = self._old_fingerprints()
        news = self._new_fingerprints()
        claims = claimed(self.entries, self.records)
        doubts = doubted(claims, olds, news)
        certain = {new: old for new, old in claims.items() if new not in doubts}
        matching = match(olds, news, certain)
        against = contested(claims, doubts, matching, olds, news)
        upheld = {new: old for new, old in claims.items() if new not in against}
        if not upheld.items() <= matching.pairs.items():
            matching = match(olds, news, upheld)
        return _Matched(matching, claims, against)

    def _old_fingerprints(self) -> list[Fingerprint]:
        numbers = {record.guid: number for number, record in enumerate(self.records)}
        return [
            Fingerprint(
                question=record.question,
                answer=record.answer,
                path=record.path,
                section=record.section,
                previous=numbers.get(record.after or ""),
                group=note_type_of(record.kind),
                active=record.state is State.ACTIVE,
                hidden=record.hidden,
                code=record.code,
            )
            for record in self.records
        ]

    def _new_fingerprints(self) -> list[Fingerprint]:
        last: dict[str, int] = {}  # by path
        fingerprints = []
        for number, entry in enumerate(self.entries):
            texts = self.texts[number]
            fingerprints.append(
                Fingerprint(
                    question=texts.question,
                    answer=texts.answer,
                    path=entry.path,
                    section=entry.section,
                    previous=last.get(entry.path),
                    group=note_type_of(entry.kind),
                    hidden=texts.hidden,
                    code=texts.code,
                )
            )
            last[entry.path] = number
        return fingerprints

    def _is_renamed(self, new: int, old: int) -> bool:
        before = self.records[old].id
        now = self.entries[new].attributes.id
        return before is not None and now not in {None, before}

    def _notes(self, pairs: Pairs) -> tuple[Note, ...]:
        guids = self._new_guids(pairs)
        note_ids = {record.note_id for record in self.records}
        last: dict[str, str] = {}  # guids by path
        notes = []
        for number, entry in enumerate(self.entries):
            record = None
            if number in pairs:
                record = self.records[pairs[number]]
                guid = record.guid
                note_id = record.note_id
            else:
                guid = guids[number]
                note_id = make_note_id(guid, note_ids)
                note_ids.add(note_id)
            after = last.get(entry.path)
            last[entry.path] = guid
            texts = self.texts[number]
            notes.append(Note(guid, note_id, entry, *texts, after, record))
        return tuple(notes)

    def _new_guids(self, known: Pairs) -> dict[int, str]:
        """Guids for new notes. Cards of one question are told apart by their answers, so that order
        does not matter.
        """
        taken = {record.guid for record in self.records}
        by_question: dict[str, list[int]] = defaultdict(list)
        for number, texts in enumerate(self.texts):
            if number not in known:
                by_question[texts.question].append(number)
        guids = {}
        for question, numbers in sorted(by_question.items()):
            if len(numbers) > 1:
                numbers.sort(key=self._answer_and_place)
            candidates = make_guids(self.uid, question)
            for number in numbers:
                guids[number] = next(guid for guid in candidates if guid not in taken)
                taken.add(guids[number])
        return guids

    def _answer_and_place(self, number: int) -> tuple[str, str]:
        entry = self.entries[number]
        return self.texts[number].answer, f"{entry.path}:{entry.location.line}"

    def _wrong_uid(self) -> Iterator[Diagnostic]:
        if self.settings_uid not in {None, self.uid}:
            must_stay = f'"uid" must stay "{self.uid}", as in the lock'
            message = f"{must_stay}: guids and note types are made of it"
            help = "set it back in the settings, or take it out of them"
            yield Diagnostic("bad-settings", Location("ankipress.lock"), message, help)


def _questions(
    matched: _Matched,
    renamed: Pairs,
) -> Iterator[tuple[int, Sequence[int], str]]:
    """The entries to ask about, with the records that each may be, and why."""
    for call in matched.matching.close:
        if call.new not in matched.contested:
            yield call.new, call.candidates, "edited"
    for new, old in renamed.items():
        yield new, (old,), "renamed"
    for new, why in matched.contested.items():
        claim = matched.claims[new]
        by_text = matched.matching.pairs.get(new, claim)
        if why == MOVED and by_text != claim:
            # Learners know a card by its text, so that note comes first.
            yield new, (by_text, claim), why
        else:
            yield new, (claim,), why


def _changed_kinds(
    notes: Sequence[Note],
    left: Sequence[Record],
) -> Iterator[Diagnostic]:
    gone = {record.question: record for record in left if record.state is State.ACTIVE}
    for note in notes:
        record = gone.get(note.question)
        if record is None or note.record is not None:
            continue
        if note_type_of(record.kind) != note.note_type:
            change = f"this was a {record.kind} card and is now {note.entry.kind}"
            help = (
                "learners get a new card without reviews and keep the old one, which they can find"
                f" by its guid and delete: Key:{record.guid}"
            )
            message = f"{change}, which Anki keeps in another note type"
            yield Diagnostic("kind-changed", note.entry.location, message, help)
