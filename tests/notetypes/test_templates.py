"""Templates of authors' own are read as Anki reads them, and every mistake has its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.notetypes.template_check import Side, check_template

FIELDS = ("Word", "Meaning", "Example sentence", "Key")


def problems(
    text: str, *, is_back: bool = False, cloze: bool = False
) -> list[tuple[str, int, int]]:
    found = check_template(Side("a.html", text, is_back), FIELDS, cloze=cloze)[1]
    assert all(each.code == "bad-template" and each.location.path == "a.html" for each in found)
    return [(each.message, each.location.line, each.location.column) for each in found]


def shown(text: str, *, cloze: bool = False) -> set[str]:
    return check_template(Side("a.html", text, is_back=False), FIELDS, cloze=cloze)[0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("<p>{ text }</p> }}", id="braces that open nothing"),
        pytest.param("{{Word}} {{ Meaning }}", id="fields"),
        pytest.param(
            "{{text:Word}} {{hint:Example sentence}} {{type:Meaning}} {{tts en_US voices=A:Word}}",
            id="filters",
        ),
        pytest.param("{{#Word}}{{^Meaning}}a{{/Meaning}}{{/Word}}", id="conditions in each other"),
        pytest.param(
            "{{Tags}} {{Deck}} {{Subdeck}} {{Type}} {{Card}} {{CardFlag}}",
            id="what is always there",
        ),
        pytest.param("{{Key}}", id="the guid"),
        pytest.param("<!-- {{Nothing}} {{#Word}} -->", id="a comment"),
    ],
)
def test_a_good_template_has_no_problem(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        pytest.param(
            "a\n {{Wrod}}",
            'there is no field "Wrod"; did you mean "Word"?',
            2,
            2,
            id="an unknown field",
        ),
        pytest.param(
            "{{word}}", 'there is no field "word"; did you mean "Word"?', 1, 1, id="another case"
        ),
        pytest.param(
            "{{#Wrod}}a{{/Wrod}}",
            'there is no field "Wrod"; did you mean "Word"?',
            1,
            1,
            id="an unknown condition",
        ),
        pytest.param("a {{#Word}}", '"Word" never ends', 1, 3, id="a condition that never ends"),
        pytest.param(
            "{{/Word}}", '"Word" ends here and never began', 1, 1, id="a condition that never began"
        ),
        pytest.param(
            "{{#Word}}{{/Meaning}}",
            '"Meaning" ends here inside of "Word"',
            1,
            10,
            id="another condition ends",
        ),
        pytest.param("{{Word}", "these braces never end", 1, 1, id="braces that never end"),
        pytest.param("{{Word {{Meaning}}", "these braces never end", 1, 1, id="braces in braces"),
        pytest.param("{{}}", "these braces hold no field", 1, 1, id="empty braces"),
        pytest.param(
            "{{FrontSide}}", "the front cannot show itself", 1, 1, id="the front on the front"
        ),
        pytest.param(
            "{{cloze:Word}}", "only cloze note types hide deletions", 1, 1, id="a deletion"
        ),
        pytest.param("{{#c1}}a{{/c1}}", 'there is no field "c1"', 1, 1, id="the number of a cloze"),
        pytest.param("<!--\n-->{{x}}", 'there is no field "x"', 2, 4, id="behind a comment"),
    ],
)
def test_a_mistake_has_its_place(text: str, message: str, line: int, column: int) -> None:
    assert problems(text) == [(message, line, column)]


def test_back_and_cloze_have_more() -> None:
    assert problems("{{FrontSide}}", is_back=True) == []
    assert problems("{{cloze:Word}}{{#c1}}a{{/c1}}", cloze=True) == []
    assert shown("{{cloze:Word}} {{Meaning}}", cloze=True) == {"Word", "cloze:Word", "Meaning"}


@given(st.text(alphabet="{}#^/:WordMeaning c1\n<!->", max_size=60))
def test_any_text_is_read(text: str) -> None:
    check_template(Side("a.html", text, is_back=True), FIELDS, cloze=True)
