"""The HTML of a field becomes Markdown that a person would have written, and looks the same."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.fields.field_markdown import FieldMarkdown, best_mode, candidates
from ankipress.importing.fields.html_tree import read_html
from ankipress.model import TextMode
from ankipress.render.cloze_text import read_cloze
from ankipress.render.html import canonical
from ankipress.render.math import finish_math
from ankipress.render.text_modes import in_lines
from ankipress.render.time_limit import limited
from stages import converted

LINES = TextMode.LINES
PARAGRAPHS = TextMode.PARAGRAPHS
_SOUND = re.compile(r'<img alt="[\[(]sound:[^"]*" src="media/([^"]*)">')


def refer(name: str) -> str:
    return f"media/{quote(name)}"


def shown(markdown: str, mode: TextMode) -> str:
    """A field of Markdown, with the names of its media as the package has them."""
    hides = "{{c" in markdown
    field = canonical(converted(markdown, hides=hides).html)
    if mode is LINES:
        field = in_lines(field)
    if hides:
        field = read_cloze(field, highlights=False)
    field = finish_math(field)
    field = _SOUND.sub(lambda found: f"[sound:{unquote(found[1])}]", field)
    return field.replace('src="media/', 'src="')


def chosen(field: str, mode: TextMode) -> FieldMarkdown:
    """The first candidate that looks the same; the last of them always does."""
    for candidate in candidates(field, mode, refer):
        if candidate.is_kept or looks_same(field, shown(candidate.text, mode)):
            return candidate
    raise AssertionError(field)


IN_LINES = [
    pytest.param("", "", id="nothing"),
    pytest.param("plain text, as most are", "plain text, as most are", id="plain text"),
    pytest.param("a<br>b<br><br>c", "a\nb\n\nc", id="lines"),
    pytest.param("a<br><br><br>b<br><br>", "a\n\n\\\nb\n&nbsp;", id="empty lines"),
    pytest.param("<div>a</div>\n<div><br></div><div>b</div>", "a\n\nb", id="div soup"),
    pytest.param("<div>a<div>b</div></div>c", "a\nb\nc", id="divs in divs"),
    pytest.param("a<br>", "a", id="a line end at the end"),
    pytest.param("<br>a", "\\\na", id="a line end at the start"),
    pytest.param("a  b\n c", "a b c", id="spaces that collapse"),
    pytest.param("a&nbsp;b", "a b", id="a space that does not break"),
    pytest.param("&nbsp; a&nbsp; b", "&nbsp; a&nbsp; b", id="spaces that show"),
    pytest.param("Oui&nbsp;?", "Oui\N{NO-BREAK SPACE}?", id="French punctuation"),
    pytest.param("a <b>b </b>c", "a **b** c", id="a space at the end of emphasis"),
    pytest.param("<b>a</b><b>b</b>", "**ab**", id="marks that touch"),
    pytest.param("<b>a <i>b</i></b>", "**a *b***", id="marks in marks"),
    pytest.param("<b></b>a<i> </i>b", "a b", id="marks on nothing"),
    pytest.param("un<b>believ</b>able", "un**believ**able", id="marks inside a word"),
    pytest.param("<b>a:</b>b", "<b>a:</b>b", id="marks that CommonMark would not read"),
    pytest.param("<s>a</s> <code>b</code>", "~~a~~ `b`", id="struck out, code"),
    pytest.param("<code>a`b</code>", "``a`b``", id="code with a back-tick"),
    pytest.param("H<sub>2</sub>O <u>a</u>", "H<sub>2</sub>O <u>a</u>", id="no signs for it"),
    pytest.param(
        "<ruby>漢<rt>かん</rt></ruby>", "<ruby>漢<rt>かん</rt></ruby>", id="pronunciation"
    ),
    pytest.param(
        '<span style="font-weight:bold; font-size: inherit">a</span>', "**a**", id="bold by style"
    ),
    pytest.param('<font color="red">a</font>', '<span style="color: red">a</span>', id="a colour"),
    pytest.param(
        "a<ul><li>b<br>c</li><li>d<ol start='3'><li>e</li></ol></li></ul>f",
        "a\n\n- b\n  c\n- d\n\n  3. e\n\nf",
        id="lists",
    ),
    pytest.param("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b", id="a list in a list"),
    pytest.param("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b", id="two lists"),
    pytest.param("<ul><li><br></li><li>a</li></ul>", "- &nbsp;\n- a", id="an empty item"),
    pytest.param("a<hr>b", "a\n\n***\n\nb", id="a rule"),
    pytest.param("<blockquote>a<br>b</blockquote>", "> a\n> b", id="a quote"),
    pytest.param("<h4>a</h4>b", "#### a\n\nb", id="a heading"),
    pytest.param("<h2>a</h2>b", "<h2>a</h2>\n\nb", id="a heading that would begin a card"),
    pytest.param(
        "<table><tbody><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>c<br>d</td></tr></tbody>"
        "</table>",
        "| a | b |\n|---|---|\n| 1\\|2 | c<br>d |",
        id="a table",
    ),
    pytest.param(
        "<table><tr><td>a</td></tr></table>",
        "<table><tr><td>a</td></tr></table>",
        id="a table without a head",
    ),
    pytest.param(
        '<pre><code class="language-c">a\n\n  b</code></pre>', "```c\na\n\n  b\n```", id="code"
    ),
    pytest.param(
        '<pre class="highlight"><code class="language-python"><span class="n">x</span>\n</code>'
        "</pre>",
        "```python\nx\n```",
        id="code as ankipress colours it",
    ),
    pytest.param("<pre>a<br>```</pre>", "````\na\n```\n````", id="code with a fence in it"),
    pytest.param(
        '<a href="https://a.b/c">https://a.b/c</a> <a href="https://d.e">f</a>',
        "https://a.b/c [f](https://d.e)",
        id="links",
    ),
    pytest.param("https://a.b www.c.de", "https\\://a.b www\\.c.de", id="addresses, no links"),
    pytest.param("git@github.com", "git@<!-- -->github.com", id="no link of mail"),
    pytest.param('<img src="my pic.png">', "![](media/my%20pic.png)", id="a picture"),
    pytest.param(
        '<img src="a.png" width="9"><br>b', '<img src="media/a.png" width="9">\\\nb', id="its size"
    ),
    pytest.param("[sound:a b.mp3] c", "[sound:media/a b.mp3] c", id="a sound"),
    pytest.param("a![sound:b.mp3]", "a\\![sound:media/b.mp3]", id="no picture"),
    pytest.param("a \\(x^2\\) b", "a $x^2$ b", id="mathematics"),
    pytest.param("5[$]\\mu[/$]m", "5$`\\mu`$m", id="mathematics beside digits and letters"),
    pytest.param(
        "a<br>\\[<br>x<br>\\]<br>b", "a\n$$x$$\n&nbsp;\nb", id="a formula that is displayed"
    ),
    pytest.param("a<br><br>\\[x\\]", "a\n&nbsp;\n$$x$$", id="an empty line before a formula"),
    pytest.param("<div>\\[x\\]</div><div>\\[y\\]</div>b", "$$x$$\n$$y$$\nb", id="its own line"),
    pytest.param("\\[x\\]<br>", "$$x$$", id="a line end behind the last formula"),
    pytest.param("a\\[x\\]<br>b", "a$$x$$\n&nbsp;\nb", id="a line end behind a formula"),
    pytest.param(
        '<div class="y">\\[x\\]<br></div>b',
        '<div class="y">\n\n$$x$$\n&nbsp;\n\n</div>\n\nb',
        id="an empty line at the end of a block",
    ),
    pytest.param("a\\[x\\]b", "a$$x$$b", id="a displayed formula in a line"),
    pytest.param(
        "[latex]\\begin{equation*}x\\end{equation*}[/latex]", "$$x$$", id="LaTeX that is a formula"
    ),
    pytest.param("\\[mul-da\\]", "$$mul-da$$", id="a formula of words"),
    pytest.param("[mul-da]", "[mul-da]", id="brackets"),
    pytest.param("[a](b) [^1] [x]", "[a]\\(b) \\[^1] [x]", id="brackets that would be more"),
    pytest.param("*a* a*b 2 * 3", "\\*a\\* a\\*b 2 * 3", id="asterisks"),
    pytest.param("snake_case __init__", "snake_case \\_\\_init\\_\\_", id="underscores"),
    pytest.param("a &lt; b, &lt;b&gt;, &amp;amp;", "a < b, \\<b>, \\&amp;", id="signs of HTML"),
    pytest.param("$5 and $6", "$5 and $6", id="money"),
    pytest.param("1. a<br>- b<br># c<br>&gt; d", "1\\. a\n\\- b\n\\# c\n\\> d", id="starts"),
    pytest.param("C:\\a \\*", "C:\\a \\\\\\*", id="backslashes"),
    pytest.param(":smile: ~5 a|b", ":smile: ~5 a|b", id="signs that mean nothing"),
    pytest.param("{{c1::<b>a</b>::b}} c", "{{c1::**a**::b}} c", id="a cloze"),
    pytest.param(
        "{{c1::a<ul><li>b</li></ul>}}", "{{c1::a\n\n- b\n\n}}", id="a cloze around a list"
    ),
    pytest.param("{{c1::{{c2::a}} \\(x\\)}}", "{{c1::{{c2::a}} $x$}}", id="a cloze in a cloze"),
    pytest.param(
        '<div style="text-align: center">a<br><b>b</b></div>c',
        '<div style="text-align: center">a<br><b>b</b></div>\n\nc',
        id="a block that stays HTML",
    ),
    pytest.param(
        '<div class="x">\\(a\\)<br>[sound:b.mp3]</div>',
        '<div class="x">\n\n$a$\n[sound:media/b.mp3]\n\n</div>',
        id="HTML around what HTML cannot hold",
    ),
    pytest.param(
        '<div class="a"><pre>b\n\nc</pre></div>',
        '<div class="a"><pre>b&#10;&#10;c</pre></div>',
        id="no empty line in HTML",
    ),
]
IN_PARAGRAPHS = [
    pytest.param("<p>a</p><p>b<br>c</p>", "a\n\nb\\\nc", id="paragraphs"),
    pytest.param("<p>a</p>\n<ul>\n<li>b<br>c</li>\n</ul>", "a\n\n- b\\\n  c", id="a list"),
    pytest.param("<p>a</p><blockquote><p>b</p></blockquote>", "a\n\n> b", id="a quote"),
    pytest.param("<p>a</p>\\[x\\]<p>b</p>", "a\n\n$$x$$\n\nb", id="a formula between them"),
    pytest.param("a<p>b</p>", "<div>a</div>\n\nb", id="a line without a paragraph"),
    pytest.param(
        '<p style="text-align: left">a</p>', '<p style="text-align: left">a</p>', id="a style"
    ),
]


@pytest.mark.parametrize(("field", "markdown"), IN_LINES)
def test_a_field_of_lines(field: str, markdown: str) -> None:
    assert best_mode(field) is LINES
    assert chosen(field, LINES).text == markdown


@pytest.mark.parametrize(("field", "markdown"), IN_PARAGRAPHS)
def test_a_field_of_paragraphs(field: str, markdown: str) -> None:
    assert best_mode(field) is PARAGRAPHS
    assert chosen(field, PARAGRAPHS).text == markdown


@pytest.mark.parametrize(
    ("field", "count"),
    [
        ("a <b>b</b>", 0),
        ("H<sub>2</sub>O", 0),
        ('<span class="x">a</span>', 1),
        ('<div class="x">a</div>', 1),
    ],
)
def test_the_elements_that_stay_html_are_counted(field: str, count: int) -> None:
    assert chosen(field, LINES).html == count


@pytest.mark.parametrize(
    ("field", "needs_consent"),
    [
        ("<style>b {color: red}</style><b>a</b>", True),
        ('<span style="font-size: 20px">a</span>', True),
        ('<div data-x="1">a</div>', True),
        ("<script>a()</script>", True),
        ('<b onclick="a()">b</b>', True),
        ('<a href="javascript:a()">b</a>', True),
        ('<iframe src="x"></iframe>', True),
        ("[latex]a[/latex]<img src=x onerror=a() ", True),
        ("[latex]a[/latex]<!-- ", True),
        ("[latex]a[/latex]<b title='", True),
        # Nothing is taken from it, and no Markdown says it.
        ("[latex]\\chemfig{A-B}[/latex]", False),
    ],
)
def test_what_no_markdown_says_is_kept_with_consent(field: str, needs_consent: bool) -> None:
    kept = FieldMarkdown(
        f"```{{=html}}\n{field}\n```", 1, is_kept=True, needs_consent=needs_consent
    )
    assert chosen(field, LINES) == kept


def test_a_bare_field_is_its_text() -> None:
    assert next(candidates("a*b &amp; c", TextMode.BARE, refer)).text == "a*b & c"
    assert next(candidates("<b>a</b>", TextMode.BARE, refer)).is_kept


SIGNS = st.sampled_from(
    [
        *"*_[]<>&#+-.!|~$`\\=:{}()\"'@/^1a ż字\xa0\t\n",
        *"https://a.b www.x.y a@b.c 1. [^1] &amp; <b> $$ == ** [x](y) --- ``` :-:| ab <!--".split(),
        *("- ", "# ", "[ ] ", "  "),
    ]
)


@given(st.lists(SIGNS, max_size=12).map("".join))
@example("$\\$")
@example("$```$```")
@example("[^1](")
@example("\\\xa0\xa0*")
@example("\t*")
def test_any_text_reads_as_itself(text: str) -> None:
    if re.search(r"\\[(\[]|\[\$+\]", text):
        return  # mathematics
    field = html.escape(text, quote=False)
    first = next(candidates(field, LINES, refer)).text
    assert looks_same(field, shown(first, LINES))
    paragraph = f"<p>{field}</p>"
    first = next(candidates(paragraph, PARAGRAPHS, refer)).text
    assert looks_same(paragraph, shown(first, PARAGRAPHS)) or not text.strip()


WORDS = st.sampled_from(
    ["a", "b c", " ", "x.", "(y)", "&nbsp;", "1", "!", "字", "*", "_", "$", "—"]
)
MARKED = st.recursive(
    WORDS | st.sampled_from(["<br>", "<code>x</code>", '<img src="a.png">']),
    lambda inner: st.builds(
        lambda tag, pieces: f"<{tag}>{''.join(pieces)}</{tag.split()[0]}>",
        st.sampled_from(["b", "i", "u", "s", 'a href="https://x.y"', 'span style="color: red"']),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
BLOCKS = st.recursive(
    st.lists(MARKED, max_size=4).map("".join),
    lambda inner: st.one_of(
        inner.map("<div>{}</div>".format),
        inner.map("<blockquote>{}</blockquote>".format),
        inner.map("<div class='x'>{}</div>".format),
        st.lists(inner.map("<li>{}</li>".format), min_size=1).map(
            lambda items: f"<ul>{''.join(items)}</ul>"
        ),
        st.just("<pre>a\n  b</pre><hr>"),
        st.lists(inner, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=5,
)


@settings(max_examples=50)
@given(BLOCKS)
def test_any_field_looks_the_same(field: str) -> None:
    assert not chosen(field, LINES).is_kept


def letters(field: str) -> str:
    return re.sub(r"\s", "", read_html(field).text())


@settings(max_examples=30)
@given(BLOCKS)
@example("<code>x</code><code>x</code>")
@example("*<code>x</code><i><code>x</code></i>")
@example("<b><code>x</code></b><s>a</s>")
@example("<b>$</b>a <b>$</b>")
@example("<blockquote><blockquote></blockquote><b><code>x</code></b></blockquote>")
@example("<ul><li>\\(a\\)</li>b</ul>")
def test_no_candidate_drops_a_text(field: str) -> None:
    for mode in (LINES, PARAGRAPHS):
        for candidate in candidates(field, mode, refer):
            if not candidate.is_kept:
                assert letters(shown(candidate.text, mode)) == letters(field)


@pytest.mark.parametrize(
    "field",
    [
        "<ul><li>" * 24 + "\\(a\\)" + "</li>b</ul>" * 24,
        "<div class='a'>" * 49 + "\\(a\\)",
        "<blockquote>" * 49 + "\\(a\\)",
        "<b>a:</b>b" * 1_000,
        "[sound:" * 10_000,
        "\\(" * 10_000,
        "[latex]" * 10_000,
        "<div> </div>" * 5_000,
        "<b>" * 10_000,
    ],
)
def test_a_hostile_field_takes_no_long_time(field: str) -> None:
    """Each of these took minutes once, or would."""
    with limited(10):
        assert sum(1 for _ in candidates(field, LINES, refer))
        assert not looks_same(field, f"{field}b")


@settings(max_examples=30)
@given(BLOCKS)
def test_the_html_of_lines_is_canonical(field: str) -> None:
    for candidate in candidates(field, LINES, refer):
        if not candidate.is_kept:
            lines = shown(candidate.text, LINES)
            assert canonical(lines) == lines
