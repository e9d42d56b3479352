"""A build names the notes that are new, reworded and retired."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli import what_changed
from ankipress.cli.columns import columns
from ankipress.cli.main import run
from ankipress.cli.terminal import Terminal

CITIES = "Paris Rome Oslo Bern Lima Cairo Delhi Tokyo Quito Minsk Sofia Accra Hanoi Kyiv".split()


def card(city: str) -> str:
    return f"## Where is {city}?\n\nThe answer on {city}.\n\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, *cities: str, name: str = "cards.md") -> None:
    text = "# Cities\n\n" + "".join(map(card, cities))
    (folder / name).write_text(text, encoding="utf-8")


def built(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """The lines that a build prints below its summary."""
    capsys.readouterr()
    assert run(["build", *options]) == 0
    return capsys.readouterr().out.splitlines()[1:]


@pytest.fixture
def deck(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A project of three cards that was built."""
    (here / "ankipress.toml").write_text('name = "deck"\nsources = ["*.md"]\n', encoding="utf-8")
    write(here, "Paris", "Rome", "Oslo")
    assert built(capsys) == []
    return here


def test_a_first_build_names_nothing_unless_asked(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "ankipress.lock").unlink()
    assert built(capsys, "--verbose")[:2] == ["3 new notes:", "  cards.md:3   Where is Paris?"]


def test_where_nothing_changed_nothing_is_named(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built(capsys) == []
    assert built(capsys, "--verbose") == []
    (deck / "cards.md").write_text("# Cities\n\n" + card("Paris") + card("Oslo") + card("Rome"))
    assert built(capsys) == []


def test_a_new_note_is_named_by_its_place(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(deck, "Paris", "Rome", "Oslo", "Bern")
    assert built(capsys) == ["1 new note:", "  cards.md:15  Where is Bern?"]
    assert built(capsys) == [], "once"


def test_a_retired_note_is_named_by_where_it_stood(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(deck, "Paris", "Rome")
    assert built(capsys) == [
        "1 note retired, which learners keep:",
        "  cards.md  Where is Oslo?",
    ]
    assert built(capsys) == [], "once"


def test_a_retired_note_is_named_by_its_section_too(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "# Cities\n\n" + card("Paris") + "# In the North\n\n"
    (deck / "cards.md").write_text(text + card("Oslo") + card("Rome"), encoding="utf-8")
    built(capsys)
    (deck / "cards.md").write_text(text + card("Rome"), encoding="utf-8")
    assert built(capsys)[1:] == ["  cards.md (In the North)  Where is Oslo?"]


def test_a_reworded_note_is_named_with_both_questions(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (deck / "cards.md").read_text(encoding="utf-8")
    text = text.replace("Where is Rome?", "Where does Rome lie?")
    (deck / "cards.md").write_text(text, encoding="utf-8")
    assert built(capsys) == [
        "1 question reworded, reviews kept:",
        "  cards.md:7  was: Where is Rome?",
        "              now: Where does Rome lie?",
        "If one of them is another card now, say so: ankipress ids --new cards.md:7",
    ]


def test_places_stand_in_one_column(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(deck, "Bern", "Lima", name="a.md")
    write(deck, "Paris", "Rome", "Oslo", "Cairo")
    lines = built(capsys)[1:]
    assert len({line.index("Where") for line in lines}) == 1
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("number", "options", "more"),
    [
        (10, (), []),
        (11, (), ["  … and 1 more (--verbose shows all)"]),
        (11, ("--verbose",), []),
        (11, ("-v",), []),
    ],
)
def test_ten_are_named_and_all_where_asked(
    number: int,
    options: tuple[str, ...],
    more: list[str],
    deck: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(deck, *CITIES[: number + 3])
    named = number - len(more)
    lines = built(capsys, *options)
    assert lines[0] == f"{number} new notes:"
    assert sum("Where is" in line for line in lines) == named
    assert [line for line in lines if "more" in line] == more
    write(deck, "Paris", "Rome", "Oslo")
    lines = built(capsys, "--retire-many", *options)
    assert lines[0] == f"{number} notes retired, which learners keep:"
    assert sum("Where is" in line for line in lines) == named
    assert [line for line in lines if "more" in line] == more


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_no_line_is_wider_than_the_terminal(
    width: int, deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_changed, "of_output", lambda: Terminal(width))
    question = "What do all of the cities by the sea have that is not found in others?"
    name = "a-file-on-cities.md"
    (deck / name).write_text(f"# Sea\n\n## {question}\n\nA port.\n", encoding="utf-8")
    lines = built(capsys)
    assert max(map(columns, lines)) <= width
    assert " ".join(" ".join(lines).split()) == f"1 new note: {name}:3 {question}"


def test_what_a_question_holds_commands_no_terminal(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "more.md").write_text("# More\n\n## A \u202e question?\n\nYes.\n", encoding="utf-8")
    (deck / "ankipress.toml").write_text(
        'name = "deck"\nsources = ["*.md"]\n[severity]\nbidi-control = "off"\n', encoding="utf-8"
    )
    lines = built(capsys)
    assert "question?" in lines[1]
    assert "\u202e" not in "".join(lines)
