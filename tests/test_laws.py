"""The laws that hold of any input, tried by hypothesis; `make fuzz` tries them for hours. Each
finding of it is a row here.
"""

from __future__ import annotations

import io
import json
import random
import sqlite3
import sys
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankipress.cli.main import run
from ankipress.identity.lock import read_lock, write_lock
from ankipress.package import (
    deck_messages,
    left_behind,
    note_type_messages,
    package_reading,
    protobuf,
    unpacking,
)
from laws import (
    check_cloze,
    check_front_matter,
    check_lock,
    check_package,
    check_parse,
    check_project,
    check_render,
    check_settings,
    check_tombstones,
    project_with_links,
    tombstone_line,
)
from mutated_packages import mutated, valid_packages
from reached import functions_of, functions_reached

NAUGHTY = json.loads(
    (Path(__file__).parent / "cases" / "naughty" / "strings.json").read_text(encoding="utf-8")
)
"""The Big List of Naughty Strings, by Max Woolf, under the MIT license beside it."""

PIECES = (
    *(
        "## ",
        "# ",
        "### Hint\n",
        "\n",
        "\n\n",
        "---\n",
        "{#a}",
        "{.t}",
        "{kind=cloze}",
        "{{c1::",
        "}}",
        "::",
    ),
    *("`", "```\n", "$", "$$", "\\(", "\\)", "*", "**", "_", "~~", "==", "- "),
    *(
        "> ",
        "1. ",
        "|",
        "|-|-|\n",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<details>",
        "&#31;",
        "&lt;",
        "[a]: /b\n",
    ),
    *("[a]", "[^1]", "![", "](", ")", "[sound:", "\\", "    ", "\t", "é", "\u202e", "\u2028"),
    *("\u0000", "x", "x y"),
)
LINKS = pytest.mark.skipif(
    sys.platform == "win32", reason="not every user may make links: NOT tested on Windows"
)
markdown = st.lists(st.sampled_from(PIECES), max_size=40).map(
    lambda pieces: "## " + "".join(pieces)
)


