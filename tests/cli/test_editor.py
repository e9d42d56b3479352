"""How a place is opened in an editor."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from ankipress.cli.editor import Editor
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


def test_an_editor_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        finished(Editor("no-such-editor-anywhere {path}").open(Path("/a"), 1, 1))


@pytest.mark.parametrize("text", ["", " ", "'"])
def test_no_editor(text: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        Editor(text)
