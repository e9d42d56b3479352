"""Runs the code that cards mark with `{.run}`, each piece in a process of its own, and says what
does not come true.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ankipress.cli.diagnostics_text import one_line
from ankipress.diagnostics import Diagnostic
from ankipress.lint.runnable_code import Run, agrees

_LARGEST = 1_000_000  # bytes of output that are read
_SHOWN = 30  # lines of an output that are shown
_PYTHON = frozenset({"python", "python3", "py"})
_KEPT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "LANG", "LC_ALL", "VIRTUAL_ENV")


def run_all(
    runs: Sequence[Run], commands: Mapping[str, str], seconds: float, root: Path
) -> list[Diagnostic]:
    """What the cards say of their code and is not so.

    `commands` has the command line of each language, which may name a program by its path in the
    project, `root`.
    """
    lines = {language: _words(line, root) for language, line in commands.items()}
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        found = pool.map(lambda run: list(_problems(run, lines, seconds)), runs)
        return [problem for problems in found for problem in problems]
    finally:
        pool.shutdown(cancel_futures=True)  # interrupted, it starts no more


def _problems(
    run: Run, commands: Mapping[str, Sequence[str]], seconds: float
) -> Iterator[Diagnostic]:
    own = (sys.executable, "-X", "utf8", "-I") if run.language in _PYTHON else None
    command = commands.get(run.language, own)
    if command is None:
        message = f'there is no command to run code of the language "{run.language}"'
        yield Diagnostic(
            "code-failed",
            run.location,
            message,
            f'set one: `run = {{ {run.language or "sh"} = "COMMAND" }}`',
        )
        return
    try:
        status, output = _run(command, run, seconds)
    except TimeoutError:
        yield Diagnostic(
            "code-failed",
            run.location,
            f"this code runs longer than {seconds:g} s",
            "or give it more: --timeout",
        )
        return
    except OSError as error:
        message = f"this code cannot be run: {command[0]}: {error.strerror or error}"
        yield Diagnostic(
            "code-failed",
            run.location,
            message,
            "install it, or mend the command in the setting `run`",
        )
        return
    if run.expected is not None and run.output:
        if not agrees(run.expected, output):
            message = (
                f"the code above prints something else:\n{_indented(output) or '    (nothing)'}"
            )
            yield Diagnostic(
                "wrong-output",
                run.output,
                message,
                "mend the code or its output; a line `...` stands for any lines",
            )
    elif status:
        message = f"this code fails with exit status {status}:\n{_indented(output)}"
        yield Diagnostic(
            "code-failed",
            run.location,
            message,
            "mend it, or show the message as the output of the code",
        )


def _words(line: str, root: Path) -> Sequence[str]:
    program, *arguments = shlex.split(line, posix=os.name != "nt")
    return [os.path.abspath(root / program) if "/" in program else program, *arguments]


def _run(command: Sequence[str], run: Run, seconds: float) -> tuple[int, str]:
    """The exit status and all the output of some code. Raises TimeoutError and OSError."""
    with tempfile.TemporaryDirectory(prefix="ankipress-run-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"code.{run.language}"
        file.write_text(run.code, encoding="utf-8", newline="\n")
        with tempfile.TemporaryFile(dir=folder) as output:
            # A group of its own, so that what the code has started ends with it.
            process = subprocess.Popen(  # noqa: S603 - to run it is what was asked for
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
            return status, text.replace(str(file), file.name)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass  # it has ended
    process.wait()


def _environment(folder: str) -> dict[str, str]:
    """Little of ours: no secret of a shell or of CI, and the same order of sets in every run."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "HOME": folder,
        "TMPDIR": folder,
        "TEMP": folder,
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
    }


def _indented(output: str) -> str:
    lines = output.rstrip().split("\n") if output.strip() else []
    shown = [f"    {one_line(line) if line.strip() else ''}".rstrip() for line in _around(lines)]
    return "\n".join(shown)


def _around(lines: Sequence[str]) -> Iterable[str]:
    """The first and last lines of a long output."""
    if len(lines) <= _SHOWN:
        return lines
    half = _SHOWN // 2
    return [*lines[:half], f"… {len(lines) - 2 * half} more lines …", *lines[-half:]]
