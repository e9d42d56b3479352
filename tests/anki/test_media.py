"""Media, sound, speech and fonts in the real engine: what is packed arrives under the names that
cards and styles ask for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from author import DAY, FIRST_RELEASE, Author, picture
from learner import Learner

CARDS = """---
tts-back: fr-FR
---
# Médias

## Which picture? {#picture}

![Grey](media/%C3%BCber%20bild.png) <img src="media/a.svg" alt="A line" width="20">

## Which sound? {#sound}

[Listen](media/one.mp3)

---

<audio controls src="media/two.ogg"></audio> [film](media/film.mp4)

## What do you hear? {typed="one" tts-back=fr-FR}

[Listen](media/one.mp3)

---

one

## Which is it? {reverse}

[One](media/one.mp3)

---

[Two](media/two.ogg)

### Hint

[Film](media/film.mp4)

## What does one say in the morning? {#speech}

**bonjour** [sound:no.mp3]

## Fill in {tts=fr-FR #gap}

Un {{c1::deux <audio src="media/one.mp3"></audio>}} trois
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><path d="M0 0h1"/></svg>'
FONT = b"wOF2 first"


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """A project with every sort of media."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {
            "name": "media",
            "uid": "media-in-anki",
            "sources": ["cards.md"],
            "fonts.ar": "fonts/amiri.woff2",
        }
        author = Author(tmp_path_factory.mktemp("media"), patch, settings)
        author.write("cards.md", CARDS)
        author.write("media/über bild.png", picture(1))
        author.write("media/a.svg", SVG)
        for name in ("one.mp3", "two.ogg", "film.mp4"):
            author.write(f"media/{name}", b"\0" + name.encode())
        author.write("fonts/amiri.woff2", FONT)
        yield author


@pytest.fixture(scope="module")
def learner(author: Author, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    """Who has imported the first version."""
    with Learner(tmp_path_factory.mktemp("learner") / "collection") as learner:
        learner.import_package(author.release("1.0.0"))
        yield learner


def _sides(learner: Learner, beginning: str) -> tuple[list[str], list[str]]:
    """What Anki plays on the two sides of a note's card: files by name, and texts behind their
    language.
    """
    guid = learner.guid(beginning)
    card_id = learner.collection.find_cards(f"Key:{guid} card:1")[0]
    output = learner.collection.get_card(card_id).render_output()
    return _played(output.question_av_tags), _played(output.answer_av_tags)


def _played(tags: list[Any]) -> list[str]:
    named = [
        tag.filename if hasattr(tag, "filename") else f"{tag.lang}: {tag.field_text}"
        for tag in tags
    ]
    return [re.sub(r"-[0-9a-f]{16}", "", each) for each in named]


def _styles(learner: Learner) -> list[str]:
    """The style sheet of every note type that has a note."""
    read = (
        learner.collection._backend.get_notetype_legacy
    )  # the collection itself remembers what stood there before an import
    return [
        json.loads(read(note_type))["css"]
        for note_type in {each.note_type for each in learner.notes().values()}
    ]


def test_every_file_arrives_under_the_name_that_a_card_or_the_styles_ask_for(
    learner: Learner,
) -> None:
    assert learner.complaints() == []
    arrived = {
        re.sub(r"-[0-9a-f]{16}", "", name): content for name, content in learner.media().items()
    }
    assert arrived == {
        "uber-bild.png": picture(1),
        "a.svg": SVG.replace("<script>alert(1)</script>", "").encode(),
        "one.mp3": b"\0one.mp3",
        "two.ogg": b"\0two.ogg",
        "film.mp4": b"\0film.mp4",
        "_ankipress-amiri.woff2": FONT,
    }


def test_the_styles_of_every_note_type_name_the_font_that_arrived(learner: Learner) -> None:
    [font] = [name for name in learner.media() if name.startswith("_")]
    assert all(f'url("{font}")' in each for each in _styles(learner))


def test_pictures_are_shown_as_the_card_says(learner: Learner) -> None:
    answer = learner.shown()[learner.guid("Which picture"), 0].answer
    names = re.findall(r'<img [^>]*src="([^"]+)"', answer)
    assert set(names) <= set(learner.media())
    assert re.search(r'<img src="a-[0-9a-f]{16}\.svg" alt="A line" width="20">', answer)


@pytest.mark.parametrize(
    ("beginning", "front", "back"),
    [
        pytest.param("Which picture", [], [], id="pictures alone are not read"),
        pytest.param(
            "Which sound", ["one.mp3"], ["two.ogg", "film.mp4", "fr_FR: film"], id="sound and video"
        ),
        pytest.param(
            "What do you hear",
            ["one.mp3"],
            ["one.mp3", "fr_FR: one"],
            id="a typed answer: the question once more",
        ),
        pytest.param(
            "Which is it",
            ["one.mp3", "film.mp4"],
            ["two.ogg", "fr_FR: Two"],
            id="sound on both sides, and in the hint",
        ),
        pytest.param(
            "What does one say",
            [],
            ["fr_FR: bonjour"],
            id="a text, and brackets of an author in it",
        ),
        pytest.param(
            "Fill in",
            ["fr_FR: Fill in Un blank trois"],
            ["one.mp3", "fr_FR: Fill in Un deux  trois"],
            id="a gap",
        ),
    ],
)
def test_anki_plays_and_reads(
    learner: Learner, beginning: str, front: list[str], back: list[str]
) -> None:
    assert _sides(learner, beginning) == (front, back)


def test_another_font_reaches_who_has_the_first(author: Author, learner: Learner) -> None:
    """Anki never replaces a file whose name begins with `_`, so another font has another name."""
    author.write("fonts/amiri.woff2", b"wOF2 second")
    learner.import_package(author.release("1.1.0", at=FIRST_RELEASE + DAY))
    media = learner.media()
    [name] = [name for name, content in media.items() if content == b"wOF2 second"]
    assert all(f'url("{name}")' in each for each in _styles(learner))
