"""Photograph the cards of the showcase in Anki's real desktop, without a screen, for a look by eye.

    .venv/bin/python scripts/anki_screenshot.py --only softmax --theme dark

Writes build/anki-desktop/. The desktop is AGPL and large, with Qt about 600 MB, so it gets an
environment of its own, in build/.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from anki_cards import ShowcaseError, build_package
from anki_pages import THEMES

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ROOT / "build" / "anki-desktop-venv"
OUTPUT = ROOT / "build" / "anki-desktop"
SIZE = (900, 760)
LONGEST = 600  # seconds for one theme

# Anki asks about a profile that is not there, and about the language, in dialogs that nobody would
# see.
PROFILE = """
import pathlib, sys
from aqt.profiles import ProfileManager
profiles = ProfileManager(pathlib.Path(sys.argv[1]))
profiles.setupMeta()
profiles.setLang("en")
profiles.create("Learner")
"""

# What Qt's browser wants of Debian. pip brings the rest.
PACKAGES = (
    "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0",
    "libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libnss3 libxcomposite1 libxdamage1 libxrandr2 libxtst6",
    "libasound2 libdbus-1-3 libxi6 libxkbfile1 fonts-dejavu-core fonts-liberation",
)


def install() -> Path:
    """The desktop of the version that the tests use, in an environment that is made once; its
    Python.
    """
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    [version] = re.findall(r"^aqt==(\S+)", lock, re.MULTILINE)
    python, stamp = DESKTOP / "bin" / "python", DESKTOP / f"aqt-{version}"
    if not stamp.exists():
        print(f"Installing Anki {version} with Qt into {DESKTOP.relative_to(ROOT)} …", flush=True)
        venv.create(DESKTOP, with_pip=True, clear=True)
        pip = [
            str(python),
            "-m",
            "pip",
            "--quiet",
            "--disable-pip-version-check",
            "install",
            f"aqt[qt]=={version}",
        ]
        subprocess.run(pip, check=True)
        stamp.touch()
    return python


def study(python: Path, package: Path, theme: str, only: str) -> None:
    """Let the desktop go through the cards of a package in a profile that is thrown away."""
    with tempfile.TemporaryDirectory() as name:
        addon = Path(name) / "addons21" / "ankipress" / "__init__.py"
        addon.parent.mkdir(parents=True)
        shutil.copyfile(ROOT / "scripts" / "anki_addon.py", addon)
        task = {
            "package": str(package),
            "output": str(OUTPUT),
            "theme": theme,
            "only": only,
            "size": SIZE,
        }
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",
            "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
            "ANKI_SINGLE_INSTANCE_KEY": f"ankipress-{os.getpid()}",
            "ANKIPRESS_SCREENSHOTS": json.dumps(task),
        }
        subprocess.run([str(python), "-c", PROFILE, name], check=True)
        command = [
            str(python),
            "-c",
            "import aqt; aqt.run()",
            "-b",
            name,
            "-p",
            "Learner",
            "-l",
            "en",
        ]
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=LONGEST,
        )
    error = OUTPUT / "error.txt"
    if error.exists():
        raise ShowcaseError(error.read_text(encoding="utf-8"))
    if list(OUTPUT.glob(f"*-{theme}.png")):
        return
    if only and not done.returncode:
        raise ShowcaseError(f"no card has {only!r} in its first field")
    problem = f"Anki ended with status {done.returncode} and no picture:\n{done.stderr[-2000:]}"
    raise ShowcaseError(f"{problem}\nOn Debian it wants: apt install {' '.join(PACKAGES)}")


def main() -> int:
    """Draw the pictures, and return the exit status."""
    parser = argparse.ArgumentParser(
        description="Photograph the showcase in Anki's real desktop into build/anki-desktop/."
    )
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only cards with this in their first field"
    )
    parser.add_argument(
        "--theme", choices=THEMES, action="append", help="light or dark; both unless given"
    )
    arguments = parser.parse_args()
    if sys.platform == "win32":
        parser.error("this runs on Linux and macOS")
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    try:
        package = build_package(ROOT / "examples")
        python = install()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "showcase.apkg"
            path.write_bytes(package)
            for theme in arguments.theme or THEMES:
                study(python, path, theme, arguments.only)
    except (ShowcaseError, subprocess.SubprocessError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(list(OUTPUT.iterdir()))} pictures in build/anki-desktop/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
