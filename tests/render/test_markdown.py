"""Markdown as GitHub reads it, mathematics as MathJax does, and HTML as a browser prints it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankipress.diagnostics import Location
from ankipress.render.html import canonical, is_visible, text_of
from ankipress.render.markdown import Converter
from stages import converted, rendered

TABLE = (
    "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
    "<tbody>\n<tr>\n<td><code>x|y</code></td>\n<td>\\(z\\)</td>\n</tr>\n</tbody>\n</table>"
)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param(
            "a *b* **c** ~~d~~ `e`",
            "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>",
            id="inline",
        ),
        pytest.param(
            "a\n- b\n  - c",
            "<p>a</p>\n<ul>\n<li>b<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>",
            id="a list below a paragraph",
        ),
        pytest.param(
            "3. a\n4. b",
            '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>',
            id="a list that begins with 3",
        ),
        pytest.param(
            "- a\n\n  ```\n  x\n\n  y\n  ```",
            '<ul>\n<li>\n<p>a</p>\n<pre class="highlight"><code>x\n\ny\n</code></pre>\n</li>\n'
            "</ul>",
            id="a fence in a list",
        ),
        pytest.param(
            "```\na\n\n\tb\n```",
            '<pre class="highlight"><code>a\n\n\tb\n</code></pre>',
            id="a fence without a language",
        ),
        pytest.param(
            "```text\n<b>\n```",
            '<pre class="highlight"><code class="language-text">&lt;b&gt;\n</code></pre>',
            id="plain text",
        ),
        pytest.param("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>", id="a quote"),
        pytest.param("|a|b|\n|-|-|\n|`x\\|y`|$z$|", TABLE, id="a table"),
        pytest.param(
            "<details>\n<summary>s</summary>\n\n*a*\n\n</details>",
            "<details>\n<summary>s</summary>\n<p><em>a</em></p>\n</details>",
            id="Markdown in details",
        ),
        pytest.param(
            "> - <!-- b\n>",
            "<blockquote>\n<ul>\n<li>\n</li></ul></blockquote>",
            id="a comment in a list in a quote",
        ),
        pytest.param("a <!-- b --> c", "<p>a  c</p>", id="a comment vanishes"),
        pytest.param("a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>", id="hard breaks"),
        pytest.param("\\*a\\* \\$5 \\<b>", "<p>*a* $5 &lt;b&gt;</p>", id="escapes"),
        pytest.param(
            "https://a.org/b_c_d.",
            '<p><a href="https://a.org/b_c_d">https://a.org/b_c_d</a>.</p>',
            id="a bare address",
        ),
        pytest.param(
            '![a](b.png "t")', '<p><img alt="a" src="b.png" title="t"></p>', id="a picture"
        ),
        pytest.param("[a][b]\n\n[b]: /c", '<p><a href="/c">a</a></p>', id="a link by reference"),
        pytest.param("<script>alert(1)</script>a", "a", id="a script vanishes"),
        pytest.param(
            '<p onclick="x()" style="position:fixed;color:red">a</p>',
            '<p style="color:red">a</p>',
            id="handlers and positions vanish",
        ),
        pytest.param(
            "What does <!doctype html> do?\n\n<!doctype html>",
            "<p>What does &lt;!doctype html&gt; do?</p>\n<p>&lt;!doctype html&gt;</p>",
            id="a declaration in small letters is text",
        ),
        pytest.param(
            "[latex] `[sound:a.mp3]`",
            "<p>[<wbr>latex] <code>[<wbr>sound:a.mp3]</code></p>",
            id="Anki's own tags are text",
        ),
        pytest.param(
            "[sound:a b.mp3]",
            '<p><img alt="(sound:a b.mp3]" src="a b.mp3"></p>',
            id="a sound",
        ),
    ],
)
def test_rendered(markdown: str, html: str) -> None:
    assert rendered(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("$5 and $10", "$5 and $10", id="money"),
        pytest.param("a $ b $ c", "a $ b $ c", id="dollars with spaces"),
        pytest.param("$a$5", "$a$5", id="a digit behind"),
        pytest.param(r"\$a$ and \\(b\\)", r"$a$ and \<wbr>(b\<wbr>)", id="escaped"),
        pytest.param("`$a$`", "<code>$a$</code>", id="code"),
        pytest.param("$a<b&c$", r"\(a&lt;b&amp;c\)", id="escapes of HTML"),
        pytest.param(
            "$a_1*b_2*c$ and *d*", r"\(a_1*b_2*c\) and <em>d</em>", id="untouched by Markdown"
        ),
        pytest.param(r"\(a\) \[b^2\]", r"\(a\) \[b^2\]", id="as in TeX"),
        pytest.param(r"\[b\] \(see\)", "[b] (see)", id="brackets that are escaped"),
        pytest.param("a $$b$$ c", r"a \[b\] c", id="display in a line"),
        pytest.param(r"\(a \( b\) c", r"(a \( b\) c", id="the inner one of two that open"),
        pytest.param(
            r"\[a \\[2pt] b\]", r"\[a \\[2pt] b\]", id="a line break of TeX with its height"
        ),
        pytest.param(r"$\text{costs \$5}$", r"\(\text{costs \$5}\)", id="a dollar inside"),
        pytest.param("$a$-$b$", r"\(a\)-\(b\)", id="two"),
    ],
)
def test_mathematics_in_a_line(markdown: str, html: str) -> None:
    assert rendered(markdown) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        pytest.param("$$\n- a\n+ b\n$$", "<p>\\[- a\n+ b\\]</p>", id="lines like a list"),
        pytest.param("a\n$$b$$\nc", "<p>a</p>\n<p>\\[b\\]</p>\n<p>c</p>", id="between lines"),
        pytest.param(
            "- a\n\n  $$\n  b\n  $$",
            "<ul>\n<li>\n<p>a</p>\n<p>\\[b\\]</p>\n</li>\n</ul>",
            id="in a list",
        ),
        pytest.param(
            "    $$a$$", '<pre class="highlight"><code>$$a$$\n</code></pre>', id="not in code"
        ),
        pytest.param("$$\na\n\nb", "<p>$$\na</p>\n<p>b</p>", id="not if it never ends"),
    ],
)
def test_mathematics_on_lines_of_its_own(markdown: str, html: str) -> None:
    assert rendered(markdown) == html


@pytest.mark.parametrize(
    ("heading", "html"),
    [
        pytest.param("1. What?", "<p>1. What?</p>", id="a number is no list"),
        pytest.param("C#", "<p>C#</p>", id="a hash at the end"),
        pytest.param("- a", "<p>- a</p>", id="a dash is no list"),
        pytest.param("`a` $b$", "<p><code>a</code> \\(b\\)</p>", id="code and mathematics"),
    ],
)
def test_a_question_is_a_paragraph(heading: str, html: str) -> None:
    assert rendered("", heading) == html


def test_what_stands_above_the_dashes_follows_the_question() -> None:
    assert rendered("# b", "a") == "<p>a</p>\n<h1>b</h1>"


@pytest.mark.parametrize("mark", ["- ", "> ", "1. "])
def test_what_is_nested_deeply_is_not_lost(mark: str) -> None:
    html = rendered(mark * 200 + "deep\n\nafter")
    assert html.endswith("<p>after</p>")
    assert "deep" in html
    steps = "".join(f"{' ' * len(mark) * number}{mark}step{number}.\n" for number in range(70))
    assert all(f"step{number}." in rendered(steps) for number in range(70))


def test_code_is_coloured_and_its_text_is_the_source() -> None:
    html = rendered("```python\ndef f(x):\n\treturn '<&>'\n```")
    assert '<span class="k">def</span>' in html
    assert text_of(html.replace("\n", "").replace("\t", "")) != ""


def test_unknown_languages_are_named_each_time_at_their_places() -> None:
    problems = converted("```pyhton\nx\n```\n\n> ```foo\n> y\n> ```\n\n``` pyhton\nz\n```").problems
    assert [(each.code, each.location) for each in problems] == [
        ("unknown-language", Location("", 1, 4, 6)),
        ("unknown-language", Location("", 5, 6, 3)),
        ("unknown-language", Location("", 9, 5, 6)),
    ]


@pytest.mark.parametrize(
    ("heading", "markdown", "html"),
    [
        pytest.param(
            "What does `torch.where` do, **exactly**?",
            "",
            "<p>What does <code>torch.where</code> do, <strong>exactly</strong>?</p>",
            id="a heading alone",
        ),
        pytest.param("x", "\xa0", "<p>x</p>\n<p>&nbsp;</p>", id="a space that does not break"),
        pytest.param("", " \n\t\n", "", id="blanks"),
        pytest.param(
            "x",
            "</div>\n\n> b",
            "<p>x</p>\n\n<blockquote>\n<p>b</p>\n</blockquote>",
            id="an end without a beginning",
        ),
        pytest.param("", "$x$\u0663", "<p>$x$\u0663</p>", id="a digit of another script"),
        pytest.param(
            "",
            '![a "b"](c.png)',
            '<p><img alt="a &quot;b&quot;" src="c.png"></p>',
            id="a quotation mark in a picture",
        ),
        pytest.param(
            "",
            "```\n[sound:a.mp3]\n```",
            '<pre class="highlight"><code>[<wbr>sound:a.mp3]\n</code></pre>',
            id="what Anki would play, in code",
        ),
        pytest.param(
            "",
            "```a\n```\n````",
            '<pre class="highlight"><code class="language-a"></code></pre>\n'
            '<pre class="highlight"><code></code></pre>',
            id="an empty block, and one that never ends",
        ),
        pytest.param(
            "",
            "&amp\\; &amp&#59; &am&#112;; ****&am**p;****",
            "<p>&amp;amp; &amp;amp; &amp;amp; <strong>&amp;am**p;</strong></p>",
            id="texts that make a reference together",
        ),
    ],
)
def test_a_heading_and_what_is_below_it(heading: str, markdown: str, html: str | None) -> None:
    assert rendered(markdown, heading) == html


PIECES = (
    "$x$|$a_{1} < b$|$|$5|$ x$|\\(|$$\ny = 1 \\\\ z\n$$|\n\n$$\n\\frac{a}{b}\n- c\n$$\n\n"
    "|![alt b](m/p-1.png)|![|](x.png)|a|b c|Ünd|질문|- |\n- |\n\n|\n|`|`x<y>&`|**|**bold**|**a b**"
    "| |. |(|)|:|//|www.|http|'|\"|1. |```|\n```python\nx = [1]\n```\n\n|```math\nx\n```"
    "|```pyhton\nx\n```\n\n|#|=|==|{|}|!|[|]|\\|_|&amp;|<b>|~|-|+|*|> |\t|    |é|😀|—|^|?|@"
    "|\u00a0|\u200b|א|[a]: /b\n|[^1]|\n\n[^1]: c\n\n|---|<blink>|{{c1::|}}"
).split("|")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


@settings(max_examples=100)
@example("a[^1]\n\n[^1]: b", "")
@example("{{c1::a}}\n\n```pyhton\nx\n```\n\n<blink>\n\n[a]: /b", "[a]")
@given(TEXTS, TEXTS)
def test_nothing_of_a_text_is_left_for_the_next_one(one: str, other: str) -> None:
    converted(one, hides=True)
    assert converted(other) == converted(other, converter=Converter())


MARKDOWN = st.text(st.sampled_from("ab1 \n\t*_`~$\\<>[]()!|#-+.:{}&\"'=/é中"), max_size=80)


@given(MARKDOWN)
def test_a_field_is_what_a_browser_would_print(markdown: str) -> None:
    field = rendered(markdown)
    assert canonical(field) == field


@given(
    st.text(max_size=100) | st.text(st.sampled_from("<>/ab p=\"'&;\n!-[]sound:pre"), max_size=100)
)
def test_printing_and_parsing_again_changes_nothing(html: str) -> None:
    once = canonical(html)
    assert canonical(once) == once


@pytest.mark.parametrize(
    ("html", "visible"),
    [
        ("", False),
        ("<p></p>", False),
        ("<p>&nbsp;<br></p>", False),
        ("<p>a</p>", True),
        ('<p><img src="a.png"></p>', True),
    ],
)
def test_what_a_learner_would_see(html: str, visible: bool) -> None:
    assert is_visible(html) == visible