@given(st.binary(max_size=200) | markdown.map(str.encode))
def test_parsing(content: bytes) -> None:
    check_parse(content)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with links that lead out of it."""
    return project_with_links(tmp_path_factory.mktemp("laws"))


@given(st.text(max_size=100).map(lambda text: f"---\n{text}\n---\n") | st.text(max_size=50))
def test_front_matter(text: str) -> None:
    check_front_matter(text)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_locks(content: bytes) -> None:
    check_lock(content)


HEADER = {"ankipress": 4, "uid": "u", "note_types": {}, "tools": {"pygments": "2.18"}}
WORDS = st.text(max_size=6)
GUIDS = st.text("abc234", min_size=1, max_size=4)
RECORDS = st.fixed_dictionaries(
    {
        "guid": GUIDS,
        "note_id": st.integers(1, 3) | st.integers(1, 2**63 - 1),
        "id": st.none() | WORDS,
        "kind": st.sampled_from(["basic", "cloze", "of their own"]),
        **dict.fromkeys(["deck", "path", "section"], WORDS),
        "after": st.none() | GUIDS,
        **dict.fromkeys(["question", "answer", "opening", "source", "digest"], WORDS),
        "mod": st.integers(1, 2**63 - 1),
        **dict.fromkeys(["since", "changed"], WORDS),
        "state": st.sampled_from(["active", "retired"]),
    }
)
LOCKS = st.lists(
    RECORDS,
    min_size=1,
    max_size=4,
    unique_by=(lambda each: each["guid"], lambda each: each["note_id"]),
)
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, 1, -1, 1.5, 2**63, 10**400, "", "x y", "\x1b[31m", "\ud800", [], {}, [["a", 1]]]
)


def lock_text(records: Iterable[Mapping[str, object]]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in (HEADER, *records))


@given(LOCKS)
def test_valid_locks_are_read_and_say_what_they_said(records: list[dict[str, object]]) -> None:
    checked = check_lock(lock_text(records).encode())
    assert checked is not None
    lock, problems = checked
    assert problems == 0
    assert (lock.uid, lock.tools) == ("u", {"pygments": "2.18"})
    said = {each.guid: asdict(each) for each in lock.records}
    assert said.keys() == {each["guid"] for each in records}
    for each in records:
        assert said[str(each["guid"])].items() >= each.items()
    assert read_lock(write_lock(lock)) == (lock, ())


@given(LOCKS, st.data())
def test_a_damaged_line_takes_no_other_with_it(
    records: list[dict[str, object]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(records) - 1))
    others = [each["guid"] for each in records if each is not records[number]]
    key, value = data.draw(st.sampled_from(sorted(records[number]))), data.draw(ODD)
    records[number] = {**records[number], key: value}
    checked = check_lock(lock_text(records).encode())
    assert checked is not None
    found = {each.guid for each in checked[0].records}
    assert found.issuperset(map(str, others))
    assert len(found) + (checked[1] > 0) >= len({str(each["guid"]) for each in records})


@given(st.lists(RECORDS, min_size=1, max_size=4), st.data())
def test_locks_that_an_editor_or_a_merge_has_touched(
    records: list[dict[str, object]], data: st.DataObject
) -> None:
    lines = lock_text(records).splitlines(keepends=True)
    touched = data.draw(st.lists(st.sampled_from([*lines, "<<<<<<< a\n", "=======\n", "[]\n"])))
    text = "".join([*lines, *touched] if data.draw(st.booleans()) else touched)
    place = data.draw(st.integers(0, len(text)))
    end = place + data.draw(st.integers(0, 3))
    check_lock((text[:place] + data.draw(st.text(max_size=2)) + text[end:]).encode())


TOMBSTONE = st.sampled_from(["guid", "note_type", "fields", "tags", "media", "version", "releases"])
PARTS = st.text(max_size=9) | st.sampled_from(
    ["", " ", "a b", "a\x1fb", "&#31;", "\ud800", "<script>x</script>", "<b>x", "[sound:a.mp3]"]
)


@given(TOMBSTONE, ODD | PARTS | st.lists(PARTS, min_size=10, max_size=10))
def test_tombstones_with_anything_in_them(key: str, value: object) -> None:
    check_tombstones(tombstone_line(values={key: value}).encode())


@given(st.binary(max_size=100))
def test_tombstones(content: bytes) -> None:
    check_tombstones(content)


@given(
    st.binary(max_size=100) | st.text(max_size=100).map(lambda text: f'name = "{text}"'.encode())
)
def test_settings(content: bytes) -> None:
    check_settings(content)


PATHS = st.lists(
    st.sampled_from(
        [
            *("cards", "linked", "secret", "CHANGELOG", "..", ".", "/", "*", "**", "[a", "?", "!"),
            *("a.png", "font", ".md", ".woff2", "{version}", "\\u0000", "\\ud800", "C:", "\\\\"),
            *("x" * 300, "x/" * 1_100),
        ]
    ),
    max_size=6,
).map("".join)
SETTINGS_WITH_PATHS = st.sampled_from(
    [
        *('sources = ["{}"]', 'sources = ["*.md", "!{}"]', 'output = "{}"', 'name = "{}"'),
        *('changelog = "{}"', 'fonts = {{text = "{}"}}', 'packages = "deck"\ndeck_prefix = "{}"'),
        *('theme = {{dark = "{}"}}', 'release_tag = "{}"', 'version = "{}"', 'lang = "{}"'),
    ]
)


@LINKS
@given(SETTINGS_WITH_PATHS, PATHS)
def test_settings_that_lead_anywhere(project: Path, setting: str, path: str) -> None:
    check_project(setting.format(path).encode(), project)


@settings(max_examples=60)
@given(markdown)
def test_rendering(text: str) -> None:
    check_render(text.encode())


@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_clozes(pieces: list[str]) -> None:
    check_cloze(pieces)


@given(st.binary(max_size=200))
def test_packages(content: bytes) -> None:
    assert isinstance(check_package(content), str)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The database of a package of three notes."""
    folder = tmp_path_factory.mktemp("package")
    cards = "# D\n\n## One?\n\n1\n\n## Two? {reverse .tag}\n\n2\n\n## Gaps\n\n{{c1::a}} {{c2::b}}\n"
    (folder / "cards.md").write_text(cards, encoding="utf-8")
    (folder / "ankipress.toml").write_text('name = "laws"\nversion = "1.0.0"\n', encoding="utf-8")
    assert run(["build", str(folder)]) == 0
    with zipfile.ZipFile(folder / "build" / "laws-1.0.0.apkg") as archive:
        return archive.read("collection.anki2")


