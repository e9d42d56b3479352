"""Languages: direction by the first letter of a block, marks of language, and text that is read
aloud.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.render.html import canonical
from ankipress.render.language import in_language, with_directions
from ankipress.render.speech import with_speech
from stages import rendered


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("abc 123", "<p>abc 123</p>", id="left to right"),
        pytest.param("日本 😀", "<p>日本 😀</p>", id="Japanese and emoji"),
        pytest.param("The word كتاب", "<p>The word كتاب</p>", id="begins from the left"),
        pytest.param(
            "`كتاب` and \\(كتاب = x\\)",
            "<p><code>كتاب</code> and \\(كتاب = x\\)</p>",
            id="Arabic in code and mathematics only",
        ),
        pytest.param("كتاب is a book", '<p dir="rtl">كتاب is a book</p>', id="Arabic first"),
        pytest.param(
            "1. (2) **סֵפֶר**",
            '<ol dir="rtl">\n<li>(2) <strong>סֵפֶר</strong></li>\n</ol>',
            id="digits and marks before",
        ),
        pytest.param("`x` هو", '<p dir="rtl"><code>x</code> هو</p>', id="code before"),
        pytest.param("\\(x\\) هو", '<p dir="rtl">\\(x\\) هو</p>', id="mathematics before"),
        pytest.param(
            "كتاب\n\nbook", '<p dir="rtl">كتاب</p>\n<p>book</p>', id="two languages, two paragraphs"
        ),
        pytest.param(
            "> كتاب\n>\n> book",
            '<blockquote dir="rtl">\n<p>كتاب</p>\n<p dir="ltr">book</p>\n</blockquote>',
            id="a quote in two",
        ),
        pytest.param("- كتاب\n  - book", None, id="a list in a list"),
        pytest.param('<p dir="ltr">كتاب</p>', '<p dir="ltr">كتاب</p>', id="the author says it"),
        pytest.param("| كتاب | b |\n|---|---|\n| c | d |", None, id="a table"),
    ],
)
def test_direction(markdown: str, html: str | None) -> None:
    result = with_directions(rendered(markdown))
    if html is not None:
        assert result == html
    else:
        assert result.count(' dir="rtl"') == 1
    assert canonical(result) == result


def test_a_list_in_another_direction_says_so() -> None:
    assert with_directions("<ul><li>كتاب<ul><li>book</li></ul></li></ul>") == (
        '<ul dir="rtl"><li>كتاب<ul dir="ltr"><li>book</li></ul></li></ul>'
    )


@given(st.text(alphabet="aكא1 \n*-`|>#().\\[]<p/", max_size=80))
def test_marks_keep_a_field_canonical_and_are_set_once(text: str) -> None:
    html = rendered(text)
    marked = with_directions(html)
    assert canonical(marked) == html if marked == html else canonical(marked) == marked
    assert marked.replace(' dir="rtl"', "").replace(' dir="ltr"', "") == html


@pytest.mark.parametrize(
    ("language", "direction", "html"),
    [
        pytest.param(None, None, "<p>a</p>", id="nothing is said"),
        pytest.param("de", None, '<div lang="de"><p>a</p></div>', id="a language"),
        pytest.param(None, "rtl", '<div dir="rtl"><p>a</p></div>', id="a direction"),
        pytest.param("ar", "auto", '<div lang="ar" dir="auto"><p>a</p></div>', id="both"),
    ],
)
def test_language(language: str | None, direction: str | None, html: str) -> None:
    assert in_language("<p>a</p>", language, direction) == html


@pytest.mark.parametrize(
    ("html", "spoken"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("<p><br></p>", "<p><br></p>", id="nothing to say"),
        pytest.param("<pre><code>x</code></pre>", "<pre><code>x</code></pre>", id="only code"),
        pytest.param("<p>\\(x\\)</p>", "<p>\\(x\\)</p>", id="only mathematics"),
        pytest.param(
            "<p>a <b>b</b></p>",
            "<p>a <b>b</b> [anki:tts lang=fr_FR]a b[/anki:tts]</p>",
            id="a paragraph",
        ),
        pytest.param(
            "<ul><li>a</li></ul>",
            "<ul><li>a</li></ul> [anki:tts lang=fr_FR]a[/anki:tts]",
            id="a list",
        ),
        pytest.param("<p>a [<wbr>sound:x] &amp; &lt;</p>", None, id="brackets"),
        pytest.param(
            "<p>{{c1::a::b}}</p>",
            "<p>{{c1::a::b}} [anki:tts lang=fr_FR]{{c1::a::b}}[/anki:tts]</p>",
            id="a deletion",
        ),
    ],
)
def test_speech(html: str, spoken: str | None) -> None:
    expected = (
        spoken
        if spoken is not None
        else f"{html[:-4]} [anki:tts lang=fr_FR]a sound:x &amp; &lt;[/anki:tts]</p>"
    )
    assert with_speech(html, "fr_FR") == expected
    assert with_speech(html, None) == html
