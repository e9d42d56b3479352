"""Notes with many marks are read in time that grows with their length."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from ankipress.model import USUAL_SEPARATORS, Source
from ankipress.parse.document import read_document
from ankipress.parse.shapes.inline import read_inline
from ankipress.parse.shapes.shaped_file import ShapedFile
from vault import VAULT

MARKS = (
    *("?\n", "a::b\n", "- a :: b\n", "#flashcards/a\n", "#flashcards/x q::a\n\n", "q #card\n"),
    *("# h #card\n\n", "## h\n", "- q #card\n\t- a\n", "START\n", "STARTI [Basic] a ", "==a;; "),
    *("{{cloze a ", "TARGET DECK\n", "^1665131487417\n", "==a== b\n\n", "- q #card\n  id:: x\n"),
    *("- q #card\n  :LOGBOOK:\n", "q\n?\na\n\n", ":: ", "` :: ", "[a:: ", "(a:: ", "<!-- a::b "),
)


def seconds(text: str) -> float:
    started = process_time()
    read_document(Source("note.md", text), VAULT, {})
    return process_time() - started


@pytest.mark.growth
@pytest.mark.parametrize("mark", MARKS)
def test_twenty_times_the_marks_take_no_hundred_times_as_long(mark: str) -> None:
    head = "#flashcards\n\n"
    few = min(seconds(head + mark * 100) for _ in range(3))
    many = seconds(head + mark * 2000)
    assert many < 100 * few + 0.5


@pytest.mark.growth
@pytest.mark.parametrize("mark", ["q\n?\na\n\n", "## h\nq\n?\na\n\n"])
def test_an_end_that_never_comes_is_not_looked_for_by_each_card(mark: str) -> None:
    separators = replace(USUAL_SEPARATORS, end="THE END")

    def seconds_of(times: int) -> float:
        lines = ("#flashcards\n\n" + mark * times).split("\n")
        started = process_time()
        list(read_inline(ShapedFile(lines, dialect="obsidian", separators=separators)))
        return process_time() - started

    few = min(seconds_of(150) for _ in range(3))
    assert seconds_of(6000) < 100 * few + 0.5


@pytest.mark.growth
def test_tags_behind_tags_are_not_read_again_from_each_of_them() -> None:
    few = min(seconds("a " + "#card " * 250 + " x\n\nb\n") for _ in range(3))
    assert seconds("a " + "#card " * 10_000 + " x\n\nb\n") < 100 * few + 0.5


@pytest.mark.growth
@pytest.mark.parametrize(
    ("start", "mark", "end"),
    [
        ("- q #card\n", "  :LOGBOOK:\n", ""),
        ("STARTI [Basic] a", " ", "x ENDI\n"),
        ("STARTI [Basic] a Tags: b", " ", "x ENDI\n"),
        ("FILE TAGS: a", " ", "x\n"),
        ("#flashcards\n\na::b ", "\t", "x\n"),
        ("#flashcards\n\n==a== ", "{{c1::", "\n"),
        ("#flashcards\n\n==a== ", "x<!-- ", "\n"),
    ],
)
def test_what_never_ends_is_not_read_again(start: str, mark: str, end: str) -> None:
    often = 20_000
    few = min(seconds(start + mark * (often // 40) + end) for _ in range(3))
    assert seconds(start + mark * often + end) < 100 * few + 0.5