COLUMNS = {
    "notes": ("id", "guid", "mid", "mod", "tags", "flds"),
    "cards": ("nid", "did", "due", "ord"),
    "col": ("ver", "models", "decks"),
}
CELLS = st.sampled_from([(table, each) for table, several in COLUMNS.items() for each in several])
STORED = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.binary(max_size=9)
    | st.text(max_size=9)
    | st.sampled_from(["{}", "[]", "null", "[" * 20_000, '{"1": {}}', '{"1": null}', '{"x": {}}'])
)
PARTS_OF_JSON = st.sampled_from(
    ["id", "name", "flds", "tmpls", "css", "mod", "type", "qfmt", "ord"]
)


def changed(collection: bytes, statement: str, *values: object) -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(collection)
        connection.execute(statement, values)
        return zipped(bytes(connection.serialize()))


def test_a_valid_package_is_read(collection: bytes) -> None:
    notes = check_package(zipped(collection))
    assert [note.fields[0] for note in notes if not isinstance(note, str)] == [
        "<p>One?</p>",
        "<p>Two?</p>",
        "<p>Gaps</p>\n<p>{{c1::a}} {{c2::b}}</p>",
    ]


@given(CELLS, STORED, st.booleans())
def test_packages_with_anything_in_a_cell(
    collection: bytes, cell: tuple[str, str], value: object, everywhere: bool
) -> None:
    table, column = cell
    where = "" if everywhere else f" WHERE rowid = (SELECT min(rowid) FROM {table})"
    try:
        content = changed(collection, f"UPDATE {table} SET {column} = ?{where}", value)
    except sqlite3.IntegrityError:  # Anki's own rules for the column
        return
    assert_reaches_the_database(check_package(content))


@given(PARTS_OF_JSON, ODD.filter(lambda each: each != "\ud800"))
def test_packages_with_anything_in_a_note_type(collection: bytes, key: str, value: object) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(collection)
        models = json.loads(connection.execute("SELECT models FROM col").fetchone()[0])
    text = json.dumps(put(models, key, value))
    assert_reaches_the_database(
        check_package(changed(collection, "UPDATE col SET models = ?", text))
    )


def put(tree: object, key: str, value: object) -> object:
    """A tree of JSON with a value under this key, wherever it stands."""
    if isinstance(tree, dict):
        return {
            each: value if each == key else put(below, key, value) for each, below in tree.items()
        }
    return [put(each, key, value) for each in tree] if isinstance(tree, list) else tree


NEW_FORMAT = """
CREATE TABLE col(ver, models, decks); INSERT INTO col VALUES(18, '', '');
CREATE TABLE notes(id, guid, mid, mod, tags, flds);
INSERT INTO notes VALUES(1, 'g', 7, 1, 't', 'q' || char(31) || 'a');
CREATE TABLE cards(nid, did, due, ord); INSERT INTO cards VALUES(1, 1, 1, 0);
CREATE TABLE decks(id, name); INSERT INTO decks VALUES(1, 'A' || char(31) || 'B');
CREATE TABLE notetypes(id, name, mtime_secs, config);
INSERT INTO notetypes VALUES(7, 'T', 1, x'CONFIG');
CREATE TABLE fields(ntid, ord, name, config); INSERT INTO fields VALUES(7, 0, 'F', x'CONFIG');
INSERT INTO fields VALUES(7, 1, 'G', x'');
CREATE TABLE templates(ntid, ord, name, config); INSERT INTO templates VALUES(7, 0, 'C', x'CONFIG');
"""  # fmt: skip


def test_a_valid_package_of_the_new_format_is_read() -> None:
    notes = check_package(zipped(database(NEW_FORMAT.replace("CONFIG", ""))))
    assert not isinstance(notes, str)
    [note] = notes
    assert (note.guid, note.deck, note.fields) == ("g", "A::B", ("q", "a"))


@given(st.binary(max_size=30))
def test_packages_of_the_new_format_with_any_messages(message: bytes) -> None:
    content = zipped(database(NEW_FORMAT.replace("CONFIG", message.hex())))
    assert_reaches_the_database(check_package(content))


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4))
def test_packages_with_damaged_bytes(collection: bytes, place: int, damage: bytes) -> None:
    place %= len(collection)
    content = collection[:place] + damage + collection[place + len(damage) :]
    assert_reaches_the_database(check_package(zipped(content)))


