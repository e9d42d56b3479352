"""What a learner reads of a text: the plain text of Markdown, and that of the HTML made of it."""

import re
import subprocess
import sys
import unicodedata
from typing import get_args

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ankipress.render.markdown import Converter
from ankipress.render.math import finish_math
from ankipress.syntax.entry_trees import passage_of
from ankipress.syntax.markdown_reading import Tree, read_markdown
from ankipress.syntax.plain_html import plain_html
from ankipress.syntax.plain_text import plain, plain_heading, plain_text
from ankipress.syntax.tree import Kind, Node


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param("", id="nothing"),
        pytest.param("What is a tensor?", id="plain text"),
        pytest.param("2 * 3 * 4 = 24", id="stars that multiply"),
        pytest.param("LD_LIBRARY_PATH and snake_case", id="underscores inside words"),
        pytest.param("a == b == c", id="comparisons"),
        pytest.param("Is ==this== marked?", id="two equals signs are text, as on GitHub"),
        pytest.param("It costs $5 or $6", id="dollars that are money"),
        pytest.param(
            "$x_1 + y_{j}$ and $$\\mathbf{a}_i * b_j$$", id="mathematics with underscores and stars"
        ),
        pytest.param("\\(a*b*c\\)", id="mathematics in parentheses"),
        pytest.param("1. Newtonsches Gesetz", id="an ordinal is no list"),
        pytest.param("x[0] and y[1]", id="brackets without a target"),
        pytest.param("a < b and c > d", id="less and greater"),
        pytest.param("Func<string,string>과", id="a generic type that is no tag"),
        pytest.param("[text](no target)", id="a target with a space"),
        pytest.param("a -- b", id="dashes"),
        pytest.param("{x} and {}", id="braces"),
        pytest.param("#tag and C#", id="number signs that head nothing"),
        pytest.param("함수의 극한은? 极限 предел", id="other scripts"),
        pytest.param(
            "an open ` tick, an open ** run, an open <!-- comment", id="markup that nothing closes"
        ),
    ],
)
def test_nothing_to_take_away(markdown: str) -> None:
    """Text without markup stays as it is."""
    assert plain_text(markdown) == markdown


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        pytest.param(
            "**bold**, *em*, _em_, __bold__, ***both***", "bold, em, em, bold, both", id="emphasis"
        ),
        pytest.param("a*b*c, *가*나, Reselec**t**", "abc, 가나, Reselect", id="inside words"),
        pytest.param("snake_case _em_ __x", "snake_case em __x", id="underscores"),
        pytest.param("~~old~~ ~new~", "old new", id="strike-through"),
        pytest.param(
            "What does `useState` return?", "What does useState return?", id="code loses its ticks"
        ),
        pytest.param(
            "What does `<b>` do?",
            "What does `<b>` do?",
            id="code that reads as markup keeps its ticks",
        ),
        pytest.param("`` a`b ``", "``a`b``", id="code with a tick keeps longer ticks"),
        pytest.param("```python\nx = 1  # one\n```", "x = 1 # one", id="a fence leaves its code"),
        pytest.param("~~~\nopen\nto the end", "open to the end", id="a fence that nothing closes"),
        pytest.param("    a = *b*\n    c", "`a = *b* c`", id="indented code"),
        pytest.param("> ```\n> <b>\n> ```\nx", "`<b>` x", id="code in a quote"),
        pytest.param("# H\n\n- a\n  - b\n> c", "H a b c", id="headings, lists and quotes"),
        pytest.param("## A ##\n\nB\n=\n", "A B", id="marks after and below a heading"),
        pytest.param("2. a\n3. - b\n   c", "2. a 3. b c", id="numbers stay as they are written"),
        pytest.param("> 1. > a\nb", "1. a b", id="a list in a quote"),
        pytest.param("1)\n2)\n\n   a\n\nx", "1) 2) a x", id="items without a text"),
        pytest.param("[sound:a b.mp3]", "[sound:a b.mp3]", id="a sound"),
        pytest.param("- [x] a\n- [ ] b", "[x] a [ ] b", id="boxes of tasks"),
        pytest.param("> [!NOTE]\n> a", "[!NOTE] a", id="an alert"),
        pytest.param("a[^1]\n\n[^1]: b", "a[^1] [^1]: b", id="a footnote"),
        pytest.param("a\n\n---\n\nb\n\n* * *", "a b", id="rules"),
        pytest.param("| a | b |\n|---|:-:|\n| 1 | 2 |", "| a | b | | 1 | 2 |", id="a table's rule"),
        pytest.param("a | *b*\n--|--\n1 | 2", "a | b 1 | 2", id="a table without outer bars"),
        pytest.param(
            "|a|b|\n|-|-|\n|1|\n|\\||2|3|", "|a|b| |1| |||2|3|", id="cells that lack or exceed"
        ),
        pytest.param("a  \nb\\\nc", "a b c", id="breaks of lines"),
        pytest.param("$$\nx_1\n$$", "$$ x_1 $$", id="a formula on lines of its own"),
        pytest.param("> $$x\n> y$$", "$$x y$$", id="a formula in a quote"),
        pytest.param("\\[\nx\n\\]", "\\[ x \\]", id="a formula in brackets"),
        pytest.param("$`x_1`$ and `$x$`", "$x_1$ and `$x$`", id="ticks in and around dollars"),
        pytest.param(
            "max\\_pool, \\*x\\*, \\&lt; and C:\\dir",
            "max_pool, *x*, &lt; and C:\\dir",
            id="escapes",
        ),
        pytest.param(
            "[text](https://example.org/a_(b) 'title')", "text", id="a link leaves its text"
        ),
        pytest.param(
            "[a *b*][r], [r], ![c][r]\n\n[r]: img/x.png 'title'",
            "a b, r, c x.png",
            id="links and pictures with their targets elsewhere",
        ),
        pytest.param("[a [b]](x) and [`c`](<d e>)", "a [b] and c", id="brackets in links"),
        pytest.param(
            "<https://example.org> <ann@example.org> <ftp:x>",
            "https://example.org ann@example.org ftp:x",
            id="an address is its own text",
        ),
        pytest.param(
            "![flag](img/de.svg)",
            "flag de.svg",
            id="an image leaves its alternative text and file name",
        ),
        pytest.param(
            '<img src="media/de.svg" alt="flag">', "flag de.svg", id="an HTML image as well"
        ),
        pytest.param("![[de.svg|300]]", "de.svg", id="an embedded file"),
        pytest.param(
            "H<sub>2</sub>O<br>next", "H2O next", id="tags: inline ones join, others part"
        ),
        pytest.param("a<!-- note -->b", "a b", id="a comment"),
        pytest.param("What does <!doctype html> do?", "What does <!doctype html> do?", id="others"),
        pytest.param(
            "<div>\n*a* &amp; <b>b</b><br>c\n</div>\n\n*d*", "*a* & b c d", id="a block of HTML"
        ),
        pytest.param(
            "<pre><code>a &lt; *b*\n</code></pre>", "`a < *b*`", id="code in a block of HTML"
        ),
        pytest.param("<p>\n<code>a", "a", id="code in HTML that nothing closes"),
        pytest.param(
            "<p>\n<img alt='a > b' src='x/y.png'>\n</p>", "a > b y.png", id="a picture in HTML"
        ),
        pytest.param(
            "caf&eacute; &amp; &lt;b&gt; &#42;x&#42; &amp;lt;",
            "café & <b> *x* &lt;",
            id="references to characters",
        ),
        pytest.param(
            "{{c1::Paris::city}}, {{c2::France}}",
            "Paris, France",
            id="cloze deletions lose their hints",
        ),
        pytest.param(
            "{{c1::\\frac{a}{b}}}", "\\frac{a}{b}", id="a cloze deletion that ends in a brace"
        ),
        pytest.param("{{c1::a {{c2::b}} c}}", "a b c", id="nested cloze deletions"),
        pytest.param(
            "{{c1::**a** `b::c` $d$::*e* `f`}} g", "a `b::c` $d$ g", id="markup in deletions"
        ),
        pytest.param(
            "`{{c1::x}}` ${{c1::y}}$ \\{{c1::z}}",
            "`{{c1::x}}` ${{c1::y}}$ {{c1::z}}",
            id="deletions in code and mathematics keep their marks",
        ),
        pytest.param("- {{c1::a::b}}\n- {{c2::c}}", "a c", id="deletions in a list"),
        pytest.param(
            "cafe\u0301\u200b  x\r\ny\ufeff",
            "café x y",
            id="one form of letters, single spaces, nothing invisible",
        ),
    ],
)
def test_markup_goes(markdown: str, plain: str) -> None:
    """Markup goes; text, code and mathematics stay."""
    assert plain_text(markdown) == plain


