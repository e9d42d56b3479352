"""Footnotes hold for the whole file, as on GitHub; those that nothing uses are told."""

from __future__ import annotations

import pytest

from ankipress.diagnostics import Location
from ankipress.model import Source
from ankipress.parse.placing import Parsed
from ankipress.project.settings import Settings
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.tree import walk
from parsing import parse


def parsed(text: str) -> Parsed:
    return parse([Source("cards.md", text)], Settings())


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        pytest.param("text[^1]", {}, id="a reference"),
        pytest.param("```\n[^1]: a\n```", {}, id="in code"),
        pytest.param("    [^1]: a", {}, id="indented code"),
        pytest.param("[^a b]: a", {}, id="a label with a space"),
        pytest.param("[^1]: a\nb\n\nc", {"1": (0, 1)}, id="lines that follow"),
        pytest.param(
            "[^1]: a\n\n    b\n\n    ```\n    [^2]: c\n    ```\n\nd",
            {"1": (0, 6)},
            id="paragraphs and code",
        ),
        pytest.param("[^1]: a\n# b", {"1": (0, 0)}, id="a heading ends it"),
        pytest.param("[^1]: a\n- b", {"1": (0, 0)}, id="a list ends it"),
        pytest.param("[^1]: a\n---\nb", {"1": (0, 0)}, id="a rule ends it"),
        pytest.param("[^1]: a\n[^X]: b", {"1": (0, 0), "x": (1, 1)}, id="one below another"),
        pytest.param("[^1]:\n    a\nb", {"1": (0, 2)}, id="a text that begins below"),
        pytest.param("[^1]:\nb", {"1": (0, 0)}, id="an empty one"),
    ],
)
def test_definitions(text: str, ends: dict[str, tuple[int, int]]) -> None:
    found = {
        node.text.casefold(): (text.count("\n", 0, node.start), text.count("\n", 0, node.end))
        for node in walk(read_markdown(text).nodes)
        if node.kind == "footnote"
    }
    assert found == ends


@pytest.mark.parametrize(
    ("text", "footnotes"),
    [
        pytest.param("## A\n\na", {}, id="none"),
        pytest.param("## A\n\na[^1]\n\n[^1]: b", {"1": "[^1]: b"}, id="in the card"),
        pytest.param(
            "## A[^1]\n\na\n\n## B\n\nb\n\n[^1]: c", {"1": "[^1]: c"}, id="in another card"
        ),
        pytest.param("[^1]: c\n\n## A\n\na[^1]", {"1": "[^1]: c"}, id="above the cards"),
        pytest.param(
            "[^1]: c\n\n## A\n\na[^1]\n\n[^1]: d", {"1": "[^1]: d"}, id="the card's own first"
        ),
        pytest.param(
            "## A\n\na[^1]\n\n# N\n\n[^1]: b[^2]\n[^2]: c",
            {"1": "[^1]: b[^2]", "2": "[^2]: c"},
            id="one of another",
        ),
        pytest.param("## A\n\n`[^1]`\n\n# N\n\n[^1]: b", {}, id="no reference in code"),
        pytest.param("## A\n\n\\[^1]\n\n# N\n\n[^1]: b", {}, id="no reference where it is escaped"),
    ],
)
def test_a_card_has_the_footnotes_that_it_needs(text: str, footnotes: dict[str, str]) -> None:
    trees = EntryTrees(parsed(text).entries[0])
    passage = trees.passage(trees.entry.parts["Back"], trees.entry.question)
    found = {label: each.part.text for each in passage.footnotes for label in each.tree.footnotes}
    body = passage.body
    found |= {
        node.text: body.part.text[node.start : node.end]
        for node in body.walk()
        if node.kind == "footnote"
    }
    assert found == footnotes


def test_a_footnote_brings_the_links_that_it_uses() -> None:
    [entry] = parsed("## A\n\na[^1]\n\n# N\n\n[^1]: [b][x]\n\n[x]: https://example.org\n").entries
    assert entry.definitions == "[x]: https://example.org"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Intro[^1].\n\n## A\n\na\n\n[^1]: b", [], id="used above the cards"),
        pytest.param("## A\n\na\n\n[^X]: b", [("unused-footnote", 5, 1, 5)], id="unused"),
        pytest.param(
            "[^x]: b\n\n## A\n\n`[^x]`", [("unused-footnote", 1, 1, 5)], id="used in code alone"
        ),
    ],
)
def test_what_is_told(text: str, found: list[tuple[str, int, int, int]]) -> None:
    told = [(each.code, each.location) for each in parsed(text).diagnostics]
    assert told == [(code, Location("cards.md", *place)) for code, *place in found]


def test_a_footnote_below_a_table_is_no_text_outside_rows() -> None:
    text = "## A {kind=rows}\n\n| a | b |\n|---|---|\n| c[^1] | d |\n\n[^1]: e\nf\n\n    g\n"
    result = parsed(text)
    assert (result.diagnostics, len(result.entries)) == ((), 1)
