"""Measure how well cards keep their identity, on other people's decks and on made-up ones.

Example:
    python scripts/bench_identity.py --corpora ../shared/corpora --read build/matches.txt
"""

from __future__ import annotations

import argparse
import inspect
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rapidfuzz import fuzz

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

from ankipress.identity.fingerprint import Fingerprint, Matching  # noqa: E402
from ankipress.identity.match import match  # noqa: E402
from ankipress.identity.matching_texts import shortened  # noqa: E402
from ankipress.identity.signature import sign  # noqa: E402
from ankipress.syntax.markdown_reading import read_heading  # noqa: E402
from ankipress.syntax.plain_text import plain_text, written  # noqa: E402
from identity_classes import class_scenes, french_scenes  # noqa: E402
from identity_families import twenty_releases  # noqa: E402
from identity_scenes import Card as Written  # noqa: E402
from identity_scenes import Scene, replay  # noqa: E402
from near_twins import Change, near_twins  # noqa: E402


@dataclass(frozen=True, slots=True)
class Card:
    """A card as the corpora give it."""

    question: str
    answer: str
    path: str = "deck.md"
    section: str = ""


def fingerprints(cards: Sequence[Card], *, placed: bool = True) -> list[Fingerprint]:
    """What matching reads of cards; without `placed`, no card knows the one before it."""
    last: dict[str, int] = {}
    found = []
    for index, card in enumerate(cards):
        previous = last.get(card.path) if placed else None
        last[card.path] = index
        front = written(read_heading(card.question))
        found.append(
            Fingerprint(
                front.finished(),
                # Some answers are items of a list, of which the first line lost its indentation.
                sign(plain_text(inspect.cleandoc(card.answer))),
                card.path,
                card.section,
                previous,
                code=shortened(front.code),
            )
        )
    return found


# --- (a) labelled pairs ---


def bench_edits(corpora: Path, read: TextIO) -> None:
    """Each source's old questions against all its new ones, with the cards of different.jsonl as
    company.
    """
    edits, different = _lines(corpora / "edits.jsonl"), _lines(corpora / "different.jsonl")
    total: Counter[str] = Counter()
    print(f"{'source':22}  same  right  wrong  asked  lost  different  merged  asked  ambiguous")
    for source in sorted({edit["source"] for edit in edits}):
        counts = _bench_source(
            [one for one in edits if one["source"] == source],
            [one for one in different if one["source"] == source],
            read,
        )
        total += counts
        print(_edit_row(source, counts))
    print(_edit_row("all", total))


def _bench_source(
    edits: Sequence[Mapping[str, str]], different: Sequence[Mapping[str, str]], read: TextIO
) -> Counter[str]:
    counts: Counter[str] = Counter()
    company = sorted(
        {(one[f"question_{side}"], one[f"answer_{side}"]) for one in different for side in "ab"}
    )
    for edits_of_round in _rounds(edits):
        texts = {edit[key] for edit in edits_of_round for key in ("question_old", "question_new")}
        unchanged = [
            Card(*texts_of_card)
            for texts_of_card in company
            if texts_of_card[0] not in texts or edits_of_round[0]["source"] == "lydiahallie-js"
        ]
        old = [
            Card(edit["question_old"], edit["answer_old"]) for edit in edits_of_round
        ] + unchanged
        new = [
            Card(edit["question_new"], edit["answer_new"]) for edit in edits_of_round
        ] + unchanged
        matching = match(fingerprints(old, placed=False), fingerprints(new, placed=False))
        asked = {call.new: call for call in matching.close}
        for index, edit in enumerate(edits_of_round):
            verdict = _verdict(index, matching, asked)
            if edit["label"] != "same" and verdict == "wrong":
                # It is an edit of some other card in the list, and was recognised as such.
                verdict = "lost"
            counts[f"{edit['label']} {verdict}"] += 1
            if (edit["label"], verdict) not in (("same", "right"), ("different", "lost")):
                found = matching.pairs.get(
                    index, asked[index].candidates[0] if index in asked else index
                )
                title = f"{edit['label']} ({edit['how']}): {verdict} {asked.get(index)}"
                read.write(f"--- {title}\n{_shown(old[index], new[index])}\n")
                if found != index:
                    read.write(f"  instead\n{_shown(old[found], new[index])}\n")
        counts["company wrong"] += sum(
            matching.pairs.get(index) != index for index in range(len(edits_of_round), len(new))
        )
    return counts


def _rounds(edits: Sequence[Mapping[str, str]]) -> list[list[Mapping[str, str]]]:
    """The edits in rounds, no card twice in one round: some cards were edited many times."""
    rounds: list[list[Mapping[str, str]]] = []
    for edit in edits:
        at = next(
            (
                at
                for at, others in enumerate(rounds)
                if not any(_one_card(edit, other) for other in others)
            ),
            len(rounds),
        )
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(edit)
    return rounds


