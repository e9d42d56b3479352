"""Which words are one word, written in two ways."""

from __future__ import annotations

import pytest

from ankipress.identity.typos import is_typo
from ankipress.identity.word_roles import words


def typo(one: str, other: str) -> bool:
    (a,), (b,) = words(one), words(other)
    assert is_typo(a, b) == is_typo(b, a)
    return is_typo(a, b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tan", "arctan"),
        ("controlled", "uncontrolled"),
        ("hypertonic", "hypotonic"),
        ("adsorption", "absorption"),
        ("afferent", "efferent"),
        ("sin", "sinh"),
        ("단사", "전사"),
        ("정사각형", "정삼각형"),
        ("useState", "useEffect"),
    ],
)
def test_two_words(one: str, other: str) -> None:
    assert not typo(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("grdaient", "gradient", id="letters turned round early"),
        pytest.param("rgadient", "gradient", id="the first two turned round"),
        pytest.param("mattrix", "matrix", id="a letter twice"),
        pytest.param("prrogram", "program", id="the second letter twice"),
        pytest.param("receive", "recieve", id="late in the word"),
        pytest.param("tensor", "tensors", id="an ending"),
        pytest.param("함수는", "함수의", id="Korean particles"),
        pytest.param("프로그램", "프로그그램", id="a syllable twice"),
        pytest.param("diesem", "deisem", id="a small word"),
        pytest.param("Warum", "Waruum", id="a small word with a letter too many"),
    ],
)
def test_one_word(one: str, other: str) -> None:
    assert typo(one, other)
