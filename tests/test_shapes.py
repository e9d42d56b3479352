"""The block of an image occlusion, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.syntax.occlusion_block import SHAPES, read_block


def shapes(text: str) -> list[tuple[int, str, list[tuple[float, ...]], str]]:
    block = read_block(text)
    assert block.mistakes == ()
    return [
        (each.number, each.kind, [(x.value, y.value) for x, y in each.points], each.label)
        for each in block.shapes
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "# a comment\n", "hide: one\n"])
def test_a_block_that_hides_nothing_is_a_mistake(text: str) -> None:
    assert [(each.line, each.message) for each in read_block(text).mistakes] == [
        (-1, "this block hides nothing")
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "1: rect 10% 20% 30% 15%", (1, "rect", [(10, 20), (30, 15)], ""), id="a rectangle"
        ),
        pytest.param(
            "  7 :rect 1 2px .5% 4.25 left  ventricle",
            (7, "rect", [(1, 2), (0.5, 4.25)], "left ventricle"),
            id="units, a label",
        ),
        pytest.param(
            "2: ellipse 0 0 5 6 7th rib",
            (2, "ellipse", [(0, 0), (5, 6)], "7th rib"),
            id="a label that starts with a digit",
        ),
        pytest.param(
            "3: polygon 1,2 3%,4% 5,6 a b",
            (3, "polygon", [(1, 2), (3, 4), (5, 6)], "a b"),
            id="a polygon",
        ),
    ],
)
def test_a_shape(line: str, expected: tuple[object, ...]) -> None:
    assert shapes(line) == [expected]


def test_shapes_of_one_number_are_one_card_and_numbers_keep_their_gaps() -> None:
    assert [each[0] for each in shapes("5: rect 0 0 1 1\n2: rect 0 0 1 1\n5: rect 1 1 1 1")] == [
        5,
        2,
        5,
    ]


@pytest.mark.parametrize(
    ("text", "hides_all"),
    [("", True), ("hide: all\n", True), ("hide: one\n", False), (" hide :one\n", False)],
)
def test_all_shapes_hide_unless_the_block_says_one(text: str, hides_all: bool) -> None:
    assert read_block(f"{text}1: rect 0 0 1 1").hides_all is hides_all


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(
            "rect 1 2 3 4",
            "a shape has a number from 1 to 500, which is that of its card",
            id="no number",
        ),
        pytest.param(
            "0: rect 1 2 3 4",
            "a shape has a number from 1 to 500, which is that of its card",
            id="number zero",
        ),
        pytest.param(
            "501: rect 1 2 3 4",
            "a shape has a number from 1 to 500, which is that of its card",
            id="number too high",
        ),
        pytest.param(
            "1: rectangel 1 2 3 4",
            'there is no shape "rectangel"; did you mean "rect"?',
            id="an unknown shape",
        ),
        pytest.param("1: rect 1 2 3", "a shape `rect` has four numbers", id="a number is missing"),
        pytest.param("1: rect 1 2 -3 4", "a shape `rect` has four numbers", id="a negative number"),
        pytest.param(
            "1: ellipse 1 2 3 x", "a shape `ellipse` has four numbers", id="a word for a number"
        ),
        pytest.param(
            "1: rect 1 2 0 4", "a shape without width or height hides nothing", id="no width"
        ),
        pytest.param(
            "1: polygon 1,2 3,4 5", "a polygon has three corners or more", id="two corners"
        ),
        pytest.param("1:", "this is no shape", id="only a number"),
        pytest.param("1: rect: 1 2 3 4", "this is no shape", id="a colon too many"),
        pytest.param("hide: some", "\"hide\" is one or all, not 'some'", id="hide what"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, message: str) -> None:
    mistakes = read_block(f"1: rect 1 2 3 4\n\n{line}").mistakes
    assert [(each.line, each.message) for each in mistakes] == [(2, message)]


def test_the_number_that_is_offered_is_free() -> None:
    [mistake] = read_block("3: rect 1 2 3 4\nrect 1 2 3 4").mistakes
    assert mistake.help.startswith("write `4:` before it")


@given(st.text(alphabet="123: \n,.%px#hide rectpolygon", max_size=60) | st.text(max_size=40))
def test_any_text_is_read_as_shapes_or_has_mistakes(text: str) -> None:
    block = read_block(text)
    assert {each.kind for each in block.shapes} <= set(SHAPES)
    assert block.shapes or block.mistakes


GOOD = {
    "1: rect 1 2 3 4": "rect",
    "2: ellipse 1 2 3 4": "ellipse",
    "1: polygon 1,2 3,4 5,6": "polygon",
    "3: rect 1% 2% 3% 4%": "rect",
}
BAD = ("x", "1:", "1: rect 0 0 0 4", "1: polygon 1,2", "hide: some")


@given(st.lists(st.sampled_from([*GOOD, *BAD, ""]), max_size=8))
def test_each_line_is_a_shape_or_a_mistake(lines: list[str]) -> None:
    block = read_block("\n".join(lines))
    assert [each.kind for each in block.shapes] == [GOOD[line] for line in lines if line in GOOD]
    if block.shapes:
        wrong = [number for number, line in enumerate(lines) if line in BAD]
        assert [each.line for each in block.mistakes] == wrong
