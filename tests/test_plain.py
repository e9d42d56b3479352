"""What is left of Markdown when its markup is gone."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.syntax.plain_text import plain_text


@pytest.mark.parametrize(
    "markdown",
    [
        pytest.param("", id="nothing"),
        pytest.param("What is a tensor?", id="plain text"),
        pytest.param("2 * 3 * 4 = 24", id="stars that multiply"),
        pytest.param("a*b*c", id="stars inside a word"),
        pytest.param("LD_LIBRARY_PATH and snake_case", id="underscores inside words"),
        pytest.param("a == b == c", id="comparisons"),
        pytest.param("It costs $5 or $6", id="dollars that are money"),
        pytest.param(
            "$x_1 + y_{j}$ and $$\\mathbf{a}_i * b_j$$", id="mathematics with underscores and stars"
        ),
        pytest.param("\\(a*b*c\\)", id="mathematics in parentheses"),
        pytest.param("1. Newtonsches Gesetz", id="an ordinal is no list"),
        pytest.param("x[0] and y[1]", id="brackets without a target"),
        pytest.param("a < b and c > d", id="less and greater"),
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
        pytest.param("~~old~~ ==new==", "old new", id="strike-through and highlighting"),
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
        pytest.param("# H\n\n- a\n  - b\n> c", "H a b c", id="headings, lists and quotes"),
        pytest.param("a\n\n---\n\nb", "a b", id="a rule"),
        pytest.param("| a | b |\n|---|:-:|\n| 1 | 2 |", "| a | b | | 1 | 2 |", id="a table's rule"),
        pytest.param(
            "[text](https://example.org/a_(b) 'title')", "text", id="a link leaves its text"
        ),
        pytest.param(
            "<https://example.org>", "https://example.org", id="an address is its own text"
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
        pytest.param(
            "caf&eacute; &amp; &lt;b&gt;",
            "café &amp; &lt;b>",
            id="entities, save those that would be markup",
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
            "cafe\u0301\u200b  x\r\ny\ufeff",
            "café x y",
            id="one form of letters, single spaces, nothing invisible",
        ),
    ],
)
def test_markup_goes(markdown: str, plain: str) -> None:
    """Markup goes; text, code and mathematics stay."""
    assert plain_text(markdown) == plain


_MARKS = (
    "a * ** _ ` `` $ $$ <b> </b> < > [ ]( ) ![ {{c1:: :: }} &lt; &amp; # == ~~ --- \\ \\( "
    "\\) "
    "<!-- --> | x.png 가"
)
_PIECES = st.sampled_from([*_MARKS.split(), "b ", " ", "\n", "```\n", "# ", "- ", "> "])


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join)))
def test_twice_is_once(markdown: str) -> None:
    """Taking the markup away a second time changes nothing; it never fails, and never leaves a line
    break.
    """
    plain = plain_text(markdown)
    assert plain_text(plain) == plain
    assert plain == " ".join(plain.split())


SCRIPT = """
import sys
from resource import RLIMIT_CPU, setrlimit

from ankipress.syntax.plain_text import plain_text

piece, seconds = sys.argv[1], int(sys.argv[2])
setrlimit(RLIMIT_CPU, (seconds, seconds))
plain_text(piece * (1_000_000 // len(piece)))
"""


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "` < <!-- [ [a]( ![a]( _a_ {{c1:: {{c1::a:: $a \\( &a |- $$a [a]((a) ``a` == "
            "\\(\\ <<b>b>".split()
        ),
        *("` `` ", "*a ", "> ", "<a ", "```\n", "<a src=", "--- ", "- \n"),
    ],
)
def test_hostile_text_costs_linear_time(piece: str) -> None:
    """A million characters take less than a second; a square of the time takes minutes, and is
    killed.

    The limit is one of the processor's time: a busy machine may take as long as it wants. Calls
    cannot be counted here, as most of the work is done within regular expressions.
    """
    pytest.importorskip(
        "resource",
        reason="THE COST OF HOSTILE TEXT IS NOT TESTED: this system limits no processor's time",
    )
    subprocess.run([sys.executable, "-c", SCRIPT, piece, "30"], check=True)
