"""A deck of all sorts of cards, and what an author may write into it anywhere."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

CARDS = (
    "---\ntags: [one, two]\nlang: de\n---\n# Deck\n\n"
    + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(12))
    + "## Gaps {reverse}\n\nOne.\n\n## Holes\n\n{{c1::One}} and {{c2::two}}.\n\n"
    "## What is this? {#square .tag}\n\n"
    "![A square.](media/a.png)\n\n### Hint\n\nFour.\n\n## Code {typed}\n\n```python\n"
    "# a comment\nx = 1\n```\n\n"
    "# A section\n\nProse.\n\n## Below?\n\n- a list\n- of two\n\n## Once?\n\n```\n## no card\n"
    "```\n\n## Draft? {draft}\n\nNo.\n\n"
    "## Twice?\n\nOne.\n\n## Twice?\n\nTwo.\n\n## Rows {kind=rows}\n\n| Q | A |\n|---|---|\n"
    "| q | a |\n\n## Last?\n\nThe end.\n"
)
SNIPPETS = [
    "text", " more words", "\n", "\n\n", "\r\n", "\n\nA paragraph.\n\n", "*", "`", "**bold**",
    "==mark==", "{{c1::gap}}", "{{c3::gap}}", "\n```\n", "\n~~~\n", "\n```python\nx = 2\n```\n",
    "\n<!-- ", " -->\n", "\n<div>\n", "\n</div>\n", "\n<details>\n", "\n</details>\n",
    "\n## New?\n\nYes.\n\n", "\n ## Indented?\n\nYes.\n", "\n##\tTab?\n\nYes.\n",
    "\n# Section\n\n", "\n### Hint\n\nThink.\n\n", "\n### Source\n\nA book.\n\n", "\n\n---\n\n",
    "\nUnder\n---\n", "\nUnder\n===\n", "\n> quoted\n", "\n- item\n", "\n    indented\n",
    "\n[a]: /x\n\n", "[a]", "[^1]", "\n[^1]: A note.\n", "![A square.](media/a.png)",
    "![No.](media/none.png)", "[sound:x.mp3]", "$x^2$", "\n$$\nx\n$$\n",
    "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "\u2028", "\xe9", "e\u0301", "\u05d0", "\x0b", "\t",
    "&amp;", "\\", "42", "\n- [ ] task\n", " {#own}", " {.tag}", "https://example.org", "<b>b</b>",
    "<script>x</script>", "What is 3?",
]  # fmt: skip

changes_of_text = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.integers(0, 12), st.sampled_from(SNIPPETS) | st.text(max_size=5)
    ),
    min_size=1,
    max_size=3,
)


def edited_text(text: str, changes: list[tuple[int, int, str]]) -> str:
    """A text with some changes: each has a place, how much goes, and what comes."""
    for number, length, snippet in changes:
        place = number % (len(text) + 1)
        text = text[:place] + snippet + text[place + (length if length < 4 else 0) :]
    return "".join(each for each in text if not "\ud800" <= each <= "\udfff")


EACH_LINE_END = pytest.mark.parametrize(
    ("newline", "start"), [("\n", ""), ("\r\n", "\ufeff")], ids=["LF", "CRLF and a byte order mark"]
)
EACH_SETTING = pytest.mark.parametrize(
    "more",
    [
        pytest.param("", id="plain"),
        pytest.param('tags = ["x"]\nlang = "fr"\n', id="tags of the project"),
        pytest.param('sections = "tag"\n', id="tags of sections"),
        pytest.param('sections = "subdeck"\ndeck_prefix = "All"\n', id="decks of sections"),
        pytest.param(
            'source_url = "https://example.org/{path}?{guid}"\n', id="links to the source"
        ),
        pytest.param(
            'source_url = "https://example.org/{path}#{anchor}"\n', id="links to headings"
        ),
    ],
)
