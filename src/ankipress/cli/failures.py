"""What is said of an error that nobody expected: what the system refused, or that it is a bug."""

from __future__ import annotations

import platform
import shlex
import tempfile
import traceback

import ankipress
from ankipress.cli.printing import echo, lines_of
from ankipress.cli.saying import say
from ankipress.project.location import UnreadableSettingsError

_HOW_TO_REPORT = (
    "please report it where ankipress comes from, with these details and, if you can, the cards;"
    " nothing was sent."
)


def show_failure(error: BaseException, arguments: list[str]) -> bool:
    """Say what failed; True where that is a bug in ankipress."""
    is_debugging = "--debug" in arguments
    if is_debugging:
        echo(lines_of("".join(traceback.format_exception(error))), err=True)
    if isinstance(error, UnreadableSettingsError):
        say("cannot-read", f"{error.filename} cannot be read: {error.strerror}", error.help)
        return False
    if isinstance(error, OSError | MemoryError):
        say("system-error", _reason(error))
        return False
    if not is_debugging:
        _report_bug(error, arguments)
    return True


def _reason(error: OSError | MemoryError) -> str:
    """What the system refused, on one line."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    reason = error.strerror or str(error)
    if error.filename:
        return f"{reason}: {error.filename}"
    if isinstance(error, FileNotFoundError):
        return "the current folder is gone: change to another one"
    return reason


def _report_bug(error: BaseException, arguments: list[str]) -> None:
    """Say that it is a bug, where its details are, and how to report it."""
    message = f"{type(error).__name__}: {error}".splitlines()[0]
    words = shlex.join(arguments)
    python = f"Python {platform.python_version()}, {platform.platform()}"
    details = f"ankipress {ankipress.__version__}, {python}\nankipress {words}\n\n" + "".join(
        traceback.format_exception(error)
    )
    say(
        "bug",
        f"this is a bug in ankipress: {message[:300]}",
        f"{_HOW_TO_REPORT} `ankipress --debug {words}` shows them here",
        f"  details: {_write_details(details)}",
    )


def _write_details(details: str) -> str:
    """The name of a new file with the details of a bug; the details where none can be written."""
    try:
        descriptor, name = tempfile.mkstemp(".txt", "ankipress-bug-")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(details)
    except OSError as refused:
        return f"could not be written ({refused.strerror}), so here they are:\n{details}"
    return name
