"""The outline: the headings and rules that a CommonMark parser finds at the outermost level, and
what `<details>` hides.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankipress.syntax.blocks import read_blocks
from ankipress.syntax.details import DetailsTag
from ankipress.syntax.html_blocks import is_lone_tag
from ankipress.syntax.outline import Heading, outline

Found = tuple[list[Heading], list[int]]


def scanned(lines: list[str]) -> Found:
    found = outline(lines)
    return found.headings, found.dashes


def parsed(lines: list[str]) -> Found:
    """What the tree of all blocks has at the outermost level."""
    text = "\n".join(lines)
    headings, dashes = [], []
    for node in read_blocks(text).nodes:
        start = text.count("\n", 0, node.start)
        if node.kind == "heading":
            assert node.content
            words = "\n".join(line.strip(" \t") for line in node.content.text.split("\n"))
            end = text.count("\n", 0, node.end) + 1
            headings.append(Heading(node.level, words, start, end, underlined=bool(node.info)))
        elif node.kind == "rule" and lines[start].strip(" \t") == "---":
            dashes.append(start)
    return headings, dashes


def levels(text: str) -> list[tuple[int, int]]:
    """Each heading's level and 1-based line."""
    return [(each.level, each.start + 1) for each in outline(text.split("\n")).headings]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty file"),
        pytest.param("#no space", id="no space behind the hashes"),
        pytest.param("####### seven", id="seven hashes"),
        pytest.param("\\## escaped", id="escaped"),
        pytest.param("    ## x", id="indented code"),
        pytest.param("\t## x", id="code indented by a tab"),
        pytest.param("text\n    ## x", id="an indented line that goes on with a paragraph"),
        pytest.param("```\n## x\n```", id="in a fence"),
        pytest.param("~~~ md\n```\n## x\n~~~", id="in a fence that holds other marks"),
        pytest.param("````\n```\n## x\n````", id="in a fence that holds a shorter one"),
        pytest.param("```\n## x", id="in a fence that never ends"),
        pytest.param("- ## x", id="in a list"),
        pytest.param("1. a\n\n   ## x", id="deep in a list"),
        pytest.param("- a\n\n  ```\n\n  ## x", id="in a fence in a list"),
        pytest.param("- a\n\n      ## x", id="in code in a list"),
        pytest.param("-\n  ## x", id="in an item whose first line is empty"),
        pytest.param("> ## x", id="in a quote"),
        pytest.param("> - a\n>\n>   ## x", id="in a list in a quote"),
        pytest.param("<!-- ## x -->", id="in a comment"),
        pytest.param("<!--\n\n## x\n\n-->", id="in a comment of several lines"),
        pytest.param("<div>\n## x\n</div>", id="in a block of HTML"),
        pytest.param("<pre>\n\n## x\n\n</pre>", id="in <pre>, over empty lines"),
        pytest.param("<b>\n## x", id="below a tag that stands alone"),
        pytest.param("<details>\n\n## x\n\n</details>", id="in <details>"),
        pytest.param(
            "<details><summary>s</summary>\n\n<details>\n\n</details>\n\n## x\n\n</details>",
            id="in nested <details>",
        ),
        pytest.param("|a|\n|-|\n|b|\n---", id="a rule right below a table"),
        pytest.param("a\nb|c\n-|-\nd\n===", id="a row of a table that looks like an underline"),
        pytest.param("> |a|\n> |-|\nb", id="a table in a quote"),
        pytest.param("[^1]: a\n---", id="a rule right below a footnote"),
        pytest.param("a\n[^1]: b\nc\n===", id="a footnote ends a paragraph"),
        pytest.param("[^1]:\n    # a\n\n    b\n    ===", id="in a footnote"),
        pytest.param("> a\n[^1]: b\n===", id="a footnote right below a quote"),
        pytest.param("$$\na\n=\nb\n$$", id="in mathematics"),
        pytest.param("a\n$$ b\n# c\n---\n$$", id="in mathematics below a paragraph"),
        pytest.param("\\[ x\n# y\n= z \\]", id="in brackets of mathematics"),
        pytest.param("- $$\n  a\n  $$\n  # b", id="below mathematics in a list"),
        pytest.param("[a]: /b\n===", id="a definition is no text to underline"),
        pytest.param("[a]:\n  /b\n  'c\n  d'\n===", id="a definition over several lines"),
        pytest.param("- a\n===", id="an underline goes on with the text of a list"),
        pytest.param("> a\n===", id="an underline goes on with the text of a quote"),
        pytest.param("\u0661. a\n\n   ---\n\n\u00a0## x", id="other digits and spaces are text"),
    ],
)
def test_no_heading(text: str) -> None:
    assert levels(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# a\n## b", [(1, 1), (2, 2)], id="two levels"),
        pytest.param("   ###### a", [(6, 1)], id="level 6, three spaces"),
        pytest.param("a\nb\n---\nc\n===", [(2, 1), (1, 4)], id="underlined"),
        pytest.param("[a]: /b\nc\n===", [(1, 2)], id="underlined below a definition"),
        pytest.param(
            "[a]: /b 'c\nd\n===", [(1, 1)], id="what only looks like a definition is text"
        ),
        pytest.param("text\n## a", [(2, 2)], id="right below a paragraph"),
        pytest.param("- a\n## b", [(2, 2)], id="right below a list"),
        pytest.param("|a|\n|-|\n## b", [(2, 3)], id="right below a table"),
        pytest.param("|a|\n|-|\n\nb\n---", [(2, 4)], id="underlined below a table"),
        pytest.param("a|b\n--", [(2, 1)], id="underlined text with a bar"),
        pytest.param("a|b\n|-|\nc\n--", [(2, 1)], id="rows of other numbers of cells"),
        pytest.param("> |a|\n> |-|\nb\n===", [(1, 3)], id="a table does not go on below a quote"),
        pytest.param("[^1]: a\n## b", [(2, 2)], id="right below a footnote"),
        pytest.param("[^]: a b\n===", [(1, 1)], id="what is no footnote"),
        pytest.param("[n]: )\n===", [(1, 1)], id="what is no definition"),
        pytest.param("$$\na\n$$\n# b", [(1, 4)], id="right below mathematics"),
        pytest.param("$$\na\n# b", [(1, 3)], id="mathematics that never ends"),
        pytest.param("$a$\n===", [(1, 1)], id="mathematics in a line"),
        pytest.param("\\[words\nthat are prose\\]\n===", [(1, 1)], id="brackets of prose"),
        pytest.param("- a\n$$\n# b\n$$", [(1, 3)], id="mathematics that leaves its list"),
        pytest.param("- a\n\n ## b", [(2, 3)], id="below a list, indented less than its text"),
        pytest.param("- ```\n## a", [(2, 2)], id="a list ends, and the fence in it"),
        pytest.param("> ```\n## a", [(2, 2)], id="a quote ends, and the fence in it"),
        pytest.param("- <!--\n\n## a", [(2, 3)], id="a list ends, and the comment in it"),
        pytest.param("```\n- a\n```\n## b", [(2, 4)], id="what looks like a list in a fence"),
        pytest.param(
            "``` a`b\n## c", [(2, 2)], id="three ticks with another behind them are no fence"
        ),
        pytest.param(
            "-\n\n  ## a", [(2, 3)], id="an item that begins with two empty lines is over"
        ),
        pytest.param("<!-- a -->\n## b\n<!-- c\n-->\n## d", [(2, 2), (2, 5)], id="below comments"),
        pytest.param("<div>\n\n## a", [(2, 3)], id="an empty line ends HTML"),
        pytest.param("text\n<b>\n## a", [(2, 3)], id="a lone tag does not end a paragraph"),
        pytest.param("`<details>`\n\n## a", [(2, 3)], id="a tag in code opens nothing"),
        pytest.param("<!-- <details> -->\n\n## a", [(2, 3)], id="a tag in a comment opens nothing"),
        pytest.param("    <details>\n\n## a", [(2, 3)], id="a tag in indented code opens nothing"),
        pytest.param("<details>\n\n## a", [(2, 3)], id="details that never end hide nothing"),
        pytest.param("</details>\n\n## a", [(2, 3)], id="details that never began hide nothing"),
        pytest.param(
            "<details>a</details>\n## b\n\n## c",
            [(2, 4)],
            id="HTML goes on to an empty line, details or not",
        ),
    ],
)
def test_headings(text: str, expected: list[tuple[int, int]]) -> None:
    assert levels(text) == expected


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("## a ##", "a"),
        ("## a#", "a#"),
        ("## a \\#", "a \\#"),
        ("##\ta\tb\t#", "a\tb"),
        ("##", ""),
        ("## ##", ""),
        ("## # a", "# a"),
        ("##  a  ", "a"),
        ("## a {#id .tag} ##", "a {#id .tag}"),
    ],
)
def test_the_text_of_a_heading(line: str, text: str) -> None:
    assert outline([line]).headings == [Heading(2, text, 0, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\n\n***\n\n___\n\n- - -\n\n----", [], id="other rules"),
        pytest.param("- a\n\n  ---", [], id="in a list"),
        pytest.param("a\n---", [], id="an underline"),
        pytest.param("<details>\n\n---\n\n</details>", [], id="in details"),
        pytest.param(
            "---\na\n\n   ---\t\n\n- b\n---", [1, 4, 7], id="alone, indented, right below a list"
        ),
        pytest.param("|a|\n|-|\n|b|\n---\n", [4], id="right below a table"),
        pytest.param("[^1]: a\nb\n---", [3], id="right below a footnote"),
        pytest.param("$$\n---\n$$\n---", [4], id="right below mathematics, not in it"),
    ],
)
def test_dashes(text: str, expected: list[int]) -> None:
    assert [line + 1 for line in outline(text.split("\n")).dashes] == expected


