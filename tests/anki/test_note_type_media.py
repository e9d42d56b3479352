"""Media of note types in the real engine: the files arrive, and cards and styles name them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from author import DAY, FIRST_RELEASE, Author, picture
from learner import Learner

STYLE = '.card { background: url("paper.png") }\n@import "more.css";\n'
MORE = "@font-face { font-family: own; src: url(own.woff2) }\n"
FRONT = '<img src="/media/logo.png">{{Word}}<script src="own.js"></script>'
BACK = "{{FrontSide}}<i style=\"background: url('../../media/logo.png')\">{{Meaning}}</i>"


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """A project whose note type names files."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {"name": "own", "uid": "own-media-in-anki", "sources": ["cards.md"]}
        author = Author(tmp_path_factory.mktemp("own"), patch, settings)
        author.write("cards.md", "# D\n\n## Hund {kind=vocab}\n\ndog\n\n## Q?\n\nA.\n")
        author.write("media/logo.png", picture(1))
        folder = "notetypes/vocab"
        author.write(f"{folder}/notetype.toml", 'fields = ["Word", "Meaning"]\n')
        author.write(f"{folder}/style.css", STYLE)
        author.write(f"{folder}/more.css", MORE)
        author.write(f"{folder}/card.front.html", FRONT)
        author.write(f"{folder}/card.back.html", BACK)
        author.write(f"{folder}/paper.png", picture(2))
        author.write(f"{folder}/own.js", "let shown = 1\n")
        author.write(f"{folder}/own.woff2", b"wOF2\0")
        # A note type that no card uses brings nothing.
        author.write("notetypes/other/notetype.toml", 'fields = ["Word", "Meaning"]\n')
        author.write("notetypes/other/card.front.html", "<img src='x.png'>{{Word}}")
        author.write("notetypes/other/card.back.html", "{{Meaning}}")
        author.write("notetypes/other/x.png", picture(3))
        yield author


@pytest.fixture(scope="module")
def learner(author: Author, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    """Who has imported the first version."""
    with Learner(tmp_path_factory.mktemp("learner") / "collection") as learner:
        learner.import_package(author.release("1.0.0"))
        yield learner


def _style(learner: Learner, guid: str) -> str:
    # The collection itself remembers what stood there before an import.
    read = learner.collection._backend.get_notetype_legacy
    return str(json.loads(read(learner.notes()[guid].note_type))["css"])


def _names(text: str) -> set[str]:
    return set(re.findall(r"_ankipress-[a-z]+-[0-9a-f]{16}\.\w+", text))


def test_the_files_arrive_and_are_what_cards_and_styles_name(learner: Learner) -> None:
    assert learner.complaints() == []
    media = learner.media()
    assert {re.sub(r"-[0-9a-f]{16}", "", name): content for name, content in media.items()} == {
        "_ankipress-logo.png": picture(1),
        "_ankipress-paper.png": picture(2),
        "_ankipress-own.js": b"let shown = 1\n",
        "_ankipress-own.woff2": b"wOF2\0",
    }
    guid = learner.guid("Hund")
    card = learner.shown()[guid, 0]
    [logo] = [name for name in media if "logo" in name]
    [script] = [name for name in media if name.endswith(".js")]
    assert f'<img src="{logo}"><p>Hund</p><script src="{script}"></script>' in card.question
    assert f"<i style=\"background: url('{logo}')\"><p>dog</p></i>" in card.answer
    assert _names(card.answer + _style(learner, guid)) == set(media)


def test_another_picture_reaches_who_has_the_first_and_no_review_is_lost(
    author: Author, learner: Learner
) -> None:
    guid = learner.guid("Hund")
    learner.answer(guid)
    before = learner.snapshot()
    author.write("media/logo.png", picture(8))
    author.write("notetypes/vocab/paper.png", picture(9))
    log = learner.import_package(author.release("1.1.0", at=FIRST_RELEASE + DAY))
    assert log.conflicting == log.new == ()
    media = learner.media()
    shown = _names(learner.shown()[guid, 0].question)
    assert picture(8) in [media[name] for name in shown]
    assert picture(9) in [media[name] for name in _names(_style(learner, guid))]
    assert learner.snapshot() == before
