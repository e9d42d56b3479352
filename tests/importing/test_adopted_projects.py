"""Projects with a note type that learners have from elsewhere, built as any other."""

from __future__ import annotations

import html
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ankipress.cli.main import run
from ankipress.identity.lock import read_lock, write_lock
from ankipress.identity.stamping import stamp_of
from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType
from ankipress.importing.note_type_files import note_type_files
from ankipress.model import Lock, TextMode
from ankipress.notetypes.adopted_schema import adopted_type
from ankipress.notetypes.custom_types import read_custom
from ankipress.notetypes.schema import resolve_types
from author import DAY, FIRST_RELEASE, Author, lock_of, picture

WORD = ImportedType(
    1_300_000_000_123,
    'Word: "odd"',
    1_500_000_000,
    False,
    tuple(ImportedField(name) for name in ("Word", "Key", "Source")),
    (
        ImportedTemplate("Card: 1", '<img src="_logo.png">{{Word}}', "{{FrontSide}} {{Key}}\n"),
        ImportedTemplate("Card/2", "{{Source}}", '<img src="{{Key}}.png">{{Missing}}'),
    ),
    "@font-face { font-family: x; src: url('_font.ttf'); }\n",
    {"sortf": 2, "did": None},
)
FILES = note_type_files(WORD, "Word", [TextMode.LINES] * 3)
TOML = "notetypes/Word/notetype.toml"
CARDS = "## Hund {kind=Word}\n\ndog ![](media/a%20b%25.png)\n\n### Source\n\n![](media/c.png)\n"
LOGO = picture(1)
MEDIA = {"_logo.png": LOGO, "_font.ttf": b"no font", "a b%.png": b"cut off", "c.png": LOGO}


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """One whose project has a note type from elsewhere, and files that learners have."""
    settings = {
        "name": "words",
        "uid": "of-words",
        "sources": ["cards.md"],
        "source_url": "https://x.org/{path}",
    }
    author = Author(tmp_path / "project", monkeypatch, settings)
    for path, text in FILES.items():
        author.write(path, text)
    author.write("cards.md", CARDS)
    give(author, MEDIA)
    return author


def give(author: Author, media: Mapping[str, bytes]) -> None:
    """Let learners have some files and the note type."""
    for name, content in media.items():
        author.write(f"media/{name}", content)
    custom = read_custom(FILES).types["Word"]
    assert custom.adopted is not None
    stamp = stamp_of(adopted_type(custom, custom.adopted), WORD.mod)
    digests = {name: sha256(content).hexdigest() for name, content in media.items()}
    lock = Lock("of-words", {"Word": stamp}, media=digests)
    author.write("ankipress.lock", write_lock(lock))


def packed(path: Path) -> tuple[Mapping[str, Any], list[str], list[str]]:
    """The note type, the fields of the only note, and the names of the files."""
    with zipfile.ZipFile(path) as package:
        content = package.read("collection.anki2")
        names = sorted(json.loads(package.read("media")).values())
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        [(models,)] = database.execute("SELECT models FROM col")
        [(fields,)] = database.execute("SELECT flds FROM notes")
    return json.loads(models)[str(WORD.id)], fields.split("\x1f"), names


def test_a_first_release_packs_what_learners_have(author: Author) -> None:
    model, fields, names = packed(author.release("1.0.0"))
    assert (model["name"], model["mod"], model["css"]) == (WORD.name, WORD.mod, WORD.css)
    assert [each["name"] for each in model["flds"]] == ["Word", "Key", "Source"]
    assert [each["qfmt"] for each in model["tmpls"]] == [each.front for each in WORD.templates]
    assert "id" not in model["flds"][0]
    assert fields == ["Hund", 'dog <img alt="" src="a b%.png">', '<img alt="" src="c.png">']
    assert names == sorted(MEDIA)
    lock = lock_of(author.folder)
    assert lock.note_types["Word"].mod == WORD.mod
    assert sorted(lock.media) == sorted(MEDIA)


NAMES = (
    "a b.png",
    "größe 日本.jpg",
    "it's.png",
    "50%25.png",
    "a%20c.png",
    "a&amp;b.png",
    "a#b.png",
    "(1) + x.png",
    "_under.png",
    "paste-0123",
    "picture.jfif",
)


def test_any_name_of_anki_stays_in_fields(author: Author) -> None:
    give(author, {**MEDIA, **dict.fromkeys(NAMES, LOGO), "ding & dong.mp3": b"ID3"})
    shown = "\n\n".join(f"![](media/{quote(name)})" for name in (*NAMES, "ding & dong.mp3"))
    author.write("cards.md", f"## Hund {{kind=Word}}\n\n{shown}\n")
    _, fields, names = packed(author.release("1.0.0"))
    pictures = [f'<img alt="" src="{html.escape(name, quote=False)}">' for name in NAMES]
    assert fields[1].split("<br><br>") == [*pictures, "[sound:ding &amp; dong.mp3]"]
    assert {*NAMES, "ding & dong.mp3"} <= {*names}


