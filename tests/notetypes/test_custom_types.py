"""Note types of authors' own: read from their folders, and held to what is published."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from ankipress.diagnostics import Diagnostic
from ankipress.identity.lock import read_lock, write_lock
from ankipress.model import CustomType, Lock, Named, NoteType, NoteTypeStamp
from ankipress.notetypes.custom_types import CustomTypes, read_custom
from ankipress.notetypes.schema import fits, resolve_types

TOML = 'fields = ["Word", "Meaning", "Example"]\n'
CARD = {"card.front.html": "{{Word}}", "card.back.html": "{{FrontSide}}<hr id=answer>{{Meaning}}"}
CLOZE = {"card.front.html": "{{cloze:Text}}", "card.back.html": "{{cloze:Text}}{{Note}}"}


def read(
    toml: str | None = TOML, files: Mapping[str, str] = CARD, name: str = "vocab"
) -> CustomTypes:
    texts = dict(files) if toml is None else {"notetype.toml": toml, **files}
    return read_custom({f"notetypes/{name}/{file}": text for file, text in texts.items()})


def good(toml: str = TOML, files: Mapping[str, str] = CARD) -> CustomType:
    result = read(toml, files)
    assert result.diagnostics == ()
    [found] = result.types.values()
    return found


def told(result: CustomTypes) -> list[tuple[str, str, int, str]]:
    return [
        (
            each.code,
            each.location.path.removeprefix("notetypes/vocab/"),
            each.location.line,
            each.message,
        )
        for each in result.diagnostics
    ]


# Reading


def test_no_files_are_no_note_types() -> None:
    assert read_custom({}) == CustomTypes({})


def test_a_folder_is_a_note_type() -> None:
    found = good()
    assert (found.key, found.name, found.cloze, found.cloze_fields, found.base_style) == (
        "vocab",
        "vocab",
        False,
        (),
        True,
    )
    assert [each.name for each in found.fields] == ["Word", "Meaning", "Example"]
    assert [(each.named.name, each.front) for each in found.templates] == [("card", "{{Word}}")]
    assert dict(found.part_names) == {"Word": "Front", "Meaning": "Back", "Example": "Example"}


def test_names_styles_and_files() -> None:
    toml = 'name = "My words"\nfields = ["A", { name = "B", was = "C" }, "Front"]\n'
    toml += 'templates = [{ name = "One way", file = "card" }]\n'
    files = {
        "card.front.html": "{{A}}",
        "card.back.html": "{{B}}",
        "style.css": ".card { color: red }\n",
    }
    found = good(toml, files)
    assert (found.name, found.css, found.base_style) == ("My words", ".card { color: red }", False)
    assert found.fields[1] == Named("B", ("C",))
    assert found.templates[0].named == Named("One way", (), "card")
    assert dict(found.part_names) == {"A": "Front", "B": "Back", "Front": "Front field"}


def test_a_cloze_note_type_names_its_field() -> None:
    assert good('fields = ["Title", "Text", "Note"]\ncloze = true\n', CLOZE).cloze_fields == (
        "Text",
    )


@pytest.mark.parametrize(
    ("toml", "files", "expected"),
    [
        pytest.param(
            None,
            CARD,
            ("bad-note-type", "notetypes/vocab", 0, "this folder has no notetype.toml"),
            id="no notetype.toml",
        ),
        pytest.param("fields = [", {}, None, id="no TOML"),
        pytest.param(
            "cloze = false",
            CARD,
            ("bad-note-type", "notetype.toml", 1, '"fields" is a list of names'),
            id="no fields",
        ),
        pytest.param(
            f"{TOML}feilds = 1",
            CARD,
            (
                "bad-note-type",
                "notetype.toml",
                2,
                'there is no key "feilds"; did you mean "fields"?',
            ),
            id="a key",
        ),
        pytest.param(
            f"{TOML}cloze = 1",
            CARD,
            ("bad-note-type", "notetype.toml", 2, '"cloze" is true or false'),
            id="cloze",
        ),
        pytest.param(
            f"{TOML}name = 1",
            CARD,
            ("bad-note-type", "notetype.toml", 2, '"name" is a line of text'),
            id="name",
        ),
        pytest.param(
            f"{TOML}base_style = 1",
            CARD,
            ("bad-note-type", "notetype.toml", 2, '"base_style" is true or false'),
            id="base_style",
        ),
        pytest.param(
            'fields = [\n"Word", "Meaning",\n"word"]',
            CARD,
            ("bad-note-type", "notetype.toml", 3, 'the name "word" stands here twice'),
            id="twice",
        ),
        pytest.param(
            'fields = ["Word", "Meaning",\n"tags"]',
            CARD,
            ("bad-note-type", "notetype.toml", 2, 'the name "tags" is taken by Anki or ankipress'),
            id="taken",
        ),
        pytest.param(
            'fields = ["Word", "Meaning",\n"a:b"]',
            CARD,
            ("bad-note-type", "notetype.toml", 2, '"a:b" cannot be a name in Anki'),
            id="a colon",
        ),
        pytest.param(
            'fields = ["Word", "Meaning", { nam = "x" }]',
            CARD,
            ("bad-note-type", "notetype.toml", 1, "{'nam': 'x'} is no name"),
            id="a table",
        ),
        pytest.param(
            TOML,
            {},
            ("bad-note-type", "notetype.toml", 1, "this note type has no template"),
            id="no template",
        ),
        pytest.param(
            TOML,
            {"card.front.html": "{{Word}}"},
            (
                "bad-note-type",
                "notetype.toml",
                1,
                'there is no file "card.back.html"; did you mean "card.front.html"?',
            ),
            id="no back",
        ),
        pytest.param(
            TOML,
            {**CARD, "back.front.html": "{{Meaning}}", "back.back.html": "{{Word}}"},
            (
                "bad-note-type",
                "notetype.toml",
                1,
                'the order of the templates is not said: "back", "card"',
            ),
            id="no order",
        ),
        pytest.param(
            f'{TOML}templates = ["card"]',
            {**CARD, "more.front.html": "{{Meaning}}", "more.back.html": "{{Word}}"},
            ("bad-note-type", "notetype.toml", 2, 'the template "more" is not listed'),
            id="not listed",
        ),
        pytest.param(
            TOML,
            {**CARD, "card.front.html": "Hello"},
            (
                "bad-template",
                "card.front.html",
                1,
                "this front shows no field, so Anki would make no card",
            ),
            id="no field",
        ),
        pytest.param(
            TOML,
            {**CARD, "card.back.html": "a\n{{Wrod}}"},
            ("bad-template", "card.back.html", 2, 'there is no field "Wrod"; did you mean "Word"?'),
            id="a field",
        ),
        pytest.param(
            f'{TOML}templates = ["card", "more"]',
            {**CARD, "more.front.html": "{{Word}}", "more.back.html": "{{Word}}"},
            (
                "bad-template",
                "more.front.html",
                1,
                "this front is that of notetypes/vocab/card.front.html",
            ),
            id="the same front",
        ),
        pytest.param(
            f"{TOML}cloze = true",
            CARD,
            (
                "bad-template",
                "card.front.html",
                1,
                "a cloze note type hides deletions on both sides",
            ),
            id="nothing hidden",
        ),
    ],
)
def test_a_mistake_is_told_where_it_is(
    toml: str | None, files: Mapping[str, str], expected: tuple[str, str, int, str] | None
) -> None:
    found = told(read(toml, files))
    assert len(found) == 1
    assert expected in {None, found[0]}


@pytest.mark.parametrize("name", ["basic", "occlusion", "1st", "a b", "ä", "x" * 41])
def test_a_folder_cannot_be_called_anything(name: str) -> None:
    assert [each.code for each in read(name=name).diagnostics] == ["bad-note-type"]


# What is published


def settled(custom: CustomType, stamp: NoteTypeStamp | None = None) -> tuple[NoteType, list[str]]:
    result = resolve_types(
        CustomTypes({custom.key: custom}),
        {custom.key: stamp} if stamp else {},
        "uid-of-deck",
        "deck",
        ".k { }",
    )
    return result.types[custom.key], [each.message for each in result.diagnostics]


def published(custom: CustomType) -> NoteTypeStamp:
    note_type, problems = settled(custom)
    assert problems == []
    return NoteTypeStamp(note_type.id, note_type.name, "digest", 7, note_type.schema)


def names(note_type: NoteType) -> list[str]:
    return [each.name for each in note_type.fields]


def ids(note_type: NoteType) -> list[int]:
    every = [each.id for each in note_type.fields] + [each.id for each in note_type.templates]
    return [id for id in every if id is not None]


def test_a_new_note_type_has_a_key_and_fields_to_spare_and_ids_of_its_own() -> None:
    note_type, problems = settled(good())
    assert (names(note_type), problems) == (
        ["Word", "Meaning", "Example", "Key", "Reserved 1", "Reserved 2"],
        [],
    )
    assert len(set(ids(note_type))) == len(ids(note_type))
    assert all(0 < each < 2**63 for each in ids(note_type))
    assert note_type.css.endswith(".k { }\n")
    assert ".ankipress" in note_type.css


def test_an_own_style_stands_alone_unless_it_asks_for_that_of_ankipress() -> None:
    files = {**CARD, "style.css": ".card { }"}
    assert settled(good(TOML, files))[0].css == ".card { }\n.k { }\n"
    assert ".ankipress" in settled(good(f"{TOML}base_style = true", files))[0].css


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        pytest.param(TOML, ["Word", "Meaning", "Example"], id="nothing changed"),
        pytest.param(
            'fields = ["Word", { name = "Sense", was = "Meaning" }, "Example"]',
            ["Word", "Sense", "Example"],
            id="renamed",
        ),
        pytest.param(
            'fields = ["Word", { name = "Gist", was = ["Meaning", "Sense"] }, "Example"]',
            ["Word", "Gist", "Example"],
            id="renamed twice",
        ),
    ],
)
def test_a_renamed_field_keeps_its_id(toml: str, expected: list[str]) -> None:
    files = {name: text.replace("{{Meaning}}", "{{Word}}") for name, text in CARD.items()}
    before, stamp = settled(good())[0], published(good())
    for known in (stamp, None):  # with the lock, and without
        note_type, problems = settled(good(toml, files), known)
        assert (names(note_type)[:3], problems) == (expected, [])
        assert ids(note_type) == ids(before)


def test_a_new_field_takes_the_place_of_one_to_spare() -> None:
    before = settled(good())[0]
    toml = 'fields = ["Word", "Meaning", "Example", "Note"]'
    note_type, problems = settled(good(toml), published(good()))
    assert (names(note_type), problems) == (
        ["Word", "Meaning", "Example", "Key", "Note", "Reserved 2"],
        [],
    )
    assert ids(note_type) == ids(before)
    stamp = NoteTypeStamp(1, "n", "d", 1, note_type.schema)
    again, problems = settled(good(toml), stamp)
    assert (names(again), problems, ids(again)) == (names(note_type), [], ids(before))


@pytest.mark.parametrize(
    ("toml", "files", "message"),
    [
        pytest.param(
            'fields = ["Word", "Meaning"]',
            CARD,
            'the field "Example" is gone',
            id="a field is gone",
        ),
        pytest.param(
            'fields = ["Word", "Meaning", "Use"]',
            CARD,
            'the field "Example" is gone and the field "Use" is new; if it was renamed, '
            'write `{ name = "Use", was = "Example" }`',
            id="a field is another",
        ),
        pytest.param(
            'fields = ["Word", "Meaning", "Example", "A", "B", "C"]',
            CARD,
            'the field "A", "B", "C" is new',
            id="more than there are to spare",
        ),
        pytest.param(
            'fields = ["Meaning", "Word", "Example"]',
            CARD,
            "the fields stand in another order than when they were published",
            id="order",
        ),
        pytest.param(
            f'{TOML}templates = ["card", "more"]',
            {**CARD, "more.front.html": "{{Meaning}}", "more.back.html": "{{Word}}"},
            'the template "more" is new',
            id="a template more",
        ),
        pytest.param(
            f'{TOML}templates = ["other"]',
            {"other.front.html": "{{Word}}", "other.back.html": "{{Word}}"},
            'the template "card" is gone and the template "other" is new; if it was renamed, '
            'write `{ name = "other", was = "card" }`',
            id="a template is another",
        ),
        pytest.param(
            f"{TOML}cloze = true",
            {"card.front.html": "{{cloze:Word}}", "card.back.html": "{{cloze:Word}}"},
            "this was no cloze note type when it was published",
            id="a cloze",
        ),
    ],
)
def test_what_anki_would_refuse_is_an_error(
    toml: str, files: Mapping[str, str], message: str
) -> None:
    assert settled(good(toml, files), published(good()))[1] == [message]


def test_a_renamed_template_keeps_its_id() -> None:
    files = {"recall.front.html": "{{Word}}", "recall.back.html": "{{Meaning}}"}
    note_type, problems = settled(
        good(f'{TOML}templates = [{{ name = "recall", was = "card" }}]', files), published(good())
    )
    assert ([each.name for each in note_type.templates], problems) == (["recall"], [])
    assert ids(note_type) == ids(settled(good())[0])


def resolved(custom: CustomType) -> tuple[Diagnostic, ...]:
    """What Anki would refuse of a note type that was published as `good()` is."""
    stamps = {custom.key: published(good())}
    return resolve_types(CustomTypes({custom.key: custom}), stamps, "uid", "deck", "").diagnostics


@pytest.mark.parametrize(
    ("toml", "files", "line"),
    [
        pytest.param('name = "N"\nfields = ["Word", "Meaning"]', CARD, 2, id="fields"),
        pytest.param(
            f'{TOML}templates = ["other"]',
            {"other.front.html": "{{Word}}", "other.back.html": "{{Word}}"},
            2,
            id="templates",
        ),
        pytest.param(
            f"{TOML}cloze = true",
            {"card.front.html": "{{cloze:Word}}", "card.back.html": "{{cloze:Word}}"},
            2,
            id="cloze",
        ),
    ],
)
def test_what_anki_would_refuse_has_its_place_and_help(
    toml: str, files: Mapping[str, str], line: int
) -> None:
    [problem] = resolved(good(toml, files))
    assert problem.code == "schema-changed"
    assert problem.location.path == "notetypes/vocab/notetype.toml"
    assert problem.location.line == line
    assert 'take "vocab" out of `note_types`' in problem.help


def test_two_new_fields_take_the_places_to_spare_in_order() -> None:
    toml = 'fields = ["Word", "A", "Meaning", "B", "Example"]'
    note_type, problems = settled(good(toml), published(good()))
    assert (names(note_type), problems) == (["Word", "Meaning", "Example", "Key", "A", "B"], [])
    assert ids(note_type) == ids(settled(good())[0])


def test_the_name_itself_counts_more_than_one_of_before() -> None:
    """Two fields that exchange their names stand in another order: they are not renamed."""
    toml = """fields = [
        { name = "Meaning", was = "Word" }, { name = "Word", was = "Meaning" }, "Example",
    ]"""
    message = "the fields stand in another order than when they were published"
    assert settled(good(toml), published(good()))[1] == [message]


def test_of_the_names_of_before_the_latest_counts_and_none_serves_twice() -> None:
    toml = """fields = [
        { name = "A", was = ["Meaning", "Word"] }, { name = "B", was = ["Word", "Meaning"] },
        "Example",
    ]"""
    files = {"card.front.html": "{{A}}", "card.back.html": "{{B}}"}
    note_type, problems = settled(good(toml, files), published(good()))
    assert (names(note_type)[:3], problems) == (["A", "B", "Example"], [])
    toml = 'fields = [{ name = "A", was = "Word" }, { name = "B", was = "Word" }, "Example"]'
    [message] = settled(good(toml, files), published(good()))[1]
    assert message.startswith('the field "Meaning" is gone and the field "B" is new; ')
    assert message.endswith('write `{ name = "B", was = "Meaning" }`')


TWO_CARDS = {**CARD, "more.front.html": "{{Meaning}}", "more.back.html": "{{Word}}"}
TWO_TEMPLATES = f'{TOML}templates = ["card", "more"]'


@pytest.mark.parametrize(
    ("toml", "files", "message"),
    [
        pytest.param(
            f'{TOML}templates = ["more", "card"]',
            TWO_CARDS,
            "the templates stand in another order than when they were published",
            id="order",
        ),
        pytest.param(TOML, CARD, 'the template "more" is gone', id="one is gone"),
    ],
)
def test_templates_stay_and_keep_their_order(
    toml: str, files: Mapping[str, str], message: str
) -> None:
    stamp = published(good(TWO_TEMPLATES, TWO_CARDS))
    assert settled(good(toml, files), stamp)[1] == [message]


def test_a_template_of_its_own_field_name_has_another_id() -> None:
    """Ids of fields and templates of one name differ, and those of two note types."""
    files = {"Word.front.html": "{{Word}}", "Word.back.html": "{{Meaning}}"}
    note_type, _ = settled(good(TOML, files))
    assert len(set(ids(note_type))) == len(ids(note_type))
    [other] = read(TOML, files, "other").types.values()
    assert set(ids(note_type)).isdisjoint(ids(settled(other)[0]))


def test_a_note_type_that_was_a_cloze_stays_one() -> None:
    cloze = good('fields = ["Text", "Note"]\ncloze = true', CLOZE)
    files = {"card.front.html": "{{Text}}", "card.back.html": "{{Note}}"}
    plain = good('fields = ["Text", "Note"]', files)
    message = "this was a cloze note type when it was published"
    assert settled(plain, published(cloze))[1] == [message]


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        pytest.param(TOML, True, id="as published"),
        pytest.param('fields = ["Word", "Meaning", "Example", "More"]', True, id="one more"),
        pytest.param('fields = ["Word", "Meaning"]', False, id="one less"),
        pytest.param('fields = ["Meaning", "Word", "Example"]', False, id="another order"),
    ],
)
def test_fits_tells_what_anki_would_update(toml: str, expected: bool) -> None:
    schema = published(good()).schema
    assert schema is not None
    assert fits(good(toml), schema) is expected
    assert fits(good(TWO_TEMPLATES, TWO_CARDS), schema) is False


# The lock


def test_the_lock_remembers_the_schema() -> None:
    lock = Lock("uid", {"vocab": published(good()), "basic": NoteTypeStamp(1, "Basic", "d", 1)})
    text = write_lock(lock)
    assert read_lock(text) == (lock, ())
    assert list(json.loads(text)["note_types"]["basic"]) == ["id", "name", "digest", "mod"]


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(1, id="a number"),
        pytest.param({}, id="empty"),
        pytest.param({"fields": [], "templates": [], "cloze": 1}, id="cloze is a number"),
        pytest.param(
            {"fields": [["a"]], "templates": [], "cloze": False}, id="a field without an id"
        ),
        pytest.param({"fields": {}, "templates": [], "cloze": False}, id="fields are no list"),
    ],
)
def test_a_damaged_schema_is_an_error(schema: object) -> None:
    header = {
        "ankipress": 4,
        "uid": "u",
        "note_types": {"v": {"id": 1, "name": "n", "digest": "d", "mod": 1, "schema": schema}},
    }
    assert {each.code for each in read_lock(json.dumps(header))[1]} == {"bad-lock"}
