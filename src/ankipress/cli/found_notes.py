"""What `ankipress init` says of notes that a folder holds already, and what it asks."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from ankipress.build.existing_notes import (
    ANY,
    ExistingNotes,
    FoundDeck,
    existing_notes,
    found_deck,
    is_readme,
)
from ankipress.build.file_reading import name_of_reading
from ankipress.build.notes_description import description
from ankipress.cli.printing import can_ask, confirm, echo
from ankipress.cli.progress import waiting
from ankipress.cli.saying import say
from ankipress.diagnostics import counted
from ankipress.identity.ids import make_uid
from ankipress.model import FileReading
from ankipress.project.location import SETTINGS
from ankipress.project.reading import to_name
from ankipress.project.settings import MOST_PATTERNS
from ankipress.project.starter_files import starter_files


class NoDeckError(Exception):
    """Nothing may be written: a problem was said, or somebody said no. Holds the exit status."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


def deck_in(
    folder: Path,
    asked: FileReading | None,
    *,
    agrees: bool,
    patterns: Sequence[str] = ANY,
) -> FoundDeck | None:
    """The deck that the notes of a folder make, all or those of some patterns, once somebody
    agreed; None where there are none.

    What `asked` says of their shape is not doubted. Raises NoDeckError.
    """
    with waiting("Looking at the files", is_long=True):
        notes = existing_notes(folder, patterns)
    if asked is not None:
        return _as_asked(notes, asked)
    best = notes.likeliest
    if best is None:
        _refuse_no_notes(notes)
        return None
    deck = found_deck(notes, best)
    _show(notes, deck)
    if not notes.is_sure:
        _confirm_unsure(notes, deck)
    elif not agrees:
        _confirm(deck)
    return deck


def settings_text(folder: Path, found: FoundDeck) -> str:
    """The settings of the deck that the notes of a folder make."""
    name = to_name(folder.resolve().name)
    uid = make_uid(name, secrets.token_hex(16))
    text = dict(starter_files(name, uid))[SETTINGS].decode()
    return text + "".join(f"{line}\n" for line in found.settings())


def _refuse_no_notes(notes: ExistingNotes) -> None:
    """Say that files hold no questions, unless they only describe the folder."""
    files = [each.path for each in notes.copies.kept if not is_readme(each.path)]
    files += notes.unread
    if not files:
        return
    message = f"{counted(len(files), 'file')} here, and nothing in them looks like questions"
    help = (
        "say what asks, such as `ankipress init --shape numbered`, or write cards.md;"
        " `ankipress init my-deck` starts a deck in a folder of its own"
    )
    raise NoDeckError(say("no-cards", message, help))


def _as_asked(notes: ExistingNotes, asked: FileReading) -> FoundDeck:
    candidate = notes.in_shape(asked)
    if candidate:
        deck = found_deck(notes, candidate)
        _show(notes, deck)
        return deck
    message = f"the files here hold no cards as {name_of_reading(asked)}"
    raise NoDeckError(say("no-cards", message, "`ankipress init` says what they hold"))


def _show(notes: ExistingNotes, deck: FoundDeck) -> None:
    """Say what was found. Raises NoDeckError where settings cannot name its files."""
    for line in description(notes, deck):
        echo(line)
    if len(deck.sources) > MOST_PATTERNS:
        message = f"{counted(deck.files, 'file')} with cards are mixed with as many others"
        help = "move them into a folder of their own, and start the deck there"
        raise NoDeckError(say("unclear-shape", message, help))


def _confirm(deck: FoundDeck) -> None:
    if not can_ask():
        message = f"{counted(deck.cards, 'card')} were found, and nobody was asked about them"
        raise NoDeckError(say("unclear-shape", message, "`--yes` agrees to it"))
    if not confirm("Make a deck of them?"):
        raise NoDeckError(1)


def _confirm_unsure(notes: ExistingNotes, deck: FoundDeck) -> None:
    ways = ", ".join(
        f"`--shape {_option(each.reading)}` ({counted(each.cards, 'card')})" for each in notes.ways
    )
    if not can_ask():
        message = "it is not sure that these are the questions of these files"
        raise NoDeckError(say("unclear-shape", message, f"say what asks: {ways}"))
    echo(f"This is not sure. Other ways to read them: {ways}")
    if not confirm(f"Are these {deck.cards} the questions?"):
        raise NoDeckError(1)


def _option(reading: FileReading) -> str:
    """What `--shape` takes for a way to read files."""
    if reading.shape == "headings":
        return f"headings:{reading.card_level}"
    return reading.shape
