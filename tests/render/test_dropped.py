"""What a card cannot hold is said, with its place, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from ankipress.render.tags import tags

CONVERTER = Converter()


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
    assert CONVERTER.convert(markdown)[1] == ()


@pytest.mark.parametrize(
    ("markdown", "what", "place"),
    [
        pytest.param("a <blink>b</blink>", "the tag <blink>", (0, "<blink>"), id="a tag in a line"),
        pytest.param(
            "`<svg>` <svg><g/></svg>", "the tag <svg>", (0, "<svg><g"), id="behind the same in code"
        ),
        pytest.param(
            "a\nb <Font Color=red>c</Font>", "the tag <font>", (1, "<Font"), id="on the second line"
        ),
        pytest.param(
            "> - a\n>   b <iframe src=x>",
            "the tag <iframe>",
            (1, "<iframe"),
            id="in a list in a quote",
        ),
        pytest.param("|a|\n|-|\n|b <blink>c|", "the tag <blink>", (2, "<blink>"), id="in a table"),
        pytest.param(
            "<div>\n  <script>\n  a\n  </script>\n</div>",
            "the tag <script>",
            (1, "<script>"),
            id="in a block",
        ),
        pytest.param(
            "- <div>\n  <form>\n  </div>",
            "the tag <form>",
            (1, "<form>"),
            id="in a block in a list",
        ),
        pytest.param(
            '<p\n  onclick="x()">a</p>',
            "the attribute onclick of <p>",
            (0, "<p"),
            id="an attribute",
        ),
        pytest.param(
            'a <b data-x="1">c</b>',
            "the attribute data-x of <b>",
            (0, "<b"),
            id="an attribute in a line",
        ),
        pytest.param(
            "a <i style='position: fixed; color: red'>b</i>",
            "the style position",
            (0, "<i"),
            id="a style",
        ),
        pytest.param(
            "[a](javascript:b)",
            "the address, since it begins with javascript:",
            (0, "javascript"),
            id="a link",
        ),
        pytest.param(
            "a ![b](data:image/png;base64,AA==)",
            "the address, since it begins with data:",
            (0, "data:"),
            id="a picture",
        ),
        pytest.param(
            "<file:///etc/x>",
            "the address, since it begins with file:",
            (0, "file:"),
            id="an autolink",
        ),
        pytest.param(
            '<a href=" java&#x73;cript:b">c</a>',
            "the address, since it begins with javascript:",
            (0, "<a"),
            id="hidden",
        ),
        pytest.param(
            "[a][b]\n\n[b]: vbscript:c",
            "the address, since it begins with vbscript:",
            (0, "[a]"),
            id="a reference",
        ),
    ],
)
def test_what_is_dropped_is_said_with_its_place(
    markdown: str, what: str, place: tuple[int, str]
) -> None:
    html, [finding, *others] = CONVERTER.convert(markdown)
    assert (finding.code, finding.mistake.message) == (
        "dropped-html",
        f"{what} is left out of the card",
    )
    assert all(other.code == "dropped-html" for other in others)
    assert finding.mistake.help
    line, words = place
    assert finding.line == line
    assert markdown.split("\n")[line][finding.column :].startswith(words)
    assert canonical(html) != html


def test_a_drop_in_a_question_counts_from_the_text_below_it() -> None:
    _, findings = CONVERTER.convert_question("a <blink>b", "c\n<font>d")
    assert [finding.line for finding in findings] == [None, 1]


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
