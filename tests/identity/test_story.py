"""A project's whole life, at random: edits, moves, branches, merges. What must hold at every step
is a law.

The machine knows which card is which, ankipress does not. Where ankipress asks, the machine answers
with the truth.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.identity.lock import read_lock, write_lock
from ankipress.identity.unresolved import resolve_as_new, resolve_as_same
from ankipress.model import Lock, Note, Source, State, UnresolvedMatch
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from stages import Files as Media

WORDS = (
    "gradient loss tensor batch epoch layer weight bias label image model metric learner "
    "callback "
    "softmax dropout"
).split()
SETTINGS = Settings(name="story", version="1.0.0", uid="story-uid", sources=("*.md",))


@dataclass(frozen=True)
class Card:
    key: int
    question: str
    answer: str


Files = dict[str, list[Card]]


def texts(files: Files) -> tuple[Source, ...]:
    return tuple(
        Source(
            path,
            "# Deck\n\n" + "\n\n".join(f"## {card.question}\n\n{card.answer}" for card in cards),
        )
        for path, cards in sorted(files.items())
    )


class Story(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.files: Files = {}
        self.lock_text = ""
        self.truth: dict[int, str] = {}  # key of a card -> its guid
        self.time = 1_700_000_000
        self.next_key = 0
        self.removed: list[Card] = []
        self.branch: tuple[Files, str] | None = None
        self.chance = random.Random(0)

    # What an author does.

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.files = {
            "a.md": [self.new_card() for _ in range(4)],
            "b.md": [self.new_card() for _ in range(3)],
        }
        self.build()

    @rule()
    def do_nothing(self) -> None:
        before = self.lock_text
        self.build()
        assert self.lock_text == before

    @rule()
    def add(self) -> None:
        cards = self.some_file()
        cards.insert(self.chance.randrange(len(cards) + 1), self.new_card())
        self.build()

    @rule()
    def reword_a_question(self) -> None:
        self.edit(lambda card: replace(card, question=self.changed(card.question, end="?")))

    @rule()
    def rewrite_a_question(self) -> None:
        self.edit(lambda card: replace(card, question=self.new_text(7) + "?"))

    @rule()
    def ask_the_same_again(self) -> None:
        """Two more cards with the question of one that is there, told apart by their answers."""
        cards = self.some_file()
        if cards:
            question = self.chance.choice(cards).question
            cards += [replace(self.new_card(), question=question) for _ in range(2)]
        self.build()

    @rule()
    def rewrite_an_answer(self) -> None:
        self.edit(lambda card: replace(card, answer=self.new_text(12)))

    @rule()
    def touch_up_an_answer(self) -> None:
        self.edit(lambda card: replace(card, answer=self.changed(card.answer, end=".")))

    @rule()
    def shuffle_a_file(self) -> None:
        self.chance.shuffle(self.some_file())
        self.build()

    @rule()
    def move_a_card(self) -> None:
        source = self.some_file()
        if source:
            card = source.pop(self.chance.randrange(len(source)))
            self.some_file().append(card)
        self.build()

    @rule()
    def rename_a_file(self) -> None:
        path = self.chance.choice(sorted(self.files))
        self.files[f"{path[:-3]}{self.next_key}.md"] = self.files.pop(path)
        self.next_key += 1
        self.build()

    @rule()
    def split_a_file(self) -> None:
        path = self.chance.choice(sorted(self.files))
        cards = self.files[path]
        self.files[f"part{self.next_key}.md"], self.files[path] = (
            cards[len(cards) // 2 :],
            cards[: len(cards) // 2],
        )
        self.next_key += 1
        self.build()

    @precondition(lambda self: len(self.files) > 1)
    @rule()
    def merge_two_files(self) -> None:
        first, second = self.chance.sample(sorted(self.files), 2)
        self.files[first] += self.files.pop(second)
        self.build()

    @rule()
    def remove(self) -> None:
        cards = self.some_file()
        if cards:
            self.removed.append(cards.pop(self.chance.randrange(len(cards))))
        self.build()

    @precondition(lambda self: self.removed)
    @rule()
    def restore(self) -> None:
        card = self.removed.pop()
        self.some_file().append(card)
        guid = self.truth[card.key]
        self.build()
        assert self.truth[card.key] == guid, "a card put back has its guid again"

    @precondition(lambda self: self.branch is None)
    @rule()
    def start_a_branch(self) -> None:
        self.branch = {path: list(cards) for path, cards in self.files.items()}, self.lock_text

    @precondition(lambda self: self.branch is not None)
    @rule()
    def merge_a_branch(self) -> None:
        """The other side had added a card of its own; git keeps the lines of both locks."""
        assert self.branch is not None
        files, lock_text = self.branch
        self.branch = None
        added = self.new_card()
        files.setdefault("branch.md", []).append(added)
        theirs = compile_deck(
            Project(SETTINGS, texts(files), read_lock(lock_text)[0], Media()), self.time
        )
        self.time += 100
        lines = set(write_lock(theirs.stamped.lock).splitlines()) | set(self.lock_text.splitlines())
        mixed = self.chance.sample(sorted(lines), len(lines))
        self.lock_text = "\n".join(["<<<<<<< ours", *mixed, "=======", ">>>>>>> theirs"]) + "\n"
        self.files.setdefault("branch.md", []).append(added)
        note = next(
            note
            for note in theirs.notes
            if note.question == added.question and self.key_of(note) == added.key
        )
        self.truth[added.key] = note.guid
        self.build()

    # The laws.

    @invariant()
    def the_text_of_the_lock_says_all(self) -> None:
        lock, problems = read_lock(self.lock_text)
        assert problems == ()
        assert write_lock(lock) == self.lock_text

    @invariant()
    def every_card_that_was_built_is_remembered(self) -> None:
        lock, _ = read_lock(self.lock_text)
        states = {record.guid: record.state for record in lock.records}
        present = {card.key for cards in self.files.values() for card in cards}
        for key, guid in self.truth.items():
            assert states[guid] is (State.ACTIVE if key in present else State.RETIRED)

    def build(self) -> None:
        """Build, answer what ankipress asks, and hold the laws of a build."""
        self.time += 100
        before, problems = read_lock(self.lock_text)
        assert problems == ()
        lock = before
        for _ in range(50):
            result = self.compiled(lock)
            asked = self.open_cases(result)
            if not asked:
                break
            lock = self.answered(lock, result, asked[0])
        else:
            raise AssertionError("ankipress never stops asking")
        self.hold_laws(before, result)
        self.lock_text = write_lock(result.stamped.lock)
        self.hold_in_any_order(result)
        for note in result.notes:
            self.truth[self.key_of(note)] = note.guid

    def compiled(self, lock: Lock) -> Compiled:
        result = compile_deck(Project(SETTINGS, texts(self.files), lock, Media()), self.time)
        turned = compile_deck(Project(SETTINGS, texts(self.files)[::-1], lock, Media()), self.time)
        assert turned.stamped.lock == result.stamped.lock, "the order of files does not matter"
        return result

    def open_cases(self, result: Compiled) -> tuple[UnresolvedMatch, ...]:
        allowed = {"ambiguous-identity", "no-cards"}
        assert [
            each
            for each in result.diagnostics
            if each.severity == "error" and each.code not in allowed
        ] == []
        return result.unresolved

    def answered(self, lock: Lock, result: Compiled, case: UnresolvedMatch) -> Lock:
        guid = self.truth.get(self.key_of(case.note))
        if guid in {record.guid for record in case.candidates}:
            assert guid is not None
            return resolve_as_same(lock, case.note, guid)
        return resolve_as_new(lock, result.stamped.lock.uid or "", case.note, "1.0.0")

    def hold_laws(self, before: Lock, result: Compiled) -> None:
        guids = [note.guid for note in result.notes]
        assert len(set(guids)) == len(guids), "no guid twice"
        known = {record.guid: record for record in before.records}
        for record in result.stamped.lock.records:
            old = known.get(record.guid)
            if old and old.digest:
                assert (record.mod > old.mod) == (record.digest != old.digest), (
                    "mod rises if and only if the digest changed"
                )
        often = Counter(note.question for note in result.notes)
        often_before = Counter(record.question for record in before.records)
        for note in result.notes:
            guid = self.truth.get(self.key_of(note))
            if guid is None:
                continue
            old = known[guid]
            same_question = (
                old.question == note.question
                and often[note.question] == often_before[note.question] == 1
            )
            if same_question or old.answer == note.answer:  # answers are all different
                assert note.guid == guid, "an unchanged question or answer keeps the guid"

    def hold_in_any_order(self, result: Compiled) -> None:
        """The cards of each file in another order, built again: the same notes, and nothing new for
        learners.
        """
        shuffled = {
            path: self.chance.sample(cards, len(cards)) for path, cards in self.files.items()
        }
        again = compile_deck(
            Project(SETTINGS, texts(shuffled), read_lock(self.lock_text)[0], Media()),
            self.time + 50,
        )
        assert {self.key_of(note): note.guid for note in again.notes} == {
            self.key_of(note): note.guid for note in result.notes
        }
        assert again.stamped.changed == again.stamped.new == again.stamped.retired == frozenset()

    # Small things.

    def key_of(self, note: Note) -> int:
        entry: Any = note.entry
        return next(
            card.key
            for cards in self.files.values()
            for card in cards
            if card.question == entry.heading and card.answer == entry.part("Back")
        )

    def some_file(self) -> list[Card]:
        return self.files[self.chance.choice(sorted(self.files))]

    def edit(self, change: Any) -> None:
        cards = self.some_file()
        if cards:
            number = self.chance.randrange(len(cards))
            cards[number] = change(cards[number])
        self.build()

    def new_card(self) -> Card:
        self.next_key += 1
        return Card(self.next_key, self.new_text(7) + "?", self.new_text(12))

    def new_text(self, words: int) -> str:
        self.next_key += 1  # a word of its own, so that no two texts are the same
        return " ".join([*self.chance.choices(WORDS, k=words), f"n{self.next_key}"])

    def changed(self, text: str, end: str) -> str:
        words = text.rstrip(end).split()
        words[self.chance.randrange(len(words))] = self.chance.choice(WORDS)
        return " ".join([*words, self.chance.choice(WORDS)]) + end


TestStory = Story.TestCase
TestStory.settings = settings(
    max_examples=30, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
