"""How a deck grew: one step for each version, from the locks that git remembers or from the last
one alone.
"""

from __future__ import annotations

import pytest

from ankipress.model import Lock, Record, State
from ankipress.preview.site.growth import GrowthStep, growth
from ankipress.project.lock_history import Snapshot
from ankipress.project.versions import version_key


def record(guid: str, since: str, changed: str = "", state: State = State.ACTIVE) -> Record:
    return Record(
        guid=guid,
        note_id=1,
        id=None,
        kind="basic",
        deck="D",
        path="a.md",
        section="",
        after=None,
        question="Q",
        answer="",
        digest="d",
        mod=1,
        since=since,
        changed=changed or since,
        state=state,
    )


def lock(*records: Record) -> Lock:
    return Lock("uid", {}, records)


NOW = lock(
    record("a", "1.0.0"),
    record("b", "1.0.0", "1.10.0"),
    record("c", "1.2.0"),
    record("x", "1.0.0", state=State.RETIRED),
)


def test_a_deck_that_was_never_built_has_no_steps() -> None:
    assert growth((), Lock()) == ()


def test_one_lock_tells_what_came_when() -> None:
    assert growth((), NOW) == (
        GrowthStep("1.0.0", "", 2, 2, 0, 0),
        GrowthStep("1.2.0", "", 3, 1, 0, 0),
        GrowthStep("1.10.0", "", 3, 0, 1, 0),
    )


def test_the_history_tells_what_was_taken_out() -> None:
    first = lock(record("a", "1.0.0"), record("b", "1.0.0"), record("x", "1.0.0"))
    begun = lock(record("a", "1.0.0"))
    history = (
        Snapshot("2026-01-01", begun),
        Snapshot("2026-01-02", first),
        Snapshot("2026-03-01", NOW),
    )
    assert growth(history, NOW) == (
        GrowthStep("1.0.0", "2026-01-02", 3, 3, 0, 0),
        GrowthStep("1.10.0", "2026-03-01", 3, 0, 1, 0),
    )


def test_what_was_taken_out_is_counted() -> None:
    first = lock(*(record(each, "1.0.0") for each in "abcd"))
    after = lock(
        record("a", "1.0.0"),
        record("e", "1.1.0"),
        *(record(each, "1.0.0", state=State.RETIRED) for each in "bcd"),
    )
    [_, step] = growth([Snapshot("", first)], after)
    assert step == GrowthStep("1.1.0", "", 2, 1, 0, 3)


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.2.0", "1.10.0"),
        ("1.0.0-beta", "1.0.0"),
        ("1.0.0-a", "1.0.0-b"),
        ("", "0.0.1"),
        ("0.9.9", "1.0.0-a"),
    ],
)
def test_versions_are_sorted_as_versions(lower: str, higher: str) -> None:
    assert version_key(lower) < version_key(higher)
