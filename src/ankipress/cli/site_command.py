"""`ankipress site`: the deck as a site of static files."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.build.pipeline import make_package, packages_of
from ankipress.cli.arguments import paths_argument
from ankipress.cli.compiling import say, say_cannot_write
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.cli.publishable import publishable
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
def command(paths: tuple[Path, ...], output: Path | None, no_package: bool) -> int:  # noqa: FBT001
    """Write the cards as a site of static files, as for GitHub Pages.

    Every card has a page of its own under an address that never changes. The pages can be read
    without scripts, and ask no other host for anything. With the package, the lock must be up to
    date: run `ankipress build` before.
    """
    # A package whose guids are remembered nowhere must never be published.
    ready = publishable(paths, locked=not no_package)
    if ready is None:
        return PROBLEMS
    workspace, result, settings = ready.workspace, ready.compiled, ready.workspace.project.settings
    packages = () if no_package else packages_of(result, settings)
    downloads = tuple(
        Download(workspace.package_name(each), make_package(each)) for each in packages
    )
    files = make_site(
        Publication(settings, result, downloads, ready.changelog, lock_history(workspace.lock_path))
    )
    target = output or workspace.output / "site"
    try:
        write_folder(target, files, _MARKER, workspace.root)
    except FileExistsError as error:
        return say(
            "cannot-write",
            f"{shown_path(target)}: {error.strerror}",
            "name another folder with -o, or empty this one",
        )
    except OSError as error:
        return say_cannot_write(error, target)
    pages = sum(path.endswith(".html") for path in files)
    click.echo(
        f"{settings.name} {settings.version}: {pages} pages, {shown_path(target / 'index.html')}"
    )
    return OK
