"""Advice on a deck that is edited: what was read in a card, and found in it alone, is kept as long
as its text is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, in_order
from ankipress.lint.card_text import Card, Reading, read_card
from ankipress.lint.checks import CHECKS, OF_ONE
from ankipress.model import Entry, Source


class NotWantedError(Exception):
    """Nobody waits for the advice any more."""


class _Known(NamedTuple):
    """A card with what was found in it alone, at the places that they had."""

    card: Card
    found: tuple[Diagnostic, ...]


class Memory:
    """Advises on one project again and again, as `read_cards` and `advise` would.

    `is_wanted` is asked between cards and between checks. Where it says no, NotWantedError is
    raised, and what is known by then stays known.
    """

    def __init__(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        self.is_wanted = is_wanted
        self._known: dict[object, _Known] = {}
        self._found: tuple[Diagnostic, ...] = ()

    def read_cards(self, entries: Sequence[Entry], sources: Sequence[Source]) -> tuple[Card, ...]:
        """The cards of some entries, which stand in these sources."""
        lines = {source.path: source.text.split("\n") for source in sources}
        now: dict[object, _Known] = {}
        read = []
        for entry in entries:
            self._ask()
            own = lines.get(entry.path, ())
            name = _name(entry, own)
            known = _moved(self._known.get(name), entry, own) or _read(entry, own)
            now[name] = self._known[name] = known
            read.append(known)
        self._known = now  # what is not in the deck any more is forgotten
        self._found = tuple(each for known in read for each in known.found)
        return tuple(known.card for known in read)

    def advise(self, reading: Reading) -> tuple[Diagnostic, ...]:
        """What all checks say of the cards that were read last, by place."""
        found = set(self._found)
        for code in CHECKS.keys() - OF_ONE:
            self._ask()
            found.update(CHECKS[code](reading))
        return in_order(found)

    def _ask(self) -> None:
        if not self.is_wanted():
            raise NotWantedError


def _name(entry: Entry, lines: Sequence[str]) -> object:
    """All of a card that is written, wherever it stands in its file."""
    first = entry.location.line
    last = max((part.line + part.text.count("\n") for part in entry.parts.values()), default=first)
    return (entry.path, entry.kind, entry.heading, *lines[first - 1 : last + 1])


def _read(entry: Entry, lines: Sequence[str]) -> _Known:
    card = read_card(entry, lines)
    return _Known(card, tuple(each for code in OF_ONE for each in CHECKS[code](Reading((card,)))))


def _moved(known: _Known | None, entry: Entry, lines: Sequence[str]) -> _Known | None:
    """What is known of a card, where it stands now; None where anything else about it is another."""
    if known is None:
        return None
    by = entry.location.line - known.card.entry.location.line
    if _lower(known.card.entry, by) != entry:
        return None
    blocks = known.card.blocks
    if by:
        blocks = tuple(replace(each, start=each.start + by, end=each.end + by) for each in blocks)
    found = tuple(
        replace(each, location=replace(each.location, line=each.location.line + by))
        for each in known.found
    )
    return _Known(replace(known.card, entry=entry, blocks=blocks, lines=lines), found)


def _lower(entry: Entry, lines: int) -> Entry:
    """An entry some lines further down."""
    location = replace(entry.location, line=entry.location.line + lines)
    return replace(
        entry,
        location=location,
        parts={name: replace(part, line=part.line + lines) for name, part in entry.parts.items()},
    )