def test_what_never_ends_is_told() -> None:
    found = outline(
        ["a <Details open>", "", "- ```", "", "<details>", "</details>", "", "``` a", "<details>"]
    )
    assert found.open_fence == 7
    assert found.open_details == [DetailsTag(0, 2, 16, closes=False)]


ANSWER = "<details>\n\n#### Answer: D\n\n</details>\n\n"
OPEN = "<details>\n\n#### Answer: D\n\n"


@pytest.mark.parametrize(
    ("text", "expected", "open_lines"),
    [
        pytest.param(f"## a\n\n{ANSWER}## b\n\n{ANSWER}", "a b", [], id="all are closed"),
        pytest.param(
            f"###### a\n\n{ANSWER}###### b\n\n{ANSWER}", "a b", [], id="a higher heading in them"
        ),
        pytest.param(
            f"## a\n\n<details>\n\n## b\n\n{ANSWER}</details>\n\n## c\n",
            "a b c",
            [3],
            id="a heading like the one above, and others in it",
        ),
        pytest.param(
            f"## a\n\n{OPEN}## b\n\n{ANSWER}## c\n\n{ANSWER}</details>\n\n## d\n",
            "a Answer: D b c d",
            [3],
            id="one is not closed, and another is closed twice",
        ),
        pytest.param(
            f"<details>\n<summary>Contents</summary>\n\n- a\n\n## a\n\n{ANSWER}## b\n\n{ANSWER}"
            "</details>\n",
            "a b",
            [1],
            id="contents above all cards",
        ),
        pytest.param(
            f"# t\n\n<details>\n\n## a\n\n{ANSWER}## b\n\n{ANSWER}</details>\n",
            "t a b",
            [3],
            id="contents below the title",
        ),
        pytest.param(
            f"## a\n\n<details>\n\nb\n\n{ANSWER}#### c\n\n</details>\n\n## d\n",
            "a d",
            [],
            id="one in another, a heading below it",
        ),
        pytest.param(
            f"## a\n\n<details>\n\n### b\n\n{ANSWER}{ANSWER}</details>\n\n## d\n",
            "a d",
            [],
            id="one in another, below a heading",
        ),
        pytest.param(
            f"## a\n\n{OPEN}{OPEN}## b\n\n{ANSWER}",
            "a Answer: D Answer: D b",
            [3, 7],
            id="two are not closed",
        ),
        pytest.param(
            f"###### a\n\n{OPEN}###### b\n\n{ANSWER}###### c\n\n{OPEN}",
            "a b c",
            [3, 17],
            id="a higher heading begins one that is not closed",
        ),
        pytest.param(
            "###### a\n\n<details>\n\nx\n\n# t\n\n###### b\n",
            "a t b",
            [3],
            id="a chapter below one that is not closed",
        ),
        pytest.param(
            "## a\n\n<details>\n\n- x\n</b></details>\n\n## b\n", "a b", [], id="closed in a list"
        ),
        pytest.param(
            "## a\n\n<details>\n\n## c\n\n- x\n</b></details>\n\n## b\n",
            "a b",
            [],
            id="a heading in one that is closed in a list",
        ),
        pytest.param(
            "## a\n\n<details>\n\n> x\n</b></details>\n\n## b\n", "a b", [], id="closed in a quote"
        ),
        pytest.param(
            "## a\n\n<details>\n\n- <details>\n\n  </details>\n\n## b\n\n</details>\n\n## c\n",
            "a c",
            [],
            id="another in a list",
        ),
        pytest.param(
            "## a\n\n<details>\n\n- <details>\n\nx\n\n</details>\n\n## c\n",
            "a c",
            [],
            id="one in a list is not closed",
        ),
        pytest.param(
            "## a\n\n- <details>\n\n## b\n\n</details>\n\n## c\n",
            "a b c",
            [],
            id="one in a list ends with the list",
        ),
    ],
)
def test_details_hide_what_is_in_them_and_no_other_card(
    text: str, expected: str, open_lines: list[int]
) -> None:
    found = outline(text.split("\n"))
    assert " ".join(each.text for each in found.headings) == expected
    assert [each.line + 1 for each in found.open_details] == open_lines


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("<details>", ["<details>"], id="alone"),
        pytest.param(" <details open", ["<details open"], id="on two lines"),
        pytest.param("a\t<DETAILS\topen>b", ["<DETAILS\topen>"], id="after tabs"),
        pytest.param("`<details>` `` ` `` <details/>", ["<details/>"], id="after code"),
        pytest.param("a <!-- <details> --> <details >", ["<details >"], id="after a comment"),
        pytest.param("<details><details x>", ["<details>", "<details x>"], id="two"),
        pytest.param("<detailss> <details-x>", [], id="other names"),
    ],
)
def test_details_that_never_end_have_their_place(line: str, expected: list[str]) -> None:
    tags = outline(["", line]).open_details
    assert [line[tag.start : tag.end] for tag in tags] == expected
    assert {tag.line for tag in tags} <= {1}


