"""The stages pass notes on some at a time, and put away what is not needed: nothing of what comes
of it depends on that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from ankipress.cli.shelf import Shelf
from ankipress.work import ALONE, Work

from ankipress.build import pipeline
from ankipress.build.pipeline import Compiled, Project, compile_deck, make_package
from ankipress.identity.lock import read_lock, write_lock
from ankipress.media.media_folder import Refusal
from ankipress.model import Content, Lock, Source
from ankipress.project.media_files import DiskMedia
from ankipress.project.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TEXT = "# Deck\n\n" + "".join(
    f"## What is {number}?\n\nIt is `{number}`.\n\n![a picture](a.png) ![no picture](none-{number % 3}.png)\n\n"
    "## Gaps\n\n{{c1::one}} and {{c2::two}}\n\n"
    for number in range(25)
)


class Folder(DiskMedia):
    """Media that count how often each file is read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read_files: Counter[str] = Counter()

    def find(self, path: str) -> Content | Refusal:
        self.read_files[path] += 1
        return super().read(path)


def compiled(
    root: Path, work: Work = ALONE, lock: Lock | None = None, text: str = TEXT
) -> Compiled:
    (root / "a.png").write_bytes(b"picture")
    settings = Settings(name="deck", version="1.0.0", uid="deck-1234")
    return compile_deck(
        Project(settings, (Source("cards.md", text),), lock or Lock(), DiskMedia(root)),
        1_700_000_000,
        work,
    )


@pytest.mark.parametrize("at_once", [1, 7, 50, 1000])
@pytest.mark.parametrize("work", [ALONE, Work(shelve=Shelf().put)], ids=["in memory", "on a shelf"])
def test_however_many_notes_pass_at_once(
    at_once: int, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = compiled(tmp_path)
    monkeypatch.setattr(pipeline, "_AT_ONCE", at_once)
    found = compiled(tmp_path, work)
    assert found == expected
    assert make_package(found.package) == make_package(expected.package)
    assert write_lock(found.stamped.lock) == write_lock(expected.stamped.lock)
    assert len(found.diagnostics) > 25


def test_the_next_build_finds_what_was_put_away(tmp_path: Path) -> None:
    lock, problems = read_lock(
        write_lock(compiled(tmp_path, Work(shelve=Shelf().put)).stamped.lock)
    )
    assert not problems
    edited = TEXT.replace("What is 7?", "What is seven?").replace("It is `9`", "It is nine")
    first, second = (
        compiled(tmp_path, work, lock, edited) for work in (ALONE, Work(shelve=Shelf().put))
    )
    assert first == second
    assert len(second.stamped.changed) == 2
    assert not second.stamped.new


def test_each_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_AT_ONCE", 4)
    (tmp_path / "a.png").write_bytes(b"picture")
    media = Folder(tmp_path)
    settings = Settings(name="deck", version="1.0.0", uid="deck-1234")
    result = compile_deck(Project(settings, (Source("cards.md", TEXT),), Lock(), media), 1)
    assert media.read_files == {"a.png": 1, "none-0.png": 1, "none-1.png": 1, "none-2.png": 1}
    assert [each.content for each in result.package.media] == [b"picture"]


def test_what_is_shelved_is_what_was_written(tmp_path: Path) -> None:
    put: list[Sequence[str]] = []

    def shelve(texts: tuple[str, ...]) -> Sequence[str]:
        put.append(texts)
        return list(texts)

    result = compiled(tmp_path, replace(ALONE, shelve=shelve))
    assert len(put) == 3 * len(result.notes)  # what is known of each, its fields, and its Markdown
    assert [note.entry.part("Back") for note in result.notes] == [
        note.entry.part("Back") for note in compiled(tmp_path).notes
    ]
