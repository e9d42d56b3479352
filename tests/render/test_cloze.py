"""The text of a cloze note: its deletions are those that its author meant, and each of them holds
whole elements.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.diagnostics import Location
from ankipress.render.cloze_text import disable_deletions, has_deletion
from ankipress.render.deletion_problems import deletion_problems
from ankipress.render.html import canonical
from ankipress.syntax.entry_trees import passage_of
from stages import converted, rendered_cloze


def cloze(heading: str, more: str = "", *, highlights: bool = False) -> str:
    return rendered_cloze(more, heading, highlights=highlights)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("a::b }} {{ x }}", "a::b }} {{ x }}", id="no deletion"),
        pytest.param("`a::b` {{c1::c}}", "<code>a::b</code> {{c1::c}}", id="code outside"),
        pytest.param("{{c1::a::hint}}", "{{c1::a::hint}}", id="a hint"),
        pytest.param("{{c1,2::a}}", "{{c1,2::a}}", id="two numbers"),
        pytest.param("{{c1::a {{c2::b::c}} d::e}}", "{{c1::a {{c2::b::c}} d::e}}", id="nested"),
        pytest.param("{{c1::{a}}}", "{{c1::{a}<wbr>}}", id="braces that pair"),
        pytest.param("{{c1::{a}}", "{{c1::{a}}", id="braces that do not"),
        pytest.param("{{c1::`a::b`}}", "{{c1::<code>a:<wbr>:b</code>}}", id="colons in code"),
        pytest.param(
            "{{c1::`}}` `{{`}}", "{{c1::<code>}<wbr>}</code> <code>{{</code>}}", id="braces in code"
        ),
        pytest.param("{{c1::`a}`}}", "{{c1::<code>a}</code>}}", id="a brace at the end of code"),
        pytest.param("`{{c1::f}}(x)`", "<code>{{c1::f}}(x)</code>", id="in code"),
        pytest.param(
            "`{{c1::{}}}`", "<code>{{c1::{}<wbr>}}</code>", id="braces in a deletion in code"
        ),
        pytest.param(
            "`x[{{c1::a[::2]::h}}]`",
            "<code>x[{{c1::a[:<wbr>:2]::h}}]</code>",
            id="colons in brackets",
        ),
        pytest.param(
            "{{c1::[a](b)}} [{{c2::c}}](d)",
            '{{c1::<a href="b">a</a>}} <a href="d">{{c2::c}}</a>',
            id="links",
        ),
        pytest.param(
            '{{c1::![a::b}}](c.png "::")}}',
            '{{c1::<img alt="a: :b} }" src="c.png" title=": :">}}',
            id="a tag",
        ),
        pytest.param(
            "{{c1::[a](/b::c)}}", '{{c1::<a href="/b%3A%3Ac">a</a>}}', id="an address with colons"
        ),
        pytest.param(
            "{{c1::https://a.org}} {{c2::http://b.org::c}}",
            '{{c1::<a href="https://a.org">https://a.org</a>}} {{c2::<a '
            'href="http://b.org">http://b.org</a>::c}}',
            id="bare addresses",
        ),
        pytest.param(
            r"\{{c1::a}} {{c1::b\}}}", "{<wbr>{c1::a}} {{c1::b}<wbr>}}", id="escaped braces"
        ),
        pytest.param(r"{{c1::a\::b}}", "{{c1::a:<wbr>:b}}", id="escaped colons"),
        pytest.param(
            "{{c1,::a}} {{c2::b}}",
            "{<wbr>{c1,::a}} {{c2::b}}",
            id="a list of numbers that Anki does not read",
        ),
        pytest.param("{{c1::$x_{a_{b}}$}}", r"{{c1::\(x_{a_{b} }\)}}", id="braces in mathematics"),
        pytest.param("{{c1::$f::g$}}", r"{{c1::\(f:{}:g\)}}", id="colons in mathematics"),
        pytest.param("$n_{{c2::i}}$", r"\(n_{{c2::i}}\)", id="in mathematics"),
        pytest.param(
            r"${{c1::\frac{a}{b_{c}}::h}}$",
            r"\({{c1::\frac{a}{b_{c} }::h}}\)",
            id="braces in one in mathematics",
        ),
        pytest.param(
            "$a_{{{c1::b}}}$", r"\(a_{{{c1::b}} }\)", id="a deletion in braces in mathematics"
        ),
        pytest.param(
            "$\\frac{{{c1::a}}}{{{c2::b}}}$",
            r"\(\frac{{{c1::a}} }{{{c2::b}} }\)",
            id="in the groups of a command",
        ),
    ],
)
def test_a_text_with_deletions(markdown: str, html: str) -> None:
    assert cloze(markdown) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param(
            "{{c1::**a**}} **{{c2::b}}**",
            "{{c1::<strong>a</strong>}} <strong>{{c2::b}}</strong>",
            id="none",
        ),
        pytest.param(
            "{{c1::a **b}} c**",
            "{{c1::a <strong>b</strong>}}<strong> c</strong>",
            id="ends in bold",
        ),
        pytest.param(
            "**a {{c1::b** c}}",
            "<strong>a </strong>{{c1::<strong>b</strong> c}}",
            id="begins in bold",
        ),
        pytest.param(
            "**a {{c1::b** *c}} d*",
            "<strong>a </strong>{{c1::<strong>b</strong> <em>c</em>}}<em> d</em>",
            id="both",
        ),
        pytest.param(
            "{{c1::a [b}} c](d)", '{{c1::a <a href="d">b</a>}}<a href="d"> c</a>', id="a link"
        ),
        pytest.param("{{c1::**a::b**}}", "{{c1::<strong>a</strong>::b}}", id="the hint"),
        pytest.param("{{c1::a::*b*}}", "{{c1::a::<em>b</em>}}", id="markup in the hint"),
        pytest.param(
            "{{c1::a **b {{c2::c** d}} e}}",
            "{{c1::a <strong>b </strong>{{c2::<strong>c</strong> d}} e}}",
            id="nested",
        ),
    ],
)
def test_a_deletion_across_formatting_holds_whole_elements(markdown: str, html: str) -> None:
    assert cloze(markdown) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("more", "html"),
    [
        pytest.param(
            "- {{c1::a}}\n- b", "<ul>\n<li>{{c1::a}}</li>\n<li>b</li>\n</ul>", id="in an item"
        ),
        pytest.param(
            "- {{c1::a\n- b\n- c::h}}",
            "<ul>\n<li>{{c1::a::h}}</li>\n<li>{{c1::b::h}}</li>\n<li>{{c1::c::h}}</li>\n</ul>",
            id="items, each hidden",
        ),
        pytest.param(
            "{{c1::\n- a\n- b\n\n}}",
            "{{c1::<ul>\n<li>a</li>\n<li>b</li>\n</ul>}}",
            id="a list as a whole",
        ),
        pytest.param("{{c1::a\n\nb}}", "<p>{{c1::a}}</p>\n<p>{{c1::b}}</p>", id="paragraphs"),
        pytest.param(
            "> {{c1::a}}\n\n{{c2::b}}",
            "<blockquote>\n<p>{{c1::a}}</p>\n</blockquote>\n<p>{{c2::b}}</p>",
            id="a quote",
        ),
        pytest.param(
            "|a|{{c1::b}}|\n|-|-|\n|{{c2::c|d}}|",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>{{c1::b}}</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>{{c2::c}}</td>\n<td>{{c2::d}}</td>\n</tr>\n</tbody>\n</table>",
            id="cells",
        ),
    ],
)
def test_deletions_in_blocks(more: str, html: str) -> None:
    assert squeezed(cloze("T", more)) == squeezed(f"<p>T</p>\n{html}")


def squeezed(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", html).replace("::\n", "::").replace("\n}}", "}}")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("a == b, x==y, ====", "a == b, x==y, ====", id="comparisons and lines"),
        pytest.param("==a", "==a", id="never closed"),
        pytest.param(
            "`==a==` $b==c==d$", r"<code>==a==</code> \(b==c==d\)", id="code and mathematics"
        ),
        pytest.param(r"\==a\==", "==a==", id="escaped"),
        pytest.param("==a== and ==b==", "{{c1::a}} and {{c2::b}}", id="numbers in order"),
        pytest.param(
            "==a== {{c1::b}} ==c== {{c3::d}}",
            "{{c2::a}} {{c1::b}} {{c4::c}} {{c3::d}}",
            id="numbers that are free",
        ),
        pytest.param(
            "==**a**== **==b==**",
            "{{c1::<strong>a</strong>}} <strong>{{c2::b}}</strong>",
            id="bold",
        ),
        pytest.param("==`a::b}}`==", "{{c1::<code>a:<wbr>:b}<wbr>}</code>}}", id="around code"),
        pytest.param("这是==重点==的", "这是{{c1::重点}}的", id="without spaces"),
        pytest.param("==a $x==$ b==", r"{{c1::a \(x==\) b}}", id="around mathematics"),
    ],
)
def test_highlights(markdown: str, html: str) -> None:
    assert cloze(markdown, highlights=True) == f"<p>{html}</p>"


def test_highlights_are_text_unless_asked_for_and_end_with_their_paragraph() -> None:
    assert cloze("==a== {{c1::b}}") == "<p>==a== {{c1::b}}</p>"
    assert cloze("T", "==a\n\nb==", highlights=True) == "<p>T</p>\n<p>==a</p>\n<p>b==</p>"


@pytest.mark.parametrize(
    ("info", "code", "plain"),
    [
        pytest.param(
            "python", "def f(x): return x[::2]", "def f(x): return x[::2]", id="no deletion"
        ),
        pytest.param(
            "python",
            "def {{c1::f}}(x):\n    {{c2::return x::h}}",
            "def f(x):\n    return x",
            id="tokens and a hint",
        ),
        pytest.param("python", "x = {{c1::{'a': {'b': {}}}}}", "x = {'a': {'b': {}}}", id="braces"),
        pytest.param(
            "python",
            "{{c1::a = 1\n}}c = 'a {{c2::b}} c'",
            "a = 1\nc = 'a b c'",
            id="a line and a part of a token",
        ),
        pytest.param(
            "python linenos {2}",
            "{{c1::a = 1\nb}} = {{c1,2::3 + {{c3::4}}}}",
            "a = 1\nb = 3 + 4",
            id="numbered lines",
        ),
        pytest.param(
            "cpp",
            "{{c1::std::string}} s = {{c2::f::{{c3::g}}(1)}};",
            "std::string s = f::g(1);",
            id="colons of C++",
        ),
        pytest.param(
            "cpp", "{{c1::std::string ::a type}} s;", "std::string s;", id="a hint in C++"
        ),
        pytest.param(
            "rust",
            "let v = {{c1::Vec::<i32>::new()}};",
            "let v = Vec::<i32>::new();",
            id="colons of Rust",
        ),
        pytest.param(
            "haskell", "{{c1::f :: Int -> Int}}", "f :: Int -> Int", id="colons of Haskell"
        ),
        pytest.param("", "{{c1::x}} = {{c2::}}", "x = ", id="no language"),
    ],
)
def test_code_is_coloured_as_if_there_were_no_deletions(info: str, code: str, plain: str) -> None:
    marked = converted(f"```{info}\n{code}\n```", hides=True).html
    assert ("\x0f" in marked) == ("{{c" in code)
    block = re.sub("\x0f[0-9,]+\x10|(?:\x11[^\x12]*)?\x12", "", marked)
    expected = converted(f"```{info}\n{plain}\n```").html
    assert characters(block) == characters(expected)


def characters(block: str) -> list[tuple[str, str]]:
    """Each character of code with the class of its token."""
    found, kind = [], ""
    for tag, text in re.findall(r"(<[^>]*>)|(&\w+;|[^<])", block):
        if tag:
            span = re.search(r'<span class="(\w+)"', tag)
            kind = span[1] if span else ""
        else:
            found.append((kind, text))
    return found


def test_what_marks_a_line_stands_behind_what_ends_above_it_and_before_what_begins() -> None:
    html = cloze("", "```text linenos\n{{c1::a\n}}{{c2::b}}\n```")
    number = '<span class="lineno" data-line="{}"></span>'
    assert f"{number.format(1)}{{{{c1::a\n}}}}{number.format(2)}{{{{c2::b}}}}\n" in html


@pytest.mark.parametrize(
    ("heading", "markdown", "unclosed"),
    [
        pytest.param("{{c1::a}} {{x", "", {}, id="none"),
        pytest.param(
            "{{c1::a {{c2::b}} c", "", {"{{c1::a {{c2::b}} c": (1, 1, 19)}, id="the outer one"
        ),
        pytest.param(
            "{{c2::b}} *d* {{c1::a *b*", "", {"{{c1::a *b*": (1, 15, 11)}, id="the last one"
        ),
        pytest.param("{{c2::b {{c1::a", "b}} c}}", {}, id="ends below the heading"),
        pytest.param(
            "{{c2::b}}",
            "é `{{c3::`\n\n> - c\n>   {{c1::a  \n> d",
            {"{{c1::a": (5, 5, 7)},
            id="in a list in a quote",
        ),
        pytest.param(
            "{{c2::b}}",
            "|a|\n|-|\n|{{c1::one two three four five six|",
            {"{{c1::one two three four": (4, 2, 24)},
            id="a long one in a table",
        ),
    ],
)
def test_a_deletion_that_never_ends_is_named_and_takes_no_other_with_it(
    heading: str, markdown: str, unclosed: dict[str, tuple[int, int, int]]
) -> None:
    problems = list(deletion_problems(passage_of(markdown, heading)))
    assert [(each.code, each.message, each.location) for each in problems] == [
        (
            "unclosed-deletion",
            f'the deletion "{words}" never ends, so it hides nothing',
            Location("", *place),
        )
        for words, place in unclosed.items()
    ]
    assert "{{c2::b}}" in cloze(heading, markdown) or not unclosed


def test_other_fields_hold_no_deletion() -> None:
    assert disable_deletions("{{c1::a}} {{x}}") == "{<wbr>{c1::a}} {{x}}"
    assert (
        disable_deletions('<img alt="{{c1::a}}" src="b.png">')
        == '<img alt="{ {c1::a}}" src="b.png">'
    )
    assert has_deletion("<p>{{c1::a}}</p>")
    assert not has_deletion("<code>{{c1::a}}</code>")


PIECES = [
    "{{c1::",
    "{{c2::",
    "}}",
    "}}",
    "::",
    "**",
    "*",
    "`",
    "$",
    "==",
    "a",
    "b c",
    "\n\n",
    "\n- ",
    "\n> ",
    "|",
    "{",
    "}",
    "[",
    "](u)",
    "\\",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_any_text_is_canonical_and_every_deletion_holds_whole_elements(markdown: str) -> None:
    html = cloze("Q", markdown, highlights=True)
    assert canonical(html) == html
    assert not re.search("[\x0e-\x13]", html)
    opened: list[str] = []
    for token in re.findall(r"<[a-z/][^>]*>|\{\{c[0-9]+::|\}\}", html):
        name = token.strip("</>").split()[0] if token[0] == "<" else ""
        if token[0] == "{":
            opened.append("{{")
        elif token == "}}":
            assert "{{" not in opened or opened.pop() == "{{", html
        elif token[1] == "/":
            assert opened.pop() == name, html
        elif name not in {"br", "hr", "img", "wbr"}:
            opened.append(name)
    assert "{{" not in opened
