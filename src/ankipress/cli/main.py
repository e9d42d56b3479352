"""The command `ankipress`, its subcommands imported only when they are called, and its exit status."""

from __future__ import annotations

import gc
import importlib
import os
import platform
import shlex
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping
from typing import NoReturn

import click

import ankipress
from ankipress.project.location import UsageError

OK, PROBLEMS, USAGE, BUG, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
_HOW_TO_REPORT = "please report it where ankipress comes from, with these details and, if you can, the cards; nothing was sent."

# The summaries stand here so that `ankipress --help` imports no command.
COMMANDS: Mapping[str, str] = {
    "artifacts": "Build the files of a release from the lock as it is: packages, notes, checksums.",
    "build": "Compile the cards into a package that Anki imports and updates.",
    "check": "Show every problem in the cards, and mend what can safely be mended.",
    "diff": "Show what differs between two versions of a deck, and what Anki will do with it.",
    "ids": "Settle which card is which where ankipress cannot tell, and write explicit ids.",
    "init": "Start a deck of your own, ready to build.",
    "list": "List the notes with their identities.",
    "recover": "Rebuild a lost lock from a package that learners have.",
    "release": "Release a version: stamp it, write the changelog, commit and tag.",
    "serve": "Show every card as a learner will see it, on a page that follows what you write.",
    "site": "Write the cards as a site of static files, as for GitHub Pages.",
    "verify": "Import releases one after another into the real Anki, and prove that nothing is lost.",
}


class _StoppedError(BaseException):
    """Somebody asked ankipress to stop: a person, or a system that shuts down. Holds the exit
    status.
    """


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        except KeyboardInterrupt:
            # click would print an empty line first.
            raise _StoppedError(INTERRUPTED) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"ankipress.cli.{cmd_name}_command").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            # `ankipress --help` imports no more than it needs.
            from ankipress.diagnostics import suggestion  # noqa: PLC0415

            ctx.fail(f"There is no command {args[0]!r}{suggestion(args[0], tuple(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def examples(*lines: str) -> str:
    """The end of a command's help: lines that can be typed as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("ankipress init my-deck", "ankipress build", "ankipress build notes.md"),
)
@click.version_option(ankipress.__version__, "-V", "--version", prog_name="ankipress")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug in ankipress.")
def group(debug: bool) -> None:  # noqa: FBT001 - click calls it by name
    """Compile Markdown questions and answers into versioned Anki packages."""


def in_colour(environment: Mapping[str, str]) -> bool | None:
    """Whether the environment asks for colours, or for none; None where it leaves that to the
    terminal.

    The rules are those of no-color.org, force-color.org and bixense.com/clicolors; NO_COLOR goes
    before all others.
    """
    if environment.get("NO_COLOR"):
        return False
    if any(
        environment.get(name, "0") not in {"", "0", "false"}
        for name in ("FORCE_COLOR", "CLICOLOR_FORCE")
    ):
        return True
    return (
        False if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb" else None
    )


def main() -> NoReturn:
    """Run the command and exit: 0 fine, 1 problems, 2 usage, 3 a bug in ankipress, 130 interrupted,
    143 terminated.
    """
    if hasattr(signal, "SIGTERM"):
        # What was written beside its place is taken away, as for an interruption.
        signal.signal(signal.SIGTERM, _terminate)
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # a second one, while the first was answered
        status = INTERRUPTED
    # Another one would only spoil what Python does at the end: nothing is left to be interrupted.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # nor are they to be looked through when all ends anyway
    sys.exit(status)


def _terminate(number: int, _: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)
    raise _StoppedError(TERMINATED)


def run(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    try:
        status = group.main(
            arguments, prog_name="ankipress", standalone_mode=False, color=in_colour(os.environ)
        )
        if sys.stdout:  # None where it is closed
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt, _StoppedError) as stopped:
        terminated = stopped.args == (TERMINATED,)
        after_the_keys = "\n" if sys.stderr and sys.stderr.isatty() else ""  # a terminal shows ^C
        click.echo(
            f"{after_the_keys}ankipress: {'terminated' if terminated else 'interrupted'}", err=True
        )
        return TERMINATED if terminated else INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does. Python would complain again on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS
    except (OSError, MemoryError) as error:
        if "--debug" in arguments:
            traceback.print_exc()
        click.echo(f"error: {_reason(error)}", err=True)
        return PROBLEMS
    except Exception as error:  # noqa: BLE001 - whatever is left is a bug of ours
        if "--debug" in arguments:
            traceback.print_exc()
        else:
            _report_bug(error, arguments)
        return BUG
    return status if isinstance(status, int) else OK


def _reason(error: OSError | MemoryError) -> str:
    """What the system refused, on one line."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, FileNotFoundError) and not error.filename:
        return "the current folder is gone: change to another one"
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def _report_bug(error: Exception, arguments: list[str]) -> None:
    """Say on three lines that it is a bug, where the details are, and how to report it."""
    first, *_ = f"{type(error).__name__}: {error}".splitlines()
    system = f"ankipress {ankipress.__version__}, Python {platform.python_version()}, {platform.platform()}"
    details = f"{system}\nankipress {shlex.join(arguments)}\n\n{''.join(traceback.format_exception(error))}"
    click.echo(f"ankipress: this is a bug in ankipress: {first[:300]}", err=True)
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="ankipress-bug-",
            suffix=".txt",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file:
            file.write(details)
    except OSError as refused:
        click.echo(
            f"  details: could not be written ({refused.strerror}), so here they are:\n{details}",
            err=True,
        )
    else:
        click.echo(f"  details: {file.name}", err=True)
    click.echo(
        f"  help: {_HOW_TO_REPORT} `ankipress --debug {shlex.join(arguments)}` shows them here",
        err=True,
    )