def test_a_drawing_that_acts_is_cleaned_and_gets_another_name(author: Author) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>'
    acting = drawing.replace(b"<path", b"<script>alert(1)</script><path")
    hidden = {"_still.svg": drawing, "_acts.svg": acting}
    give(author, {**MEDIA, "still.svg": drawing, "acts.svg": acting, **hidden})
    author.write("cards.md", "## Hund {kind=Word}\n\n![](media/still.svg) ![](media/acts.svg)\n")
    _, fields, names = packed(author.release("1.0.0"))
    assert 'src="still.svg"' in fields[1]
    assert "_still.svg" in names
    assert {"acts.svg", "_acts.svg"}.isdisjoint(names)
    assert [name for name in names if name.startswith("acts-")] != []


def test_a_text_that_changes_raises_the_mod_of_the_note_type(author: Author) -> None:
    author.release("1.0.0")
    author.write("notetypes/Word/style.css", ".card { color: red }\n")
    model, _, names = packed(author.release("1.1.0", at=FIRST_RELEASE + DAY))
    assert (model["css"], model["mod"]) == (".card { color: red }", FIRST_RELEASE + DAY)
    assert "_font.ttf" in names  # a script may ask for it


def test_a_name_that_changes_reaches_learners(author: Author) -> None:
    author.release("1.0.0")
    author.write(TOML, FILES[TOML].replace('name = "Word: \\"odd\\""', 'name = "Word"'))
    model, _, _ = packed(author.release("1.1.0", at=FIRST_RELEASE + DAY))
    assert (model["name"], model["mod"]) == ("Word", FIRST_RELEASE + DAY)


def test_another_file_gets_another_name(author: Author) -> None:
    other = picture(2)
    author.write("media/_logo.png", other)
    author.write("media/c.png", other)
    model, fields, names = packed(author.release("1.0.0"))
    digest = sha256(other).hexdigest()[:16]
    assert fields[2] == f'<img alt="" src="c-{digest}.png">'
    assert f'src="_ankipress-logo-{digest}.png"' in model["tmpls"][0]["qfmt"]
    assert model["mod"] > WORD.mod
    assert names == [
        "_ankipress-logo-" + digest + ".png",
        "_font.ttf",
        "a b%.png",
        f"c-{digest}.png",
    ]


def changed(old: str, new: str, *, with_ids: bool = False) -> list[tuple[str, str, str]]:
    """What is wrong once a text in the notetype.toml of a published note type is another one."""
    source = WORD
    if with_ids:
        fields = [
            ImportedField(each.name, {"id": -number}) for number, each in enumerate(WORD.fields)
        ]
        source = replace(WORD, fields=tuple(fields))
    files = note_type_files(source, "Word", [TextMode.LINES] * 3)
    custom = read_custom(files)
    stamp = stamp_of(resolve_types(custom, {}, "uid", "words", "").types["Word"], 1)
    assert files[TOML].count(old) == 1
    text = files[TOML].replace(old, new)
    found = read_custom({**files, TOML: text})
    problems = [*found.diagnostics]
    problems += resolve_types(found, {"Word": stamp}, "uid", "words", "").diagnostics
    lines = text.split("\n")
    shown = []
    for each in problems:
        place = each.location
        line = lines[place.line - 1]
        shown.append((each.code, line[place.column - 1 :][: place.width], each.message))
    return shown


FIELD = '[[fields]]\nname = "Key"\ntext = "lines"\n'


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (FIELD, "", '"Source"', 'of the fields, "Source" stands in the place of "Key"'),
        (
            '[[templates]]\nname = "Card: 1"',
            f'{FIELD.replace("Key", "New")}\n[[templates]]\nname = "Card: 1"',
            '"New"',
            'of the fields, "New" is new',
        ),
        (
            'name = "Key"',
            'name = "Keys"',
            '"Keys"',
            'of the fields, "Keys" stands in the place of "Key"',
        ),
        (
            '[[fields]]\nname = "Source"\ntext = "lines"\n',
            "",
            "fields",
            'of the fields, "Source" is gone',
        ),
        (
            f"id = {WORD.id}",
            "id = 7",
            "id",
            f"this was the note type {WORD.id} when it was published",
        ),
        (
            f"id = {WORD.id}",
            f"id = {WORD.id}\ncloze = true",
            "cloze",
            "this was no cloze note type when it was published",
        ),
    ],
)
def test_what_anki_would_refuse_is_an_error(old: str, new: str, place: str, message: str) -> None:
    assert changed(old, new) == [("schema-changed", place, message)]


