"""What is read without a parser is what the parser says, to the byte, and so are the problems."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from ankipress.render.simple_blocks import read_simple, simple_line

CONVERTER = Converter()
PIECES = (
    "$x$|$a_{1} < b$|$|$5|$ x$|\\(|$$\nx = 1 \\\\ y\n$$|\n\n$$\n\\frac{a}{b}\n- c\n$$\n\n"
    "|![alt b](m/p-1.png)|![|](x.png)"
    "|a|b c|Ünd|질문|- |\n- |\n\n|\n|`|`x<y>&`|**|**bold**|**a b**| |. "
    "|(|)|:|//|www.|http|'|\"|1. |```"
    "|\n```python\nx = [1]\n```\n\n|```python\nx = 1\n\ty\n```|```\nq[sound:x]\n```\n\n"
    "|```math\nx\n```|```pyhton\nx\n```\n\n"
    "|#|=|==|{|}|!|[|]|\\|_|$|&amp;|<b>|~|-|+|*|> |\t|    |é|😀|—|…|^|?|@|\u00a0|\u200b|א|[a]: "
    "/b\n|[^1]|\n\n[^1]: c\n\n|---|"
).split("|")
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)
ALIKE = (
    "a $x_1 < 2$\n\n$$\n\\frac{1}{2}\n$$\n\n![A b.](c/d.png)\n\n- `b`\n- **c** d\n\n"
    "| A | B  |\n|---|:-:|\n| `c` | 1 |\n|   | **d** |\n\n```python\nx = [1]  # y\n```\n\n"
    "More, (really)."
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("1. a", id="a numbered list"),
        pytest.param("a\nb_c_", id="emphasis"),
        pytest.param("a <b>c</b>", id="HTML"),
        pytest.param("see www.example.org", id="an address"),
        pytest.param("a\n---", id="a heading"),
        pytest.param("{{c1::a}}", id="a deletion"),
        pytest.param("$5 and $10", id="money"),
        pytest.param("$x$\u0663", id="a digit of another script behind a formula"),
        pytest.param("$$\n- | -\n$$", id="a table, perhaps"),
        pytest.param('![a "b"](c.png)', id="a picture with a mark of quotation"),
        pytest.param("- [ ] a", id="a task"),
        pytest.param("| a |\n|---|\n| b | c |", id="a row with another number of cells"),
        pytest.param("| a |\n|---|\nb", id="a row without edges"),
        pytest.param("| `a|b` |\n|---|---|\n| c | d |", id="an edge in code"),
        pytest.param("a\u00a0b", id="a space that does not break"),
        pytest.param("```\n[sound:a.mp3]\n```", id="what Anki would play"),
        pytest.param("```a\n```\n````", id="more marks than open it"),
    ],
)
def test_what_may_be_more_is_left_to_the_parser(text: str) -> None:
    assert read_simple(text, lambda code, _: code).end == 0
    assert text == "" or simple_line(text) is None or text == "1. a"


def test_what_most_cards_are_made_of_is_read() -> None:
    assert read_simple(ALIKE, lambda code, _: code).end == len(ALIKE)
    assert simple_line("What does `torch.where` do, **exactly**?") == (
        "<p>What does <code>torch.where</code> do, <strong>exactly</strong>?</p>"
    )


def test_what_is_below_the_rest_is_left_to_the_parser_too() -> None:
    read = read_simple(f"a\n\n> b\n\n{ALIKE}", lambda code, _: code)
    assert read == (["<p>a</p>"], 3)


CELLS = st.lists(
    st.sampled_from(
        (*PIECES, "a", "b c", "`x`", "**b**", "12", "", " ", "  ", "$x$", "\\|", "`a|b`")
    ),
    max_size=2,
)
ROWS = st.lists(
    CELLS.map("".join).map(lambda text: text.replace("\n", " ")), min_size=1, max_size=3
).map(lambda cells: f"|{'|'.join(f' {cell} ' for cell in cells)}|")
MARKS = st.lists(
    st.sampled_from(("---", ":--", ":-:", " --: ", "-", " : ", "-:-")), min_size=1, max_size=3
).map(lambda marks: f"|{'|'.join(marks)}|")
TABLES = st.tuples(
    st.sampled_from(("", "a\n\n", "- a\n\n", "a\n")), ROWS, MARKS, st.lists(ROWS, max_size=3)
).map(lambda parts: parts[0] + "\n".join((parts[1], parts[2], *parts[3])))


@settings(max_examples=400)
@example("| a |\n|---|\n\n```\nx\n```")
@example("a\n\nb [^1]\n\n[^1]: c")
@example("a $x$\u0663")
@example("a\n\n<!-- an author's note -->\n\n> b")
@example("a\n\n</div>\n\n> b")
@example("| a | `b` |\n|:-|---:|\n|  | **c** |\n\nd")
@given(TEXTS | TABLES)
def test_a_field_is_what_the_parser_says(text: str) -> None:
    html, findings = CONVERTER.convert(text)
    assert CONVERTER.field(text) == (canonical(html), findings)


@settings(max_examples=200)
@example("x", "\xa0")
@example("$x$", "[^1]\n\n[^1]: c")
@example("x", "<!-- an author's note -->\n\n> b")
@given(TEXTS.map(lambda text: text.replace("\n", " ").strip()), TEXTS)
def test_a_question_is_what_the_parser_says(heading: str, more: str) -> None:
    html, findings = CONVERTER.convert_question(heading, more)
    assert CONVERTER.question(heading, more) == (canonical(html), findings)


@settings(max_examples=100)
@example("a[^1]", "")
@example("{{c1::a}}\n\n```pyhton\nx\n```\n\n<blink>", " ")
@given(TEXTS, TEXTS | st.just(" "))
def test_nothing_of_a_text_is_left_for_the_next_one(one: str, other: str) -> None:
    CONVERTER.convert_cloze("", one)
    assert CONVERTER.field(other) == Converter().field(other)


@settings(max_examples=200)
@given(TEXTS)
def test_it_is_canonical_already(text: str) -> None:
    html = "\n".join(read_simple(text, CONVERTER._code_blocks.render).html)
    assert canonical(html) == html
