"""Where no cards are found, the problem says what was seen instead, and what to change."""

from __future__ import annotations

import re
from time import process_time

import pytest

from ankipress.model import Source
from ankipress.project.settings import Settings
from parsing import parse

_ANSWER = "\n\nAn answer.\n\n"


@pytest.mark.parametrize(
    ("text", "seen", "place", "help"),
    [
        pytest.param("", "there is no text", (0, 1), "## Question", id="an empty file"),
        pytest.param("\n \n\t\n", "there is no text", (0, 1), "## Question", id="blank lines"),
        pytest.param(
            "---\ndeck: A\n---\n",
            "there is no text",
            (0, 1),
            "## Question",
            id="front matter alone",
        ),
        pytest.param("Some text.\n", "there is no heading", (0, 1), "## Question", id="prose"),
        pytest.param(
            "# Title\n\nSome text.\n", "there is no heading", (0, 1), "## Q", id="a title"
        ),
        pytest.param(
            "## A {kind=rows}\n\nSome text.\n",
            "no heading of level 2 makes one",
            (0, 1),
            "## Q",
            id="rows without a row",
        ),
        pytest.param(
            "<!DOCTYPE html>\n<html><body>x</body></html>\n",
            "it is a page of HTML",
            (0, 1),
            "pandoc -f html",
            id="a saved web page",
        ),
        pytest.param(
            "\n<?xml version='1.0'?>\n<HTML>\n",
            "it is a page of HTML",
            (0, 1),
            "pandoc",
            id="XHTML",
        ),
        pytest.param(
            f"# Title\n\n### What is Größe?{_ANSWER}### Why?{_ANSWER}",
            "headings of level 3 (2, such as `### What is Größe?`)",
            (3, 1),
            "`card_level = 3`",
            id="deeper headings",
        ),
        pytest.param(
            f"# One{_ANSWER}# Two{_ANSWER}",
            "headings of level 1 (2, such as `# One`)",
            (1, 1),
            "`card_level = 1`",
            id="higher headings",
        ),
        pytest.param(
            f"# What is it?{_ANSWER}",
            "headings of level 1 (1: `# What is it?`)",
            (1, 1),
            "`card_level = 1`",
            id="a title that asks",
        ),
        pytest.param(
            f"What\n====\n\nWho\n===\n\n### Why{_ANSWER}",
            "headings of level 1 (2, such as `What`), headings of level 3 (1: `### Why`)",
            (1, 1),
            "`card_level = 1`",
            id="the level that is most",
        ),
        pytest.param(
            "Q: What?\nA: That.\n\n**Q:** Who?\n**A:** They.\n\n- Q3. Why?\n\nQuestion: 中文?\n",
            "lines that begin with `Q:` (4, such as `Q: What?`)",
            (1, 1),
            "`## …` in place of `Q: …`",
            id="Q and A",
        ),
        pytest.param(
            "# T\n\n  1. What?\n\n  2. Who?\n",
            "numbered lines (2, such as `1. What?`)",
            (3, 3),
            "in place of `1. …`",
            id="numbers",
        ),
        pytest.param(
            "- **What is it?**\n  This.\n- **Who?**\n",
            "lines in bold (2, such as `- **What is it?**`)",
            (1, 1),
            "in place of `**…**`",
            id="bold in a list",
        ),
        pytest.param(
            "<details>\n<summary>What?</summary>\n\nThis.\n\n</details>\n",
            "<summary> (1: `<summary>What?</summary>`)",
            (2, 1),
            "what stands in <summary>",
            id="a summary",
        ),
        pytest.param(
            "Text.\n\n| Word | Meaning |\n|:---|---|\n| a | b |\n",
            "tables (1: `| Word | Meaning |`)",
            (3, 1),
            "`## Vocabulary {kind=rows}`",
            id="a table",
        ),
        pytest.param(
            "uno::one\ndos :: two\n",
            "lines with `::` (2, such as `uno::one`)",
            (1, 1),
            "before `::`",
            id="double colons",
        ),
        pytest.param(
            "The {{c1::sun}} is hot.\n",
            "lines with a deletion (1: `The {{c1::sun}} is hot.`)",
            (1, 1),
            "{kind=cloze}",
            id="a cloze without a heading",
        ),
        pytest.param(
            "> ## What?\n>\n> This.\n\n- ## Who?\n",
            "headings in a list or a quote (2, such as `> ## What?`)",
            (1, 1),
            "at the margin",
            id="headings that are not outermost",
        ),
        pytest.param(
            "##What?\n\nThis.\n",
            "lines with `##` and no space behind it (1: `##What?`)",
            (1, 1),
            "leave a space",
            id="headings without a space",
        ),
        pytest.param(
            "# T\r\n\r\nQ: What?\r\n".replace("\r\n", "\n")
            + "### Why\n\n```\nQ: no\n### no\n```\n",
            "headings of level 3 (1: `### Why`), lines that begin with `Q:` (1: `Q: What?`)",
            (4, 1),
            "`card_level = 3`",
            id="code does not count",
        ),
    ],
)
def test_what_was_seen(text: str, seen: str, place: tuple[int, int], help: str) -> None:
    result = parse([Source("cards.md", text)], Settings())
    [problem] = [each for each in result.diagnostics if each.code == "no-cards"]
    assert problem.message.startswith("no cards found in cards.md: ")
    assert problem.message.endswith(seen)
    assert (problem.location.line, problem.location.column) == place
    assert help in problem.help
    if place[0]:
        line = text.split("\n")[place[0] - 1]
        shown = line[place[1] - 1 : place[1] - 1 + problem.location.width]
        assert shown == line.strip()
        assert f"`{shown}`" in problem.message


