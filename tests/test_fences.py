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
    assert mistake.words == words
    assert mistake.message.endswith(message)


@settings(deadline=None)
@given(st.text(max_size=40) | st.text(st.sampled_from("py{}.=\"'- ,1[]hl_lines"), max_size=40))
def test_any_words_are_read(info: str) -> None:
    assert read_fence(info).language == read_fence(info).language.lower()
