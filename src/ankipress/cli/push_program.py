"""`ankipress push` as a program of its own, for the page of `ankipress serve`.

So the page sends just as the command does, and refuses what it refuses. What it says is told to the
page.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.cli.anki_connection import running_anki
from ankipress.live.anki_contents import LiveError
from ankipress.preview.serve.anki_states import AnkiRefusalError

_EXCERPT = r"(?:\n *\d* \|.*)*"
_PROBLEM = re.compile(rf"error\[[\w-]+\]: (?P<message>.+)(?:{_EXCERPT}\n  help: (?P<help>.+))?")
_LONGEST = 3600  # seconds until a push is given up, whose import may still go on in Anki
_HELP = "see what `ankipress push` says in a terminal"


@dataclass(frozen=True, slots=True)
class PushProgram:
    """Pushes the project that a path means, None for the one around the current folder."""

    path: Path | None

    def run(self, *options: str) -> Sequence[str]:
        """Push into the Anki that runs, and give the lines that it says. Raises AnkiRefusalError
        where it refuses, or none runs: then the command would open the package.
        """
        _require_anki()
        command = [sys.executable, "-X", "utf8", "-m", "ankipress", "push", *options]
        if self.path is not None:
            command += ["--project", str(self.path)]
        try:
            done = subprocess.run(  # noqa: S603 - it is ankipress itself
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=_LONGEST,
            )
        except subprocess.TimeoutExpired as error:
            raise AnkiRefusalError("the push takes too long", _HELP) from error
        said = [line.rstrip() for line in done.stdout.splitlines()]
        # The page has no options.
        lines = [line for line in said if line and "--dry-run" not in line]
        if done.returncode:
            raise _refusal(done.stderr, lines)
        return lines


@dataclass(frozen=True, slots=True)
class PlannedPush:
    """A push of which is known what it would do."""

    program: PushProgram
    lines: Sequence[str]

    def send(self) -> Sequence[str]:
        """Push; what was shown of it was agreed to. Raises AnkiRefusalError."""
        return self.program.run("--yes")


def plan_by_program(program: PushProgram) -> PlannedPush:
    """Ask what a push would do. Raises AnkiRefusalError where it would refuse."""
    return PlannedPush(program, program.run("--dry-run"))


def _require_anki() -> None:
    try:
        running_anki()
    except LiveError as error:
        raise AnkiRefusalError(str(error), error.help) from error


def _refusal(said: str, lines: Sequence[str]) -> AnkiRefusalError:
    """The last problem that was said, which is why it ended."""
    problems = list(_PROBLEM.finditer(said))
    if not problems:
        return AnkiRefusalError("the push has failed", _HELP, lines)
    last = problems[-1]
    return AnkiRefusalError(last["message"], last["help"] or _HELP, lines)
