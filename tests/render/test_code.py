"""Code on a card: its text is the source, its lines and titles are where they belong, and all of it
can be read.
"""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import get_all_lexers
from pygments.style import Style
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES

from ankipress.diagnostics import Diagnostic, Location
from ankipress.render.code_colours import (
    contrast,
    faint_tokens,
    line_colour,
    look,
    mixed,
    number_colour,
)
from ankipress.render.code_theme import render_theme
from ankipress.render.highlight import Mark, highlighted
from ankipress.render.html import canonical
from ankipress.syntax.fences import read_fence
from stages import converted
from write_code_themes import AnkipressDark, AnkipressLight, style_sheets

CODE = 'def f(x):\n\treturn "<&>"\n\n\n    # é 中\n'
PLACE = Location("ankipress.toml", 3)


def copied(block: str) -> str:
    """What a learner copies of HTML: its text. What a style sheet adds is no part of it."""
    return html.unescape(re.sub(r"<[^>]*>", "", block))


def show(code: str, info: str = "python", marks: tuple[Mark, ...] = ()) -> str:
    return canonical(highlighted(code, read_fence(info), marks))


@pytest.mark.parametrize(
    "info", ["", "text", "python", "python linenos hl_lines=1-6", "diff", "no-such-language"]
)
def test_text_copied_from_code_is_the_source(info: str) -> None:
    assert copied(show(CODE, info)) == CODE


LANGUAGES = sorted({aliases[0] for _, aliases, _, _ in get_all_lexers() if aliases})


@settings(deadline=None)
@given(
    st.sampled_from(LANGUAGES),
    st.text(st.sampled_from("ab \n\t<>&\"'{}()#=:;-+*/\\|$%@!?[]1é中"), max_size=60),
)
def test_text_is_the_source_in_any_language(language: str, code: str) -> None:
    # A browser drops a line end behind <pre>; between it and the code stands <code>.
    assert copied(show(code, language)) == code


@settings(deadline=None)
@given(
    st.text(st.sampled_from("ab(\n\t\"' #=1"), max_size=40), st.sets(st.integers(0, 40), max_size=6)
)
def test_no_element_crosses_a_mark(code: str, places: set[int]) -> None:
    marks = tuple(
        Mark(place, f"\x0f{place}\x12", opens=True)
        for place in sorted(places)
        if place <= len(code)
    )
    block = highlighted(code, read_fence("python linenos hl_lines=2"), marks)
    for piece in re.split(
        "\x0f[0-9]+\x12", re.sub("^<pre[^>]*><code[^>]*>|</code></pre>$", "", block)
    ):
        assert piece.count("<span") == piece.count("</span>")
        assert "<span" not in piece or piece.index("<span") < piece.index("</span>")
    assert re.sub("\x0f[0-9]+\x12", "", block) != block or not marks
    assert copied(re.sub("\x0f[0-9]+\x12", "", block)) == code


def number(shown: int) -> str:
    return f'<span class="lineno" data-line="{shown}"></span>'


MARK = '<span class="hll"></span>'


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        pytest.param("text", "a\nb\n", id="nothing"),
        pytest.param("text linenos", f"{number(1)}a\n{number(2)}b\n", id="numbers"),
        pytest.param("text linenos=9", f"{number(9)}a\n{number(10)}b\n", id="from 9"),
        pytest.param("text {2}", f"a\n{MARK}b\n", id="a line"),
        pytest.param("text {1} linenos", f"{MARK}{number(1)}a\n{number(2)}b\n", id="both"),
    ],
)
def test_lines(info: str, expected: str) -> None:
    assert (
        show("a\nb\n", info)
        == f'<pre class="highlight"><code class="language-text">{expected}</code></pre>'
    )


def test_a_title_stands_above_the_code() -> None:
    block = show("a\n", 'text {title="<b>.py"}')
    assert block.startswith(
        '<figure class="code"><figcaption>&lt;b&gt;.py</figcaption><pre class="highlight">'
    )
    assert block.endswith("</code></pre></figure>")


def test_what_ends_stands_before_the_number_of_a_line_and_what_begins_behind_it() -> None:
    marks = (Mark(2, "]", opens=False), Mark(2, "[", opens=True))
    assert show("a\nb\n", "text linenos", marks) == (
        f'<pre class="highlight"><code class="language-text">{number(1)}a\n]{number(2)}[b\n'
        f"</code></pre>"
    )


