"""`ankipress recover`: a lock that was lost comes back from a package."""

from __future__ import annotations

import io
import shutil
import sqlite3
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path

import genanki
import pytest
import zstandard

from ankipress.cli.main import run
from ankipress.package import package_reading, unpacking
from ankipress.package.unpacking import PackageError
from author import DAY, FIRST_RELEASE, Author, lock_of
from packages import read_package

CARDS = """# Deck

## What is a tensor? {.shape reverse}

An array with $n$ axes, `x[0]`.

## Which words are hidden?

{{c1::these}} and {{c2::those::hint}}

## What's the output?

```python
print(1)
```

---

`1`

## What's the output?

```python
print(2)
```

---

`2`
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was built, its package kept as `old.apkg`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    (tmp_path / "ankipress.toml").write_text('name = "deck"\nversion = "1.0.0"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text(CARDS, encoding="utf-8")
    assert run(["build"]) == 0
    shutil.copy(tmp_path / "build" / "deck-1.0.0.apkg", tmp_path / "old.apkg")
    return tmp_path


def identities(deck: Path) -> dict[str, tuple[str, int, int]]:
    lock = lock_of(deck)
    return {
        record.answer + record.question: (record.guid, record.note_id, record.mod)
        for record in lock.records
    }


def test_an_unedited_deck_is_as_if_the_lock_had_never_been_lost(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = identities(deck)
    (deck / "ankipress.lock").unlink()
    assert run(["recover", "old.apkg"]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    assert run(["build"]) == 0
    assert identities(deck) == before
    assert (deck / "build" / "deck-1.0.0.apkg").read_bytes() == (deck / "old.apkg").read_bytes()


def test_clozes_of_one_sentence_are_told_apart_by_what_they_hide(deck: Path) -> None:
    """Also where they stand in another order now."""
    cards = [
        "## {{c1::Two}} and three are five\n",
        "## Two and {{c1::three}} are five\n",
        "## Two and three are {{c1::five}}\n",
    ]
    (deck / "cards.md").write_text("\n".join(["# Deck\n", *cards]), encoding="utf-8")
    assert run(["build", "--retire-many"]) == 0
    before = {record.hidden: record.guid for record in lock_of(deck).records if record.hidden}
    before.pop("these\x1fthose")  # of the deck before
    assert before.keys() == {"Two", "three", "five"}
    (deck / "ankipress.lock").unlink()
    (deck / "cards.md").write_text("\n".join(["# Deck\n", *cards[::-1]]), encoding="utf-8")
    assert run(["recover", "build/deck-1.0.0.apkg"]) == 0
    assert {record.hidden: record.guid for record in lock_of(deck).records} == before


def test_edited_cards_keep_their_guids_and_get_a_new_mod(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guids = {guid for guid, _, _ in identities(deck).values()}
    (deck / "ankipress.lock").unlink()
    text = CARDS.replace("What is a tensor?", "What is a *tensor* in PyTorch?").replace(
        "`2`", "`2`, of course"
    )
    (deck / "cards.md").write_text(text, encoding="utf-8")
    assert run(["recover", "old.apkg"]) == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770000000")
    capsys.readouterr()
    assert run(["build"]) == 0
    assert "(0 new, 2 changed, 0 retired)" in capsys.readouterr().out
    assert {guid for guid, _, _ in identities(deck).values()} == guids


def test_a_card_that_is_gone_is_said_and_retired(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "ankipress.lock").unlink()
    (deck / "cards.md").write_text(CARDS[: CARDS.index("## What's")], encoding="utf-8")
    assert run(["recover", "old.apkg"]) == 0
    assert "2 are in no source: the next build retires them" in capsys.readouterr().out
    assert run(["build"]) == 0
    assert "(0 new, 0 changed, 2 retired)" in capsys.readouterr().out


def test_a_card_that_is_gone_is_remembered_by_the_texts_that_it_had(deck: Path) -> None:
    """So that it is known again when it comes back."""
    question = "What do `<b>`, **max\\_pool** &amp; $x_1 < 2$ mean?"
    cards = f"{CARDS}\n\n## {question}\n\n- [*a*](https://b.de) & `c`\n- $$d$$\n"
    (deck / "cards.md").write_text(cards, encoding="utf-8")
    assert run(["build"]) == 0
    before = {record.guid: record for record in lock_of(deck).records}
    shutil.copy(deck / "build" / "deck-1.0.0.apkg", deck / "old.apkg")
    (deck / "ankipress.lock").unlink()
    (deck / "cards.md").write_text(CARDS, encoding="utf-8")
    assert run(["recover", "old.apkg"]) == 0
    (gone,) = (record for record in lock_of(deck).records if not record.path)
    assert gone.question == "What do `<b>`, max_pool & $x_1 < 2$ mean?"
    assert gone.question == before[gone.guid].question
    assert gone.answer == before[gone.guid].answer


def test_what_the_lock_knows_stays_as_it_is(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (deck / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["recover", "old.apkg"]) == 0
    assert "4 notes, 4 of them in the lock already" in capsys.readouterr().out
    assert (deck / "ankipress.lock").read_bytes() == before


def test_a_dry_run_writes_nothing(deck: Path) -> None:
    (deck / "ankipress.lock").unlink()
    assert run(["recover", "old.apkg", "--dry-run"]) == 0
    assert not (deck / "ankipress.lock").exists()


def test_a_package_of_another_tool_is_compared_and_its_limits_said(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = genanki.Deck(1234567, "Other")
    other.add_note(
        genanki.Note(genanki.BASIC_MODEL, ["What is a tensor?", "An array with n axes, x[0]."])
    )
    genanki.Package(other).write_to_file(deck / "other.apkg")
    capsys.readouterr()
    assert run(["recover", "other.apkg"]) == 0
    shown = capsys.readouterr().out
    assert "1 have a note type of another tool or deck" in shown
    lock = lock_of(deck)
    assert len(lock.records) == 4


@pytest.fixture
def stranger(deck: Path) -> Path:
    """A package of another deck that ankipress built, with a question in common."""
    folder = deck / "stranger"
    folder.mkdir()
    (folder / "ankipress.toml").write_text('name = "ships"\n', encoding="utf-8")
    cards = "".join(
        f"## Which ship is number {number}?\n\nThe {number}th.\n\n" for number in range(9)
    )
    (folder / "cards.md").write_text(
        f"# Ships\n\n## What is a tensor?\n\nAn array.\n\n{cards}", encoding="utf-8"
    )
    assert run(["build", str(folder)]) == 0
    return folder / "build" / "ships-0.1.0.apkg"


def test_a_package_of_another_deck_is_not_taken_for_this_one(
    deck: Path, stranger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "ankipress.lock").unlink()
    assert run(["recover", str(stranger)]) == 1
    shown = capsys.readouterr()
    assert "is it a package of this deck?" in shown.err
    assert not (deck / "ankipress.lock").exists()
    assert run(["recover", str(stranger), "--force"]) == 0
    assert (deck / "ankipress.lock").exists()


def test_a_package_of_the_same_cards_with_another_uid_is_asked_about(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two decks can have the same cards, such as one and its fork: their learners must not get each
    other's updates.
    """
    (deck / "ankipress.lock").unlink()
    (deck / "ankipress.toml").write_text(
        'name = "deck"\nversion = "1.0.0"\nuid = "a-fork"\n', encoding="utf-8"
    )
    assert run(["recover", "old.apkg"]) == 1
    assert (
        'old.apkg was built with another "uid" than "a-fork": is it of this deck?'
        in capsys.readouterr().err
    )
    assert not (deck / "ankipress.lock").exists()
    assert run(["recover", "old.apkg", "--force"]) == 0
    assert run(["build"]) == 0
    assert "(0 new, 0 changed, 0 retired)" in capsys.readouterr().out


