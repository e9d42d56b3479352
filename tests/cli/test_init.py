"""`recto init`: a deck that builds at once, and never touches what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from recto.cli.main import run

WRITTEN = {"recto.toml", "cards.md", ".gitignore", ".gitattributes", "Makefile", ".github/workflows/deck.yml"}


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_deck_builds_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "Mein Deck")]) == 0
    monkeypatch.chdir(tmp_path / "Mein Deck")
    assert files(Path()) == WRITTEN
    capsys.readouterr()
    assert run(["build"]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("Mein-Deck 1.0.0: 4 notes (4 new, 0 changed, 0 retired), 0 media, build/Mein-Deck-1.0.0.apkg")
    assert output.err == ""


def test_two_decks_of_one_name_have_different_identities(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert run(["init", str(tmp_path / folder / "deck")]) == 0
    settings = [(tmp_path / folder / "deck" / "recto.toml").read_text(encoding="utf-8") for folder in ("one", "two")]
    assert settings[0] != settings[1]


def test_a_file_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cards.md").write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert (tmp_path / "cards.md").read_text(encoding="utf-8") == "mine"
    assert "kept " in capsys.readouterr().out


def test_a_project_is_not_started_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "recto.toml").write_text("", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 1
    assert "is a recto project already" in capsys.readouterr().err
    assert files(tmp_path) == {"recto.toml"}


def test_a_file_in_place_of_the_folder_is_an_error_of_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(["init", str(tmp_path / "file")]) == 2
