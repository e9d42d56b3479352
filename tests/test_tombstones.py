"""Tombstones: their file, and what a build makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli.main import run
from ankipress.identity.tombstones import is_file_name, read_tombstones, write_tombstones
from ankipress.model import PackedNote, Record, State, Tombstone
from ankipress.package.package_reading import FoundNote
from ankipress.preview.serve.session import PreviewSession
from ankipress.project.settings import Settings
from ankipress.release.next_tombstones import next_tombstones
from author import DAY, FIRST_RELEASE, Author, lock_of, picture
from packages import read_package

ASKED = Settings(
    version="2.0.0",
    retired="tombstone",
    retired_releases=2,
    retired_text="Gone in {version} & <b>.",
)
NOTE = PackedNote(
    "g1", 1, 5, "basic", "Deck", ('Q <img src="x-1.png">', "A"), ("t", "changed::1.1.0"), (0,)
)
BURIED = next_tombstones([], [NOTE], set(), {"x-1.png", "y-2.png"}, ASKED)

names = st.text("aB1-_. é", min_size=1, max_size=20).filter(is_file_name)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
tags = texts.filter(lambda text: text.split() == [text])
tombstones = st.builds(
    Tombstone,
    texts,
    texts,
    st.lists(texts, max_size=3).map(tuple),
    st.lists(tags, max_size=3).map(tuple),
    st.lists(names, max_size=3).map(tuple),
    texts,
    st.integers(1, 99),
)


@given(st.lists(tombstones, max_size=4, unique_by=lambda each: each.guid))
def test_tombstones_are_read_as_they_are_written(several: list[Tombstone]) -> None:
    assert read_tombstones(write_tombstones(several), "ankipress.retired") == (
        tuple(sorted(several, key=lambda each: each.guid)),
        (),
    )


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "{}", "5", write_tombstones(BURIED).replace('"releases": 1', '"releases": 0')],
)
def test_a_line_that_is_no_tombstone_is_said_and_the_others_stand(line: str) -> None:
    found, problems = read_tombstones(write_tombstones(BURIED) + line, "ankipress.retired")
    assert (found, [(each.code, each.location.line) for each in problems]) == (
        BURIED,
        [("bad-lock", 2)],
    )


def test_what_a_merge_leaves_behind_heals() -> None:
    older, newer = (
        write_tombstones(BURIED),
        write_tombstones(replace(each, releases=2) for each in BURIED),
    )
    for text in (f"<<<<<<< a\n{older}=======\n{newer}>>>>>>> b\n", newer + older):
        assert read_tombstones(text, "ankipress.retired") == ((replace(BURIED[0], releases=2),), ())


def test_a_tombstone_says_so_in_its_first_field_and_by_a_tag() -> None:
    box = (
        '<div class="markdown-alert markdown-alert-warning"><p>Gone in 2.0.0 &amp; '
        "&lt;b&gt;.</p></div>"
    )
    assert (
        Tombstone(
            "g1",
            "basic",
            (f"{box}{NOTE.fields[0]}", "A"),
            ("t", "retired::2.0.0"),
            ("x-1.png",),
            "2.0.0",
            1,
        ),
    ) == BURIED


def test_the_shapes_of_an_occlusion_stay_as_they_are() -> None:
    note = replace(
        NOTE,
        note_type="occlusion",
        fields=("{{c1::image-occlusion:rect}}", "<img>", "Header", "", ""),
    )
    [found] = next_tombstones([], [note], set(), set(), ASKED)
    assert (found.fields[:2], found.fields[2].endswith("</div>Header")) == (note.fields[:2], True)


@pytest.mark.parametrize(
    ("settings", "releases", "active", "left"),
    [
        pytest.param(ASKED, 1, [], 2, id="one more release"),
        pytest.param(ASKED, 2, [], None, id="as many as the settings say"),
        pytest.param(ASKED, 1, ["g1"], None, id="the card is back"),
        pytest.param(
            replace(ASKED, retired="omit"), 1, [], None, id="no tombstones are wanted any more"
        ),
    ],
)
def test_how_long_a_tombstone_stays(
    settings: Settings, releases: int, active: list[str], left: int | None
) -> None:
    before = [replace(BURIED[0], releases=releases)]
    found = next_tombstones(before, [], set(active), set(), settings)
    assert [each.releases for each in found] == ([] if left is None else [left])


def test_tombstones_stand_in_the_order_of_guids_and_a_new_one_in_the_place_of_an_old() -> None:
    before = [replace(BURIED[0], guid=guid) for guid in ("g1", "a", "z")]
    found = next_tombstones(before, [replace(NOTE, guid="m"), NOTE], {"z"}, set(), ASKED)
    assert [(each.guid, each.releases) for each in found] == [("a", 2), ("g1", 1), ("m", 1)]


def test_no_tombstones_are_made_where_none_are_wanted() -> None:
    assert next_tombstones(BURIED, [NOTE], set(), set(), replace(ASKED, retired="omit")) == ()


def test_a_tombstone_that_is_retired_again_has_one_tag_and_its_files_in_order() -> None:
    note = replace(
        NOTE,
        fields=('<img src="b.png"><img src="a.png">', "[sound:c.mp3]"),
        tags=("retired::1.0.0", "own", "changed::1.5.0", "my::retired::x"),
    )
    [found] = next_tombstones([], [note], set(), {"a.png", "b.png", "c.mp3", "d.png"}, ASKED)
    assert found.tags == ("own", "my::retired::x", "retired::2.0.0")
    assert found.media == ("a.png", "b.png", "c.mp3")


def test_the_banner_hides_no_deletion_and_shows_no_field() -> None:
    asked = replace(ASKED, retired_text="{{c1::x}} {version} {{Front}}")
    [found] = next_tombstones([], [NOTE], set(), set(), asked)
    assert found.fields[0] == (
        '<div class="markdown-alert markdown-alert-warning">'
        "<p>{<wbr>{c1::x}<wbr>} 2.0.0 {<wbr>{Front}<wbr>}</p></div>" + NOTE.fields[0]
    )
    assert found.fields[1:] == NOTE.fields[1:]


# What a build makes of them.

CARDS = "# Deck\n\n## One?\n\n1 ![x](media/x.png)\n\n## Two?\n\n2\n"


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(
        tmp_path / "bio", monkeypatch, {"name": "bio", "uid": "bio-uid", "retired": "tombstone"}
    )
    author.write("cards.md", CARDS)
    author.write("media/x.png", picture(1))
    return author


def notes(package: Path) -> dict[str, FoundNote]:
    return {note.guid: note for note in read_package(package.read_bytes())}


def record(author: Author, guid: str) -> Record:
    lock = lock_of(author.folder)
    return next(each for each in lock.records if each.guid == guid)


def retire(author: Author) -> str:
    """Take the first card out, and leave a tombstone; its guid."""
    before = notes(author.release("1.0.0"))
    guid = next(guid for guid, note in before.items() if "One?" in note.fields[0])
    found = before[guid]
    packed = PackedNote(
        guid, found.note_id, found.mod, "basic", found.deck, found.fields, found.tags, (0,)
    )
    shown = found.fields[1].split('src="')[1].split('"')[0]
    author.write(
        "ankipress.retired", write_tombstones(next_tombstones([], [packed], set(), {shown}, ASKED))
    )
    author.write(f"retired/{shown}", picture(1))
    author.write("cards.md", CARDS.partition("## One?")[0] + "## Two?\n\n2\n")
    (author.folder / "media/x.png").unlink()
    return guid


def test_a_tombstone_is_packed_without_a_card_and_remembered(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    guid = retire(author)
    package = author.release("2.0.0", at=FIRST_RELEASE + DAY)
    assert "1 note (0 new, 0 changed, 1 retired), 1 tombstone, 1 media" in capsys.readouterr().out
    assert notes(package)[guid].tags == ("retired::2.0.0",)
    assert (notes(package)[guid].deck, notes(package)[guid].mod) == ("", FIRST_RELEASE + DAY)
    found = record(author, guid)
    assert (found.state, found.mod, found.since, found.changed) == (
        State.RETIRED,
        FIRST_RELEASE + DAY,
        "1.0.0",
        "2.0.0",
    )


def test_the_preview_shows_the_cards_beside_a_tombstone(author: Author) -> None:
    retire(author)
    author.release("2.0.0", at=FIRST_RELEASE + DAY)
    session = PreviewSession([author.folder])
    session.build()
    assert [shown.card.question for shown in session.view.cards] == ["Two?"]


def test_a_tombstone_changes_once(author: Author) -> None:
    guid = retire(author)
    first = author.release("2.0.0", at=FIRST_RELEASE + DAY)
    assert notes(author.release("2.0.1", at=FIRST_RELEASE + 2 * DAY)) == notes(first)
    assert run(["build", "--locked"]) == 0
    assert record(author, guid).mod == FIRST_RELEASE + DAY


def test_a_card_that_comes_back_takes_the_place_of_its_tombstone(author: Author) -> None:
    guid = retire(author)
    author.release("2.0.0", at=FIRST_RELEASE + DAY)
    author.write("cards.md", CARDS)
    author.write("media/x.png", picture(1))
    back = notes(author.release("2.1.0", at=FIRST_RELEASE + 2 * DAY))
    assert len(back) == 2
    assert (back[guid].tags, back[guid].mod, back[guid].deck) == (
        (),
        FIRST_RELEASE + 2 * DAY,
        "Deck",
    )
    assert record(author, guid).state is State.ACTIVE


def test_without_the_setting_no_tombstone_is_packed(author: Author) -> None:
    guid = retire(author)
    author.settings["retired"] = "omit"
    assert guid not in notes(author.release("2.0.0"))


def test_a_package_of_some_sources_has_no_tombstones(author: Author) -> None:
    guid = retire(author)
    author.write("cards/more.md", "## Three?\n\n3\n")
    author.release("2.0.0", at=FIRST_RELEASE + DAY)
    assert run(["build", "cards/more.md"]) == 0
    assert guid not in notes(author.folder / "build/bio-2.0.0-only-more.apkg")


def test_a_file_of_tombstones_that_cannot_be_read_stops_a_build(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.release("1.0.0")
    author.write("ankipress.retired", "no\n")
    assert run(["build"]) == 1
    assert (
        "ankipress.retired:1:1: error[bad-lock]: this line is no tombstone"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"note_type": "gone"}, id="a note type that is gone"),
        pytest.param({"fields": ("one",)}, id="another number of fields"),
    ],
)
def test_a_tombstone_that_fits_no_note_type_is_not_packed(
    change: dict[str, object], author: Author
) -> None:
    guid = retire(author)
    text = (author.folder / "ankipress.retired").read_text(encoding="utf-8")
    [stone], problems = read_tombstones(text, "ankipress.retired")
    assert problems == ()
    changed = replace(stone, **change)  # type: ignore[arg-type]
    author.write("ankipress.retired", write_tombstones([changed]))
    assert guid not in notes(author.release("2.0.0", at=FIRST_RELEASE + DAY))
    author.write("ankipress.retired", write_tombstones([stone]))
    assert guid in notes(author.release("2.0.1", at=FIRST_RELEASE + DAY))
