"""The matrix is whole: every command is attacked, and the document says by what."""

from __future__ import annotations

from collections import Counter

import pytest

from ankipress.cli.main import COMMANDS
from security.commands import COMING, ROWS
from security.document import PAGE, section, section_in
from security.table import ATTACKS, CELLS, EVERYDAY, FAMILIES

FEWEST = 3
"""Attacks that a form of a command meets at least."""


def test_every_command_is_a_row() -> None:
    rows = {row.command for row in ROWS}
    assert set(COMMANDS) - rows == set(), "add them to ROWS in tests/security/commands.py"
    assert rows - set(COMMANDS) <= COMING


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.line)
def test_every_row_is_attacked(row: object) -> None:
    attacks = [attack for attack in ATTACKS if getattr(row, "line", "") in attack.rows]
    assert len(attacks) > FEWEST


def test_there_are_many_cells_and_each_is_another_one() -> None:
    assert len(CELLS) >= 150
    names = Counter(f"{attack.family}: {attack.name} / {row.line}" for attack, row in CELLS)
    assert [name for name, number in names.items() if number > 1] == []


def test_every_run_tries_each_attack_and_each_command() -> None:
    assert len(EVERYDAY) >= 180
    assert {attack.name for attack, _ in EVERYDAY} == {attack.name for attack in ATTACKS}
    assert {row.command for _, row in EVERYDAY} == {row.command for _, row in CELLS}


def test_every_family_that_the_model_names_is_there() -> None:
    families = {family.name for family in FAMILIES}
    assert families >= set("settings lock tombstones package git links terminal web".split())


def test_an_attack_notices_only_commands_that_it_meets() -> None:
    idle = {
        attack.name
        for attack in ATTACKS
        if attack.noticed_by and not set(attack.noticed_by) & set(attack.rows)
    }
    assert idle == set()


def test_the_document_lists_the_attacks_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert section_in(page).strip() == section().strip(), (
        "`python tests/security/document.py` writes the section anew"
    )
