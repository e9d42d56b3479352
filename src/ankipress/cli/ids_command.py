"""`ankipress ids`: settle what matching could not decide, and write explicit ids into the headings."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ankipress.build.pipeline import identify
from ankipress.cli.arguments import paths_argument
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.cli.places import command_line, note_at, place, with_commands
from ankipress.diagnostics import has_errors, in_order, suggestion
from ankipress.identity.lock import write_lock
from ankipress.identity.unresolved import question_of, resolve_as_new, resolve_as_same
from ankipress.model import KINDS, Assignment, Lock, Note, Record, UnresolvedMatch
from ankipress.parse.explicit import insert_ids, make_slug
from ankipress.project.atomic import digest, write_files
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace

_EXAMPLES = examples(
    "ankipress ids                                        # list the open cases, and ask",
    "ankipress ids --same cards.md:12=kmlbxxvh3m2tr5vf     # it is that note, edited",
    "ankipress ids --new cards.md:12                      # it is a new one",
    "ankipress ids --answers 'cards.md:12=new'            # all answers in one text, as from a form",
    "ankipress ids --write                                # {#an-id} at the end of every heading and first cell",
)
_NEW = "new"  # in the place of a guid, which is longer


def _answers(
    context: click.Context, parameter: click.Parameter, text: str
) -> list[tuple[str, str]]:
    """The pairs of a line and a guid, or `new`, that a text of one line holds."""
    pieces = [piece.strip().rpartition("=") for piece in text.split(";") if piece.strip()]
    for line, separator, guid in pieces:
        if not (line and separator and guid):
            message = (
                f"LINE=GUID or LINE=new is wanted, such as cards.md:12=new, not {line or guid!r}"
            )
            raise click.BadParameter(message, context, parameter)
    return [(line, guid) for line, _, guid in pieces]


@click.command("ids", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "--same",
    multiple=True,
    metavar="LINE=GUID",
    help="The card on this line is the note of this guid.",
)
@click.option("--new", multiple=True, metavar="LINE", help="The card on this line is a new note.")
@click.option(
    "--answers",
    callback=_answers,
    default="",
    metavar="TEXT",
    help="LINE=GUID or LINE=new, with ; between several.",
)
@click.option("--yes-to-likely", is_flag=True, help="Take the likeliest note for every open case.")
@click.option(
    "--write",
    is_flag=True,
    help="Write an explicit id behind the heading, or into the first cell or term of the row, of every card that has none.",
)
def command(  # noqa: PLR0913, PLR0917
    paths: tuple[Path, ...],
    same: tuple[str, ...],
    new: tuple[str, ...],
    answers: Sequence[tuple[str, str]],
    yes_to_likely: bool,  # noqa: FBT001
    write: bool,  # noqa: FBT001
) -> int:
    """Settle which card is which where ankipress cannot tell, and write explicit ids.

    A card that was edited so much that it could be another one is an open case. Say whether it is
    the same card, which keeps every review, or a new one. What you say is written into the lock,
    and never asked again.
    """
    desk = _Desk(read_workspace(paths))
    if desk.is_broken():
        return PROBLEMS
    for line, guid in (*map(_split, same), *((line, _NEW) for line in new), *answers):
        if guid == _NEW:
            desk.take_as_new(line)
        else:
            desk.take_as_same(line, guid)
    while yes_to_likely and (cases := desk.assignment.unresolved):
        desk.settle(cases[0], cases[0].most_likely)
    if not (same or new or answers or yes_to_likely or write) and desk.assignment.unresolved:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            desk.show_open()
            return PROBLEMS
        _ask_all(desk)
    return desk.finish(write=write)


def _split(decision: str) -> tuple[str, str]:
    line, separator, guid = decision.rpartition("=")
    if not separator or not line or not guid:
        raise click.UsageError(
            f"--same takes LINE=GUID, such as cards.md:12=kmlbxxvh3m2tr5vf, not {decision!r}"
        )
    return line, guid


class _Desk:
    """A project on which identities are being settled. Every decision is in the lock on disk before
    the next is asked.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.lock = workspace, workspace.project.lock
        self.parsed, self.assignment = identify(workspace.project)
        self.settled = 0

    def is_broken(self) -> bool:
        """Whether the sources or the lock cannot be read right; what is wrong is shown."""
        problems = in_order([*self.workspace.diagnostics, *self.parsed.diagnostics])
        if has_errors(problems):
            show(problems, self.workspace)
        return has_errors(problems)

    def take_as_same(self, line: str, guid: str) -> None:
        """The card on a line is the note of this guid."""
        note = note_at(line, self.assignment.notes, self.workspace)
        record = next((each for each in self.lock.records if each.guid == guid), None)
        if record is None:
            raise click.UsageError(
                f"the lock has no note {guid!r}{suggestion(guid, tuple(each.guid for each in self.lock.records))}"
            )
        if KINDS.get(record.kind, record.kind) != note.note_type:
            raise click.UsageError(
                f"the note {guid!r} was a {record.kind} card and {line} is {note.entry.kind}: Anki updates no note across"
                f" note types, so it can only be a new one ({command_line('ids', '--new', line, workspace=self.workspace)})"
            )
        owner = next(
            (each for each in self.assignment.notes if each.record == record and each != note), None
        )
        offered = any(
            case.note == note and record in case.candidates for case in self.assignment.unresolved
        )
        if owner is not None and not offered:
            raise click.UsageError(
                f"the note {guid!r} is the card at {place(owner, self.workspace)}"
            )
        self._take(resolve_as_same(self.lock, note, guid))

    def take_as_new(self, line: str) -> None:
        """The card on a line is a new note, whatever it was taken for."""
        note = note_at(line, self.assignment.notes, self.workspace)
        if note.record is not None and not note.record.digest:
            return  # settled before, and not built since
        self._take(
            resolve_as_new(
                self.lock, self.assignment.uid, note, self.workspace.project.settings.version
            )
        )

    def settle(self, case: UnresolvedMatch, record: Record | None) -> None:
        """Settle an open case: a record of the lock, or None for a new note."""
        version = self.workspace.project.settings.version
        decided = resolve_as_same(self.lock, case.note, record.guid) if record else None
        self._take(decided or resolve_as_new(self.lock, self.assignment.uid, case.note, version))

    def _take(self, lock: Lock) -> None:
        self.lock = replace(lock, uid=self.assignment.uid)
        self.settled += 1
        self._write({self.workspace.lock_path: write_lock(self.lock).encode()})
        self._match_again()

    def _match_again(self) -> None:
        self.parsed, self.assignment = identify(replace(self.workspace.project, lock=self.lock))

    def _again(self, file: Path) -> bytes:
        try:
            return self.workspace.read_again(file)
        except OSError as error:
            raise click.FileError(shown_path(file), error.strerror or str(error)) from None

    def _write(self, contents: dict[Path, bytes]) -> None:
        try:
            write_files(contents, self.workspace.as_read, self.workspace.root)
        except OSError as error:
            raise click.FileError(
                shown_path(self.workspace.lock_path), error.strerror or str(error)
            ) from None
        self.workspace.as_read |= {path: digest(content) for path, content in contents.items()}

    def show_open(self) -> None:
        """List the open cases with the commands that settle them."""
        problems = (
            each for each in self.assignment.diagnostics if each.code == "ambiguous-identity"
        )
        show(
            with_commands(problems, self.assignment.unresolved, self.workspace),
            self.workspace,
            err=False,
        )

    def finish(self, *, write: bool) -> int:
        """Write ids where that is wanted, say what was done, and give the exit status."""
        cases = self.assignment.unresolved
        if self.settled:
            click.echo(f"{self.settled} settled in {shown_path(self.workspace.lock_path)}")
        if cases:
            self.show_open()
            return PROBLEMS
        if write:
            self._write_ids()
        elif not self.settled:
            click.echo("no open cases")
        return OK

    def _write_ids(self) -> None:
        ids = list(_new_ids(self.assignment))
        contents: dict[Path, bytes] = {}
        by_path: dict[str, dict[int, str]] = {}
        for note, name in ids:
            by_path.setdefault(note.entry.path, {})[note.entry.location.line] = name
        for path, lines in sorted(by_path.items()):
            file = self.workspace.root / path
            contents[file] = insert_ids(self._again(file).decode(), lines).encode()
        names = {note.guid: name for note, name in ids}
        if self.lock.records:
            # The lock learns of the ids at once, so that a question may be reworded before the next
            # build.
            records = tuple(
                replace(each, id=names.get(each.guid, each.id)) for each in self.lock.records
            )
            contents[self.workspace.lock_path] = write_lock(
                replace(self.lock, records=records)
            ).encode()
        self._write(contents)
        click.echo(f"{len(ids)} id{'s' * (len(ids) != 1)} written")


