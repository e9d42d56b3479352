"""How a place is opened in an editor."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from ankipress.cli import serve_command
from ankipress.cli.editor import Editor, UnsafeEditorError
from ankipress.cli.main import run
from loops import finished


@pytest.mark.parametrize(
    ("editor", "path", "link"),
    [
        ("vscode", "/home/a/cards.md", "vscode://file/home/a/cards.md:12:3"),
        ("vscode", "/home/a b/ü#1.md", "vscode://file/home/a%20b/%C3%BC%231.md:12:3"),
        ("idea", "/home/a/cards.md", "idea://open?file=/home/a/cards.md&line=12&column=3"),
        ("my://x{path}?l={line}", "/a/{line}.md", "my://x/a/%7Bline%7D.md?l=12"),
    ],
)
def test_links(editor: str, path: str, link: str) -> None:
    assert finished(Editor(editor).open(Path(path), 12, 3)) == link


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("{python} {script} +{line}:{column} {path}", ["+12:3", "/a b/c d.md"]),
        ("{python} {script} '{line}; touch x'", ["12; touch x"]),
        ("{python} {script} -g", ["-g", "/a b/c d.md"]),
    ],
)
def test_commands(tmp_path: Path, command: str, words: list[str]) -> None:
    """Without a shell, whatever the file is called."""
    script, said = tmp_path / "editor.py", tmp_path / "said"
    part = said.with_suffix(".part")
    code = (
        f"import os, sys\nopen({str(part)!r}, 'w').write('\\n'.join(sys.argv[1:]))\n"
        f"os.rename({str(part)!r}, {str(said)!r})\n"
    )
    script.write_text(code)
    line = command.replace("{python}", sys.executable).replace("{script}", str(script))
    assert finished(Editor(line).open(Path("/a b/c d.md"), 12, 3)) is None
    for _ in range(500):
        if said.exists():
            break
        time.sleep(0.02)
    assert said.read_text().split("\n") == words


@pytest.mark.parametrize(
    "name",
    ["-rf", "; touch x", "$(touch x)", "a\nb", "`x`", "{line}", "{path}", "--cmd=x", "'", '"'],
)
def test_a_file_is_one_word_that_begins_with_its_folder(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("ankipress.cli.editor.start_program", started.append)
    path = Path("/deck") / name
    for command in ("vi +{line} {path}", "vi", "code -g {path}:{line}"):
        assert finished(Editor(command).open(path, 7, 1)) is None
    assert started == [["vi", "+7", str(path)], ["vi", str(path)], ["code", "-g", f"{path}:7"]]


@pytest.mark.parametrize(
    ("command", "is_safe"),
    [
        ("sh -c 'vi {path}'", False),
        ("/bin/bash -c \"vi +{line} '{path}'\"", False),
        ("xterm -e zsh -c 'vi {path}'", False),
        ("pwsh.exe -c 'vi {path}'", False),
        ("sh -c 'vi \"$1\"' sh {path}", True),
        ("sh open.sh {path}", True),
        ("xterm -e vi {path}", True),
    ],
)
def test_no_shell_reads_the_name_of_a_file(command: str, is_safe: bool) -> None:
    if is_safe:
        Editor(command)
        return
    with pytest.raises(UnsafeEditorError):
        Editor(command)


@pytest.mark.parametrize("sign", ["&", "|", "%", "^", '"', "\n"])
def test_a_batch_file_gets_no_signs_of_a_shell(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("ankipress.cli.editor.start_program", started.append)
    editor = Editor("code.CMD -g {path}")
    with pytest.raises(OSError, match="a shell would read"):
        finished(editor.open(Path(f"/deck/a{sign}calc.md"), 1, 1))
    assert finished(editor.open(Path("/deck/a b.md"), 1, 1)) is None
    assert started == [["code.CMD", "-g", "/deck/a b.md"]]


def test_a_project_names_no_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ankipress.toml").write_text('editor = "touch x"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text("## Q\n\nA\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 1
    assert 'there is no setting "editor"' in capsys.readouterr().out
    [option] = [each for each in serve_command.command.params if each.name == "editor"]
    assert option.envvar is None


def test_an_editor_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        finished(Editor("no-such-editor-anywhere {path}").open(Path("/a"), 1, 1))


@pytest.mark.parametrize("text", ["", " ", "'"])
def test_no_editor(text: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        Editor(text)
