"""`ankipress diff`: what differs between two versions of a deck, and what Anki will do with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples, format_option
from ankipress.cli.printing import OwnText, echo, has_colours, joined, lines_of, style
from ankipress.cli.saying import say, say_cannot_write
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
from ankipress.diff.text_format import LinePart, as_text, text_lines
from ankipress.project.atomic import write_files
from ankipress.project.reading import read_workspace

_EXAMPLES = examples(
    "ankipress diff my-deck-1.0.0.apkg                        # what learners of a package get",
    "ankipress diff my-deck-1.0.0.apkg other.apkg             # between two packages",
    "ankipress diff HEAD                                      # what is not committed yet",
    "ankipress diff HEAD --format markdown                    # a comment for a pull request",
    "ankipress diff HEAD --format html -o diff.html           # with the cards as Anki shows them",
)
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True},
    "old": {"fg": "red"},
    "new": {"fg": "green"},
    "gone": {"fg": "red", "bold": True},
    "come": {"fg": "green", "bold": True},
    "": {},
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
@format_option(FORMATS)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file."
)
def command(
    old: str,
    new: str | None,
    project: Path | None,
    form: str,
    output: Path | None,
) -> int:
    """Show what differs between two versions of a deck, and what Anki will do with it.

    OLD and NEW are packages (.apkg), git revisions, or folders. Without NEW, the files as they are
    now are compared. Nothing is written but --output.
    """
    paths = []
    if project:
        paths = [project]
    workspace = read_workspace(paths)
    try:
        before = edition_of(old, workspace, published=True)
        after = _files(paths) if new is None else edition_of(new, workspace)
    except EditionError as error:
        return say(error.code, str(error), error.help)
    if after is None:
        return PROBLEMS
    difference = compare(before, matching_part(before, after, workspace))
    try:
        text = FORMATS[form](difference).rstrip()
    except EditionError as error:
        return say(error.code, str(error), error.help)
    if output is None:
        shown = lines_of(text)
        if form == "text" and has_colours(sys.stdout):
            shown = _in_colours(difference)
        echo(shown)
        return OK
    try:
        write_files({output: f"{text}\n".encode()})
    except OSError as error:
        return say_cannot_write(error, output)
    return OK


def _files(paths: Sequence[Path]) -> Edition | None:
    """The files as they are. Where they do not build, the errors are shown, and there is None."""
    found = compiled_at(*paths)
    if found.errors:
        show(found.errors, found.workspace)
        return None
    return compiled_edition(found.compiled, FILES)


def _in_colours(difference: Difference) -> OwnText:
    """The text with colours in the place of marks."""
    lines = (joined(map(_styled, line)) for line in text_lines(difference))
    return joined(lines, "\n")


def _styled(piece: LinePart) -> OwnText:
    return style(piece.text, **_STYLES[piece.look])
