"""Where many notes would be retired, a build stops, and does so only when somebody says yes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli import building
from ankipress.cli.main import run
from ankipress.model import State
from author import lock_of

WORDS = (
    "ant bee cat dog eel fox gnu hen ibis jay koi lynx mole newt owl pig quail rat seal toad"
).split()


def card(word: str) -> str:
    return f"## What is the {word}?\n\nIt is the animal {word}.\n\n"


def write(path: Path, words: list[str], title: str = "Animals") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"# {title}\n\n" + "".join(map(card, words)), encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settle(folder: Path, settings: str = "") -> None:
    (folder / "ankipress.toml").write_text(f'name = "deck"\n{settings}', encoding="utf-8")


def problems(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, object]]:
    capsys.readouterr()
    run(["check", "--format", "json", "--ignore", "advice", *options])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, list)
    return found


def retired(folder: Path) -> int:
    return sum(record.state is State.RETIRED for record in lock_of(folder).records)


@pytest.mark.parametrize(
    ("before", "left", "settings", "stops"),
    [
        (20, 20, "", False),
        (20, 19, "", False),
        (3, 1, "", False),
        (5, 1, "", False),  # four: few, however small the deck
        (20, 16, "", False),  # four of twenty: a fifth
        (6, 1, "", True),
        (20, 15, "", True),
        (20, 15, "most_retired = 0.25", False),
        (20, 14, "most_retired = 0.25", True),
        (20, 15, "most_retired = 0", True),
        (20, 16, "most_retired = 0", False),
        (20, 1, "most_retired = 1", False),
        (20, 1, "most_retired = 1.0", False),
    ],
)
def test_a_build_stops_where_many_notes_would_be_retired(
    before: int, left: int, settings: str, stops: bool, here: Path
) -> None:
    settle(here, settings)
    write(here / "cards.md", WORDS[:before])
    assert run(["build"]) == 0
    lock = (here / "ankipress.lock").read_bytes()
    write(here / "cards.md", WORDS[:left])
    assert run(["build"]) == int(stops)
    assert retired(here) == (0 if stops else before - left)
    if stops:
        assert (here / "ankipress.lock").read_bytes() == lock, "nothing is written"


@pytest.mark.parametrize("value", ["-0.1", "1.1", "true", '"0.2"', "nan", "[]"])
def test_the_setting_is_a_part_of_the_deck(
    value: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(here, f"most_retired = {value}")
    write(here / "cards.md", WORDS)
    [problem] = problems(capsys)
    assert problem["code"] == "bad-settings"
    assert '"most_retired" must be a number from 0 to 1' in str(problem["message"])


def delete(folder: Path) -> None:
    (folder / "cards" / "b.md").unlink()


def swallow(folder: Path) -> None:
    file = folder / "cards" / "b.md"
    text = file.read_text(encoding="utf-8")
    first = card(WORDS[10])
    begin = text.index(first)
    hidden = f"{text[:begin]}{first}<!--\n{text[begin + len(first) :]}\n-->\n"
    file.write_text(hidden, encoding="utf-8")


def leave_out(folder: Path) -> None:
    settle(folder, 'sources = ["cards/a.md"]')


@pytest.mark.parametrize(
    ("change", "number", "cause"),
    [
        (delete, 10, "this file is gone"),
        (swallow, 9, "a comment `<!--`"),
        (leave_out, 10, "`sources` in the settings"),
    ],
)
def test_the_file_is_named_with_the_cause_and_the_way_on(
    change: Callable[[Path], None],
    number: int,
    cause: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settle(here)
    write(here / "cards" / "a.md", WORDS[:10])
    write(here / "cards" / "b.md", WORDS[10:], "More")
    assert run(["build"]) == 0
    change(here)
    [problem] = problems(capsys)
    assert (problem["code"], problem["severity"]) == ("many-retired", "error")
    assert (problem["path"], problem["line"]) == ("cards/b.md", 0)
    lines = str(problem["message"]).split("\n")
    assert lines[0] == (
        f"{number} of 20 notes would be retired: their cards are gone from cards/b.md"
    )
    assert len(lines) == 7
    assert lines[-1] == f"    … and {number - 5} more"
    assert cause in str(problem["help"])
    assert "`ankipress build --retire-many`" in str(problem["help"])
    assert run(["build"]) == 1
    assert run(["build", "--locked"]) == 1
    assert run(["build", "--retire-many"]) == 0
    assert retired(here) == number
    assert run(["build"]) == 0
    assert problems(capsys) == [], "who said yes is not asked again"


def test_cards_that_come_back_are_the_same(here: Path) -> None:
    settle(here)
    write(here / "cards.md", WORDS)
    assert run(["build"]) == 0
    guids = {record.guid for record in lock_of(here).records}
    write(here / "cards.md", WORDS[:5])
    assert run(["build", "--retire-many"]) == 0
    write(here / "cards.md", WORDS)
    assert run(["build"]) == 0
    assert {record.guid for record in lock_of(here).records} == guids
    assert retired(here) == 0


def test_the_flag_forgives_nothing_else(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle(here)
    write(here / "cards.md", WORDS)
    assert run(["build"]) == 0
    (here / "cards.md").write_text("# A\n\n## What is the ant? {foo=1}\n\nIt.\n", encoding="utf-8")
    assert run(["build", "--retire-many"]) == 1
    assert "error[unknown-attribute]" in capsys.readouterr().err


def test_a_file_without_settings_is_asked_about_too(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here / "notes.md", WORDS)
    assert run(["build", "notes.md"]) == 0
    write(here / "notes.md", WORDS[:5])
    assert run(["build", "notes.md"]) == 1
    assert "`ankipress build --retire-many notes.md`" in capsys.readouterr().err
    assert run(["build", "--retire-many", "notes.md"]) == 0


def test_moved_cards_are_not_retired(here: Path) -> None:
    settle(here)
    write(here / "cards" / "a.md", WORDS)
    assert run(["build"]) == 0
    (here / "cards" / "a.md").rename(here / "cards" / "b.md")
    assert run(["build"]) == 0


@pytest.mark.parametrize("says_yes", [True, False])
def test_somebody_at_a_terminal_is_asked(
    says_yes: bool, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(here)
    write(here / "cards.md", WORDS)
    assert run(["build"]) == 0
    write(here / "cards.md", WORDS[:5])
    asked: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return says_yes

    monkeypatch.setattr(building, "can_ask", lambda: True)
    monkeypatch.setattr(building, "confirm", confirm)
    assert run(["build", "--locked"]) == 1
    assert asked == [], "a machine has nobody to ask"
    capsys.readouterr()
    assert run(["build"]) == int(not says_yes)
    assert asked == ["Retire these notes?"]
    assert capsys.readouterr().err.count("many-retired]") == 1
    assert retired(here) == (15 if says_yes else 0)


def test_a_contributor_leaves_it_to_the_maintainer(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(here)
    write(here / "cards.md", WORDS)
    assert run(["build"]) == 0
    write(here / "cards.md", WORDS[:5])
    [problem] = problems(capsys, "--contribution")
    assert (problem["code"], problem["severity"]) == ("many-retired", "warning")
    assert run(["check", "--contribution"]) == 0


def test_what_shows_cards_shows_them(here: Path) -> None:
    settle(here)
    write(here / "cards.md", WORDS)
    assert run(["build"]) == 0
    write(here / "cards.md", WORDS[:5])
    assert run(["list"]) == 0
    assert run(["site", "--no-package"]) == 0
    assert run(["site"]) == 1
    assert run(["artifacts"]) == 1
