"""To look for near misses takes no square of the time, whatever an author or a stranger writes."""

from __future__ import annotations

import time

import pytest

from ankipress.model import Source
from ankipress.parse.document import FileContext, read_document
from ankipress.parse.near_misses.entry_checks import near_misses
from ankipress.parse.section import read_section
from ankipress.project.settings import Settings
from near import codes

HOSTILE = (
    "{{c1:",
    "{{c1:a}} ",
    "{{c::a}} ",
    "{{c1:: }}",
    "{c1::a} ",
    "{{",
    "{ ",
    "}}",
    "==a ",
    "== ",
    "==a==b",
    "[[a b",
    "[[aa]] ",
    "[[a ",
    "]]",
    "[[",
    "^12c8c3\n",
    "^a",
    "^a-b-",
    ":::\n",
    "::: a\n\n",
    ":::",
    "$x^2 ",
    "$",
    "$$",
    "$ ",
    "$$ x ",
    "$$\n",
    "$a_1$b",
    "$ a_1 $ ",
    "$a \\(b c\\) ",
    "\\(aa ",
    "\\(aa\\) ",
    "\\[aa ",
    "\\[aa\\] ",
    "\\begin{a}",
    "\\begin{a}\n\n",
    "\\begin{",
    "[latex]",
    "[latex]a[/latex]",
    "[$]",
    "[/$]",
    "[$]$x^2",
    "![a](b c",
    "![a](b c.png) ",
    "![a](",
    "[a](b ( c",
    "![a](b (c) d",
    "![a] (b",
    "![a] ",
    "[a] ",
    "##a\n",
    "##",
    "\uff03",
    "\u00a0",
    "##\u00a0",
    "# \u00a0a\n",
    "    ## a\n\nb\n\n",
    "### Hints\n\n",
    "### a?\n\n",
    "## a\n\n### b?\n\n",
    "[a]: b\n",
    "[a]: b\n\n[c][a] ",
    "[a]: ",
    "|a|b|\n",
    "$\\|a\\|$|",
    "|",
    "- $a\n",
    "> ##a\n",
    "<!-- a\n",
    "<?a",
    "<!a ",
    "<pre>\n",
    "</pre>\n## a\n<pre>",
)
HEAD = "## a\n\n|a|b|\n|-|-|\n"
CONTEXT = FileContext(2, "", {}, {})


def seconds(text: str) -> float:
    """How long near misses are looked for in a card that is read already."""
    [section] = read_document(Source("cards.md", text), Settings(), {}).sections[:1]
    [trees] = read_section(section, CONTEXT).trees
    list(trees.all())
    start = time.process_time()
    list(near_misses(trees))
    return time.process_time() - start


@pytest.mark.parametrize("piece", HOSTILE)
def test_four_times_the_text_takes_four_times_the_time(piece: str) -> None:
    """A square would take sixteen times as long, and many seconds."""
    few, many = (seconds(HEAD + piece * (size // len(piece))) for size in (7_500, 30_000))
    # The collection of garbage of a whole test run may come in between.
    assert many < 8 * few + 2


@pytest.mark.parametrize("piece", HOSTILE)
def test_large_files_are_read_at_all(piece: str) -> None:
    codes(piece * (20_000 // len(piece)))
