"""`ankipress pull`: take what was edited in Anki into the sources."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.cli.main import examples
from ankipress.cli.pull_conflicts import OURS, THEIRS
from ankipress.cli.pull_outcome import PullRequest
from ankipress.cli.pull_source import RUNNING
from ankipress.cli.pulling import pull

_EXAMPLES = examples(
    "ankipress pull                         # from the Anki that runs",
    "ankipress pull --diff                  # show what would come",
    "ankipress pull corrections.apkg        # what somebody has exported",
    'ankipress pull "User 1"                # a profile, while Anki is closed',
    "ankipress pull corrections.apkg --branch fixes    # to be reviewed",
)


@click.command("pull", epilog=_EXAMPLES)
@click.argument("source", metavar="[FROM]", default=RUNNING)
@click.option(
    "-p",
    "--project",
    type=click.Path(exists=True, path_type=Path),
    help="Its folder or file. Default: around this folder.",
)
@click.option("--deck", metavar="NAME", help="Take only from this deck, and those below it.")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--theirs",
    "always",
    flag_value=THEIRS,
    help="Where a note was edited at the same place in Anki and here, take what Anki has.",
)
@click.option(
    "--ours",
    "always",
    flag_value=OURS,
    help="Where a note was edited at the same place in Anki and here, keep what is here.",
)
@click.option(
    "--branch",
    metavar="NAME",
    help="Commit to a new branch of git, and leave the files as they are.",
)
@click.option("--commit-each", is_flag=True, help="With --branch: a commit for each note.")
@click.option(
    "--base",
    metavar="OLD",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the notes in Anki were before: a package. Default: found in build/ and in git.",
)
def command(
    source: str,
    project: Path | None,
    deck: str | None,
    diff: bool,
    yes: bool,
    always: str | None,
    branch: str | None,
    commit_each: bool,
    base: Path | None,
) -> int:
    """Take what was edited in Anki into the sources, and change nothing else.

    FROM is an export (.apkg or .colpkg), or, while Anki is closed, the name of a profile, its
    folder, or its collection.anki2. Without FROM, it is the Anki that runs, with the add-on
    AnkiConnect.

    Each field is compared in three versions: as it was built, as it is in Anki, and as it is here.
    What was edited in Anki only is taken. What was edited in both is merged, or you are asked.
    Notes made in Anki become cards. You see what would be written, and are asked. `ankipress
    push` is the other way.

    The exit status is 1 if something is left: a note that nobody has decided, or that cannot be
    written into its source.
    """
    if commit_each and not branch:
        raise click.UsageError("--commit-each goes with --branch")
    if diff and (branch or yes):
        raise click.UsageError("--diff writes nothing, so it goes with neither --branch nor --yes")
    request = PullRequest(
        source,
        project,
        deck,
        always,
        base,
        is_dry=diff,
        agrees=yes,
        branch=branch,
        commits_each=commit_each,
    )
    return pull(request)
