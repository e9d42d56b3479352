"""`recto recover`: a lost lock, rebuilt from a package that learners have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from recto.archive import write_files
from recto.cli.common import compiled, paths_argument, say, say_cannot_write
from recto.cli.files import Workspace, shown_path
from recto.cli.main import OK, PROBLEMS, examples
from recto.cli.report import show
from recto.diagnostics import Severity
from recto.identity import Outcome, Published, PublishedPackage, Recovered, recover
from recto.ids import content_digest
from recto.lock import write_lock
from recto.model import NoteTypeStamp
from recto.notetypes import key_of
from recto.unpack import FoundNote, PackageError, read_package

_EXAMPLES = examples(
    "recto recover my-deck-1.0.0.apkg            # the lock of the project around this folder",
    "recto recover other.apkg notes.md           # of a file without settings",
)
_SHOWN = 20


@click.command("recover", epilog=_EXAMPLES)
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@paths_argument
@click.option("--dry-run", is_flag=True, help="Say what would be found, and write nothing.")
def command(package: Path, paths: tuple[Path, ...], dry_run: bool) -> int:  # noqa: FBT001
    """Rebuild a lost lock from a package that learners have.

    Each card is found again by its text and gets the guid that it has in the package, so that learners keep their reviews. Notes
    that the lock knows are left as they are. A package of another tool can be compared, but Anki will not update its notes.
    """
    workspace, result, diagnostics = compiled(paths)
    errors = [each for each in diagnostics if each.severity is Severity.ERROR and each.code != "ambiguous-identity"]
    if errors:
        show(errors, workspace)
        return PROBLEMS
    try:
        published = _published(read_package(package.read_bytes()))
    except (PackageError, OSError) as error:
        return say("bad-package", f"{shown_path(package)}: {error}", "give a package that Anki imports")
    packed = {note.guid: note for note in result.package.notes}
    cards = [(note, packed[note.guid]) for note in result.notes if note.guid in packed]
    lock = replace(workspace.project.lock, uid=result.stamped.lock.uid)
    recovered = recover(published, cards, lock, workspace.project.settings.version)
    if not dry_run and len(recovered.lock.records) > len(lock.records):
        try:
            write_files({workspace.lock_path: write_lock(recovered.lock).encode()})
        except OSError as error:
            return say_cannot_write(error, workspace.lock_path)
    _report(package, published, recovered, workspace)
    return OK


def _published(notes: Sequence[FoundNote]) -> PublishedPackage:
    """The notes of a package, each with the note type of recto that it has: told by its fields, the guid among them."""
    found = []
    stamps: dict[str, NoteTypeStamp] = {}
    for note in notes:
        key = key_of(note.note_type.fields)
        if key and note.fields[note.note_type.fields.index("Key")] != note.guid:
            key = None
        if key:
            each = note.note_type
            stamps[key] = NoteTypeStamp(each.id, each.name, content_digest(*each.texts), max(1, each.mod))
        found.append(Published(note.guid, note.note_id, max(1, note.mod), key, note.deck, note.fields, note.tags))
    return PublishedPackage(tuple(found), stamps)


def _report(package: Path, published: PublishedPackage, recovered: Recovered, workspace: Workspace) -> None:
    counts = Counter(outcome for outcome, _ in recovered.outcomes.values())
    known = len(published.notes) - len(recovered.outcomes)
    click.echo(f"{shown_path(package)}: {len(published.notes)} notes, {known} of them in the lock already")
    click.echo(f"  {counts[Outcome.MATCHED]} found again in the cards")
    for outcome, says in _SAYS.items():
        if counts[outcome]:
            click.echo(f"  {counts[outcome]} {says}")
            _show_some(outcome, published.notes, recovered, workspace)


_SAYS = {
    Outcome.UNCLEAR: "could be several cards: `recto ids` settles them",
    Outcome.GONE: "are in no source: the next build retires them",
    Outcome.FOREIGN: "have a note type of another tool: Anki updates no note across note types, so learners get these cards anew",
}


def _show_some(outcome: Outcome, notes: Iterable[Published], recovered: Recovered, workspace: Workspace) -> None:
    shown = [note for note in notes if recovered.outcomes.get(note.guid, (None, None))[0] is outcome]
    for note in shown[:_SHOWN]:
        card = recovered.outcomes[note.guid][1]
        place = f" (found at {workspace.display(card.entry.path)}:{card.entry.location.line})" if card else ""
        click.echo(f"    {note.guid}  {note.question[:90]}{place}")
    if len(shown) > _SHOWN:
        click.echo(f"    … and {len(shown) - _SHOWN} more")
