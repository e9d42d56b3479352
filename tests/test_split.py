"""Packages for each top-level deck: names, notes, shared note types, and the media that each one
needs.
"""

from __future__ import annotations

import pytest

from ankipress.model import LoadedContent, MediaFile, Package, PackedNote
from ankipress.notetypes.builtin import note_types
from ankipress.package.splitting import split
from ankipress.project.settings import is_name

TYPES = note_types("some-uid", "deck", "@font-face { src: url('_code-0123456789abcdef.woff2') }")
PICTURE, SOUND, FONT = (
    MediaFile(name, LoadedContent(name.encode()))
    for name in (
        "heart-0123456789abcdef.png",
        "beat-0123456789abcdef.mp3",
        "_code-0123456789abcdef.woff2",
    )
)


def note(number: int, deck: str, front: str = "Q", note_type: str = "basic") -> PackedNote:
    return PackedNote(f"guid{number}", number, 1, note_type, deck, (front,), (), (0,))


def package(*notes: PackedNote, name: str = "bio", media: tuple[MediaFile, ...] = ()) -> Package:
    return Package(name, "1.2.0", "", (TYPES["basic"], TYPES["cloze"]), notes, media)


def test_a_project_of_one_deck_gives_one_package() -> None:
    [part] = split(package(note(1, "Cells"), note(2, "Cells::Walls"), note(3, "cells::Nuclei")))
    assert (part.deck, part.package.name, part.package.version, len(part.package.notes)) == (
        "Cells",
        "bio-Cells",
        "1.2.0",
        3,
    )


def test_every_note_is_in_one_package_in_its_order() -> None:
    notes = [note(number, deck) for number, deck in enumerate(["B::x", "A", "B", "A::y", "C"])]
    parts = split(package(*notes))
    assert [(each.deck, [one.guid for one in each.package.notes]) for each in parts] == [
        ("A", ["guid1", "guid3"]),
        ("B", ["guid0", "guid2"]),
        ("C", ["guid4"]),
    ]


def test_a_parent_of_nested_decks_is_one_package_with_or_without_notes_of_its_own() -> None:
    nested = ["A::B::C", "A::B::D", "a::E", "B", "B::C::D", "B::C"]
    parts = split(package(*(note(number, deck) for number, deck in enumerate(nested))))
    assert [(each.deck, [one.deck for one in each.package.notes]) for each in parts] == [
        ("A", ["A::B::C", "A::B::D", "a::E"]),
        ("B", ["B", "B::C::D", "B::C"]),
    ]


def test_note_types_are_shared_and_only_there_where_they_are_used() -> None:
    one, two = split(package(note(1, "A"), note(2, "A", note_type="cloze"), note(3, "B")))
    assert (one.package.note_types, two.package.note_types) == (
        (TYPES["basic"], TYPES["cloze"]),
        (TYPES["basic"],),
    )


def test_media_go_where_they_are_shown_and_fonts_of_a_style_sheet_everywhere() -> None:
    notes = (
        note(1, "A", f'<img src="{PICTURE.name}">'),
        note(2, "B", f"[sound:{SOUND.name}]"),
        note(3, "C"),
    )
    parts = split(package(*notes, media=(FONT, SOUND, PICTURE)))
    assert [each.package.media for each in parts] == [(FONT, PICTURE), (FONT, SOUND), (FONT,)]


@pytest.mark.parametrize(
    ("decks", "names"),
    [
        (["Cells", "Heart"], ["bio-Cells", "bio-Heart"]),
        pytest.param(
            ["Écologie & climat"], ["bio-Écologie-climat"], id="letters of every script stay"
        ),
        pytest.param(["生物"], ["bio-生物"], id="also these"),
        pytest.param(
            ["a b", "a/b"], ["bio-a-b-4efd", "bio-a-b-9673"], id="two that would share a name"
        ),
    ],
)
def test_names(decks: list[str], names: list[str]) -> None:
    parts = split(package(*(note(number, deck) for number, deck in enumerate(decks))))
    assert [each.package.name for each in parts] == names


@pytest.mark.parametrize("deck", ["?!", "x" * 300, "…", ".", "con", "a."])
def test_every_name_can_be_a_file_on_every_system(deck: str) -> None:
    [part] = split(package(note(1, deck), name="n" * 80))
    assert is_name(part.package.name)


def test_a_name_that_only_two_decks_share_does_not_change_with_a_third() -> None:
    before, after = (
        {
            each.deck: each.package.name
            for each in split(package(*(note(number, deck) for number, deck in enumerate(decks))))
        }
        for decks in (["a b", "a/b"], ["a b", "a/b", "Z"])
    )
    assert before.items() <= after.items()


def test_a_deck_is_called_as_it_is_spelled_first() -> None:
    [part] = split(package(note(1, "cells::A"), note(2, "CELLS")))
    assert (part.deck, part.package.name) == ("cells", "bio-cells")


def test_parts_stand_in_the_order_of_their_names_whatever_their_case() -> None:
    parts = split(package(note(1, "b"), note(2, "A"), note(3, "C")))
    assert [each.deck for each in parts] == ["A", "b", "C"]


def test_a_file_of_several_words_is_packed_everywhere() -> None:
    """Where it is shown cannot be told by its words."""
    spaced = MediaFile("my heart.png", LoadedContent(b"x"))
    parts = split(package(note(1, "A"), note(2, "B"), media=(spaced,)))
    assert [each.package.media for each in parts] == [(spaced,), (spaced,)]


def test_everything_else_of_the_package_stays() -> None:
    whole = package(note(1, "A"), note(2, "B"))
    for part in split(whole):
        assert (part.package.version, part.package.description) == (
            whole.version,
            whole.description,
        )


@pytest.mark.parametrize(
    ("project", "deck", "name"),
    [
        pytest.param("bio", "-._a.b_c-", "bio-a.b_c", id="signs at the ends"),
        pytest.param("bio", "a  & b", "bio-a-b", id="several signs"),
        pytest.param("bio", "x" * 76, f"bio-{'x' * 76}", id="80 characters"),
        pytest.param("bio", "x" * 77, f"bio-{'x' * 76}", id="81 characters"),
        pytest.param("bio", "x" * 75 + "-y", f"bio-{'x' * 75}", id="a sign where it is cut"),
        pytest.param("bio", "?!", "bio-c312", id="nothing but signs"),
        pytest.param("n" * 80, "?!", f"{'n' * 75}-c312", id="nothing but signs, a long project"),
    ],
)
def test_the_name_of_a_part(project: str, deck: str, name: str) -> None:
    [part] = split(package(note(1, deck), name=project))
    assert part.package.name == name


def test_two_long_names_that_would_be_one_get_marks() -> None:
    decks = [f"{'x' * 90}{each}" for each in "ab"]
    names = [each.package.name for each in split(package(note(1, decks[0]), note(2, decks[1])))]
    assert [name[:76] for name in names] == [f"bio-{'x' * 71}-"] * 2
    assert len(set(names)) == 2
    assert {len(name) for name in names} == {80}
