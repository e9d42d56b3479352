"""The command `ankipress`: its subcommands, which are imported when they are called, its exit
status, and what the subcommands share.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

import ankipress
from ankipress.cli.printing import echo, in_colour, lines_of
from ankipress.interruption import Interruption
from ankipress.project.location import UsageError

OK = 0
PROBLEMS = 1
USAGE = 2
BUG = 3
INTERRUPTED = 130
TERMINATED = 143

# The summaries are repeated here so that `ankipress --help` imports no command.
COMMANDS: Mapping[str, str] = {
    "artifacts": "Build the files of a release from the lock as it is: packages, notes, checksums.",
    "build": "Compile the cards into a package that Anki imports and updates.",
    "check": "Show every problem in the cards, and fix what can safely be fixed.",
    "config": "Show the settings in force, and where each of them is set.",
    "diff": "Show what differs between two versions of a deck, and what Anki will do with it.",
    "explain": "Say what a code of a problem means, with an example, and what helps.",
    "export": "Write the notes for learners whom no package can update.",
    "ids": "Settle which card is which where ankipress cannot tell, and write explicit ids.",
    "import": "Make a project of a deck that exists, so that its learners notice nothing.",
    "init": "Start a deck of your own, ready to build.",
    "list": "List the notes with their identities.",
    "pull": "Take what was edited in Anki into the sources, and change nothing else.",
    "push": "Build the deck, and bring it into Anki without losing a review.",
    "recover": "Rebuild a lost lock from a package that learners have.",
    "release": "Release a version: stamp it, write the changelog, commit and tag.",
    "serve": "Show every card as a learner will see it, on a page that follows what you write.",
    "site": "Write the cards as a site of static files, as for GitHub Pages.",
    "trust": "Let a project run code, and read beyond its own files.",
    "verify": (
        "Import releases one after another into the real Anki, and prove that nothing is lost."
    ),
}


class _StoppedError(Interruption):
    """A person interrupted ankipress, or the system terminated it. Holds the exit status."""

    def __init__(self, status: int = INTERRUPTED) -> None:
        self.status = status


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        except KeyboardInterrupt:
            # click would print an empty line first.
            raise _StoppedError from None

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


def install_line(requirements: Iterable[str]) -> str:
    """The command that installs some packages, quoted so that no shell redirects at `>`.

    The packages have their own names: ankipress itself may be on no index.
    """
    return " ".join(["pip install", *(f'"{each}"' for each in requirements)])


def format_option(names: Iterable[str]) -> Callable[..., Any]:
    """The option `--format`, for a parameter `form`."""
    choice = click.Choice(list(names))
    return click.option("--format", "form", type=choice, default="text", help="Default: text.")


paths_argument: Callable[..., Any] = click.argument(
    "paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATHS]..."
)


def _file_reading(
    context: click.Context,
    _parameter: click.Parameter,
    value: str | None,
) -> object:
    """How files without settings are to be read: `headings` or `3` of a level, or another shape."""
    if value is None:
        return None
    # Few commands are told so.
    from ankipress.model import FileReading  # noqa: PLC0415
    from ankipress.project.settings import LEVELS, SHAPE_NAMES  # noqa: PLC0415

    shape, _, level = value.partition(":")
    levels = {str(each): each for each in LEVELS}
    is_level = shape == "headings" and level in levels
    if shape not in SHAPE_NAMES or (level and not is_level):
        shapes = ", ".join(SHAPE_NAMES)
        message = f"{value!r} is none of {shapes}; `headings:3` says the level of the headings"
        raise click.BadParameter(message, context)
    return FileReading(shape, levels.get(level, 2))


shape_option: Callable[..., Any] = click.option(
    "--shape",
    "reading",
    callback=_file_reading,
    metavar="SHAPE",
    help=(
        "How files without settings mark their questions: headings (headings:3 for the level),"
        " file, numbered, prefix, summary, bold, inline or table."
    ),
)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("ankipress init my-deck", "ankipress build", "ankipress build notes.md"),
)
@click.version_option(ankipress.__version__, "-V", "--version", prog_name="ankipress")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug in ankipress.")
def group(debug: bool) -> None:
    """Compile Markdown questions and answers into versioned Anki packages."""


def main() -> NoReturn:
    """Run the command and exit: 0 fine, 1 problems, 2 usage, 3 a bug in ankipress, 130 interrupted,
    143 terminated.
    """
    if hasattr(signal, "SIGTERM"):
        # Temporary files are removed, as after an interruption.
        signal.signal(signal.SIGTERM, terminate)
    try:
        arguments = sys.argv[1:]
        status = run(arguments)
    except KeyboardInterrupt:  # a second one, during the answer to the first
        status = INTERRUPTED
    # A later interruption would only disturb how Python shuts down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # all objects are freed anyway, so none needs to be searched for cycles
    sys.exit(status)


def terminate(number: int, _: object) -> NoReturn:
    """Stop as after an interruption, and only once: a handler of SIGTERM."""
    signal.signal(number, signal.SIG_IGN)
    raise _StoppedError(TERMINATED)


def run(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    output = sys.stdout
    try:
        status = group.main(
            arguments, prog_name="ankipress", standalone_mode=False, color=in_colour(os.environ)
        )
        if sys.stdout:  # None where it is closed
            sys.stdout.flush()
    except click.ClickException as error:
        return _say_usage(error)
    except (click.Abort, KeyboardInterrupt, _StoppedError) as stopped:
        return _stopped(getattr(stopped, "status", INTERRUPTED))
    # Anything else is a bug in ankipress, SystemExit too: no command ends by it.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        if _is_reader_gone(error, output):
            # Python would complain again on exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
            return PROBLEMS
        from ankipress.cli.failures import show_failure  # noqa: PLC0415 - rarely needed

        is_bug = show_failure(error, arguments)
        return BUG if is_bug else PROBLEMS
    if isinstance(status, int):
        return status
    return OK


def _is_reader_gone(error: BaseException, output: TextIO) -> bool:
    """Whether the reader of our output has gone, as `head` does.

    Where click notices first, it puts something in the place of the output, and ends.
    """
    if isinstance(error, SystemExit):
        return sys.stdout is not output
    return isinstance(error, BrokenPipeError)


def _say_usage(error: click.ClickException) -> int:
    """Say what is wrong with a call. One without any words is answered with the help."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        echo(lines_of(error.format_message()), err=True)
        return error.exit_code
    from ankipress.cli.saying import say_usage  # noqa: PLC0415 - rarely needed

    return say_usage(error)


def _stopped(status: int) -> int:
    if sys.stderr and sys.stderr.isatty():
        echo(err=True)  # a terminal shows ^C
    words = {INTERRUPTED: "interrupted", TERMINATED: "terminated"}
    echo(f"ankipress: {words[status]}", err=True)
    return status
