"""The cards of a note in a vault, as the plug-ins of Obsidian and Logseq would find them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ankipress.parse.shapes.card_tags import read_card_tags
from ankipress.parse.shapes.logseq_blocks import read_logseq_blocks
from ankipress.parse.shapes.pieces import section_of
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.parse.shapes.spaced_lines import read_spaced_lines
from ankipress.parse.shapes.started_notes import read_started_notes
from ankipress.parse.shapes.vault_notes import VaultNote, VaultReader

# A line belongs to the first of them that takes it.
_READERS: Sequence[VaultReader] = (
    read_started_notes,
    read_logseq_blocks,
    read_card_tags,
    read_spaced_lines,
)


def read_vault_cards(file: ShapedFile) -> Iterator[FoundSection]:
    """The cards of all plug-ins in the order of the file."""
    notes: list[VaultNote] = []
    taken: set[int] = set()
    for reader in _READERS:
        found = list(reader(file, frozenset(taken)))
        notes += found
        for note in found:
            taken.update(note.lines)
    notes.sort(key=lambda each: each.card.line)
    for note in notes:
        yield section_of(file, note.card)
