"""`recto site`: the deck as a site of static files."""

from __future__ import annotations

from pathlib import Path

import click

from recto.archive import write_folder
from recto.cli.arguments import paths_argument
from recto.cli.common import compiled, say, say_cannot_write
from recto.cli.files import Workspace
from recto.cli.found import shown_path
from recto.cli.history import lock_history
from recto.cli.main import OK, PROBLEMS, examples
from recto.cli.report import show
from recto.diagnostics import Severity, has_errors
from recto.lock import write_lock
from recto.pipeline import Compiled, make_package, packages_of
from recto.preview.site import Download, Publication, make_site

_EXAMPLES = examples(
    "recto site                  # the project around this folder, into build/site/",
    "recto site -o public        # into public/",
    "recto site --no-package     # to look at cards that are not built yet",
)
_MARKER = ".recto-site"


@click.command("site", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder for the site. Default: build/site."
)
@click.option("--no-package", is_flag=True, help="Offer no package, and take cards that are not built yet.")
def command(paths: tuple[Path, ...], output: Path | None, no_package: bool) -> int:  # noqa: FBT001
    """Write the cards as a site of static files, as for GitHub Pages.

    Every card has a page of its own under an address that never changes. The pages can be read without scripts, and ask no other
    host for anything. With the package, the lock must be up to date: run `recto build` before.
    """
    workspace, result, diagnostics = compiled(paths)
    show([each for each in diagnostics if each.severity is not Severity.ADVICE], workspace)
    if has_errors(diagnostics):
        return PROBLEMS
    if not no_package and write_lock(result.stamped.lock) != workspace.lock_text:
        # A package whose guids are remembered nowhere must never be published.
        way_out = "run `recto build`, and commit the lock; or leave the package out: `recto site --no-package`"
        return say("lock-outdated", f"{shown_path(workspace.lock_path)} is not up to date", way_out)
    target = output or workspace.output / "site"
    files = make_site(_publication(workspace, result, package=not no_package))
    try:
        write_folder(target, files, _MARKER)
    except FileExistsError as error:
        return say("cannot-write", f"{shown_path(target)}: {error.strerror}", "name another folder with -o, or empty this one")
    except OSError as error:
        return say_cannot_write(error, target)
    pages = sum(path.endswith(".html") for path in files)
    click.echo(f"{result.package.name} {result.package.version}: {pages} pages, {shown_path(target / 'index.html')}")
    return OK


def _publication(workspace: Workspace, result: Compiled, *, package: bool) -> Publication:
    packages = packages_of(result, workspace.project.settings) if package else ()
    return Publication(
        settings=workspace.project.settings,
        compiled=result,
        downloads=tuple(Download(workspace.package_name(each), make_package(each)) for each in packages),
        changelog=_changelog(workspace.root / "CHANGELOG.md"),
        history=lock_history(workspace.lock_path),
    )


def _changelog(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