MARKERS = ["> ", ">", ">\t", "- ", "-   ", "-\t", "* ", "+ ", "1. ", "2. ", "1) ", "10. ", "-     "]
INDENTS = ["", " ", "  ", "   ", "    ", "     ", "\t", " \t"]
CONTENTS = """
a|a b|# h|## h ##|#|#h|####### x|---|--|- - -|***|_ _ _|===|=|```|~~~|```py|````|``` a`b
    code|`code|\\# x|é|*|-|1.|- x|2. x
<div>|</div>|<!-- c|-->|<!-- x -->|<b>|</b>|<b|<a b='c' d>|<pre>|</pre>|<?x|?>|<!X|<![CDATA[|]]>
<script>|</script>|<img src=x>|$$|$$ y|z $$|$$ x $$|\\[ x^2|y \\]|\\[ a = b \\]|[^1]: a|[^n]:|[^o]
[a]: /u|[a]: /u 't'|[a]: <u> (t)|[a]: /u 't|[ ]: /u|[a\\]]: /u
"""
contents = st.sampled_from(["", *re.split(r"[|\n]", CONTENTS.strip())])
prefixes = st.lists(st.sampled_from([*MARKERS, *INDENTS]), max_size=3).map("".join)
rows = st.sampled_from(["a | b", "|a|", "|-|-|", "--- | :-:", "|-|", ":-", "c | d", "`|` \\|"])
ends = st.sampled_from(["", "", "", " ", "\t"])
lines = st.builds(lambda *parts: "".join(parts), prefixes, contents, ends) | st.builds(
    lambda *parts: "".join(parts), prefixes, rows, ends
)