def test_all_files_are_looked_at() -> None:
    sources = [Source("cards/a.md", "Q: A?\n"), Source("cards/b.md", "Q: B?\n\n### C\n\n### D\n")]
    [problem] = parse(sources, Settings()).diagnostics
    assert problem.message == (
        "no cards found in these 2 files: cards are headings of level 2, but there are lines that"
        " begin with `Q:` (2, such as `Q: A?`), headings of level 3 (2, such as `### C`)"
    )


def test_at_most_three_shapes_are_named() -> None:
    text = "### A\n\n#### B\n\n1. c\n\n**d**\n\ne :: f\n"
    [problem] = parse([Source("cards.md", text)], Settings()).diagnostics
    assert len(re.findall(r"\(1: ", problem.message)) == 3


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        pytest.param("cards.md", "`card_level = 3` in ", id="a source as it is"),
        pytest.param("cards/deep/a.md", "`card_level = 3` in ", id="a source in a folder"),
        pytest.param("cards/a.md", "`card_level = 3` in ", id="a source in the folder"),
        pytest.param(
            "notes.md", '`card_level = 3` and `sources = ["notes.md"]` in ', id="a file of its own"
        ),
    ],
)
def test_a_setting_for_a_file_of_its_own_says_that_it_must_be_a_source(
    path: str, setting: str
) -> None:
    [problem] = parse([Source(path, "### A\n\na\n")], Settings()).diagnostics
    assert setting in problem.help


def test_the_help_is_right() -> None:
    """Who does what is said has cards."""
    text = "# T\n\n### What?\n\nThis.\n"
    assert parse([Source("cards.md", text)], Settings(card_level=3)).entries
    table = "## Vocabulary {kind=rows}\n\n| Word | Meaning |\n|---|---|\n| a | b |\n"
    assert parse([Source("cards.md", table)], Settings()).entries


NUMBERED = "1. What?\n\n   That.\n\n2. Who?\n\n   They.\n"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (NUMBERED, "numbered"),
        ("1. ### What?\n\n   That.\n", "numbered"),
        ("Q: What?\nA: That.\n", "prefix"),
        ("**What?**\n\nThat.\n", "bold"),
        ("<details><summary>What?</summary>That.</details>\n", "summary"),
        ("What::That\n", "inline"),
        ("| a | b |\n|---|---|\n| x | y |\n", "table"),
    ],
)
def test_a_shape_that_reads_the_lines_is_named(text: str, shape: str) -> None:
    [problem] = parse([Source("cards.md", text)], Settings(name="x")).diagnostics
    assert problem.help.startswith(f'set `shape = "{shape}"`')
    [problem] = parse([Source("notes.md", text)], Settings(name="x")).diagnostics
    assert problem.help.startswith(f"`ankipress build FILE --shape {shape}` reads them")
    found = parse([Source("cards.md", text)], Settings(name="x", shape=shape))
    assert len(found.entries) > 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Some text.\n\n> Q: What?\n", id="Q in a quote"),
        pytest.param("> ### What?\n", id="a heading in a quote"),
        pytest.param("<summary>What?</summary>\n", id="a summary of nothing"),
        pytest.param("See `a` :: b {{c1::x}}\n", id="a deletion"),
    ],
)
def test_a_shape_that_would_find_nothing_is_not_named(text: str) -> None:
    [problem] = parse([Source("cards.md", text)], Settings(name="x")).diagnostics
    assert "shape" not in problem.help


@pytest.mark.parametrize(
    ("shape", "text", "message", "help"),
    [
        ("numbered", "Text.\n", "there are no items of numbered lists", 'in the shape "numbered"'),
        ("prefix", "", "there is no text", "cards are lines that begin with `Q:`"),
        (
            "numbered",
            "# T\n\n### What?\n\nThat.\n",
            "cards are items of numbered lists, but there are headings of level 3 (1:",
            'set `shape = "headings"` and `card_level = 3`',
        ),
        (
            "summary",
            NUMBERED,
            "cards are <summary>, but there are numbered lines (2,",
            'set `shape = "numbered"`',
        ),
        ("bold", "**Answer:**\n\nThat.\n", "there are no lines in bold", 'the shape "bold"'),
    ],
)
def test_a_project_in_another_shape(shape: str, text: str, message: str, help: str) -> None:
    settings = Settings(name="x", shape=shape)
    [problem] = parse([Source("cards.md", text)], settings).diagnostics
    assert problem.code == "no-cards"
    assert message in problem.message
    assert help in problem.help


def test_files_without_settings_in_another_shape() -> None:
    settings = Settings(name="x", shape="numbered")
    text = "# T\n\n### What?\n\nThat.\n"
    [problem] = parse([Source("notes.md", text)], settings).diagnostics
    assert problem.help == "`ankipress build FILE --shape headings:3` reads them"


@pytest.mark.growth
@pytest.mark.parametrize("line", ["a\n{}b\n", "- a\n  {}b\n", "a\n|{}b\n"])
def test_blanks_in_a_line_are_not_read_again_from_each_of_them(line: str) -> None:
    def seconds(blanks: int) -> float:
        started = process_time()
        source = Source("notes.md", line.format(" " * blanks))
        parse([source], Settings("deck"))
        return process_time() - started

    few = min(seconds(500) for _ in range(3))
    assert seconds(20_000) < 100 * few + 0.5
