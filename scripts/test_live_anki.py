"""Push into a running Anki and pull from it: `make test-live`.

    python scripts/test_live_anki.py            # all tests of tests/live_anki
    python scripts/test_live_anki.py -k media   # words for pytest

Fetches what is not there: an Anki with Qt into build/anki-venvs, and the add-on AnkiConnect, which
is no part of this project, into build/anki-connect. Where the variables ANKI_DESKTOP or
ANKICONNECT_SOURCE are set (tests/anki_desktop.py says to what), that is taken. What cannot be had
is named, and its tests are skipped.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

from anki_versions import ENVIRONMENTS, ROOT, UntriedError, run, say

ADD_ON = "https://github.com/FooSoft/anki-connect"
COMMIT = "4064fa142785975255457abd6a496015f5b71f38"
_DEBIAN = (
    "On Debian, Qt wants: apt install libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0"
    " libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0"
    " libxcb-xinerama0 libxcb-xkb1 libnss3 libxcomposite1 libxdamage1 libxrandr2 libxtst6"
    " libasound2 libdbus-1-3 libxi6 libxkbfile1"
)


def main() -> int:
    """Fetch what is needed, and run the tests."""
    for variable, fetch in {"ANKI_DESKTOP": _desktop, "ANKICONNECT_SOURCE": _add_on}.items():
        if variable not in os.environ:
            try:
                os.environ[variable] = str(fetch())
            except UntriedError as error:
                say(f"NOT FETCHED: {error}")
    tests = [sys.executable, "-m", "pytest", "tests/live_anki", *sys.argv[1:]]
    return subprocess.run(tests, cwd=ROOT, check=False).returncode


def _desktop() -> Path:
    """The Python of an environment with the desktop of the Anki that the other tests import."""
    version = importlib.metadata.version("aqt")
    folder = ENVIRONMENTS / f"desktop-{version}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "ready").exists():
        say(f"Anki {version} with Qt: installing into {folder.relative_to(ROOT)} …")
        run([sys.executable, "-m", "venv", "--clear", str(folder)], "no environment can be made")
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        run([*pip, f"aqt[qt]=={version}"], "pip could not install the desktop of Anki")
        (folder / "ready").touch()
    run([str(python), "-c", "import aqt.main"], f"the desktop of Anki cannot start. {_DEBIAN}")
    return python


def _add_on() -> Path:
    """A clone of AnkiConnect, at the commit that the tests know."""
    folder = ROOT / "build" / "anki-connect"
    git = ["git", "-C", str(folder)]
    if not (folder / ".git").exists():
        run(["git", "clone", "--quiet", ADD_ON, str(folder)], f"{ADD_ON} cannot be cloned")
    run([*git, "checkout", "--quiet", COMMIT], "AnkiConnect has not the commit that is known")
    return folder


if __name__ == "__main__":
    sys.exit(main())
