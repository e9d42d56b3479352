"""`ankipress push`: build, and import what was built into Anki."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ankipress.build.memo import open_memo
from ankipress.cli.anki_connection import running_anki
from ankipress.cli.build_command import build_key
from ankipress.cli.building import BuildRequest, build
from ankipress.cli.main import OK, examples, install_line
from ankipress.cli.pushing import Push, PushRequest
from ankipress.cli.saying import say
from ankipress.cli.verify_command import ENGINE
from ankipress.live.anki_contents import LiveError
from ankipress.live.pushed.push_target import PushTarget
from ankipress.live.pushed.push_targets import target_of
from ankipress.project.location import location_of_project
from ankipress.project.programs import programs_fingerprint
from ankipress.project.workspace import LockChoice
from ankipress.verify.engine import NoEngineError

_EXAMPLES = examples(
    "ankipress push                        # into the Anki that runs",
    "ankipress push --dry-run              # say what it would do",
    'ankipress push "User 1"               # into a profile, while Anki is closed',
    "ankipress push --suspend-retired      # and suspend what was deleted here",
)


@click.command("push", epilog=_EXAMPLES)
@click.argument("to", metavar="[TO]", required=False)
@click.option(
    "-p",
    "--project",
    type=click.Path(exists=True, path_type=Path),
    help="Its folder or file. Default: around this folder.",
)
@click.option("--force", is_flag=True, help="Overwrite what was edited in Anki.")
@click.option(
    "--suspend-retired", is_flag=True, help="Suspend cards in Anki whose notes are retired here."
)
@click.option(
    "--delete-retired",
    is_flag=True,
    help="Delete notes in Anki that are retired here, with all of their reviews.",
)
@click.option("-y", "--yes", is_flag=True, help="Say yes to what is asked.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
def command(
    to: str | None,
    project: Path | None,
    force: bool,
    suspend_retired: bool,
    delete_retired: bool,
    yes: bool,
    dry_run: bool,
) -> int:
    """Build the deck, and bring it into Anki without losing a review.

    TO is, while Anki is closed, the name of a profile, its folder, or its collection.anki2. That
    needs Anki's engine: pip install "anki>=25.9". Without TO, it is the Anki that runs, with the
    add-on AnkiConnect. Where none answers, the package is opened with Anki.

    What was edited in Anki is not overwritten: `ankipress pull` brings it into the sources first.
    Before anything changes there, you see what will happen and are asked, and a backup is made.
    """
    if suspend_retired and delete_retired:
        raise click.UsageError("give one of --suspend-retired and --delete-retired")
    request = PushRequest(
        force=force,
        suspends=suspend_retired,
        deletes=delete_retired,
        agrees=yes,
        is_dry=dry_run,
    )
    paths = []
    if project is not None:
        paths = [project]
    try:
        target = target_of(to, running_anki)
    except LiveError as error:
        return say(error.code, str(error), error.help)
    except NoEngineError as error:
        message = f"to push into a collection needs Anki's engine: {error}"
        return say("missing-package", message, f"`{install_line(ENGINE)}`")
    return _build_and_push(paths, target, request)


def _build_and_push(
    paths: Sequence[Path],
    target: PushTarget | None,
    request: PushRequest,
) -> int:
    asked = BuildRequest(paths, None, None, locked=False, lock_choice=LockChoice())
    project = location_of_project(paths)
    key = build_key(project, paths)
    with open_memo(project.root, programs_fingerprint()) as memo:
        push = Push(asked, memo, target, request)
        try:
            status = build(asked, memo, key, push.prepare)
            if status == OK and push.goes_on:
                status = push.finish()
        except LiveError as error:
            return say(error.code, str(error), error.help)
        finally:
            if target is not None:
                target.close()
    return status