def test_every_kind_of_node_has_a_text() -> None:
    """A kind that is new must say what a learner reads of it."""
    for kind in get_args(Kind):
        plain(Tree("$$a$$", [Node(kind, 0, 5, "a")]))


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        pytest.param("1. What *is* it?", "1. What is it?", id="a number"),
        pytest.param("# 9. JAVA ARRAY", "# 9. JAVA ARRAY", id="a number sign"),
        pytest.param("- `x`", "- x", id="a dash"),
        pytest.param("> a", "> a", id="a sign of a quote"),
        pytest.param("a\n*b\nc*", "a b c", id="several lines"),
    ],
)
def test_a_heading_holds_no_blocks(heading: str, text: str) -> None:
    assert plain_heading(heading) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        pytest.param("a == b and c==d", "a == b and c==d", id="comparisons"),
        pytest.param("==a== b", "a b", id="one"),
        pytest.param("==a *b* `c`== and ==$d$==.", "a b c and $d$.", id="with markup"),
        pytest.param("`==a==` ==b==", "`==a==` b", id="in code"),
        pytest.param("==a\nb==", "a b", id="over two lines"),
        pytest.param("==a\n\nb==", "==a b==", id="over two blocks"),
        pytest.param("=== a === ==b ==", "=== a === ==b ==", id="none"),
        pytest.param("{{c1::a::==b==}} ==c==", "a c", id="in a hint"),
    ],
)
def test_marked_text_is_a_deletion_of_cloze_cards(markdown: str, text: str) -> None:
    assert plain(read_markdown(markdown), highlights=True) == text


