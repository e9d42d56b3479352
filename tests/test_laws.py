"""The laws that hold of any input, tried by hypothesis; `make fuzz` tries them for hours. Each
finding of it is a row here.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import (
    check_cloze,
    check_front_matter,
    check_lock,
    check_package,
    check_parse,
    check_render,
    check_settings,
)

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
markdown = st.lists(st.sampled_from(PIECES), max_size=40).map(
    lambda pieces: "## " + "".join(pieces)
)


@given(st.binary(max_size=200) | markdown.map(str.encode))
def test_parsing(content: bytes) -> None:
    check_parse(content)


@given(st.text(max_size=100).map(lambda text: f"---\n{text}\n---\n") | st.text(max_size=50))
def test_front_matter(text: str) -> None:
    check_front_matter(text)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_locks(content: bytes) -> None:
    check_lock(content)


@given(
    st.binary(max_size=100) | st.text(max_size=100).map(lambda text: f'name = "{text}"'.encode())
)
def test_settings(content: bytes) -> None:
    check_settings(content)


@settings(max_examples=60)
@given(markdown)
def test_rendering(text: str) -> None:
    check_render(text.encode())


@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_clozes(pieces: list[str]) -> None:
    check_cloze(pieces)


@given(st.binary(max_size=200))
def test_packages(content: bytes) -> None:
    check_package(content)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## Q {#a}\n\nx\n\n## R {#a}\n\ny\n", id="two cards of one id"),
        pytest.param("## Q\n\na &#31; b", id="a reference to what ends a field in Anki"),
        pytest.param('## Q\n\n[a &#x1F;](b &#7; "&#0000000127")', id="such references in attributes, with zeros, without end"),
        pytest.param("## Q\n\n" + "<b>" * 150 + "x", id="tags that never end, deeper than a field may be"),
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
                    "CREATE VIEW notes AS WITH RECURSIVE a(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM a) SELECT * FROM a;"
                )
            ),
            id="a view that never ends in the place of a table",
        ),
        pytest.param(
            zipped(
                database(
                    "CREATE TABLE col(ver, models, decks); CREATE TABLE notes(id, guid, mid, mod, tags, flds);"
                    "CREATE TABLE cards(nid, did, due); INSERT INTO col VALUES(11, '[[[[', '{}');"
                )
            ),
            id="note types that are no JSON",
        ),
        pytest.param(
            zipped(
                database(
                    "CREATE TABLE col(ver, models, decks); CREATE TABLE notes(id, guid, mid, mod, tags, flds);"
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
            f'{{"ankipress": 1, "uid": {json.dumps(text)}, "note_types": {{}}}}\n'.encode(
                "utf-8", "replace"
            )
        )
