"""`ankipress push` where no Anki answers: the package is opened, or it is said how to open it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from ankipress.cli.main import run

_PATIENCE = 20.0  # seconds


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "cards.md").write_text("# Deck\n\n## Question\n\nAnswer\n", encoding="utf-8")
    (folder / "ankipress.toml").write_text('name = "deck"\n', encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return folder


def _install_anki(folder: Path) -> Path:
    """A program `anki` that writes down what it is called with."""
    (folder / "bin").mkdir()
    called = folder / "called.txt"
    program = folder / "bin" / "anki"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$*" > "{called}"\n', encoding="utf-8")
    program.chmod(0o755)
    return called


def test_without_any_anki_the_file_and_the_button_are_named(
    deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert run(["push", "--yes"]) == 0
    said = capsys.readouterr().out
    [package] = (deck / "build").iterdir()
    assert f"Open it with Anki, by a double click or File > Import: build/{package.name}" in said
    assert "Press Import in the window that Anki shows" in said
    assert (deck / "ankipress.lock").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="its program is a script of a shell")
def test_an_installed_anki_opens_the_package(
    tmp_path: Path, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = _install_anki(tmp_path)
    assert run(["push", "--yes"]) == 0
    assert "Press Import in the window that Anki shows" in capsys.readouterr().out
    deadline = time.monotonic() + _PATIENCE
    while not called.exists() or not called.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    [package] = (deck / "build").iterdir()
    assert called.read_text(encoding="utf-8") == str(package.resolve())


@pytest.mark.skipif(sys.platform != "linux", reason="its program is a script of a shell")
def test_nothing_is_started_unless_somebody_says_yes(
    tmp_path: Path, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = _install_anki(tmp_path)
    assert run(["push"]) == 0
    assert "Open it with Anki, by a double click" in capsys.readouterr().out
    time.sleep(0.2)
    assert not called.exists()


def test_a_dry_run_writes_nothing(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["push", "--dry-run"]) == 0
    assert "No Anki with the add-on AnkiConnect (2055492159) answers" in capsys.readouterr().out
    assert {path.name for path in deck.iterdir()} == {"cards.md", "ankipress.toml"}


def test_a_deck_with_errors_is_not_pushed(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "ankipress.toml").write_text("nonsense\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["push", "--yes"]) == 1
    assert "error[bad-settings]" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["nowhere", "nowhere.anki2", "../elsewhere", ""])
def test_what_is_no_collection_and_no_profile_is_a_wrong_call(
    deck: Path, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["push", word]) == 2
    assert "there is no collection at" in capsys.readouterr().err
    assert not (deck / "ankipress.lock").exists()


def test_suspending_and_deleting_exclude_each_other(deck: Path) -> None:
    assert run(["push", "--suspend-retired", "--delete-retired"]) == 2
    assert not (deck / "ankipress.lock").exists()
