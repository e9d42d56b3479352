"""Fields that somebody typed in Anki's editor, as blocks that a card of ankipress has."""

from __future__ import annotations

import pytest

from ankipress.importing.own.made_in_anki import in_blocks


@pytest.mark.parametrize(
    ("typed", "blocks"),
    [
        ("", ""),
        ("<p>A block</p>\n<p>and another</p>", "<p>A block</p>\n<p>and another</p>"),
        ("text", "<p>text</p>"),
        ("a<div>b</div>", "<p>a</p>\n<p>b</p>"),
        ("<div>a</div><div><br></div><div>b</div>", "<p>a</p>\n<p>b</p>"),
        ("a<br>b", "<p>a<br>b</p>"),
        ("a<br><br>b<br>", "<p>a</p>\n<p>b</p>"),
        (
            "a <b>c</b><ul><li>d</li></ul>e",
            "<p>a <strong>c</strong></p>\n<ul><li>d</li></ul>\n<p>e</p>",
        ),
        ("<i>a</i> <s>b</s>", "<p><em>a</em> <del>b</del></p>"),
        ('<img src="a.png">', '<p><img alt="" src="a.png"></p>'),
        ("&nbsp;a&nbsp;", "<p>a</p>"),
        ("<div><div>a</div>b</div>", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_loose_text_becomes_paragraphs(typed: str, blocks: str) -> None:
    assert in_blocks(typed) == blocks
    assert in_blocks(blocks) == blocks, "it is done once"


def test_what_nests_too_deeply_stays() -> None:
    html = "<div>" * 2000 + "a" + "</div>" * 2000
    assert in_blocks(html) == html
