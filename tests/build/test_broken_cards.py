"""Cards that have an error and were never packed: `build` leaves them out, and what gates a release
stops.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.build.broken_cards import ERRORS_OF_ONE_CARD
from ankipress.cli.main import run
from ankipress.diagnostics import CODES
from author import lock_of, picture

GOOD = "## What is a tensor?\n\nA regular array of numbers.\n"
MISSING = "## Which organ is this?\n\n![A heart](media/heart.png)\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*cards: str, settings: str = "") -> None:
    Path("ankipress.toml").write_text(settings, encoding="utf-8")
    Path("cards.md").write_text("# Deck\n\n" + "\n".join(cards), encoding="utf-8")


def questions() -> list[str]:
    """Of the active notes of the lock."""
    return sorted(each.question for each in lock_of(Path()).active)


def test_every_code_is_that_of_an_error() -> None:
    assert {CODES[each].value for each in ERRORS_OF_ONE_CARD} == {"error"}


@pytest.mark.parametrize(
    ("card", "place"),
    [
        pytest.param(MISSING, "9:12: warning[missing-media]", id="a picture is missing"),
        pytest.param(
            "## Which?\n\n![a](../a.png)\n", "9:6: warning[media-outside]", id="one is outside"
        ),
        pytest.param("## What\x1d is it?\n\nIt.\n", "7:8: warning[control-character]", id="a mark"),
        pytest.param("## A?\n\nIt\x1d is.\n", "9:3: warning[control-character]", id="one below"),
        pytest.param("##\n\nAn answer.\n", "7:1: warning[empty-question]", id="no question"),
        pytest.param(
            "## Which? {kind=choice}\n\n- [ ] a\n", "9:1: warning[bad-choices]", id="no choice"
        ),
    ],
)
def test_a_new_card_with_an_error_is_left_out(
    card: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(GOOD, card, "## What is a loss?\n\nA number.\n")
    assert run(["build"]) == 0
    said = capsys.readouterr()
    assert "2 notes (2 new, 0 changed, 0 retired), 1 with errors left out" in said.out
    assert f"cards.md:{place}" in said.err
    assert ", so this card is left out" in said.err
    assert questions() == ["What is a loss?", "What is a tensor?"]


def test_what_gates_a_release_stops(capsys: pytest.CaptureFixture[str]) -> None:
    write(GOOD, MISSING)
    assert run(["build"]) == 0
    capsys.readouterr()
    assert run(["build", "--locked"]) == 1
    assert "error[missing-media]" in capsys.readouterr().err
    assert run(["check"]) == 1
    assert run(["check", "--contribution"]) == 1
    assert run(["site"]) == 1


def test_an_unchanged_build_says_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    write(GOOD, MISSING)
    assert run(["build"]) == 0
    first = capsys.readouterr()
    lock = Path("ankipress.lock").read_bytes()
    assert run(["build"]) == 0
    second = capsys.readouterr()
    assert second.err == first.err
    assert "1 with errors left out" in second.out
    assert Path("ankipress.lock").read_bytes() == lock


def test_it_is_a_new_note_when_it_is_mended() -> None:
    write(GOOD, MISSING)
    assert run(["build"]) == 0
    Path("media").mkdir()
    Path("media/heart.png").write_bytes(picture(7))
    assert run(["build"]) == 0
    assert questions() == ["What is a tensor?", "Which organ is this?"]
    assert run(["build", "--locked"]) == 0


def test_a_published_card_is_never_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    write(GOOD, "## Which organ is this?\n\nA heart.\n")
    assert run(["build"]) == 0
    write(GOOD, MISSING, "## Another?\n\n![a](media/no.png)\n")
    capsys.readouterr()
    assert run(["build"]) == 1
    assert capsys.readouterr().err.count("error[missing-media]") == 2
    assert questions() == ["What is a tensor?", "Which organ is this?"]


def test_a_row_is_left_out_alone() -> None:
    table = "| a | b |\n|---|---|\n| one | ![x](media/no.png) |\n| two | 2 |\n"
    write(f"## Rows {{kind=rows}}\n\n{table}")
    assert run(["build"]) == 0
    assert questions() == ["two"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("## What? {foo=1}\n\nIt.\n", id="a word in braces"),
        pytest.param("## What?\n\n```\nx\n\n## B?\n\nb\n", id="a fence with a card in it"),
        pytest.param("## A? {#a}\n\nb\n\n## B? {#a}\n\nc\n", id="an id twice"),
    ],
)
def test_any_other_error_stops_the_build(other: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(GOOD, MISSING, other)
    assert run(["build"]) == 1
    assert "error[missing-media]" in capsys.readouterr().err
    assert not Path("ankipress.lock").exists()


def test_cards_that_all_have_errors_make_no_deck() -> None:
    write(MISSING, "## What?\n")
    assert run(["build"]) == 1
    assert not Path("ankipress.lock").exists()


HIGHER = "# What is a loss?\n\nA number.\n"


def test_a_question_above_the_cards_is_a_warning_of_a_build_and_an_error_of_a_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(GOOD, HIGHER)
    assert run(["build"]) == 0
    assert "cards.md:7:1: warning[higher-question]" in capsys.readouterr().err
    assert run(["build", "--locked"]) == 1
    assert "cards.md:7:1: error[higher-question]" in capsys.readouterr().err
    assert run(["check"]) == 1


def test_a_card_that_became_a_question_above_the_cards_stops_the_build() -> None:
    write(GOOD, f"#{HIGHER}")
    assert run(["build"]) == 0
    write(GOOD, HIGHER)
    assert run(["build"]) == 1
    assert questions() == ["What is a loss?", "What is a tensor?"]


def test_a_part_of_a_project_with_nothing_but_errors_makes_no_package() -> None:
    write(GOOD, settings='sources = ["*.md"]\n')
    Path("more.md").write_text(MISSING, encoding="utf-8")
    assert run(["build", "more.md"]) == 1


def test_severity_keeps_it_an_error() -> None:
    write(GOOD, MISSING, settings='[severity]\nmissing-media = "error"\n')
    assert run(["build"]) == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(f"# De\x1dck\n\n{GOOD}", 1, id="in the name of a deck"),
        pytest.param(f"---\ntags: [a\x1db]\n---\n{GOOD}", 1, id="in front matter"),
        pytest.param(f"# D\n\n{GOOD}\n# Sec\x1dtion\n\n## B?\n\nb\n", 1, id="in a section's name"),
        pytest.param(f"# D\n\nAn open\x1ding.\n\n{GOOD}", 0, id="above the cards"),
        pytest.param(f"# D\n\n{GOOD}\n# End\n\nSo\x1dme.\n", 0, id="below them"),
        pytest.param(f"# D\n\n{GOOD}\n## B? {{draft}}\n\nb\x1d\n", 1, id="in a draft"),
    ],
)
def test_a_character_stops_the_build_where_it_could_be_packed(text: str, status: int) -> None:
    Path("cards.md").write_text(text, encoding="utf-8")
    assert run(["build"]) == status
