"""Ten versions of one deck, studied in between: in real Anki it ends with no duplicate, and every
review in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.model import State
from author import DAY, FIRST_RELEASE, Author, lock_of
from learner import GOOD, Learner

TOPICS = (
    "tensor",
    "gradient",
    "batch",
    "epoch",
    "learner",
    "callback",
    "metric",
    "dropout",
    "embedding",
    "momentum",
)
FIRST = "# Chain\n\n" + "\n\n".join(
    f"## What is meant by a {topic} here?\n\nA {topic} is thing number {n}."
    for n, topic in enumerate(TOPICS)
)


def question(topic: str) -> str:
    return f"## What is meant by a {topic} here?"


def removed(text: str, topic: str) -> str:
    before, _, after = text.partition(question(topic))
    return before + after[after.index("\n## ") + 1 :]


EDITS: tuple[Callable[[str], str], ...] = (
    lambda text: text.replace(
        "What is meant by a tensor here?", "What do we mean by a *tensor* here?"
    ),
    lambda text: text.replace(
        "A gradient is thing number 1.", "A gradient says how the loss changes with a weight."
    ),
    lambda text: removed(text, "batch"),
    lambda text: (
        "# Chain\n\n## What is meant by a layer here?\n\nA part of the network.\n\n"
        + text.removeprefix("# Chain\n\n")
    ),
    lambda text: text.replace(
        "What is meant by a callback here?", "What is meant by a `callback` in fastai?"
    ),
    lambda text: text.replace(
        question("metric"),
        f"{question('batch')}\n\nA batch is thing number 2.\n\n{question('metric')}",
    ),
    lambda text: text.replace(
        "What is meant by a dropout here?", "What is meant by dropout?"
    ).replace("A dropout is thing number 7.", "Dropout is thing number 7."),
    lambda text: text.replace("by a momentum here?", "by a momentum here? {#momentum reverse}"),
    lambda text: text.replace(
        "What is meant by a momentum here?", "Why would one want such a thing as momentum at all?"
    ).replace("A momentum is thing number 9.", "It gets over small bumps."),
)


def test_ten_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    author = Author(
        tmp_path / "deck",
        monkeypatch,
        {"name": "chain", "uid": "chain-of-ten", "sources": ["cards.md"]},
    )
    text, seen = FIRST, set[str]()
    with Learner(tmp_path / "learner") as learner:
        for number in range(len(EDITS) + 1):
            text = EDITS[number - 1](text) if number else text
            author.write("cards.md", text)
            package = author.release(f"1.{number}.0", at=FIRST_RELEASE + number * 30 * DAY)
            before = learner.snapshot()
            log = learner.import_package(package)
            assert log.conflicting == log.first_field_match == ()
            assert {key: learner.snapshot()[key] for key in before} == before, (
                f"version {number} touched a review"
            )
            seen |= active(author)
            assert set(learner.notes()) == seen, "every guid once, and the retired ones stay"
            for guid in sorted(active(author)):
                learner.answer(guid, GOOD)
        assert len(seen) == len(TOPICS) + 1
        assert learner.template_errors() == []


def active(author: Author) -> set[str]:
    lock = lock_of(author.folder)
    return {record.guid for record in lock.records if record.state is State.ACTIVE}


def test_the_lock_is_lost_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next version after a recovery updates the very notes that learners have."""
    author = Author(
        tmp_path / "deck",
        monkeypatch,
        {"name": "chain", "uid": "chain-of-ten", "sources": ["cards.md"]},
    )
    with Learner(tmp_path / "learner") as learner:
        text = EDITS[0](FIRST)
        author.write("cards.md", FIRST)
        learner.import_package(author.release("1.0.0"))
        author.write("cards.md", text)
        second = author.release("1.1.0", at=FIRST_RELEASE + DAY)
        learner.import_package(second)
        reworded = learner.guid("What do we mean by a")
        (author.folder / "ankipress.lock").unlink()
        author.write("cards.md", EDITS[1](text))
        assert run(["recover", str(second)]) == 0
        log = learner.import_package(author.release("1.2.0", at=FIRST_RELEASE + 2 * DAY))
        assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 1, len(TOPICS) - 1)
        assert reworded in log.duplicate
        assert len(learner.notes()) == len(TOPICS)
