"""`kind` in the settings of a project, and what becomes of cards that learners have."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.model import Lock, Record
from author import Author, lock_of

NUMBERS = range(5)


def questions(answers: str = "Answer: {letter}") -> list[str]:
    """Five cards that ask the same of other code."""
    cards = []
    for number in NUMBERS:
        letter = "ABAB"[number % 4]
        answer = answers.format(letter=letter)
        code = f"```python\nprint({number})\n```"
        options = f"- A. `{number}`\n- B. nothing"
        cards.append(f"## What does it print?\n\n{code}\n\n{options}\n\n{answer}\n")
    return cards


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    return Author(tmp_path, monkeypatch, {"name": "deck", "uid": "default-kinds"})


def texts_of(lock: Lock) -> dict[str, tuple[str, str, str, str]]:
    """What matching reads of each note, by guid."""
    return {each.guid: _texts(each) for each in lock.active}


def _texts(record: Record) -> tuple[str, str, str, str]:
    return record.question, record.answer, record.opening, record.code


@pytest.mark.parametrize("kind", ["chioce", "lecture"])
def test_a_kind_that_there_is_not_is_an_error_at_its_place(
    kind: str, author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.set(kind=kind)
    author.write("cards.md", "## Q\n\na\n")
    monkeypatch.chdir(author.folder)
    assert run(["check"]) == 1
    assert f'ankipress.toml:3:1: error[unknown-kind]: there is no kind "{kind}"' in (
        capsys.readouterr().out + capsys.readouterr().err
    )


def test_cards_of_one_heading_keep_their_guids_as_choices_and_in_any_order(
    author: Author,
) -> None:
    cards = questions()
    author.write("cards.md", "\n".join(cards))
    author.release("1.0.0")
    before = texts_of(lock_of(author.folder))
    assert len(before) == len(NUMBERS)
    author.set(kind="choice")
    author.release("1.1.0")
    lock = lock_of(author.folder)
    assert texts_of(lock) == before
    assert {each.kind for each in lock.active} == {"choice"}
    author.write("cards.md", "\n".join(cards[::-1]))
    author.release("1.2.0")
    assert texts_of(lock_of(author.folder)) == before


def test_a_card_that_becomes_a_choice_by_its_answer_is_the_same_note(author: Author) -> None:
    author.set(kind="choice")
    author.write("cards.md", "\n".join(questions("It depends.")))
    author.release("1.0.0")
    before = lock_of(author.folder)
    assert {each.kind for each in before.active} == {"basic"}
    author.write("cards.md", "\n".join(questions()))
    author.release("1.1.0")
    after = lock_of(author.folder)
    assert {each.kind for each in after.active} == {"choice"}
    assert {each.guid for each in after.active} == {each.guid for each in before.active}