def _one_card(edit: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two edits seem to be of one card, at different times."""
    for mine in ("old", "new"):
        for theirs in ("old", "new"):
            questions = fuzz.ratio(
                edit[f"question_{mine}"], other[f"question_{theirs}"], score_cutoff=60
            )
            answers = fuzz.ratio(
                edit[f"answer_{mine}"][:600], other[f"answer_{theirs}"][:600], score_cutoff=30
            )
            generic = edit["source"] == "lydiahallie-js" or len(edit[f"answer_{mine}"]) < 60
            if (questions > 92 and not (edit["source"] == "lydiahallie-js" and answers < 70)) or (
                answers > 75 and not (generic and questions < 70)
            ):
                return True
    return False


def _verdict(index: int, matching: Matching, asked: Mapping[int, object]) -> str:
    if index in asked:
        return "asked"
    if index not in matching.pairs:
        return "lost"
    return "right" if matching.pairs[index] == index else "wrong"


def _edit_row(source: str, counts: Counter[str]) -> str:
    same = [counts[f"same {verdict}"] for verdict in ("right", "wrong", "asked", "lost")]
    different = [counts[f"different {verdict}"] for verdict in ("wrong", "right", "asked", "lost")]
    numbers = [
        (sum(same), 6),
        (same[0], 7),
        (same[1], 7),
        (same[2], 7),
        (same[3], 6),
        (sum(different), 11),
    ]
    numbers += [(different[0] + different[1], 8), (different[2], 7)]
    ambiguous = ", ".join(
        f"{key[10:]} {count}"
        for key, count in sorted(counts.items())
        if key.startswith("ambiguous")
    )
    company = f"; company wrong: {counts['company wrong']}" if counts["company wrong"] else ""
    columns = "".join(f"{number:{width}}" for number, width in numbers)
    return f"{source:22}{columns}  {ambiguous}{company}"


def bench_replaced(corpora: Path, read: TextIO) -> None:
    """Cards of different.jsonl removed, and their near twins added in the same version: none may
    take the other's identity.
    """
    different = _lines(corpora / "different.jsonl")
    counts: Counter[str] = Counter()
    for seed in range(6):
        chance = random.Random(seed)  # noqa: S311
        cards = sorted(
            {
                (one["source"], one[f"question_{side}"], one[f"answer_{side}"])
                for one in different
                for side in "ab"
            }
        )
        gone = {card for card in cards if chance.random() < 0.5}
        old = [Card(card[1], card[2], card[0]) for card in cards if card in gone]
        new = [Card(card[1], card[2], card[0]) for card in cards if card not in gone]
        matching = match(fingerprints(old, placed=False), fingerprints(new, placed=False))
        counts["cards"] += len(new)
        counts["taken over"] += len(matching.pairs)
        counts["asked"] += len(matching.close)
        read.writelines(
            f"--- replaced: taken over\n{_shown(old[before], new[at])}\n"
            for at, before in sorted(matching.pairs.items())
        )
        read.writelines(
            f"--- replaced: asked {call}\n{_shown(old[call.candidates[0]], new[call.new])}\n"
            for call in matching.close
        )
    print("replaced by a near twin:", dict(counts))


# --- (b) histories ---


_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")


def parse(text: str, path: str, level: int = 3) -> list[Card]:
    """The `### Q` cards of a file. A stand-in for ankipress's own parser."""
    cards: list[Card] = []
    body: list[str] = []
    question: str | None = None
    section: dict[int, str] = {}
    fenced = False
    for line in [*text.splitlines(), "# end"]:
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced and line != "# end" else _HEADING.match(line)
        if heading is None or len(heading[1]) > level:
            body.append(line)
            continue
        if question is not None:
            cards.append(
                Card(
                    question,
                    "\n".join(body),
                    path,
                    " / ".join(section[depth] for depth in sorted(section)),
                )
            )
        question, body = (heading[2], []) if len(heading[1]) == level else (None, [])
        if len(heading[1]) < level:
            section = {
                depth: name for depth, name in section.items() if depth < len(heading[1])
            } | {len(heading[1]): heading[2]}
    return cards


def versions(history: Path) -> Iterator[tuple[str, list[Card]]]:
    """The cards of each version of a history, oldest first."""
    for folder in sorted(history.iterdir()):
        files = sorted(path for path in folder.rglob("*.md"))
        yield (
            folder.name,
            [
                card
                for path in files
                for card in parse(path.read_text("utf-8"), str(path.relative_to(folder)))
            ],
        )


def bench_histories(corpora: Path, read: TextIO) -> None:
    """All histories, each version by version."""
    for history in sorted((corpora / "histories").iterdir()):
        bench_history(history, read)


def bench_history(history: Path, read: TextIO) -> None:
    """A history, version by version, with a lock that remembers what was removed."""
    counts: Counter[str] = Counter()
    lock: list[tuple[Card, Fingerprint]] = []
    for name, cards in versions(history):
        new = fingerprints(cards)
        matching = match([trace for _, trace in lock], new)
        used = set(matching.pairs.values())
        active = sum(trace.active for _, trace in lock)
        counts["kept"] += sum(lock[old][1].active for old in used)
        counts["returned"] += sum(not lock[old][1].active for old in used)
        counts["asked"] += len(matching.close)
        counts["new"] += len(new) - len(used) - len(matching.close) if lock else 0
        counts["gone"] += active - sum(lock[old][1].active for old in used)
        for at, old in sorted(matching.pairs.items()):
            if matching.reasons[at] not in ("same question", "same question and answer"):
                counts["inexact"] += 1
                title = f"{history.name} {name}: {matching.reasons[at]}"
                read.write(f"--- {title}\n{_shown(lock[old][0], cards[at])}\n")
        _write_left_over(f"{history.name} {name}", lock, cards, matching, read)
        retired = [(card, trace) for index, (card, trace) in enumerate(lock) if index not in used]
        lock = [(card, trace) for card, trace in zip(cards, new, strict=True)]
        lock += [
            (
                card,
                Fingerprint(t.question, t.answer, t.path, t.section, None, t.group, active=False),
            )
            for card, t in retired
        ]
    print(f"{history.name:22}", dict(counts))


def _write_left_over(
    name: str,
    lock: Sequence[tuple[Card, Fingerprint]],
    cards: Sequence[Card],
    matching: Matching,
    read: TextIO,
) -> None:
    used, asked = set(matching.pairs.values()), {call.new for call in matching.close}
    for call in matching.close:
        read.writelines(
            f"--- {name}: asked\n{_shown(lock[candidate][0], cards[call.new])}\n"
            for candidate in call.candidates
        )
    gone = [card for index, (card, trace) in enumerate(lock) if index not in used and trace.active]
    come = [
        card
        for index, card in enumerate(cards)
        if index not in matching.pairs and index not in asked
    ]
    if gone and come:
        read.write(f"--- {name}: left over\n")
        read.writelines(
            f"  gone {card.path}: {card.question[:160]} || {_line(card.answer)[:160]}\n"
            for card in gone
        )
        read.writelines(
            f"  new  {card.path}: {card.question[:160]} || {_line(card.answer)[:160]}\n"
            for card in come
        )


# --- speed ---

_SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "pi",
    "ro",
    "su",
    "ta",
    "ve",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
]


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))