def test_with_a_lock_the_notes_of_another_deck_are_foreign(
    deck: Path, stranger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (deck / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["recover", str(stranger)]) == 0
    assert "10 have a note type of another tool or deck" in capsys.readouterr().out
    assert (deck / "ankipress.lock").read_bytes() == before


def test_of_a_package_of_two_decks_only_this_one_is_taken(
    deck: Path, stranger: Path, tmp_path: Path
) -> None:
    """Whoever exports a whole collection has the note types of every deck in it."""
    pytest.importorskip(
        "anki.collection", reason="NO COLLECTION OF TWO DECKS IS TESTED: pip install anki"
    )
    from learner import Learner  # noqa: PLC0415 - it needs Anki

    with Learner(tmp_path / "collection") as learner:
        learner.import_package(deck / "old.apkg")
        learner.import_package(stranger)
        both = learner.export(tmp_path / "both.apkg")
    before = {key: value[:2] for key, value in identities(deck).items()}
    (deck / "ankipress.lock").unlink()
    assert run(["recover", str(both)]) == 0
    assert before.items() <= {key: value[:2] for key, value in identities(deck).items()}.items()
    # A deck under another name is neither of them for certain.
    (deck / "ankipress.lock").unlink()
    (deck / "ankipress.toml").write_text('name = "other"\n', encoding="utf-8")
    assert run(["recover", str(both)]) == 1
    assert not (deck / "ankipress.lock").exists()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


TYPE = '{"1": {"name": "T", "flds": [{"name": "F"}], "tmpls": [], "css": "", "mod": 1}}'
TABLES = ("CREATE TABLE col (ver, models, decks)", "CREATE TABLE cards (nid, did, due)")
ENDLESS = (
    "CREATE VIEW notes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
    "SELECT i AS "
    "id FROM n"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "it is no zip file", id="an empty file"),
        pytest.param(b"PK\x03\x04 and then nothing", "it is no zip file", id="a broken zip"),
        pytest.param(zipped(), "it holds no collection", id="an empty zip"),
        pytest.param(
            zipped(collection__anki2=b"text"), "its database cannot be read", id="no database"
        ),
        pytest.param(
            zipped(collection__anki2=database("CREATE TABLE x (y)")),
            "it holds no collection",
            id="another database",
        ),
        pytest.param(
            zipped(collection__anki2=database(*TABLES, ENDLESS)),
            "its database holds views",
            id="a view that never ends",
        ),
        pytest.param(
            zipped(meta=b"\x08\x03", collection__anki21b=b"text"),
            "cannot be decompressed",
            id="no zstd",
        ),
        pytest.param(
            zipped(
                meta=b"\x08\x03",
                collection__anki21b=zstandard.ZstdCompressor().compress(b"\0" * 10),
            ),
            "cannot be read",
            id="zstd of nothing",
        ),
    ],
)
def test_a_package_that_is_none_is_one_clear_line(
    content: bytes, message: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deck / "bad.apkg").write_bytes(content)
    before = (deck / "ankipress.lock").read_bytes()
    capsys.readouterr()
    assert run(["recover", "bad.apkg"]) == 1
    assert message in capsys.readouterr().err
    assert (deck / "ankipress.lock").read_bytes() == before


