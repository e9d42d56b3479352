"""Where the files that fields of Anki show go in a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ankipress.live.pulled.pulled_media import PulledMedia, pulled_media
from ankipress.model import LoadedContent, MediaContent
from author import picture
from live.card_edits import EditedDeck
from stages import Files

DECK = EditedDeck(
    "## Q\n\n![a](media/a.png)\n",
    files=Files({"media/a.png": picture(1), "media/b.png": picture(2)}),
)
THERE = {name: LoadedContent(picture(shade)) for name, shade in (("a.png", 1), ("b.png", 9))}
THERE |= {"new.png": LoadedContent(picture(3)), "ä ö.png": LoadedContent(picture(4))}
THERE |= {"con/trol": LoadedContent(b"x")}


def read(names: Sequence[str]) -> Mapping[str, MediaContent]:
    return {name: THERE[name] for name in names if name in THERE}


def pulled(*fields: str) -> PulledMedia:
    return pulled_media(fields, read, DECK.project, DECK.compiled())


def test_a_name_that_is_free_stays() -> None:
    found = pulled('<img src="new.png">[sound:ä ö.png]')
    assert dict(found.files) == {"new.png": THERE["new.png"], "ä ö.png": THERE["ä ö.png"]}
    assert found.names == {}


def test_what_a_card_shows_already_is_not_read() -> None:
    [name] = [each.name for each in DECK.compiled().package.media]
    assert pulled(f'<img src="{name}">') == PulledMedia()


def test_a_file_that_is_there_is_shown_by_the_name_that_it_is_packed_under() -> None:
    [name] = [each.name for each in DECK.compiled().package.media]
    found = pulled('<img src="a.png">')
    assert found.files == {}
    assert found.names == {"a.png": name}
    assert found.renamed('<p><img src="a.png"></p>') == f'<p><img src="{name}"></p>'


def test_a_name_that_another_file_has_gets_a_number() -> None:
    found = pulled('<img src="b.png">')
    assert dict(found.files) == {"b-2.png": THERE["b.png"]}
    assert found.renamed('<img src="b.png">[sound:b.png]') == '<img src="b-2.png">[sound:b-2.png]'


def test_no_two_files_come_under_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """`b.png` is another file here, and its next name is that of a file which comes, too."""
    for name, shade in (("b-2.png", 20), ("B.PNG", 21)):
        monkeypatch.setitem(THERE, name, LoadedContent(picture(shade)))
    fields = [f'<img src="{name}">' for name in ("b.png", "b-2.png", "B.PNG")]
    found = pulled(*fields)
    here = [found.renamed(field).split('"')[1] for field in fields]
    assert here[1] == "b-2.png"
    assert len({"b.png", *map(str.casefold, here)}) == 4
    contents = [found.files[name].digest for name in here]
    assert contents == [THERE[name].digest for name in ("b.png", "b-2.png", "B.PNG")]


@pytest.mark.parametrize("name", ["gone.png"])
def test_a_file_that_is_not_there_is_told(name: str) -> None:
    found = pulled(f'<img src="{name}">')
    assert found.files == {}
    assert name in found.refusal_of([f'<img src="{name}">'])
    assert found.refusal_of(["no picture"]) == ""
