"""What a pull request may leave to a maintainer: `ankipress check --contribution`, and answers in
one text.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.model import State
from author import lock_of

OLD = (
    "# Deck\n\n## What is a tensor? {#tensor}\n\nAn array.\n\n## What is a loss? {#loss}\n\n"
    "A number.\n"
)
OPEN = OLD.replace("{#tensor}", "{#what-is-a-tensor}").replace("{#loss}", "{#what-is-a-loss}")


@pytest.fixture
def deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A deck with two open cases, on the lines 3 and 7."""
    monkeypatch.chdir(tmp_path)
    Path("ankipress.toml").write_text("", encoding="utf-8")
    Path("cards.md").write_text(OLD, encoding="utf-8")
    assert run(["build"]) == 0
    Path("cards.md").write_text(OPEN, encoding="utf-8")
    capsys.readouterr()
    return tmp_path


def guids() -> list[str]:
    """Of the active notes, in the order of the cards."""
    lock = lock_of(Path())
    active = {each.question: each.guid for each in lock.records if each.state is State.ACTIVE}
    return [active["What is a tensor?"], active["What is a loss?"]]


def test_an_open_case_is_an_error_elsewhere(deck: Path) -> None:
    assert run(["check"]) == 1
    assert run(["build"]) == 1


def test_an_open_case_is_a_question_in_a_contribution(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = Path("ankipress.lock").read_bytes()
    assert run(["check", "--contribution"]) == 0
    shown = capsys.readouterr().out
    assert "cards.md:3:1: warning[ambiguous-identity]: the id of this card was {#tensor}" in shown
    assert "help: whoever merges this says which, and nothing has to be done here" in shown
    assert f"ankipress ids --same cards.md:3={guids()[0]}" in shown
    assert Path("ankipress.lock").read_bytes() == lock


def test_other_errors_stay_errors_in_a_contribution(deck: Path) -> None:
    Path("cards.md").write_text(f"{OPEN}\n## What is nothing? {{foo=1}}\n\nIt.\n", encoding="utf-8")
    assert run(["check", "--contribution"]) == 1
    assert run(["check", "--contribution", "--ignore", "unknown-attribute"]) == 0


def test_markdown_has_questions_first_and_advice_folded_up(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("cards.md").write_text(
        f"{OPEN}\n## Is it so?\n\nYes.\n\n## What is nothing? {{foo=1}}\n\nIt.\n", encoding="utf-8"
    )
    assert run(["check", "--contribution", "--format", "markdown"]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("**", "<"))]
    assert lines == [
        "**To be decided by a maintainer: 2**",
        "**Problems: 1 error**",
        "<details><summary>1 advice</summary>",
        "</details>",
    ]


def test_markdown_says_that_nothing_is_wrong(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("cards.md").write_text(OLD, encoding="utf-8")
    assert run(["check", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == "No problems in the cards.\n"


@pytest.mark.parametrize("separator", [";", " ; ", ";;", ";\n"])
def test_answers_settle_all_at_once(deck: Path, separator: str) -> None:
    tensor, loss = guids()
    assert (
        run(["ids", "--resolve", separator.join((f"cards.md:3={tensor}", "cards.md:7=new", ""))])
        == 0
    )
    assert run(["build"]) == 0
    assert guids()[0] == tensor
    assert guids()[1] != loss


@pytest.mark.parametrize("text", ["", " ", ";"])
def test_no_answers_are_none(deck: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ids", "--resolve", text]) == 1
    assert "ankipress ids --new cards.md:3" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["cards.md:3", "cards.md:3=", "=new", "cards.md:3=new; 7"])
def test_what_is_no_answer_settles_nothing(
    deck: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = Path("ankipress.lock").read_bytes()
    assert run(["ids", "--resolve", text]) == 2
    assert "--resolve takes LINE=GUID or LINE=new" in capsys.readouterr().err
    assert Path("ankipress.lock").read_bytes() == lock
