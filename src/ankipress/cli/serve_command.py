"""`ankipress serve`: the cards as a page that follows what its author writes."""

from __future__ import annotations

import errno
import importlib.util
import socket
import threading
import webbrowser
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankipress.cli.editor import LINKS, Editor, read_editor
from ankipress.cli.log_lines import print_errors
from ankipress.cli.main import OK, examples, install_line, paths_argument, shape_option
from ankipress.cli.printing import echo
from ankipress.cli.saying import say

if TYPE_CHECKING:
    from ankipress.model import FileReading
    from ankipress.preview.serve.anki_states import AnkiBoard
    from ankipress.preview.serve.session import PreviewSession

_EXAMPLES = examples(
    "ankipress serve                                   # the project around this folder",
    "ankipress serve notes.md                          # a single file, no settings needed",
    "ankipress serve --editor cursor                   # or vscodium, zed, idea, pycharm …",
    "ankipress serve --editor 'emacsclient -n +{line}:{column} {path}'",
    "ankipress serve --port 9000 --no-open             # an address of your own, no browser",
)
SERVER = ("starlette>=0.45", "uvicorn>=0.34", "watchfiles>=1.0")
_HOST = "127.0.0.1"
_PORT = 8000
_TRIES = 100  # ports from there on


@click.command("serve", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65535),
    help=f"Default: {_PORT}, or the next that is free; 0 for any.",
)
@click.option("--no-open", "quietly", is_flag=True, help="Do not open the page in the browser.")
@click.option(
    "--editor",
    default="vscode",
    callback=read_editor,
    metavar="EDITOR",
    help=(
        f"What opens a place: {', '.join(LINKS)}, a link, or a command with {{path}}, {{line}} and"
        " {column}. Default: vscode."
    ),
)
@shape_option
def command(
    paths: tuple[Path, ...],
    port: int | None,
    quietly: bool,
    editor: Editor,
    reading: FileReading | None,
) -> int:
    """Show every card as a learner will see it, on a page that follows what you write.

    The page is for this computer alone. Nothing is written, neither a package nor the lock, unless
    you send the deck to Anki from the page. Ctrl-C stops it.
    """
    modules = [requirement.partition(">")[0] for requirement in SERVER]
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        message = f"ankipress serve needs {', '.join(missing)}"
        return say("missing-package", message, f"`{install_line(SERVER)}`")
    from ankipress.preview.serve.server import serve  # noqa: PLC0415 - it needs what may be missing

    try:
        listener = _listener(port)
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno == errno.EADDRINUSE:
            reason = "another program has it"
        message = f"port {port or _PORT} cannot be used: {reason}"
        return say("cannot-serve", message, "name another: --port 0 takes any")
    address = f"http://{_HOST}:{listener.getsockname()[1]}/"
    echo(f"{address}  (Ctrl-C stops)")
    if not quietly:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    print_errors()
    with listener:
        begin = partial(_begin, paths, reading)
        open_board = partial(_open_board, paths, reading)
        serve(begin, listener, editor.open, open_board)
    echo("stopped")
    return OK


def _begin(paths: tuple[Path, ...], reading: FileReading | None) -> PreviewSession:
    """The project with its first cards."""
    # While a browser loads the page.
    from ankipress.preview.serve.session import PreviewSession  # noqa: PLC0415

    live = PreviewSession(paths, reading)
    live.look()
    return live


def _open_board(paths: tuple[Path, ...], reading: FileReading | None) -> AnkiBoard:
    """The Anki that runs, when a page asks for it."""
    from ankipress.cli.anki_board import RunningAnkiBoard  # noqa: PLC0415 - most never ask

    return RunningAnkiBoard(paths, reading)


def _listener(port: int | None) -> socket.socket:
    """A socket that listens at a port, or at the first free one from the default on. Raises
    OSError.
    """
    last = _PORT + _TRIES - 1
    if port is None:
        for each in range(_PORT, last):
            with suppress(OSError):
                return socket.create_server((_HOST, each))
        port = last
    return socket.create_server((_HOST, port))
