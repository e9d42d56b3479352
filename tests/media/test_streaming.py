"""Media are read when they are packed, and never all at once."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from ankipress.build.pipeline import Compiled, compile_deck, make_package, packages_of
from ankipress.cli import building
from ankipress.cli.main import run
from ankipress.media.media_folder import Refusal
from ankipress.model import Lock, MediaContent, Package, Source
from ankipress.project.deck import Project
from ankipress.project.file_digests import ChangedMeanwhileError, FileDigests
from ankipress.project.media_files import DiskMedia, FileContent
from ankipress.project.settings import Settings
from author import picture

CARD = "## What is {0}?\n\n![Number {0}.](media/{0}.png)\n\n"


class Counted(DiskMedia):
    """Media that count how often each file is looked for."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.looked_for: Counter[str] = Counter()

    def find(self, path: str) -> MediaContent | Refusal:
        self.looked_for[path] += 1
        return super().find(path)


def compiled(root: Path, media: DiskMedia) -> Compiled:
    text = "# Deck\n\n" + "".join(CARD.format(n) for n in (0, 1, 0)) + "![x](none.png)\n"
    settings = Settings(name="deck", version="1.0.0", uid="deck-1234")
    return compile_deck(Project(settings, (Source("cards.md", text),), Lock(), media), 1)


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "media").mkdir()
    for number in range(2):
        (tmp_path / f"media/{number}.png").write_bytes(picture(number))
    text = "# Deck\n\n" + "".join(CARD.format(number) for number in range(2))
    (tmp_path / "cards.md").write_text(text, encoding="utf-8")
    (tmp_path / "ankipress.toml").write_text('name = "deck"\nuid = "deck-1234"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_file_is_looked_for_once(deck: Path) -> None:
    media = Counted(deck)
    result = compiled(deck, media)
    assert media.looked_for == {"media/0.png": 1, "media/1.png": 1, "none.png": 1}
    assert sorted(each.read() for each in result.package.media) == [picture(0), picture(1)]


def test_no_picture_is_in_memory_before_it_is_packed(deck: Path) -> None:
    for each in compiled(deck, DiskMedia(deck)).package.media:
        assert isinstance(each.content, FileContent)


def test_a_picture_that_changed_since_its_digest_was_taken_is_not_packed(deck: Path) -> None:
    package = compiled(deck, DiskMedia(deck)).package
    (deck / "media/0.png").write_bytes(picture(7) + b"longer")
    with pytest.raises(ChangedMeanwhileError, match=r"media.0\.png"):
        make_package(package)


def test_a_picture_that_changes_between_digest_and_packing_is_built_again(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another one gets another name: nothing of the first try may be left."""
    left = [7]

    def change_and_go_on(result: Compiled, settings: Settings) -> tuple[Package, ...]:
        for shade in left:
            (deck / "media/0.png").write_bytes(picture(shade))
            os.utime(deck / "media/0.png", (1, 1))
        left.clear()
        return packages_of(result, settings)

    monkeypatch.setattr(building, "packages_of", change_and_go_on)
    assert run(["build"]) == 0
    assert "2 media" in capsys.readouterr().out
    with zipfile.ZipFile(deck / "build/deck-0.1.0.apkg") as archive:
        assert archive.testzip() is None
        contents = {archive.read(name) for name in archive.namelist() if name.isdigit()}
    assert contents == {picture(7), picture(1)}
    assert list(deck.rglob("*.tmp")) == []


def test_a_picture_that_never_rests_is_an_error_in_the_end(
    deck: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter(range(1, 10))

    def change_and_go_on(result: Compiled, settings: Settings) -> tuple[Package, ...]:
        os.utime(deck / "media/0.png", (time := next(times), time))
        return packages_of(result, settings)

    monkeypatch.setattr(building, "packages_of", change_and_go_on)
    assert run(["build"]) == 1
    assert "media/0.png: something else changed it meanwhile" in capsys.readouterr().err
    assert not (deck / "ankipress.lock").exists()


def test_a_digest_is_remembered_for_a_file_that_rests(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"one")
    digests = FileDigests({})
    fresh = digests.of(file, file.stat())
    assert digests.fresh == {}, "it may change within the same tick"
    os.utime(file, (1_600_000_000, 1_600_000_000))
    assert digests.of(file, file.stat()) == fresh
    assert digests.fresh.keys() == {str(file)}
    again = FileDigests(dict(digests.fresh))
    assert again.of(file, file.stat()) == fresh
    assert again.fresh == {}, "it was not read"
    file.write_bytes(b"two")
    assert again.of(file, file.stat()) != fresh


PROGRAM = """
import resource, sys
from ankipress.cli.main import run
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
status = run(["build"])
print("grown", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start)
sys.exit(status)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units elsewhere")
def test_pictures_are_never_all_in_memory(deck: Path) -> None:
    """A build of 64 MB of pictures takes little more memory than one of two small ones."""
    small = grown(deck)
    number, size = 32, 2_000_000
    chance = random.Random(1)
    for each in range(number):
        (deck / f"media/{each}.png").write_bytes(picture(each) + chance.randbytes(size))
    text = "# Deck\n\n" + "".join(CARD.format(each) for each in range(number))
    (deck / "cards.md").write_text(text, encoding="utf-8")
    large = grown(deck)
    assert (deck / "build/deck-0.1.0.apkg").stat().st_size > number * size
    assert large - small < 5 * size // 1000, "kB"


def grown(deck: Path) -> int:
    """By how many kB a build makes its process grow."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=deck, capture_output=True, text=True, check=True
    )
    found = re.search(r"grown (\d+)", done.stdout)
    assert found
    return int(found[1])