def _new_ids(assignment: Assignment) -> Iterable[tuple[Note, str]]:
    """An id for every note whose heading has none: the one that it had before where the lock
    remembers it.
    """
    taken = {note.entry.attributes.id or "" for note in assignment.notes} | {
        record.id or "" for record in assignment.left
    }
    for note in assignment.notes:
        if note.entry.attributes.id is None:
            before = note.record.id if note.record else None
            name = before if before and before not in taken else make_slug(note.question, taken)
            taken.add(name)
            yield note, name


def _ask_all(desk: _Desk) -> None:
    """Ask for one case after another. A decision can settle others too, so what is left is looked
    at anew each time.
    """
    skipped: set[str] = set()
    while cases := [case for case in desk.assignment.unresolved if case.note.guid not in skipped]:
        case = cases[0]
        _show_case(desk.workspace, case, len(cases))
        numbers = [str(number) for number in range(1, len(case.candidates) + 1)]
        answer = click.prompt(
            "Which is it?", type=click.Choice([*numbers, "n", "s", "q"], case_sensitive=False)
        )
        if answer == "q":
            return
        if answer == "s":
            skipped.add(case.note.guid)
        else:
            desk.settle(case, None if answer == "n" else case.candidates[int(answer) - 1])


def _show_case(workspace: Workspace, case: UnresolvedMatch, number: int) -> None:
    click.echo(f"\n{click.style(place(case.note, workspace), bold=True)}  ({number} open)")
    click.echo(question_of(case))
    click.echo(f"  now  {case.note.question}")
    _show_answer(case.note.opening)
    for index, record in enumerate(case.candidates, 1):
        state = " (retired)" if record.state == "retired" else ""
        click.echo(
            f"  {index}    {_compared(record.question, case.note.question)}  [{record.guid}{state}]"
        )
        _show_answer(_compared(record.opening, case.note.opening))
    click.echo("  n    a new card\n  s    skip      q  quit")


def _show_answer(text: str) -> None:
    if text:
        click.echo(f"         {text}")


def _compared(old: str, new: str) -> str:
    """An old text with the words that the new one does not have marked."""
    words: Sequence[str] = re.findall(r"\S+|\s+", old)
    matcher = difflib.SequenceMatcher(None, words, re.findall(r"\S+|\s+", new), autojunk=False)
    pieces = []
    for kind, first, last, _, _ in matcher.get_opcodes():
        text = "".join(words[first:last])
        pieces.append(text if kind == "equal" else click.style(text, fg="yellow", underline=True))
    return "".join(pieces)