@given(st.binary(max_size=80))
def test_packages_that_were_edited(content: bytes) -> None:
    check_package(mutated(content))


def test_edits_leave_packages_that_are_read_to_the_last_function() -> None:
    """Fuzzing tries what it reaches: most come as far as the database, and some are read whole."""
    chance = random.Random(7)
    packages = [mutated(chance.randbytes(chance.randrange(1, 60))) for _ in range(300)]
    found: list[object] = []
    with functions_reached() as reached:
        found += map(check_package, (*valid_packages(), *packages))
    assert len([each for each in found if not isinstance(each, str)]) > 30
    assert len([each for each in found if not (isinstance(each, str) and "zip" in each)]) > 180
    read = (package_reading, unpacking, protobuf, note_type_messages, deck_messages, left_behind)
    for module in read:
        left = functions_of(module) - reached
        assert {each.split()[-1] for each in left} <= {"texts", "read_files", "files"}


def assert_reaches_the_database(found: object) -> None:
    """None of these is refused for being no zip, which would try nothing."""
    assert not (isinstance(found, str) and "zip" in found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## Q {#a}\n\nx\n\n## R {#a}\n\ny\n", id="two cards of one id"),
        pytest.param("## Q\n\na &#31; b", id="a reference to what ends a field in Anki"),
        pytest.param('## Q\n\n[a &#x1F;](b &#7; "&#0000000127")', id="such references in "
        "attributes, with zeros, without end"),
        pytest.param("## Q\n\n" + "<b>" * 150 + "x", id="tags that never end, deeper than a field "
        "may be"),
        pytest.param("## Q {typed}\n\n[sound:a.mp3]", id="a tag of Anki in what is to be typed"),
        pytest.param('## Q {typed="[sound:a.mp3] &#31;"}\n\nx', id="a tag of Anki in an attribute"),
    ],
)  # fmt: skip
def test_what_fuzzing_found_in_cards(text: str) -> None:
    check_render(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "---\nz: '\u2028'\n: ]\n---\n", id="a line end of YAML that is none of the file"
        ),
        pytest.param('---\ndeck: "a\\0b"\n---\n', id="a control character in a deck"),
        pytest.param('---\ntags: ["a\\eb"]\n---\n', id="a control character in a tag"),
        pytest.param('---\n"\\e[31m": x\n---\n', id="a key that commands the terminal"),
        pytest.param("---\n<<: {deck: x}\n---\n", id="a key that merges"),
        pytest.param("---\n? [a, b]\n: c\n---\n", id="a key that is a list"),
        pytest.param(
            "---\ntags: !!python/object/apply:os.system [exit]\n---\n",
            id="a tag that would run a command",
        ),
    ],
)
def test_what_fuzzing_found_in_front_matter(text: str) -> None:
    check_front_matter(text)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"fields": ["a\x1fb"] * 10}, id="what ends a field in Anki"),
        pytest.param({"fields": ["&#31;"] * 10}, id="a reference to it"),
        pytest.param({"fields": ["\ud800"] * 10}, id="half of a character in a field"),
        pytest.param({"fields": ["<script>x</script>"] * 10}, id="a script"),
        pytest.param({"fields": ["<img src=x onerror=y>"] * 10}, id="an attribute that runs"),
        pytest.param({"fields": ["<b>x"] * 10}, id="a tag that never ends"),
        pytest.param({"tags": ["a b"]}, id="two tags in one"),
        pytest.param({"tags": [""]}, id="an empty tag"),
        pytest.param({"tags": ["\ud800"]}, id="half of a character in a tag"),
        pytest.param({"version": "\x1b[31m"}, id="a version that commands the terminal"),
        pytest.param({"media": ["a\0.png"]}, id="a file whose name ends early"),
    ],
)
def test_what_fuzzing_found_in_tombstones(values: dict[str, object]) -> None:
    check_tombstones(tombstone_line(values=values).encode())


def test_a_valid_tombstone_is_packed() -> None:
    compiled = check_tombstones(tombstone_line().encode())
    assert compiled is not None
    assert [note.fields[1] for note in compiled.package.notes if not note.ords] == ["<p>Gone</p>"]


