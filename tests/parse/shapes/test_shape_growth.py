"""To find cards takes no square of the time in any shape, whatever stands in a file."""

from __future__ import annotations

import time

import pytest

from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.shapes import SHAPES

HOSTILE = (
    ("numbered", "", "1. A?\n\na\n\n"),
    ("numbered", "", "## x\n\n1. A?\n"),
    ("numbered", "1. A?\n\n", "7. x\n\ny\n\n"),
    ("numbered", "1. A?\n\n", "### Hint\n\n"),
    ("numbered", "", "1. [a](b)\n"),
    ("prefix", "", "Q: A?\nA: a\n\n"),
    ("prefix", "Q: A?\n", "A: a\n"),
    ("prefix", "Q: A?\n", "### Hint\n"),
    ("prefix", "C: [a] ", "C: a\n"),
    ("prefix", "C: [a] ", "`[a](["),
    ("summary", "", "<details>\n<summary>A?</summary>\n\nb\n\n</details>\n\n"),
    ("summary", "", "<details><summary>A"),
    ("summary", "<details>\n<summary><b>A", "</b> "),
    ("summary", "<details>\n<summary>", "<b> "),
    ("bold", "", "**A?**\n\n## x\n\n"),
    ("bold", "**A?**\n\n", "### Hint\n\n"),
    ("bold", "", "**A "),
    ("file", "", "---\n\n"),
    ("file", "", "a\n \n"),
    ("inline", "", "{{a::"),
    ("inline", "", "`a::` "),
    ("inline", "", "a\n?\nb\n\n"),
    ("inline", "", "?\n"),
    ("table", "", "## x\n\n| a | b |\n|---|---|\n| x | y |\n\n"),
    ("headings", "", "## A?\n\n[a](b) "),
)


def seconds(shape: str, text: str) -> float:
    """How long cards are looked for in a file whose blocks are read already."""
    file = ShapedFile(text.split("\n"), stem="notes")
    assert file.nodes
    assert file.outline is not None
    assert file.details is not None
    start = time.process_time()
    list(SHAPES[shape](file))
    return time.process_time() - start


@pytest.mark.parametrize(("shape", "before", "piece"), HOSTILE)
def test_four_times_the_text_takes_four_times_the_time(shape: str, before: str, piece: str) -> None:
    """A square would take sixteen times as long, and many seconds."""
    few, many = (seconds(shape, before + piece * (size // len(piece))) for size in (7_500, 30_000))
    # The collection of garbage of a whole test run may come in between.
    assert many < 8 * few + 2
