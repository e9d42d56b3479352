"""TeX in which no command of MathJax acts, and what is said of those that are left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.render.math import display_math, inline_math
from ankipress.render.tex_commands import safe_tex

NAMES = "bbox class cssId csname data fcolorbox href mmlToken require style unicode verb".split()
# However it is written, MathJax must not see one of these.
FORBIDDEN = re.compile(rf"\\(?:{'|'.join(NAMES)})(?![A-Za-z])")
MARKS = re.compile("\x0f[^\x0f-\x13]*\x10|\x11[^\x0f-\x13]*\x12|[\x0f-\x13]")


@pytest.mark.parametrize(
    "tex",
    [
        "",
        "x^2",
        r"\frac{1}{2} \\[2pt] \text{größer als } \alpha",
        r"\ce{^{14}_6C -> ^{14}_7N + e-} \pu{1.2e3 kJ//mol}",
        r"\begin{aligned}a &= b \\ c &= \left\{d\right.\end{aligned}",
        r"\newcommand{\R}{\mathbb{R}} \def\x#1{#1^2} \let\y\x \R \x{2} \y3",
        r"\hreflang \styled \classes \unicodes \requires \verbose \database",
        r"\Href \STYLE \textstyle \displaystyle \mathstrut",
        r"\unicodes{x} \fcolorboxes",
        r"\color{#123456}{x} \colorbox{yellow}{x} \boxed{x} \texttt{x} \enclose{circle}{x}",
        r"{{c1::\frac{a}{{b}}}} \al{{c2::pha::hint}}",
        "\\frac{\x0f1\x10a\x12}{b}",
        "\\",
    ],
)
def test_other_tex_stays_as_it_is(tex: str) -> None:
    assert safe_tex(tex) == (tex, ())


@pytest.mark.parametrize(
    ("tex", "safe", "span"),
    [
        (r"a \href{javascript:alert(1)}{b} c", r"a  {b} c", r"\href{javascript:alert(1)}"),
        (r"\href{ JavaScript:x}{b}", r" {b}", r"\href{ JavaScript:x}"),
        (r"\href{java" + "\n" + r"script:x}{b}", r" {b}", "\\href{java\nscript:x}"),
        (r"\href{data:text/html,x}{b}", r" {b}", r"\href{data:text/html,x}"),
        (r"\href{page.md#x}{b}", r" {b}", r"\href{page.md#x}"),
        (r"\href{http:\x}{b}", r" {b}", r"\href{http:\x}"),
        (r"\href javascript:x{b}", "  javascript:x{b}", r"\href"),
        (r"\href", " ", r"\href"),
        (r"\href{", " {", r"\href"),
        (r"größer \href{ü:x}{b}", r"größer  {b}", r"\href{ü:x}"),
        (r"\frac12\href{x}{\href{y}{z}}", r"\frac12 { {z}}", None),
        (r"\let\x\href \x{javascript:y}{z}", r"\let\x  \x{javascript:y}{z}", r"\href"),
        (r"\let\x=\href\x{a}{z}", r"\let\x= \x{a}{z}", r"\href"),
        (r"\def\x{\href}\x{a}{z}", r"\def\x{ }\x{a}{z}", r"\href"),
        (r"\newcommand{\x}[1]{\href{#1}{z}}", r"\newcommand{\x}[1]{ {z}}", r"\href{#1}"),
        (r"\csname href\endcsname{a}{b}", r"  href\endcsname{a}{b}", r"\csname"),
        (r"\href{https://a.org}{b}", r" {b}", r"\href{https://a.org}"),
        (r"\style{color:red}{x}", r" {x}", r"\style{color:red}"),
        (r"\def\c#1{\style{color:#1}{x}}", r"\def\c#1{ {x}}", r"\style{color:#1}"),
        (r"\bbox[5px,border:2px solid]{x}", r" {x}", r"\bbox[5px,border:2px solid]"),
        (r"\bbox{x}", r" {x}", r"\bbox"),
        (r"\def\c{\bbox}\c[top:0]{x}", r"\def\c{ }\c[top:0]{x}", r"\bbox"),
        (r"a\unicode[a;top:0]{65}b", "a b", r"\unicode[a;top:0]{65}"),
        (r"\unicode[1,2][a]{65}", " ", r"\unicode[1,2][a]{65}"),
        (r"\unicode{#1}", " ", r"\unicode{#1}"),
        (r"\unicode{x5c}", " ", r"\unicode{x5c}"),
        (r"\unicode{x0f}", " ", r"\unicode{x0f}"),
        (r"\unicode{9999999}", " ", r"\unicode{9999999}"),
        (r"\unicode{xD800}", " ", r"\unicode{xD800}"),
        (r"\def\x{\unicode}\x[a]{65}", r"\def\x{ }\x[a]{65}", r"\unicode"),
        (r"\fcolorbox{red}{a;top:0}{x}", " {x}", r"\fcolorbox{red}{a;top:0}"),
        (r"\fcolorbox{red}", " ", r"\fcolorbox{red}"),
        (r"\class{a}{x}", r" {x}", r"\class{a}"),
        (r"\cssId{qa}{x}", r" {x}", r"\cssId{qa}"),
        (r"\data{a=b}{x}", r" {x}", r"\data{a=b}"),
        (r"\require{mhchem} \ce{H2O}", r"  \ce{H2O}", r"\require{mhchem}"),
        (r"\require{[mathjax]/../_a}", " ", r"\require{[mathjax]/../_a}"),
        (r'\mmlToken{mi}[href="javascript:x"]{y}', " {y}", r'\mmlToken{mi}[href="javascript:x"]'),
        (r"\verb\a\\href{x}{y}", r" \a\\ href{x}{y}", r"\verb"),
        (r"\verb#a#", " #a#", r"\verb"),
        (r"\{{c1::href}}{javascript:x}{y}", r"\ {{c1::href}}{javascript:x}{y}", ""),
        (r"\hr{{c1::ef::hint}}{x}{y}", r"\hr {{c1::ef::hint}}{x}{y}", ""),
        (r"{{c1::\hr}}ef{x}{y}", r"{{c1::\hr }}ef{x}{y}", ""),
        (r"{{c1::\hr::h:i}}ef{x}{y}", r"{{c1::\hr ::h:i}}ef{x}{y}", ""),
        ("\\\x0f1\x10href\x12{x}{y}", "\\ \x0f1\x10href\x12{x}{y}", ""),
        ("\\h\x13ref{x}{y}", "\\h \x13ref{x}{y}", ""),
        ("\\href\x0f1\x10{https://a.org}\x12{y}", " \x0f1\x10{https://a.org}\x12{y}", r"\href"),
    ],
)
def test_what_acts_is_left_out_and_what_it_stands_around_is_kept(
    tex: str, safe: str, span: str | None
) -> None:
    found = safe_tex(tex)
    assert found.tex == safe
    if span is not None:
        [finding] = found.findings
        assert tex[finding.start : finding.start + finding.width][: len(span)] == span
        assert finding.width == max(1, len(span))
        assert finding.message.endswith(" is left out of the formula")
    assert safe_tex(found.tex) == (found.tex, ())


def test_each_of_two_equal_commands_is_found_in_its_place() -> None:
    tex = r"\require{a} x \require{a}"
    assert [(each.start, each.width) for each in safe_tex(tex).findings] == [(0, 11), (14, 11)]


@pytest.mark.parametrize(
    ("tex", "safe"),
    [
        (r"a \\href", r"a \\ href"),
        (r"a \\\\style{x}", r"a \\\\ style{x}"),
        (r"\verb|a_b c|", r"\texttt{a_b c}"),
        (r"\verb !x!", r"\texttt{x}"),
        (r"\unicode{x2103}", r"\text{℃}"),
        (r"a\unicode {0x41}\unicode{ 228 }", r"a\text{A}\text{ä}"),
    ],
)
def test_what_looks_the_same_is_not_told(tex: str, safe: str) -> None:
    assert safe_tex(tex) == (safe, ())


def test_mathematics_on_a_card_is_safe() -> None:
    for math in (inline_math, display_math):
        assert "href" not in math(r"\href{javascript:x}{y}")


PIECES = [
    *r"\href \hr ef \h ref \style \class \cssId \require \unicode \mmlToken \verb \bbox".split(),
    *r"\\ \ { } [ ] #1 \def\x \let\y \x \y \newcommand | : ; , = % ~ \ce{ \text{ $ x 1 ".split(" "),
    *"{{c1:: ::hint}} :: }} \x0f1\x10 \x12 \x11hint\x12 \x13 {javascript:x} {https://a.b}".split(),
    *"{mi} [top:0] {color:red} {position:fixed} é \n".split(" "),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=40))
def test_no_forbidden_command_is_left_however_it_is_written(tex: str) -> None:
    safe = safe_tex(tex).tex
    assert not FORBIDDEN.search(safe)
    assert not FORBIDDEN.search(MARKS.sub("", safe))
    assert safe_tex(safe) == (safe, ())


@given(st.lists(st.sampled_from(PIECES[1:]), max_size=25).map("".join) | st.text(max_size=40))
def test_tex_without_these_commands_stays_as_it_is(tex: str) -> None:
    shown = MARKS.sub("", tex)
    if any(name in text for name in NAMES for text in (tex, shown)) or "{{c" in tex:
        return
    assert safe_tex(tex) == (tex, ())


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_every_place_lies_in_the_tex(tex: str) -> None:
    for each in safe_tex(tex).findings:
        assert 0 <= each.start <= len(tex)
        assert each.start + each.width <= len(tex) + 1


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{" * 20_000,
        r"\href" * 20_000,
        r"\bbox[" * 20_000,
        "\\" * 100_001 + "href",
        r"\verb|" * 20_000,
        r"\hr{{c1::ef}}" * 5_000,
        r"\h}}" * 20_000,
        "{{c1::" * 10_000 + r"\href",
        "\x0f" * 50_000 + r"\href",
        r"\style{" + "color:red;" * 20_000 + "}{x}",
    ],
)
def test_hostile_tex_takes_no_time(tex: str) -> None:
    """A careless pattern would take minutes; the suite's patience is the judge."""
    assert not FORBIDDEN.search(safe_tex(tex).tex)
