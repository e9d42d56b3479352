"""The release notes: the words of the changelog, or of the lock where that says nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.model import Lock, Record, State
from ankipress.project.settings import Settings
from ankipress.release.notes import make_notes, searches

SETTINGS = Settings(name="bio", version="1.1.0", retired="keep")
UPDATE = """## How to update

Open `bio-1.1.0.apkg` with Anki, and leave “Update notes” at “If newer”. Cards that changed are \
updated, new ones are added, and all reviews and due dates stay. What you typed into a card that \
changed, and tags that you put on it, are replaced.
"""


def record(guid: str, since: str, changed: str, state: State = State.ACTIVE) -> Record:
    return Record(
        guid=guid,
        note_id=1,
        id=None,
        kind="basic",
        deck="D",
        path="c.md",
        section="",
        after=None,
        question=f"Question {guid}?",
        answer="",
        digest="d",
        mod=1,
        since=since,
        changed=changed,
        state=state,
    )


def notes(*records: Record, changelog: str = "", settings: Settings = SETTINGS) -> str:
    return make_notes(settings, Lock(records=records), changelog, ["bio-1.1.0.apkg"])


def test_the_changelog_speaks_where_it_says_anything() -> None:
    text = notes(record("a", "1.0.0", "1.1.0"), changelog="## 1.1.0\n\nMy words.\n\n## 1.0.0\n")
    assert text == f"# bio 1.1.0\n\nMy words.\n\n{UPDATE}"


@pytest.mark.parametrize(
    "changelog",
    [
        pytest.param("", id="no changelog"),
        pytest.param("## 1.0.0\n\nOther words.\n", id="another version"),
        pytest.param("## 1.1.0\n\n## 1.0.0\n\nOther words.\n", id="an empty section"),
    ],
)
def test_the_lock_speaks_where_the_changelog_says_nothing(changelog: str) -> None:
    records = (
        record("a", "1.0.0", "1.0.0"),
        record("b", "1.0.0", "1.1.0"),
        record("n", "1.1.0", "1.1.0"),
    )
    assert notes(*records, changelog=changelog) == (
        "# bio 1.1.0\n\nIn this version: 1 new, 1 updated.\n\n"
        f"- New: Question n?\n- Updated: Question b?\n\n{UPDATE}"
    )


def test_a_first_version_of_which_nobody_says_anything() -> None:
    assert notes(record("a", "1.1.0", "1.1.0")) == f"# bio 1.1.0\n\nThe first version.\n\n{UPDATE}"


def test_cards_that_this_version_retired_can_be_found() -> None:
    records = [record(guid, "1.0.0", "1.1.0", State.RETIRED) for guid in ("z", "y")]
    earlier = record("x", "1.0.0", "1.0.5", State.RETIRED)
    text = notes(*records, changelog="## 1.1.0\n\nMy words.\n")
    assert text.partition("## Retired cards\n")[2] == (
        "\nThis version takes out 2 of the cards of before. Anki deletes no card at an import, so"
        " they stay with you, and come up as ever, until you do something about them. To find"
        " them, open Browse in Anki and search for:\n\n```\nKey:y OR Key:z\n```\n\n"
        "Then select all, and delete them (Notes › Delete), or suspend them (Cards › Toggle"
        " Suspend) to keep what they say.\n"
    )
    also = notes(*records, earlier, changelog="## 1.1.0\n\nMy words.\n")
    assert also.endswith("\n\nVersions before this one took out 1 more: their notes say which.\n")
    told = notes(*records, settings=replace(SETTINGS, retired="tombstone"))
    assert told.endswith(" They also say so on the card, and have the tag `retired::1.1.0`.\n")


def test_cards_that_an_earlier_version_retired_are_not_told_again() -> None:
    assert "Retired" not in notes(record("x", "1.0.0", "1.0.5", State.RETIRED))


def test_a_search_has_no_more_terms_than_anki_takes() -> None:
    found = list(searches(f"g{number:03}" for number in range(250)))
    assert [each.count("Key:") for each in found] == [100, 100, 50]
    assert found[0].startswith("Key:g000 OR Key:g001 OR ")