def test_a_field_that_has_an_id_may_be_renamed() -> None:
    assert changed('name = "Key"', 'name = "Keys"', with_ids=True) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (f"id = {WORD.id}", "id = 0", "id", "expected `int` >= 1"),
        ('name = "Key"', "name = 3", "3", "expected `str`, got `int`"),
        (
            'name = "Key"',
            'name = "word"',
            '"word"',
            'the name "word" stands here twice, and Anki makes no difference',
        ),
        ('name = "Key"', 'name = "Key"\nkind = 1', '"Key"', "object contains unknown field `kind`"),
        ('file = "Card- 1"', 'file = "../x"', '"Card: 1"', None),
        ('file = "Card- 1"', 'file = "x"', '"Card: 1"', None),
        (
            "sortf = 2",
            "css = 2",
            "anki",
            '"css" stands elsewhere in this file, and not under `anki`',
        ),
        ("sortf = 2", "sortf = 2020-02-02", "anki", None),
        ('did = "null"', 'did = "nul"', "anki", None),
    ],
)
def test_a_wrong_file_is_a_problem_where_it_is_wrong(
    old: str, new: str, place: str, message: str | None
) -> None:
    files = {**FILES, TOML: FILES[TOML].replace(old, new)}
    assert files != FILES
    [first, *_] = read_custom(files).diagnostics
    line = files[TOML].split("\n")[first.location.line - 1]
    shown = line[first.location.column - 1 :][: first.location.width]
    assert (first.code, shown) == ("bad-note-type", place)
    assert message is None or first.message == message


def test_two_folders_of_one_note_type_are_a_problem() -> None:
    twice = {path.replace("/Word/", "/Other/"): text for path, text in FILES.items()} | FILES
    result = resolve_types(read_custom(twice), {}, "uid", "words", "")
    [problem] = result.diagnostics
    assert (problem.code, problem.location.path) == ("bad-note-type", TOML)


def test_the_files_of_learners_are_in_the_lock_and_survive_a_merge() -> None:
    one, other = "1" * 64, "2" * 64
    first = write_lock(Lock("u", media={"a b.png": one, "c": one}))
    second = write_lock(Lock("u", media={"c": other, "d": one}))
    merged, problems = read_lock(first + second)
    assert problems == ()
    assert merged.media == {"a b.png": one, "c": other, "d": one}
    assert "media" not in write_lock(Lock("u"))
    for wrong in ({"a/b": one}, {"a": "1"}, ["a"]):
        header = {"ankipress": 4, "uid": "u", "note_types": {}, "media": wrong}
        text = json.dumps(header)
        _, problems = read_lock(text)
        assert [each.code for each in problems][:1] == ["bad-lock"]


def test_a_lost_lock_is_recovered_with_note_type_and_files(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    # Without the lock, they are files like all others.
    give(author, {**MEDIA, "_font.ttf": b"\0\1\0\0", "a b%.png": LOGO})
    package = author.release("1.0.0")
    before = lock_of(author.folder)
    (author.folder / "ankipress.lock").unlink()
    assert run(["recover", str(package)]) == 0
    assert "1 found again in the cards" in capsys.readouterr().out
    after = lock_of(author.folder)
    assert after.media == before.media
    [was], [now] = before.records, after.records
    assert (now.guid, now.mod, now.digest) == (was.guid, was.mod, was.digest)
    assert after.note_types["Word"] == before.note_types["Word"]


def test_a_package_is_compared_with_the_note_type_of_its_id(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    package = author.release("1.0.0")
    assert run(["diff", str(package)]) == 0
    assert "Note type" not in capsys.readouterr().out
    author.write("notetypes/Word/style.css", ".card { }\n")
    assert run(["diff", str(package)]) == 0
    assert 'Note type: Word: "odd": texts' in capsys.readouterr().out


def test_a_note_without_cards_is_packed_as_it_was(author: Author) -> None:
    author.write("cards.md", "## Nothing {kind=Word}\n\n### Word\n\n### Key\n\nkey\n")
    path = author.release("1.0.0")
    _, fields, _ = packed(path)
    assert fields == ["", "key", ""]
    with zipfile.ZipFile(path) as package:
        content = package.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        assert database.execute("SELECT count() FROM cards").fetchone() == (0,)


def test_a_page_that_came_with_a_deck_is_on_no_site(author: Author) -> None:
    give(author, {**MEDIA, "_Page.HTML": b"<script>alert(1)</script>", "_font.ttf": b"x"})
    _, _, names = packed(author.release("1.0.0"))
    assert "_Page.HTML" in names
    assert run(["site"]) == 0
    shown = {path.name for path in (author.folder / "build" / "site" / "media").iterdir()}
    assert "_logo.png" in shown
    assert "_Page.HTML" not in shown
