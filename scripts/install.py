"""Make a virtual environment with the pinned requirements and ankipress itself, or bring it up to
date.

    python3 scripts/install.py .venv requirements.lock

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)


def main(folder: Path, requirements: Path) -> int:
    """Install, and return the exit status; every failure names what to do."""
    if sys.version_info < OLDEST:
        needed, this = ".".join(map(str, OLDEST)), sys.version.split()[0]
        print(f"ankipress needs Python {needed} or later, this is {this}")
        print("Run: make PYTHON=python3.12 …")
        return 1
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not _works(python):
        print(f"Making {folder} …", flush=True)
        try:
            venv.create(folder, with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{folder} could not be made: {error}")
            print("On Debian and Ubuntu: apt install python3-venv")
            return 1
    print(f"Installing {requirements} …", flush=True)
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    # The lock is complete. It leaves out what aqt would bring along, see pyproject.toml.
    pinned = subprocess.run([*pip, "--no-deps", "--requirement", str(requirements)], check=False)
    # The build backend is pinned too: what is not in the lock is not fetched.
    editable = ["--no-deps", "--no-build-isolation", "--editable", "."]
    status = pinned.returncode or subprocess.run([*pip, *editable], check=False).returncode
    if status:
        print("The requirements could not be installed; pip says why above.")
    return status


def _works(python: Path) -> bool:
    """Whether an environment is there and its Python still starts: a moved or half-made one does
    not.
    """
    try:
        return (
            subprocess.run(
                [str(python), "-m", "pip", "--version"], capture_output=True, check=False
            ).returncode
            == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
