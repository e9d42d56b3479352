"""The text of the lock, character by character: what stands in git is held here, not how it is
read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ankipress.identity.ids import make_note_id
from ankipress.identity.lock import read_lock, record_line, write_lock
from ankipress.model import State

SCHEMA = {"fields": [["Word", 11], ["Meaning", 12]], "templates": [["Card", 21]], "cloze": False}
OWN = {"id": 2, "name": "Words", "digest": "e", "mod": 6, "schema": SCHEMA}
BASIC = {"id": 1, "name": "Basic", "digest": "d", "mod": 5}
HEADER = {"ankipress": 4, "uid": "u", "note_types": {"basic": BASIC, "vocab": OWN}}
TOOLS = {"Pygments": "2.18.0", "nh3": "0.2"}
RECORD = {
    "guid": "abcdefgh234567ab",
    "note_id": 1_300_000_000_000,
    "id": "an-id",
    "kind": "cloze",
    "deck": "Deck::Sub",
    "path": "cards.md",
    "section": "Part",
    "after": "zzzzefgh234567ab",
    "question": "Was heißt \u201eja\u201c?\u2028",
    "answer": "1.x",
    "opening": "Yes",
    "hidden": "ja",
    "code": "x",
    "source": "s1",
    "digest": "d1",
    "mod": 1_700_000_000,
    "since": "1.0.0",
    "changed": "1.1.0",
}
USUAL = {
    **dict.fromkeys(("id", "after")),
    **dict.fromkeys(("section", "opening", "hidden", "code", "source"), ""),
    "kind": "basic",
    "state": "active",
}
"""What is not written, since most notes have it."""
DERIVED = {"note_id", "changed"}
MOST = 2**63 - 1
NONE_OF_THEM: tuple[object, ...] = (1.5, [], {}, False)
"""Values that no key of a note may have."""


def text_of(*lines: Mapping[str, object]) -> str:
    return "".join(
        f"{json.dumps(each, ensure_ascii=False, separators=(',', ':'))}\n" for each in lines
    )


def without(record: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    return {key: value for key, value in record.items() if key not in keys}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text_of(HEADER), id="a header"),
        pytest.param(text_of(HEADER, RECORD), id="a note"),
        pytest.param(text_of({**HEADER, "tools": TOOLS}, RECORD), id="tools"),
        pytest.param(
            text_of(HEADER, {**without(RECORD, "id", "after"), "state": "retired"}),
            id="a retired note without neighbour and id",
        ),
        pytest.param(
            text_of(HEADER, without(RECORD, *USUAL, *DERIVED)),
            id="a note in which all is as usual",
        ),
        pytest.param(
            text_of(HEADER, {**RECORD, "guid": "!"}, {**RECORD, "guid": "~" * 64, "note_id": 1}),
            id="guids of other tools, in their order",
        ),
        pytest.param(
            text_of(HEADER, {**RECORD, "note_id": MOST, "mod": MOST}), id="the largest numbers"
        ),
        pytest.param(
            text_of(HEADER, {**RECORD, "note_id": 1, "mod": 1}), id="the smallest numbers"
        ),
        pytest.param(
            text_of(
                {**HEADER, "note_types": {"own": {**OWN, "schema": {**SCHEMA, "cloze": True}}}}
            ),
            id="a cloze of an author",
        ),
    ],
)
def test_a_lock_is_written_as_it_was_read(text: str) -> None:
    lock, problems = read_lock(text)
    assert problems == ()
    assert write_lock(lock) == text


def with_schema(**values: object) -> Mapping[str, object]:
    return {**HEADER, "note_types": {"vocab": {**OWN, "schema": {**SCHEMA, **values}}}}


def with_stamp(**values: object) -> Mapping[str, object]:
    return {**HEADER, "note_types": {"basic": {**BASIC, **values}}}


@pytest.mark.parametrize(
    ("header", "named"),
    [
        pytest.param({**HEADER, "ankipress": 0}, "ankipress", id="format 0"),
        pytest.param({**HEADER, "ankipress": "4"}, "ankipress", id="a format that is a text"),
        pytest.param({**HEADER, "ankipress": True}, "ankipress", id="a format that is true"),
        pytest.param({**HEADER, "uid": 5}, "uid", id="a uid that is a number"),
        pytest.param({**HEADER, "uid": ""}, "uid", id="an empty uid"),
        pytest.param({"ankipress": 4, "note_types": {}}, "uid", id="no uid"),
        pytest.param({"ankipress": 4, "uid": "u"}, "note_types", id="no note types"),
        pytest.param({**HEADER, "note_types": []}, "note_types", id="a list of note types"),
        pytest.param({**HEADER, "tools": []}, "tools", id="a list of tools"),
        pytest.param({**HEADER, "tools": {"nh3": 1}}, "tools", id="a version that is a number"),
        pytest.param(with_stamp(id=0), "basic", id="an id of 0"),
        pytest.param(with_stamp(mod=-1), "basic", id="a mod below 0"),
        pytest.param(with_stamp(mod=MOST + 1), "basic", id="a mod that is too large"),
        pytest.param(with_stamp(id="1"), "basic", id="an id that is a text"),
        pytest.param(with_stamp(name=1), "basic", id="a name that is a number"),
        pytest.param(with_stamp(digest=None), "basic", id="a digest that is null"),
        pytest.param(with_stamp(colour="red"), "basic", id="another key"),
        pytest.param({**HEADER, "note_types": {"basic": []}}, "basic", id="a stamp that is a list"),
        pytest.param(with_schema(cloze=0), "vocab", id="cloze as a number"),
        pytest.param(with_schema(fields={}), "vocab", id="fields that are no list"),
        pytest.param(with_schema(fields=[["Word", 11], "x"]), "vocab", id="a field without id"),
        pytest.param(with_schema(fields=[["Word", 11, 12]]), "vocab", id="a field of three"),
        pytest.param(with_schema(fields=[["Word"]]), "vocab", id="a field of one"),
        pytest.param(with_schema(fields=[[11, 11]]), "vocab", id="a field without a name"),
        pytest.param(
            with_schema(templates=[["Card", MOST + 1]]),
            "vocab",
            id="a template of an id that is too large",
        ),
        pytest.param(with_schema(templates=[["Card", "1"]]), "vocab", id="an id in quotes"),
        pytest.param(with_schema(more=1), "vocab", id="another key of a schema"),
    ],
)
def test_a_header_that_is_wrong_is_named(header: Mapping[str, object], named: str) -> None:
    """In its own line, and nothing of it is believed."""
    _, problems = read_lock(text_of(header, RECORD))
    lines = [each.location.line for each in problems if named in each.message]
    assert lines == [1]
    assert read_lock(text_of(header, RECORD))[0].uid is None


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({**HEADER, "ankipress": 0}, '"ankipress" must be the number of the format'),
        ({**HEADER, "uid": 5}, '"uid" must be a text'),
        ({**HEADER, "note_types": []}, '"note_types" must be an object'),
        ({**HEADER, "tools": []}, '"tools" must be an object of versions'),
        (
            with_stamp(colour="red"),
            'the note type "basic" must have the keys digest, id, mod, name',
        ),
    ],
)
def test_what_a_header_must_be_is_said(header: Mapping[str, object], message: str) -> None:
    _, problems = read_lock(text_of(header, RECORD))
    assert message in [each.message for each in problems]


@pytest.mark.parametrize("key", sorted(RECORD.keys() - USUAL.keys() - DERIVED))
def test_a_note_without_one_of_its_keys_is_named(key: str) -> None:
    lock, problems = read_lock(text_of(HEADER, without(RECORD, key)))
    assert [(each.location.line, f'"{key}"' in each.message) for each in problems] == [(2, True)]
    assert lock.records == ()


@pytest.mark.parametrize("key", USUAL)
def test_what_is_as_usual_may_be_written_and_is_read_as_if_it_were_not(key: str) -> None:
    lock, problems = read_lock(text_of(HEADER, {**RECORD, key: USUAL[key]}))
    assert problems == ()
    assert read_lock(text_of(HEADER, without(RECORD, key))) == (lock, ())
    assert getattr(lock.records[0], key) == USUAL[key]


def test_a_note_id_that_is_not_written_is_the_first_of_the_guid() -> None:
    guid = str(RECORD["guid"])
    text = text_of(HEADER, without(RECORD, "note_id"))
    [record] = read_lock(text)[0].records
    assert record.note_id == make_note_id(guid, ())
    assert record_line(replace(record, note_id=record.note_id)) in text
    other = make_note_id(guid, {record.note_id})
    assert f'"note_id":{other},' in record_line(replace(record, note_id=other))


def test_a_version_of_the_last_change_that_is_not_written_is_the_first_one() -> None:
    text = text_of(HEADER, without(RECORD, "changed"))
    [record] = read_lock(text)[0].records
    assert record.changed == record.since == "1.0.0"
    assert record_line(replace(record, state=State.RETIRED)).endswith('"state":"retired"}\n')
    assert "changed" not in record_line(replace(record, state=State.RETIRED))
    assert read_lock(text_of(HEADER, {**RECORD, "changed": "1.0.0"})) == read_lock(text)


def test_a_note_id_that_is_not_written_and_another_note_has_is_named() -> None:
    """As where two branches each gave it away: one of the notes must get another."""
    first = make_note_id("first", ())
    written = {**RECORD, "guid": "second", "note_id": first}
    derived = {**without(RECORD, "note_id"), "guid": "first"}
    for order in ((written, derived), (derived, written)):
        _, [problem] = read_lock(text_of(HEADER, *order))
        assert problem.message == f'the note id {first} of "second" is that of "first" too'
        assert problem.location.line == 2 + order.index(written)


def test_of_two_branches_the_later_line_stands_whichever_leaves_more_out() -> None:
    older = {**without(RECORD, "note_id", "changed"), "mod": 5}
    newer = {**older, "mod": 6, "changed": "1.1.0", "section": "", "opening": "No"}
    for order in ((older, newer), (newer, older)):
        lock, problems = read_lock(text_of(HEADER, *order))
        assert problems == ()
        assert [(each.mod, each.changed, each.opening) for each in lock.records] == [
            (6, "1.1.0", "No")
        ]


@pytest.mark.parametrize(
    ("key", "value"),
    [(key, value) for key in RECORD for value in NONE_OF_THEM]
    + [(key, 7) for key, value in RECORD.items() if isinstance(value, str)]
    + [(key, "7") for key, value in RECORD.items() if isinstance(value, int)]
    + [(key, None) for key in (*RECORD, "state") if key not in {"id", "after"}]
    + [("guid", value) for value in ("", "a b", "x" * 65, "\u00fc", "a\n", "\x7f")]
    + [(key, value) for key in ("note_id", "mod") for value in (0, -1, MOST + 1)]
    + [("state", "Active"), ("state", "")],
)
def test_a_note_with_another_kind_of_value_is_named(key: str, value: object) -> None:
    good = {**RECORD, "guid": "good", "note_id": 5}
    lock, problems = read_lock(text_of(HEADER, {**RECORD, key: value}, good))
    assert [(each.location.line, f'"{key}"' in each.message) for each in problems] == [(2, True)]
    assert [each.guid for each in lock.records] == ["good"]


@pytest.mark.parametrize(
    ("message", "key", "value"),
    [
        ('"id" must be a text or null, not 7', "id", 7),
        ('"after" must be a guid or null, not 7', "after", 7),
        *[
            (f'"{key}" must be a text, not 7', key, 7)
            for key in (
                *("kind", "deck", "path", "section", "question", "answer", "opening", "hidden"),
                *("code", "source", "digest", "since", "changed"),
            )
        ],
        ('"digest" must be a text, not None', "digest", None),
        ('"mod" must be a positive number, not 0', "mod", 0),
        ('"note_id" must be a positive number, not None', "note_id", None),
        ('"state" must be "active" or "retired", not 7', "state", 7),
        ('"guid" must be a guid, not 7', "guid", 7),
    ],
)
def test_what_a_value_must_be_is_said(message: str, key: str, value: object) -> None:
    _, problems = read_lock(text_of(HEADER, {**RECORD, key: value}))
    assert [each.message for each in problems] == [message]
    assert problems[0].help == (
        "restore the line from git; guids that learners have stand nowhere else"
    )


def test_a_problem_of_a_line_marks_a_hundred_characters_at_most() -> None:
    for text, width in (("{", 1), ("{" * 100, 100), ("{" * 101, 100)):
        _, [problem] = read_lock(f"{text_of(HEADER)}{text}\n")
        assert (problem.location.column, problem.location.width) == (1, width)


@pytest.mark.parametrize("mark", ["<<<<<<< a", "=======", ">>>>>>> b", "||||||| c", "", " \t"])
def test_marks_of_a_merge_are_no_problem(mark: str) -> None:
    lock, problems = read_lock(f"{mark}\n{text_of(HEADER)}{mark}\n{text_of(RECORD)}{mark}\n")
    assert problems == ()
    assert len(lock.records) == 1


def test_of_two_stamps_the_later_stands_then_the_greater() -> None:
    several = [
        {**BASIC, "mod": 5, "digest": "z", "id": 9},
        {**BASIC, "mod": 6, "digest": "a", "id": 9},
        {**BASIC, "mod": 6, "digest": "b", "id": 3},
        {**BASIC, "mod": 6, "digest": "b", "id": 4},
    ]
    for order in (several, several[::-1]):
        headers = [{**HEADER, "note_types": {"basic": each}} for each in order]
        lock, problems = read_lock(text_of(*headers))
        assert problems == ()
        stamp = lock.note_types["basic"]
        assert (stamp.mod, stamp.digest, stamp.id) == (6, "b", 4)


def test_of_two_uids_the_lesser_stands_in_any_order() -> None:
    one, other = {**HEADER, "uid": "a"}, {**HEADER, "uid": "b"}
    assert {read_lock(text_of(*each))[0].uid for each in ([one, other], [other, one])} == {"a"}


def test_of_two_versions_of_a_tool_the_one_of_the_greater_numbers_stands() -> None:
    versions = ["2.9.0", "2.18.0", "2.18.0rc1", "2.18"]
    for order in (versions, versions[::-1]):
        headers = [{**HEADER, "tools": {"nh3": each, "only": "1"}} for each in order]
        tools = read_lock(text_of(*headers))[0].tools
        assert tools == {"nh3": "2.18.0rc1", "only": "1"}


def test_of_notes_with_one_note_id_the_greater_guid_is_named_wherever_it_stands() -> None:
    several = [{**RECORD, "guid": guid} for guid in ("m", "z", "a")]
    _, problems = read_lock(text_of(HEADER, *several))
    number = RECORD["note_id"]
    assert sorted((each.location.line, each.message) for each in problems) == [
        (2, f'the note id {number} of "m" is that of "a" too'),
        (3, f'the note id {number} of "z" is that of "a" too'),
    ]


def test_of_several_unknown_keys_the_first_is_named() -> None:
    more = {f"key{number}": 1 for number in range(20)}
    _, [problem] = read_lock(text_of(HEADER, {**RECORD, **dict(reversed(more.items()))}))
    assert problem.message == 'there is no key "key0"'


def test_a_problem_has_the_path_of_the_lock() -> None:
    for header in ({**HEADER, "uid": 1}, {**HEADER, "ankipress": 99}):
        text = text_of(header, RECORD, RECORD)
        assert {each.location.path for each in read_lock(text)[1]} == {"ankipress.lock"}
        assert {each.location.path for each in read_lock(text, "x.lock")[1]} == {"x.lock"}


def test_a_newer_format_marks_a_hundred_characters_at_most() -> None:
    _, [problem] = read_lock(f'{{"ankipress": 99, "x": "{"y" * 99}"}}\n')
    assert problem.location.width == 100
    _, [problem] = read_lock('{"ankipress": 99}\n')
    assert problem.location.width == 17
