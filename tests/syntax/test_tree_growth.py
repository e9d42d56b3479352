"""Reading takes no square of the time, whatever an author or a stranger writes."""

from __future__ import annotations

import time

import pytest

from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.prose import prose

SECONDS = 10  # a twentieth of it is needed; a square takes minutes
LENGTH = 40_000
PIECES = {
    "addresses": "http://a.b ",
    "addresses in deletions": "{{c1::http://a.b ",
    "mail addresses": "x@y.z ",
    "mail addresses with escapes": "a\\_b@c.d ",
    "lines of code in a line": "`a`\n",
    "lines of mathematics in a line": "$a$\n",
    "lines of tags": "a <b>\n",
    "lines of brackets": "[a\n",
    "lines of brackets of mathematics": "\\[a\n",
    "the same in quotes": "> \\[a\n",
    "lines of dollars": "$$ a\n",
    "definitions": "[a]: b\n",
    "definitions that never end": "[a]: 'b\n",
    "definitions that are underlined": "[a]:\n=\n",
    "footnotes": "[^1]: a\n",
    "references to footnotes": "[^1]",
    "missing footnotes": "[^a]",
    "escaped bars": "a\\|",
    "tables": "|a|\n|-|\n|b|\n\n",
    "heads of tables": "a|b\n",
    "delimiters of tables": "|-|\n",
    "bars": "|",
    "code with tabs": "- ```\n\ta\n",
    "open fences": "```\n",
    "fences in quotes": "> ```\n",
    "comments": "<!-- a\n",
    "declarations": "<!A\n",
    "tags that never end": "<b c='\n",
    "tasks": "- [ ] a\n",
    "loose items": "- a\n\n",
    "alerts": "> [!NOTE]\n> a\n\n",
    "headings": "a\n=\n",
    "sounds": "[sound:a.mp3]",
    "hard breaks": "a  \n",
    "emphasis": "*a* **b** ~c~ ",
    "emphasis that never ends": "*a **b ~c ",
    "links": "[a](b) ",
    "links that never end": "[a](",
    "brackets": "[",
    "quotes": "> ",
    "items": "- ",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_large_texts_are_read_in_linear_time(piece: str) -> None:
    text = piece * (LENGTH // len(piece))
    start = time.process_time()
    prose(read_markdown(text, footnotes=["1"], hides=True).nodes, text)
    assert time.process_time() - start < SECONDS


def test_many_rows_of_a_table_are_read_in_linear_time() -> None:
    text = "|a|b|\n|-|-|\n" + "|`c\\|d`|e\\|f|g|\n" * 3_000
    start = time.process_time()
    prose(read_markdown(text).nodes, text)
    assert time.process_time() - start < SECONDS
