"""What may be written anywhere: nothing in it is unseen, and no line of it is a command."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.visible_text import json_text, on_one_line, one_line, visible, without_commands

KEPT_ON_THEIR_OWN = set("\n\t")
# Format characters that are drawn: signs around numbers in Arabic, Syriac and Kaithi.
DRAWN = {0x0600, 0x0601, 0x0602, 0x0603, 0x0604, 0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2}
DRAWN |= {0x110BD, 0x110CD}


def test_every_character_that_unicode_calls_unseen_is_an_escape() -> None:
    """Control and format characters, surrogates, and what parts lines."""
    left = []
    for number in range(0x110000):
        character = chr(number)
        unseen = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        is_kept = number in DRAWN or character in KEPT_ON_THEIR_OWN
        if unseen and not is_kept and character in visible(f"a{character}b"):
            left.append(hex(number))
    assert left == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("What is a tensor?\n\tx", id="lines and tabs"),
        pytest.param("a\r\nb", id="line ends of Windows"),
        pytest.param(r"\x1b \u202e C:\new", id="backslashes, which are characters too"),
        pytest.param("Qu’est-ce que c’est\u202f? 10\u00a0%", id="spaces of French"),
        pytest.param("日本語\u3000テキスト", id="a space of Japanese"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd!\u200f (\u200eabc\u200e)", id="Hebrew with marks"),
        pytest.param(
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", id="Persian with a joiner"
        ),
        pytest.param("\U0001f468\u200d\U0001f469\u200d\U0001f467", id="a family"),
        pytest.param("\u2764\ufe0f\u200d\U0001f525 1\ufe0f\u20e3", id="emoji with selectors"),
        pytest.param("\u0915\u094d\u200d\u0937", id="Hindi with a joiner"),
        pytest.param("\u0662\u06dd", id="the end of a verse"),
        pytest.param("e\u0301", id="marks"),
        pytest.param("\U0001fae9 \ue0b0", id="newer than the tables, and for private use"),
    ],
)
def test_what_is_seen_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\x1b[2Jb", r"a\x1b[2Jb", id="an escape"),
        pytest.param("\x1b]0;title\x07", r"\x1b]0;title\x07", id="a title"),
        pytest.param("\x9b31m", r"\x9b31m", id="an escape of one character"),
        pytest.param("a\x00b\x7f", r"a\x00b\x7f", id="NUL and DEL"),
        pytest.param("a\rb", r"a\rb", id="back to the start of the line"),
        pytest.param("a\r\n\rb\r", "a\r\n\\rb\\r", id="beside ends of lines"),
        pytest.param("a\u202eb\u2066c", r"a\u202eb\u2066c", id="another direction"),
        pytest.param("abc\u200f", r"abc\u200f", id="a mark of direction where all is one way"),
        pytest.param("a\u200db", r"a\u200db", id="a joiner between Latin letters"),
        pytest.param("é\u200d\u200d", "é\u200d\\u200d", id="a joiner behind a joiner"),
        pytest.param("a\ufeff\u200b\xad\u2060", r"a\ufeff\u200b\xad\u2060", id="no width"),
        pytest.param("\u3164\u115f\u034f", r"\u3164\u115f\u034f", id="fillers"),
        pytest.param("a\u2028b\x85c", r"a\u2028b\x85c", id="other ends of lines"),
        pytest.param("\udce9\ud800", r"\udce9\ud800", id="halves of pairs"),
        pytest.param("a\U000e0041", r"a\U000e0041", id="tags"),
    ],
)
def test_what_is_not_seen_is_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


COMMANDS = [
    pytest.param("::error::x", r"\x3a:error::x", id="of GitHub"),
    pytest.param("a\n \t\xa0\u3000::x::", "a\n \t\xa0\u3000\\x3a:x::", id="behind spaces"),
    pytest.param("\u0627\n\u200f::x::", "\u0627\n\u200f\\x3a:x::", id="behind what has no width"),
    pytest.param("::::", r"\x3a:::", id="colons alone"),
    pytest.param("a ##[add-mask]b", r"a \x23#[add-mask]b", id="of GitHub, as it was"),
    pytest.param("###[x]", r"#\x23#[x]", id="behind another mark"),
    pytest.param("##\ufe0f[x]", "\\x23#\ufe0f[x]", id="with a mark of no width"),
    pytest.param("##vso[task.x]", r"\x23#vso[task.x]", id="of Azure"),
    pytest.param("##TeamCity[x]", r"\x23#TeamCity[x]", id="of TeamCity"),
    pytest.param("section_start:1:x", r"\x73ection_start:1:x", id="of GitLab"),
    pytest.param("section_end:1:x", r"\x73ection_end:1:x", id="its end"),
    pytest.param("a ::b::", "a ::b::", id="not at the start"),
    pytest.param("## [a](b) #[x]", "## [a](b) #[x]", id="a heading with a link"),
    pytest.param("section_started", "section_started", id="a word"),
]


@pytest.mark.parametrize(("text", "shown"), COMMANDS)
def test_no_line_is_a_command(text: str, shown: str) -> None:
    assert without_commands(text) == shown


def test_a_name_is_on_one_line() -> None:
    assert on_one_line("a\nb\r\nc\td\x1b") == r"a\nb\r\nc\td\x1b"


def test_words_of_a_listing_are_on_one_line_and_shortened() -> None:
    assert one_line("a \n\t b\x1b", 7) == r"a b\x1b"
    assert one_line("a \n\t b\x1b", 6) == r"a b\x…"


_TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("ab \n\r\t:#[]\x1b\x9b\u202e\u200f\u200d\ufe0f\u05d0é\ud800"),
    )
)


@given(_TEXTS)
def test_what_was_made_visible_stays_as_it_is(text: str) -> None:
    shown = without_commands(visible(text))
    assert visible(shown) == shown
    assert without_commands(shown) == shown
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", shown)
    shown.encode()


@given(_TEXTS)
def test_json_says_the_very_same(text: str) -> None:
    written = json_text({"a": text, "b": [1, None, "##[x]", "é"]})
    assert json.loads(written) == {"a": text, "b": [1, None, "##[x]", "é"]}
    assert without_commands(visible(written)) == written
    assert '"é"' in written
