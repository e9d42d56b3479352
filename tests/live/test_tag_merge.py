"""Tags of a note, as they were packed, as they are here, and as they are in Anki."""

from __future__ import annotations

import pytest

from ankipress.live.comparing.tag_merge import TagEdits, merge_tags, same_tags, shared_tags


@pytest.mark.parametrize(
    ("base", "here", "there", "edits"),
    [
        ("a b", "a b", "a b", TagEdits()),
        ("a b", "a b", "b a", TagEdits()),
        ("a b", "a b", "A B", TagEdits()),
        ("a", "a", "a leech", TagEdits()),
        ("a", "a", "a Marked AnkiHub_Protect::Back ankicollab_personal", TagEdits()),
        ("a", "a", "a changed::1.2.0 missing-media", TagEdits()),
        ("a", "a", "a new", TagEdits(("new",))),
        ("a b", "a b", "a", TagEdits((), ("b",))),
        ("a", "a b", "a", TagEdits(is_here=True)),
        ("a b", "a", "a b", TagEdits(is_here=True)),
        ("a", "a b", "a c", TagEdits(("c",), is_here=True)),
        ("a", "a b", "a B", TagEdits(is_here=True)),
        ("a b", "a", "b", TagEdits((), ("a",), is_here=True)),
        ("", "", "caf\u00e9", TagEdits(("caf\u00e9",))),
        ("caf\u00e9", "caf\u00e9", "cafe\u0301", TagEdits()),
    ],
)
def test_what_becomes_of_tags(base: str, here: str, there: str, edits: TagEdits) -> None:
    assert merge_tags(base.split(), here.split(), there.split()) == edits
    assert edits.is_there is bool(edits.added or edits.removed)


def test_tags_of_tools_are_not_shared() -> None:
    assert shared_tags(["leech", "a", "retired::2.0.0", "leeches"]) == ("a", "leeches")
    assert same_tags(["a", "leech"], ["A"])
    assert not same_tags(["a"], ["a", "b"])
