"""`ankipress import`: make a project of a deck from Anki or another tool."""

from __future__ import annotations

import secrets
import shlex
from functools import partial
from pathlib import Path

import click

from ankipress.cli.import_guids import GuidsRequest, take_guids_from
from ankipress.cli.import_merge import MINE, THEIRS, Choices, is_project, merge
from ankipress.cli.import_report import (
    cardless_notes,
    contents_of,
    counts_of,
    first_rows_of,
    is_proved,
    losses_of,
    proof_lines,
    remarks_on,
)
from ankipress.cli.main import OK, PROBLEMS, examples, install_line, shape_option
from ankipress.cli.printing import can_ask, confirm, echo
from ankipress.cli.progress import run_with_progress, waiting
from ankipress.cli.saying import say, say_cannot_write
from ankipress.cli.verify_command import ENGINE
from ankipress.diagnostics import Severity, counted
from ankipress.identity.ids import make_uid
from ankipress.importing.converted_note import Form
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.imported_media import media_by_path
from ankipress.importing.new_project import DeckImport, ImportedProject
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from ankipress.importing.readers.table_source import ColumnNames
from ankipress.model import FileReading
from ankipress.project.atomic import Writer, write_files
from ankipress.project.clock import now
from ankipress.project.limited_process import LimitError
from ankipress.project.location import SETTINGS, shown_path
from ankipress.project.media_files import copy_content
from ankipress.project.new_files import refuse_existing, write_new
from ankipress.project.reading import to_name
from ankipress.project.starter_files import starter_files
from ankipress.project.temporary import temporary_folder
from ankipress.verify.import_proof import ImportProof, prove_import

_ENTRIES = (SETTINGS, "ankipress.lock", "cards", "cards.md", "notetypes", "media")
_MANY = 100  # files, which take more than a moment
# Git must not change line ends of what is packed as it is.
_EXACT = b"notetypes/** -text\n"
_EXAMPLES = examples(
    "ankipress import my-deck.apkg                    # a package, into the folder my-deck",
    "ankipress import my-deck.apkg --dry-run          # say what would come",
    "ankipress import my-deck-2.apkg my-deck          # merge a newer version into the project",
    "ankipress import collection.anki2 french --deck French",
    "ankipress import my-deck/ my-project             # a folder of CrowdAnki, with deck.json",
    "ankipress import words.csv --front word --back meaning",
    "ankipress import notes/ --guids-from my-deck.apkg    # notes of another tool, where they are",
)


