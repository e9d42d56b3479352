"""Files that are no sources: those of other programs, and Markdown that no setting names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.project.other_formats import not_text
from ankipress.project.other_sources import named, other_sources, setting_for


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"## Question\n\nAnswer\n", id="Markdown"),
        pytest.param(b"PK is a name\n", id="the letters of a zip file"),
        pytest.param("## \u0394\u0395\u0396\n".encode(), id="Greek"),
        pytest.param("## 中文\n".encode(), id="Chinese"),
        pytest.param(b"## A\x00B and much more text that is none of UTF-16\n", id="a zero"),
        pytest.param(b"text %PDF-1.4\n", id="a PDF that is named"),
    ],
)
def test_a_text_is_a_text(content: bytes) -> None:
    assert not_text(content, "cards.md") is None


@pytest.mark.parametrize(
    ("content", "message", "help"),
    [
        pytest.param(
            b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml...word/document.xml",
            "this file is a Word document, not Markdown",
            "pandoc -f docx",
            id="Word",
        ),
        pytest.param(
            b"PK\x03\x04..ppt/slides",
            "this file is a PowerPoint presentation, not Markdown",
            "copy",
            id="slides",
        ),
        pytest.param(
            b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text",
            "this file is a document of LibreOffice, not Markdown",
            "pandoc -f odt",
            id="LibreOffice",
        ),
        pytest.param(
            b"PK\x03\x04..collection.anki21b",
            "this file is an Anki package, not Markdown",
            "ankipress recover",
            id="a package",
        ),
        pytest.param(
            b"PK\x03\x04..a.txt",
            "this file is a zip file, not Markdown",
            "unpack it",
            id="any zip file",
        ),
        pytest.param(b"%PDF-1.7\n", "this file is a PDF, not Markdown", "copy its text", id="PDF"),
        pytest.param(
            rb"{\rtf1\ansi x}",
            "this file is a document in Rich Text Format, not Markdown",
            "pandoc -f rtf",
            id="RTF",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "this file is a document of an old Word, Excel or PowerPoint, not Markdown",
            "copy",
            id="old Word",
        ),
        pytest.param(
            b"\x89PNG\r\n\x1a\n", "this file is a picture, not Markdown", "name a", id="PNG"
        ),
    ],
)
def test_a_file_of_another_program_is_told_by_its_first_bytes(
    content: bytes, message: str, help: str
) -> None:
    problem = not_text(content, "cards.md")
    assert problem is not None
    assert (problem.code, problem.message) == ("not-text", message)
    assert help in problem.help


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding: str) -> None:
    problem = not_text("## What is a tensor?\n".encode(encoding), "cards.md")
    assert problem is not None
    assert (problem.code, problem.message) == ("not-utf8", "this file is UTF-16, not UTF-8")


def test_a_document_is_the_only_problem_of_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.docx").write_bytes(b"PK\x03\x04\x00\xff..word/document.xml\x00\xff")
    assert run(["build", "notes.docx"]) == 1
    assert capsys.readouterr().err.startswith(
        "notes.docx: error[not-text]: this file is a Word document, not Markdown\n  help: save it"
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a command is started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _folder(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("", encoding="utf-8")


def test_hidden_files_and_those_that_describe_a_project_are_not_offered(tmp_path: Path) -> None:
    _folder(tmp_path, "b.md", "a/c.md", "README.md", ".git/x.md", ".y.md", "build/z.md", "n.txt")
    _folder(tmp_path, "a/d.ipynb", "a/.ipynb_checkpoints/d.ipynb")
    assert other_sources(tmp_path, ()) == ["a/c.md", "a/d.ipynb", "b.md"]
    assert other_sources(tmp_path, ["b.md"]) == ["a/c.md", "a/d.ipynb"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_names_that_would_command_the_terminal_are_not_offered(tmp_path: Path) -> None:
    _folder(tmp_path, "a\x1b[31m.md", "b\n.md", "c.md")
    assert other_sources(tmp_path, ()) == ["c.md"]


@pytest.mark.parametrize(
    ("paths", "names", "setting"),
    [
        (["a.md"], "a.md", 'sources = ["a.md"]'),
        (["a.md", "b.md"], "a.md, b.md", 'sources = ["*.md"]'),
        (["x/a.md", "x/b.md"], "x/a.md, x/b.md", 'sources = ["x/*.md"]'),
        (["a.md", "x/b.md"], "a.md, x/b.md", 'sources = ["**/*.md"]'),
        (["a.ipynb"], "a.ipynb", 'sources = ["a.ipynb"]'),
        (["a.ipynb", "b.ipynb"], "a.ipynb, b.ipynb", 'sources = ["*.ipynb"]'),
        (["a.ipynb", "x/b.md"], "a.ipynb, x/b.md", 'sources = ["**/*.md", "**/*.ipynb"]'),
        ([f"{each}.md" for each in "abcde"], "a.md, b.md, c.md and 2 more", 'sources = ["*.md"]'),
    ],
)
def test_what_is_offered(paths: list[str], names: str, setting: str) -> None:
    assert named(paths) == names
    assert setting_for(paths) == setting


@pytest.mark.parametrize(
    ("settings", "sources", "said"),
    [
        pytest.param(None, [], "`ankipress init` starts a deck", id="nothing at all"),
        pytest.param(
            None,
            ["my notes.md", "z.md"],
            "there is my notes.md, z.md\n  help: `ankipress build 'my notes.md'` builds one file;",
            id="files and no settings",
        ),
        pytest.param(
            "",
            ["b.md", "c.md"],
            'there is b.md, c.md\n  help: set `sources = ["*.md"]`\n',
            id="settings that name other files",
        ),
        pytest.param(
            "",
            ["cards.md", "x/b.md"],
            'other files are no sources: x/b.md; `sources = ["x/b.md"]` takes them',
            id="a source without cards",
        ),
    ],
)
def test_other_files_of_a_folder_are_named(
    settings: str | None,
    sources: list[str],
    said: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _folder(here, *sources)
    if settings is not None:
        (here / "ankipress.toml").write_text(settings, encoding="utf-8")
    assert run(["build"]) == 1
    assert said in capsys.readouterr().err


def test_the_setting_that_is_offered_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        _folder(tmp_path, f"chapters/{name}.md")
        text = f"## What is {name}?\n\nA number.\n"
        (tmp_path / "chapters" / f"{name}.md").write_text(text, encoding="utf-8")
    setting = setting_for(other_sources(tmp_path, ()))
    (tmp_path / "ankipress.toml").write_text(f"{setting}\n", encoding="utf-8")
    assert run(["build"]) == 0
    assert "2 notes" in capsys.readouterr().out


def test_a_named_file_is_not_compared_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _folder(tmp_path, "a.md", "b.md")
    assert run(["build", "a.md"]) == 1
    assert "b.md" not in capsys.readouterr().err
