"""Anki in any version: environments, a learner in a process of its own, and tables of results.

For `test_anki_versions.py` and `forecast_versions.py`. Each version gets an environment below
build/anki-venvs, which the next run finds again.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHILD = ROOT / "scripts" / "anki_child.py"
ENVIRONMENTS = ROOT / "build" / "anki-venvs"
PAGE = ROOT / "docs" / "anki-versions.md"

ALSO_NEEDED = {"2.1.49": ("protobuf<3.21",)}
# These take the time of an import for the time of a change, see docs/anki-versions.md.
STAMP_IMPORTS = frozenset(["2.1.54", "2.1.66", "23.10", "24.11"])
DAY = 86_400
LONGEST = 600  # seconds that an installation, or an import, may take


class UntriedError(Exception):
    """A version that could not be tried, and why."""


@dataclass(frozen=True)
class Packed:
    """What a package holds: the fields and tags of each note, its cards as `guid ord`, and its
    media.
    """

    path: Path
    notes: Mapping[str, tuple[list[str], list[str]]]
    cards: frozenset[str]
    media: frozenset[str]


def build(folder: Path, at: int) -> None:
    """Build the project in a folder as at a time in seconds since 1970."""
    done = subprocess.run(
        [sys.executable, "-m", "ankipress", "build"],
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(at)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}"
        sys.exit(f"The deck of this test does not build, so nothing can be said of Anki:\n{said}")


def read_package(path: Path) -> Packed:
    """What a learner must have after importing a package."""
    with zipfile.ZipFile(path) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        media = frozenset(json.loads(archive.read("media")).values())
        rows = connection.execute("SELECT guid, flds, tags FROM notes").fetchall()
        cards = connection.execute(
            "SELECT n.guid, c.ord FROM cards c JOIN notes n ON n.id = c.nid"
        ).fetchall()
    notes = {guid: (fields.split("\x1f"), sorted(tags.split())) for guid, fields, tags in rows}
    return Packed(path, notes, frozenset(f"{guid} {order}" for guid, order in cards), media)


def install(version: str, python: str) -> Path:
    """The Python of an environment with this version of Anki, made where there is none yet."""
    folder, executable = ENVIRONMENTS / version, executable_of(version)
    if installed(executable) == version:
        return executable
    say(f"{version}: installing into {folder.relative_to(ROOT)} …")
    run(
        [python, "-m", "venv", "--clear", str(folder)],
        f"no environment could be made with {python}",
    )
    pip = [str(executable), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run(
        [*pip, f"anki=={version}", *ALSO_NEEDED.get(version, ())],
        "pip could not install it; another --python may help",
    )
    if installed(executable) != version:
        raise UntriedError("it was installed, but cannot be imported; another --python may help")
    return executable


def executable_of(version: str) -> Path:
    """The Python of the environment with this version of Anki, whether or not it was made."""
    return (
        ENVIRONMENTS / version / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    )


def installed(executable: Path) -> str:
    """The version of Anki that an environment has, empty where it has none that works."""
    code = "import importlib.metadata, anki.collection; print(importlib.metadata.version('anki'))"
    try:
        return subprocess.run(
            [executable, "-I", "-c", code], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return ""


def run(command: Sequence[str], failure: str) -> None:
    """Run a command, or say why it cannot be done, with the end of what it complained of."""
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UntriedError(f"{failure}: {error}") from error
    if result.returncode:
        raise UntriedError(f"{failure}:{tail(result.stderr or result.stdout)}")


def tail(text: str) -> str:
    """The last lines of what a program complained of, indented."""
    lines = [line for line in text.strip().split("\n") if not line.startswith("WARNING")]
    return "".join(f"\n      {line[:200]}" for line in lines[-8:])


class Anki:
    """A learner's collection in one version of Anki, which is a process of its own."""

    def __init__(self, process: subprocess.Popen[str], complaints: Path) -> None:
        self._process, self._complaints = process, complaints

    def import_package(self, package: Packed, *, always: bool = False) -> dict[str, Any] | None:
        """Import, and return all that is in the collection then; None where this version has no
        such option.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watch = threading.Timer(LONGEST, self._process.kill)
        watch.start()
        try:
            print(
                json.dumps({"package": str(package.path.resolve()), "always": always}),
                file=self._process.stdin,
                flush=True,
            )
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            watch.cancel()
        if not answer.endswith("\n"):
            complaints = self._complaints.read_text(encoding="utf-8", errors="replace")
            raise UntriedError(f"Anki failed:{tail(complaints)}")
        state: dict[str, Any] | None = json.loads(answer)
        return state


@contextmanager
def started(executable: Path, folder: Path) -> Iterator[Anki]:
    """Anki with a new collection, ended at the end."""
    complaints = folder / "complaints.txt"
    command = [str(executable), "-I", str(CHILD), str(folder / "learner")]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "encoding": "utf-8",
    }
    with complaints.open("w") as file, subprocess.Popen(command, stderr=file, **pipes) as process:
        try:
            yield Anki(process, complaints)
        except BaseException:
            process.kill()
            raise


@dataclass(frozen=True)
class Table:
    """A table of docs/anki-versions.md, a row a version.

    `measure` gives the cells of a version after the first, and the problems, of the Python of its
    environment and of an empty folder. `name` is what the marks around the table are called.
    """

    name: str
    header: Sequence[str]
    versions: Sequence[str]
    measure: Callable[[Path, str, Path], tuple[Sequence[str], Sequence[str]]]

    def main(self, description: str) -> int:
        """Measure each version, print and write the table, and return the exit status."""
        arguments = self._arguments(description)
        rows, problems = [], []
        for version in arguments.only or self.versions:
            cells, found = self._row(version, arguments.python)
            rows.append([version, *cells])
            problems += [f"{version}: {each}" for each in found]
            say(f"{version}: {f'problems: {len(found)}' if found else 'fine'}")
        lines = (self.header, ["---"] * len(self.header), *rows)
        text = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        print(text, *problems, sep="\n")
        if not arguments.only:
            self._write(text)
        return 1 if problems else 0

    def _row(self, version: str, python: str) -> tuple[Sequence[str], Sequence[str]]:
        try:
            executable = install(version, python)
            say(f"{version}: importing …")
            with tempfile.TemporaryDirectory() as folder:
                return self.measure(executable, version, Path(folder))
        except UntriedError as error:
            empty = [""] * (len(self.header) - 2)
            return [f"**not tried: {str(error).split(':')[0]}**", *empty], [str(error)]

    def _write(self, text: str) -> None:
        page = PAGE.read_text(encoding="utf-8")
        first, last = (
            f"<!-- {self.name}: written by make test-anki -->",
            f"<!-- end of {self.name} -->",
        )
        before, begin, rest = page.partition(first)
        _, end, after = rest.partition(last)
        if not (begin and end):
            sys.exit(f"{PAGE.relative_to(ROOT)} must hold the lines {first} and {last}")
        PAGE.write_text(
            f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8", newline="\n"
        )

    def _arguments(self, description: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser(
            description=description, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        parser.add_argument(
            "--only",
            nargs="+",
            metavar="VERSION",
            help=f"some of {', '.join(self.versions)}, or any other",
        )
        parser.add_argument(
            "--python",
            default=sys.executable,
            help="makes the environments (default: the one that runs this)",
        )
        return parser.parse_args()


def say(text: str) -> None:
    """Show the progress."""
    print(text, file=sys.stderr, flush=True)