def _deck(
    count: int, chance: random.Random, vocabulary: Sequence[str], boilerplate: str = ""
) -> list[Card]:
    return [
        Card(
            f"What is the {boilerplate}{' '.join(chance.choices(vocabulary, k=5))}?",
            f"It is {boilerplate}{' '.join(chance.choices(vocabulary, k=30))}.",
            f"{index // 100:03}.md",
            f"part {index // 10 % 10}",
        )
        for index in range(count)
    ]


def bench_speed() -> None:
    """Time matching at scale."""
    chance = random.Random(1)  # noqa: S311
    vocabulary = [_word(chance) for _ in range(8000)]
    deck = _deck(10_000, chance, vocabulary)
    edited = list(deck)
    for index in chance.sample(range(10_000), 1000):
        card = edited[index]
        edited[index] = Card(
            card.question.replace("What is", "What do you call"),
            card.answer + " " + _word(chance),
            card.path,
            card.section,
        )
    moved = [edited.pop(chance.randrange(len(edited))) for _ in range(500)]
    edited += [Card(card.question, card.answer, "moved.md", "") for card in moved]
    _timed("10,000 cards, 1,000 edited, 500 moved", deck, edited)
    _timed("10,000 cards, nothing done", deck, deck)
    other = [_word(chance) + "x" for _ in range(8000)]
    _timed("5,000 gone, 5,000 new, nothing in common", deck[:5000], _deck(5000, chance, other))
    many = "very long boilerplate that every one of these cards has in its question and its answer "
    _timed(
        "the same with boilerplate",
        _deck(5000, chance, vocabulary, many),
        _deck(5000, chance, other, many),
    )
    few = vocabulary[:60]
    _timed(
        "5,000 gone, 5,000 new, of sixty words", _deck(5000, chance, few), _deck(5000, chance, few)
    )
    same = [Card("What's the output?", card.answer, card.path) for card in deck[:3000]]
    worse = [Card("What's the output?", card.answer + " edited", card.path) for card in deck[:3000]]
    _timed("3,000 cards with one question, all answers edited", same, worse)


