"""Publish what was proved, as a release of GitHub, by its program `gh`.

    python scripts/publish_release.py FOLDER

FOLDER holds what `ankipress artifacts` made of a tag: all of it is attached, and the release notes
are its text.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

NOTES = "RELEASE-NOTES.md"


def main(folder: Path) -> int:
    """Publish, and return the exit status."""
    version = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["version"]
    # Learners who follow the releases are offered no version that is still tried.
    trial = ["--prerelease"] if "-" in version else []
    files = [str(path) for path in sorted(folder.iterdir())]
    options = ["--verify-tag", "--notes-file", str(folder / NOTES), *trial]
    create = ["gh", "release", "create", os.environ["GITHUB_REF_NAME"], *options, *files]
    return subprocess.run(create, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
