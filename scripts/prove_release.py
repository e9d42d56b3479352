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
from ankipress.visible_text import on_one_line, without_commands

# -P: nothing in the checkout is taken for ankipress.
ANKIPRESS = (sys.executable, "-P", "-m", "ankipress")


def main(folder: Path) -> int:
    """Guard and verify every package, and return the exit status."""
    settings = read_workspace([]).project.settings
    tag = os.environ["GITHUB_REF_NAME"]
    wanted = settings.release_tag.format(name=settings.name, version=settings.version)
    if tag != wanted:
        problem = f"The tag is {tag}, and the settings say {wanted}"
        message = f"{problem}: `ankipress release` makes both at once"
        print(without_commands(on_one_line(message)), file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        last = Path(temporary)
        before = fetch_last_release(last, tag)
        what = f"Proving {tag} against {before}" if before else f"{tag} is the first release"
        print(without_commands(on_one_line(what)), flush=True)
        statuses = [
            subprocess.run([*ANKIPRESS, *words], check=False).returncode
            for words in proofs(folder, last, before)
        ]
    return max(statuses)


def fetch_last_release(folder: Path, tag: str) -> str:
    """Put the packages of the last release and their manifest into a folder; its tag, empty where
    there was none.
    """
    published = ("--exclude-drafts", "--exclude-pre-releases")
    listed = json.loads(_gh("release", "list", *published, "--limit", "2", "--json", "tagName"))
    others = [each["tagName"] for each in listed if each["tagName"] != tag]
    if not others:
        return ""
    files = ("--pattern", "*.apkg", "--pattern", "manifest.json")
    _gh("release", "download", others[0], "--dir", str(folder), *files)
    return str(others[0])


def proofs(new: Path, last: Path, before: str) -> Iterator[Sequence[str]]:
    """The commands of ankipress that prove packages against those of the release before, whose tag
    is empty for the first one.
    """
    known, packages = named_packages(last), named_packages(new)
    if before:
        # What learners have is the package. A tag stands for several of them.
        against = [str(path) for path in known.values()] if len(known) == 1 else [before]
        yield "check", "--select", "error", "--against", *against
    for name, package in packages.items():
        last_package = [str(known[name])] if name in known else []
        yield "verify", *last_package, str(package)


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