def _timed(name: str, old: Sequence[Card], new: Sequence[Card]) -> None:
    start = time.perf_counter()
    before, after = fingerprints(old), fingerprints(new)
    read, work = time.perf_counter(), time.process_time()
    matching = match(before, after)
    end, worked = time.perf_counter(), time.process_time()
    times = f"read {read - start:5.2f} s, match {end - read:5.2f} s"
    found = f"{len(matching.pairs)} pairs, {len(matching.close)} asked"
    print(f"{name:52} {times} (of them {worked - work:5.2f} s at work), {found}")


# --- near twins ---

CHANGES = {
    "a fifth edited": Change(edited=0.2, gone=0.06, come=0.06),
    "half edited": Change(edited=0.5, gone=0.06, come=0.06),
    "all reworded": Change(edited=0.2, gone=0.06, come=0.06, reworded=True),
    "all reworded, many replaced": Change(edited=0.4, gone=0.15, come=0.15, reworded=True),
}


def bench_twins(read: TextIO) -> None:
    """Made-up near twins, some edited, some removed and some added: no swap, no merge."""
    for name, change in CHANGES.items():
        _play(near_twins(f"near twins, {name}", 1, change), read)


# --- scenes, by the parser and the lock of a build ---


def bench_classes(read: TextIO) -> None:
    """Each kind of edit by itself."""
    for each in class_scenes():
        _play(each, read)


def bench_french(corpora: Path, read: TextIO) -> None:
    """Clozes of which many share a sentence."""
    for each in french_scenes(corpora / "packages" / "french-cloze.apkg"):
        _play(each, read)


def bench_questionnaires(corpora: Path, read: TextIO) -> None:
    """The histories without any answer. Which card is which is known by its answers."""
    for history in sorted((corpora / "histories").iterdir()):
        keyed: list[list[Written]] = []
        before: list[Fingerprint] = []
        keys: list[object] = []
        for number, (_, cards) in enumerate(versions(history)):
            now = fingerprints(cards)
            pairs = match(before, now).pairs if before else {}
            keys = [keys[pairs[at]] if at in pairs else (number, at) for at in range(len(cards))]
            before = now
            keyed.append(
                [
                    Written(key, card.question, "", card.path)
                    for key, card in zip(keys, cards, strict=True)
                ]
            )
        _play(Scene(f"{history.name}, questions alone", tuple(keyed)), read)


def bench_releases(read: TextIO) -> None:
    """Twenty releases of three thousand near twins."""
    for seed in range(1, 4):
        _play(twenty_releases(seed), read)


def _play(scene: Scene, read: TextIO) -> None:
    verdicts = replay(scene)
    print(f"{scene.name:50}", dict(verdicts.counts))
    read.writelines(f"{scene.name}: {fault}" for fault in verdicts.faults)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _line(text: str) -> str:
    return " ".join(text.split())


def _shown(old: Card, new: Card) -> str:
    return (
        f"  - {old.path} | {old.section} | {_line(old.question)}\n"
        f"  + {new.path} | {new.section} | {_line(new.question)}\n"
        f"    - {_line(old.answer)[:500]}\n    + {_line(new.answer)[:500]}"
    )


NEED_CORPORA = ("edits", "replaced", "histories", "french", "questionnaires")
PARTS = (*NEED_CORPORA, "speed", "twins", "classes", "releases")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--corpora",
        type=Path,
        default=ROOT.parent / "shared" / "corpora",
        help="folder of other people's decks",
    )
    parser.add_argument(
        "--read",
        type=Path,
        default=ROOT / "build" / "identity-matches.txt",
        help="file for every match to be read by hand",
    )
    parser.add_argument("--only", choices=PARTS, help="one part")
    options = parser.parse_args()
    options.read.parent.mkdir(parents=True, exist_ok=True)
    with options.read.open("w", encoding="utf-8") as read:
        parts: Mapping[str, Callable[[], object]] = {
            "edits": lambda: bench_edits(options.corpora, read),
            "replaced": lambda: bench_replaced(options.corpora, read),
            "histories": lambda: bench_histories(options.corpora, read),
            "speed": bench_speed,
            "twins": lambda: bench_twins(read),
            "classes": lambda: bench_classes(read),
            "french": lambda: bench_french(options.corpora, read),
            "questionnaires": lambda: bench_questionnaires(options.corpora, read),
            "releases": lambda: bench_releases(read),
        }
        for name, part in parts.items():
            if options.only not in (None, name):
                continue
            if name in NEED_CORPORA and not options.corpora.is_dir():
                print(f"{name}: not measured, since {options.corpora} is not there")
            else:
                part()
    print(f"to be read: {options.read}")


if __name__ == "__main__":
    main()
