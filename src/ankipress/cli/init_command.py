"""`ankipress init`: write a small deck, which builds at once."""

from __future__ import annotations

import json
import os
import secrets
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from ankipress.build.becoming_project import files_with_locks
from ankipress.build.existing_notes import FoundDeck
from ankipress.build.memo import open_memo
from ankipress.cli.found_notes import NoDeckError, deck_in, settings_text
from ankipress.cli.main import OK, examples, shape_option
from ankipress.cli.printing import echo
from ankipress.cli.saying import say, say_cannot_write
from ankipress.identity.ids import make_uid
from ankipress.model import FileReading
from ankipress.project.atomic import digest, write_files
from ankipress.project.door import is_there
from ankipress.project.files import TextReader
from ankipress.project.github import action_of_installation, is_action, repository_top, workflows
from ankipress.project.inputs import Inputs
from ankipress.project.location import shown_path
from ankipress.project.programs import programs_fingerprint
from ankipress.project.reading import read_workspace, to_name
from ankipress.project.settings import Settings
from ankipress.project.starter_files import starter_files

_EXAMPLES = examples(
    "ankipress init my-deck                                  # a new folder",
    "ankipress init                                          # this folder, with notes or empty",
    "ankipress init --shape numbered                         # notes that are numbered lists",
    "ankipress init --github --action owner/ankipress@v1.0.0     # and workflows of GitHub",
)


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
@shape_option
@click.option("-y", "--yes", is_flag=True, help="Ask nothing where it is sure what asks.")
def command(
    folder: Path,
    github: bool,
    action: str | None,
    reading: FileReading | None,
    yes: bool,
) -> int:
    """Start a deck of your own, ready to build.

    In an empty folder, writes settings, four example cards, and what git and make need. In a folder
    with notes, finds out how they mark their questions, shows the first cards, asks, writes the
    settings alone, and builds. A file that exists is kept as it is. Files that were built without
    settings become the sources, and the first build takes over their locks, so that learners keep
    their reviews. With --github, also workflows that check pull requests, keep the lock, publish
    releases and show the deck as pages.
    """
    settings = folder / "ankipress.toml"
    is_project = os.path.lexists(settings)
    if is_project and not github:
        message = f"{shown_path(settings)} exists: this is an ankipress project already"
        return say("already-a-project", message, "name a new folder: `ankipress init my-deck`")
    contents = dict[Path, bytes]()
    found: FoundDeck | None = None
    try:
        if not is_project:
            uid = _uid_before(folder)
            found = _notes(folder, uid, reading, agrees=yes)
            contents.update(_deck(folder, uid, found))
        if github:
            contents.update(_workflows(folder, _action(action)))
        _write(folder, contents)
    except NoDeckError as error:
        return error.status
    except OSError as error:
        return say_cannot_write(error, folder)
    if found:
        return _build(folder)
    if not is_project:
        _say_what_is_next(folder)
    return OK


def _write(folder: Path, contents: Mapping[Path, bytes]) -> None:
    """Write the files that are not there, and say which those are. Raises OSError."""
    settings = folder / "ankipress.toml"
    # Workflows stand at the top of the repository.
    inside = (folder, repository_top(folder))
    new = {path: each for path, each in contents.items() if not is_there(path, inside)}
    # The settings go last: a folder without them can be started again after an interruption.
    in_order = {path: new[path] for path in sorted(new, key=lambda path: path == settings)}
    write_files(in_order, dict.fromkeys(new, digest(None)), inside=inside)
    for path in contents:
        echo(f"{'wrote' if path in new else 'kept '} {shown_path(path)}")


def _say_what_is_next(folder: Path) -> None:
    where = ""
    if folder.resolve() != Path.cwd():
        where = f"cd {shlex.quote(shown_path(folder))}, then "
    echo(f"Next: {where}ankipress build; import the package from build/ into Anki.")


def _notes(
    folder: Path,
    uid: str | None,
    reading: FileReading | None,
    *,
    agrees: bool,
) -> FoundDeck | None:
    """The deck of the notes that a folder holds, None where it holds none, or a deck already."""
    if not folder.is_dir() or uid or is_there(folder / "cards.md", (folder,)):
        return None
    if files_with_locks(folder).sources:
        return None
    return deck_in(folder, reading, agrees=agrees)


def _build(folder: Path) -> int:
    """Build a deck that was just started."""
    # Most decks are started without notes.
    from ankipress.cli.building import BuildRequest, build  # noqa: PLC0415
    from ankipress.project.workspace import LockChoice  # noqa: PLC0415

    with open_memo(folder.resolve(), programs_fingerprint()) as memo:
        request = BuildRequest((folder,), None, None, locked=False, lock_choice=LockChoice())
        return build(request, memo, b"")


def _deck(
    folder: Path,
    uid: str | None,
    found: FoundDeck | None,
) -> dict[Path, bytes]:
    """The files of a deck: of notes that are there, of files that were built without settings, or
    else of the starter.
    """
    settings = folder / "ankipress.toml"
    if found:
        return {settings: settings_text(folder, found).encode()}
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


def _uid_before(folder: Path) -> str | None:
    """The uid of a lock that is there. Raises NoDeckError where the lock cannot be read.

    Cards that were built without settings must keep the uid that their guids are made of.
    """
    reader = TextReader(folder, Inputs())
    lock, _ = reader.lock(folder / "ankipress.lock")
    for problem in reader.problems:
        path = shown_path(folder / problem.location.path)
        raise NoDeckError(say(problem.code, f"{path}: {problem.message}", problem.help))
    return lock.uid


def _starter(folder: Path, uid: str | None) -> Iterator[tuple[Path, bytes]]:
    name = to_name(folder.resolve().name)
    chosen = uid or make_uid(name, secrets.token_hex(16))
    for place, content in starter_files(name, chosen):
        yield folder / place, content
