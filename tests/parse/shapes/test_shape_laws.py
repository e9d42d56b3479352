"""What holds in every shape: hidden text asks nothing, places are those of the file, and a deck is
the same in whichever shape it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.identity.assign import assign
from ankipress.identity.stamping import Packing, record_of
from ankipress.model import Lock, Part
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.shapes import SHAPES
from ankipress.project.settings import Settings
from shaped import cards, entries, questions

LOOK_ALIKES = (
    "## What?",
    "1. What?",
    "2. **What?**",
    "**What?**",
    "Q: What?",
    "A: That.",
    "C: The [gap]",
    "What::That",
    "What?",
    "?",
    "| a | b |",
    "|---|---|",
    "<details><summary>What?</summary>That.</details>",
    "   That.",
    "",
)
"""Lines that ask or answer in one of the shapes, where they stand at the margin."""


def in_fence(lines: Sequence[str]) -> list[str]:
    return ["~~~", *lines, "~~~"]


def in_item_with_code(lines: Sequence[str]) -> list[str]:
    return ["- item", "", *(f"  {line}" for line in ["```", *lines, "```"])]


def in_indented_code(lines: Sequence[str]) -> list[str]:
    return ["text", "", *(f"     {line}" for line in lines)]


def in_quote(lines: Sequence[str]) -> list[str]:
    return [f"> {line}" for line in lines]


def in_quoted_item(lines: Sequence[str]) -> list[str]:
    return ["> - x", *(f">   {line}" for line in lines)]


def in_comment(lines: Sequence[str]) -> list[str]:
    return ["<!--", *lines, "-->"]


HIDDEN = (
    in_fence,
    in_item_with_code,
    in_indented_code,
    in_quote,
    in_quoted_item,
    in_comment,
)
hidden_blocks = st.builds(
    lambda hide, lines: list(hide(lines)),
    st.sampled_from(HIDDEN),
    st.lists(st.sampled_from(LOOK_ALIKES), min_size=1, max_size=6),
)


@pytest.mark.parametrize("shape", SHAPES)
@given(st.lists(hidden_blocks, max_size=4))
def test_text_in_code_quotes_and_comments_is_no_card(shape: str, blocks: list[list[str]]) -> None:
    text = "\n\n".join("\n".join(block) for block in blocks)
    found = questions(text, shape)
    if shape == "file":
        found = [each for each in found if each != "notes"]  # the name of the file
    assert found == []


lines_of_files = st.one_of(
    st.sampled_from(LOOK_ALIKES),
    st.sampled_from(["---", "# T", "```", "<details>", "</details>", "<summary>A</summary>"]),
    st.sampled_from(["- x", "10. y", "\tz", "    c", "### Hint", "</summary>", "**", "``", "$$"]),
    st.text(alphabet="aQ1:.?*_#|<>`[]{}-\\ \t\x00\u00a0\u3000ß😀", max_size=8),
)


@pytest.mark.parametrize("shape", SHAPES)
@given(st.lists(lines_of_files, max_size=14))
def test_whatever_stands_in_a_file_is_read_with_its_places(shape: str, lines: list[str]) -> None:
    text = "\n".join(lines)
    file = ShapedFile(text.split("\n"), stem="notes")
    end = 0
    for section in SHAPES[shape](file):
        assert end <= section.line < section.end <= len(lines) or not lines
        end = section.line if shape == "table" else section.end
        if section.breaks:
            assert_made_of_the_file(file, section.text, section.line, section.breaks)
    for entry in entries(text, shape):
        assert 1 <= entry.location.line <= max(1, len(lines))
        for part in filter(has_text, (entry.question, *entry.parts.values())):
            assert 1 <= part.place("", 0, 1).line <= max(1, len(lines))


def has_text(part: Part) -> bool:
    return part.text != ""


def assert_made_of_the_file(
    file: ShapedFile, text: str, first: int, breaks: tuple[tuple[int, int, int], ...]
) -> None:
    """Letters of a section are those of its places."""
    assert list(breaks) == sorted(breaks, key=lambda each: each[0])
    for offset, letter in enumerate(text):
        if letter not in "aQßT😀":
            continue
        start, line, column = next(each for each in reversed(breaks) if each[0] <= offset)
        assert file.lines[first + line][column + offset - start] == letter


class Written(NamedTuple):
    """A card as an author thinks of it: its question, and the paragraphs of its answer."""

    question: str
    answer: tuple[str, ...]
    hint: str


words = st.text(alphabet="abcdeé", min_size=1, max_size=6)
written_cards = st.lists(
    st.builds(
        Written,
        st.lists(words, min_size=1, max_size=4).map(lambda each: f"{' '.join(each)} 😀?"),
        st.lists(
            st.one_of(
                words,
                st.just("- x\n- y\n\n  z"),
                st.just("1. x\n2. y"),
                st.just("```\n## a?\n1. b\nQ: c\n\n  d::e\n```"),
                st.just("> Q: x"),
                st.just("    code"),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
        st.one_of(st.just(""), words),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.question,
)


def answer_of(card: Written) -> str:
    text = "\n\n".join(["begin", *card.answer])
    if card.hint:
        text += f"\n\n### Hint\n\n{card.hint}"
    return text


def indented(text: str, width: int) -> str:
    return "\n".join(" " * width + line if line else "" for line in text.split("\n"))


def as_headings(cards: Sequence[Written]) -> str:
    return "\n\n".join(f"## {each.question}\n\n{answer_of(each)}" for each in cards)


def as_numbered(cards: Sequence[Written]) -> str:
    items = []
    for number, each in enumerate(cards, 1):
        mark = f"{number}. "
        items.append(f"{mark}{each.question}\n\n{indented(answer_of(each), len(mark))}")
    return "\n\n".join(items)


def as_prefix(cards: Sequence[Written]) -> str:
    return "\n\n".join(f"Q: {each.question}\nA: {answer_of(each)}" for each in cards)


def as_summary(cards: Sequence[Written]) -> str:
    return "\n\n".join(
        f"<details>\n<summary><b>{each.question}</b></summary>\n\n{answer_of(each)}\n\n</details>"
        for each in cards
    )


def as_bold(cards: Sequence[Written]) -> str:
    return "\n\n".join(f"**{each.question}**\n\n{answer_of(each)}" for each in cards)


WRITERS: Mapping[str, Callable[[Sequence[Written]], str]] = {
    "numbered": as_numbered,
    "prefix": as_prefix,
    "summary": as_summary,
    "bold": as_bold,
}


@pytest.mark.parametrize("shape", WRITERS)
@given(written_cards)
def test_a_deck_is_the_same_in_each_shape(shape: str, deck: list[Written]) -> None:
    text = WRITERS[shape](deck)
    headings = as_headings(deck)
    assert cards(text, shape) == cards(headings, "headings")
    assert places(text, shape) == [each.question for each in deck]
    assert guids_after(text, shape, headings) == []


@given(written_cards)
def test_a_file_with_a_card_is_the_same_as_a_heading(deck: list[Written]) -> None:
    headings = as_headings(deck[:1])
    assert cards(headings, "file") == cards(headings, "headings")
    assert guids_after(headings, "file", headings) == []


def places(text: str, shape: str) -> list[str]:
    """What stands where the questions and the words of the answers are said to stand."""
    found = []
    for entry in entries(text, shape):
        back = entry.parts["Back"]
        for word in ("begin", "- y", "d::e", "code"):
            start = back.text.find(word)
            if start >= 0:
                assert text_at(text, back, start, len(word)) == word
        found.append(text_at(text, entry.question, 0, len(entry.heading)))
    return found


def text_at(text: str, part: Part, start: int, length: int) -> str:
    place = part.place("", start, start + length)
    line = text.split("\n")[place.line - 1]
    return line[place.column - 1 :][: place.width]


def guids_after(text: str, shape: str, headings: str) -> list[str]:
    """The guids that are lost or new when a file is rewritten with headings."""
    settings = Settings(name="notes", uid="deck-of-laws")
    before = assign(entries(text, shape), Lock(), settings).notes
    records = [record_of(note, Packing("x", 1, "1.0.0", "1.0.0")) for note in before]
    records.sort(key=lambda each: each.guid)
    lock = Lock(settings.uid, records=tuple(records))
    after = assign(entries(headings, "headings"), lock, settings)
    assert not after.unresolved
    old = {note.guid for note in before}
    new = {note.guid for note in after.notes}
    return sorted(old ^ new)
