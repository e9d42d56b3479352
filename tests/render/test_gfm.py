"""What GitHub adds to Markdown, and what tells its reading of a text from others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench_markdown import by_ankipress, by_github
from stages import rendered


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param("a_b_c 2*3*4 * a *", id="marks that are none"),
        pytest.param("==a== ++b++ ^c^", id="marks of others"),
        pytest.param("[a] [b][c] [^d] ![e]", id="brackets without targets"),
        pytest.param("`a\\` b` \\`c\\`", id="backslashes in code"),
        pytest.param("**굵은**글씨 **(a)**가 **가(a)**나", id="Korean"),
        pytest.param("**„Zitat“**wort *„a“* _„b“_.", id="German quotes"),
        pytest.param("*a **b** c* ***d*** **e*f*g** *h**i**j*", id="emphasis in emphasis"),
        pytest.param("****a**** __b__ __c__d e__f__", id="twice strong"),
        pytest.param("£**1**£ €*2* *£*a", id="symbols are no punctuation"),
        pytest.param("~a~ ~~b~~ ~~~c~~~ a~b ~~d ~e~ f~~ ~)~~(~", id="tildes"),
        pytest.param('~**)**~ *a~*b **c**~ *"*~d', id="tildes beside emphasis"),
        pytest.param('[a](b(c)d) [e](<f g> \'h\') [i](j "k \\" l") [m]()', id="targets"),
        pytest.param("[a [b](c) d](e) ![f [g](h)](i) [![j](k)](l)", id="links in links"),
        pytest.param("[a]\n[A][] [x][a]\n\n[a]: </b c> 't'\n[a]: d", id="references"),
        pytest.param(
            "[`]`](a) [<b title=']'>](c) [\\]](d)", id="brackets in code, tags and escapes"
        ),
        pytest.param("*[a*](b) [*c](d)*", id="emphasis across a link"),
        pytest.param(
            "&nbsp;&copy;&#35;&#x23;&nope;&amp;amp; [a](b&amp;c)", id="references of characters"
        ),
        pytest.param(
            "http://a.b/c_d_e). (www.a.b) https://a.b/?c&d; x@y.z, http://localhost:80/",
            id="bare addresses",
        ),
        pytest.param(
            "[http://a.b](c) `http://a.b` <http://a.b> a.b x@y a@b.1 \\http://a.b",
            id="addresses elsewhere",
        ),
        pytest.param("a  \nb\\\nc\nd\\ \n e", id="breaks"),
        pytest.param("a\n===\nb\n---", id="underlined headings"),
        pytest.param(
            "1. a\n   - b\n     ```js\n     c\n\n     d\n     ```\n2. e", id="code in nested lists"
        ),
        pytest.param("- a\n  - b\n    - c\n\n      d\n- e", id="two spaces"),
        pytest.param("1. a\n   1. b\n\n   c\n2. d", id="three spaces"),
        pytest.param("a\n1. b\n\nc\n2. d", id="only a list from one interrupts"),
        pytest.param("> a\nb\n> - c\n> d\n\n> ```\n> e\n> ```\nf", id="quotes"),
        pytest.param("|a|b|\n|:-|-:|\n|`c\\|d`|e \\| f|g|\n|h|", id="pipes in tables"),
        pytest.param("a | b\n--- | ---\n`c` | **d**\n\nnext", id="a table without outer pipes"),
        pytest.param("a|\n--\n\n|b|c|\n-\n\n    d|\n    :-", id="what only looks like a table"),
        pytest.param(
            "> a|b\n|-|-|\n\n- c|d\n|-|-|\n\n2) e|f\n|-|-|\n\n# g|h\n|-|-|",
            id="heads of tables that begin other blocks",
        ),
        pytest.param("|a|\n|-|\n|b|\n---\n|c|\n|-|\n===\n- d", id="what ends a table"),
        pytest.param("[a]:\n=\n\n[b]: /c '\n--\n'\n\n[b]", id="definitions that are underlined"),
        pytest.param("- - a\n- * * *\n-\n  b", id="lists and rules"),
        pytest.param(
            "<details><summary>a</summary>\n\n- *b*\n\n</details>\n\n<p align='center'>\n*c*\n</p>",
            id="HTML blocks",
        ),
        pytest.param("a <kbd>*b*</kbd> <br> <!-- c --> <?d?> e<f", id="HTML in a line"),
        pytest.param("\ta\n\n- b\n\n\tc\n\n    d", id="tabs"),
        pytest.param("- [ ] a\n- [x] *b*\n- [X] `c`\n- [y] d\n- [x]e\n- [x] www.f.g", id="tasks"),
        pytest.param("a[^1] b[^x] c[^1]\n\n[^x]: d\n[^1]: e\n\n    f", id="footnotes"),
        pytest.param("a[^1]\n\n[^1]:\n    - b\n", id="a list in a footnote"),
        pytest.param("a[^n]\n\n> b\n\n[^n]: c", id="a footnote behind a quote"),
        pytest.param("a[^n]\n\n> b\n[^n]: c", id="a footnote right behind a quote"),
        pytest.param("a[^n]\n\n|b|\n|-|\n[^n]: c", id="a footnote right behind a table"),
        pytest.param("a[^n]\n\n[^n]: c\n---\nd\n===", id="a rule behind a footnote"),
    ],
)
def test_it_looks_as_on_github(markdown: str) -> None:
    assert by_ankipress(markdown) == by_github(markdown)


SAFE = st.text(st.sampled_from("ab 한.\n*_`[]()!>-+#\"'"), max_size=60)


@settings(deadline=None, derandomize=True)
@given(SAFE)
def test_any_text_of_common_marks_looks_as_on_github(markdown: str) -> None:
    """Strikes, mathematics and HTML aside, for which the page on Markdown says what differs."""
    assert by_ankipress(f"a\n\n{markdown}") == by_github(f"a\n\n{markdown}")


# Alerts


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param("> [!NOTE]", id="nothing in it"),
        pytest.param("> [!NOTE] a", id="text beside the mark"),
        pytest.param("> [!NOTES]\n> a", id="another word"),
        pytest.param("> a\n> [!NOTE]", id="not at the head"),
        pytest.param("- > [!NOTE]\n  > a", id="in a list"),
    ],
)
def test_a_quote_that_is_no_alert(markdown: str) -> None:
    assert "<blockquote>" in rendered(markdown)
    assert by_ankipress(markdown) == by_github(markdown)


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
@pytest.mark.parametrize("rest", ["a", "\n> a"], ids=["at once", "after an empty line"])
def test_an_alert_is_a_box_with_a_title(kind: str, rest: str) -> None:
    rest = rest.removeprefix("\n") if rest.startswith("\n>") else f"> {rest}"
    middle = ">\n" if rest != "> a" else ""
    title = f'<p class="markdown-alert-title">{kind.title()}</p>'
    html = f'<div class="markdown-alert markdown-alert-{kind}">\n{title}\n<p>a</p>\n</div>'
    assert rendered(f"> [!{kind.upper()}]\n{middle}{rest}") == html


# Footnotes


def test_ids_of_footnotes_differ_between_fields_and_lead_to_and_fro() -> None:
    pages = [rendered("a[^1][^1]\n\n[^1]: b"), rendered("c[^1]\n\n[^1]: b")]
    ids = [re.findall(r' id="([^"]+)"', page) for page in pages]
    targets = [re.findall(r' href="#([^"]+)"', page) for page in pages]
    assert [len(each) for each in ids] == [3, 2]
    assert set(targets[0]) == set(ids[0])
    assert set(targets[1]) == set(ids[1])
    assert not set(ids[0]) & set(ids[1])
    assert all(each.startswith("note-") for page in ids for each in page)


@pytest.mark.parametrize(
    "markdown",
    ["[^1]: nobody refers to it", "a [^2]\n\n[^1]: b"],
    ids=["no reference", "another reference"],
)
def test_a_footnote_without_a_reference_is_not_shown(markdown: str) -> None:
    assert "section" not in rendered(markdown)


def test_a_footnote_keeps_its_number_in_the_order_of_references() -> None:
    html = rendered("a[^b] c[^a]\n\n[^a]: first\n[^b]: second")
    assert html.index("second") < html.index("first")


# Ids and their links


def test_an_id_has_a_prefix_and_links_follow() -> None:
    html = rendered('<p id="answer">a</p>\n\n[b](#answer) [c](#)')
    assert (
        html == '<p id="note-answer">a</p>\n<p><a href="#note-answer">b</a> <a href="#">c</a></p>'
    )
