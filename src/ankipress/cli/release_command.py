"""`ankipress release`: a version stamped, written down, committed and tagged."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from ankipress.cli.compiling import say, say_cannot_write
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.diff.editions import EditionError
from ankipress.diff.wording import forecast_lines, version_line
from ankipress.project.atomic import write_files
from ankipress.project.git import GitError
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace
from ankipress.project.repository import Repository
from ankipress.project.versions import is_version
from ankipress.project.workspace import Workspace
from ankipress.release.planning import (
    BUMPS,
    BrokenDeckError,
    CannotReleaseError,
    Plan,
    plan_release,
)
from ankipress.release.unfinished import Unfinished, end

_EXAMPLES = examples(
    "ankipress release --dry-run       # show what a release would be, and change nothing",
    "ankipress release                 # the smallest version that says enough",
    "ankipress release --bump minor    # at least this step",
    "ankipress release 2.0.0           # this version, unless it is too small",
)


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
def command(words: tuple[str, ...], bump: str, against: str | None, dry_run: bool) -> int:  # noqa: FBT001
    """Release a version: stamp it, write the changelog, commit and tag.

    The version says what learners feel: patch = cards changed, reviews kept; minor = cards or decks
    are new; major = cards are retired, or Anki will not update something by itself. One that is too
    small is refused. Nothing is pushed.
    """
    version, folder = _split(words)
    if version and bump != "auto":
        raise click.UsageError("give a version or --bump, not both")
    workspace = read_workspace([folder] if folder else [])
    try:
        repository = Repository(workspace.root)
        plan = plan_release(workspace, repository, version or bump, against)
        show(plan.warnings, workspace)
        _show_plan(plan, dry_run=dry_run)
        if not dry_run:
            _carry_out(plan, repository, workspace.root)
    except BrokenPipeError:
        raise  # nobody reads on; all is as before
    except (
        BrokenDeckError,
        CannotReleaseError,
        EditionError,
        GitError,
        OSError,
        UnicodeDecodeError,
    ) as error:
        return _say(error, workspace)
    click.echo(
        "Nothing was changed."
        if dry_run
        else f"Next: git push --atomic origin {plan.branch} {plan.tag}"
    )
    return OK


def _say(error: Exception, workspace: Workspace) -> int:
    """Say why there is no release, and give the exit status."""
    match error:
        case BrokenDeckError():
            show(error.diagnostics, workspace)
            return PROBLEMS
        case EditionError():
            return say(error.code, str(error), error.help)
        case CannotReleaseError() | GitError():
            return say("cannot-release", str(error), error.help or "nothing was changed")
        case OSError():
            return say_cannot_write(
                error, Path(error.filename) if error.filename else workspace.root
            )
        case _:
            name = workspace.project.settings.changelog
            return say(
                "cannot-release",
                f"{name} is not UTF-8: {error}",
                "save it as UTF-8; nothing was changed",
            )


def _split(words: tuple[str, ...]) -> tuple[str, Path | None]:
    """The version and the folder that are given, either of them or none."""
    version, folder = "", None
    for word in words:
        if Path(word).is_dir() and folder is None:
            folder = Path(word)
        elif is_version(word) and not version:
            version = word
        else:
            raise click.UsageError(f"{word!r} is neither a version such as 1.2.0 nor a folder")
    return version, folder


def _show_plan(plan: Plan, *, dry_run: bool) -> None:
    """What the release is, and what Anki will do with it."""
    since = f" after {plan.before}" if plan.before else ", the first release"
    click.echo(f"{plan.name} {plan.version}{since}")
    if plan.difference:
        click.echo(f"  {version_line(plan.difference)}")
        click.echo("  For learners who have the last one:")
        for line in forecast_lines(plan.difference):
            click.echo(f"    {line}")
    if dry_run:
        for number, line in enumerate(_steps(plan), 1):
            click.echo(f"  {number}. {line}")
        click.echo(f"The changelog would say:\n\n{plan.section}")


def _steps(plan: Plan) -> Iterator[str]:
    """Every step in the order in which it is done."""
    yield from (f"{shown_path(path)}: {text}" for path, text in plan.steps)
    others = [path for path in plan.contents if path not in dict(plan.steps)]
    yield from (
        f"{shown_path(path)}: {'deleted' if plan.contents[path] is None else 'kept for a tombstone'}"
        for path in others
    )
    yield from (shown_path(path) for path in plan.artifacts)
    yield (
        f'git commit on {plan.branch}: "{plan.message}"'
        if plan.contents
        else "git commit: there is nothing to commit"
    )
    yield f"git tag {plan.tag}"


def _carry_out(plan: Plan, repository: Repository, root: Path) -> None:
    """Do every step, or none: where one fails, or is interrupted, all is as before."""
    steps = list(_steps(plan))
    written = {
        path: content
        for path, content in {**plan.contents, **plan.artifacts}.items()
        if content is not None
    }
    gone = [path for path, content in plan.contents.items() if content is None]
    before = {path: _content(path) for path in (*written, *gone)}
    head = repository.head()
    with _terminations_as_interrupts():
        try:
            Unfinished(head, plan.tag, plan.message).begin(repository)
            write_files(written, inside=root)
            for path in gone:
                path.unlink(missing_ok=True)
            _tell(steps[:-2], 1)
            if plan.contents:
                repository.commit(plan.contents, plan.message)
            _tell(steps[-2:-1], len(steps) - 1)
            repository.tag(plan.tag, plan.message)
            _tell(steps[-1:], len(steps))
        except BaseException:
            with _uninterrupted():
                _restore(before)
                repository.go_back(head, list(plan.contents), plan.tag)
                end(repository)
            raise
        end(repository)


def _tell(lines: list[str], first: int) -> None:
    for number, line in enumerate(lines, first):
        click.echo(f"  {number}. {line}")


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _restore(before: Mapping[Path, bytes | None]) -> None:
    write_files({path: content for path, content in before.items() if content is not None})
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)


@contextmanager
def _terminations_as_interrupts() -> Iterator[None]:
    """While this lasts, a request to end the program is an exception, as an interruption from the
    keyboard is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """While this lasts, what was begun is brought to its end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
