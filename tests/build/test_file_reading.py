"""Files without settings: in which shape they are read, and that the lock keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ankipress.build.identities import Identities
from ankipress.cli.main import run
from ankipress.identity.lock import read_lock
from ankipress.model import FileReading, Lock
from ankipress.preview.serve.session import PreviewSession
from ankipress.project.reading import read_workspace

WORDS = "tree river cloud stone bread paper glass engine window garden bridge candle".split()
NUMBERED = "".join(
    f"{number}. What is a {word}?\n\n   A {word} is number {number}.\n\n"
    for number, word in enumerate(WORDS, 1)
)
HEADINGS = "".join(f"## What is a {word}?\n\nA {word} is.\n\n" for word in WORDS)
FEW = "1. What is a tree?\n\n   A plant.\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str) -> None:
    Path("notes.md").write_text(text, encoding="utf-8")


def lock() -> Lock:
    found, problems = read_lock(Path("notes.ankipress.lock").read_text(encoding="utf-8"))
    assert problems == ()
    return found


def build(*words: str) -> Lock:
    """The lock after a build that succeeds."""
    assert run(["build", "notes.md", *words]) == 0
    return lock()


def test_a_shape_that_is_sure_is_found_said_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    write(NUMBERED)
    found = build()
    assert len(found.active) == len(WORDS)
    assert found.reading == FileReading("numbered")
    assert "read as numbered lists, 12 cards; `--shape` changes it" in capsys.readouterr().out


def test_headings_are_the_usual_way_of_which_nothing_is_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(HEADINGS)
    assert build().reading is None
    assert "read as" not in capsys.readouterr().out


def test_a_level_of_each_file_is_kept() -> None:
    halves = HEADINGS.split("## What is a glass", 1)
    write(halves[0])
    Path("more.md").write_text("## What is a glass".join(["", halves[1]]).replace("## ", "#### "))
    assert run(["build", "notes.md", "more.md"]) == 0
    [path] = Path().glob("*.lock")
    found, problems = read_lock(path.read_text(encoding="utf-8"))
    assert problems == ()
    assert found.reading == FileReading("headings", "auto")
    assert run(["build", "notes.md", "more.md"]) == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NUMBERED.replace("1. What is a tree?", "# New\n\n1. Tree?"), id="an edit"),
        pytest.param(FEW + "\n2. B?\n\n   b\n", id="too few to be sure"),
        pytest.param(NUMBERED + HEADINGS * 2, id="more of another shape"),
    ],
)
def test_an_edit_changes_no_reading(text: str) -> None:
    write(NUMBERED)
    build()
    write(text)
    assert build("--retire-many").reading == FileReading("numbered")


def test_a_lock_without_a_reading_stays_with_headings() -> None:
    write("## Why?\n\nSo.\n")
    assert build().reading is None
    write(NUMBERED + "## Why?\n\nSo.\n")
    found = build()
    assert found.reading is None
    assert [each.question for each in found.active] == ["Why?"]


def test_an_option_says_the_shape_and_the_lock_keeps_it(capsys: pytest.CaptureFixture[str]) -> None:
    write(FEW)
    assert run(["build", "notes.md"]) == 1
    assert build("--shape", "numbered").reading == FileReading("numbered")
    assert "read as" not in capsys.readouterr().out
    write(FEW + "2. What is a stone?\n\n   A rock.\n")
    assert len(build().active) == 2


def test_an_option_says_the_level() -> None:
    write("## Part\n\n### Why?\n\nSo.\n")
    found = build("--shape", "headings:3")
    assert (found.reading, len(found.active)) == (FileReading("headings", 3), 1)


def test_an_option_changes_what_the_lock_says_and_keeps_the_notes() -> None:
    write(NUMBERED)
    before = {each.guid for each in build().active}
    write("".join(f"Q: What is a {word}?\nA: A {word} is.\n\n" for word in WORDS))
    found = build("--shape", "prefix")
    assert found.reading == FileReading("prefix")
    assert {each.guid for each in found.active} == before
    write(HEADINGS)
    found = build("--shape", "headings")
    assert found.reading is None
    assert {each.guid for each in found.active} == before


@pytest.mark.parametrize(
    "reading",
    [1, {"shape": "x"}, {"shape": "file", "card_level": 9}, {"kind": "x"}, {"dialect": "x"}],
)
def test_a_wrong_reading_is_a_bad_lock(reading: object, capsys: pytest.CaptureFixture[str]) -> None:
    write(NUMBERED)
    build()
    path = Path("notes.ankipress.lock")
    text = path.read_text(encoding="utf-8")
    right = '"reading":{"shape":"numbered","card_level":2,"kind":""}'
    assert right in text
    path.write_text(text.replace(right, f'"reading":{json.dumps(reading)}'), encoding="utf-8")
    capsys.readouterr()
    assert run(["build", "notes.md"]) == 1
    assert "error[bad-lock]" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "list"])
def test_other_commands_take_the_option_too(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(FEW)
    assert run([command, "notes.md"]) == 1
    capsys.readouterr()
    assert run([command, "notes.md", "--shape", "numbered"]) == 0
    assert "no-cards" not in capsys.readouterr().out


def test_the_preview_takes_the_option_too() -> None:
    write(FEW)
    session = PreviewSession([Path("notes.md")], FileReading("numbered"))
    session.look()
    assert len(session.view.cards) == 1
    session.build()
    assert len(session.view.cards) == 1


def test_the_preview_finds_the_shape_of_a_large_file() -> None:
    write(NUMBERED * 20)
    session = PreviewSession([Path("notes.md")])
    session.look()
    assert len(session.view.cards) > 0


def test_identities_are_those_of_the_shape() -> None:
    write(NUMBERED)
    build()
    identities = Identities(read_workspace([Path("notes.md")]))
    assert len(identities.assignment.notes) == len(WORDS)


@pytest.mark.parametrize("command", ["build", "check", "list"])
@pytest.mark.parametrize(
    ("shape", "settings"),
    [
        ("numbered", '`shape = "numbered"`'),
        ("headings", '`shape = "headings"`'),
        ("headings:3", '`shape = "headings"` and `card_level = 3`'),
        ("headings:auto", '`shape = "headings"` and `card_level = "auto"`'),
    ],
)
def test_a_project_says_its_shape_in_its_settings(
    command: str, shape: str, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("ankipress.toml").write_text("", encoding="utf-8")
    Path("cards.md").write_text(HEADINGS, encoding="utf-8")
    assert run([command, "--shape", shape]) == 2
    assert f"a project sets {settings}\n" in capsys.readouterr().err


@pytest.mark.parametrize("shape", ["", "x", "headings:7", "Numbered", "numbered:3"])
def test_an_unknown_shape_is_a_wrong_call(shape: str) -> None:
    write(HEADINGS)
    assert run(["build", "notes.md", "--shape", shape]) == 2


def test_notes_of_a_plugin_are_read_in_its_dialect() -> None:
    blocks = (f"START\nBasic\n{word}?\nBack: A {word}.\nEND\n" for word in WORDS)
    write("\n".join(blocks))
    found = build()
    assert len(found.active) == len(WORDS)
    assert found.reading == FileReading("inline", dialect="obsidian")
    assert build() == found
