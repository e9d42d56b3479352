"""Ids are written into headings, and every other byte stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.parse.id_insertion import insert_ids, make_slug
from ankipress.syntax.outline import outline


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        pytest.param("## A", 1, "## A {#x}", id="a heading"),
        pytest.param(
            "## A  \r\n\r\nb\r\n",
            1,
            "## A {#x}  \r\n\r\nb\r\n",
            id="its line end and the spaces before it stay",
        ),
        pytest.param(
            "\ufeff## A\rb",
            1,
            "\ufeff## A {#x}\rb",
            id="a byte order mark and lone carriage returns stay",
        ),
        pytest.param("## A ##\n", 1, "## A {#x} ##\n", id="closing hashes stay behind"),
        pytest.param("## C#\n", 1, "## C# {#x}\n", id="hashes of a word"),
        pytest.param("## A {.t}\n", 1, "## A {#x .t}\n", id="braces that are there"),
        pytest.param("## A {: .t} ##\n", 1, "## A {:#x .t} ##\n", id="braces of kramdown"),
        pytest.param("## A {y}\n", 1, "## A {y} {#x}\n", id="braces that are text"),
        pytest.param("A\nB\n---\n", 1, "A\nB {#x}\n---\n", id="an underlined heading of two lines"),
        pytest.param(
            "---\nx: |\n  ```\n---\n## A\n",
            5,
            "---\nx: |\n  ```\n---\n## A {#x}\n",
            id="below front matter",
        ),
        pytest.param(
            "## a" + " " * 50_000 + "b", 1, "## a" + " " * 50_000 + "b {#x}", id="in linear time"
        ),
    ],
)
def test_an_id_is_inserted(text: str, line: int, expected: str) -> None:
    assert insert_ids(text, {line: "x"}) == expected


def test_no_ids_change_nothing() -> None:
    assert insert_ids("## A\r\n\x85\u2028", {}) == "## A\r\n\x85\u2028"


@given(
    st.lists(
        st.sampled_from(["## A", "## B ##", "C\n---", "text", "```", "- x", "> y", ""]), max_size=8
    )
)
def test_ids_are_read_back_where_they_were_put(lines: list[str]) -> None:
    text = "\n".join(lines)
    before = outline(text.split("\n")).headings
    after = outline(
        insert_ids(text, {each.start + 1: f"id-{each.start}" for each in before}).split("\n")
    ).headings
    assert [each.text for each in after] == [f"{each.text} {{#id-{each.start}}}" for each in before]


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("What is a tensor?", "tensor"),
        ("", "card"),
        ("Größe", "größe"),
        ("What? " * 20, "what-what-what-what-what-what-what-what-what"),
    ],
)
def test_slugs_are_readable_and_new(question: str, slug: str) -> None:
    assert make_slug(question, ()) == slug
    assert make_slug(question, {slug, f"{slug}-2"}) == f"{slug}-3"
