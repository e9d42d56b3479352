"""Typed answers are compared as the real Anki compares them."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.preview.text import plain
from ankipress.preview.typed import compare_answer

LETTERS = "aabbc <\u00e9\u0301\u65e5\u0928\u0940-&\"'\u00df\u0130\U0001d4b3\n\u00a0"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pytest.importorskip(
        "anki.collection", reason="TYPED ANSWERS WERE NOT COMPARED WITH ANKI: pip install anki"
    )
    from anki.collection import Collection  # noqa: PLC0415 - it may not be there

    folder: Path = tmp_path_factory.mktemp("typed")
    opened = Collection(str(folder / "collection.anki2"))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        pytest.param("softmax", "", id="nothing typed"),
        pytest.param("softmax", "softmax", id="right"),
        pytest.param("softmax", "sotfmax", id="swapped"),
        pytest.param("a<b & c", "a<c", id="what HTML means"),
        pytest.param("  a  b ", "a b", id="spaces around"),
        pytest.param("\u00e1b", "\u0301b", id="an accent first"),
        pytest.param("A\u0308", "\u00c4", id="another form of the same letter"),
        pytest.param("", "abc", id="nothing expected"),
    ],
)
def test_as_anki(collection: Any, expected: str, typed: str) -> None:
    field = html.escape(expected)
    assert compare_answer(plain(field), typed) == collection.compare_answer(field, typed)


@settings(max_examples=300, deadline=None)
@given(expected=st.text(LETTERS, max_size=9), typed=st.text(LETTERS, max_size=9))
def test_any_answer_as_anki(collection: Any, expected: str, typed: str) -> None:
    field = html.escape(expected)
    assert compare_answer(plain(field), typed) == collection.compare_answer(field, typed)
