"""Merging three lists: a table of cases, and laws."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.live.comparing.three_way import merged_stretches


def merged(base: Sequence[str], here: Sequence[str], there: Sequence[str]) -> list[str]:
    """The merged list; a conflict is written `<here|there>`."""
    found: list[str] = []
    for each in merged_stretches(base, here, there):
        of_here = here[slice(*each.here)]
        of_there = there[slice(*each.there)]
        if each.is_conflict:
            found.append(f"<{''.join(of_here)}|{''.join(of_there)}>")
        else:
            found += of_there if each.is_there else of_here
    return found


@pytest.mark.parametrize(
    ("base", "here", "there", "result"),
    [
        ("", "", "", ""),
        ("abc", "abc", "abc", "abc"),
        ("abc", "aXc", "abc", "aXc"),
        ("abc", "abc", "aYc", "aYc"),
        ("abc", "aXc", "aXc", "aXc"),
        ("abc", "aXc", "aYc", "a<X|Y>c"),
        # Neighbours are no conflict.
        ("abc", "Xbc", "aYc", "XYc"),
        ("abc", "XYc", "abZ", "XYZ"),
        ("abc", "abcX", "Yabc", "YabcX"),
        ("abc", "aXbc", "abYc", "aXbYc"),
        ("abc", "aXbc", "aYbc", "a<X|Y>bc"),
        ("abc", "abcX", "abcY", "abc<X|Y>"),
        ("abc", "abcX", "abcX", "abcX"),
        ("abc", "ac", "abc", "ac"),
        ("abc", "ac", "ab", "a"),
        ("abc", "ac", "aYc", "a<|Y>c"),
        ("abc", "ac", "abYc", "aYc"),
        ("abcd", "ad", "abYcd", "a<|bYc>d"),
        ("abc", "abXc", "abYZ", "abXYZ"),
        ("", "x", "y", "<x|y>"),
        ("a", "", "a", ""),
    ],
)
def test_what_becomes_of_three_lists(base: str, here: str, there: str, result: str) -> None:
    assert "".join(merged(base, here, there)) == result


def test_pieces_that_are_alike_are_the_same_piece() -> None:
    """A piece that was edited beside a new one is known again."""
    likeness = lambda one, other: float(one[0] == other[0])  # noqa: E731
    base = ["a1", "b1"]
    here = ["a1", "b2"]
    there = ["x1", "a2", "b1", "c1"]
    found = merged_stretches(base, here, there, likeness)
    assert not any(each.is_conflict for each in found)
    assert [each.there for each in found if each.is_there] == [(0, 1), (1, 2), (3, 4)]
    assert [each.here for each in found if each.is_here] == [(1, 2)]


LISTS = st.text("abcdef", max_size=8).map(list)


@given(LISTS, LISTS)
def test_what_only_one_side_changed_is_as_there(base: list[str], changed: list[str]) -> None:
    assert merged(base, changed, base) == changed
    assert merged(base, base, changed) == changed
    assert merged(base, changed, changed) == changed


@given(LISTS, LISTS, LISTS)
def test_the_stretches_are_all_of_each_version(
    base: list[str], here: list[str], there: list[str]
) -> None:
    found = merged_stretches(base, here, there)
    for version, spans in (
        (base, [each.base for each in found]),
        (here, [each.here for each in found]),
        (there, [each.there for each in found]),
    ):
        assert [piece for span in spans for piece in version[slice(*span)]] == version


@given(LISTS, LISTS, LISTS)
def test_sides_can_be_exchanged(base: list[str], here: list[str], there: list[str]) -> None:
    one = merged_stretches(base, here, there)
    other = merged_stretches(base, there, here)
    assert [each.is_conflict for each in one] == [each.is_conflict for each in other]
    if not any(each.is_conflict for each in one):
        assert merged(base, here, there) == merged(base, there, here)


@given(LISTS, LISTS, LISTS)
def test_nothing_new_is_lost(base: list[str], here: list[str], there: list[str]) -> None:
    """Whatever stands on one side and not in the base is in the result, or in a conflict."""
    result = "".join(merged(base, here, there))
    for side in (here, there):
        assert {piece for piece in side if piece not in base} <= set(result)


def test_long_lists_take_no_long_time() -> None:
    base = ["a", "b"] * 20_000
    there = [*base, "c"]
    assert merged(base, base, there) == there
