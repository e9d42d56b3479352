"""`ankipress init`: a small deck of one's own, which builds at once."""

from __future__ import annotations

import re
import secrets
import shlex
import string
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import click

from ankipress.cli.compiling import say_cannot_write
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.identity.ids import make_uid
from ankipress.project.atomic import write_files
from ankipress.project.files import Reading
from ankipress.project.github import action_of_installation, is_action, workflows
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace, to_name
from ankipress.project.settings import Settings

_EXAMPLES = examples(
    "ankipress init my-deck                                  # a new folder",
    "ankipress init                                          # this folder",
    "ankipress init --github --action owner/ankipress@v1.0.0     # and workflows of GitHub",
)

# Files of the starter and where they go. A leading dot would hide them from whoever reads the
# package.
_PLACES: Mapping[str, str] = {
    "ankipress.toml": "ankipress.toml",
    "cards.md": "cards.md",
    "gitignore": ".gitignore",
    "gitattributes": ".gitattributes",
    "Makefile": "Makefile",
}


@click.command("init", epilog=_EXAMPLES)
@click.argument(
    "folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "--github",
    is_flag=True,
    help="Write workflows of GitHub, for a deck that is there already too.",
)
@click.option(
    "--action",
    metavar="OWNER/REPO@REF",
    help="Where ankipress is kept on GitHub. Default: where this one came from.",
)
def command(folder: Path, github: bool, action: str | None) -> int:  # noqa: FBT001
    """Start a deck of your own, ready to build.

    Writes settings, four example cards, and what git and make need. A file that exists is kept as
    it is. With --github, also workflows that check pull requests, keep the lock, publish releases
    and show the deck as pages.
    """
    is_there = (folder / "ankipress.toml").exists()
    if is_there and not github:
        click.echo(
            f"error: {shown_path(folder / 'ankipress.toml')} exists: this is a ankipress project already",
            err=True,
        )
        return PROBLEMS
    contents = {} if is_there else dict(_starter(folder))
    if github:
        contents |= _workflows(folder, _action(action))
    kept = [path for path in contents if path.exists()]
    try:
        write_files({path: content for path, content in contents.items() if path not in kept})
    except OSError as error:
        return say_cannot_write(error, folder)
    for path in contents:
        click.echo(f"{'kept ' if path in kept else 'wrote'} {shown_path(path)}")
    if not is_there:
        where = (
            "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(shown_path(folder))}, then "
        )
        click.echo(f"Next: {where}ankipress build; import the package from build/ into Anki.")
    return OK


def _workflows(folder: Path, action: str) -> dict[Path, bytes]:
    name, tag = to_name(folder.resolve().name), Settings().release_tag
    if (folder / "ankipress.toml").exists():
        settings = read_workspace([folder]).project.settings
        name, tag = settings.name, settings.release_tag
    return dict(workflows(folder, name, action, tag))


def _action(named: str | None) -> str:
    action = named or action_of_installation()
    if action is None:
        raise click.UsageError(
            "say where ankipress is kept on GitHub, such as --action owner/ankipress@v1.0.0"
        )
    if not is_action(action):
        raise click.UsageError(
            f"--action takes OWNER/REPO@REF, such as owner/ankipress@v1.0.0, not {action!r}"
        )
    return action


def _starter(folder: Path) -> Iterator[tuple[Path, bytes]]:
    name = to_name(folder.resolve().name)
    words = re.sub(r"[-_]+", " ", name).strip()
    # Cards that were built before there were settings have a lock, and must keep what their guids
    # are made of.
    before = Reading(folder).lock(folder / "ankipress.lock")[0].uid
    values = {
        "name": name,
        "title": words[:1].upper() + words[1:],
        "uid": before or make_uid(name, secrets.token_hex(16)),
    }
    for file, place in _PLACES.items():
        text = files("ankipress.project.starter").joinpath(file).read_text(encoding="utf-8")
        yield (
            folder / place,
            string.Template(text).safe_substitute(values).replace("\r\n", "\n").encode(),
        )
