"""The command itself: help, exit status, and what becomes of bugs and interruptions."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ankipress.cli import check_command, main
from ankipress.cli.pull_source import contents_of
from foreign_tool import save_package

DECK = "# Deck\n" + 10 * "\n" + "## Question\n\nAnswer\n"  # on line 12, as in the examples


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cards.md").write_text(DECK, encoding="utf-8")
    (tmp_path / "notes.md").write_text(DECK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def examples() -> Iterator[tuple[str, str]]:
    context = click.Context(main.group)
    for name in main.COMMANDS:
        command = main.group.get_command(context, name)
        assert command is not None
        assert command.epilog, f"{name} has no examples"
        for line in command.epilog.splitlines():
            if line.startswith("  ankipress"):
                yield name, line


@pytest.mark.parametrize(
    ("name", "line"), list(examples()), ids=lambda value: value.strip().split("#")[0].strip()
)
def test_every_example_of_the_help_works(
    name: str, line: str, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "release":
        (deck / "ankipress.toml").write_text('name = "deck"\n', encoding="utf-8")
    # What would serve until it is interrupted, to a browser, is tried in tests/browser/.
    monkeypatch.setattr("ankipress.preview.serve.server.serve", lambda *_: None)
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    monkeypatch.setattr("click.confirm", lambda _: True)
    assert main.run(["build"]) == 0
    for package in ("my-deck-1.0.0.apkg", "other.apkg"):
        shutil.copy(next(deck.glob("build/*.apkg")), deck / package)
    if name == "import":
        folder = _sources(deck, is_merge="my-deck-2.apkg" in line)
        if "--guids-from" in line:
            _write_notes(folder)
            monkeypatch.setattr("ankipress.cli.found_notes.can_ask", lambda: True)
            monkeypatch.setattr("ankipress.cli.import_guids.can_ask", lambda: True)
        monkeypatch.chdir(folder)
    if name == "pull":
        _prepare_pull(deck, monkeypatch)
    if name == "push" and not line.strip().startswith(("ankipress push  ", "ankipress push --dry")):
        _collections(deck)
        monkeypatch.setenv("ANKI_BASE", str(deck))
        monkeypatch.setattr("ankipress.cli.pushing.can_ask", lambda: True)
    if "HEAD" in line or name == "release" or "--branch" in line:
        (deck / ".gitignore").write_text("/build/\n", encoding="utf-8")
        identity = (["config", "user.name", "A"], ["config", "user.email", "a@b"])
        for words in (["init", "-q"], *identity, ["add", "."], ["commit", "-qm", "1"]):
            subprocess.run(["git", *words], check=True)
    guid = json.loads((deck / "ankipress.lock").read_text(encoding="utf-8").splitlines()[1])["guid"]
    words = [
        word.replace("kmlbxxvh3m2tr5vf", guid) for word in shlex.split(line, comments=True)[1:]
    ]
    assert words[0] == name
    assert main.run(words) == 0


def _prepare_pull(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be pulled from, and in the place of the running Anki a package."""
    package = next(deck.glob("build/*.apkg"))
    shutil.copy(package, deck / "corrections.apkg")
    with zipfile.ZipFile(package) as archive:
        (deck / "User 1").mkdir()
        (deck / "User 1" / "collection.anki2").write_bytes(archive.read("collection.anki2"))
    monkeypatch.setattr(
        "ankipress.cli.pull_source._running",
        lambda _, found: contents_of("corrections.apkg", None, found),
    )


def _collections(deck: Path) -> None:
    """Two collections of Anki's, one of them that of a profile."""
    from learner import Learner  # noqa: PLC0415 - it needs Anki's engine

    for folder in (deck, deck / "User 1"):
        with Learner(folder):
            pass


def _sources(deck: Path, *, is_merge: bool) -> Path:
    """A folder with what can be imported, and with a project that was."""
    folder = deck / "elsewhere"
    folder.mkdir()
    package = next(deck.glob("build/*.apkg"))
    for each in ("my-deck.apkg", "my-deck-2.apkg"):
        shutil.copy(package, folder / each)
    (folder / "words.csv").write_text("word,meaning\nHund,dog\n", encoding="utf-8")
    french = deck / "french.md"
    french.write_text("# French\n\n## le chat\n\nthe cat\n", encoding="utf-8")
    assert main.run(["build", str(french), "-o", str(folder)]) == 0
    with zipfile.ZipFile(next(folder.glob("french-*.apkg"))) as archive:
        (folder / "collection.anki2").write_bytes(archive.read("collection.anki2"))
    if is_merge:
        assert main.run(["import", str(package), str(folder / "my-deck")]) == 0
    else:
        exported = ["export", "--crowdanki", "-o", str(folder / "my-deck"), str(deck)]
        assert main.run(exported) == 0
    return folder


def _write_notes(folder: Path) -> None:
    """Notes as Markdown, and the package that another tool made of them."""
    cards = [(f"What is number {each}?", f"It is {each} and no other") for each in range(12)]
    text = "\n\n".join(f"## {question}\n\n{answer}" for question, answer in cards)
    (folder / "notes").mkdir()
    (folder / "notes/numbers.md").write_text(f"# Numbers\n\n{text}\n", encoding="utf-8")
    save_package(folder / "my-deck.apkg", cards)


def test_the_help_lists_every_command_with_the_first_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, summary in main.COMMANDS.items():
        command = main.group.get_command(click.Context(main.group), name)
        assert command is not None
        assert command.help is not None
        assert command.help.splitlines()[0] == summary
        assert f"  {name} " in shown


def test_python_m_ankipress_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ankipress", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("ankipress, version ")


@pytest.mark.parametrize(
    "arguments",
    [["bulid"], ["build", "nowhere.md"], ["build", "--nonsense"], ["list", "--format", "xml"]],
)
def test_a_wrong_call_is_status_2(arguments: list[str], deck: Path) -> None:
    assert main.run(arguments) == 2


def test_a_misspelt_command_has_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    main.run(["bulid"])
    assert 'did you mean "build"?' in capsys.readouterr().err


def test_a_bug_is_one_message_with_the_details_in_a_file(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(check_command, "compiled", broken)
    assert main.run(["check"]) == 3
    shown = capsys.readouterr().err
    assert "this is a bug in ankipress: ZeroDivisionError: oops" in shown
    assert "Traceback" not in shown
    details = next(
        line.partition("details: ")[2] for line in shown.splitlines() if "details: " in line
    )
    assert "Traceback" in Path(details).read_text(encoding="utf-8")
    Path(details).unlink()
    assert main.run(["--debug", "check"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_is_status_130(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check_command, "compiled", interrupted)
    assert main.run(["check"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_reader_that_has_gone_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """click ends by SystemExit where it notices first."""

    def group(*_: object, **__: object) -> None:
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        sys.exit(1)

    monkeypatch.setattr(main.group, "main", group)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    assert main.run(["list"]) == main.PROBLEMS
    assert "bug" not in capfd.readouterr().err
