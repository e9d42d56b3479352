"""Media of note types from the command line: packed, shown by the preview and the site, told."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from ankipress.cli.main import run
from author import Author, picture

FRONT = "<style>p { color: red; background: url(b.png) }</style>"
FRONT += '<img src="/media/a.png"><p style="background: url(\'b.png\')">{{Word}}</p>'

SETTINGS = {"name": "deck", "uid": "own-media", "sources": ["*.md"]}


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Author:
    """A project with a note type that names files in its own folder and in `media`."""
    author = Author(tmp_path / "deck", monkeypatch, SETTINGS)
    author.write("cards.md", "# D\n\n## Hund {kind=vocab}\n\ndog\n")
    author.write("e.md", "# E\n\n## Q?\n\nAn answer.\n")
    author.write("notetypes/vocab/notetype.toml", 'fields = ["Word", "Meaning"]\n')
    author.write("notetypes/vocab/card.front.html", FRONT)
    author.write("notetypes/vocab/card.back.html", "{{Meaning}}")
    author.write("notetypes/vocab/b.png", picture(2))
    author.write("media/a.png", picture(1))
    return author


def _media(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        names = re.findall(r"_ankipress-(\w+)-", archive.read("media").decode("latin-1"))
    return sorted(names)


def test_a_file_of_a_note_type_is_used(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert _media(author.release("1.0.0")) == ["a", "b"]
    assert run(["check"]) == 0
    assert "unused-media" not in capsys.readouterr().err


def test_each_deck_of_its_own_has_the_files_of_its_note_types(author: Author) -> None:
    author.set(packages="deck")
    author.release("1.0.0")
    packages = {path.name: _media(path) for path in (author.folder / "build").glob("*.apkg")}
    assert sorted(packages.values()) == [[], ["a", "b"]]


def test_another_picture_is_a_build_of_its_own(author: Author) -> None:
    first = author.release("1.0.0").read_bytes()
    assert author.release("1.0.0").read_bytes() == first
    author.write("notetypes/vocab/b.png", picture(7))
    assert author.release("1.0.0").read_bytes() != first


def test_the_pages_of_a_site_show_them(author: Author) -> None:
    author.release("1.0.0")
    assert run(["site", "--output", "pages"]) == 0
    pages = author.folder / "pages"
    named = set()
    for page in pages.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for name in re.findall(
            r"(?:src=\"|url\((?:'|&quot;)?)([^'&\")]*_ankipress-[^'&\")]*)", text
        ):
            named.add(name)
            assert (page.parent / name).is_file()
    assert {re.sub(r"[0-9a-f]{16}", "#", name) for name in named} == {
        "../media/_ankipress-a-#.png",
        "../media/_ankipress-b-#.png",
    }


def test_an_error_of_a_note_type_writes_nothing(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    author.release("1.0.0")
    author.write("notetypes/vocab/card.back.html", "<img src='{{Meaning}}.png'>")
    assert run(["build"]) == 1
    assert "notetypes/vocab/card.back.html:1:11: error[note-type-media]" in capsys.readouterr().err
