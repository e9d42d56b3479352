"""A package, imported into a new collection of the real Anki, is all there and shows what its
author wrote.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ankipress.build.pipeline import make_package
from ankipress.cli.main import run
from ankipress.model import Field, NoteType, Package, PackedNote, Source, Template
from ankipress.parse import placing
from ankipress.project.settings import Settings
from author import Author, picture
from learner import CardKey, ImportLog, Learner
from parsing import parse

ROOT = Path(__file__).resolve().parents[2]
EVERY_FEATURE = ROOT / "tests" / "cases" / "anki" / "every-feature.md"
DECK = "Größe::Every feature"
SHADE = 128


@dataclass(frozen=True, slots=True)
class Imported:
    """A package, and the learner who has imported it and done nothing else."""

    package: Path
    learner: Learner
    log: ImportLog

    def note_types(self) -> dict[str, Any]:
        """The note types of the package, by id."""
        [[models]] = self._select("SELECT models FROM col")
        note_types: dict[str, Any] = json.loads(models)
        return note_types

    def notes(self) -> list[tuple[Any, ...]]:
        """The notes of the package: guid, fields, sort field, checksum."""
        return self._select("SELECT guid, flds, sfld, csum FROM notes ORDER BY guid")

    def cards(self) -> set[CardKey]:
        """The cards of the package."""
        return set(self._select("SELECT guid, ord FROM cards JOIN notes ON notes.id = nid"))

    def _select(self, query: str) -> list[tuple[Any, ...]]:
        with (
            zipfile.ZipFile(self.package) as archive,
            closing(sqlite3.connect(":memory:")) as connection,
        ):
            connection.deserialize(archive.read("collection.anki2"))
            return connection.execute(query).fetchall()


def own_deck(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The deck of this repository, built beside a copy of its lock."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "ankipress"
    ]
    author = Author(folder, monkeypatch, settings)
    shutil.copytree(ROOT / "media", folder / "media")
    for name in ("cards.md", "ankipress.lock"):
        shutil.copy(ROOT / name, folder)
    # A contributor's edit may leave open which card is which. Here either will do.
    run(["ids", "--accept-likely"])
    return author.release(settings["version"])


def every_feature(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deck with every feature of the format."""
    settings = {
        "name": "every-feature",
        "uid": "every-feature",
        "sections": "subdeck",
        "description": "Each *feature*, once.",
        "report_url": "https://example.org/issues",
    }
    author = Author(folder, monkeypatch, settings)
    author.write("cards.md", EVERY_FEATURE.read_bytes())
    author.write("pictures/ünicode bild.png", picture(SHADE))
    return author.release("1.0.0")


DECKS = {"own deck": own_deck, "every feature": every_feature}


def import_new(name: str, folder: Path) -> Iterator[Imported]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        package = DECKS[name](folder / "project", monkeypatch)
    with Learner(folder / "learner") as learner:
        yield Imported(package, learner, learner.import_package(package))


