"""Files of any shape are read in time that grows with their length, as are those whose shape is
looked for.
"""

from __future__ import annotations

from time import process_time

import pytest

from ankipress.model import Source
from ankipress.parse.shapes.detection import detect
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.shapes import SHAPES

# A beginning, what is repeated, and an end.
HOSTILE = (
    ("## Q", " ", "x\n\na\n"),
    ("## 1", " ", "x\n\na\n"),
    ("**a**", " ", "x\n\na\n"),
    ("**a**<br", " ", "x\n\na\n"),
    ("**a", " *", "x\n\na\n"),
    ("1. what", " ", "x\n   y\n\na\n"),
    ("1. what", "<br ", "x\n   y\n\na\n"),
    ("", " ", "x | y\n"),
    ("Q", " ", "a\n"),
    ("", "std::a ", "\n"),
    ("", "a::", "\n"),
    ("", "a", " :: b\n"),
    ("", "a", "b::c\n"),
    ("", "`a::b` ", "\n"),
    ("a :: b ", "{{", "\n"),
    ("a ", "{{", ":: b\n"),
    ("a :: b ", "x<!--", "\n"),
    ("C: ", "[a ", "\n"),
    ("C: [a] ", "[a](", "\n"),
    ("C: [a] ", "$a ", "\n"),
    ("", "Q: a\n", ""),
    ("", "Q: a\n\n## Answer\n\n", ""),
    ("", "C: a\n", ""),
    ("", "1. a\n", ""),
    ("", "1. a\n\n   b\n\n", ""),
    ("", "<details>\n", ""),
    ("", "<details><summary>a?</summary>\n\nb\n\n", ""),
    ("<details><summary>", "<b>", "a</summary>\n\nb\n\n</details>\n"),
    ("", "a\n?\nb\n\n", ""),
    ("", "?\n", ""),
    ("| a | b |\n| - | - |\n", "| c | d |\n", ""),
    ("", "**a?**\n\nb\n\n", ""),
)


def seconds(text: str) -> float:
    started = process_time()
    for reader in SHAPES.values():
        list(reader(ShapedFile(text.split("\n"))))
    detect([Source("note.md", text)])
    return process_time() - started


@pytest.mark.growth
@pytest.mark.parametrize(("start", "mark", "end"), HOSTILE)
def test_forty_times_the_marks_take_no_square_of_the_time(start: str, mark: str, end: str) -> None:
    often = 20_000
    if "\n" in mark:
        often = 1_000
    few = min(seconds(start + mark * (often // 40) + end) for _ in range(3))
    many = seconds(start + mark * often + end)
    assert many < 100 * few + 0.5
