"""Same input, same bytes: whoever builds, wherever, whenever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Runs ankipress with every listing of a folder turned around.
REVERSED = """
import os, sys
listdir, scandir = os.listdir, os.scandir
class Scan:
    def __init__(self, entries): self.entries = iter(entries)
    def __iter__(self): return self
    def __next__(self): return next(self.entries)
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
os.listdir = lambda *a: sorted(listdir(*a), reverse=True)
os.scandir = lambda *a: Scan(sorted(scandir(*a), key=lambda each: each.name, reverse=True))
from ankipress.cli.main import run
sys.exit(run(["build"]))
"""

CARDS = """---
tags: [{tag}, shared]
---
# Deck::{tag}

## What is {tag}? {{reverse}}

![picture](../media/{tag}.png) and `code`

## Gaps of {tag}

{{{{c1::one}}}} and {{{{c2::two}}}}
"""


def make_project(folder: Path, *, backwards: bool) -> None:
    """The same project, its files made in one order or the other."""
    (folder / "cards").mkdir(parents=True)
    (folder / "media").mkdir()
    tags = ["b", "a", "ü", "c"]
    for tag in reversed(tags) if backwards else tags:
        (folder / "cards" / f"{tag}.md").write_text(CARDS.format(tag=tag), encoding="utf-8")
        (folder / "media" / f"{tag}.png").write_bytes(b"\0" + tag.encode())
    (folder / "ankipress.toml").write_text(
        'name = "twice"\nversion = "1.2.3"\nuid = "twice-test"\n', encoding="utf-8"
    )


def build(
    folder: Path, *, umask: int = 0o022, script: str | None = None, **environment: Any
) -> tuple[bytes, bytes]:
    """The bytes of the package and of the lock."""
    command = (
        [sys.executable, "-c", script] if script else [sys.executable, "-m", "ankipress", "build"]
    )
    options: dict[str, Any] = {} if sys.platform == "win32" else {"umask": umask}
    subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        **options,
    )
    return (folder / "build" / "twice-1.2.3.apkg").read_bytes(), (
        folder / "ankipress.lock"
    ).read_bytes()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({}, id="another folder, whose files were made in another order"),
        pytest.param({"PYTHONHASHSEED": "7"}, id="another hash seed"),
        pytest.param({"LC_ALL": "C", "LANG": "C", "LANGUAGE": "tr"}, id="another locale"),
        pytest.param({"TZ": "Asia/Tokyo"}, id="another time zone"),
        pytest.param({"umask": 0o077}, id="another umask"),
        pytest.param({"script": REVERSED}, id="another order of folders"),
    ],
)
def test_two_builds_of_one_input_give_the_same_bytes(tmp_path: Path, other: dict[str, Any]) -> None:
    make_project(tmp_path / "one", backwards=False)
    make_project(tmp_path / "two", backwards=True)
    fixed: dict[str, Any] = {"SOURCE_DATE_EPOCH": "1760000000"}
    first = build(tmp_path / "one", PYTHONHASHSEED="1", **fixed)
    assert build(tmp_path / "two", **{"PYTHONHASHSEED": "2", **fixed, **other}) == first


def test_with_the_lock_the_time_of_the_build_does_not_matter(tmp_path: Path) -> None:
    make_project(tmp_path / "one", backwards=False)
    first = build(tmp_path / "one", SOURCE_DATE_EPOCH="1760000000")
    assert build(tmp_path / "one", SOURCE_DATE_EPOCH="1770000000") == first
    make_project(tmp_path / "two", backwards=False)
    (tmp_path / "two" / "ankipress.lock").write_bytes(first[1])
    assert build(tmp_path / "two", SOURCE_DATE_EPOCH="1780000000") == first
