"""Starts git, in two ways: so that nothing of the repository's own runs, or as the user would.

A repository can name programs in many places: hooks, filters, a monitor of files, programs for
signatures, transports. Git trusts them all. A stranger's folder with a `.git` in it may be such a
repository, so what only reads is called with all of this switched off, and with a limit on time.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 60  # for what only reads
_SECONDS_TO_END = 10
# A repository is found by its folder alone, whatever the environment says.
_REMOVED = frozenset(
    (
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GLOB_PATHSPECS",
        "GIT_GRAFT_FILE",
        "GIT_ICASE_PATHSPECS",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NAMESPACE",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    )
)
# No file of a partial clone is fetched: that can start any program, and reaches the network. Git
# before 2.45 does not know how not to fetch, but allows no way to do it.
NO_NETWORK: Mapping[str, str] = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
_READING: Mapping[str, str] = {
    **NO_NETWORK,
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
# Git before 2.36 takes any text but an empty one for the path of a monitor.
_SWITCHED_OFF = (
    "core.fsmonitor=",
    "core.hooksPath=/dev/null",
    "core.pager=",
    "log.showSignature=false",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
)


class GitError(Exception):
    """Git cannot do it. The message says why, and `help` what helps."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


def run_git(
    top: Path,
    *words: str,
    stdin: bytes = b"",
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run a git command that only reads, in the top folder of a repository; give what it prints.

    Nothing runs that the repository names, nothing is fetched, and nothing is written. This holds
    for commands that look neither at the index nor at files, such as `rev-parse` and `cat-file`.
    `options` are settings, such as `core.eol=lf`. Raises GitError.
    """
    command = _reading(top, words, options)
    call = _Call(command, top, {**_READING, **(environment or {})}, words[0])
    try:
        return _output(call, stdin, _SECONDS)
    except subprocess.TimeoutExpired:
        raise _too_slow(words[0]) from None


def read_from_git(top: Path, most: int, *words: str, environment: Mapping[str, str]) -> bytes:
    """What a command as for `run_git` prints, but not more than some bytes. Raises GitError."""
    with subprocess.Popen(  # noqa: S603
        _reading(top, words),
        cwd=top,
        env=_environment({**_READING, **environment}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        limit = threading.Timer(_SECONDS, process.kill)
        limit.start()
        try:
            output = process.stdout.read(most + 1)
            is_whole = len(output) <= most
            if is_whole:
                process.wait()
        finally:
            process.kill()
            limit.cancel()
    if not is_whole:
        raise GitError(f"git {words[0]} finds more than {most} bytes")
    if process.returncode < 0:
        raise _too_slow(words[0])
    if process.returncode:
        raise GitError(f"git {words[0]}: exit status {process.returncode}")
    return output


def run_git_as_user(
    top: Path,
    *words: str,
    environment: Mapping[str, str] | None = None,
    is_limited: bool = False,
) -> bytes:
    """Run a git command as the user would: with hooks, filters and signatures, and without a limit
    on time, unless it `is_limited`. Raises GitError.
    """
    command = [git_program(top), *words]
    seconds = None
    if is_limited:
        seconds = _SECONDS
    try:
        return _output(_Call(command, top, environment or {}, words[0]), b"", seconds)
    except subprocess.TimeoutExpired:
        raise _too_slow(words[0]) from None


def _reading(top: Path, words: Sequence[str], options: Sequence[str] = ()) -> list[str]:
    settings = [word for each in (*_SWITCHED_OFF, *options) for word in ("-c", each)]
    return [git_program(top), "--no-pager", *settings, *words]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of git, in a folder, with variables of its own; `name` is what errors call it."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    name: str


def _output(call: _Call, stdin: bytes, seconds: float | None) -> bytes:
    try:
        # There is no shell, and callers look at words that may be a stranger's.
        with subprocess.Popen(  # noqa: S603
            call.command,
            cwd=call.folder,
            env=_environment(call.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                output, errors = process.communicate(stdin, seconds)
            except BaseException:
                _stop(process)
                raise
    except OSError as error:
        raise GitError(f"git cannot be run: {error}") from None
    if process.returncode:
        reason = errors.decode(errors="replace").strip()
        raise GitError(f"git {call.name}: {reason or f'exit status {process.returncode}'}")
    return output


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End git, which needs a moment to delete the files that keep others waiting."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()


def _too_slow(name: str) -> GitError:
    message = f"git {name} took more than {_SECONDS} seconds"
    return GitError(message, "is this repository damaged, or very large?")


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _REMOVED}
    return {**kept, "LC_ALL": "C", **given}


def git_program(top: Path) -> str:
    """The git of the PATH, by its full path. Raises GitError.

    Systems look for programs in the current folder too: always on Windows, elsewhere where the
    PATH says so. A stranger's project may have a `git` there.
    """
    for file in _candidates():
        is_program = file.is_file() and os.access(file, os.X_OK)
        if is_program and not file.resolve().is_relative_to(top):
            return str(file)
    raise GitError(
        "git is not installed, or not on the PATH", "install git, or give packages (.apkg)"
    )


def _candidates() -> Iterator[Path]:
    name = "git.exe" if os.name == "nt" else "git"
    for entry in os.get_exec_path():
        folder = Path(entry)
        if folder.is_absolute():
            yield folder / name
