"""A package whose build compiled one edited card alone, and whose collection is compressed in
pieces, is one for Anki too.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from ankipress.cli import edited
from ankipress.cli.last_build import LastBuild
from author import DAY, FIRST_RELEASE, Author
from learner import EASY, GOOD, Learner

CARDS = 1_500


def test_an_edit_of_one_card_in_many_updates_that_card_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    words = [f"{chance.randrange(16**12):x}" for _ in range(CARDS)]
    text = "# Pieces\n\n" + "".join(
        f"## What is {word}?\n\nIt is {word * 8}.\n\n" for word in words
    )
    author = Author(
        tmp_path / "author",
        monkeypatch,
        {"name": "pieces", "uid": "pieces-of-a-deck", "sources": ["cards.md"]},
    )
    author.write("cards.md", text)
    first = Path(
        shutil.copy(author.release("1.0.0"), tmp_path / "first.apkg")
    )  # the next one takes its place
    built: list[LastBuild] = []
    build_edited = edited.build_edited

    def seen(last: object) -> str | None:
        built.append(last.last)  # type: ignore[attr-defined]
        line = build_edited(last)  # type: ignore[arg-type]
        assert line is not None
        return line

    monkeypatch.setattr(edited, "build_edited", seen)
    author.write(
        "cards.md",
        text.replace(f"It is {words[700] * 8}.", "It is something else.\n\n```python\nx = 1\n```"),
    )
    second = author.release("1.0.0", at=FIRST_RELEASE + DAY)
    [last] = built
    assert len(last.pieces) > 1
    with Learner(tmp_path / "learner") as learner:
        assert len(learner.import_package(first).new) == CARDS
        changed, other = (learner.guid(f"What is {words[place]}?") for place in (700, 701))
        learner.answer(changed, GOOD)
        learner.answer(other, EASY)
        before, scheduling = learner.notes(), learner.snapshot()
        log = learner.import_package(second)
        after = learner.notes()
        assert (log.new, log.updated, log.conflicting) == ((), (changed,), ())
        assert "something else" in after[changed].fields["Back"]
        assert {guid for guid, note in after.items() if before[guid] != note} == {changed}
        assert learner.snapshot() == scheduling
        assert learner.complaints() == []
