"""No attack at all: the laws must hold for every command in a project that is meant well."""

from __future__ import annotations

from security.arena import Arena
from security.attack import Family
from security.commands import ROWS

HARMLESS = Family("none", tuple(row.line for row in ROWS))


@HARMLESS.attack("no attack")
def _nothing(arena: Arena) -> None:
    """The project is as its author meant it."""
