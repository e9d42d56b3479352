"""Text that no card would show is told: below HTML that never ends, in cells beyond a table, below
headings that are too deep.
"""

from __future__ import annotations

import pytest

from ankipress.diagnostics import CODES, Severity
from near import codes, told, unmarked

AFTER = "\n\n## Second?\n\nAnswer two."
# What opens HTML that never ends; the mark that opens it is before the bar.
OPENINGS = {
    "a comment": "<!--| check the date -- >",
    "a comment with a mark of its own": "<!--| check the date --!>",
    "a comment of several lines": "<!--|\ncheck\n\nthe date",
    "an indented comment": "   <!--| a",
    "pre": "<pre>|\na",
    "pre with attributes": '<pre class="a">|b',
    "script": "<script>|\nalert(1)",
    "style": "<style>|\nb { color: red }",
    "textarea": "<textarea>|\na",
    "in large letters": "<PRE>|\na",
    "an instruction": "<?|php echo 1;",
    "a question mark": "<?| a",
    "CDATA": "<![CDATA[| a",
    "a declaration": "<!DOCTYPE| html",
    "a comment in Korean": "<!--| 날짜 확인 -- >",
}


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_html_that_never_ends_is_an_error_at_its_opening_line(opening: str) -> None:
    mark, _, rest = opening.partition("|")
    text = f"## First?\n\nAnswer one.\n\n{mark}{rest}{AFTER}"
    assert told(text, "endless-html").spans == [mark.strip()]
    assert CODES["endless-html"] is Severity.ERROR


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_so_it_is_above_the_first_card_and_at_the_end(opening: str) -> None:
    mark, _, rest = opening.partition("|")
    for text in (f"{mark}{rest}{AFTER}", f"## First?\n\nx\n\n{mark}{rest}"):
        assert told(text, "endless-html").spans == [mark.strip()]


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param("- a\n\n  «<!--» b\n\n- c", id="a comment in a list"),
        pytest.param("> a\n>\n> «<!--» b\n\nc", id="a comment in a quote"),
        pytest.param("- a\n\n  «<pre>»\n  b", id="pre in a list"),
        pytest.param("> «<?»php \n> a\n\n> «<?»php\n> b", id="two instructions in quotes"),
    ],
)
def test_inside_a_list_or_quote_it_takes_the_rest_of_that(marked: str) -> None:
    text, spans = unmarked(f"## First?\n\n{marked}\n\n## Second?\n\nb")
    assert told(text, "endless-html").spans == spans


def test_a_comment_that_ends_only_with_the_next_one_is_told() -> None:
    text = "## A\n\nx\n\n<!-- one -- >\n\n## B\n\ny\n\n<!-- two -->\n\n## C\n\nz"
    assert told(text, "endless-html").spans == ["<!--"]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- a -->",
        "<!-- a -- b --- c -->",
        "<!--\n\n## no card\n\n-->",
        "<!-- a\n\n<!-- b -->",
        "a <!-- b",
        "<pre>\n\na\n</pre>",
        "<details>\n\na\n\n</details>",
        "<!DOCTYPE html>",
        "<?php echo 1; ?>",
        "`<!-- a`",
        "```\n<!-- a\n```",
        "    <!-- a",
        "\\<!-- a",
        "$a <!-- b$",
    ],
)
def test_html_that_ends_is_none(text: str) -> None:
    assert "endless-html" not in codes(f"## First?\n\n{text}\n\nb\n\n## Second?\n\nx")


@pytest.mark.parametrize(
    "marked",
    [
        "What does «<!DOCTYPE html>» do?",
        "What does «<!DOCTYPE html>» and «<!DOCTYPE html>» do?",
        "What does «<?php echo 1; ?>» do?",
        "- a **«<?php ?>»** b",
        "|a|\n|-|\n|«<!DOCTYPE html>»|",
        "> 글 «<![CDATA[a]]>» b",
        "#### a «<?php ?>»",
    ],
)
def test_html_that_shows_nothing_is_told_where_it_stands_in_a_text(marked: str) -> None:
    text, spans = unmarked(f"## First?\n\n{marked}")
    assert told(text, "dropped-html").spans == spans


def test_so_it_is_in_a_question() -> None:
    assert told("## What does <!DOCTYPE html> do?\n\nx", "dropped-html").spans == [
        "<!DOCTYPE html>"
    ]


HEAD = "| Command | Meaning |\n|---|---|\n"


