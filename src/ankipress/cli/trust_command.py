"""`ankipress trust`: let a project run code, and read beyond its own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from ankipress.build.pipeline import identify
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.cli.printing import can_ask, confirm, echo
from ankipress.cli.saying import say, say_cannot_write
from ankipress.lint.code_results import place_of_commands
from ankipress.lint.runnable_code import code_runs, code_wants
from ankipress.project.location import location_of_project, shown_path
from ankipress.project.reading import read_workspace
from ankipress.project.trust import (
    DamagedTrustError,
    Want,
    all_trusted,
    allow,
    not_kept,
    revoke,
)
from ankipress.project.workspace import Workspace
from ankipress.visible_text import one_line

_EXAMPLES = examples(
    "ankipress trust                  # the project around this folder: shows all, and asks",
    "ankipress trust notes.md         # the code of a single file",
    "ankipress trust --yes            # do not ask",
    "ankipress trust --list           # what you trust",
    "ankipress trust --revoke         # trust this project no longer",
)


@click.command("trust", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option("-y", "--yes", is_flag=True, help="Allow what is shown without asking.")
@click.option("--list", "listing", is_flag=True, help="List the projects that you trust.")
@click.option("--revoke", "revoking", is_flag=True, help="Trust the project no longer.")
def command(
    paths: tuple[Path, ...],
    yes: bool,
    listing: bool,
    revoking: bool,
) -> int:
    """Let a project run code, and read beyond its own files.

    Shows what the project wants to run: extensions of Markdown that are not known to be harmless,
    and the code of its cards, for `ankipress check --run`. What you allow is kept in your own
    settings, not in the project. Where the project wants something else later, it is asked again.
    """
    if listing + revoking + yes > 1:
        raise click.UsageError("--yes, --list and --revoke exclude each other")
    if listing:
        return _list()
    if revoking:
        return _revoke(paths)
    for path in paths:
        if not path.exists():
            raise click.BadParameter(f"Path {str(path)!r} does not exist.")
    return _trust(paths, yes=yes)


def _trust(paths: Sequence[Path], *, yes: bool) -> int:
    """Show what the project of some paths wants, and ask whether it may."""
    workspace = read_workspace(paths)
    wants = _wants(workspace)
    project = one_line(str(workspace.root), 1_000)
    if not wants:
        echo(f"{project}: it asks for nothing that runs code")
        return OK
    new = not_kept(wants, workspace.root)
    if not new:
        echo(f"{project}: all that it wants to run is trusted")
        return OK
    echo(f"{project} wants to run, with your rights:")
    echo()
    for each in new:
        echo(f"  {_place(each, workspace)}  {each.what}")
    echo()
    if not yes and not _agrees():
        return PROBLEMS
    try:
        allow(wants, workspace.root)
    except OSError as error:
        return say_cannot_write(error, Path("trust"))
    echo("trusted; `ankipress trust --revoke` takes that back")
    return OK


def _wants(workspace: Workspace) -> list[Want]:
    """What a project wants to run. Nothing of it is run to find that."""
    settings = workspace.project.settings
    project = replace(workspace.project, settings=replace(settings, extensions=()))
    entries = identify(project).parsed.entries
    place = place_of_commands(workspace)
    return [*workspace.extension_wants, *code_wants(code_runs(entries), settings.run, place)]


def _place(want: Want, workspace: Workspace) -> str:
    location = want.location
    return one_line(f"{workspace.display(location.path)}:{location.line}")


def _agrees() -> bool:
    """Whether the person at the terminal allows it."""
    if not can_ask():
        raise click.UsageError("there is no terminal to ask at: --yes allows what is shown")
    if confirm("Read it before you allow it. Allow it?"):
        return True
    echo("nothing is trusted")
    return False


def _list() -> int:
    status = OK
    for each in all_trusted():
        if isinstance(each, DamagedTrustError):
            status = say("cannot-read", str(each), "delete the file; nothing in it is trusted")
            continue
        echo(one_line(each.folder, 1_000))
        for what in each.allowed.values():
            echo(f"  {one_line(what, 1_000)}")
    return status


def _revoke(paths: Sequence[Path]) -> int:
    """Take all trust from the project that some paths mean, or from a folder that is gone."""
    root = location_of_project(paths).root
    if paths and not paths[0].exists():
        root = paths[0]
    try:
        was_trusted = revoke(root)
    except OSError as error:
        return say_cannot_write(error, root)
    word = "is trusted no longer" if was_trusted else "was not trusted"
    echo(f"{shown_path(root)} {word}")
    return OK
