"""`recto init`: a small deck of one's own, which builds at once."""

from __future__ import annotations

import re
import secrets
import shlex
import string
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import click

from recto.archive import write_files
from recto.cli.common import say_cannot_write
from recto.cli.files import read_lock_file, to_name
from recto.cli.found import shown_path
from recto.cli.main import OK, PROBLEMS, examples
from recto.ids import make_uid

_EXAMPLES = examples("recto init my-deck           # a new folder", "recto init                   # this folder")

# Files of the starter and where they go. A leading dot would hide them from whoever reads the package.
_PLACES: Mapping[str, str] = {
    "recto.toml": "recto.toml",
    "cards.md": "cards.md",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "Makefile": "Makefile",
    "deck.yml": ".github/workflows/deck.yml",
}


@click.command("init", epilog=_EXAMPLES)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> int:
    """Start a deck of your own, ready to build.

    Writes settings, four example cards, and what git, make and GitHub need. A file that exists is kept as it is.
    """
    if (folder / "recto.toml").exists():
        click.echo(f"error: {shown_path(folder / 'recto.toml')} exists: this is a recto project already", err=True)
        return PROBLEMS
    contents = dict(_starter(folder))
    kept = [path for path in contents if path.exists()]
    try:
        write_files({path: content for path, content in contents.items() if path not in kept})
    except OSError as error:
        return say_cannot_write(error, folder)
    for path in contents:
        click.echo(f"{'kept ' if path in kept else 'wrote'} {shown_path(path)}")
    where = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(shown_path(folder))}, then "
    click.echo(f"Next: {where}recto build; import the package from build/ into Anki.")
    return OK


def _starter(folder: Path) -> Iterator[tuple[Path, bytes]]:
    name = to_name(folder.resolve().name)
    words = re.sub(r"[-_]+", " ", name).strip()
    # Cards that were built before there were settings have a lock, and must keep what their guids are made of.
    before = read_lock_file(folder / "recto.lock", {})[0].uid
    values = {"name": name, "title": words[:1].upper() + words[1:], "uid": before or make_uid(name, secrets.token_hex(16))}
    for file, place in _PLACES.items():
        text = files("recto.starter").joinpath(file).read_text(encoding="utf-8")
        yield folder / place, string.Template(text).safe_substitute(values).replace("\r\n", "\n").encode()
