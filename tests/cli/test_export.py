"""`ankipress export`: files, what is said, and when nothing is written."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.model import Tombstone
from author import DAY, FIRST_RELEASE, Author, files_of, lock_of, picture

CARDS = "# Cells\n\n## One?\n\n1 ![x](media/x.png)\n\n## Two? {.cell}\n\n2\n"
OTHER = "---\ndeck: Heart::Left\n---\n## Three?\n\n{{c1::3}}\n"


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author(
        tmp_path / "bio", monkeypatch, {"name": "bio", "uid": "bio-uid", "sources": ["*.md"]}
    )
    author.write("cards.md", CARDS)
    author.write("media/x.png", picture(1))
    author.release("1.0.0")
    return author


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert run(["export", *words]) == status
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_a_text_is_written_beside_the_package(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = (author.folder / "ankipress.lock").read_bytes()
    out, err = said(capsys, "--text")
    assert err == ""
    assert out == (
        "build/bio-1.0.0.txt: 2 notes\n"
        "not in it: 1 media file; `--media FOLDER` copies them into a folder\n"
    )
    assert len((author.folder / "build/bio-1.0.0.txt").read_text("utf-8").splitlines()) == 9
    assert (author.folder / "ankipress.lock").read_bytes() == lock


def test_media_are_copied_where_that_is_asked(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = said(capsys, "--text", "-o", "deck.txt", "--media", "pictures")
    assert out == (
        "deck.txt: 2 notes\n"
        "pictures: 1 media file, which learners put into their folder collection.media\n"
    )
    [(name, content)] = files_of(author.folder / "pictures").items()
    assert content == picture(1)
    assert f'src=""{name}""' in (author.folder / "deck.txt").read_text("utf-8")


def test_tags_are_those_of_what_this_version_changed(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("cards.md", CARDS + "\n## Three? {.cell}\n\n3\n")
    author.release("1.1.0", at=FIRST_RELEASE + DAY)
    said(capsys, "--text", "-o", "deck.txt")
    assert (author.folder / "deck.txt").read_text("utf-8").count('\t"cell"\n') == 1
    said(capsys, "--text", "-o", "deck.txt", "--all-tags")
    assert (author.folder / "deck.txt").read_text("utf-8").count('\t"cell"\n') == 2


@pytest.mark.parametrize("form", ["--text", "--crowdanki"])
def test_retired_notes_are_not_in_it_and_that_is_said(
    author: Author, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    guid = lock_of(author.folder).records[1].guid
    fields = ("Q",) * 10
    tombstone = Tombstone(guid, "basic", fields, (), (), "1.1.0")
    author.write("ankipress.retired", json.dumps(asdict(tombstone)) + "\n")
    author.set(retired="tombstone")
    author.write("cards.md", CARDS.partition("## Two?")[0])
    author.release("1.1.0", at=FIRST_RELEASE + DAY)
    out, _ = said(capsys, form)
    assert "1 note\nnot in it: 1 note already retired, of which only a package tells\n" in out


def test_a_folder_for_crowdanki(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--crowdanki") == ("build/bio-crowdanki: 2 notes\n", "")
    folder = author.folder / "build" / "bio-crowdanki"
    deck = json.loads((folder / "deck.json").read_bytes())
    assert {f"media/{name}" for name in deck["media_files"]} == files_of(folder).keys() - {
        "deck.json"
    }
    assert said(capsys, "--crowdanki")[0] == "build/bio-crowdanki: 2 notes\n"
    assert json.loads((folder / "deck.json").read_bytes()) == deck


def test_the_uuids_that_are_there_stay(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    known = {"name": "Cells", "crowdanki_uuid": "theirs", "deck_config_uuid": "preset"}
    author.write("deck/deck.json", json.dumps(known))
    said(capsys, "--crowdanki", "-o", "deck")
    deck = json.loads((author.folder / "deck/deck.json").read_bytes())
    assert deck["name"] == "Cells"
    assert deck["crowdanki_uuid"] == "theirs"


def test_each_top_level_deck_has_a_folder(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("other.md", OTHER)
    author.release("1.1.0", at=FIRST_RELEASE + DAY)
    assert said(capsys, "--crowdanki", "-o", "decks")[0] == (
        "decks/bio-Cells: 2 notes\ndecks/bio-Heart: 1 note\n"
    )
    assert len(files_of(author.folder / "decks")) == 3


@pytest.mark.parametrize("form", ["--text", "--crowdanki"])
@pytest.mark.parametrize(
    ("cards", "code"),
    [
        pytest.param(CARDS + "\n## New?\n\nAn answer.\n", "lock-outdated", id="an old lock"),
        pytest.param(CARDS.replace("x.png", "y.png"), "missing-media", id="an error"),
    ],
)
def test_with_errors_nothing_is_written(
    author: Author, capsys: pytest.CaptureFixture[str], form: str, cards: str, code: str
) -> None:
    author.write("cards.md", cards)
    before = files_of(author.folder)
    out, err = said(capsys, form, status=1)
    assert (out, f"error[{code}]" in err) == ("", True)
    assert files_of(author.folder) == before


def test_what_is_no_deck_of_crowdankis_is_not_replaced(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.write("deck/deck.json", "{}")
    before = files_of(author.folder)
    _, err = said(capsys, "--crowdanki", "-o", "deck", status=1)
    assert err.startswith("error[cannot-read]: deck/deck.json is no deck of CrowdAnki's")
    assert files_of(author.folder) == before


def test_a_deck_json_that_is_a_folder_is_not_replaced(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    (author.folder / "deck" / "deck.json").mkdir(parents=True)
    _, err = said(capsys, "--crowdanki", "-o", "deck", status=1)
    assert err.startswith("error[cannot-read]: cannot read deck/deck.json: it is not a file")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--text", "--crowdanki"],
        ["--crowdanki", "--media", "m"],
        ["--crowdanki", "--all-tags"],
        ["--crowdanki", "--by-first-field"],
    ],
)
def test_one_form_is_asked_for(
    author: Author, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert "error[bad-usage]" in said(capsys, *words, status=2)[1]
