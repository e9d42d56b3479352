"""What is done to one text is done to another one that says the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.live.editing.author_style import style_of
from ankipress.live.editing.edit_transfer import Grain, SourceEdit, Transfer, rewritten

SOME_TEXT = st.lists(st.sampled_from(["a", "b ", "\n", "\n\n", "- c", "  ", "*", "\n  d"])).map(
    "".join
)


def applied(text: str, edits: Sequence[SourceEdit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


CASES = [
    ("one two", "one two", "one two", "one two"),
    ("one\ntwo three", "one two three", "one two 3", "one\ntwo 3"),
    ("__one__ two", "**one** two", "**one** 2", "__one__ 2"),
    ("- a\n    - b\n", "- a\n  - b\n", "- a\n  - b\n  - c\n", "- a\n    - b\n    - c\n"),
    ("see [x] now\n\n[x]: http://y", "see [x](http://y) now", "see [x](http://y) then",
     "see [x] then\n\n[x]: http://y"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "old", "new", "expected"), CASES)
def test_an_edit_goes_where_its_words_stand(source: str, old: str, new: str, expected: str) -> None:
    assert applied(source, Transfer(source, old, new).edits(Grain.NOTHING)) == expected


@given(SOME_TEXT, SOME_TEXT, st.sampled_from(Grain))
def test_an_edit_of_the_text_itself_makes_the_new_one(old: str, new: str, grain: Grain) -> None:
    assert applied(old, Transfer(old, old, new).edits(grain)) == new
    assert applied(old, rewritten(old, new)) == new


STYLES = [
    ("nothing", "- a\n- *b* **c**", "- a\n- *b* **c**"),
    ("* x\n", "- a\n  - b", "* a\n  * b"),
    ("1) x\n1) y", "1. a\n2. b", "1) a\n1) b"),
    ("_x_ and __y__", "*a* **b** `*c*`", "*a* **b** `*c*`"),
    ("_x_ and __y__", "*a* **b**", "_a_ __b__"),
    ("~~~\nx\n~~~", "```py\n- *a*\n```", "~~~py\n- *a*\n~~~"),
]


@pytest.mark.parametrize(("text", "written", "expected"), STYLES)
def test_what_is_new_has_the_signs_of_its_author(text: str, written: str, expected: str) -> None:
    assert style_of(text).applied(written) == expected
