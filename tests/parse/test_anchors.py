"""Anchors of headings, as GitHub makes them."""

from __future__ import annotations

import pytest

from ankipress.syntax.anchors import anchors, page_anchors
from ankipress.syntax.outline import outline

BEGINNING = {"", "top"}


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        pytest.param("", [], id="no heading"),
        pytest.param("## What is a Tensor?", ["what-is-a-tensor"], id="punctuation goes"),
        pytest.param("## A {#b .c key=d}", ["a-b-c-keyd"], id="braces are text on GitHub"),
        pytest.param("## `a_b` *is* [this](x.md)", ["a_b-is-this"], id="markup"),
        pytest.param("## ![a](y.png) A ![b](y.png)", ["-a-"], id="pictures leave their spaces"),
        pytest.param("## # 9. JAVA ARRAY", ["-9-java-array"], id="a number sign"),
        pytest.param("## A &amp; B &lt;c&gt;", ["a--b-c"], id="references to characters"),
        pytest.param("## \\_x\\_ max\\_pool _y_", ["_x_-max_pool-y"], id="escapes"),
        pytest.param("## a*b*c `*d*` ~~e~~", ["abc-d-e"], id="marks that a reader sees or not"),
        pytest.param("## $x_1$ and \\(y\\)", ["x_1-and-y"], id="mathematics"),
        pytest.param("## A <b>b</b><!-- c --> <kbd>D</kbd>", ["a-b-d"], id="tags and comments"),
        pytest.param("## vector<int> <a@b.de>", ["vector-abde"], id="a tag and an address"),
        pytest.param("## :smile: A", ["smile-a"], id="a name of an emoji"),
        pytest.param("## 😄 A 👍🏽", ["-a-"], id="emoji"),
        pytest.param("## Größe – 数学 ÄÖ", ["größe--数学-äö"], id="letters of every script"),
        pytest.param("## हिन्दी Cafe\u0301", ["हिन्दी-cafe\u0301"], id="marks belong to letters"),
        pytest.param("## x² ½ ٣ Ⅳ Ⓐ ①", ["x--٣-ⅳ-ⓐ-"], id="digits, and numbers that are none"),
        pytest.param("## a‿b a－b a\u3000b", ["a‿b-ab-ab"], id="signs that join words"),
        pytest.param("## A  B", ["a--b"], id="two spaces"),
        pytest.param("A\nB\n===", ["ab"], id="a heading of two lines"),
        pytest.param("# A\n## A\n### A", ["a", "a-1", "a-2"], id="alike on any level"),
        pytest.param("## A\n## A-1\n## A", ["a", "a-1", "a-2"], id="a number that is taken"),
        pytest.param("## A\n## A\n## A 1\n## A-1", ["a", "a-1", "a-1-1", "a-1-2"], id="and taken"),
        pytest.param("## ?\n## !", ["", "-1"], id="nothing left"),
    ],
)
def test_anchors(headings: str, expected: list[str]) -> None:
    assert list(anchors(outline(headings.split("\n")).headings).values()) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param("", set(), id="an empty page"),
        pytest.param("no heading", set(), id="no heading"),
        pytest.param("# A\n\nB\n-\n\n> ## C\n\n- # D", {"a", "b", "c", "d"}, id="headings"),
        pytest.param("```\n# A\n```\n\n    # B\n\n<!--\n# C\n-->", set(), id="no headings"),
        pytest.param("`<a id=x>` and id=y", set(), id="names in code and in text"),
        pytest.param("## A {#B .c}", {"a-b-c", "a", "b"}, id="attributes are text or none"),
        pytest.param(
            "## A {#b}\n## A", {"a-b", "a", "b", "a-1"}, id="alike where attributes are none"
        ),
        pytest.param(
            "<a name='X'></a> y <b id=z>\n\n<p\n  id=\"Ä\">", {"x", "z", "ä"}, id="names in tags"
        ),
        pytest.param(
            "<h2 align='center'>\n  A &amp; <b>B</b>\n</h2>\n\n# A & B",
            {"--a--b", "a--b"},
            id="a heading in HTML",
        ),
        pytest.param("# [A][a]\n\n[a]: b", {"a"}, id="a target elsewhere"),
        pytest.param("## STRASSE ß\r\n", {"strasse-ss"}, id="case does not count"),
    ],
)
def test_the_anchors_of_a_page(page: str, expected: set[str]) -> None:
    assert page_anchors(page) == expected | BEGINNING
