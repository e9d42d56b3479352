"""`ankipress verify`: import releases one after another into Anki's real engine."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.cli.main import OK, PROBLEMS, examples, format_option, install_line
from ankipress.cli.printing import echo, lines_of
from ankipress.cli.saying import say
from ankipress.diff.editions import EditionError, package_at
from ankipress.project.limited_process import LimitError
from ankipress.project.location import shown_path
from ankipress.project.temporary import temporary_folder
from ankipress.verify.formats import FORMATS
from ankipress.verify.verification_answer import verify_in_process

_EXAMPLES = examples(
    "ankipress verify my-deck-1.0.0.apkg other.apkg     # from one release to the next",
    "ankipress verify my-deck-1.0.0.apkg                # a first release",
)
ENGINE = ("anki>=25.9",)
_HELP = "give packages that Anki imports"


@click.command("verify", epilog=_EXAMPLES)
@click.argument(
    "packages",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@format_option(FORMATS)
def command(packages: tuple[Path, ...], form: str) -> int:
    """Import releases one after another into the real Anki, and prove that nothing is lost.

    PACKAGES are those of one deck, oldest first. A learner imports each, studies in between, tags
    and edits; what Anki did is compared with what `ankipress diff` predicts. Any lost review, note
    that is there twice, or surprise is a failure. Needs Anki's engine: pip install "anki>=25.9".
    Collections of yours are not touched.
    """
    try:
        for path in packages:
            package_at(path)  # before Anki opens it
        with temporary_folder() as folder:
            found = verify_in_process(packages, folder, form)
    except EditionError as error:
        return say(error.code, str(error), error.help)
    except LimitError as error:
        return say("bad-package", f"Anki cannot import these packages: {error}", _HELP)
    if found.missing:
        message = f"ankipress verify needs Anki's engine: {found.missing}"
        return say("missing-package", message, f"`{install_line(ENGINE)}`")
    if found.refused:
        name = shown_path(packages[found.number])
        return say("bad-package", f"{name}: {found.refused}", _HELP)
    echo(lines_of(found.text))
    if found.has_failures:
        return PROBLEMS
    return OK
