"""`ankipress recover`: rebuild a lost lock from a package that learners have."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.build.adoption import leave_rest
from ankipress.build.lost_lock import has_another_uid, recover_lock
from ankipress.cli.compiling import compiled
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples, paths_argument
from ankipress.cli.recovery_report import report
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import errors_but_identity
from ankipress.diff.package_files import read_package
from ankipress.identity.lock import write_lock
from ankipress.package.unpacking import PackageError
from ankipress.project.atomic import write_files
from ankipress.project.location import shown_path

_EXAMPLES = examples(
    "ankipress recover my-deck-1.0.0.apkg            # the lock of the project around this folder",
    "ankipress recover other.apkg notes.md           # of a file without settings",
)


@click.command("recover", epilog=_EXAMPLES)
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@paths_argument
@click.option("--dry-run", is_flag=True, help="Say what would be found, and write nothing.")
@click.option(
    "--force", is_flag=True, help="Take the package though it looks like one of another deck."
)
def command(
    package: Path,
    paths: tuple[Path, ...],
    dry_run: bool,
    force: bool,
) -> int:
    """Rebuild a lost lock from a package that learners have.

    Each card is found again by its text and gets the guid that it has in the package, so that
    learners keep their reviews. Notes that the lock knows are left as they are. A package of
    another tool can be compared, but Anki will not update its notes.
    """
    workspace, result, diagnostics = compiled(paths)
    errors = errors_but_identity(diagnostics)
    if errors:
        show(errors, workspace)
        return PROBLEMS
    name = shown_path(package)
    try:
        lost = recover_lock(read_package(package), workspace, result)
    except (PackageError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        return say("bad-package", f"{name}: {reason}", "give a package that Anki imports")
    known = workspace.project.lock.records
    lock = lost.recovered.lock
    if not (force or dry_run or known) and lost.has_few_cards():
        report(name, lost, workspace)
        return _refuse(
            f"most notes of {name} are in none of these cards: is it a package of this deck?"
        )
    if not (force or dry_run) and has_another_uid(lost, workspace, result):
        uid = workspace.project.settings.uid
        return _refuse(f'{name} was built with another "uid" than "{uid}": is it of this deck?')
    if not dry_run and len(lock.records) > len(known):
        contents = {workspace.lock_path: write_lock(lock).encode()}
        try:
            write_files(contents, workspace.as_read, workspace.folders_written())
            leave_rest(workspace)
        except OSError as error:
            return say_cannot_write(error, workspace.lock_path)
    report(name, lost, workspace)
    return OK


def _refuse(question: str) -> int:
    return say("bad-package", question, "if it is, say so with --force; nothing was written")
