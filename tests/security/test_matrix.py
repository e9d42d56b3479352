"""Every command meets every attack that concerns it, as a real process, and obeys the laws.

README.md in this folder says how to run one cell.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from security.arena import Arena, Listener, build_arena, remove
from security.attack import Attack
from security.commands import Row
from security.laws import breaches
from security.running import command_of, outcome_of
from security.table import CELLS, EVERYDAY

ALL = "ANKIPRESS_ALL_ATTACKS"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="its pipes, names and limits are those of Linux"
)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """An arena in which nothing is hostile, at the place where each cell has its own copy."""
    arena = Arena(tmp_path_factory.mktemp("security") / "arena", Listener())
    build_arena(arena)
    arena.top.rename(arena.top.with_name("pristine"))
    yield arena
    remove(arena.top)


@pytest.fixture
def new_arena(pristine: Arena) -> Callable[[Attack], Arena]:
    """Makes an arena in which an attack can be built."""

    def make(attack: Attack) -> Arena:
        remove(pristine.top)
        shutil.copytree(pristine.top.with_name("pristine"), pristine.top, symlinks=True)
        arena = replace(pristine, folder=attack.folder, is_trusted=attack.is_trusted)
        pristine.project.rename(arena.project)
        return arena

    return make


@pytest.mark.parametrize(
    ("attack", "row"),
    [
        pytest.param(attack, row, id=f"{attack.family}: {attack.name} / {row.line}")
        for attack, row in (CELLS if ALL in os.environ else EVERYDAY)
    ],
)
def test_an_attack_meets_a_command(
    attack: Attack, row: Row, new_arena: Callable[[Attack], Arena]
) -> None:
    if row.command == "verify":
        pytest.importorskip("anki.collection", reason="VERIFY MET NO ATTACK: pip install anki")
    arena = new_arena(attack)
    attack.build(arena)
    if (arena.project / ".git" / "HEAD").is_file() and attack.family != "git":
        arena.commit()
    if row.prepare:
        row.prepare(arena)
    outcome = outcome_of(arena, row, command_of(arena, row), attack.malformed)
    found = breaches(outcome, attack.names_for(row.line))
    if found:
        said = "\n".join(each.decode(errors="replace") for each in (outcome.stdout, outcome.stderr))
        pytest.fail("\n".join([*found, "It said:", repr(said[-3000:])]), pytrace=False)
