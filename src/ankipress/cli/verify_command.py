"""`ankipress verify`: import releases one after another into Anki's real engine."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ankipress.cli.main import OK, PROBLEMS, examples, format_option, install_line
from ankipress.cli.saying import say
from ankipress.diff.editions import EditionError, package_at
from ankipress.verify.engine import NoEngineError
from ankipress.verify.formats import as_json, as_text
from ankipress.verify.verification import Released, verify

_EXAMPLES = examples(
    "ankipress verify my-deck-1.0.0.apkg other.apkg     # from one release to the next",
    "ankipress verify my-deck-1.0.0.apkg                # a first release",
)
ENGINE = ("anki>=25.9",)
_FORMATS = {"text": as_text, "json": as_json}


@click.command("verify", epilog=_EXAMPLES)
@click.argument(
    "packages",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@format_option(_FORMATS)
def command(packages: tuple[Path, ...], form: str) -> int:
    """Import releases one after another into the real Anki, and prove that nothing is lost.

    PACKAGES are those of one deck, oldest first. A learner imports each, studies in between, tags
    and edits; what Anki did is compared with what `ankipress diff` predicts. Any lost review, note
    that is there twice, or surprise is a failure. Needs Anki's engine: pip install "anki>=25.9".
    Collections of yours are not touched.
    """
    released = []
    for path in packages:
        try:
            released.append(Released(path, package_at(path)))
        except EditionError as error:
            return say(error.code, str(error), error.help)
    try:
        with tempfile.TemporaryDirectory(prefix="ankipress-", ignore_cleanup_errors=True) as folder:
            found = verify(released, Path(folder))
    except NoEngineError as error:
        message = f"ankipress verify needs Anki's engine: {error}"
        return say("missing-package", message, f"`{install_line(ENGINE)}`")
    click.echo(_FORMATS[form](found))
    if found.failures:
        return PROBLEMS
    return OK
