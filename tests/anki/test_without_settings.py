"""Files without settings that are renamed, moved and made a project, and a learner who studies in
between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE
from learner import EASY, GOOD, HARD, Learner

CELLS = """# Biology

## What is a cell?

The smallest unit of life.

## What does a ribosome do?

It makes proteins.

## The nucleus {kind=cloze}

{{c1::DNA}} is kept in the {{c2::nucleus}}.

## Which molecule carries oxygen?

Haemoglobin.
"""
PLANTS = """# Plants

## Which cells open and close stomata?

Guard cells.

## What does xylem carry?

Water.

## Light {kind=cloze}

Chlorophyll absorbs {{c1::red}} light.
"""


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with Learner(tmp_path / "learner") as someone:
        yield someone


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the day of the builds that follow, from 0."""

    def set_day(day: int) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(FIRST_RELEASE + day * DAY))

    return set_day


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def move(old: str, new: str, edits: Mapping[str, str]) -> None:
    """Rename a file, with edits."""
    text = Path(old).read_text(encoding="utf-8")
    for before, after in edits.items():
        assert before in text
        text = text.replace(before, after)
    Path(old).unlink()
    write(new, text)


def package(*words: str) -> Path:
    """The package that a build writes."""
    for each in Path("build").glob("*.apkg"):
        each.unlink()
    assert run(["build", *words]) == 0
    [path] = Path("build").glob("*.apkg")
    return path.absolute()


def answer_all(learner: Learner, button: int) -> None:
    for guid, ord in learner.snapshot():
        learner.answer(guid, button, ord=ord)


def test_renamed_then_moved_then_a_project(
    here: Path, learner: Learner, at: Callable[[int], None]
) -> None:
    at(0)
    write("notes.md", CELLS)
    assert len(learner.import_package(package("notes.md")).new) == 4
    answer_all(learner, GOOD)
    reviews = learner.snapshot()

    at(10)
    move("notes.md", "cells.md", {"of life": "of all life"})
    log = learner.import_package(package("cells.md"))
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert learner.snapshot() == reviews
    answer_all(learner, HARD)
    reviews = learner.snapshot()

    at(20)
    move("cells.md", "biology/cells.md", {"What does a ribosome do": "What do ribosomes do"})
    log = learner.import_package(package("biology/cells.md"))
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert learner.snapshot() == reviews
    answer_all(learner, EASY)
    reviews = learner.snapshot()

    at(30)
    move("biology/cells.md", "biology/cells.md", {"Haemoglobin.": "Haemoglobin does."})
    assert run(["init"]) == 0
    log = learner.import_package(package())
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert learner.snapshot() == reviews
    assert len(learner.notes()) == 4
    assert learner.complaints() == []


def test_two_files_with_two_packages_become_a_project(
    here: Path, learner: Learner, at: Callable[[int], None]
) -> None:
    """Their notes have note types of two uids, and Anki updates no note across note types."""
    at(0)
    write("cells.md", CELLS)
    write("plants.md", PLANTS)
    learner.import_package(package("cells.md"))
    learner.import_package(package("plants.md"))
    answer_all(learner, GOOD)
    reviews = learner.snapshot()

    at(10)
    move("cells.md", "cells.md", {"of life": "of all life", "{{c2::nucleus}}": "{{c2::core}}"})
    move("plants.md", "plants.md", {"Water.": "Water, upwards.", "absorbs": "takes up"})
    write("plants.md", Path("plants.md").read_text("utf-8") + "\n## What is bark?\n\nA hide.\n")
    assert run(["init"]) == 0
    log = learner.import_package(package())
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (1, 4, 0)
    after = learner.snapshot()
    assert {key: after[key] for key in reviews} == reviews
    assert len(learner.notes()) == 8

    at(20)
    move("plants.md", "plants.md", {"A hide.": "The skin of a tree."})
    log = learner.import_package(package())
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert len(learner.notes()) == 8