def undisputed(several: Iterable[str]) -> list[str]:
    """The lines, with empty ones where markdown-it-py and GitHub's own parser (cmark-gfm) see
    different things.

    These are text directly below a definition; the mark of a block that is indented like code,
    right below a text; and a line that is one tag, right below a text in a list or quote whose
    marks it lacks.
    """
    result: list[str] = []
    for line in several:
        is_tag = is_lone_tag(line.lstrip(" \t>-+*0123456789.)"))
        if is_tag or re.search(r"(?:^|>)(?: {4}| {0,3}\t)[ \t]*[<>\d*+-]", line):
            result.append("")
        result.append(line)
        if "]:" in line.replace("[^1]:", "").replace("[^n]:", ""):
            result.append("")
    return result


@settings(max_examples=500, deadline=None)
@given(st.lists(lines, max_size=10).map(undisputed))
@example(["[a]: /b", "==="])
@example([">* <!X", ">"])
@example(["1. <b>", "", "2. c", "d", "==="])
def test_it_finds_what_the_tree_has_at_its_outermost_level(several: list[str]) -> None:
    assert scanned(several) == parsed(several)


@given(
    st.lists(
        st.text(st.sampled_from(" \t#-=`~<>!ab1.)[]:'(\\/?details\u2028\u0661"), max_size=12)
        | st.sampled_from(["---", " ---", "# a", "## b", "a", "", "> c", "```"])
    )
)
def test_any_lines_have_an_outline(several: list[str]) -> None:
    """Headings stand in order, none in another, and a rule is in none of them."""
    found = outline(several)
    position = 0
    for each in found.headings:
        assert position <= each.start < each.end <= len(several)
        assert 1 <= each.level <= 6
        position = each.end
    for number in found.dashes:
        assert several[number].strip(" \t") == "---"
        assert not any(each.start <= number < each.end for each in found.headings)


