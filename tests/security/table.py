"""The table of all attacks, and the cells of the matrix that it makes with the commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from ankipress.cli.main import COMMANDS
from security.attack import Attack
from security.commands import ROWS, Row
from security.git_attacks import GIT
from security.harmless import HARMLESS
from security.link_attacks import LINKS
from security.lock_attacks import LOCK
from security.notebook_attacks import NOTEBOOKS
from security.package_attacks import PACKAGE
from security.settings_attacks import SETTINGS
from security.shape_attacks import SHAPES
from security.terminal_attacks import TERMINAL
from security.tombstone_attacks import TOMBSTONES
from security.web_attacks import WEB

FAMILIES = (
    *(HARMLESS, SETTINGS, LOCK, TOMBSTONES, PACKAGE, GIT, LINKS, TERMINAL, WEB, NOTEBOOKS),
    SHAPES,
)
ATTACKS = tuple(attack for family in FAMILIES for attack in family.attacks)
ROWS_BY_LINE = {row.line: row for row in ROWS}
CELLS: tuple[tuple[Attack, Row], ...] = tuple(
    (attack, ROWS_BY_LINE[line])
    for attack in ATTACKS
    for line in attack.rows
    if ROWS_BY_LINE[line].command in COMMANDS
)
"""Each attack with each command that meets it. Commands that are not there yet have none."""

_LARGEST = 10  # attacks of a family of so many meet one command in every run, others two


def _everyday() -> Iterator[tuple[Attack, Row]]:
    """Each attack with a command or two: those that met the fewest attacks so far."""
    met: Counter[str] = Counter()
    sizes = Counter(attack.family for attack in ATTACKS)
    for attack, group in groupby(CELLS, key=lambda cell: cell[0]):
        rows = [row for _, row in group]
        rows.sort(key=lambda row: met[row.line])
        wanted = 1 if sizes[attack.family] > _LARGEST else 2
        for row in rows[:wanted]:
            met[row.line] += 1
            yield attack, row


EVERYDAY = tuple(_everyday())
"""The cells that every run of the tests tries; `make attacks` tries all."""