ANOTHER = database(
    "CREATE TABLE col (ver, models, decks)",
    "CREATE TABLE notes (id, guid, mid, mod, tags, flds)",
    "CREATE TABLE cards (nid, did, due, ord)",
    "INSERT INTO col VALUES (11, '{}', '{}')",
)
"""A collection without a note, which can be read."""


@pytest.mark.parametrize(
    "package",
    [
        pytest.param(zipped(collection__anki2=ANOTHER), id="as its zip says"),
        pytest.param(
            zipped(
                meta=b"\x08\x03", collection__anki21b=zstandard.ZstdCompressor().compress(ANOTHER)
            ),
            id="as only its decompression shows",
        ),
    ],
)
def test_a_database_that_is_too_large_is_not_read(
    package: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_COLLECTION", len(ANOTHER))
    assert read_package(package) == ()
    monkeypatch.setattr(unpacking, "LARGEST_COLLECTION", len(ANOTHER) - 1)
    with pytest.raises(PackageError, match="is too large"):
        read_package(package)


def test_a_deeply_compressed_database_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is given up at the limit, however much more would come."""
    size = 256 * 2**20
    package = zipped(
        meta=b"\x08\x03",
        collection__anki21b=zstandard.ZstdCompressor(level=19).compress(ANOTHER + bytes(size)),
    )
    monkeypatch.setattr(unpacking, "LARGEST_COLLECTION", size // 32)
    tracemalloc.start()
    try:
        with pytest.raises(PackageError, match="is too large"):
            read_package(package)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size // 4


def test_a_database_that_takes_too_much_work_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A view in the place of a table is refused before it is asked, so the limit is tried on what
    is an honest collection but for its size.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(ANOTHER)
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            " INSERT INTO notes SELECT i, 'g' || i, 1, 1, '', 'a' FROM n"
        )
        connection.execute("UPDATE col SET models = json(?)", [TYPE])
        connection.commit()
        package = zipped(collection__anki2=connection.serialize())
    assert len(read_package(package)) == 20_000
    monkeypatch.setattr(package_reading, "MOST_STEPS", 100_000)
    with pytest.raises(PackageError, match="its database cannot be read: interrupted"):
        read_package(package)


def test_a_package_with_tags_of_versions_gives_the_lock_that_they_are_no_part_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = Author(
        tmp_path / "deck", monkeypatch, {"name": "deck", "uid": "deck-uid", "changed_tag": True}
    )
    author.write("cards.md", "## One?\n\n1\n\n## Two?\n\n2\n")
    author.release("1.0.0")
    author.write("cards.md", "## One?\n\nI\n\n## Two?\n\n2\n")
    package = author.release("1.1.0", at=FIRST_RELEASE + DAY)
    before = {each.guid: (each.digest, each.mod) for each in lock_of(author.folder).records}
    (author.folder / "ankipress.lock").unlink()
    assert run(["recover", str(package)]) == 0
    assert {each.guid: (each.digest, each.mod) for each in lock_of(author.folder).records} == before
