"""What stands behind the marks that open a block of code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.syntax.fences import Fence, read_fence


def lines(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


@pytest.mark.parametrize(
    ("info", "fence"),
    [
        pytest.param("", Fence(), id="nothing"),
        pytest.param("python", Fence("python"), id="a language"),
        pytest.param("Python", Fence("python"), id="in lower case"),
        pytest.param("c++", Fence("c++"), id="signs in a language"),
        pytest.param("python example", Fence("python"), id="a word that means nothing"),
        pytest.param("rust,ignore", Fence("rust"), id="rustdoc"),
        pytest.param("{.python}", Fence("python"), id="a language as Pandoc has it"),
        pytest.param("{.python .run}", Fence("python", is_run=True), id="to run, as Pandoc has it"),
        pytest.param("python {.run}", Fence("python", is_run=True), id="to run"),
        pytest.param("{.run}", Fence(is_run=True), id="to run, no language"),
        pytest.param('python {hl_lines="2 4-5"}', Fence("python", lines(2, 4, 5)), id="lines"),
        pytest.param('python hl_lines="2 4-5"', Fence("python", lines(2, 4, 5)), id="no braces"),
        pytest.param("python hl_lines=[2,4]", Fence("python", lines(2, 4)), id="a list of lines"),
        pytest.param(
            "python hl_lines=2,4 linenos", Fence("python", lines(2, 4), 1), id="no quotes"
        ),
        pytest.param("python {1,3-4}", Fence("python", lines(1, 3, 4)), id="lines alone in braces"),
        pytest.param("python {hl_lines='3' linenos}", Fence("python", lines(3), 1), id="a flag"),
        pytest.param(
            'python linenums="10"',
            Fence("python", first_line=10),
            id="the first number, as in pymdown",
        ),
        pytest.param("python linenos=0", Fence("python", first_line=0), id="numbers from 0"),
        pytest.param("python {linenos=false}", Fence("python"), id="switched off"),
        pytest.param(
            "python {.numberLines}", Fence("python", first_line=1), id="numbers, as Pandoc has them"
        ),
        pytest.param(
            'python {title="my file.py"}',
            Fence("python", title="my file.py"),
            id="a title with a space",
        ),
        pytest.param(
            '{title="my file.py" .python}',
            Fence("python", title="my file.py"),
            id="the language last",
        ),
        pytest.param(
            'python {title="a = {b}"}', Fence("python", title="a = {b}"), id="signs in a title"
        ),
        pytest.param(
            '{ .python hl_lines="1" linenos }',
            Fence("python", lines(1), 1),
            id="as in Python-Markdown",
        ),
    ],
)
def test_read(info: str, fence: Fence) -> None:
    assert read_fence(info) == fence


@pytest.mark.parametrize(
    ("info", "words", "message"),
    [
        pytest.param(
            "python {.runs}",
            ".runs",
            'no option ".runs" for a block of code; did you mean "run"?',
            id="a mark",
        ),
        pytest.param(
            "python hl_line=2",
            "hl_line",
            'no option "hl_line" for a block of code; did you mean "hl_lines"?',
            id="a key",
        ),
        pytest.param(
            "python lineno",
            "lineno",
            'no option "lineno" for a block of code; did you mean "linenos"?',
            id="a flag",
        ),
        pytest.param(
            "{r, fig.width=3}",
            "fig.width",
            'no option "fig.width" for a block of code',
            id="of another tool",
        ),
        pytest.param("python hl_lines=x", "hl_lines=x", '"x" means no lines', id="no number"),
        pytest.param('python hl_lines=""', 'hl_lines=""', '"" means no lines', id="no lines"),
        pytest.param("python hl_lines=5-4", "hl_lines=5-4", '"5-4" means no lines', id="backwards"),
        pytest.param("python hl_lines=0", "hl_lines=0", '"0" means no lines', id="counted from 0"),
        pytest.param(
            "python hl_lines=1-999999",
            "hl_lines=1-999999",
            '"1-999999" means no lines',
            id="too many",
        ),
        pytest.param(
            "python linenos=x",
            "linenos=x",
            '"linenos" is the number of the first line, not "x"',
            id="no first number",
        ),
    ],
)
def test_a_mistake_is_named(info: str, words: str, message: str) -> None:
    [mistake] = read_fence(info).mistakes
    assert not read_fence(info).is_run
    assert info[mistake.span.start : mistake.span.end] == words
    assert mistake.message.endswith(message)


@pytest.mark.parametrize(
    ("info", "words"),
    [
        pytest.param("{title='hl_linse' hl_linse=2}", ["hl_linse"], id="in a title first"),
        pytest.param("a hl_lines=x hl_lines=x", ["hl_lines=x"] * 2, id="the same twice"),
        pytest.param("a {.ä .ä}", [".ä"] * 2, id="two marks"),
        pytest.param("{hl_lines=x, linenos=y,}", ["hl_lines=x", "linenos=y"], id="commas"),
        pytest.param(" Hl.lines hl.lines=2", ["hl.lines"], id="a language that has the words"),
    ],
)
def test_each_mistake_has_its_place(info: str, words: list[str]) -> None:
    spans = [mistake.span for mistake in read_fence(info).mistakes]
    assert [info[span.start : span.end] for span in spans] == words
    assert len(set(spans)) == len(words)


@pytest.mark.parametrize(
    ("info", "language", "last_mark"),
    [
        pytest.param(" Python", "Python", "", id="a word"),
        pytest.param('{title="pyhton" .pyhton}', "pyhton", "", id="a mark behind a title"),
        pytest.param("a hl_lines=9 {2} hl_lines='3'", "a", "hl_lines=9", id="not the last"),
        pytest.param("a {2 7-9,3}", "a", "7-9", id="lines alone"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_the_language_and_the_last_line_have_their_place(
    info: str, language: str, last_mark: str
) -> None:
    fence = read_fence(info)
    assert info[fence.language_span.start : fence.language_span.end] == language
    assert info[fence.last_mark_span.start : fence.last_mark_span.end] == last_mark


@settings(deadline=None)
@given(st.text(max_size=40) | st.text(st.sampled_from("py{}.=\"'- ,1[]hl_lines"), max_size=40))
def test_any_words_are_read(info: str) -> None:
    assert read_fence(info).language == read_fence(info).language.lower()
