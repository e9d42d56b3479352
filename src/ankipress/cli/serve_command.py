"""`ankipress serve`: the cards as a page that follows what its author writes."""

from __future__ import annotations

import errno
import importlib.util
import socket
import threading
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankipress.cli.arguments import paths_argument
from ankipress.cli.editor import LINKS, Editor, read_editor
from ankipress.cli.extras import SERVER, install_line
from ankipress.cli.main import OK, PROBLEMS, examples

if TYPE_CHECKING:
    from ankipress.preview.serve.session import PreviewSession

_EXAMPLES = examples(
    "ankipress serve                                   # the project around this folder",
    "ankipress serve notes.md                          # a single file, no settings needed",
    "ankipress serve --editor cursor                   # or vscodium, zed, idea, pycharm …",
    "ankipress serve --editor 'emacsclient -n +{line}:{column} {path}'",
    "ankipress serve --port 9000 --no-open             # an address of your own, no browser",
)
_HOST, _PORT, _TRIES = "127.0.0.1", 8000, 100


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
    help=f"What opens a place: {', '.join(LINKS)}, a link, or a command with {{path}}, {{line}} and {{column}}. Default: vscode.",
)
def command(paths: tuple[Path, ...], port: int | None, quietly: bool, editor: Editor) -> int:  # noqa: FBT001
    """Show every card as a learner will see it, on a page that follows what you write.

    The page is for this computer alone. Nothing is written: neither a package nor the lock. Ctrl-C
    stops it.
    """
    missing = [
        name
        for name in (each.partition(">")[0] for each in SERVER)
        if importlib.util.find_spec(name) is None
    ]
    if missing:
        click.echo(
            f"error: ankipress serve needs {', '.join(missing)}\n  help: {install_line(SERVER)}",
            err=True,
        )
        return PROBLEMS
    from ankipress.preview.serve.server import serve  # noqa: PLC0415 - it needs what may be missing

    try:
        listener = _listener(port)
    except OSError as error:
        reason = (
            "another program has it"
            if error.errno == errno.EADDRINUSE
            else error.strerror or str(error)
        )
        click.echo(
            f"error: port {port or _PORT} cannot be used: {reason}\n  help: name another: --port 0 takes any",
            err=True,
        )
        return PROBLEMS
    address = f"http://{_HOST}:{listener.getsockname()[1]}/"
    click.echo(f"{address}  (Ctrl-C stops)")
    if not quietly:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with listener:
        serve(partial(_begin, paths), listener, editor.open)
    click.echo("stopped")
    return OK


def _begin(paths: tuple[Path, ...]) -> PreviewSession:
    """The project with its first cards."""
    # While a browser loads the page.
    from ankipress.preview.serve.session import PreviewSession  # noqa: PLC0415

    live = PreviewSession(paths)
    live.look()
    return live


def _listener(port: int | None) -> socket.socket:
    """A socket that listens at a port, or at the first free one from the default on. Raises
    OSError.
    """
    ports = range(_PORT, _PORT + _TRIES) if port is None else [port]
    for each in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # So that a page may be stopped and started again at once; on Windows this would let two
        # programs share the port.
        listener.setsockopt(
            socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1
        )
        try:
            listener.bind((_HOST, each))
            listener.listen(128)
        except OSError:
            listener.close()
            if each == ports[-1]:
                raise
        else:
            return listener
    raise AssertionError
