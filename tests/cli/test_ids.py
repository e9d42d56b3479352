"""`ankipress ids`: what matching cannot decide is asked, settled once, and remembered."""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from ankipress.cli.main import run
from ankipress.diagnostics import address
from ankipress.model import Record
from author import lock_of

OLD = """# Deck

## What does the learner do with one batch of images?

It computes a loss.

## What is a tensor?

An array.
"""
# The question and the answer both changed so much that only its author can know which card this is.
UNCLEAR = OLD.replace(
    "## What does the learner do with one batch of images?\n\nIt computes a loss.",
    "## How does the learner go through the batches of images?\n\n"
    "One after another, and it computes a loss for them.",
)


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was built once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ankipress.toml").write_text(
        'name = "deck"\nversion = "1.0.0"\nuid = "ids-test"\n', encoding="utf-8"
    )
    write(tmp_path, OLD)
    assert run(["build"]) == 0
    return tmp_path


def write(deck: Path, text: str) -> None:
    (deck / "cards.md").write_bytes(text.encode())


def records(deck: Path) -> dict[str, Record]:
    lock = lock_of(deck)
    return {record.question: record for record in lock.records}


def tensor(deck: Path) -> Record:
    return records(deck)["What is a tensor?"]


def renamed(deck: Path) -> str:
    """A card with an id that was built, and then got another id: an open case for certain. Its
    guid.
    """
    write(deck, OLD.replace("tensor?", "tensor? {#one}"))
    assert run(["build"]) == 0
    write(deck, OLD.replace("tensor?", "tensor? {#two}"))
    return tensor(deck).guid


