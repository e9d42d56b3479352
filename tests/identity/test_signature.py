"""The signature of an answer: what can be said of two answers without their texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.identity import signature as signature_module
from ankipress.identity.signature import answer_similarity, read_signature, same_answer, sign

LONG = " ".join(
    f"{left}{right}"
    for left in ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi")
    for right in "abcdefghijklmnopqrst"
)


def test_known_signature() -> None:
    """These bytes are in locks, and guids of cards with one question are numbered by them."""
    assert sign("Softmax and log likelihood.") == KNOWN


KNOWN = "dEhqMcgE.7.G6-QbHYdYZq4k_fuUf4pR"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty answer"),
        pytest.param("Yes.", id="one word"),
        pytest.param("\\frac{1}{1+x^2}", id="mathematics"),
        pytest.param("함수의 극한", id="Korean"),
        pytest.param(LONG, id="a long answer"),
        pytest.param("\ud800", id="half a character"),
    ],
)
def test_same(text: str) -> None:
    """An answer is the same as itself, and its signature is short ASCII that needs no escapes in
    JSON.
    """
    signature = sign(text)
    assert same_answer(signature, sign(text))
    assert answer_similarity(signature, signature) == 1.0
    assert signature.isascii()
    assert len(signature) <= 240
    assert not set(signature) & set('"\\\n')


@pytest.mark.parametrize(
    ("first", "second", "least", "most"),
    [
        pytest.param("Yes.", "No.", 0.0, 0.0, id="another word"),
        pytest.param("", "Something.", 0.0, 0.0, id="an answer for an empty one"),
        pytest.param(".", "?", 0.5, 0.5, id="no words on either side: nothing can be said"),
        pytest.param(
            "A multi-dimensional array.",
            "A multi-dimensional array",
            0.99,
            0.99,
            id="only punctuation",
        ),
        pytest.param(
            "Softmax and log likelihood.",
            "Softmax and negative log likelihood.",
            0.5,
            0.9,
            id="a word put in",
        ),
        pytest.param(
            "Paris",
            "Paris, on the Seine, since the Capetians.",
            0.4,
            0.7,
            id="expanded: all of the shorter is there",
        ),
        pytest.param(
            "kept in state", "kept in the DOM", 0.1, 0.5, id="twins share their frame only"
        ),
        pytest.param(
            "$1/\\cos^2 x$",
            "$-1/\\sin^2 x$",
            0.2,
            0.7,
            id="formulas that differ in a sign and a function",
        ),
        pytest.param(
            "모든 원소가 다르다", "모든 원소가 같다", 0.2, 0.8, id="Korean, with one word changed"
        ),
        pytest.param(LONG, LONG.replace("bah ", ""), 0.85, 0.99, id="a long answer, slightly cut"),
        pytest.param(
            LONG, LONG.replace(" ", "x "), 0.0, 0.05, id="long answers with nothing in common"
        ),
    ],
)
def test_similarity(first: str, second: str, least: float, most: float) -> None:
    """Similarity is what is shared, the same in both directions."""
    assert least <= answer_similarity(sign(first), sign(second)) <= most
    assert answer_similarity(sign(second), sign(first)) == answer_similarity(
        sign(first), sign(second)
    )
    assert not same_answer(sign(first), sign(second))


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("", id="nothing"),
        pytest.param("2.abc.3.xyz", id="a later version"),
        pytest.param("1.abc.3", id="cut off"),
        pytest.param("1.abc.3.!!!", id="not base 64"),
        pytest.param("1.abc.9.AAAA", id="a sketch of another length"),
        pytest.param("1.abc.x.AAAA", id="a size that is no number"),
    ],
)
def test_unreadable(signature: str) -> None:
    """Of a signature that cannot be read nothing is said, for or against."""
    assert read_signature(signature) is None
    assert answer_similarity(signature, sign("text")) == 0.5
    assert not same_answer(signature, signature)


@given(st.text(max_size=300), st.text(max_size=300))
def test_total(first: str, second: str) -> None:
    """Any text can be signed, read back and compared."""
    assert read_signature(sign(first)) is not None
    assert 0.0 <= answer_similarity(sign(first), sign(second)) <= 1.0
    assert same_answer(sign(first), sign(second)) == (first == second)


@given(st.text(st.characters(codec="ascii"), max_size=200))
def test_a_text_of_ascii_is_read_as_any_other(text: str) -> None:
    """By an expression of its own, which is faster."""
    assert signature_module._token_hashes(text) == signature_module._token_hashes(f"{text} é")[:-1]