@pytest.mark.parametrize(
    ("row", "spans"),
    [
        pytest.param("| `ls | wc -l` | counts |", ["counts"], id="a pipe in code"),
        pytest.param("| $|x|$ | b |", ["$", "b"], id="bars in a formula"),
        pytest.param("| a | b | c |", ["c"], id="one too many"),
        pytest.param("| a | b | c | d |", ["c", "d"], id="two too many"),
        pytest.param("a | b | c", ["c"], id="without outer bars"),
        pytest.param("| 가 | 나 | 다 🇫🇷 |", ["다 🇫🇷"], id="Korean"),
        pytest.param("| a | b | c |\n| a | b | c |", ["c", "c"], id="two equal ones"),
        pytest.param("| a | b | **c** `d` |", ["**c** `d`"], id="markup in it"),
        pytest.param("| a | b | |", [], id="an empty one"),
        pytest.param("| a | b |", [], id="as many as columns"),
        pytest.param("| a |", [], id="fewer"),
        pytest.param("| `a \\| b` | c |", [], id="an escaped bar in code"),
        pytest.param("| a \\| b | c |", [], id="an escaped bar"),
        pytest.param("| a &#124; b | c |", [], id="a reference to a bar"),
    ],
)
def test_cells_beyond_the_header(row: str, spans: list[str]) -> None:
    for kind, code in (("", "extra-cell"), (" {kind=rows}", "lost-cell")):
        text = f"## What?{kind}\n\n{HEAD}{row}\n"
        assert told(text, code).spans == spans
        assert ({"extra-cell", "lost-cell"} & set(codes(text))) == ({code} if spans else set())


@pytest.mark.parametrize("frame", ["- a\n\n  ", "> ", "> - "])
def test_cells_in_lists_and_quotes(frame: str) -> None:
    below = frame.rsplit("\n", maxsplit=1)[-1].replace("-", " ")
    table = f"\n{below}".join(f"{HEAD}| a | b | c |".split("\n"))
    assert told(f"## What?\n\n{frame}{table}", "extra-cell").spans == ["c"]


@pytest.mark.parametrize(
    ("row", "spans"),
    [
        (r"| $\|x\|$ | b |", [r"\|"]),
        (r"| $a$ | $b \| c$ |", [r"\|"]),
        (r"| \(a \| b\) | b |", [r"\|"]),
        (r"| $\Vert x \Vert$ | `\|` |", []),
        (r"| \| | a $b$ |", []),
    ],
)
def test_a_bar_of_mathematics_in_a_table_is_single(row: str, spans: list[str]) -> None:
    for kind in ("", " {kind=rows}"):
        text = f"## What?{kind}\n\n{HEAD}{row}\n"
        found = told(text, "bar-in-formula").spans
        assert found == spans


def test_lost_cells_are_errors_and_others_warnings() -> None:
    assert CODES["lost-cell"] is Severity.ERROR
    assert CODES["extra-cell"] is CODES["bar-in-formula"] is Severity.WARNING


DEEPER = {
    "two": ("## Tensors\n\n### «What is it?»\n\na\n\n### Its rank?\n\nb", 3),
    "two levels deeper": ("## A\n\n#### «B?»\n\na\n\n#### C?\n\nb", 4),
    "in several cards": ("## A\n\n### «B?»\n\na\n\n### C?\n\nb\n\n## D\n\n### E?\n\n### F?", 3),
    "below a title": ("# T\n\n## A\n\n### «B?»\n\n### C?", 3),
    "Korean": ("## 가\n\n### «무엇인가요?»\n\n### 왜?", 3),
    "a wide mark": ("## 甲\n\n### «为什么？»\n\n### 怎么？", 3),
    "an Arabic mark": ("## A\n\n### «لماذا؟»\n\n### كيف؟", 3),
    "strong": ("## A\n\n### «**B?**»\n\n### *C?*", 3),
    "braces behind": ("## A\n\n### «B? {#b}»\n\n### C? {.c}", 3),
    "closing hashes": ("## A\n\n### «B?» ###\n\n### C? ###", 3),
    "underlined": ("A\n=\n\n## B?\n\nx", None),
    "one only": ("## A\n\n### B?\n\nx", None),
    "one in each card": ("## A\n\n### B?\n\n## C\n\n### D?", None),
    "more cards than these": ("## A?\n\n### B?\n\n### C?\n\n## D?\n\nx\n\n## E?\n\ny", None),
    "no questions": ("## A\n\n### B\n\n### C", None),
    "in code": ("## A\n\n```\n### B?\n\n### C?\n```", None),
}


@pytest.mark.parametrize(("marked", "level"), DEEPER.values(), ids=DEEPER)
def test_questions_that_stand_deeper_name_their_level(marked: str, level: int | None) -> None:
    text, spans = unmarked(marked)
    found = told(text, "deeper-questions").spans
    assert [each.lstrip("# ").removesuffix(" ###") for each in found] == spans
    if level:
        assert "deeper-questions" not in codes(text, level)
