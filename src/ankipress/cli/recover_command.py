"""`ankipress recover`: a lost lock, rebuilt from a package that learners have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ankipress.cli.arguments import paths_argument
from ankipress.cli.compiling import compiled, say, say_cannot_write
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.diagnostics import Severity
from ankipress.identity.ids import content_digest
from ankipress.identity.lock import write_lock
from ankipress.identity.recovery import Outcome, Published, PublishedPackage, Recovered, recover
from ankipress.identity.stamping import Stamped
from ankipress.model import NoteTypeStamp, Schema
from ankipress.notetypes.builtin import key_of
from ankipress.notetypes.custom import read_custom
from ankipress.notetypes.schema import fits
from ankipress.package.reading import FoundNote, FoundType, read_package
from ankipress.package.unpacking import PackageError
from ankipress.project.atomic import write_files
from ankipress.project.location import shown_path
from ankipress.project.workspace import Workspace

_EXAMPLES = examples(
    "ankipress recover my-deck-1.0.0.apkg            # the lock of the project around this folder",
    "ankipress recover other.apkg notes.md           # of a file without settings",
)
_SHOWN = 20


@click.command("recover", epilog=_EXAMPLES)
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@paths_argument
@click.option("--dry-run", is_flag=True, help="Say what would be found, and write nothing.")
@click.option(
    "--force", is_flag=True, help="Take the package though it looks like one of another deck."
)
def command(package: Path, paths: tuple[Path, ...], dry_run: bool, force: bool) -> int:  # noqa: FBT001
    """Rebuild a lost lock from a package that learners have.

    Each card is found again by its text and gets the guid that it has in the package, so that
    learners keep their reviews. Notes that the lock knows are left as they are. A package of
    another tool can be compared, but Anki will not update its notes.
    """
    workspace, result, diagnostics = compiled(paths)
    errors = [
        each
        for each in diagnostics
        if each.severity is Severity.ERROR and each.code != "ambiguous-identity"
    ]
    if errors:
        show(errors, workspace)
        return PROBLEMS
    try:
        published = _published(read_package(package.read_bytes()), result.stamped, workspace)
    except (PackageError, OSError) as error:
        return say(
            "bad-package", f"{shown_path(package)}: {error}", "give a package that Anki imports"
        )
    packed = {note.guid: note for note in result.package.notes}
    cards = [(note, packed[note.guid]) for note in result.notes if note.guid in packed]
    lock = replace(workspace.project.lock, uid=result.stamped.lock.uid)
    recovered = recover(published, cards, lock, workspace.project.settings.version)
    if not (force or dry_run or lock.records) and _is_strange(recovered):
        _report(package, published, recovered, workspace)
        message = f"most notes of {shown_path(package)} are in none of these cards: is it a package of this deck?"
        return say("bad-package", message, "if it is, say so with --force; nothing was written")
    if not (force or dry_run) and _is_of_another_deck(published, result.stamped, workspace):
        message = f'{shown_path(package)} was built with another "uid" than "{workspace.project.settings.uid}": is it of this deck?'
        return say("bad-package", message, "if it is, say so with --force; nothing was written")
    if not dry_run and len(recovered.lock.records) > len(lock.records):
        try:
            write_files(
                {workspace.lock_path: write_lock(recovered.lock).encode()},
                workspace.as_read,
                workspace.root,
            )
        except OSError as error:
            return say_cannot_write(error, workspace.lock_path)
    _report(package, published, recovered, workspace)
    return OK


def _published(
    notes: Sequence[FoundNote], stamped: Stamped, workspace: Workspace
) -> PublishedPackage:
    """The notes of a package, each with the note type of ankipress that it has, None for one of
    another tool or deck.
    """
    types = _Types(workspace, stamped)
    ours = _our_note_types(notes, types)
    keys = {each.id: key for key, each in ours.items()}
    found = [
        Published(note.guid, note.note_id, max(1, note.mod), key, note.deck, note.fields, note.tags)
        for note in notes
        for key in [keys.get(note.note_type.id) if types.key(note) else None]
    ]
    return PublishedPackage(
        tuple(found), {key: types.stamp(key, each) for key, each in ours.items()}
    )


class _Types:
    """Which note type of a package is which of ankipress or of the project, told by its fields and
    by where the guid stands.
    """

    def __init__(self, workspace: Workspace, stamped: Stamped) -> None:
        self.lock = workspace.project.lock
        self.stamps = (self.lock if self.lock.records else stamped.lock).note_types
        self._own = {each.key: each for each in stamped.note_types if each.is_custom}
        self._custom = read_custom(workspace.project.note_type_files).types
        self._keys: dict[int, str | None] = {}

    def key(self, note: FoundNote) -> str | None:
        """The key of the note type of a note, None for one of another tool."""
        found = note.note_type
        if "Key" not in found.fields or note.fields[found.fields.index("Key")] != note.guid:
            return None
        if found.id not in self._keys:
            self._keys[found.id] = key_of(found.fields) or self._own_key(found)
        return self._keys[found.id]

    def _own_key(self, found: FoundType) -> str | None:
        """The author's note type that this one is, or was before a field was renamed or a spare one
        used.
        """
        schema = _schema(found)
        same = (key for key in self._own if self.stamps[key].id == found.id)
        fitting = (key for key in self._own if schema and fits(self._custom[key], schema))
        named = (each.key for each in self._own.values() if each.field_names == found.fields)
        return next((key for keys in (same, fitting, named) for key in keys), None)

    def stamp(self, key: str, found: FoundType) -> NoteTypeStamp:
        """What the lock remembers of a note type: of an author's own also the ids, which no setting
        can tell again.
        """
        schema = _schema(found) if key in self._own else None
        names = [name for name, _ in (*schema.fields, *schema.templates)] if schema else []
        return NoteTypeStamp(
            found.id, found.name, content_digest(*found.texts, *names), max(1, found.mod), schema
        )


def _schema(found: FoundType) -> Schema | None:
    """The names of a note type with their ids; None where a field or template has none, as in
    packages of other tools.
    """
    fields = tuple(zip(found.fields, found.field_ids, strict=False))
    templates = tuple((each.name, each.id) for each in found.templates)
    is_whole = len(fields) == len(found.fields) and all(id > 0 for _, id in (*fields, *templates))
    return Schema(fields, templates, found.cloze) if is_whole else None


def _our_note_types(notes: Sequence[FoundNote], known: _Types) -> dict[str, FoundType]:
    """The note types of this deck, by key: those that the lock names, else those that ankipress
    would give, else the only ones.
    """
    found: dict[str, dict[int, FoundType]] = {}
    for note in notes:
        if key := known.key(note):
            found.setdefault(key, {})[note.note_type.id] = note.note_type
    ours = {}
    for key, types in found.items():
        stamp = known.stamps.get(key)
        if stamp and stamp.id in types:
            ours[key] = types[stamp.id]
        elif known.lock.records and stamp:
            # Learners' notes of this kind have the note type that the lock names, and these are
            # others.
            continue
        elif len(types) == 1:
            ours[key] = next(iter(types.values()))
        else:
            names = ", ".join(f'"{each.name}"' for each in types.values())
            raise PackageError(
                f"it holds the notes of several decks that ankipress built, with the note types {names}"
            )
    return ours


def _is_strange(recovered: Recovered) -> bool:
    """Whether less than half of the notes that Anki could update are found in the cards."""
    counts = Counter(outcome for outcome, _ in recovered.outcomes.values())
    return counts[Outcome.GONE] > counts[Outcome.MATCHED] + counts[Outcome.UNCLEAR]


def _is_of_another_deck(
    published: PublishedPackage, stamped: Stamped, workspace: Workspace
) -> bool:
    """Whether the settings have a uid, and no note type of the package is one that ankipress makes
    of it.
    """
    if workspace.project.settings.uid is None or workspace.project.lock.records:
        return False
    ours = {each.id for each in stamped.lock.note_types.values()}
    theirs = {each.id for each in published.note_types.values()}
    return bool(theirs) and ours.isdisjoint(theirs)


def _report(
    package: Path, published: PublishedPackage, recovered: Recovered, workspace: Workspace
) -> None:
    counts = Counter(outcome for outcome, _ in recovered.outcomes.values())
    known = len(published.notes) - len(recovered.outcomes)
    click.echo(
        f"{shown_path(package)}: {len(published.notes)} notes, {known} of them in the lock already"
    )
    click.echo(f"  {counts[Outcome.MATCHED]} found again in the cards")
    for outcome, says in _SAYS.items():
        if counts[outcome]:
            click.echo(f"  {counts[outcome]} {says}")
            _show_some(outcome, published.notes, recovered, workspace)


_SAYS = {
    Outcome.UNCLEAR: "could be several cards: `ankipress ids` settles them",
    Outcome.GONE: "are in no source: the next build retires them",
    Outcome.FOREIGN: "have a note type of another tool or deck: Anki updates no note across note types, so learners get"
    " these cards anew",
}


def _show_some(
    outcome: Outcome, notes: Iterable[Published], recovered: Recovered, workspace: Workspace
) -> None:
    shown = [
        note for note in notes if recovered.outcomes.get(note.guid, (None, None))[0] is outcome
    ]
    for note in shown[:_SHOWN]:
        card = recovered.outcomes[note.guid][1]
        place = (
            f" (found at {workspace.display(card.entry.path)}:{card.entry.location.line})"
            if card
            else ""
        )
        click.echo(f"    {note.guid}  {note.question[:90]}{place}")
    if len(shown) > _SHOWN:
        click.echo(f"    … and {len(shown) - _SHOWN} more")
