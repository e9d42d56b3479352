"""What is mathematics: dollars as GitHub reads them, and escaped brackets around TeX."""

from __future__ import annotations

import pytest

from ankipress.syntax.formulas import looks_like_tex
from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.tree import walk


def formulas(text: str) -> list[str]:
    nodes = walk(read_markdown(text).nodes)
    return [node.text for node in nodes if node.kind in {"math", "math_block"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x$", ["x"]),
        ("a$x$", ["x"]),
        ("Beta$(2,2)$", ["(2,2)"]),
        ("글$x$, ($x$)", ["x", "x"]),
        ("$x$-axis, $y$, $z$.", ["x", "y", "z"]),
        ("**$scope** and **$http**", []),
        ("$HOME/$USER", []),
        ("$PATH:$HOME/bin", []),
        ("5$, or 6$", []),
        ("5$ or 6$, $x$", ["x"]),
        ("$5 and $10", []),
        ("US$5 and US$6", []),
        ("$x$s", []),
        ("$x$1", []),
        ("$x$글", []),
        ("$x$é", []),
        ("1$x$", []),
        ("$x$_a", ["x"]),
        ("$x $", []),
        ("$ x$", []),
        ("$`x`$s", ["x"]),
        ("$$x$$", ["x"]),
        ("a $$x$$ b", ["x"]),
        ("- $x$\n- 5$, 6$", ["x"]),
        ("|$x$|\n|-|\n|5$, 6$|", ["x"]),
        ("> $x$ $y$z", ["x"]),
    ],
)
def test_dollars(text: str, expected: list[str]) -> None:
    assert formulas(text) == expected


MATHEMATICS = [
    r"\(x\)",
    r"\(f(x)\)",
    r"\(θ\)",
    r"\(ℝ\)",
    r"\(𝑥\)",
    r"\(x^2\)",
    r"\(\alpha\)",
    r"\(a < b\)",
    r"\(x_1, x_2\)",
    r"\(speed = distance / time\)",
    r"글\(x\)글",
    r"\[x^2\]",
    r"\[a = b\]",
    r"\[\text{speed} = 3\]",
    r"a \[\frac{a}{b}\] c",
    r"x\(\alpha\)",
    "\\[\nx\n\\]",
    "\\[\nspeed = 3\n\\]",
]
PROSE = [
    r"Takes \[2,1:2\]",
    r"\(slide it\)",
    r"\(1\), \(2, 3\)",
    r"\[1\]",
    r"\[sic\]",
    r"\[Smith 1999\]",
    r"- \[x\] done",
    r"- \[ \] open",
    r"force \[N\]",
    r"list\[i\] list\[i+1\] m\[i\]\[j_1\]",
    r"f\(x\) file\(s\)",
    r"run \[--all|--none\]",
    r"write \[key=value\]",
    r"\[file\_name\] \(file_name\)",
    "\\[\nsee below\n\\]",
    r"\[글\]",
    r"\(글 자\)",
]


@pytest.mark.parametrize("text", MATHEMATICS)
def test_brackets_around_tex_are_mathematics(text: str) -> None:
    assert len(formulas(text)) == 1


@pytest.mark.parametrize("text", PROSE)
def test_brackets_around_other_text_are_brackets(text: str) -> None:
    assert formulas(text) == []


@pytest.mark.parametrize("text", ["", " ", "1", "a b c word", "…", "12:30"])
def test_text_without_a_sign_is_no_tex(text: str) -> None:
    assert not looks_like_tex(text)
