"""`ankipress init`: write a small deck, which builds at once."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import string
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import click

from ankipress.build.becoming_project import files_with_locks
from ankipress.cli.main import OK, examples
from ankipress.cli.printing import echo
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import DOCUMENTATION, Diagnostic
from ankipress.identity.ids import make_uid
from ankipress.project.atomic import digest, write_files
from ankipress.project.door import is_there
from ankipress.project.files import TextReader
from ankipress.project.github import action_of_installation, is_action, repository_top, workflows
from ankipress.project.inputs import Inputs
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace, to_name
from ankipress.project.settings import Settings

_EXAMPLES = examples(
    "ankipress init my-deck                                  # a new folder",
    "ankipress init                                          # this folder",
    "ankipress init --github --action owner/ankipress@v1.0.0     # and workflows of GitHub",
)

# The files of the starter, and where they go. In the package they have no leading dot, which would
# hide them.
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
def command(folder: Path, github: bool, action: str | None) -> int:
    """Start a deck of your own, ready to build.

    Writes settings, four example cards, and what git and make need. A file that exists is kept as
    it is. Files that were built without settings become the sources, and the first build takes over
    their locks, so that learners keep their reviews. With --github, also workflows that check pull
    requests, keep the lock, publish releases and show the deck as pages.
    """
    settings = folder / "ankipress.toml"
    is_project = os.path.lexists(settings)
    if is_project and not github:
        message = f"{shown_path(settings)} exists: this is an ankipress project already"
        return say("already-a-project", message, "name a new folder: `ankipress init my-deck`")
    contents = dict[Path, bytes]()
    if not is_project:
        uid, problems = _uid_before(folder)
        if problems:
            return _say_bad_lock(problems[0], folder)
        contents.update(_deck(folder, uid))
    if github:
        contents.update(_workflows(folder, _action(action)))
    # Workflows stand at the top of the repository.
    inside = (folder, repository_top(folder))
    try:
        new = {path: each for path, each in contents.items() if not is_there(path, inside)}
        # The settings go last: a folder without them can be started again after an interruption.
        in_order = {path: new[path] for path in sorted(new, key=lambda path: path == settings)}
        write_files(in_order, dict.fromkeys(new, digest(None)), inside=inside)
    except OSError as error:
        return say_cannot_write(error, folder)
    for path in contents:
        echo(f"{'wrote' if path in new else 'kept '} {shown_path(path)}")
    if not is_project:
        where = ""
        if folder.resolve() != Path.cwd():
            where = f"cd {shlex.quote(shown_path(folder))}, then "
        echo(f"Next: {where}ankipress build; import the package from build/ into Anki.")
    return OK


def _deck(folder: Path, uid: str | None) -> dict[Path, bytes]:
    """The files of a deck: of one that was built without settings, or else of the starter."""
    taken = files_with_locks(folder)
    contents = dict(_starter(folder, uid or taken.uid))
    if taken.sources:
        sources = set(taken.sources)
        if uid:  # the folder was built, too, which means this file
            sources.add("cards.md")
        contents[folder / "ankipress.toml"] += _sources_setting(sorted(sources))
        del contents[folder / "cards.md"]
    return contents


def _sources_setting(sources: Sequence[str]) -> bytes:
    """The setting that names files as sources, each on a line. Texts are as in JSON."""
    lines = [f"    {json.dumps(source, ensure_ascii=False)},\n" for source in sources]
    return f"sources = [\n{''.join(lines)}]\n".encode()


def _say_bad_lock(problem: Diagnostic, folder: Path) -> int:
    lock = shown_path(folder / problem.location.path)
    return say(problem.code, f"{lock}: {problem.message}", problem.help)


def _workflows(folder: Path, action: str) -> dict[Path, bytes]:
    settings = Settings(name=to_name(folder.resolve().name))
    if os.path.lexists(folder / "ankipress.toml"):
        settings = read_workspace([folder]).project.settings
    return dict(workflows(folder, settings.name, action, settings.release_tag))


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


def _uid_before(folder: Path) -> tuple[str | None, Sequence[Diagnostic]]:
    """The uid of a lock that is there, and what is wrong with the lock.

    Cards that were built without settings must keep the uid that their guids are made of.
    """
    reader = TextReader(folder, Inputs())
    lock, _ = reader.lock(folder / "ankipress.lock")
    return lock.uid, reader.problems


def _starter(folder: Path, uid: str | None) -> Iterator[tuple[Path, bytes]]:
    name = to_name(folder.resolve().name)
    title = re.sub(r"[-_]+", " ", name).strip()
    values = {
        "documentation": DOCUMENTATION,
        "name": name,
        "title": title[:1].upper() + title[1:],
        "uid": uid or make_uid(name, secrets.token_hex(16)),
    }
    starter = files("ankipress.project.starter")
    for file, place in _PLACES.items():
        template = string.Template(starter.joinpath(file).read_text(encoding="utf-8"))
        text = template.safe_substitute(values).replace("\r\n", "\n")
        yield folder / place, text.encode()