@pytest.mark.parametrize(
    "several",
    [
        pytest.param([">" * 10_000] * 100, id="deep quotes"),
        pytest.param(["- " * 10_000 + "x", *[""] * 1_000, "y"], id="deep lists and empty lines"),
        pytest.param(
            ["- " * 50_000 + "* " + "- " * 50_000], id="marks of lists that could be a rule"
        ),
        pytest.param(
            ["#" * 100_000, "# a" + " " * 100_000 + "b", "# a" + " #" * 50_000 + " b"],
            id="hashes and spaces",
        ),
        pytest.param(["a" * 5_000_000, "`" * 20_000 + "<details>"], id="long lines"),
        pytest.param(["<details>"] * 10_000, id="details"),
        pytest.param(["<details>", "", "# a", ""] * 5_000, id="details and headings"),
        pytest.param(
            ["<details>", ""] * 5_000 + ["# a", "", "- a"] * 5_000, id="details, then more"
        ),
        pytest.param(["# a", "", "<details>", "", "## b", ""] * 5_000, id="details over headings"),
        pytest.param(
            ["<details>" + "<!--" * 50_000 + "` " * 50_000], id="comments and code that never end"
        ),
        pytest.param(
            ["<a" + " b" * 50_000, "<a" + " " * 50_000 + "b", "<a " + "b='" * 50_000],
            id="tags that never end",
        ),
        pytest.param(["[a]: /b 'c"] * 20_000 + ["==="], id="definitions that never end"),
        pytest.param(["a|b", "-|-", *["c"] * 50_000, "==="], id="a long table"),
        pytest.param(["a|b", *["|:-|"] * 50_000], id="lines that could begin a table"),
        pytest.param(["|" * 50_000, "|-" * 50_000, "|"], id="wide tables"),
        pytest.param(["\\[ x"] * 10_000, id="mathematics that never ends"),
        pytest.param(["- \\[ x"] * 10_000, id="mathematics in a list that never ends"),
        pytest.param(["[^1]: "] * 50_000, id="footnotes"),
        pytest.param(["[^1]: " * 10_000], id="footnotes in footnotes"),
        pytest.param(["[" * 100_000, "===", "[\\" * 50_000 + "]:", "==="], id="brackets"),
    ],
)
def test_hostile_lines_take_linear_time(several: list[str]) -> None:
    start = time.process_time()
    outline(several)
    assert time.process_time() - start < 3


def test_a_hundred_thousand_lines_take_half_a_second() -> None:
    card = [
        "## What is it?",
        "",
        "The answer is *this*:",
        "",
        "```python",
        "x = 1",
        "```",
        "",
        "- one",
        "- two",
        "",
    ]
    several = card * 9_091
    start = time.process_time()
    assert len(outline(several).headings) == 9_091
    assert time.process_time() - start < 1.5  # 0.3 s on the machine it was written on
