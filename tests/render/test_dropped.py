"""What a card cannot hold is said, with its place, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.diagnostics import Location
from ankipress.render.html import canonical
from ankipress.syntax.html_tags import tags
from stages import converted


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param(
            "a *b* <kbd>c</kbd> <br/> <IMG SRC='a.png' ALT=\"b\" width=5>", id="what is kept"
        ),
        pytest.param("<!-- <script>a</script> -->\n\nb <!-- c\n<blink> -->", id="comments"),
        pytest.param("`<script>` and\n\n```\n<iframe onload=x>\n```", id="code"),
        pytest.param("\\<script> &lt;iframe&gt; $a<b$", id="no tags"),
        pytest.param("<table><tr><td>a</table>\n\n<p>b\n\n<li>c", id="what a browser completes"),
        pytest.param("[a](/b:c) [d](e.md#f:g) <mailto:a@b.c> [h](tel:1)", id="addresses"),
        pytest.param(
            '<a href="https://a.b" target="_blank" rel="noopener">c</a>',
            id="attributes without effect",
        ),
        pytest.param('<p style="COLOR: red; text-align:center;">a</p>', id="styles"),
        pytest.param("a[^1]\n\n[^1]: b\n\n- [x] c\n\n> [!TIP]\n> d", id="what ankipress makes"),
        pytest.param("```python\nprint(1)\n```", id="code in colours"),
    ],
)
def test_nothing_is_dropped(markdown: str) -> None:
    assert converted(markdown).problems == ()


@pytest.mark.parametrize(
    ("markdown", "what", "place"),
    [
        pytest.param("a <blink>b</blink>", "the tag <blink>", (1, "<blink>"), id="a tag in a line"),
        pytest.param(
            "`<svg>` <svg><g/></svg>", "the tag <svg>", (1, "<svg>"), id="behind the same in code"
        ),
        pytest.param(
            "a\nb <Font Color=red>c</Font>",
            "the tag <font>",
            (2, "<Font Color=red>"),
            id="on the second line",
        ),
        pytest.param(
            "> - a\n>   b <iframe src=x>",
            "the tag <iframe>",
            (2, "<iframe src=x>"),
            id="in a list in a quote",
        ),
        pytest.param("|a|\n|-|\n|b <blink>c|", "the tag <blink>", (3, "<blink>"), id="in a table"),
        pytest.param(
            "<div>\n  <script>\n  a\n  </script>\n</div>",
            "the tag <script>",
            (2, "<script>"),
            id="in a block",
        ),
        pytest.param(
            "- <div>\n  <form>\n  </div>",
            "the tag <form>",
            (2, "<form>"),
            id="in a block in a list",
        ),
        pytest.param(
            '<p\n  onclick="x()">a</p>',
            "the attribute onclick of <p>",
            (1, "<p"),
            id="an attribute",
        ),
        pytest.param(
            'a <b data-x="1">c</b>',
            "the attribute data-x of <b>",
            (1, '<b data-x="1">'),
            id="an attribute in a line",
        ),
        pytest.param(
            "a <i style='position: fixed; color: red'>b</i>",
            "the style position",
            (1, "<i style='position: fixed; color: red'>"),
            id="a style",
        ),
        pytest.param(
            "[a](javascript:b)",
            "the address, since it begins with javascript:",
            (1, "javascript:b"),
            id="a link",
        ),
        pytest.param(
            "a ![b](data:image/png;base64,AA==)",
            "the address, since it begins with data:",
            (1, "data:image/png;base64,AA=="),
            id="a picture",
        ),
        pytest.param(
            "<file:///etc/x>",
            "the address, since it begins with file:",
            (1, "file:///etc/x"),
            id="an autolink",
        ),
        pytest.param(
            '<a href=" java&#x73;cript:b">c</a>',
            "the address, since it begins with javascript:",
            (1, '<a href=" java&#x73;cript:b">'),
            id="hidden",
        ),
        pytest.param(
            "[a][b]\n\n[b]: vbscript:c",
            "the address, since it begins with vbscript:",
            (1, "[a][b]"),
            id="a reference",
        ),
    ],
)
def test_what_is_dropped_is_said_with_its_place(
    markdown: str, what: str, place: tuple[int, str]
) -> None:
    html, [problem, *others] = converted(markdown)
    message = f"{what} is left out of the card"
    assert (problem.code, problem.message) == ("dropped-html", message)
    assert all(other.code == "dropped-html" for other in others)
    assert problem.help
    assert under(markdown, problem.location) == place
    assert canonical(html) != html


@pytest.mark.parametrize(
    ("markdown", "help"),
    [
        ("A `x` < vector<int>", "if it is meant as text, write `` `<int>` ``"),
        ("List<String> and", "if it is meant as text, write `` `<String>` ``"),
        ("#include <iostream>", "if it is meant as text, write `` `<iostream>` ``"),
        ("<T extends Comparable>", "if it is meant as text, write `` `<T extends Comparable>` ``"),
        (f"<T {'x' * 60}>", "if it is meant as text, write `` `<t>` ``"),
        ("<button>", "write it with other tags, or in Markdown"),
        ("<my-element>", "write it with other tags, or in Markdown"),
        ("<MARQUEE>", "write it with other tags, or in Markdown"),
        ("<iframe>", "link to the page instead"),
    ],
)
def test_the_help_takes_what_is_no_tag_of_html_for_text(markdown: str, help: str) -> None:
    problem, *_ = converted(markdown).problems
    assert (problem.code, problem.help) == ("dropped-html", help)


def under(markdown: str, place: Location) -> tuple[int, str]:
    """The line of a place, and the text under it."""
    start = place.column - 1
    return place.line, markdown.split("\n")[place.line - 1][start : start + place.width]


def test_what_is_dropped_twice_is_said_twice() -> None:
    markdown = "<blink>a</blink>\n\n- b <blink>\n\n`<blink>` <blink>"
    problems = converted(markdown).problems
    assert [under(markdown, each.location) for each in problems] == [
        (1, "<blink>"),
        (3, "<blink>"),
        (5, "<blink>"),
    ]
    assert [each.location.column for each in problems] == [1, 5, 11]


def test_a_drop_in_a_question_has_its_place_too() -> None:
    problems = converted("c\n<font>d", "é <blink>b").problems
    places = [Location("", 1, 3, 7), Location("", 3, 1, 6)]
    assert [each.location for each in problems] == places


HTML = st.text(st.sampled_from("<>/ab !-?\"'=\n&;:."), max_size=60)


@settings(deadline=None)
@given(HTML)
def test_tags_are_found_in_any_text(html: str) -> None:
    """They stand in order, none in another, each with its name behind its mark."""
    position = 0
    for tag in tags(html):
        assert position <= tag.start < tag.end <= len(html)
        assert (
            html[tag.start : tag.end]
            .lower()
            .startswith(f"</{tag.name}" if tag.is_end else f"<{tag.name}")
        )
        position = tag.end