def test_without_open_cases_there_is_nothing_to_do(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (deck / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["ids"]) == 0
    assert capsys.readouterr().out == "no unresolved matches\n"
    assert (deck / "ankipress.lock").read_bytes() == before


def test_an_open_case_fails_the_build_with_both_texts_and_the_commands(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guid = renamed(deck)
    before = (deck / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["build"]) == 1
    shown = capsys.readouterr().err
    assert shown == (
        "cards.md:7:1: error[ambiguous-identity]: the id of this card was {#one} and is "
        "{#two}: is it the same card?\n"
        f"    {guid}  was: What is a tensor?\n"
        "                           An array.\n"
        "  7 | ## What is a tensor? {#two}\n"
        "    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  help: `ankipress ids` asks you; or say which it is:\n"
        f"    ankipress ids --same cards.md:7={guid}\n"
        "    ankipress ids --new cards.md:7\n\n"
        "1 error\n"
        "`ankipress explain ambiguous-identity` says more, as does"
        f" {address('ambiguous-identity')}\n"
    )
    assert (deck / "ankipress.lock").read_bytes() == before


def test_same_keeps_the_guid(deck: Path) -> None:
    guid = renamed(deck)
    assert run(["ids", "--same", f"cards.md:7={guid}"]) == 0
    assert run(["build"]) == 0
    assert tensor(deck).guid == guid
    assert tensor(deck).id == "two"


def test_new_gives_a_new_guid_and_retires_the_old_note(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guid = renamed(deck)
    assert run(["ids", "--new", "cards.md:7"]) == 0
    capsys.readouterr()
    assert run(["build"]) == 0
    assert "(1 new, 0 changed, 1 retired)" in capsys.readouterr().out
    lock = lock_of(deck)
    assert {
        (record.guid == guid, record.state.value)
        for record in lock.records
        if record.question == "What is a tensor?"
    } == {
        (True, "retired"),
        (False, "active"),
    }
    assert run(["build", "--locked"]) == 0


def test_accept_likely_settles_all(deck: Path) -> None:
    guid = renamed(deck)
    assert run(["ids", "--accept-likely"]) == 0
    assert run(["build"]) == 0
    assert tensor(deck).guid == guid


def test_what_the_terminal_does_not_ask_is_listed(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed(deck)
    capsys.readouterr()
    assert run(["ids"]) == 1
    assert "ankipress ids --new cards.md:7" in capsys.readouterr().out


def test_an_unclear_edit_can_be_settled_either_way(deck: Path) -> None:
    old = records(deck)["What does the learner do with one batch of images?"]
    write(deck, UNCLEAR)
    run(["ids", "--same", f"cards.md:3={old.guid}"])
    assert run(["build"]) == 0
    assert records(deck)["How does the learner go through the batches of images?"].guid == old.guid


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--same", "cards.md:7"], "--same takes LINE=GUID"),
        (["--same", "cards.md:8=abc"], "there is no card at 'cards.md:8'"),
        (["--same", "cards.md:7=abc"], "the lock has no note 'abc'"),
        (["--new", "other.md:7"], "there is no card at 'other.md:7'"),
    ],
)
def test_a_wrong_word_is_an_error_of_usage(
    arguments: list[str], message: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (deck / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["ids", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert (deck / "ankipress.lock").read_bytes() == before


def test_a_note_that_is_another_card_cannot_be_taken(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(deck, OLD + "\n## Something else entirely\n\nYes.\n")
    assert run(["ids", "--same", f"cards.md:11={tensor(deck).guid}"]) == 2
    assert "is the card at cards.md:7" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "## What is a *loss*?\n", "## What is a *loss*? {#loss}\n", id="a plain heading"
        ),
        pytest.param(
            "## Loss {.tag}  \n", "## Loss {#loss .tag}  \n", id="braces and spaces at the end"
        ),
        pytest.param("## Loss ##\n", "## Loss {#loss} ##\n", id="closing hashes"),
        pytest.param("Loss\n----\n", "Loss {#loss}\n----\n", id="an underlined heading"),
        pytest.param("## Loss {#mine}\n", "## Loss {#mine}\n", id="an id that is there"),
        pytest.param("## {c}\n", "## {c} {#c}\n", id="braces that are no list"),
        pytest.param("## ???\n", "## ??? {#card}\n", id="no word to make an id of"),
        pytest.param(
            "## Größe von 텐서\n", "## Größe von 텐서 {#größe-von-텐서}\n", id="other letters"
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "a byte order mark"])
def test_write_adds_ids_and_keeps_every_other_byte(
    before: str, after: str, end: str, mark: bytes, deck: Path
) -> None:
    rest = "\nAn answer\twith `## x`.\n\n```\n## no heading\n```\n"
    file = deck / "cards.md"

    def place(heading: str) -> bytes:
        return mark + f"# Deck\n\n{heading}{rest}".replace("\n", end).encode()

    file.write_bytes(place(before))
    assert run(["build"]) == 0
    guids = {record.guid for record in records(deck).values()}
    assert run(["ids", "--write"]) == 0
    assert file.read_bytes() == place(after)
    assert run(["build"]) == 0
    assert {record.guid for record in records(deck).values()} == guids
    # and taken away again
    file.write_bytes(re.sub(rb" \{#[^ }]*\}", b"", file.read_bytes()))
    assert run(["build"]) == 0
    assert {record.guid for record in records(deck).values()} == guids


def test_an_id_decides_among_the_notes_of_its_kind(deck: Path) -> None:
    """A card became a cloze and came back: both notes have its id, and each kind finds its own,
    even reworded.
    """
    basic = OLD.replace("tensor?", "tensor? {#t}")
    cloze = basic.replace("An array.", "An {{c1::array}}.")
    guids = {}
    for text in (basic, cloze):
        write(deck, text)
        assert run(["build"]) == 0
        guids[text] = active(deck, "t").guid
    assert guids[basic] != guids[cloze]
    for text in (basic, cloze, basic):
        write(
            deck,
            text.replace(
                "What is a tensor?", "How would you say, in other words, which thing this is?"
            ),
        )
        assert run(["build"]) == 0
        assert active(deck, "t").guid == guids[text]


def active(deck: Path, name: str) -> Record:
    lock = lock_of(deck)
    return next(record for record in lock.records if record.id == name and record.state == "active")


def test_written_ids_are_distinct_and_hold_when_the_question_is_reworded_at_once(
    deck: Path,
) -> None:
    write(deck, "# Deck\n\n## Why?\n\nBecause of this.\n\n## Why?\n\nBecause of that.\n")
    assert run(["build"]) == 0
    guids = {record.answer: record.guid for record in lock_of(deck).records}
    assert run(["ids", "--write"]) == 0
    text = (deck / "cards.md").read_text(encoding="utf-8")
    assert "## Why? {#why}" in text
    assert "## Why? {#why-2}" in text
    write(deck, text.replace("## Why? {#why-2}", "## For what reason does it do so? {#why-2}"))
    assert run(["build"]) == 0
    lock = lock_of(deck)
    assert {record.answer: record.guid for record in lock.records} == guids


REWORDED = OLD.replace("What is a tensor?", "What is a tensor, in one word?")


def guids_by_state(deck: Path) -> dict[str, set[str]]:
    lock = lock_of(deck)
    return {
        state: {record.guid for record in lock.records if record.state == state}
        for state in ("active", "retired")
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(REWORDED, id="a card recognised by likeness"),
        pytest.param(OLD, id="a card with the very question"),
        pytest.param(OLD.replace("tensor?", "tensor? {#tensor}"), id="a card with an id"),
        pytest.param(
            OLD.replace("## What is a tensor?", "## Something else, about ships {#tensor}"),
            id="an id on another card",
        ),
    ],
)
def test_new_detaches_a_card_from_the_note_it_was_taken_for(
    text: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(deck, OLD.replace("tensor?", "tensor? {#tensor}") if "{#" in text else OLD)
    assert run(["build"]) == 0
    old = tensor(deck).guid
    write(deck, text)
    capsys.readouterr()
    assert run(["ids", "--new", "cards.md:7"]) == 0
    assert "1 settled" in capsys.readouterr().out
    assert run(["ids", "--new", "cards.md:7"]) == 0, (
        "said again before the build, nothing more happens"
    )
    assert run(["build"]) == 0
    assert "2 notes (1 new, 0 changed, " in capsys.readouterr().out
    states = guids_by_state(deck)
    assert states["retired"] == {old}
    assert len(states["active"]) == 2
    assert run(["build", "--locked"]) == 0


def test_same_is_refused_across_note_types(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(deck, OLD.replace("An array.", "An {{c1::array}}."))
    before = (deck / "ankipress.lock").read_bytes()
    assert run(["ids", "--same", f"cards.md:7={tensor(deck).guid}"]) == 2
    shown = capsys.readouterr().err
    assert (
        "was a basic card and cards.md:7 is cloze: Anki updates no note across note types" in shown
    )
    assert "ankipress ids --new cards.md:7" in shown
    assert (deck / "ankipress.lock").read_bytes() == before


@pytest.fixture
def two_files(deck: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a `cards.md` at its top and in a folder, in each of which a card has changed
    its id.
    """
    (deck / "ankipress.toml").write_text(
        'name = "deck"\nuid = "ids-test"\nsources = ["**/*.md"]\n', encoding="utf-8"
    )
    (deck / "part").mkdir()
    for name in ("one", "two"):
        write(deck, f"# Deck\n\n## What is it? {{#{name}}}\n\nThe top.\n")
        (deck / "part" / "cards.md").write_text(
            f"# Deck\n\n## Where is it? {{#part-{name}}}\n\nThe part.\n", encoding="utf-8"
        )
        if name == "one":
            assert run(["build"]) == 0
    monkeypatch.chdir(deck / "part")
    return deck


@pytest.mark.parametrize(
    ("word", "question"),
    [
        ("cards.md:3", "Where is it?"),
        ("./cards.md:3", "Where is it?"),
        ("part/cards.md:3", "Where is it?"),
        ("part\\cards.md:3", "Where is it?"),
        ("../part/cards.md:3", "Where is it?"),
        ("{}/part/cards.md:3", "Where is it?"),
        ("../cards.md:3", "What is it?"),
        ("..\\cards.md:3", "What is it?"),
    ],
)
def test_a_path_is_one_from_where_the_command_was_started(
    word: str, question: str, two_files: Path
) -> None:
    guid = records(two_files)[question].guid
    run(["ids", "--same", f"{word.format(two_files)}={guid}"])
    ids = {each.question: each.id for each in records(two_files).values()}
    assert ids[question] in {"two", "part-two"}
    assert sorted(filter(None, ids.values())) in (["one", "part-two"], ["part-one", "two"])


def test_the_printed_commands_work_where_they_were_printed(
    two_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retired = guids_by_state(two_files)["retired"]
    assert run(["build"]) == 1
    commands = re.findall(r"ankipress (ids --same .*)", capsys.readouterr().err)
    assert len(commands) == 2
    for command in commands:
        run(command.split())
    assert run(["build"]) == 0
    assert guids_by_state(two_files)["retired"] == retired


def test_a_single_file_is_named_in_the_printed_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "my notes.md"
    for name, status in (("one", 0), ("two", 1)):
        file.write_text(f"## What is it? {{#{name}}}\n\nThis.\n", encoding="utf-8")
        assert run(["build", "my notes.md"]) == status
    shown = capsys.readouterr().err
    found = re.search(r"ankipress (ids --same .*)", shown)
    assert found, shown
    assert run(shlex.split(found[1])) == 0
    assert run(["build", "my notes.md"]) == 0


# At a terminal.

BATCH, TENSOR = "What does the learner do with one batch of images?", "What is a tensor?"


class Terminal(io.StringIO):
    """What somebody types, a line for each question."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def answer(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run `ankipress ids` at a terminal with these answers; its exit status, and what it shows."""

    def ask(*answers: str, styled: bool = False) -> tuple[int, str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{each}\n" for each in answers)))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        status = run(["ids"])
        shown = capsys.readouterr().out
        return status, shown if styled else click.unstyle(shown)

    return ask


def two_renamed(deck: Path) -> None:
    """Two unresolved matches, on the lines 3 and 7."""
    for names in (("one", "two"), ("three", "four")):
        text = OLD
        for question, name in zip((BATCH, TENSOR), names, strict=True):
            text = text.replace(question, f"{question} {{#{name}}}")
        write(deck, text)
        if names == ("one", "two"):
            assert run(["build"]) == 0


def test_a_terminal_shows_both_texts_and_takes_the_note_of_a_number(
    deck: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    guid = renamed(deck)
    status, shown = answer("1")
    assert status == 0
    assert shown == (
        "\ncards.md:7  (1 unresolved)\n"
        "the id of this card was {#one} and is {#two}: is it the same card?\n"
        "  now  What is a tensor?\n"
        "         An array.\n"
        f"  1    What is a tensor?  [{guid}]\n"
        "         An array.\n"
        "  n    a new card\n"
        "  s    skip      q  quit\n"
        "Which is it? (1, n, s, q): 1 settled in ankipress.lock\n"
    )
    assert (tensor(deck).guid, tensor(deck).id) == (guid, "two")


def test_a_terminal_takes_n_for_a_new_note(
    deck: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    guid = renamed(deck)
    assert answer("N")[0] == 0
    assert run(["build"]) == 0
    states = guids_by_state(deck)
    assert states["retired"] == {guid}
    assert len(states["active"]) == 2


def test_what_is_skipped_or_left_is_listed_with_its_commands(
    deck: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    two_renamed(deck)
    before = (deck / "ankipress.lock").read_bytes()
    for answers, asked in ((("s", "s"), 2), (("s", "q"), 2), (("q",), 1)):
        status, shown = answer(*answers)
        assert status == 1
        assert shown.count("Which is it?") == asked
        assert "ankipress ids --new cards.md:3" in shown
        assert "\n2 errors\n" in shown
        assert (deck / "ankipress.lock").read_bytes() == before


def test_a_decision_stays_when_the_next_is_skipped(
    deck: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    two_renamed(deck)
    status, shown = answer("s", "1")
    assert status == 1
    assert "cards.md:3  (2 unresolved)" in shown
    assert "cards.md:7  (1 unresolved)" in shown
    assert "1 settled in ankipress.lock" in shown
    assert (records(deck)[BATCH].id, tensor(deck).id) == ("one", "four")


def test_an_answer_that_is_none_is_asked_again(
    deck: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    renamed(deck)
    status, shown = answer("2", "", "1")
    assert status == 0
    assert shown.count("Which is it?") == 3


def test_a_retired_note_and_its_words_that_are_gone_are_marked(
    deck: Path, answer: Callable[..., tuple[int, str]]
) -> None:
    write(deck, OLD.replace("tensor?", "tensor? {#one}"))
    assert run(["build"]) == 0
    guid = tensor(deck).guid
    write(deck, OLD.partition("## What is a tensor?")[0])
    assert run(["build"]) == 0
    text = OLD.replace("What is a tensor?", "Who is Bach? {#one}")
    write(deck, text.replace("An array.", "He composed the Goldberg Variations."))
    status, shown = answer("n", styled=True)
    assert status == 0
    gone = {
        word: click.style(word, fg="yellow", underline=True)
        for word in ("What", "a tensor?", "An", "array.")
    }
    assert "  now  Who is Bach?\n         He composed the Goldberg Variations.\n" in shown
    assert f"  1    {gone['What']} is {gone['a tensor?']}  [{guid} (retired)]\n" in shown
    assert f"         {gone['An']} {gone['array.']}\n" in shown


def test_nothing_is_asked_at_a_terminal_where_nothing_is_unresolved(
    answer: Callable[..., tuple[int, str]],
) -> None:
    assert answer() == (0, "no unresolved matches\n")


def test_sources_that_cannot_be_read_right_are_shown_first(
    deck: Path, answer: Callable[..., tuple[int, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    write(deck, OLD + "\n## What is a loss? {kind=nonsense}\n\nA number.\n")
    assert run(["ids"]) == 1
    assert "error[unknown-kind]" in capsys.readouterr().err
