"""Runs a piece of code in a process of its own, in a folder of its own, with a limit on time."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ankipress.project.temporary import temporary_folder

_LARGEST = 1_000_000  # bytes of output that are read
_PYTHON = frozenset({"python", "python3", "py"})
# The variables of the environment that the code gets.
_PASSED_ON = "PATH SYSTEMROOT SYSTEMDRIVE COMSPEC PATHEXT LANG LC_ALL VIRTUAL_ENV".split()


@dataclass(frozen=True, slots=True)
class CodeResult:
    """The exit status of some code, and what it printed to stdout and stderr."""

    status: int
    output: str


def command_words(line: str, root: Path) -> list[str]:
    """The words of a command line. It may name a program by its path in the project, `root`."""
    program, *arguments = shlex.split(line, posix=os.name != "nt")
    if "/" in program:
        program = os.path.abspath(root / program)
    return [program, *arguments]


def default_command(language: str) -> list[str] | None:
    """The command for a language without one in the settings: this Python for Python, else None."""
    if language in _PYTHON:
        return [sys.executable, "-X", "utf8", "-I"]
    return None


def run_code(
    code: str,
    language: str,
    command: Sequence[str],
    seconds: float,
) -> CodeResult:
    """Run some code, and end whatever it has started. Raises TimeoutError and OSError."""
    with temporary_folder() as folder:
        file = folder / f"code.{language}"
        file.write_text(code, encoding="utf-8", newline="\n")
        with tempfile.TemporaryFile(dir=folder) as output:
            # A process group of its own, so that what the code has started ends with it.
            process = subprocess.Popen(  # noqa: S603 - the user asked to run it
                [*command, str(file)],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise TimeoutError from None
            finally:
                _end(process)
            output.seek(0)
            text = output.read(_LARGEST).decode("utf-8", "replace")
            return CodeResult(status, text.replace(str(file), file.name))


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):  # it has ended
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """The environment of the code: no secrets, and the same order of sets in every run."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "TEMP": str(folder),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
    }
