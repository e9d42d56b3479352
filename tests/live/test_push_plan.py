"""The plan of a push, and what counts as a surprise after it, by values alone. The real engine has
its own tests, in tests/anki/test_push.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ankipress.diff.edition import Edition
from ankipress.importing.imported_deck import (
    ImportedDeck,
    ImportedField,
    ImportedNote,
    ImportedTemplate,
    ImportedType,
)
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.note_differences import AnkiDifferences, NoteCase, NoteDifference
from ankipress.live.pushed.push_plan import PushPlan, not_arrived, plan_push, surprises, tool_tags
from ankipress.model import NoteType, PackedNote
from packages import NOTE_TYPE, NOTES

ONE = NOTES[0]
MADE = replace(ONE, guid="made", fields=("Q2", "A2"))


def edition(*notes: PackedNote) -> Edition:
    return Edition("files", "deck", "1.0.0", {"basic": NOTE_TYPE}, notes)


def contents(*notes: ImportedNote, note_type: NoteType = NOTE_TYPE) -> AnkiContents:
    fields = tuple(ImportedField(each.name, {"id": each.id}) for each in note_type.fields)
    templates = tuple(
        ImportedTemplate(each.name, each.front, each.back, {"id": each.id})
        for each in note_type.templates
    )
    there = ImportedType(
        note_type.id, note_type.name, note_type.mod, False, fields, templates, note_type.css
    )
    return AnkiContents("Anki", ImportedDeck("deck", (there,), notes), lambda _: {}, is_whole=True)


def note_there(note: PackedNote, **changes: object) -> ImportedNote:
    found = ImportedNote(
        note.guid, note.note_id, note.mod, 0, tuple(note.fields), note.tags, note.deck, (0,)
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def planned(
    built: Edition,
    there: AnkiContents,
    cases: Mapping[str, NoteCase],
    *,
    overwrites: bool = False,
) -> PushPlan:
    notes = [NoteDifference(guid, case) for guid, case in cases.items()]
    differences = AnkiDifferences(notes)
    return plan_push(built, there, differences, built.media.keys(), overwrites=overwrites)


def test_nothing_changes_where_all_is_there() -> None:
    plan = planned(edition(ONE), contents(note_there(ONE)), {"one": NoteCase.SAME})
    assert plan.changes_nothing


def test_what_looks_the_same_there_is_no_reason_to_import() -> None:
    """After a pull, the lock has a newer time for a note that Anki has already."""
    pulled = replace(ONE, mod=ONE.mod + 10)
    plan = planned(edition(pulled), contents(note_there(ONE)), {"one": NoteCase.SAME})
    assert plan.changes_nothing
    assert not planned(edition(pulled), contents(note_there(ONE)), {}).changes_nothing


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"css": ".card {color: red}"}, id="styles"),
        pytest.param({"name": "another name"}, id="a name"),
    ],
)
def test_newer_styles_are_a_reason_to_import(changes: dict[str, str]) -> None:
    newer = replace(NOTE_TYPE, mod=NOTE_TYPE.mod + 1, **changes)  # type: ignore[arg-type]
    built = replace(edition(ONE), note_types={"basic": newer})
    plan = planned(built, contents(note_there(ONE)), {"one": NoteCase.SAME})
    assert plan.styled == [newer.name]
    assert not plan.changes_nothing
    # Those of the user's own are newer, and stay.
    own = contents(note_there(ONE), note_type=replace(newer, css=".own {}", mod=newer.mod + 1))
    assert planned(built, own, {"one": NoteCase.SAME}).changes_nothing


def test_an_edit_is_lost_only_where_anki_would_overwrite_it() -> None:
    changed = replace(ONE, mod=ONE.mod + 10, fields=("Q", "B"))
    earlier = contents(note_there(ONE, fields=("Q", "mine"), mod=ONE.mod + 5))
    later = contents(note_there(ONE, fields=("Q", "mine"), mod=ONE.mod + 15))
    cases = {"one": NoteCase.CONFLICT}
    assert [each.guid for each in planned(edition(changed), earlier, cases).lost] == ["one"]
    assert planned(edition(changed), later, cases).lost == []
    assert [each.guid for each in planned(edition(changed), later, cases).left] == ["one"]
    forced = planned(edition(changed), later, cases, overwrites=True)
    assert [each.guid for each in forced.lost] == ["one"]
    assert forced.edition.by_guid["one"].mod == ONE.mod + 16


def test_only_notes_that_nobody_edited_get_a_later_time() -> None:
    there = contents(note_there(ONE, fields=("Q", "old"), mod=ONE.mod + 15))
    plan = planned(edition(ONE), there, {"one": NoteCase.HERE})
    assert plan.raised == {"one"}
    assert planned(edition(ONE), there, {"one": NoteCase.THERE}).raised == frozenset()


def test_a_retired_note_is_one_of_the_deck_and_of_its_note_types() -> None:
    gone = replace(ONE, ords=())
    assert len(planned(edition(gone), contents(note_there(ONE)), {}).retired) == 1
    other = contents(note_there(ONE), note_type=replace(NOTE_TYPE, id=1_200_000_000_000))
    assert planned(edition(gone), other, {}).retired == []
    without_cards = contents(note_there(ONE, ords=()))
    assert planned(edition(gone), without_cards, {}).retired == []


def test_tags_of_tools_are_put_back_and_no_others() -> None:
    changed = replace(ONE, mod=ONE.mod + 10, fields=("Q", "B"))
    tags = (*ONE.tags, "leech", "AnkiHub_Protect::Back", "changed::1.0.0", "retired::1.0.0")
    there = contents(note_there(ONE, tags=tags))
    plan = planned(edition(changed), there, {"one": NoteCase.HERE})
    assert tool_tags(plan) == {"one": ["leech", "AnkiHub_Protect::Back"]}
    assert tool_tags(planned(edition(ONE), there, {"one": NoteCase.SAME})) == {}


def test_what_anki_says_is_compared_with_what_was_predicted() -> None:
    changed = replace(ONE, mod=ONE.mod + 10, fields=("Q", "B"))
    plan = planned(edition(changed, MADE), contents(note_there(ONE)), {"one": NoteCase.HERE})
    assert surprises(plan, [{"new": {"made"}, "updated": {"one"}}]) == []
    assert surprises(plan, [{"new": {"made"}}, {"updated": {"one"}}]) == []
    assert surprises(plan, [{"conflicting": {"one"}}]) == [
        "the note made is “nothing”, and predicted was “new”",
        "the note one is “conflicting”, and predicted was “updated”",
    ]


def test_an_anki_that_says_nothing_is_read_again() -> None:
    changed = replace(ONE, mod=ONE.mod + 10, fields=("Q", "B"))
    before = contents(note_there(ONE))
    plan = planned(edition(changed, MADE), before, {"one": NoteCase.HERE})
    after = contents(note_there(changed), note_there(MADE))
    assert not_arrived(plan, after) == []
    assert not_arrived(plan, before) == [
        "the note made did not arrive",
        "the note one was not updated",
    ]
