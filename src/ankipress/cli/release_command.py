"""`ankipress release`: stamp a version, write it down, commit and tag it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.cli.printing import echo, lines_of
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diff.editions import EditionError
from ankipress.diff.wording import forecast_lines, version_line
from ankipress.project.folder_locks import SomebodyElseError
from ankipress.project.git_program import GitError
from ankipress.project.location import location_of_project, shown_path
from ankipress.project.places import quoted
from ankipress.project.reading import read_workspace
from ankipress.project.repository import Repository
from ankipress.project.versions import is_version
from ankipress.project.workspace import Workspace
from ankipress.release.execution import NotUndoneError, carry_out
from ankipress.release.planning import (
    BUMPS,
    BrokenDeckError,
    CannotReleaseError,
    Plan,
    plan_release,
)

_EXAMPLES = examples(
    "ankipress release --dry-run       # show what a release would be, and change nothing",
    "ankipress release                 # the smallest version that says enough",
    "ankipress release --bump minor    # at least this step",
    "ankipress release 2.0.0           # this version, unless it is too small",
)
_UNCHANGED = "nothing was changed"


@click.command("release", epilog=_EXAMPLES)
@click.argument("words", nargs=-1, metavar="[VERSION] [DIR]")
@click.option(
    "--bump",
    type=click.Choice(["auto", *BUMPS]),
    default="auto",
    help="How large a step. Default: auto.",
)
@click.option(
    "--against",
    metavar="OLD",
    help="The last release, where no tag says: a package or a git revision.",
)
@click.option("--dry-run", is_flag=True, help="Show every step, and change nothing.")
@click.option("--hooks", is_flag=True, help="Let git run the hooks and filters of this repository.")
def command(
    words: tuple[str, ...],
    bump: str,
    against: str | None,
    dry_run: bool,
    hooks: bool,
) -> int:
    """Release a version: stamp it, write the changelog, commit and tag.

    The version says what learners notice: patch = cards changed, reviews kept; minor = cards or
    decks are new; major = cards are retired, or Anki will not update something by itself. One that
    is too small is refused. Nothing is pushed.
    """
    version, folder = _read_words(words)
    if version and bump != "auto":
        raise click.UsageError("give a version or --bump, not both")
    paths = [folder] if folder else []
    wanted = _Wanted(version or bump, against, dry_run)
    try:
        repository = Repository(location_of_project(paths).root, runs_programs=hooks)
        if dry_run:
            return _release(read_workspace(paths), repository, wanted)
        with repository.used_alone():
            # Read only now: a release that was made before this one has changed the files.
            return _release(read_workspace(paths), repository, wanted)
    except SomebodyElseError:
        message = "another `ankipress release` is being made in this repository"
        return say("cannot-release", message, "run this one when that one has ended")
    except NotUndoneError as error:
        help = "`git status` shows what is left; `ankipress release` says how to go on"
        return say("cannot-release", str(error), help)
    except (CannotReleaseError, GitError) as error:
        return say("cannot-release", str(error), error.help or _UNCHANGED)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line asks for."""

    version: str
    against: str | None
    dry_run: bool


def _release(workspace: Workspace, repository: Repository, wanted: _Wanted) -> int:
    try:
        plan = plan_release(workspace, repository, wanted.version, wanted.against)
        show(plan.warnings, workspace)
        _show_plan(plan)
        if not wanted.dry_run:
            carry_out(plan, repository, workspace)
    except BrokenPipeError:
        raise  # nobody reads on; all is as before
    except BrokenDeckError as error:
        show(error.diagnostics, workspace)
        return PROBLEMS
    except EditionError as error:
        return say(error.code, str(error), error.help)
    except UnicodeDecodeError as error:
        return _say_not_utf8(error, workspace)
    except OSError as error:
        return say_cannot_write(error, workspace.root)
    _show_steps(plan)
    if wanted.dry_run:
        echo("The changelog would say:")
        echo()
        echo(lines_of(plan.section))
        echo("Nothing was changed.")
    else:
        echo(f"Next: git push --atomic origin {quoted(plan.branch)} {quoted(plan.tag)}")
    return OK


def _say_not_utf8(error: UnicodeDecodeError, workspace: Workspace) -> int:
    message = f"{workspace.project.settings.changelog} is not UTF-8: {error}"
    return say("cannot-release", message, "save it as UTF-8; nothing was changed")


def _read_words(words: tuple[str, ...]) -> tuple[str, Path | None]:
    """The version and the folder that are given; either may be missing."""
    version = ""
    folder = None
    for word in words:
        if Path(word).is_dir() and folder is None:
            folder = Path(word)
        elif is_version(word) and not version:
            version = word
        else:
            raise click.UsageError(f"{word!r} is neither a version such as 1.2.0 nor a folder")
    return version, folder


def _show_plan(plan: Plan) -> None:
    """What the release is, and what Anki will do with it."""
    since = ", the first release"
    if plan.before:
        since = f" after {plan.before}"
    echo(f"{plan.name} {plan.version}{since}")
    if plan.difference:
        echo(f"  {version_line(plan.difference)}")
        echo("  For learners who have the last one:")
        for line in forecast_lines(plan.difference):
            echo(f"    {line}")


def _show_steps(plan: Plan) -> None:
    for number, step in enumerate(_steps(plan), 1):
        echo(f"  {number}. {step}")


def _steps(plan: Plan) -> Iterator[str]:
    """Every step in the order in which it is done."""
    told = dict(plan.steps)
    for path, text in plan.steps:
        yield f"{shown_path(path)}: {text}"
    for path, content in plan.contents.items():
        if path in told:
            continue
        action = "kept for a tombstone"
        if content is None:
            action = "deleted"
        yield f"{shown_path(path)}: {action}"
    for path in plan.artifacts:
        yield shown_path(path)
    if plan.contents:
        yield f'git commit on {plan.branch}: "{plan.message}"'
    else:
        yield "git commit: there is nothing to commit"
    yield f"git tag {plan.tag}"