@click.command("import", epilog=_EXAMPLES)
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    type=click.Path(file_okay=False, path_type=Path),
)
@click.option("--deck", metavar="NAME", help="Take only this deck, and those below it.")
@click.option("--front", metavar="COLUMN", help="For a table: the column with the questions.")
@click.option("--back", metavar="COLUMN", help="For a table: the column with the answers.")
@click.option("--tags", metavar="COLUMN", help="For a table: the column with the tags.")
@click.option("--guid", metavar="COLUMN", help="For a table: the column with Anki's guids.")
@click.option(
    "--keep-html/--no-keep-html",
    default=None,
    help=(
        "Where a field has HTML that cards of ankipress may not have, keep all of its HTML, scripts"
        " too, or leave out what they may not have. Default: ask on a terminal, else leave it out."
    ),
)
@click.option(
    "--take-theirs",
    "always",
    flag_value=THEIRS,
    help="Of what changed both in the project DIR and in SOURCE, take what SOURCE has.",
)
@click.option(
    "--keep-mine",
    "always",
    flag_value=MINE,
    help="Of what changed both in the project DIR and in SOURCE, keep what DIR has.",
)
@click.option(
    "--guids-from",
    "package",
    metavar="DECK",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=(
        "For notes in Markdown: the package that another tool has made of them. Their cards get the"
        " guids that learners have."
    ),
)
@shape_option
@click.option("-y", "--yes", is_flag=True, help="With --guids-from: say yes to what is asked.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it, and write nothing.")
def command(
    source: Path,
    folder: Path | None,
    deck: str | None,
    front: str | None,
    back: str | None,
    tags: str | None,
    guid: str | None,
    keep_html: bool | None,
    always: str | None,
    package: Path | None,
    reading: FileReading | None,
    yes: bool,
    dry_run: bool,
) -> int:
    """Make a project of a deck that exists, so that its learners notice nothing.

    SOURCE is a package (.apkg or .colpkg), the collection.anki2 of a profile, a folder of
    CrowdAnki, a text export of Anki, or a table (.csv, .tsv). Every note keeps its guid, its note
    type and its time, so the first release updates nobody, and later ones update what you have
    changed. DIR is the folder of the project; without it, it is a new one with the name of SOURCE.

    Where DIR is a project that came from the same deck, a newer SOURCE is merged into it: what
    changed there is taken, new notes are added, and you are asked of what changed in both.

    With --guids-from, SOURCE is a file or folder of Markdown, which becomes a project where it is.
    """
    columns = ColumnNames(front=front, back=back, tags=tags, guid=guid)
    if package is not None:
        if folder is not None or columns != ColumnNames() or keep_html is not None or always:
            raise click.UsageError("--guids-from goes with --deck, --shape, --yes and --dry-run")
        request = GuidsRequest(source, package, deck, reading, agrees=yes, is_dry=dry_run)
        return take_guids_from(request)
    if reading is not None or yes:
        raise click.UsageError("--shape and --yes go with --guids-from")
    options = SourceOptions(deck, columns)
    target = folder or Path(to_name(source.resolve().stem))
    try:
        with waiting(f"Reading {shown_path(source)}", is_long=True):
            imported = read_source(source, options)
    except SourceError as error:
        return say("bad-source", str(error), error.help)
    if columns != ColumnNames() and not imported.is_table:
        raise click.UsageError("--front, --back, --tags and --guid are for tables")
    if is_project(target):
        echo(f"{shown_path(source)}: {contents_of(imported)}")
        choices = Choices(always, keep_html, dry_run, is_part=deck is not None)
        return merge(imported, target, choices)
    importing = _OneImport(source, target, imported)
    try:
        return importing.run(keeps_html=keep_html, is_dry=dry_run)
    except SourceError as error:
        return say("bad-source", str(error), error.help)


