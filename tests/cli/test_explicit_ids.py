"""Explicit ids: they hold through every edit, and are asked about where the lock shows that they
went to another card.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ankipress.build import identities
from ankipress.cli.main import INTERRUPTED, run
from ankipress.model import Assignment, Record, State
from author import lock_of
from cut_off import cut_off_after

CARDS = {
    "tensor": ("What is a tensor?", "A regular array of numbers, all of one type."),
    "loss": (
        "Why does training need a loss?",
        "It says how wrong the model is, so that its gradient can be followed.",
    ),
    "epoch": ("How long is an epoch?", "One pass over all the batches of the training set."),
    "relu": ("Which function is ReLU?", "The greater of zero and x."),
}
STRANGER = ("Who composed the Goldberg Variations?", "Bach, for a harpsichord with two manuals.")
Deck = dict[str, tuple[str, str]]


def text(cards: Deck) -> str:
    """Cards with their ids; an id that starts with "-" is not written."""
    heads = (
        (f"{question} {{#{name}}}" if name[0] != "-" else question, answer)
        for name, (question, answer) in cards.items()
    )
    return "# Deck\n\n" + "\n".join(f"## {head}\n\n{answer}\n" for head, answer in heads)


def renamed(cards: Deck, **names: str) -> Deck:
    return {names.get(name, name).replace("no_", "-"): card for name, card in cards.items()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ankipress.toml").write_text(
        'name = "deck"\nuid = "explicit"\nsources = ["*.md"]\n', encoding="utf-8"
    )
    write(CARDS)
    assert run(["build"]) == 0
    return tmp_path


def write(cards: Deck, path: str = "cards.md") -> None:
    Path(path).write_text(text(cards), encoding="utf-8")


def guids() -> dict[str, str]:
    """The guid of each active question."""
    return {record.question: record.guid for record in records() if record.state is State.ACTIVE}


def records() -> tuple[Record, ...]:
    lock = lock_of(Path())
    return lock.records


REWRITTEN = (
    "Define the basic object of PyTorch",
    "An n-dimensional thing with a dtype and a device",
)


@pytest.mark.parametrize(
    "cards",
    [
        pytest.param(CARDS, id="nothing done"),
        pytest.param({**CARDS, "tensor": REWRITTEN}, id="question and answer rewritten in place"),
        pytest.param({**CARDS, "tensor": STRANGER}, id="even as a card of another subject"),
        pytest.param(
            {name: REWRITTEN if name == "tensor" else CARDS[name] for name in reversed(CARDS)},
            id="rewritten and moved",
        ),
        pytest.param(
            {name: (f"In short: {q}", a) for name, (q, a) in CARDS.items()}, id="all reworded"
        ),
        pytest.param(
            {name: (f"{name} {number}", "?") for number, name in enumerate(CARDS)},
            id="all rewritten",
        ),
        pytest.param(renamed(CARDS, loss="no_loss"), id="an id taken away"),
        pytest.param(
            {**CARDS, "-new": ("What is a tensor product?", "A map.")},
            id="a card of a like question added",
        ),
    ],
)
def test_an_id_holds(cards: Deck, folder: Path) -> None:
    before = guids()
    write(cards)
    assert run(["build"]) == 0
    for name, (question, _) in CARDS.items():
        now = cards.get(name) or cards[f"-{name}"]
        assert guids()[now[0]] == before[question]


SWAPPED = {
    "loss": CARDS["tensor"],
    "tensor": CARDS["loss"],
    "epoch": CARDS["epoch"],
    "relu": CARDS["relu"],
}


@pytest.mark.parametrize(
    ("cards", "lines", "asks"),
    [
        pytest.param(SWAPPED, [3, 7], "and this card was another note", id="two ids exchanged"),
        pytest.param(
            {
                "-tensor": CARDS["tensor"],
                "tensor": CARDS["loss"],
                "epoch": CARDS["epoch"],
                "relu": CARDS["relu"],
            },
            [7],
            "and this card was another note",
            id="moved to another card",
        ),
        pytest.param(
            {"tensor": CARDS["loss"], "epoch": CARDS["epoch"], "relu": CARDS["relu"]},
            [3],
            "and this card was another note",
            id="moved to another card, its own removed",
        ),
        pytest.param(
            {**renamed(CARDS, tensor="no_tensor"), "tensor": STRANGER},
            [19],
            "was that of a card that goes on elsewhere",
            id="put on a new card, its own without it",
        ),
        pytest.param(
            {**renamed(CARDS, tensor="tensor-2"), "tensor": STRANGER},
            [3, 19],
            "is it the same card?",
            id="put on a new card, its own with another",
        ),
        pytest.param(
            {
                **{f"-{name}": card for name, card in CARDS.items()},
                "tensor": ("What are tensors?", "Regular arrays of numbers."),
            },
            [19],
            "was that of a card that goes on elsewhere",
            id="put on a twin, while its own says the same as ever",
        ),
    ],
)
def test_an_id_that_went_to_another_card_asks(
    cards: Deck, lines: list[int], asks: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path("ankipress.lock").read_bytes()
    write(cards)
    capsys.readouterr()
    assert run(["build"]) == 1
    shown = capsys.readouterr().err
    assert [
        int(line)
        for line in re.findall(
            r"^cards\.md:(\d+):1: error\[ambiguous-identity\]", shown, re.MULTILINE
        )
    ] == lines
    assert asks in shown
    assert Path("ankipress.lock").read_bytes() == before


def test_one_answer_settles_an_exchange(folder: Path) -> None:
    """Each card goes on as the note of its text, and the ids have changed places."""
    before = guids()
    write(SWAPPED)
    assert run(["build"]) == 1
    run(["ids", "--same", f"cards.md:3={before[CARDS['tensor'][0]]}"])
    assert run(["build"]) == 0
    assert guids() == before
    assert {record.question: record.id for record in records()}[CARDS["tensor"][0]] == "loss"


def test_or_the_ids_are_right(folder: Path) -> None:
    """Each card becomes the note of its id: the texts were exchanged, not the ids."""
    before = guids()
    write(SWAPPED)
    run(["ids", "--same", f"cards.md:3={before[CARDS['loss'][0]]}"])
    run(["ids", "--same", f"cards.md:7={before[CARDS['tensor'][0]]}"])
    assert run(["build"]) == 0
    assert guids()[CARDS["tensor"][0]] == before[CARDS["loss"][0]]
    assert guids()[CARDS["loss"][0]] == before[CARDS["tensor"][0]]


@pytest.mark.parametrize("decision", ["--new", "--accept-likely"])
def test_a_stranger_with_an_old_id_is_new(decision: str, folder: Path) -> None:
    before = guids()
    write({**renamed(CARDS, tensor="no_tensor"), "tensor": STRANGER})
    assert run(["build"]) == 1
    assert run(["ids", decision, *(["cards.md:19"] if decision == "--new" else [])]) == 0
    assert run(["build"]) == 0
    assert {
        question: guid for question, guid in guids().items() if question != STRANGER[0]
    } == before
    assert {record.question: record.id for record in records()}[STRANGER[0]] == "tensor"
    assert run(["build", "--locked"]) == 0


def test_an_id_of_a_removed_card_used_again_asks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write({name: card for name, card in CARDS.items() if name != "relu"})
    assert run(["build"]) == 0
    write({**CARDS, "relu": STRANGER})
    capsys.readouterr()
    assert run(["build"]) == 1
    assert "with which this one has nothing in common" in capsys.readouterr().err


def test_an_id_that_leaves_its_file_with_another_text_asks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write({name: card for name, card in CARDS.items() if name != "relu"})
    write({"relu": STRANGER}, "music.md")
    assert run(["build"]) == 1
    assert "with which this one has nothing in common" in capsys.readouterr().err


def test_cards_of_one_question_are_asked_by_their_answers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What tells them apart is shown, of the lock and of the card."""
    outputs = {
        f"-{word}": ("What's the output?", f"It logs {word} and then it stops.")
        for word in ("one", "two")
    }
    write(outputs)
    run(["ids", "--accept-likely"])
    assert run(["build"]) == 0
    write({"-three": ("What's the output?", "It logs three and then it stops.")})
    capsys.readouterr()
    assert run(["build"]) == 1
    shown = capsys.readouterr().err
    assert (
        shown.count("It logs one and then it stops.")
        == shown.count("It logs two and then it stops.")
        == 1
    )
    assert "It logs three and then it stops." in shown


