"""`ankipress site`: the deck as a site of static files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ankipress.build.pipeline import make_package, packages_of
from ankipress.cli.main import OK, PROBLEMS, examples, paths_argument
from ankipress.cli.printing import echo
from ankipress.cli.publishable import publishable
from ankipress.cli.saying import say, say_cannot_write
from ankipress.model import Package
from ankipress.preview.site.content import Download, Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.location import shown_path
from ankipress.project.lock_history import lock_history
from ankipress.project.output_folder import write_folder

_EXAMPLES = examples(
    "ankipress site                  # the project around this folder, into build/site/",
    "ankipress site -o public        # into public/",
    "ankipress site --no-package     # to look at cards that are not built yet",
)
_MARKER = ".ankipress-site"


@click.command("site", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the site. Default: build/site.",
)
@click.option(
    "--no-package", is_flag=True, help="Offer no package, and take cards that are not built yet."
)
def command(paths: tuple[Path, ...], output: Path | None, no_package: bool) -> int:
    """Write the cards as a site of static files, as for GitHub Pages.

    Every card has a page of its own under an address that never changes. The pages can be read
    without scripts, and ask no other host for anything. With the package, the lock must be up to
    date: run `ankipress build` before.
    """
    # Never publish a package whose guids are in no lock.
    ready = publishable(paths, locked=not no_package)
    if ready is None:
        return PROBLEMS
    workspace = ready.workspace
    settings = ready.workspace.project.settings
    packages: Sequence[Package] = ()
    if not no_package:
        packages = packages_of(ready.compiled, settings)
    downloads = [Download(workspace.package_name(each), make_package(each)) for each in packages]
    history = lock_history(workspace.lock_path)
    files = make_site(
        Publication(settings, ready.compiled, tuple(downloads), ready.changelog, history)
    )
    target = output or workspace.output / "site"
    try:
        folders = workspace.folders_written(output)
        write_folder(target, files, _MARKER, folders, workspace.as_read)
    except FileExistsError as error:
        message = f"{shown_path(target)}: {error.strerror}"
        return say("cannot-write", message, "name another folder with -o, or empty this one")
    except OSError as error:
        return say_cannot_write(error, target)
    pages = sum(path.endswith(".html") for path in files)
    index = shown_path(target / "index.html")
    echo(f"{settings.name} {settings.version}: {pages} pages, {index}")
    return OK
