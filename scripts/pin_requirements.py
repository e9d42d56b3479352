"""Pin every requirement, with hashes, for all platforms and Pythons: `make lock`.

Writes `requirements.lock` (what ankipress needs), `requirements-dev.lock` (what its tests and
checks need too), `requirements-fuzz.lock` (what fuzzing needs) and `requirements-anki.lock`
(ankipress and Anki's engine, for `ankipress verify`).
None names an index or a host. Needs `uv`, which is fetched by pip into a folder that is deleted
again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the locks; each keeps the pins of the one before."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "uv"],
            check=True,
        )
        _compile(folder, "requirements.lock", "pyproject.toml", "--group", "build")
        dev = ("--group", "dev", "--constraints", "requirements.lock")
        _compile(folder, "requirements-dev.lock", "pyproject.toml", *dev)
        _compile(folder, "requirements-fuzz.lock", "--group", "fuzz")
        anki = ("--extra", "anki", "--group", "build", "--constraints", "requirements-dev.lock")
        _compile(folder, "requirements-anki.lock", "pyproject.toml", *anki)


def _compile(folder: str, output: str, *arguments: str) -> None:
    uv = [f"{folder}/bin/uv", "pip", "compile", "--quiet", "--output-file", output]
    portable = ["--universal", "--generate-hashes", "--python-version", "3.11"]
    plain = ["--no-header", "--no-emit-index-url"]
    subprocess.run([*uv, *portable, *plain, *arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