@pytest.mark.parametrize(
    ("becomes", "told"),
    [
        pytest.param(
            "## Less?\n\nYes.\n", "something else changed it meanwhile", id="another file"
        ),
        pytest.param(None, "No such file or directory", id="no file"),
    ],
)
def test_ids_are_not_written_into_what_changes_meanwhile(
    becomes: str | None,
    told: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def changing(assignment: Assignment) -> object:
        Path("cards.md").unlink()
        if becomes is not None:
            Path("cards.md").write_text(becomes, encoding="utf-8")
        return new_ids(assignment)

    new_ids, lock = identities._new_ids, Path("ankipress.lock").read_bytes()
    write({**CARDS, "-new": ("What is new?", "This.")})
    monkeypatch.setattr(identities, "_new_ids", changing)
    assert run(["ids", "--write"]) == 1
    assert told in capsys.readouterr().err
    assert Path("ankipress.lock").read_bytes() == lock
    assert becomes is None or Path("cards.md").read_text(encoding="utf-8") == becomes


@pytest.mark.parametrize("number", range(3))
def test_ids_whose_writing_was_cut_off_are_written_by_the_next_run(
    number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock knows all ids in the end, so a question may be reworded at once."""
    write({f"-{name}": card for name, card in CARDS.items()})
    write({"-goldberg": STRANGER}, "more.md")
    assert run(["build"]) == 0
    before = guids()
    with cut_off_after(number, monkeypatch):
        assert run(["ids", "--write"]) == INTERRUPTED
    assert run(["ids", "--write"]) == 0
    assert all(record.id for record in records())
    cards = folder / "cards.md"
    other = cards.read_text(encoding="utf-8").replace("What is a tensor?", "Of what are models?")
    cards.write_text(other, encoding="utf-8")
    assert run(["build"]) == 0
    after = guids()
    assert after["Of what are models?"] == before["What is a tensor?"]
