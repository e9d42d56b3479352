"""Runs a command in an arena as a real process, and notes all that became of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from security.arena import TOKEN, Arena, difference, snapshot
from security.commands import PACKAGE, Row
from security.visiting import ENDING, Answer, visit

_PATIENCE = 90
"""Seconds of the clock after which a command is ended, however little it computes."""
_LARGEST = 50_000_000  # bytes of a file that is searched for the token
# In base 64 a text looks different after one, two or three others. What it shares with its
# neighbours is left out.
_FORMS = [TOKEN.encode()]
_FORMS += [b64encode(bytes(before) + TOKEN.encode())[4:-4] for before in (1, 2, 3)]


@dataclass(frozen=True)
class Outcome:
    """What became of a command.

    `outside` are the paths in the arena that changed, `inside` those in the project. `secrets` are
    the places where the token stands. `pages` are files of HTML that the command made, by name, and
    `served` what a browser was answered, with the status.
    """

    row: Row
    status: int = 0
    stdout: bytes = b""
    stderr: bytes = b""
    canaries: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    connections: int = 0
    seconds: float = 0.0
    memory: int = 0
    was_ended: bool = False
    pages: dict[str, str] = field(default_factory=dict)
    served: tuple[Answer, ...] = ()

    @property
    def output(self) -> str:
        """All that was said, on the terminal and to a browser."""
        answers = [answer for _, _, answer in self.served]
        return "\n".join([self.stdout.decode("utf-8", "replace"), self.errors, *answers])

    @property
    def errors(self) -> str:
        """What was printed to stderr."""
        return self.stderr.decode("utf-8", "replace")


def outcome_of(
    arena: Arena,
    row: Row,
    command: Sequence[str],
    malformed: Sequence[tuple[str, bytes]] = (),
) -> Outcome:
    """Run a command line in the project of an arena, and say what became of it."""
    around = snapshot(arena.top, arena.may_change)
    project = snapshot(arena.project)
    connections = arena.listener.connections
    run = _Run(arena, command)
    served: tuple[Answer, ...] = ()
    if row.form == "web":
        served = run.visited(malformed)
    run.wait()
    inside = difference(project, snapshot(arena.project))
    outside = difference(around, snapshot(arena.top, arena.may_change))
    pages = _pages(arena, inside)
    if row.form == "html":
        pages["stdout"] = run.stdout.decode("utf-8", "replace")
    answers = {f"the answer to {path}": text.encode() for path, _, text in served}
    said = {"stdout": run.stdout, "stderr": run.stderr, **answers}
    found = [name for name, content in said.items() if _tells(content)]
    found += _secrets(arena, inside)
    return Outcome(
        row,
        run.status,
        run.stdout,
        run.stderr,
        canaries=tuple(sorted(os.listdir(arena.canaries))),
        outside=tuple(path for path in outside if not _may_write(row, path)),
        inside=inside,
        secrets=tuple(found),
        connections=arena.listener.connections - connections,
        seconds=run.seconds,
        memory=run.memory,
        was_ended=run.was_ended,
        pages=pages,
        served=served,
    )


def command_of(arena: Arena, row: Row) -> list[str]:
    """The words that run a row in an arena."""
    words = [str(arena.package) if word == PACKAGE else word for word in row.words]
    start = arena.launcher()
    if row.is_module:
        start = [start[0], "-m", "ankipress"]
    return [*start, *words]


class _Run:
    """A process with limits, and what it said and used."""

    def __init__(self, arena: Arena, command: Sequence[str]) -> None:
        self.status = 0
        self.seconds = 0.0
        self.memory = 0
        self.was_ended = False
        self._files = [arena.top.with_name(f"{arena.top.name}.{name}") for name in ("out", "err")]
        self._end = time.monotonic() + _PATIENCE
        with self._files[0].open("wb") as out, self._files[1].open("wb") as err:
            self._process = subprocess.Popen(
                command,
                cwd=arena.project,
                env=arena.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def stdout(self) -> bytes:
        """What it has printed to stdout by now."""
        return self._files[0].read_bytes()

    @property
    def stderr(self) -> bytes:
        """What it has printed to stderr by now."""
        return self._files[1].read_bytes()

    def visited(self, malformed: Sequence[tuple[str, bytes]]) -> tuple[Answer, ...]:
        """What a browser sees of it: path, status and text of each answer. Then it is ended as by
        Ctrl-C, unless it says that it ends by itself.
        """
        while not self._has_ended() and b"(Ctrl-C stops)" not in self.stdout:
            time.sleep(0.01)
        if self._process.returncode is not None:
            return ()
        address = self.stdout.decode("utf-8", "replace").partition(" ")[0]
        served = visit(address, malformed)
        is_ending = any(status in ENDING for _, status, _ in served)
        if not is_ending:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)
        return served

    def wait(self) -> None:
        """Wait for its end, and end whatever it has started."""
        while not self._has_ended():
            time.sleep(0.005)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _has_ended(self) -> bool:
        if self._process.returncode is not None:
            return True
        self.memory = max(self.memory, _peak(self._process.pid))
        if time.monotonic() > self._end and not self.was_ended:
            self.was_ended = True
            os.killpg(self._process.pid, signal.SIGKILL)
        pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)  # also of its children
        if pid == 0:
            return False
        self.status = os.waitstatus_to_exitcode(status)
        self._process.returncode = self.status
        self.seconds = usage.ru_utime + usage.ru_stime
        return True


def _peak(pid: int) -> int:
    """The most bytes that a process and those that it started had at once, each for itself.

    What `wait4` tells would include the memory of the process that tests.
    """
    peak = 0
    with suppress(OSError, ValueError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
        _, _, rest = status.partition("VmHWM:")
        peak = max(
            [int(rest.split()[0]) * 1024 if rest else 0, *map(_peak, map(int, children.split()))]
        )
    return peak


def _may_write(row: Row, path: str) -> bool:
    """Whether a command may write this path of the arena: what is of the user, `~` in the row."""
    allowed = [each.replace("~", "home", 1) for each in row.writes if each.startswith("~")]
    if ".git" in row.writes:
        # Where the project is a folder in a repository of the user's.
        allowed += ["work/.git", "work/.git/**"]
    return any(fnmatchcase(path, each) for each in allowed)


def _pages(arena: Arena, paths: Sequence[str]) -> dict[str, str]:
    """The pages of HTML among some files of the project."""
    pages = {}
    for path in paths:
        file = arena.project / path
        if path.endswith(".html") and file.is_file() and not file.is_symlink():
            pages[path] = file.read_text(encoding="utf-8", errors="replace")
    return pages


def _tells(content: bytes) -> bool:
    """Whether the token stands in some bytes, as it is or in base 64."""
    return any(form in content for form in _FORMS)


def _secrets(arena: Arena, paths: Sequence[str]) -> Iterator[str]:
    """Where the token stands in files that a command wrote, those of packages too."""
    cache = arena.top / "home" / ".cache" / "ankipress"
    files = [arena.project / path for path in paths]
    files += [path for path in cache.rglob("*") if path.is_file()]
    for file in files:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _LARGEST:
            continue
        if _tells(file.read_bytes()):
            yield os.path.relpath(file, arena.top)
        if file.suffix == ".apkg":
            yield from _secrets_in_package(file)


def _secrets_in_package(file: Path) -> Iterator[str]:
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.file_size < _LARGEST and _tells(archive.read(member)):
                yield f"{file.name}:{member.filename}"
