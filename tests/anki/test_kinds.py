"""Every kind of card, in the real Anki: its cards are those that Anki would make, and an update
keeps every review.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ankipress.cli.main import run
from author import DAY, FIRST_RELEASE, Author, lock_of, picture
from learner import GOOD, Learner

SETTINGS = {
    "name": "kinds",
    "uid": "kinds-of-cards",
    "sources": ["cards.md"],
    "source_url": "https://example.org/deck/{path}#{anchor}",
}
CHOICE = (
    "## Which of these are prime? {kind=choice}\n\n- [x] 2\n- [ ] 4\n- [x] 7\n\n"
    "Four is two times two.\n"
)
ROWS = (
    "## Say it in English {kind=rows reverse}\n\n"
    "| German | English | Example |\n|---|---|---|\n"
    "| der Hund | dog | Der Hund bellt. |\n"
    "| die Katze | cat | |\n"
    "| `a\\|b` | $a \\lor b$ | ![Venn](or.png) |\n"
    "| das Pferd {typed} | horse | |\n"
)
LIST = (
    "## What does it mean? {kind=rows}\n\nTensor\n:   An array of numbers.\n\n"
    "    It has a shape.\n\nEpoch\n: One pass.\n"
)
BASIC = "## What is an epoch?\n\nOne pass over all the data.\n"
FIRST = f"# Kinds\n\n{BASIC}\n{CHOICE}\n{ROWS}\n{LIST}"


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(tmp_path / "deck", monkeypatch, SETTINGS)
    author.write("or.png", picture(7))
    author.write("cards.md", FIRST)
    return author


def test_the_cards_are_those_that_anki_makes(author: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        log = learner.import_package(author.release("1.0.0"))
        assert len(log.new) == 1 + 1 + 4 + 2
        before = {guid: note.ords for guid, note in learner.notes().items()}
        assert sum(map(len, before.values())) == 1 + 1 + 4 * 2 + 2
        assert (learner.template_errors(), learner.complaints()) == ([], [])
        learner.save_all()
        assert {guid: note.ords for guid, note in learner.notes().items()} == before


def test_a_choice_hides_its_ticks_until_it_is_answered(author: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(author.release("1.0.0"))
        shown = learner.shown()[learner.guid("Which of these"), 0]
        assert (shown.question.count("<input"), shown.question.count("checked")) == (3, 0)
        assert "Four is" not in shown.question
        [answer] = [shown.answer.partition('id="answer"')[2]]
        assert (answer.count("<input"), answer.count('checked=""'), "Four is" in answer) == (
            3,
            2,
            True,
        )


def test_every_card_says_where_it_can_be_mended(author: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(author.release("1.0.0"))
        assert [
            key
            for key, shown in learner.shown().items()
            if "https://example.org/deck/cards.md#" not in shown.answer
        ] == []


EDITS: dict[str, Callable[[str], str]] = {
    "a cell": lambda text: text.replace("| cat | |", "| cat, tomcat | |"),
    "a first cell": lambda text: text.replace("| der Hund |", "| der **Hund**, -e |"),
    "the heading": lambda text: text.replace("Say it in English", "Translate into English"),
    "the order": lambda text: text.replace("| die Katze | cat | |\n", "").replace(
        "| der Hund", "| die Katze | cat | |\n| der Hund"
    ),
    "a new row": lambda text: text.replace("| die Katze", "| die Maus | mouse | |\n| die Katze"),
    "a column": lambda text: text.replace("| Example |\n|---", "| Hint |\n|---"),
    "a definition": lambda text: text.replace("One pass.", "One pass over all data."),
    "a row as a card": lambda text: text.replace(
        "Epoch\n: One pass.\n", "\n## Epoch\n\nOne pass.\n"
    ),
    "a card as a choice": lambda text: text.replace(
        BASIC, BASIC.replace("?", "? {kind=choice}").replace("One", "- [ ] a\n- [x] One")
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_keeps_every_note_and_every_review(
    author: Author, tmp_path: Path, edit: Callable[[str], str]
) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(author.release("1.0.0"))
        notes = learner.notes()
        for guid, note in notes.items():
            for ord in note.ords:
                learner.answer(guid, GOOD, ord=ord)
        before = learner.snapshot()
        author.write("cards.md", edit(FIRST))
        assert edit(FIRST) != FIRST
        log = learner.import_package(author.release("1.1.0", at=FIRST_RELEASE + DAY))
        assert log.conflicting == log.first_field_match == ()
        assert {key: learner.snapshot()[key] for key in before} == before
        assert len(learner.notes()) == len(notes) + len(log.new)
        assert len(log.new) == (edit is EDITS["a new row"])
        assert len(log.updated) == (
            0 if edit in {EDITS["a new row"], EDITS["the order"]} else len(log.updated)
        )
        assert learner.template_errors() == []


def test_ids_are_written_into_rows_and_change_nothing(author: Author, tmp_path: Path) -> None:
    author.settings.pop("source_url")  # whose anchors hold the braces of the headings
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(author.release("1.0.0"))
        assert run(["ids", "--write"]) == 0
        assert "| die Katze {#die-katze} | cat |" in (author.folder / "cards.md").read_text(
            encoding="utf-8"
        )
        log = learner.import_package(author.release("1.1.0", at=FIRST_RELEASE + DAY))
        assert (log.new, log.updated, log.conflicting) == ((), (), ())


# Image occlusion

HEART = (
    "## Name the chambers {kind=occlusion}\n\n![The heart](heart.svg)\n\n"
    "```occlusion\n1: rect 10% 20% 25% 30% left\n3: ellipse 50 50 20 10 right\n"
    "3: polygon 10,10 30,10 20,40\n```\n\nBoth beat.\n"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def anatomist(author: Author) -> Author:
    author.write("heart.svg", SVG)
    author.write("cards.md", HEART)
    return author


def test_an_occlusion_is_one_that_anki_itself_could_edit(anatomist: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(anatomist.release("1.0.0"))
        [(guid, note)] = learner.notes().items()
        assert note.ords == (0, 2)
        assert (learner.template_errors(), learner.complaints()) == ([], [])
        [note_id] = learner.collection.find_notes("")
        read = learner.collection.get_image_occlusion_note(note_id).note
        assert read.image_file_name == next(
            name for name in learner.media() if name.startswith("heart-")
        )
        assert (read.header, read.occlude_inactive) == ("<p>Name the chambers</p>", True)
        shapes = [
            (each.ordinal, shape)
            for each in sorted(read.occlusions, key=lambda each: each.ordinal)
            for shape in each.shapes
        ]
        found = [
            (ordinal, shape.shape, {each.name: each.value for each in shape.properties})
            for ordinal, shape in shapes
        ]
        assert found == [
            (1, "rect", {"left": ".1", "top": ".2", "width": ".25", "height": ".3", "oi": "1"}),
            (3, "ellipse", {"left": ".25", "top": ".5", "rx": ".05", "ry": ".05", "oi": "1"}),
            (
                3,
                "polygon",
                {"left": ".05", "top": ".1", "points": ".05,.1 .15,.1 .1,.4", "oi": "1"},
            ),
        ]
        model = learner.collection.models.get(note.note_type)
        assert model["originalStockKind"] == 6
        assert [field["tag"] for field in model["flds"][:5]] == [0, 1, 2, 3, 4]
        assert note.fields["Key"] == guid
        learner.save_all()
        assert learner.notes()[guid].ords == (0, 2)


def test_the_shapes_are_on_the_card_and_the_asked_one_is_marked(
    anatomist: Author, tmp_path: Path
) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(anatomist.release("1.0.0"))
        shown = learner.shown()[learner.guid("{{c1"), 2]
        marked = re.findall(
            r'<div class="([\w-]+)" data-ordinal="(\d)" data-shape="(\w+)"', shown.question
        )
        assert marked == [
            ("cloze-inactive", "1", "rect"),
            ("cloze", "3", "ellipse"),
            ("cloze", "3", "polygon"),
        ]
        assert "Both beat" not in shown.question
        assert "Both beat" in shown.answer
        assert "left" not in learner.text(shown.answer), (
            "a label would tell the answers of the other cards"
        )


def test_a_new_shape_leaves_the_reviews_of_the_others(anatomist: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(anatomist.release("1.0.0"))
        [guid] = learner.notes()
        for ord in (0, 2):
            learner.answer(guid, GOOD, ord=ord)
        before = learner.snapshot()
        anatomist.write(
            "cards.md",
            HEART.replace("1: rect", "2: rect 0 0 1 1 new\n1: rect").replace(
                "Name the", "Which are the"
            ),
        )
        log = learner.import_package(anatomist.release("1.1.0", at=FIRST_RELEASE + DAY))
        assert (log.updated, log.new, log.conflicting) == ((guid,), (), ())
        assert {key: learner.snapshot()[key] for key in before} == before
        assert learner.notes()[guid].ords == (0, 1, 2)
        assert learner.template_errors() == []


# Note types of authors' own

WORDS = {
    "notetypes/vocab/notetype.toml": 'name = "Words"\nfields = ["Word", "Meaning", "Example"]\n'
    'templates = ["Recall", "Say"]\n',
    "notetypes/vocab/Recall.front.html": "{{Word}}\n",
    "notetypes/vocab/Recall.back.html": "{{FrontSide}}<hr "
    "id=answer>{{Meaning}}{{#Example}}<p>{{Example}}</p>{{/Example}}\n",
    "notetypes/vocab/Say.front.html": "{{#Example}}{{Meaning}}{{/Example}}\n",
    "notetypes/vocab/Say.back.html": "{{FrontSide}}<hr id=answer>{{Word}}\n",
    "notetypes/gap/notetype.toml": 'fields = ["Sentence", "Note"]\ncloze = true\n',
    "notetypes/gap/card.front.html": "{{cloze:Sentence}}\n",
    "notetypes/gap/card.back.html": "{{cloze:Sentence}}{{#Note}}<hr>{{Note}}{{/Note}}\n",
    "cards.md": (
        "## der Hund {kind=vocab lang=de}\n\ndog\n\n### Example\n\nDer `Hund` bellt.\n\n"
        "## die Katze {kind=vocab}\n\ncat\n\n"
        "## Der {{c1::Hund}} bellt. {kind=gap}\n\n{{c2::Die Katze}} nicht.\n\n### Note\n\n"
        "A {{c3::note}}\n"
    ),
}


@pytest.fixture
def linguist(author: Author) -> Author:
    for path, text in WORDS.items():
        author.write(path, text)
    return author


def test_an_own_note_type_has_the_cards_that_anki_makes(linguist: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(linguist.release("1.0.0"))
        before = {guid: note.ords for guid, note in learner.notes().items()}
        assert sorted(before.values()) == [(0,), (0, 1), (0, 1)]
        assert all(note.fields["Key"] == guid for guid, note in learner.notes().items())
        assert (learner.template_errors(), learner.complaints()) == ([], [])
        learner.save_all()
        assert {guid: note.ords for guid, note in learner.notes().items()} == before


RENAMED = {
    "notetypes/vocab/notetype.toml": (
        'name = "Words"\nfields = ["Word", { name = "Sense", was = "Meaning" }, "Example", '
        '"Sound"]\n'
        'templates = ["Recall", { name = "Speak", was = "Say" }]\n'
    ),
    "notetypes/vocab/Recall.back.html": "{{FrontSide}}<hr id=answer>{{Sense}}{{Sound}}\n",
    "notetypes/vocab/Speak.front.html": "{{#Example}}{{Sense}}{{/Example}}\n",
    "notetypes/vocab/Speak.back.html": "{{FrontSide}}<hr id=answer>{{Word}}\n",
    "cards.md": WORDS["cards.md"].replace(
        "Der `Hund` bellt.\n", "Der `Hund` bellt.\n\n### Sound\n\nwuff\n"
    ),
}


def test_fields_are_renamed_and_added_and_every_review_stays(
    linguist: Author, tmp_path: Path
) -> None:
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(linguist.release("1.0.0"))
        for guid, note in learner.notes().items():
            for ord in note.ords:
                learner.answer(guid, GOOD, ord=ord)
        before = learner.snapshot()
        for path, text in RENAMED.items():
            linguist.write(path, text)
        for side in ("front", "back"):
            (linguist.folder / f"notetypes/vocab/Say.{side}.html").unlink()
        log = learner.import_package(linguist.release("1.1.0", at=FIRST_RELEASE + DAY))
        dog = learner.guid("der Hund")
        assert (log.updated, log.new, log.conflicting) == ((dog,), (), ())
        assert learner.snapshot() == before
        assert (learner.notes()[dog].fields["Sense"], learner.notes()[dog].fields["Sound"]) == (
            '<div lang="de"><p>dog</p></div>',
            '<div lang="de"><p>wuff</p></div>',
        )
        assert "wuff" in learner.shown()[dog, 0].answer
        assert learner.template_errors() == []


def test_a_schema_that_anki_would_refuse_is_not_built(
    linguist: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linguist.release("1.0.0")
    linguist.write(
        "notetypes/vocab/notetype.toml",
        RENAMED["notetypes/vocab/notetype.toml"].replace('"Example", ', ""),
    )
    capsys.readouterr()
    assert run(["build"]) == 1
    assert 'schema-changed]: the field "Example" is gone' in capsys.readouterr().err


def test_a_lost_lock_is_recovered_with_own_note_types(linguist: Author, tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        first = linguist.release("1.0.0")
        learner.import_package(first)
        (linguist.folder / "ankipress.lock").unlink()
        linguist.write("cards.md", WORDS["cards.md"].replace("## der Hund", "## der Hund, -e"))
        assert run(["recover", str(first)]) == 0
        log = learner.import_package(linguist.release("1.1.0", at=FIRST_RELEASE + DAY))
        assert (len(log.new), len(log.updated), log.conflicting) == (0, 1, ())


@pytest.mark.parametrize(
    "exported",
    [pytest.param(False, id="the package"), pytest.param(True, id="a learner's own export")],
)
def test_a_lost_lock_keeps_the_ids_of_renamed_and_added_fields(
    linguist: Author, tmp_path: Path, *, exported: bool
) -> None:
    """A spare field under another name stands where no setting tells; only the package knows its
    id.
    """
    with Learner(tmp_path / "learner") as learner:
        linguist.release("1.0.0")
        for path, text in RENAMED.items():
            linguist.write(path, text)
        for side in ("front", "back"):
            (linguist.folder / f"notetypes/vocab/Say.{side}.html").unlink()
        second = linguist.release("1.1.0", at=FIRST_RELEASE + DAY)
        learner.import_package(second)
        before = lock_of(linguist.folder)
        (linguist.folder / "ankipress.lock").unlink()
        # What it was called before is forgotten as well.
        text = RENAMED["notetypes/vocab/notetype.toml"]
        text = text.replace(', was = "Meaning"', "").replace(', was = "Say"', "")
        linguist.write("notetypes/vocab/notetype.toml", text)
        package = learner.export(tmp_path / "learners.apkg") if exported else second
        assert run(["recover", str(package)]) == 0
        linguist.write("cards.md", RENAMED["cards.md"].replace("wuff", "wau"))
        log = learner.import_package(linguist.release("1.2.0", at=FIRST_RELEASE + 2 * DAY))
        assert (len(log.new), len(log.updated), log.conflicting) == (0, 1, ())
        after = lock_of(linguist.folder)
        assert after.note_types == before.note_types
