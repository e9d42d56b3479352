"""A style sheet split into what holds by day and what holds by night."""

from __future__ import annotations

import pytest

from ankipress.preview.styles import split_themes


@pytest.mark.parametrize(
    ("css", "light", "dark"),
    [
        pytest.param("", "", "", id="nothing"),
        pytest.param(".a { b: c }", ".a { b: c }", ".a { b: c }", id="the same by night"),
        pytest.param(".nightMode p { b: c }", "", ".card p { b: c }", id="night"),
        pytest.param(
            ".card.nightMode, .nightMode .card { b: c }",
            "",
            ".card.card, .card .card { b: c }",
            id="both orders",
        ),
        pytest.param(
            ".a, .night_mode .a { b: c }", ".a { b: c }", ".a, .card .a { b: c }", id="in one list"
        ),
        pytest.param(
            ".card:not(.nightMode) p { b: c }", ".card.card p { b: c }", "", id="day alone"
        ),
        pytest.param(
            "body, html.x, :root { b: c }",
            ".card, .card.x, .card { b: c }",
            ".card, .card.x, .card { b: c }",
            id="page",
        ),
        pytest.param(
            ".nightModes, .body, #html { b: c }",
            ".nightModes, .body, #html { b: c }",
            ".nightModes, .body, #html { b: c }",
            id="other names",
        ),
        pytest.param(
            "@media print { .nightMode a { b: c } p { d: e } }",
            "@media print {\np { d: e }\n}",
            "@media print {\n.card a { b: c }\np { d: e }\n}",
            id="inside a condition",
        ),
        pytest.param(
            "@font-face { src: url(x.woff2) }",
            "@font-face { src: url(x.woff2) }",
            "@font-face { src: url(x.woff2) }",
            id="font",
        ),
        pytest.param(
            '@import "https://example.org/x.css"; p { b: c }',
            "p { b: c }",
            "p { b: c }",
            id="import",
        ),
        pytest.param(
            "@charset 'x'; @namespace a url(b); @page { size: 1cm }"
            " @property --a { inherits: false } @view-transition { navigation: auto }"
            " @unknown { p { b: c } }",
            "",
            "",
            id="what would hold for the page around the card",
        ),
        pytest.param(
            "@keyframes a { to { b: c } } @counter-style d { suffix: e }",
            "@keyframes a { to { b: c } }\n@counter-style d { suffix: e }",
            "@keyframes a { to { b: c } }\n@counter-style d { suffix: e }",
            id="names that end at the card",
        ),
        pytest.param(
            "@scope (.a) { body { b: c } } @layer a;",
            "@scope (.a) {\n.card { b: c }\n}\n@layer a;",
            "@scope (.a) {\n.card { b: c }\n}\n@layer a;",
            id="inside other conditions",
        ),
        pytest.param(
            "p { b: '}' } /* .nightMode { */ q { d: e }",
            'p { b: "}" }\nq { d: e }',
            'p { b: "}" }\nq { d: e }',
            id="texts and comments",
        ),
    ],
)
def test_a_style_sheet_is_split(css: str, light: str, dark: str) -> None:
    themes = split_themes(css)
    assert (themes.light, themes.dark) == (light, dark)
