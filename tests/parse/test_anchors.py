"""Anchors of headings, as GitHub makes them."""

from __future__ import annotations

import pytest

from ankipress.syntax.anchors import anchors
from ankipress.syntax.outline import outline


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        pytest.param("", [], id="no heading"),
        pytest.param(
            "## What is a Tensor?",
            ["what-is-a-tensor"],
            id="punctuation goes, spaces become hyphens",
        ),
        pytest.param("## A {#b .c key=d}", ["a-b-c-keyd"], id="braces are text on GitHub"),
        pytest.param(
            "## `a_b` *is* [this](x.md) ![pic](y.png)", ["a_b-is-this"], id="markup and pictures"
        ),
        pytest.param("## Größe – 数学", ["größe--数学"], id="letters of every script"),
        pytest.param("## हिन्दी", ["हिन्दी"], id="marks belong to their letters"),
        pytest.param("# A\n## A\n### A", ["a", "a-1", "a-2"], id="alike on any level"),
        pytest.param("## A\n## A-1\n## A", ["a", "a-1", "a-2"], id="a number that is taken"),
        pytest.param("## ?", [""], id="nothing left"),
    ],
)
def test_anchors(headings: str, expected: list[str]) -> None:
    assert list(anchors(outline(headings.split("\n")).headings).values()) == expected