class _OneImport:
    """One import, from a deck that was read to files on disk."""

    def __init__(self, source: Path, folder: Path, deck: ImportedDeck) -> None:
        self._source = source
        self._folder = folder
        self._deck = deck
        self._are_losses_told = False
        self._name = to_name(folder.resolve().name)

    def run(self, *, keeps_html: bool | None, is_dry: bool) -> int:
        """Convert, say what comes of it, write, and prove it."""
        try:
            refuse_existing(self._folder, _ENTRIES)
        except FileExistsError as error:
            return say_cannot_write(error, self._folder)
        echo(f"{shown_path(self._source)}: {contents_of(self._deck)}")
        if self._deck.is_table:
            for line in first_rows_of(self._deck):
                echo(f"  {line}")
        uid = make_uid(self._name, secrets.token_hex(16))
        importing = DeckImport(self._deck, self._name, uid, run_with_progress())
        for line in remarks_on(importing.deck):
            echo(f"  {line}")
        importing.convert()
        agrees = bool(importing.counts()[Form.LOST]) and self._may_keep(importing, keeps_html)
        if agrees:
            importing.keep_html()
            self._are_losses_told = False
        with waiting("Compiling", is_long=True):
            project = importing.project(now())
        self._say_what_became(importing, project, keeps_html=agrees)
        errors = sum(each.severity is Severity.ERROR for each in project.compiled.diagnostics)
        message = f"the new project has {counted(errors, 'error')}, so it cannot be built yet"
        if is_dry:
            echo("Nothing was written, because of --dry-run.")
            if errors:
                return say("bad-source", message, "import it, and `ankipress check` shows each")
            return OK
        try:
            self._write(project)
        except OSError as error:
            return say_cannot_write(error, self._folder)
        if errors:
            return say("bad-source", message, f"{self._way_there()}`ankipress check` shows each")
        status = self._prove(importing, project)
        echo(f"Next: {self._way_there()}`ankipress build`, edit a card, and build again.")
        return status

    def _say_what_became(
        self,
        importing: DeckImport,
        project: ImportedProject,
        *,
        keeps_html: bool,
    ) -> None:
        echo(counts_of(importing))
        for line in cardless_notes(project):
            echo(f"  {line}")
        if not self._are_losses_told:
            self._tell_losses(importing)
        if importing.counts()[Form.LOST] and not keeps_html:
            echo("  to keep the HTML of these fields as it is: --keep-html, and a new folder")

    def _way_there(self) -> str:
        where = shown_path(self._folder)
        if where == ".":
            return ""
        return f"`cd {shlex.quote(where)}`, "

    def _may_keep(self, importing: DeckImport, keeps_html: bool | None) -> bool:
        """Whether the author agrees to keep HTML of which something would be lost."""
        if keeps_html is not None:
            return keeps_html
        if not can_ask():
            return False
        lost = importing.counts()[Form.LOST]
        echo(f"With HTML that cards of ankipress may not have: {counted(lost, 'note')}")
        self._tell_losses(importing)
        return confirm("Keep the HTML of these fields as it is, scripts too? Else this is left out")

    def _tell_losses(self, importing: DeckImport) -> None:
        for line in losses_of(importing.notes):
            echo(line)
        self._are_losses_told = True

    def _write(self, project: ImportedProject) -> None:
        """Write all files; the settings are the last, since they make a project of the folder."""
        contents: dict[str, bytes | Writer] = {}
        for path, content in media_by_path(project.media):
            contents[path] = partial(copy_content, content)
        for path, text in sorted(project.texts.items()):
            contents[path] = text.encode()
        starter = dict(starter_files(self._name, ""))
        for path in (".gitignore", ".gitattributes", "Makefile"):
            if not (self._folder / path).exists():
                contents[path] = starter[path]
        if ".gitattributes" in contents:
            contents[".gitattributes"] = starter[".gitattributes"] + _EXACT
        else:
            line = _EXACT.decode().strip()
            echo(f"add `{line}` to .gitattributes, so that git keeps the line ends of templates")
        contents[SETTINGS] = contents.pop(SETTINGS)
        with waiting("Writing", is_long=len(project.media) > _MANY):
            write_new(self._folder, contents)
        cards = sum(path.endswith(".md") for path in project.texts)
        written = [counted(cards, "file"), counted(len(project.media), "file")]
        echo(
            f"wrote {shown_path(self._folder / SETTINGS)}, ankipress.lock, cards/ ({written[0]}),"
            f" notetypes/ and media/ ({written[1]})"
        )

    def _prove(self, importing: DeckImport, project: ImportedProject) -> int:
        """Import the old package and the next releases into the real Anki, if that is possible."""
        if self._source.suffix.lower() != ".apkg":
            echo("Not tried in Anki: that takes an .apkg that learners have.")
            return OK
        if not any(each.note.guid for each in importing.notes):
            echo("Not tried in Anki: no note has a guid that can stay, so all come as new ones.")
            return OK
        try:
            with waiting("Importing into Anki", is_long=True), temporary_folder() as folder:
                proof = self._proof(importing, project, folder)
        except (LimitError, OSError) as error:
            echo(f"Not tried in Anki: {error}")
            return OK
        if proof.missing:
            echo(
                f"Not tried in Anki: `{install_line(ENGINE)}` installs its engine; `ankipress"
                " verify` then tries the package of learners and one that you have built."
            )
            return OK
        if proof.refused:
            return say("bad-package", f"Anki refuses a package: {proof.refused}")
        for line in proof_lines(proof):
            echo(line)
        return OK if is_proved(proof) else PROBLEMS

    def _proof(
        self,
        importing: DeckImport,
        project: ImportedProject,
        folder: Path,
    ) -> ImportProof:
        first = folder / "releases" / "first.apkg"
        second = first.with_name("edited.apkg")
        released = importing.first_release(project.lock, now())
        edited = importing.edited_release(project.lock, now())
        write_files({first: released.write, second: edited.write})
        packages = [self._source, first, second]
        return prove_import(packages, edited.guid, edited.fields, folder)
