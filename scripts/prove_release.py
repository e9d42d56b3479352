"""Prove a release against the one before: what learners have must be updated without a loss.

    python scripts/prove_release.py FOLDER

FOLDER holds what `ankipress artifacts` made of a tag; the project is in the current folder. The
packages of the last release come from GitHub, by its program `gh`. The first release has nothing to
be compared with, and is imported alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ankipress.project.reading import read_workspace

ANKIPRESS = (
    sys.executable,
    "-P",
    "-m",
    "ankipress",
)  # -P: nothing in the checkout is taken for ankipress


def main(folder: Path) -> int:
    """Guard and verify every package, and return the exit status."""
    settings = read_workspace([]).project.settings
    tag, wanted = (
        os.environ["GITHUB_REF_NAME"],
        settings.release_tag.format(name=settings.name, version=settings.version),
    )
    if tag != wanted:
        print(
            f"The tag is {tag}, and the settings say {wanted}: `ankipress release` makes both at once",
            file=sys.stderr,
        )
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        last = Path(temporary)
        before = fetch_last_release(last, tag)
        print(
            f"Proving {tag} against {before}" if before else f"{tag} is the first release",
            flush=True,
        )
        return max(
            subprocess.run([*ANKIPRESS, *words], check=False).returncode
            for words in proofs(folder, last, before)
        )


def fetch_last_release(folder: Path, tag: str) -> str:
    """Put the packages of the last release and their manifest into a folder; its tag, empty where
    there was none.
    """
    listed = _gh(
        "release",
        "list",
        "--exclude-drafts",
        "--exclude-pre-releases",
        "--limit",
        "2",
        "--json",
        "tagName",
    )
    before = next((each["tagName"] for each in json.loads(listed) if each["tagName"] != tag), "")
    if before:
        _gh(
            "release",
            "download",
            before,
            "--dir",
            str(folder),
            "--pattern",
            "*.apkg",
            "--pattern",
            "manifest.json",
        )
    return before


def proofs(new: Path, last: Path, before: str) -> Iterator[Sequence[str]]:
    """The commands of ankipress that prove packages against those of the release before, whose tag
    is empty for the first one.
    """
    known, packages = named_packages(last), named_packages(new)
    if before:
        # What learners have is the package. A tag stands for several of them.
        yield (
            "check",
            "--select",
            "error",
            "--against",
            str(*known.values()) if len(known) == 1 else before,
        )
    for name, package in packages.items():
        yield "verify", *([str(known[name])] if name in known else []), str(package)


def named_packages(folder: Path) -> dict[str, Path]:
    """The packages of a release by their names, which stay the same from version to version."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return {}
    read: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return {each["name"]: folder / each["file"] for each in read["packages"]}


def _gh(*arguments: str) -> str:
    done = subprocess.run(["gh", *arguments], check=False, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        sys.exit(f"gh {' '.join(arguments[:2])} failed, so nothing is proved; gh says why above")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