def test_a_lexer_that_fails_costs_the_colours_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pygments.lexer.Lexer.get_tokens", lambda *_: 1 / 0)
    assert copied(show(CODE, "json")) == CODE


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        pytest.param(
            "```pyhton\nx\n```",
            "unknown-language",
            (1, "pyhton"),
            'did you mean "python"?',
            id="a language",
        ),
        pytest.param(
            "a\n\n- b\n\n  ```text {hl_line=1}\n  x\n  ```",
            "bad-code-option",
            (5, "hl_line"),
            'did you mean "hl_lines"?',
            id="an option, in a list",
        ),
        pytest.param(
            "```text hl_lines=3\nx\ny\n```",
            "bad-code-option",
            (1, "hl_lines=3"),
            "there is no line 3: this code has 2",
            id="a line",
        ),
        pytest.param(
            "> é\n>\n> 1. ~~~ Foobarish\n>    a\n>    ~~~",
            "unknown-language",
            (3, "Foobarish"),
            'the language "foobarish" of this code is not known',
            id="in a list in a quote",
        ),
        pytest.param(
            "- ä\n\n\t~~~~\t{title='pyhton' .pyhton}\n\t~~~\n\t~~~~",
            "unknown-language",
            (3, "pyhton"),
            'did you mean "python"?',
            id="behind a title that has it, after tabs",
        ),
    ],
)
def test_what_is_wrong_with_a_block_is_said(
    text: str, code: str, place: tuple[int, str], words: str
) -> None:
    [problem] = converted(text).problems
    assert problem.code == code
    assert words in f"{problem.message} {problem.help}"
    line, under = place
    assert problem.location.line == line
    start = problem.location.column - 1
    assert text.split("\n")[line - 1][start : start + problem.location.width] == under


def test_one_mistake_made_twice_is_told_twice() -> None:
    block = "```text {hl_line=1}\nx\n```\n"
    problems = converted(f"{block}\n{block}").problems
    assert [each.location for each in problems] == [
        Location("", 1, 10, 7),
        Location("", 5, 10, 7),
    ]


# The colours


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#fff", "#fff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#000", 2.44),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_a_colour_between_two() -> None:
    assert [mixed("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == [
        "#000000",
        "#808080",
        "#ffffff",
    ]


@pytest.mark.parametrize("style", [AnkipressLight, AnkipressDark])
def test_every_colour_of_code_can_be_read(style: type[Style]) -> None:
    """Each type of token on the page of code and on marked lines, numbers on both; titles and
    inline code are the plain text.
    """
    looks = {str(token): look(style, token) for token in STANDARD_TYPES}
    pages = (style.background_color, line_colour(style))
    assert pages[0] != pages[1]
    ratios = {
        (token, page): contrast(each.colour, each.background or page)
        for token, each in looks.items()
        for page in pages
    }
    ratios |= {("number", page): contrast(number_colour(style), page) for page in pages}
    assert {key: ratio for key, ratio in ratios.items() if ratio < 4.5} == {}
    assert faint_tokens(style) == {}


@pytest.mark.parametrize(
    "name", ["default", "monokai", "github-dark", "gruvbox-light", "zenburn", "fruity"]
)
def test_a_marked_line_makes_nothing_harder_to_read(name: str) -> None:
    style = get_style_by_name(name)
    for token in STANDARD_TYPES:
        each = look(style, token)
        before = contrast(each.colour, each.background or style.background_color)
        assert contrast(each.colour, each.background or line_colour(style)) >= min(4.5, before)


def test_the_files_of_our_own_styles_are_up_to_date() -> None:
    assert {path: path.read_text(encoding="utf-8") for path in style_sheets()} == style_sheets()


def test_our_own_styles_can_change_sides() -> None:
    css = render_theme({"light": "ankipress-dark", "dark": "ankipress-light"}, PLACE).css
    assert css.startswith(".card { --code-page: #1d2127;")
    assert ".nightMode .card { --code-page: #f4f5f7;" in css


def test_no_theme_has_no_problem() -> None:
    themed = render_theme({}, PLACE)
    assert themed.diagnostics == ()
    assert "--code-page: #f4f5f7" in themed.css


def test_a_style_that_is_hard_to_read_is_a_warning_that_names_tokens_and_ratios() -> None:
    themed = render_theme({"light": "solarized-light", "dark": "monokai"}, PLACE)
    [warning] = themed.diagnostics
    assert (warning.code, warning.location) == ("low-contrast", PLACE)
    assert warning.message.startswith(
        'the light style "solarized-light" is hard to read, below a contrast of 4.5: Text '
        "2.4, Comment.Preproc 4.2, "
    )
    assert warning.message.endswith(" more")
    assert "--code-page: #fdf6e3" in themed.css
    assert "--code-page: #272822" in themed.css


def test_a_style_that_is_not_there_is_an_error_with_the_nearest_name() -> None:
    assert render_theme({"dark": "monokay"}, PLACE).diagnostics == (
        Diagnostic(
            "bad-settings",
            PLACE,
            'there is no style "monokay" for code; did you mean "monokai"?',
            "https://pygments.org/styles/ shows the styles",
        ),
    )
