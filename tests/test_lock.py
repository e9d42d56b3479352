"""The lock: text → lock → text, and whatever git or a hand leaves in it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.identity.lock import read_lock, write_lock
from ankipress.model import Lock, NoteTypeStamp, Record, State

RECORD = Record(
    guid="abcdefgh234567ab",
    note_id=1_300_000_000_000,
    id=None,
    kind="basic",
    deck="Deck",
    path="cards.md",
    section="",
    after=None,
    question="What?",
    answer="1.x",
    digest="d1",
    mod=1_700_000_000,
    since="1.0.0",
    changed="1.0.0",
)
LOCK = Lock("some-uid", {"basic": NoteTypeStamp(1, "Basic", "d", 5)}, (RECORD,))
HEADER = write_lock(Lock("some-uid", LOCK.note_types)).rstrip("\n")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(1, 2**63 - 1)
guids = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)
records = st.builds(
    Record,
    guid=guids,
    note_id=numbers,
    id=st.none() | texts,
    kind=texts,
    deck=texts,
    path=texts,
    section=texts,
    after=st.none() | guids,
    question=texts,
    answer=texts,
    opening=texts,
    digest=texts,
    mod=numbers,
    since=texts,
    changed=texts,
    state=st.sampled_from(State),
)
stamps = st.builds(NoteTypeStamp, id=numbers, name=texts, digest=texts, mod=numbers)
locks = st.builds(
    Lock,
    uid=texts.filter(bool),
    note_types=st.dictionaries(texts, stamps, max_size=2).map(
        lambda each: dict(sorted(each.items()))
    ),
    records=st.lists(
        records, max_size=5, unique_by=(lambda each: each.guid, lambda each: each.note_id)
    ).map(lambda each: tuple(sorted(each, key=lambda record: record.guid))),
    media=st.dictionaries(st.text("a é.", min_size=1), st.text("0af", min_size=64, max_size=64)),
)


def line(record: Record) -> str:
    return write_lock(Lock("x", {}, (record,))).split("\n")[1]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "  \n"], ids=["nothing", "empty lines", "white space"]
)
def test_an_empty_text_is_an_empty_lock(text: str) -> None:
    assert read_lock(text) == (Lock(), ())


@given(locks)
def test_lock_to_text_to_lock_is_the_identity(lock: Lock) -> None:
    text = write_lock(lock)
    assert read_lock(text) == (lock, ())
    assert write_lock(read_lock(text)[0]) == text


def test_a_question_about_half_a_character_is_no_half_of_one() -> None:
    """`\\ud83d` as a text of six characters stands in the lock with a backslash before its own."""
    lock = replace(
        LOCK, records=(replace(RECORD, question=r"What is \ud83d?", answer="\U0001f600"),)
    )
    assert read_lock(write_lock(lock)) == (lock, ())


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from([HEADER, line(RECORD), "{", "[]", "<<<<<<<", '{"ankipress": 4}'])
    ).map("\n".join)
)
def test_reading_never_raises(text: str) -> None:
    lock, problems = read_lock(text)
    assert all(problem.code == "bad-lock" and problem.location.line for problem in problems)
    write_lock(lock)


@given(
    st.lists(records, max_size=4, unique_by=lambda each: each.note_id),
    st.randoms(use_true_random=False),
)
def test_what_a_merge_leaves_heals_to_one_result(several: list[Record], chance: object) -> None:
    """Order, repeated lines and conflict markers do not matter."""
    lines = [
        HEADER,
        *map(line, several),
        *map(line, several),
        "<<<<<<< ours",
        "=======",
        ">>>>>>> theirs",
    ]
    expected = write_lock(read_lock("\n".join(lines))[0])
    chance.shuffle(lines)  # type: ignore[attr-defined]
    healed, problems = read_lock("\r\n".join(lines))
    assert problems == ()
    assert write_lock(healed) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {"mod": 2, "question": "new"},
            {"mod": 1, "question": "old"},
            id="the later mod",
        ),
        pytest.param(
            {"state": State.ACTIVE},
            {"state": State.RETIRED},
            id="the active one of two of one time",
        ),
        pytest.param(
            {"mod": 2, "state": State.RETIRED}, {"mod": 1}, id="the later mod though retired"
        ),
    ],
)
def test_of_two_lines_for_one_note_stands(one: dict[str, object], other: dict[str, object]) -> None:
    stands, goes = replace(RECORD, **one), replace(RECORD, **other)  # type: ignore[arg-type]
    for lines in ([line(stands), line(goes)], [line(goes), line(stands)]):
        assert read_lock("\n".join([HEADER, *lines]))[0].records == (stands,)


def test_two_headers_become_one_with_the_later_note_type() -> None:
    later = write_lock(
        Lock(
            "some-uid",
            {
                "basic": NoteTypeStamp(1, "Basic", "e", 9),
                "cloze": NoteTypeStamp(2, "Cloze", "f", 1),
            },
        )
    )
    lock, problems = read_lock(HEADER + "\n" + later)
    assert problems == ()
    assert {key: stamp.mod for key, stamp in lock.note_types.items()} == {"basic": 9, "cloze": 1}


def changed(**values: object) -> str:
    content = json.loads(line(RECORD))
    content.update(values)
    return json.dumps({key: value for key, value in content.items() if value != "MISSING"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "not JSON",
            "this line is not JSON: Expecting value: line 1 column 1 (char 0)",
            id="no JSON",
        ),
        pytest.param("[" * 100_000, "this line is not JSON", id="nested beyond the stack"),
        pytest.param("[]", "this line is not a JSON object", id="no object"),
        pytest.param('"\\ud800"', "this line is not a JSON object", id="a text"),
        pytest.param(
            changed(question="\ud800"),
            "this line holds half of a character (a lone surrogate)",
            id="half a character",
        ),
        pytest.param(changed(guid="MISSING"), 'the key "guid" is missing', id="no guid"),
        pytest.param(
            changed(guid="a b"), "\"guid\" must be a guid, not 'a b'", id="a guid with a space"
        ),
        pytest.param(
            changed(mod=0), '"mod" must be a positive number, not 0', id="mod 0, harmful in Anki"
        ),
        pytest.param(
            changed(note_id=2**63),
            f'"note_id" must be a positive number, not {2**63}',
            id="a number too large for Anki",
        ),
        pytest.param(
            changed(mod=True), '"mod" must be a positive number, not True', id="true is no number"
        ),
        pytest.param(
            changed(state="gone"),
            '"state" must be "active" or "retired", not \'gone\'',
            id="another state",
        ),
        pytest.param(
            changed(state=[]),
            '"state" must be "active" or "retired", not []',
            id="a state that cannot be compared",
        ),
        pytest.param(changed(colour="red"), 'there is no key "colour"', id="another key"),
        pytest.param(changed(deck=1), '"deck" must be a text, not 1', id="no text"),
        pytest.param(changed(id=1), '"id" must be a text or null, not 1', id="an id of a number"),
        pytest.param(changed(after=1), '"after" must be a guid or null, not 1', id="no guid"),
        pytest.param(changed(mod=1.0), '"mod" must be a positive number, not 1.0', id="a fraction"),
        pytest.param(
            '{"ankipress": true, "uid": "u", "note_types": {}}',
            '"ankipress" must be the number of the format',
            id="no format",
        ),
        pytest.param(
            '{"ankipress": 4, "uid": "u", "note_types": []}',
            '"note_types" must be an object',
            id="a list of note types",
        ),
        pytest.param(
            '{"ankipress": 4, "uid": "u", "note_types":'
            ' {"basic": {"id": 0, "name": "n", "digest": "d", "mod": 1}}}',
            'the note type "basic" has a wrong value: Expected `int` >= 1 - at `$.id`',
            id="a note type without an id",
        ),
        pytest.param(
            '{"ankipress": 4, "uid": "", "note_types": {}}', '"uid" must be a text', id="no uid"
        ),
        pytest.param(
            '{"ankipress": 4, "uid": "u", "note_types": {"basic": {"id": 1}}}',
            'the note type "basic" must have the keys digest, id, mod, name',
            id="half a stamp",
        ),
        pytest.param(
            '{"ankipress": 4, "uid": "u", "note_types": {"basic": '
            '{"id": 1, "name": "n", "digest": "d", "mod": 1, "schema": {"more": 1}}}}',
            'the schema of the note type "basic" has no keys but cloze, fields, templates',
            id="a schema with more",
        ),
    ],
)
def test_a_line_that_is_wrong_is_named_and_the_others_are_read(text: str, message: str) -> None:
    lock, problems = read_lock(f"{HEADER}\n{text}\n{line(RECORD)}\n")
    assert [problem.location.line for problem in problems] == [2]
    assert problems[0].message.startswith(message)
    assert lock.records == (RECORD,)


@pytest.mark.parametrize("order", [1, -1], ids=["header first", "header last"])
def test_of_a_newer_format_nothing_is_read_and_nothing_else_is_said(order: int) -> None:
    lines = ['{"ankipress": 5}', line(RECORD), '{"more": 1}'][::order]
    lock, problems = read_lock("\n".join(lines))
    assert lock.records == ()
    assert [problem.message for problem in problems] == [
        "this lock has format 5, this ankipress reads format 4: update ankipress"
    ]


def test_the_tools_are_remembered_and_of_two_branches_the_newer() -> None:
    older, newer = (
        replace(LOCK, tools={"Pygments": each, "nh3": "0.3"}) for each in ("2.9.0", "2.18.0")
    )
    assert read_lock(write_lock(older)) == (older, ())
    header = write_lock(older).split("\n")[0]
    for text in (f"{header}\n{write_lock(newer)}", f"{write_lock(newer)}{header}\n"):
        assert read_lock(text)[0].tools == newer.tools


def test_tools_that_are_none_are_named() -> None:
    _, problems = read_lock('{"ankipress": 4, "uid": "u", "note_types": {}, "tools": {"nh3": 1}}')
    assert problems[0].message == '"tools" must be an object of versions'


@pytest.mark.parametrize("format", [1, 2, 3])
def test_a_lock_of_a_format_that_was_never_published_is_refused(format: int) -> None:
    lock, problems = read_lock(f"{HEADER.replace('4', str(format), 1)}\n{line(RECORD)}\n")
    assert lock.uid is None
    assert problems[0].message == f"this lock has format {format}, which was never published"


def test_two_notes_of_one_note_id_are_named() -> None:
    """Anki's table of notes has one row for an id: a package of both cannot be made."""
    other = replace(RECORD, guid="zzzzzzzz234567ab")
    _, problems = read_lock(
        f"{HEADER}\n{line(RECORD)}\n"
        f"{line(replace(RECORD, note_id=7, guid='bbbb', after=other.guid))}\n{line(other)}\n"
    )
    assert [(problem.location.line, problem.message) for problem in problems] == [
        (4, f'the note id {RECORD.note_id} of "zzzzzzzz234567ab" is that of "{RECORD.guid}" too')
    ]


def test_a_lock_without_its_header_is_wrong() -> None:
    _, problems = read_lock(line(RECORD))
    assert [problem.message for problem in problems] == [
        "the first line, which names the format, is missing"
    ]