@LINKS
@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("x" * 300 + ".md", id="a name that no system has"),
        pytest.param("x/" * 1_100 + "*.md", id="more folders than Python follows"),
    ],
)
def test_what_fuzzing_found_in_settings(project: Path, pattern: str) -> None:
    check_project(f'sources = ["{pattern}"]'.encode(), project)


def test_a_key_of_no_characters_has_a_place() -> None:
    check_settings(b"'' = 1\n")


def zipped(
    content: bytes, *, name: str = "collection.anki2", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def database(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return bytes(connection.serialize())


def broken(content: bytes) -> bytes:
    """A zip whose compressed bytes are damaged."""
    place = content.index(b"collection.anki2") + 40
    return (
        content[:place]
        + bytes(byte ^ 0xFF for byte in content[place : place + 40])
        + content[place + 40 :]
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(broken(zipped(b"SQLite format 3\0" * 100)), id="damaged deflate"),
        pytest.param(
            broken(zipped(b"SQLite format 3\0" * 100, method=zipfile.ZIP_LZMA)), id="damaged LZMA"
        ),
        pytest.param(
            broken(zipped(b"SQLite format 3\0" * 100, method=zipfile.ZIP_BZIP2)), id="damaged bzip2"
        ),
        pytest.param(zipped(bytes(50_000_000)), id="50 MB of nothing in 50 kB"),
        pytest.param(zipped(b"x", name="../../collection.anki2"), id="a name that leads out"),
        pytest.param(
            zipped(b"(\xb5/\xfd" + bytes(20), name="collection.anki21b"), id="damaged zstd"
        ),
        pytest.param(
            zipped(
                database(
                    "CREATE TABLE col(ver, models, decks); CREATE TABLE cards(nid, did, due);"
                    "CREATE VIEW notes AS WITH RECURSIVE a(id) AS (SELECT 1 UNION ALL SELECT "
                    "id + 1 FROM a) SELECT * FROM a;"
                )
            ),
            id="a view that never ends in the place of a table",
        ),
        pytest.param(
            zipped(
                database(
                    "CREATE TABLE col(ver, models, decks); CREATE TABLE notes(id, guid, mid, "
                    "mod, tags, flds);"
                    "CREATE TABLE cards(nid, did, due); INSERT INTO col VALUES(11, '[[[[', '{}');"
                )
            ),
            id="note types that are no JSON",
        ),
        pytest.param(
            zipped(
                database(
                    "CREATE TABLE col(ver, models, decks); CREATE TABLE notes(id, guid, mid, "
                    "mod, tags, flds);"
                    "CREATE TABLE cards(nid, did, due); INSERT INTO col VALUES(11, '{}', '"
                    + "[" * 100_000
                    + "');"
                )
            ),
            id="JSON nested beyond the stack",
        ),
    ],
)
def test_packages_that_nobody_means_well(content: bytes) -> None:
    check_package(content)


def test_naughty_strings_in_every_place() -> None:
    """Each of them as a text of its own, and as a question, an answer, code and a deletion among
    others.
    """
    assert len(NAUGHTY) > 400
    cards = [
        f"## {text}\n\n{text}\n\n## Code of {text}\n\n```\n{text}\n```\n\n{{{{c1::{text}}}}}\n\n"
        for text in NAUGHTY
    ]
    for text in NAUGHTY:
        check_cloze([text])
        check_cloze(["{{c1::", text, "}}"])
    for first in range(0, len(cards), 40):
        check_render("".join(cards[first : first + 40]).encode("utf-8", "replace"))


@pytest.mark.parametrize("first", range(0, len(NAUGHTY), 100))
def test_naughty_strings_elsewhere(first: int) -> None:
    for text in NAUGHTY[first : first + 100]:
        check_front_matter(f"---\ndeck: {text}\ntags: [{text}]\n---\n")
        check_settings(
            f"name = {json.dumps(text)}\ntags = [{json.dumps(text)}]\n".encode("utf-8", "replace")
        )
        check_lock(
            f'{{"ankipress": 4, "uid": {json.dumps(text)}, "note_types": {{}}}}\n'.encode(
                "utf-8", "replace"
            )
        )
