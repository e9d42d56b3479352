"""The parts of an entry are the same wherever their text is."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli.shelf import Shelf
from ankipress.diagnostics import Location
from ankipress.model import Attributes, Entry, Part
from ankipress.parts import Parts, put_away

parts = st.dictionaries(
    st.sampled_from(["Front", "Back", "Hint", "Extra", "A field"]),
    st.builds(Part, st.text(st.characters()), st.integers(1, 10**6)),
)


@given(parts)
def test_parts_are_like_a_dictionary(expected: Mapping[str, Part]) -> None:
    found = Parts(expected)
    entry = Entry(Location("a.md", 1), "Q", found, "basic", Attributes(), (), "Deck", "")
    for _ in range(3):
        assert dict(found) == expected
        assert found == expected
        assert (list(found), len(found), list(found.values())) == (
            list(expected),
            len(expected),
            list(expected.values()),
        )
        assert ("Back" in found, found.get("Back")) == ("Back" in expected, expected.get("Back"))
        again = pickle.loads(pickle.dumps(entry))
        assert again == entry
        assert replace(entry, parts=dict(expected)) == entry
        put_away(entry, Shelf().put)


def test_what_is_put_away_is_read_from_there() -> None:
    found, put = Parts({"Back": Part("text", 3)}), list[tuple[str, ...]]()

    def shelve(texts: tuple[str, ...]) -> list[str]:
        put.append(texts)
        return ["3", "from the shelf"]

    found.put_away(shelve)
    assert put == [("3", "text")]
    assert found["Back"] == Part("from the shelf", 3)


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="Front"):
        Parts({"Back": Part("", 1)})["Front"]
