"""A learner keeps all reviews when a file without settings is rewritten in another shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE
from learner import EASY, GOOD, Learner

CARDS = (
    ("What is a cell?", "The smallest unit of life."),
    ("What does a ribosome do?", "It makes\n\n- proteins\n- of amino acids"),
    ("Which molecule carries oxygen? {#oxygen}", "Haemoglobin."),
)


def as_numbered(cards: Sequence[tuple[str, str]]) -> str:
    items = []
    for number, (question, answer) in enumerate(cards, 1):
        body = answer.replace("\n", "\n   ")
        items.append(f"{number}. {question}\n\n   {body}\n")
    return "\n".join(items)


def as_prefix(cards: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"Q: {question}\nA: {answer}\n" for question, answer in cards)


def as_headings(cards: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"## {question}\n\n{answer}\n" for question, answer in cards)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with Learner(tmp_path / "learner") as someone:
        yield someone


def package(text: str, shape: str) -> Path:
    """The package of a file in a shape."""
    for each in Path("build").glob("*.apkg"):
        each.unlink()
    Path("notes.md").write_text(text, encoding="utf-8")
    assert run(["build", "notes.md", "--shape", shape]) == 0
    [path] = Path("build").glob("*.apkg")
    return path.absolute()


def test_reviews_stay_when_a_file_is_rewritten(
    tmp_path: Path, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE))
    log = learner.import_package(package(as_numbered(CARDS), "numbered"))
    assert len(log.new) == len(CARDS)
    for guid, ord in learner.snapshot():
        learner.answer(guid, GOOD, ord=ord)
    reviews = learner.snapshot()

    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE + DAY))
    log = learner.import_package(package(as_prefix(CARDS), "prefix"))
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 0, 0)
    assert learner.snapshot() == reviews
    for guid, ord in learner.snapshot():
        learner.answer(guid, EASY, ord=ord)
    reviews = learner.snapshot()

    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE + 2 * DAY))
    edited = as_headings(CARDS).replace("of life", "of all life")
    log = learner.import_package(package(edited, "headings"))
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert learner.snapshot() == reviews
    assert len(learner.notes()) == len(CARDS)
    assert learner.complaints() == []
