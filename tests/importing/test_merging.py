"""What changed there, here and in both; and cards written anew in a file that stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.importing.merged.card_replacing import with_cards, words_of_heading
from ankipress.importing.merged.merging import MergeCase, case_of, type_case
from ankipress.model import NoteTypeStamp


@pytest.mark.parametrize(
    ("time", "here", "expected"),
    [
        (None, False, MergeCase.THERE),
        (None, True, MergeCase.BOTH),
        (9, False, MergeCase.HERE),
        (9, True, MergeCase.HERE),
        (10, False, MergeCase.HERE),
        (10, True, MergeCase.HERE),
        (11, False, MergeCase.THERE),
        (11, True, MergeCase.BOTH),
    ],
)
def test_times_tell_where_a_note_changed(
    time: int | None, expected: MergeCase, *, here: bool
) -> None:
    assert case_of(time, 10, is_same=False, is_changed_here=here) is expected
    assert case_of(time, 10, is_same=True, is_changed_here=here) is MergeCase.SAME


@pytest.mark.parametrize(
    ("stamp", "digest", "expected"),
    [
        (NoteTypeStamp(1, "T", "a", 10, imported=10), "a", MergeCase.THERE),
        (NoteTypeStamp(1, "T", "a", 10, imported=10), "b", MergeCase.BOTH),
        (NoteTypeStamp(1, "T", "b", 15, imported=10), "b", MergeCase.BOTH),
        (NoteTypeStamp(1, "T", "b", 15), "b", MergeCase.BOTH),
        (NoteTypeStamp(1, "T", "b", 15, imported=20), "b", MergeCase.HERE),
        (NoteTypeStamp(1, "T", "b", 20), "b", MergeCase.HERE),
    ],
    ids=["there", "edited here", "built here", "not imported", "older there", "not newer"],
)
def test_note_types_are_told_like_notes(
    stamp: NoteTypeStamp, digest: str, expected: MergeCase
) -> None:
    assert type_case(20, stamp, digest, is_same=False) is expected


LINES = st.lists(
    st.tuples(st.sampled_from(["", " ", "text", "## card"]), st.sampled_from(["\n", "\r\n"])),
    min_size=1,
    max_size=12,
)


@given(LINES, st.data())
def test_every_other_line_stays(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(lines)), max_size=6)))
    spans = dict.fromkeys(zip(cuts[::2], cuts[1::2], strict=False), "one\ntwo")
    text = "".join(line + end for line, end in lines)
    edited = with_cards(text, spans, ["three\nfour"])
    found = edited.text.splitlines()
    for start in (*edited.replaced.values(), *edited.added):
        assert found[start : start + 2] in (["one", "two"], ["three", "four"])
    assert edited.replaced.keys() == spans.keys()
    rest = [line for number, (line, _) in enumerate(lines) if not _is_in(number, spans)]
    kept = [line for line in found if line not in {"one", "two", "three", "four"}]
    blank_or_same = [line for line in kept if line.strip()]
    assert blank_or_same == [line for line in rest if line.strip()]


def test_thousands_of_cards_are_added_at_once() -> None:
    cards = [f"## Card {number}\n\n{'An answer. ' * 50}" for number in range(5000)]
    edited = with_cards("# Cards\r\n\r\n\r\n", {}, cards)
    lines = edited.text.split("\r\n")
    assert [lines[each] for each in edited.added] == [each.split("\n")[0] for each in cards]


def _is_in(number: int, spans: dict[tuple[int, int], str]) -> bool:
    return any(start <= number < end for start, end in spans)


def test_a_file_without_a_card_that_is_written_is_the_same() -> None:
    for text in ("", "a", "a\r\n\r\nb\r", "\n\n"):
        assert with_cards(text, {}, []).text == text


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("## What?", ""),
        ("## What? {#an-id}", "#an-id"),
        ("## What? {.tag #an-id kind=Word lang=de text=lines} ##", "#an-id lang=de"),
        ('## What? {."a tag" dir=rtl}', "dir=rtl"),
        ("## The set {1, 2}", ""),
    ],
)
def test_what_only_the_project_says_of_a_card_is_kept(heading: str, words: str) -> None:
    assert words_of_heading(heading) == words
