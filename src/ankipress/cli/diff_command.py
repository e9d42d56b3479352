"""`ankipress diff`: what differs between two versions of a deck, and what Anki will do with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from ankipress.cli.compiling import say, say_cannot_write
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.diff.difference import Difference, compare
from ankipress.diff.edition import Edition, compiled_edition
from ankipress.diff.editions import (
    FILES,
    EditionError,
    compiled_at,
    edition_of,
    matching_part,
)
from ankipress.diff.html_format import as_html
from ankipress.diff.json_format import as_json
from ankipress.diff.markdown_format import as_markdown
from ankipress.diff.text_format import as_text
from ankipress.project.atomic import write_files
from ankipress.project.reading import read_workspace

_EXAMPLES = examples(
    "ankipress diff my-deck-1.0.0.apkg                        # what learners of a package will get",
    "ankipress diff my-deck-1.0.0.apkg other.apkg             # between two packages",
    "ankipress diff HEAD                                      # what is not committed yet",
    "ankipress diff HEAD --format markdown                    # a comment for a pull request",
    "ankipress diff HEAD --format html -o diff.html           # with the cards as Anki shows them",
)
_LOOKS: Mapping[str, tuple[str | None, bool]] = {
    "title": (None, True),
    "old": ("red", False),
    "new": ("green", False),
    "gone": ("red", True),
    "come": ("green", True),
}
FORMATS: Mapping[str, Callable[[Difference], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "html": as_html,
}


@click.command("diff", epilog=_EXAMPLES)
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "-p",
    "--project",
    type=click.Path(exists=True, path_type=Path),
    help="Its folder or file. Default: around this folder.",
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", help="Default: text."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file."
)
def command(old: str, new: str | None, project: Path | None, form: str, output: Path | None) -> int:
    """Show what differs between two versions of a deck, and what Anki will do with it.

    OLD and NEW are packages (.apkg), git revisions, or folders. Without NEW, the files as they are
    now are compared. Nothing is written but --output.
    """
    workspace = read_workspace([project] if project else [])
    try:
        before = edition_of(old, workspace, published=True)
        after = _files(project) if new is None else edition_of(new, workspace)
    except EditionError as error:
        return say(error.code, str(error), error.help)
    if after is None:
        return PROBLEMS
    difference = compare(before, matching_part(before, after, workspace))
    text = FORMATS[form](difference) if output or form != "text" else _painted(difference)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return OK
    try:
        write_files({output: f"{text.rstrip()}\n".encode()})
    except OSError as error:
        return say_cannot_write(error, output)
    return OK


def _files(project: Path | None) -> Edition | None:
    """The files as they are, or None where they do not build, and that is said."""
    found = compiled_at(*([project] if project else []))
    if found.errors:
        show(found.errors, found.workspace)
        return None
    return compiled_edition(found.compiled, FILES)


def _painted(difference: Difference) -> str:
    """In colours; they and the marks of words are one or the other, as what is shown has no colours
    elsewhere.
    """
    if not _has_colours():
        return as_text(difference)
    return as_text(difference, _paint)


def _paint(text: str, look: str) -> str:
    colour, bold = _LOOKS[look]
    return click.style(text, fg=colour, bold=bold)


def _has_colours() -> bool:
    """Whether what is printed keeps its colours: on a terminal, or where the environment asks for
    them.
    """
    asked = click.get_current_context().color
    return sys.stdout.isatty() if asked is None else asked