@pytest.fixture(scope="module", params=DECKS)
def either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Imported]:
    yield from import_new(request.param, tmp_path_factory.mktemp("either"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    yield from import_new("own deck", tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    yield from import_new("every feature", tmp_path_factory.mktemp("features"))


class TestAnyDeck:
    def test_anki_logs_every_note_as_new_and_nothing_else(self, either: Imported) -> None:
        """No note is skipped, conflicting, or taken for another."""
        assert either.log == ImportLog(new=tuple(guid for guid, *_ in either.notes()))

    def test_every_field_arrives_as_it_was_packed(self, either: Imported) -> None:
        """Anki changes no character on the way in."""
        arrived = {
            guid: "\x1f".join(note.fields.values()) for guid, note in either.learner.notes().items()
        }
        assert arrived == {guid: values for guid, values, *_ in either.notes()}

    def test_the_key_of_a_note_is_its_guid(self, either: Imported) -> None:
        """So a search for `Key:…` finds it."""
        for guid, note in either.learner.notes().items():
            assert note.fields["Key"] == guid

    def test_sort_fields_and_checksums_are_those_that_anki_computes(self, either: Imported) -> None:
        """Anki 2.1.49 takes them from the package; newer ones compute them anew, which tells what
        is right.
        """
        computed = either.learner.collection.db.all(
            "SELECT guid, sfld, csum FROM notes ORDER BY guid"
        )
        assert [
            [guid, sort_field, checksum] for guid, _, sort_field, checksum in either.notes()
        ] == computed

    def test_note_types_keep_their_ids_and_names(self, either: Imported) -> None:
        """Fields and templates too: by their ids Anki will know them again."""
        packed = either.note_types()
        used = {note.note_type for note in either.learner.notes().values()}
        for note_type in map(either.learner.collection.models.get, used):
            assert identities(note_type) == identities(packed[str(note_type["id"])])

    def test_no_card_has_a_template_error(self, either: Imported) -> None:
        """Both sides of every card render."""
        assert len(either.learner.shown()) >= len(either.log.new)
        assert either.learner.template_errors() == []

    def test_anki_finds_nothing_to_complain_of(self, either: Imported) -> None:
        """Neither the check of the database, nor that of media, nor the one for empty cards; and
        they make no card.
        """
        assert either.learner.complaints() == []
        assert either.learner.snapshot().keys() == either.cards()

    def test_cards_are_in_the_order_of_the_source(self, either: Imported) -> None:
        """New cards are studied by `due`, which counts the notes as written."""
        positions = {guid: position for position, guid in enumerate(written_order(either))}
        order = [positions[guid] for guid, _ in either.learner.new_cards()]
        assert order == sorted(order)
        assert len(set(order)) == len(either.log.new)

    def test_saving_every_note_in_the_editor_changes_nothing(self, either: Imported) -> None:
        """Anki has no field to normalise and no missing card to make."""
        before = {guid: (note.fields, note.tags) for guid, note in either.learner.notes().items()}
        either.learner.save_all()
        assert {
            guid: (note.fields, note.tags) for guid, note in either.learner.notes().items()
        } == before
        assert either.learner.snapshot().keys() == either.cards()


def identities(note_type: dict[str, Any]) -> dict[str, Any]:
    """What never changes of a note type."""
    return {
        "name": note_type["name"],
        "type": note_type["type"],
        "fields": [(each["name"], each["ord"], each["id"]) for each in note_type["flds"]],
        "templates": [(each["name"], each["ord"], each["id"]) for each in note_type["tmpls"]],
    }


def written_order(imported: Imported) -> list[str]:
    """The guids in the order in which their questions stand in the source."""
    source = (imported.package.parents[1] / "cards.md").read_text(encoding="utf-8")
    headings = [
        bare(re.sub(r" \{[^{}]*\}$", "", line[3:]))
        for line in source.split("\n")
        if line.startswith("## ")
    ]
    return sorted(
        imported.log.new, key=lambda guid: headings.index(first_paragraph(imported, guid))
    )


def first_paragraph(imported: Imported, guid: str) -> str:
    """What a note begins with, without what Markdown and MathJax write around words."""
    first_field = next(iter(imported.learner.notes()[guid].fields.values()))
    return bare(imported.learner.text(first_field.partition("</p>")[0]))


def bare(text: str) -> str:
    return re.sub(r"[`_$*]|\\[()]", "", text)


class TestOwnDeck:
    """What holds whatever contributors do to the cards."""

    def test_it_is_imported_whole(self, own: Imported) -> None:
        assert len(own.log.new) == len(own.notes()) > 0

    def test_the_reviewer_shows_them_in_the_order_of_the_source(self, own: Imported) -> None:
        """Up to twenty on the first day, as is Anki's way."""
        [*_, deck] = own.learner.decks()
        asked = [guid for guid, ord in own.learner.queue(deck) if ord == 0]
        assert asked == written_order(own)[: len(asked)]
        assert len(asked) == min(20, len(own.log.new))

    def test_it_has_its_deck_alone(self, own: Imported) -> None:
        assert own.learner.decks() == ("fastai", "fastai::Chapter 5 Image Classification")

    def test_both_drawings_are_there(self, own: Imported) -> None:
        """Under the names that the cards ask for, with the content of the repository."""
        drawings = sorted((path.stem, path.read_bytes()) for path in (ROOT / "media").glob("*.svg"))
        arrived = sorted(
            (name.rpartition("-")[0], content) for name, content in own.learner.media().items()
        )
        assert arrived == drawings

    def test_every_note_has_the_tags_of_the_file(self, own: Imported) -> None:
        for note in own.learner.notes().values():
            assert {"fastai", "ch05"} <= set(note.tags)


# Each question with the deck below `DECK`, the ords of its cards, and the tags of its own.
CARDS = [
    pytest.param("What is a basic card?", "", (0,), (), id="basic"),
    pytest.param("Which word is shown on both sides?", "", (0, 1), ("both",), id="reverse"),
    pytest.param("What must be typed?", "", (0,), (), id="typed"),
    pytest.param("Which text is compared", "", (0,), (), id="typed text of its own"),
    pytest.param("What helps without telling?", "", (0,), (), id="hint, extra and source"),
    pytest.param("Both at once", "", (0, 1), (), id="reverse and typed"),
    pytest.param(
        "What does this code print?", "", (0,), (), id="question with code that looks like a cloze"
    ),
    pytest.param("The capital of France", "::Clozes", (0, 1), (), id="two deletions"),
    pytest.param(
        "Several deletions", "::Clozes", (0, 2), (), id="a number twice, another left out"
    ),
    pytest.param("Nested deletions", "::Clozes", (0, 1), (), id="a deletion in a deletion"),
    pytest.param(
        "{{c1::A deletion}} in the heading", "::Clozes", (0,), (), id="deletion in the heading"
    ),
    pytest.param("A cloze by its attribute", "::Clozes", (0,), (), id="kind=cloze"),
    pytest.param(
        "A deletion with code and math", "::Clozes", (0, 1), (), id="deletions in code and math"
    ),
    pytest.param("What is \\(\\log(-2)\\)", "::Rich text", (0,), (), id="math and a dollar"),
    pytest.param("Which columns has this table?", "::Rich text", (0,), (), id="table"),
    pytest.param("How does a list hold code?", "::Rich text", (0,), (), id="code in a list"),
    pytest.param("What is on the picture?", "::Rich text", (0,), (), id="picture"),
    pytest.param(
        "Are brackets", "::Rich text", (0,), (), id="text that looks like Anki's instructions"
    ),
    pytest.param("北京是哪个国家的首都", "::Rich text", (0,), (), id="Chinese"),
]


class TestEveryFeature:
    @pytest.mark.parametrize(("question", "deck", "ords", "tags"), CARDS)
    def test_a_note_has_its_cards_deck_and_tags(
        self,
        features: Imported,
        question: str,
        deck: str,
        ords: tuple[int, ...],
        tags: tuple[str, ...],
    ) -> None:
        guid = features.learner.guid(question)
        scheduling = features.learner.snapshot()
        note = features.learner.notes()[guid]
        assert note.ords == ords
        assert {scheduling[guid, ord].deck for ord in ords} == {DECK + deck}
        assert set(note.tags) == {"all", "größe::klein", *tags}

    def test_the_table_above_holds_every_note(self, features: Imported) -> None:
        assert sorted(features.learner.guid(str(row.values[0])) for row in CARDS) == sorted(
            features.log.new
        )

    def test_the_decks_are_the_file_and_its_sections(self, features: Imported) -> None:
        assert features.learner.decks() == ("Größe", DECK, f"{DECK}::Clozes", f"{DECK}::Rich text")

    def test_the_description_tells_name_version_and_where_to_report(
        self, features: Imported
    ) -> None:
        """It stands on the deck of the file alone, and Anki reads it as Markdown."""
        description = features.learner.description(DECK)
        assert "every-feature 1.0.0" in description
        assert "Each *feature*, once." in description
        assert "<https://example.org/issues>" in description
        assert features.learner.collection.decks.by_name(DECK)["md"] is True
        assert features.learner.description(f"{DECK}::Clozes") == ""

    def test_the_picture_is_there_under_the_name_that_the_card_asks_for(
        self, features: Imported
    ) -> None:
        [(name, content)] = features.learner.media().items()
        shown = features.learner.shown()[card(features, "What is on the picture?")]
        assert content == picture(SHADE)
        assert shown.question.count(f'src="{name}"') == 1
        assert shown.answer.count(f'src="{name}"') == 2

    @pytest.mark.parametrize(
        ("question", "ord", "fragment"),
        [
            pytest.param("What is a basic card?", 0, "<p>What is a basic card?</p>", id="question"),
            pytest.param(
                "Which word is shown",
                1,
                "<code>reverse</code>",
                id="a reverse card asks for the question",
            ),
            pytest.param("What must be typed?", 0, "[[type:Typed]]", id="a typed card has a box"),
            pytest.param(
                "What helps without telling?",
                0,
                "<summary>Hint</summary><p>It rhymes",
                id="a hint can be opened",
            ),
            pytest.param(
                "What does this code print?",
                0,
                '<span class="nb">print</span>',
                id="code is highlighted",
            ),
            pytest.param(
                "What does this code print?", 0, "{{c1::not a cloze}}", id="braces in code stay"
            ),
            pytest.param(
                "The capital of France",
                0,
                ">[...]</span>, on the <span",
                id="the first deletion hides itself alone",
            ),
            pytest.param(
                "The capital of France", 1, ">[a river]</span>", id="a deletion shows its hint"
            ),
            pytest.param(
                "Nested deletions",
                1,
                "A deletion <span",
                id="the outer deletion shows around the inner one",
            ),
            pytest.param(
                "A deletion with code and math",
                0,
                ">[...]</span> has",
                id="`::` in code begins no hint",
            ),
            pytest.param(
                "What is \\(\\log(-2)\\)",
                0,
                "\\(\\log(-2)\\), and is it worth $5?",
                id="math, and a dollar",
            ),
        ],
    )
    def test_the_front_shows(
        self, features: Imported, question: str, ord: int, fragment: str
    ) -> None:
        assert fragment in features.learner.shown()[card(features, question, ord)].question

    @pytest.mark.parametrize(
        ("question", "ord", "fragment"),
        [
            pytest.param(
                "What is a basic card?", 0, "5 &lt; 6 &amp; 7 &gt; 3", id="signs of HTML are text"
            ),
            pytest.param(
                "What is a basic card?", 0, 'href="https://example.org/?a=1&amp;b=2"', id="link"
            ),
            pytest.param(
                "Which word is shown",
                1,
                "Which word is <em>shown</em> on both sides?",
                id="reverse",
            ),
            pytest.param(
                "What helps without telling?", 0, "on <strong>two</strong> lines", id="extra"
            ),
            pytest.param(
                "What helps without telling?", 0, '<a href="https://example.org/book">', id="source"
            ),
            pytest.param(
                "A cloze by its attribute", 0, "Less on a mountain.", id="extra of a cloze"
            ),
            pytest.param(
                "A deletion with code and math",
                0,
                "<code>std:<wbr>:string</code>",
                id="`::` in the code of a deletion",
            ),
            pytest.param(
                "What is \\(\\log(-2)\\)",
                0,
                "\\int_0^1 x^2 \\, dx &lt; \\frac{1}{2}",
                id="display math",
            ),
            pytest.param(
                "Which columns has this table?",
                0,
                "<tbody>",
                id="table with a body, as browsers print it",
            ),
            pytest.param("Are brackets", 0, "{{type:Front}}", id="braces in prose stay"),
            pytest.param(
                "北京是哪个国家的首都", 0, "中国。🇨🇳", id="characters beyond the first plane"
            ),
        ],
    )
    def test_the_back_shows(
        self, features: Imported, question: str, ord: int, fragment: str
    ) -> None:
        assert fragment in features.learner.shown()[card(features, question, ord)].answer

    def test_code_in_a_list_stays_in_its_item(self, features: Imported) -> None:
        """As on GitHub, where three spaces are enough."""
        answer = features.learner.shown()[card(features, "How does a list hold code?")].answer
        item = answer.partition("<li>")[2].partition("</li>")[0]
        assert "<pre" in item
        assert answer.count("<ol") == 1

    @pytest.mark.parametrize("side", ["question", "answer"])
    def test_anki_finds_no_instructions_of_its_own(self, features: Imported, side: str) -> None:
        """`[sound:…]` and its like in a text play nothing and run no LaTeX."""
        learner = features.learner
        html = getattr(learner.shown()[card(features, "Are brackets")], side)
        assert "[anki:" not in html
        assert (
            learner.collection._backend.extract_av_tags(text=html, question_side=True).av_tags == []
        )

    @pytest.mark.parametrize(
        ("question", "typed"),
        [
            pytest.param("What must be typed?", "café", id="the answer"),
            pytest.param("Which text is compared", "a < b", id="a text of its own"),
            pytest.param("Both at once", "yes", id="with a reverse card"),
        ],
    )
    def test_what_is_to_be_typed_is_right_when_typed(
        self, features: Imported, question: str, typed: str
    ) -> None:
        guid = features.learner.guid(question)
        assert "typeBad" not in features.learner.comparison(guid, typed)
        assert "typeBad" in features.learner.comparison(guid, f"x{typed}")


def card(imported: Imported, question: str, ord: int = 0) -> CardKey:
    return imported.learner.guid(question), ord


@pytest.mark.parametrize(
    ("front", "back", "cloze"),
    [
        pytest.param("{{Nonsense}}", "{{Back}}", False, id="unknown field on the front"),
        pytest.param("{{Front}}", "{{Nonsense}}", False, id="unknown field on the back"),
        pytest.param(
            "{{#Extra}}{{Front}}{{/Extra}}", "{{Back}}", False, id="front under a false condition"
        ),
        pytest.param("{{cloze:Front}}", "{{Back}}", False, id="front that shows nothing"),
        pytest.param("{{cloze:Front}}", "{{Back}}", True, id="cloze card without its deletion"),
        pytest.param(
            "text {{cloze:Front}}",
            "{{Back}}",
            True,
            id="text, and a cloze card without its deletion",
        ),
    ],
)
def test_a_broken_card_is_noticed(tmp_path: Path, front: str, back: str, cloze: bool) -> None:
    """What proves that the tests above would fail: the same check on cards that are wrong."""
    fields = (Field("Front", 1), Field("Back", 2), Field("Extra", 3))
    templates = (Template("Card 1", 4, front, back),)
    note_type = NoteType(
        "broken", 1_020_000_000_001, "Broken", fields, templates, css="", cloze=cloze, mod=1
    )
    note = PackedNote(
        "a" * 16, 1_020_000_000_002, 1, "broken", "Deck", ("front", "back", ""), (), (0,)
    )
    package = tmp_path / "broken.apkg"
    package.write_bytes(make_package(Package("broken", "1.0.0", "", (note_type,), (note,), ())))
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(package)
        assert len(learner.template_errors()) >= 1


def _renamed(folder: Path, monkeypatch: pytest.MonkeyPatch, decks: tuple[str, str]) -> bool:
    """Whether Anki renames a deck of a package with these decks, though none is the same.

    Of a deck called Default it does so by chance, so no test can hold that.
    """
    author = Author(folder, monkeypatch, {"name": "decks", "sources": ["*.md"]})
    for number, deck in enumerate(decks):
        author.write(f"{number}.md", f"---\ndeck: {deck}\n---\n## Q{number}?\n\na\n")
    # As it would be without the check.
    monkeypatch.setattr(placing, "bad_decks", lambda *_: ())
    package = author.release("1.0.0")
    with Learner(folder / "learner") as learner:
        learner.import_package(package)
        return any(each.name.endswith("_") for each in learner.collection.decks.all_names_and_ids())


@pytest.mark.parametrize(
    "decks",
    [
        ("Biology", "biology"),
        ("Straße", "STRASSE"),
        ("School::A", "school::B"),
        ("School", "school::B"),
    ],
)
def test_the_decks_that_anki_renames_are_those_that_are_refused(
    decks: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [
        Source(f"{number}.md", f"---\ndeck: {deck}\n---\n## Q{number}?\n\na\n")
        for number, deck in enumerate(decks)
    ]
    refused = [each.code for each in parse(sources, Settings()).diagnostics]
    assert (refused == ["bad-deck"]) == _renamed(tmp_path / "deck", monkeypatch, decks)
