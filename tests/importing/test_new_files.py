"""Many new files: all of them or none, and nothing of anybody else's replaced."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pytest

from ankipress.project.atomic import Writer
from ankipress.project.new_files import write_new


@pytest.mark.parametrize("name", ["media", "cards.md"])
def test_what_appears_during_a_long_write_is_not_replaced(name: str, tmp_path: Path) -> None:
    """On POSIX, a rename replaces a file and an empty folder without a word."""
    (tmp_path / "notes.txt").write_text("mine")

    def while_somebody_else_writes(file: BinaryIO) -> None:
        file.write(b"a picture")
        (tmp_path / name).write_text("theirs")

    contents: dict[str, bytes | Writer] = {
        "notetypes/a/style.css": b"",
        "media/a.png": while_somebody_else_writes,
        "cards.md": b"# Cards",
    }
    with pytest.raises(FileExistsError):
        write_new(tmp_path, contents)
    found = {each.name: each.read_text() for each in tmp_path.iterdir() if each.is_file()}
    assert found == {"notes.txt": "mine", name: "theirs"}
    assert not (tmp_path / "notetypes").exists()
