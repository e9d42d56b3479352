"""`ankipress ids`: resolve what matching could not decide, and write explicit ids."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import click

from ankipress.build.identities import CannotSettleError, Identities, OtherNoteTypeError
from ankipress.cli.diagnostics_text import as_text, show
from ankipress.cli.main import OK, PROBLEMS, examples, paths_argument
from ankipress.cli.printing import OwnText, ask, can_ask, echo, joined, style
from ankipress.cli.saying import say
from ankipress.diagnostics import counted, has_errors
from ankipress.identity.unresolved import question_of
from ankipress.model import State, UnresolvedMatch
from ankipress.project.location import shown_path
from ankipress.project.places import command_line, note_at, place, with_commands
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace

_EXAMPLES = examples(
    "ankipress ids                                        # list the unresolved matches, and ask",
    "ankipress ids --same cards.md:12=kmlbxxvh3m2tr5vf     # it is that note, edited",
    "ankipress ids --new cards.md:12                      # it is a new one",
    "ankipress ids --resolve 'cards.md:12=new'            # several in one text, as from a form",
    "ankipress ids --write                                # {#an-id} at the end of every heading"
    " and first cell",
)
_NEW = "new"  # in place of a guid, which is longer

Decision = tuple[str, str]
"""A line and a guid, or `new`."""


def _read_decisions(
    _context: click.Context,
    parameter: click.Parameter,
    values: tuple[str, ...],
) -> list[Decision]:
    """The decisions that an option holds, with `;` between several."""
    decisions = []
    for piece in ";".join(values).split(";"):
        line, _, guid = piece.strip().rpartition("=")
        if line and guid:
            decisions.append((line, guid))
        elif piece.strip():
            raise click.BadParameter(
                f"{parameter.opts[0]} takes LINE=GUID or LINE=new,"
                f" such as cards.md:12=kmlbxxvh3m2tr5vf, not {piece!r}"
            )
    return decisions


@click.command("ids", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "--same",
    callback=_read_decisions,
    multiple=True,
    metavar="LINE=GUID",
    help="The card on this line is the note of this guid.",
)
@click.option("--new", multiple=True, metavar="LINE", help="The card on this line is a new note.")
@click.option(
    "--resolve",
    callback=_read_decisions,
    multiple=True,
    metavar="TEXT",
    help="LINE=GUID or LINE=new, with ; between several.",
)
@click.option(
    "--accept-likely", is_flag=True, help="Take the likeliest note for every unresolved match."
)
@click.option(
    "--write",
    is_flag=True,
    help="Write an explicit id after the question, or into the first cell or term of the row, of"
    " every card that has none.",
)
def command(
    paths: tuple[Path, ...],
    same: list[Decision],
    new: tuple[str, ...],
    resolve: list[Decision],
    accept_likely: bool,
    write: bool,
) -> int:
    """Settle which card is which where ankipress cannot tell, and write explicit ids.

    A card that was edited so much that it could be another one is an unresolved match. Say whether
    it is the same card, which keeps every review, or a new one. What you say is written into the
    lock, and never asked again.
    """
    identities = Identities(read_workspace(paths))
    if has_errors(identities.problems):
        show(identities.problems, identities.workspace)
        return PROBLEMS
    decisions = [*same, *((line, _NEW) for line in new), *resolve]
    for line, guid in decisions:
        _decide(identities, line, guid)
    while accept_likely and identities.unresolved:
        case = identities.unresolved[0]
        identities.resolve(case, case.most_likely)
    is_told = decisions or accept_likely or write
    if not is_told and can_ask():
        _ask_all(identities)
    return _finish(identities, write=write)


def _decide(
    identities: Identities,
    line: str,
    guid: str,
) -> None:
    """The card on a line is the note of a guid, or a new one."""
    workspace = identities.workspace
    note = note_at(line, identities.assignment.notes, workspace)
    try:
        if guid == _NEW:
            identities.take_as_new(note)
        else:
            identities.take_as_same(note, guid)
    except OtherNoteTypeError as error:
        new = command_line("ids", "--new", line, workspace=workspace)
        raise click.UsageError(f"{error} ({new})") from None
    except CannotSettleError as error:
        raise click.UsageError(str(error)) from None


def _finish(identities: Identities, *, write: bool) -> int:
    """Say what was done and what is left, write ids where wanted, and give the exit status."""
    workspace = identities.workspace
    if identities.decisions:
        echo(f"{identities.decisions} settled in {shown_path(workspace.lock_path)}")
    if identities.unresolved:
        problems = [
            each for each in identities.assignment.diagnostics if each.code == "ambiguous-identity"
        ]
        problems = with_commands(problems, identities.unresolved, workspace)
        echo(as_text(problems, workspace))
        return PROBLEMS
    if write:
        echo(f"{counted(identities.write_ids(), 'id')} written")
        return _say_notebooks(identities)
    if not identities.decisions:
        echo("no unresolved matches")
    return OK


def _say_notebooks(identities: Identities) -> int:
    """Say in which notebooks ids are missing, and give the exit status."""
    paths = identities.notebooks_without_ids()
    if not paths:
        return OK
    names = ", ".join(map(identities.workspace.display, paths))
    help = "write {#an-id} at the end of each heading in Jupyter"
    return say("cannot-write", f"ids are written into no notebook: {names}", help)


def _ask_all(identities: Identities) -> None:
    """Ask for one match after another. A decision can resolve others too, so what is left is looked
    up each time.
    """
    skipped: set[str] = set()
    while cases := [case for case in identities.unresolved if case.note.guid not in skipped]:
        case = cases[0]
        _show_case(identities.workspace, case, len(cases))
        numbers = [str(number) for number in range(1, len(case.candidates) + 1)]
        match ask("Which is it?", [*numbers, "n", "s", "q"]):
            case "q":
                return
            case "s":
                skipped.add(case.note.guid)
            case "n":
                identities.resolve(case, None)
            case number:
                identities.resolve(case, case.candidates[int(number) - 1])


def _show_case(
    workspace: Workspace,
    case: UnresolvedMatch,
    number: int,
) -> None:
    note = case.note
    echo()
    echo(style(place(note, workspace), bold=True), f"  ({number} unresolved)")
    echo(question_of(case))
    echo(f"  now  {note.question}")
    _show_answer(note.opening)
    for index, record in enumerate(case.candidates, 1):
        state = ""
        if record.state is State.RETIRED:
            state = " (retired)"
        question = _marked(record.question, note.question)
        echo(f"  {index}    ", question, f"  [{record.guid}{state}]")
        _show_answer(_marked(record.opening, note.opening))
    echo("  n    a new card")
    echo("  s    skip      q  quit")


def _show_answer(text: str) -> None:
    if text:
        echo("         ", text)


def _marked(old: str, new: str) -> OwnText:
    """An old text, in which the words are marked that the new one does not have."""
    old_words = re.findall(r"\S+|\s+", old)
    new_words = re.findall(r"\S+|\s+", new)
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    pieces = []
    for operation, first, last, _, _ in matcher.get_opcodes():
        text = "".join(old_words[first:last])
        if operation != "equal":
            text = style(text, fg="yellow", underline=True)
        pieces.append(text)
    return joined(pieces)
