"""ankipress's rule for which cards a note has, against the cards that the real Anki makes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.model import Field as FieldOfType
from ankipress.model import NoteType, Template
from ankipress.notetypes.builtin import note_types
from ankipress.package.card_generation import card_ords
from learner import Learner

TYPES = note_types("truth-of-cards", "Truth", "")
BASIC, CLOZE = TYPES["basic"], TYPES["cloze"]


class Engine:
    """A collection that makes the cards of one note after another, and keeps none."""

    def __init__(self, learner: Learner) -> None:
        self._collection = learner.collection
        self._models: dict[tuple[object, ...], int] = {}

    def ords(self, note_type: NoteType, fields: Mapping[str, str]) -> tuple[int, ...]:
        """The ords of the cards that Anki makes when a learner adds such a note.

        A note that deserves none gets a blank card from Anki, which the search for empty cards then
        finds: no card counts that Anki itself calls empty.
        """
        note = self._collection.new_note(self._collection.models.get(self._model(note_type)))
        for name, value in fields.items():
            note[name] = value
        self._collection.add_note(note, 1)
        empty = {
            card for each in self._collection.get_empty_cards().notes for card in each.card_ids
        }
        ords = tuple(sorted(card.ord for card in note.cards() if card.id not in empty))
        self._collection.remove_notes([note.id])
        return ords

    def _model(self, note_type: NoteType) -> int:
        key = (note_type.name, note_type.templates)
        if key not in self._models:
            self._models[key] = self._new_model(note_type, f"{note_type.name} {len(self._models)}")
        return self._models[key]

    def _new_model(self, note_type: NoteType, name: str) -> int:
        models = self._collection.models
        model = models.new(name)
        model["type"] = int(note_type.cloze)
        for field in note_type.fields:
            models.add_field(model, models.new_field(field.name))
        for template in note_type.templates:
            models.add_template(
                model,
                {
                    **models.new_template(template.name),
                    "qfmt": template.front,
                    "afmt": template.back,
                },
            )
        return int(models.add_dict(model).id)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Learner(tmp_path_factory.mktemp("engine") / "collection") as learner:
        yield Engine(learner)


def plain_type(*fronts: str, fields: str = "A B C") -> NoteType:
    """A note type of some fields, and a template with each front."""
    templates = tuple(
        Template(f"Card {number}", number, front, "{{A}}") for number, front in enumerate(fronts, 1)
    )
    return NoteType(
        "plain",
        1,
        "Plain",
        tuple(FieldOfType(name, 0) for name in fields.split()),
        templates,
        css="",
    )


CLOZES = [
    pytest.param("", (), id="empty"),
    pytest.param("text without a deletion", (), id="no deletion"),
    pytest.param("{{c1::a}}", (0,), id="one"),
    pytest.param("{{c1::a}} {{c1::b}}", (0,), id="one number twice"),
    pytest.param("{{c3::a}} {{c1::b}}", (0, 2), id="numbers out of order with a gap"),
    pytest.param("{{c1::a::hint}}", (0,), id="with a hint"),
    pytest.param("{{c1::}}", (0,), id="nothing deleted"),
    pytest.param("{{c1::a {{c2::b}} c}}", (0, 1), id="nested"),
    pytest.param("{{c1::{{c2::{{c3::a}}}}}}", (0, 1, 2), id="nested thrice"),
    pytest.param("{{c1::a {{c2::b}} c", (), id="inner closed, outer not"),
    pytest.param("{{c1::{{c2::a}} {{c3::b}}", (), id="two inner ones closed, outer not"),
    pytest.param("{{c1::" * 12 + "a" + "}}" * 12, (0,), id="twelve deep"),
    pytest.param(
        "".join(f"{{{{c{n}::" for n in range(1, 13)) + "a" + "}}" * 12,
        None,
        id="twelve deep, all different",
    ),
    pytest.param("{{c1::a", (), id="not closed"),
    pytest.param("{{c1::a}", (), id="half closed"),
    pytest.param("a}} {{c1::b}}", (0,), id="closed before it opens"),
    pytest.param("{{c1,2::a}}", (0, 1), id="two numbers"),
    pytest.param("{{c1,3,1::a}}", (0, 2), id="a number twice in a list"),
    pytest.param("{{c1,::a}}", None, id="list that ends in a comma"),
    pytest.param("{{c,1::a}}", None, id="list that begins with a comma"),
    pytest.param("{{c,::a}}", None, id="only a comma"),
    pytest.param("{{c1,,2::a}}", None, id="two commas"),
    pytest.param("{{c1, 2::a}}", None, id="space in a list"),
    pytest.param("{{c0::a}}", None, id="number zero"),
    pytest.param("{{c0::a}} {{c2::b}}", None, id="number zero beside another"),
    pytest.param("{{c01::a}}", (0,), id="leading zero"),
    pytest.param("{{c500::a}}", (499,), id="the highest number"),
    pytest.param("{{c501::a}}", None, id="above the highest number"),
    pytest.param("{{c65535::a}}", None, id="largest of 16 bits"),
    pytest.param("{{c65536::a}}", None, id="more than 16 bits"),
    pytest.param("{{c99999999999999999999::a}}", None, id="more than 64 bits"),
    pytest.param("{{c" + "9" * 5000 + "::a}}", (), id="more digits than Python reads"),
    pytest.param(
        "{{c1,99999999999999999999::a}}", None, id="a good number and one of more than 64 bits"
    ),
    pytest.param("{{c::a}}", (), id="no number"),
    pytest.param("{{c-1::a}}", (), id="negative number"),
    pytest.param("{{c\u0661::a}}", None, id="Arabic digit"),
    pytest.param("{{C1::a}}", (), id="capital letter"),
    pytest.param("{{ c1::a}}", (), id="space before"),
    pytest.param("{{c1 ::a}}", (), id="space behind the number"),
    pytest.param("{{c1:a}}", (), id="one colon"),
    pytest.param("{{{c1::a}}}", None, id="three braces"),
    pytest.param("{{{{c1::a}}}}", None, id="four braces"),
    pytest.param("{{c1::a}}}", (0,), id="a brace behind"),
    pytest.param("{{c1::{a}}}", (0,), id="braces inside"),
    pytest.param("{{c1::a\nb}}", (0,), id="over two lines"),
    pytest.param("<p>{{c1::a</p><p>b}}</p>", (0,), id="across paragraphs"),
    pytest.param("<code>{{c1::a}}</code>", (0,), id="in code"),
    pytest.param("{<wbr>{c1::a}}", (), id="parted by markup"),
    pytest.param("&#123;{c1::a}}", (), id="character reference"),
    pytest.param("\\({{c1::x}}\\)", (0,), id="in math"),
    pytest.param("<!-- {{c1::a}} -->", (0,), id="in a comment"),
    pytest.param("[sound:{{c1::a}}]", (0,), id="in a sound"),
    pytest.param(
        "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4}}", (0,), id="occlusion"
    ),
]


@pytest.mark.parametrize(("text", "expected"), CLOZES)
def test_a_cloze_note_has_the_cards_that_anki_makes(
    engine: Engine, text: str, expected: tuple[int, ...] | None
) -> None:
    """Where a row names the ords, Anki agrees with the row too; the odd ones only follow Anki."""
    made = engine.ords(CLOZE, {"Text": text})
    assert card_ords(CLOZE, {"Text": text}) == made
    assert expected in {None, made}


def test_a_deletion_makes_a_card_in_whatever_field_it_stands(engine: Engine) -> None:
    """Even where the template shows that field as it is: so no deletion may stand outside of
    `Text`.
    """
    fields = {"Text": "{{c1::a}}", "Hint": "{{c2::b}}", "Extra": "{{c3::c}}", "Source": "{{c4::d}}"}
    assert engine.ords(CLOZE, fields) == (0, 1, 2, 3)
    assert card_ords(CLOZE, fields) == (0, 1, 2, 3)


OPENINGS = ["{{c1::", "{{c2::", "{{c3::", "{{c1,4::", "{{c0::", "{{c501::"]
PIECES = [*OPENINGS, "}}", "}}", "{{c", "{{", "{", "}", "::", ":", ",", "1", " ", "<b>", "ü"]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_cloze_text_makes_the_cards_that_anki_makes(engine: Engine, text: str) -> None:
    """However deletions are nested, broken or left open."""
    assert card_ords(CLOZE, {"Text": text}) == engine.ords(CLOZE, {"Text": text})


VALUES = [
    pytest.param("", id="nothing"),
    pytest.param(" ", id="space"),
    pytest.param("\n\t", id="line end and tab"),
    pytest.param("\u3000", id="ideographic space"),
    pytest.param("\u200b", id="space of no width"),
    pytest.param("&nbsp;", id="reference to a space"),
    pytest.param("\xa0", id="no-break space"),
    pytest.param("<br>", id="line break"),
    pytest.param("<br/>", id="self-closed line break"),
    pytest.param("<BR>", id="line break in capitals"),
    pytest.param("<br >", id="line break with a space"),
    pytest.param("<br/ >", id="slash, then a space"),
    pytest.param("< br>", id="space before the name"),
    pytest.param("</br>", id="closing line break"),
    pytest.param("<br class='x'>", id="line break with a class"),
    pytest.param("<div></div>", id="div"),
    pytest.param("<div><br></div>", id="line break in a div"),
    pytest.param("<div class='x'></div>", id="div with a class"),
    pytest.param(" <br> <div> \n </div>", id="breaks and spaces"),
    pytest.param("<p></p>", id="paragraph"),
    pytest.param("<b></b>", id="bold nothing"),
    pytest.param("<hr>", id="rule"),
    pytest.param("<img src='x.png'>", id="picture"),
    pytest.param("<!-- -->", id="comment"),
    pytest.param("[sound:x.mp3]", id="sound"),
    pytest.param("0", id="zero"),
    pytest.param("text", id="text"),
]


@pytest.mark.parametrize("value", VALUES)
def test_a_field_counts_as_filled_when_anki_counts_it_so(engine: Engine, value: str) -> None:
    """For the front that shows it, and for the condition that makes a reverse card."""
    for fields in ({"Front": value, "Back": "b"}, {"Front": "a", "Back": "b", "Reverse": value}):
        assert card_ords(BASIC, fields) == engine.ords(BASIC, fields)


FILLING = st.sampled_from(["", "", "x", "<br>", " ", "<p></p>"])
FIELDS = st.fixed_dictionaries(
    dict.fromkeys(("Front", "Back", "Hint", "Typed", "Reverse", "Key"), FILLING)
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(fields=FIELDS)
def test_any_combination_of_fields_makes_the_cards_that_anki_makes(
    engine: Engine, fields: dict[str, str]
) -> None:
    """Of a basic note: an empty side makes no card that asks for it."""
    assert card_ords(BASIC, fields) == engine.ords(BASIC, fields)


FRONTS = [
    pytest.param("{{A}}", id="field"),
    pytest.param("{{ A }}", id="field with spaces"),
    pytest.param("{{text:A}}", id="filter"),
    pytest.param("{{hint:text:A}}", id="two filters"),
    pytest.param("{{type:A}}", id="typed"),
    pytest.param("{{tts en_US voices=Apple:A}}", id="speech"),
    pytest.param("{{#A}}{{B}}{{/A}}", id="field under a condition"),
    pytest.param("{{^A}}{{B}}{{/A}}", id="field under the opposite"),
    pytest.param("{{#A}}{{^B}}{{C}}{{/B}}{{/A}}", id="conditions in each other"),
    pytest.param("{{#A}}text{{/A}}", id="only text under a condition"),
    pytest.param("{{^A}}text{{/A}}", id="only text under the opposite"),
    pytest.param("{{#A}}{{/A}}{{B}}", id="empty condition"),
    pytest.param("{{#A}}{{B}}{{/A}}{{^A}}{{C}}{{/A}}", id="one or the other"),
    pytest.param("{{# A }}{{B}}{{/ A }}", id="condition with spaces"),
    pytest.param("{{Deck}}", id="deck: always there"),
    pytest.param("{{Subdeck}}", id="subdeck: always there"),
    pytest.param("{{Type}}", id="note type: always there"),
    pytest.param("{{Card}}", id="name of the template: always there"),
    pytest.param("{{CardFlag}}", id="flag: always there"),
    pytest.param("{{Tags}}", id="tags: only where the note has some"),
    pytest.param("{{FrontSide}}", id="front side on the front: never there"),
    pytest.param("{{#Deck}}{{A}}{{/Deck}}", id="under a condition that always holds"),
    pytest.param("{{#A}}{{Deck}}{{/A}}", id="deck under a condition"),
    pytest.param("<!-- {{B}} -->{{A}}", id="field in a comment"),
    pytest.param("{{A}}<!-- {{#B}} -->", id="condition in a comment"),
    pytest.param("{{#A}}{{#A}}{{B}}{{/A}}{{/A}}", id="the same condition twice"),
    pytest.param("text {{A}} {{B}} {{C}}", id="several fields"),
    pytest.param("{{cloze:A}}", id="cloze filter without cloze type"),
]
COMBINATIONS = [
    dict(zip("ABC", values, strict=True)) for values in itertools.product(("", "x"), repeat=3)
]


@pytest.mark.parametrize("front", FRONTS)
def test_a_template_makes_a_card_when_it_does_in_anki(engine: Engine, front: str) -> None:
    """For every combination of empty and filled fields. The note types of ankipress need few of
    these, custom ones any.
    """
    note_type = plain_type(front)
    ankipress = {str(fields): card_ords(note_type, fields) for fields in COMBINATIONS}
    assert ankipress == {str(fields): engine.ords(note_type, fields) for fields in COMBINATIONS}
