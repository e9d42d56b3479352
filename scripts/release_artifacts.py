"""Build the files of a release again: of a tag, in a clean checkout with what it pins; else of the
files as they are.

Where `build/` holds files of the same names already, they must be the same to the byte, or this
fails and names those that differ.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Build, compare where there is something to compare with, and give the exit status."""
    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        sys.stderr.write("release_artifacts.py [TAG]\n")
        return 2
    if not arguments:
        return _artifacts(Path(sys.executable), ROOT, ROOT / "build")
    [tag] = arguments
    with tempfile.TemporaryDirectory(prefix="ankipress-release-") as temporary:
        checkout, made = Path(temporary) / ROOT.name, Path(temporary) / "made"
        git = ["git", "-c", "advice.detachedHead=false"]
        clone = ["clone", "--quiet", "--branch", tag, "--", str(ROOT), str(checkout)]
        if subprocess.run([*git, *clone], check=False).returncode:
            return 1
        status = _artifacts(_python_of(checkout), checkout, made)
        return status or _compare(made, ROOT / "build")


def _python_of(checkout: Path) -> Path:
    """A Python with what the tag pins: the one that runs this where its requirements are the same,
    else a new environment.
    """
    same = (checkout / "requirements.lock").read_bytes() == (
        ROOT / "requirements.lock"
    ).read_bytes()
    if same:
        return Path(sys.executable)
    venv = checkout.parent / "venv"
    subprocess.run(
        [sys.executable, str(checkout / "scripts/install.py"), str(venv), "requirements.lock"],
        cwd=checkout,
        check=True,
    )
    return venv / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def _artifacts(python: Path, project: Path, output: Path) -> int:
    """Run the ankipress of a project on itself: the code of a tag, not the one of today."""
    path = f"import sys; sys.path.insert(0, {str(project / 'src')!r})"
    program = f"{path}; from ankipress.cli.main import main; main()"
    command = [str(python), "-c", program, "artifacts", "--output", str(output)]
    return subprocess.run(command, cwd=project, check=False).returncode


def _compare(made: Path, build: Path) -> int:
    """Put what was made into the folder for packages, unless something else stands there under its
    name.
    """
    build.mkdir(exist_ok=True)
    differing = []
    for path in sorted(made.iterdir()):
        target = build / path.name
        if not target.exists():
            target.write_bytes(path.read_bytes())
        elif target.read_bytes() != path.read_bytes():
            differing.append(path.name)
        else:
            print(f"build/{path.name}: the same bytes")
    if differing:
        sys.stderr.write(
            f"These files in build/ are others than those of the tag: {', '.join(differing)}\n"
        )
        sys.stderr.write(
            "manifest.json names the tools that each was built with; `make clean` makes room\n"
        )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