def line(text: str) -> str:
    """A text on one line, in form NFC, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


# Without the control characters and invisible ones that no plain text has.
_TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u200b\u2060\ufeff"),
    max_size=40,
)


@given(_TEXTS)
@example(r"1. snake_case *x* <b> &amp; $x$ {{c1::y}} ~~t~~ \\ `s` www.s.de r@q.de ]: p")
def test_what_is_escaped_is_text(text: str) -> None:
    """Brackets that open are left out: after a backslash they begin mathematics."""
    escaped = re.sub(r"[!-'*-/:-@\\-`{-~]", r"\\\g<0>", text)
    assume("[" not in text and "(" not in text)
    assert plain_heading(escaped) == line(text)
    assert plain_text(escaped.strip()) == line(text)
    assert plain_heading(f"x **{escaped.strip()}x** x") == line(f"x {text.strip()}x x")
    field = text.replace("&", "&amp;").replace("<", "&#60;").replace("{{c", "{<!-- -->{c")
    assert plain_html(field) == line(text.replace("{{c", "{ {c"))


_MARKS = (
    "a * ** _ ` `` $ $$ <b> </b> < > [ ]( ) ![ {{c1:: :: }} &lt; &amp; # == ~~ --- \\ \\( "
    "\\) <!-- --> | x.png 가 1. [^a] [a]: <div> <pre> </pre>"
)
_PIECES = st.sampled_from([*_MARKS.split(), "b ", " ", "\n", "\n\n", "```\n", "# ", "- ", "> "])
_MARKDOWN = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join))


@given(_MARKDOWN)
def test_it_never_fails_and_is_one_line(markdown: str) -> None:
    for text in (plain_text(markdown), plain_heading(markdown), plain_html(markdown)):
        assert text == line(text)


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_quoting_changes_nothing(markdown: str) -> None:
    quoted = "\n".join(f"> {each}" for each in markdown.split("\n"))
    assert plain_text(quoted) == plain_text(markdown)


_WORDS = "a b 가 * ** _ ` `` $ [ ]( ) &lt; &amp;b; # == ~ ~~ \\ \\* < > }} www.c.de <d@e.de> 1."
_IN_A_LINE = st.sampled_from([*_WORDS.split(), " "])


@given(st.lists(_IN_A_LINE, max_size=14).map("".join))
@example("What is $\\[$, $a \\( b$ or $\\]$?")
@example("What does `<b>` & `` `x` `` mean in $x_1 < \\frac{1}{2}$, or **bold** [c](d.md)?")
def test_the_html_made_of_a_question_has_the_same_plain_text(question: str) -> None:
    """So a note that is found in a package is known again by the text that its card had."""
    field = finish_math(Converter().convert(passage_of("", question)).html)
    assert plain_html(field) == plain_heading(question)


SCRIPT = """
import sys
from resource import RLIMIT_CPU, setrlimit

from ankipress.syntax.anchors import page_anchors
from ankipress.syntax.plain_html import plain_html
from ankipress.syntax.plain_text import plain
from ankipress.syntax.markdown_reading import read_markdown

start, piece, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
setrlimit(RLIMIT_CPU, (seconds, seconds))
text = start + piece * (50_000 // len(piece))
plain(read_markdown(text), highlights=True)
page_anchors(text)
plain_html(start + piece * (1_000_000 // len(piece)))
"""


_REPEATED = (
    "` < <!-- [a]( ![[a _a_ {{c1:: {{c1::a:: $a \\( &a |- $$a ``a` == \\(\\ <<b>b> <pre>"
    " <code> <h1>"
)


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        *(("", piece) for piece in _REPEATED.split()),
        *(("", piece) for piece in ("` `` ", "*a ", "> ", "<a ", "<a '\"", "```\n", "<a src=")),
        *(("", piece) for piece in ("- \n", "==a ", "|a\n|-\n", "<a id='")),
        ("![[", "a"),
        ("# a", "&#32;"),
        ("# a", "{a"),
        ("<img alt='", "src= "),
    ],
)
def test_hostile_text_costs_linear_time(start: str, piece: str) -> None:
    """Fifty thousand characters of Markdown take a second, and a million of HTML as well; a
    square of the time takes minutes, and is killed.

    The limit is one of the processor's time: a busy machine may take as long as it wants. Calls
    cannot be counted here, as most of the work is done within regular expressions.
    """
    pytest.importorskip(
        "resource",
        reason="THE COST OF HOSTILE TEXT IS NOT TESTED: this system limits no processor's time",
    )
    subprocess.run([sys.executable, "-c", SCRIPT, start, piece, "30"], check=True)
