"""Mathematics: what is TeX, what is money, and that Markdown leaves TeX alone everywhere."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages import rendered, rendered_cloze


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("costs $5, $6 and $7.", id="prices"),
        pytest.param("between $20,000 and USD$30,000", id="thousands"),
        pytest.param("$5-$10", id="a range"),
        pytest.param("$ 5 $", id="spaces"),
        pytest.param("$x", id="never closed"),
        pytest.param("$x $", id="a space before the end"),
        pytest.param("$HOME and $PATH", id="variables"),
        pytest.param("a$$b", id="two dollars"),
        pytest.param("$$", id="nothing between"),
    ],
)
def test_no_mathematics(text: str) -> None:
    assert rendered(text) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("$5 and $x$", r"$5 and \(x\)", id="money, then mathematics"),
        pytest.param(
            "$100 < $200 & $x$", r"$100 &lt; $200 &amp; \(x\)", id="a comparison of money"
        ),
        pytest.param(r"costs \$5, $x$", r"costs $5, \(x\)", id="escaped money"),
        pytest.param(r"$x\$ y$", r"\(x\$ y\)", id="an escaped dollar in it"),
        pytest.param("$a\nb$", "\\(a\nb\\)", id="across a line end"),
        pytest.param('($x$), "$y$"; $z$.', '(\\(x\\)), "\\(y\\)"; \\(z\\).', id="between signs"),
        pytest.param("x$y$ $w$-axis", r"x\(y\) \(w\)-axis", id="in words"),
        pytest.param("$`x_1*y`$ and $``a`b``$", r"\(x_1*y\) and \(a`b\)", id="as GitHub has it"),
        pytest.param("$`x`", "$<code>x</code>", id="a price of code"),
        pytest.param("`$a$` and `` $`b`$ ``", "<code>$a$</code> and <code>$`b`$</code>", id="code"),
        pytest.param("$a<b>c</b>&amp;$", r"\(a&lt;b&gt;c&lt;/b&gt;&amp;amp;\)", id="no HTML in it"),
        pytest.param(
            "**$a_1$** *$b^*$*", r"<strong>\(a_1\)</strong> <em>\(b^*\)</em>", id="in emphasis"
        ),
        pytest.param("[$x_1$ y](u)", r'<a href="u">\(x_1\) y</a>', id="in a link"),
        pytest.param("![$x$](a.png)", '<img alt="$x$" src="a.png">', id="in the text of a picture"),
        pytest.param(
            "https://a.org/$x$",
            '<a href="https://a.org/$x$">https://a.org/$x$</a>',
            id="in an address",
        ),
        pytest.param("<b>$x$</b>", r"<b>\(x\)</b>", id="in HTML"),
        pytest.param(r"$\{a_{\{b\}}\}$", r"\(\{a_{\{b\}}\}\)", id="escaped braces"),
        pytest.param("a $$x$$ b", r"a \[x\] b", id="display in a line"),
    ],
)
def test_in_a_line(markdown: str, expected: str) -> None:
    assert rendered(markdown) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("$a\n\nb$", "<p>$a</p>\n<p>b$</p>", id="not across paragraphs"),
        pytest.param("# $x_1$", "<h1>\\(x_1\\)</h1>", id="a heading"),
        pytest.param("- $a_1$ $b_1$", "<ul>\n<li>\\(a_1\\) \\(b_1\\)</li>\n</ul>", id="a list"),
        pytest.param(
            "> $$\n> - x\n> $$", "<blockquote>\n<p>\\[- x\\]</p>\n</blockquote>", id="a quote"
        ),
        pytest.param(
            "|a|\n|-|\n|$x\\|y$|",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
            "<td>\\(x|y\\)</td>\n</tr>\n</tbody>\n</table>",
            id="a table",
        ),
        pytest.param(
            "```math\n\\frac{a}{b} < c & d\n\n```",
            "<p>\\[\\frac{a}{b} &lt; c &amp; d\\]</p>",
            id="a fence, as GitHub has it",
        ),
        pytest.param("```latex\n$x$\n```", None, id="code of LaTeX"),
        pytest.param(
            "\\[\n- a\n# b\n\\]",
            "<p>\\[- a\n# b\\]</p>",
            id="brackets around what looks like blocks",
        ),
        pytest.param(
            "a\n\\[b\n+ c\\]\nd",
            "<p>a</p>\n<p>\\[b\n+ c\\]</p>\n<p>d</p>",
            id="brackets between lines",
        ),
        pytest.param(
            "\\[a^2\\] b \\[c=d\\]", "<p>\\[a^2\\] b \\[c=d\\]</p>", id="brackets in a line"
        ),
        pytest.param(
            "\\[a\\] b\\[c+1\\] \\[--all|--none\\] \\[f\\_g\\]",
            "<p>[a] b[c+1] [--all|--none] [f_g]</p>",
            id="brackets of a program in a line",
        ),
        pytest.param(
            "\\[a\n\nb\\]", "<p>[a</p>\n<p>b]</p>", id="brackets across paragraphs are none"
        ),
        pytest.param("    \\[a\\]", None, id="brackets in code"),
    ],
)
def test_in_blocks(markdown: str, expected: str | None) -> None:
    field = rendered(markdown)
    assert (
        field == expected
        if expected
        else ("<pre" in field and "\\(" not in field and "\\[" not in field)
    )


TEX = st.text(st.sampled_from("ab1_*^{}[]()<>&|~`!#+-=:; \\"), min_size=1, max_size=30).filter(
    lambda tex: tex == tex.strip() and tex[0] != "`" and not tex.endswith("\\")
)


@settings(deadline=None)
@given(TEX)
def test_markdown_leaves_tex_alone(tex: str) -> None:
    assert rendered(f"a ${tex}$ b") == f"<p>a \\({escaped(tex)}\\) b</p>"
    assert rendered(f"*a* $${tex}$$ b") == f"<p><em>a</em> \\[{escaped(tex)}\\] b</p>"


@settings(deadline=None)
@given(TEX)
def test_a_deletion_leaves_tex_alone(tex: str) -> None:
    """But for a space between braces and a group between colons, which TeX takes no notice of."""
    text = rendered_cloze("", f"{{{{c1::a ${tex}$}}}} b", highlights=True)
    shown = text.removeprefix("<p>{{c1::a \\(").removesuffix("\\)}} b</p>")
    assert "::" not in shown
    assert "}}" not in shown
    assert shown.replace("} }", "}}").replace("} }", "}}").replace(":{}:", "::").replace(
        ":{}:", "::"
    ) == escaped(tex).replace("} }", "}}").replace("} }", "}}").replace(":{}:", "::")


def escaped(tex: str) -> str:
    return html.escape(tex, quote=False)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("$10, `$x$`", "<p>$10, <code>$x$</code></p>", id="money before code"),
        pytest.param("$10 ``a`$x``$", "<p>$10 <code>a`$x</code>$</p>", id="two ticks"),
        pytest.param("$a`b$", "<p>\\(a`b\\)</p>", id="a tick that begins no code"),
        pytest.param("$a`b`c$ `d`", "<p>\\(a`b`c\\) <code>d</code></p>", id="code inside of it"),
        pytest.param("$`x`$ `y`", "<p>\\(x\\) <code>y</code></p>", id="GitHub's form"),
    ],
)
def test_a_dollar_in_code_ends_no_mathematics(markdown: str, html: str) -> None:
    assert rendered(markdown) == html


@pytest.mark.parametrize(
    "markdown",
    ["$a [sound:x.mp3]$", "$$[anki:play:q:0]$$", "```math\n[latex]x[/latex]\n```", "\\([$]x\\)"],
)
def test_anki_finds_no_instructions_of_its_own(markdown: str) -> None:
    """A space behind the bracket: markup has no place in mathematics, and a space is nothing to
    TeX.
    """
    html = rendered(markdown)
    assert "[ " in html
    assert "<wbr>" not in html
