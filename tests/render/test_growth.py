"""Rendering takes no square of the time, whatever an author or a stranger writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest

from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from ankipress.render.math import finish_math
from stages import converted

HOSTILE = {
    "brackets": "[",
    "pictures": "![",
    "links that end nowhere": "[a](",
    "targets that end nowhere": "[a](<b",
    "references": "[a]",
    "footnotes": "[^",
    "comments": "a <!--",
    "instructions": "a <?",
    "declarations": "a <!A",
    "CDATA": "a <![CDATA[",
    "tags that end nowhere": "a <b c='",
    "addresses": "http://a.b ",
    "www": "www.",
    "at signs": "a@",
    "stars": "*",
    "emphasis that ends nowhere": "*a ",
    "two sorts of emphasis": "*a_ ",
    "tildes": "~a ~~b ",
    "ticks": "`a ``b ",
    "backslashes": "\\",
    "mathematics": "$a \\(b \\[c ",
    "dollars": "a $$b ",
    "quotes": "> ",
    "lists": "- ",
    "numbers": "1. ",
    "elements in elements": "<div>",
    "elements in a line": "a <b>",
    "elements on lines": "<div>\n",
    "tables in tables": "<table><tr><td>",
    "open paragraphs": "<p><b>a\n\n",
    "what is dropped": "a <blink>",
    "paragraphs": "a\n\n",
    "items": "- a\n",
    "tasks": "- [ ] a\n",
    "alerts": "> [!NOTE]\n> a\n\n",
    "definitions": "[a\n",
    "line ends": "\n",
    "references of characters": "&amp;",
    "deletions": "{{c1::",
    "sounds": "[sound:",
}
FOLDERS = (Path(__file__).parent, Path(__file__).parents[1])
WORDS = {
    "an address with references": "https://a.b/" + "&a;" * 20_000,
    "lines in preformatted text": "<pre>" + "\n" * 50_000 + "a</pre>",
    "one footnote": "[^1]: a\n\n" + "[^1]" * 10_000,
    "many attributes": "a <b " + "c " * 40_000 + ">",
    "a style": '<p style="' + "a:b;" * 20_000 + '">c',
    "steps": "".join(f"{'  ' * step}- a\n" for step in range(300)),
    "formatting that never ends": "".join(f"<p><b class=a{number}>c" for number in range(4000)),
    "pictures in pictures": "![" * 10_000 + "a" + "](b)" * 10_000,
    "emphasis in emphasis": "*a _b " * 5_000 + "_ c* " * 5_000,
    "an address of brackets": "https://a.b/" + ")" * 80_000,
}


def calls(text: str) -> int:
    """How many functions are called to render a text."""
    count, converter = 0, Converter()

    def see(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(see)
    try:
        finish_math(canonical(converted(text, converter=converter).html))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_text_takes_twice_the_work(piece: str) -> None:
    """Counted in calls, which no clock disturbs; four times the text would be sixteen times the
    work of a square.
    """
    few, many = (calls(piece * (size // len(piece))) for size in (2_000, 8_000))
    assert many < 6 * few + 2_000


SCRIPT = """
import sys

sys.path += sys.argv[1:]
from test_growth import *

for text in [*(each * (20_000 // len(each)) for each in HOSTILE.values()), *WORDS.values()]:
    finish_math(canonical(converted(text, converter=Converter()).html))
"""


def test_large_texts_are_rendered_at_all() -> None:
    """A square of the time would take many minutes; what is waited for is far more than any machine
    needs.
    """
    subprocess.run([sys.executable, "-c", SCRIPT, *map(str, FOLDERS)], timeout=300, check=True)
