"""What differs between two editions, what Anki will do, and the step in version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ankipress.build.pipeline import make_package
from ankipress.diff.changes import Change
from ankipress.diff.collection import Collection, ImportOutcome, import_edition
from ankipress.diff.difference import Difference, compare
from ankipress.diff.edition import Edition
from ankipress.diff.version_steps import Bump
from ankipress.model import Field
from author import picture
from packages import edition_of_package
from releases import Deck

TENSOR = "## What is a tensor?\n\nA regular array of numbers.\n\n"
LOSS = "## What is a loss good for?\n\nIt says how wrong a model is.\n\n"
FIRST = f"# Deck\n\n{TENSOR}{LOSS}"


def compared(
    *texts: str,
    media: tuple[Mapping[str, bytes], Mapping[str, bytes]] = ({}, {}),
    settings: tuple[Mapping[str, object], Mapping[str, object]] = ({}, {}),
) -> Difference:
    """The difference between two releases of one file."""
    deck = Deck()
    old, new = (
        deck.release(text, media=files, **chosen)
        for text, files, chosen in zip(texts, media, settings, strict=True)
    )
    return compare(old, new)


def told(difference: Difference) -> list[tuple[Change, ...]]:
    return [each.what for each in difference.changes]


NOTHING = [
    pytest.param(FIRST, id="the same"),
    pytest.param(f"# Deck\n\n{LOSS}{TENSOR}", id="another order"),
    pytest.param(FIRST.replace("A regular", "<!-- of numbers -->\n\nA regular"), id="a comment"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_to_tell(text: str) -> None:
    difference = compared(FIRST, text)
    assert (told(difference), difference.bump, difference.reasons) == ([], Bump.NONE, ())
    assert difference.counts() == {ImportOutcome.UNCHANGED: 2}


CHANGES = [
    pytest.param(
        FIRST.replace("a tensor?", "a *tensor*?"), [(Change.LOOK,)], Bump.PATCH, id="emphasis"
    ),
    pytest.param(
        FIRST.replace("is a tensor?", "is a “tensor” exactly?"),
        [(Change.REWORDED,)],
        Bump.PATCH,
        id="reworded",
    ),
    pytest.param(
        FIRST.replace("regular array", "box"), [(Change.ANSWER,)], Bump.PATCH, id="answer"
    ),
    pytest.param(
        FIRST.replace("numbers.\n", "numbers.\n\n### Hint\n\nNumPy.\n"),
        [(Change.DETAILS,)],
        Bump.PATCH,
        id="hint",
    ),
    pytest.param(
        FIRST.replace("a tensor?", "a tensor? {.hard}"), [(Change.TAGS,)], Bump.PATCH, id="tag"
    ),
    pytest.param(
        FIRST.replace("a tensor?", "a tensor? {reverse}"),
        [(Change.DETAILS, Change.CARDS)],
        Bump.MINOR,
        id="a second card",
    ),
    pytest.param(f"{FIRST}## New?\n\nYes.\n", [(Change.NEW,)], Bump.MINOR, id="new"),
    pytest.param(f"# Deck\n\n{LOSS}", [(Change.RETIRED,)], Bump.MAJOR, id="retired"),
    pytest.param(
        FIRST.replace("a regular array of numbers", "").replace(
            "## What is a tensor?", "## A tensor is {{c1::an array}}"
        ),
        [(Change.NEW,), (Change.RETIRED,)],
        Bump.MAJOR,
        id="another card in its place",
    ),
    pytest.param(
        FIRST.replace("What is a tensor?", "What is a tensor? {kind=cloze}").replace(
            "regular array", "{{c1::regular}} array"
        ),
        [(Change.NEW, Change.KIND), (Change.RETIRED, Change.KIND)],
        Bump.MAJOR,
        id="another kind",
    ),
]


@pytest.mark.parametrize(("text", "what", "bump"), CHANGES)
def test_a_change_is_told_as_its_author_would(
    text: str, what: list[tuple[Change, ...]], bump: Bump
) -> None:
    difference = compared(FIRST, text)
    assert (told(difference), difference.bump) == (what, bump), difference.reasons


def test_a_deck_renamed_leaves_the_cards_where_they_are() -> None:
    difference = compared(FIRST, FIRST.replace("# Deck", "# Other"))
    assert told(difference) == [(Change.MOVED,), (Change.MOVED,)]
    assert [(each.old, each.new, each.notes) for each in difference.renames] == [
        ("Deck", "Other", 2)
    ]
    assert set(difference.forecast.elsewhere.values()) == {"Deck"}
    assert difference.counts() == {ImportOutcome.UNCHANGED: 2}
    assert (difference.bump, difference.new_decks) == (Bump.MAJOR, ("Other",))


def test_a_picture_with_other_content_is_told_as_that() -> None:
    text = FIRST.replace("numbers.", "numbers. ![one](p.png)")
    difference = compared(text, text, media=({"p.png": picture(1)}, {"p.png": picture(2)}))
    assert (told(difference), difference.bump) == ([(Change.MEDIA,)], Bump.PATCH)


def test_a_style_sheet_is_no_change_of_a_note() -> None:
    difference = compared(FIRST, FIRST, settings=({}, {"theme": {"light": "monokai"}}))
    assert (told(difference), [each.what for each in difference.note_types], difference.bump) == (
        [],
        [("texts",)],
        Bump.PATCH,
    )


def test_a_card_that_returns_is_not_called_new() -> None:
    deck = Deck()
    deck.release(FIRST)
    old, new = deck.release(f"# Deck\n\n{LOSS}"), deck.release(FIRST)
    difference = compare(old, new)
    assert told(difference) == [(Change.RETURNED,)]
    assert difference.bump is Bump.MINOR


def test_another_schema_blocks_every_note() -> None:
    deck = Deck()
    old = deck.release(FIRST)
    basic = old.note_types["basic"]
    fields = (*basic.fields[:-1], Field("Reserved 2", 77))
    new = replace(deck.release(FIRST), note_types={"basic": replace(basic, fields=fields)})
    difference = compare(old, new)
    assert difference.counts() == {ImportOutcome.BLOCKED: 2}
    assert (difference.bump, [each.what for each in difference.note_types]) == (
        Bump.MAJOR,
        [("schema",)],
    )


def test_a_change_that_is_not_newer_is_left_out_by_anki() -> None:
    old = Deck().release(FIRST)
    new = Deck().release(FIRST.replace("regular array", "box"))
    difference = compare(old, new)
    assert difference.counts() == {ImportOutcome.UNCHANGED: 1, ImportOutcome.OUTDATED: 1}
    assert difference.bump is Bump.MAJOR


def test_a_newer_mod_alone_is_told() -> None:
    old = Deck().release(FIRST)
    new = replace(old, notes=tuple(replace(note, mod=note.mod + 1) for note in old.notes))
    difference = compare(old, new)
    assert told(difference) == [(Change.STAMPED,), (Change.STAMPED,)]
    assert difference.counts() == {ImportOutcome.UPDATED: 2}


def test_a_package_is_the_edition_that_was_packed() -> None:
    deck = Deck()
    text = FIRST.replace("numbers.", "numbers. ![one](p.png)") + "## {{c1::One}} {{c2::two}}\n"
    compiled = deck.compile(text, media={"p.png": picture(1)})
    edition = deck.release(text, media={"p.png": picture(1)})
    packed = edition_of_package(make_package(compiled.package), "deck-1.0.0.apkg")
    assert packed.note_types == edition.note_types
    assert (packed.name, packed.version, packed.notes, packed.media) == (
        "deck",
        "1.0.0",
        edition.notes,
        edition.media,
    )
    assert told(compare(packed, edition)) == []


def test_the_time_of_the_import_hides_what_was_released_before_it() -> None:
    """As Anki 2.1.54 to 24.11 do: what an import updated is as new as the import."""
    deck = Deck()
    editions = [
        deck.release(FIRST.replace("regular array", f"{word} array"))
        for word in ("regular", "plain", "simple")
    ]
    outcomes = []
    for at in (None, editions[-1].notes[0].mod + 1):
        has = import_edition(Collection(), editions[0], at).collection
        has = import_edition(has, editions[1], at).collection
        outcomes.append(Counter(import_edition(has, editions[2], at).outcomes.values()))
    assert outcomes == [
        {ImportOutcome.UPDATED: 1, ImportOutcome.UNCHANGED: 1},
        {ImportOutcome.OUTDATED: 1, ImportOutcome.UNCHANGED: 1},
    ]


def test_an_empty_deck_is_an_edition_too() -> None:
    empty = Edition("nothing", "deck", "1.0.0", {}, ())
    difference = compare(empty, Deck().release(FIRST))
    assert (difference.counts(), difference.bump) == ({ImportOutcome.ADDED: 2}, Bump.MINOR)


def test_another_kind_is_told_of_packages_too() -> None:
    deck = Deck()
    cloze = FIRST.replace("What is a tensor?", "What is a tensor? {kind=cloze}").replace(
        "regular array", "{{c1::regular}} array"
    )
    packages = []
    for text in (FIRST, cloze):
        packages.append(
            edition_of_package(make_package(deck.compile(text).package), "deck-1.0.0.apkg")
        )
        deck.release(text)
    difference = compare(*packages)
    assert told(difference) == [(Change.NEW, Change.KIND), (Change.RETIRED, Change.KIND)]
    assert {each.kinds for each in difference.changes} == {("basic", "cloze")}


def test_the_parents_of_nested_decks_are_created_once_and_first() -> None:
    """Whatever the case in which they are written, and not where the learner has them."""
    edition = Deck().release(FIRST)
    one, other = edition.notes
    nested = replace(edition, notes=(replace(one, deck="A::B::C"), replace(other, deck="a::b::D")))
    first = import_edition(Collection(), nested)
    assert first.new_decks == ("A", "A::B", "A::B::C", "a::b::D")
    assert [dict(each.cards) for each in first.collection.notes.values()] == [
        {0: "A::B::C"},
        {0: "a::b::D"},
    ]
    moved = replace(nested, notes=(replace(one, deck="A::B::E"), replace(other, deck="a::b::D")))
    assert import_edition(first.collection, moved).new_decks == ("A::B::E",)


def test_cards_of_a_note_that_is_left_as_it_is_come_in_all_the_same() -> None:
    """Anki imports cards by themselves: those of an outdated note too, but of no blocked one."""
    old = Deck().release(FIRST)
    tensor, loss = old.notes
    richer = replace(tensor, ords=(0, 1), fields=("Other", *tensor.fields[1:]))
    had = import_edition(Collection(), old).collection
    imported = import_edition(had, replace(old, notes=(richer, loss)))
    assert imported.outcomes[tensor.guid] is ImportOutcome.OUTDATED
    assert imported.new_cards == {(tensor.guid, 1)}
    assert imported.empty_cards == frozenset()
    note = imported.collection.notes[tensor.guid]
    assert (note.fields, note.mod) == (tensor.fields, tensor.mod)
    other_type = replace(old.note_types["basic"], id=77)
    blocked = import_edition(
        had, replace(old, note_types={"basic": other_type}, notes=(richer, loss))
    )
    assert set(blocked.outcomes.values()) == {ImportOutcome.BLOCKED}
    assert blocked.new_cards == frozenset()
