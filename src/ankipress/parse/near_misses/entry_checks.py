"""The checks for near misses, each of which reads the trees of an entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.parse.near_misses.bars_in_formulas import bars_in_formulas
from ankipress.parse.near_misses.foreign_markup import foreign_markup
from ankipress.parse.near_misses.near_deletions import near_deletions
from ankipress.parse.near_misses.near_formulas import near_formulas
from ankipress.parse.near_misses.near_headings import near_headings
from ankipress.parse.near_misses.near_media import near_media
from ankipress.syntax.entry_trees import EntryTrees

Check = Callable[[EntryTrees], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    bars_in_formulas,
    foreign_markup,
    near_deletions,
    near_formulas,
    near_headings,
    near_media,
)


def near_misses(trees: EntryTrees) -> Iterator[Diagnostic]:
    """What is nearly right in an entry, with its places from the first line of its section."""
    for check in CHECKS:
        yield from check(trees)
