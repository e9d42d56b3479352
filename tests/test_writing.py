"""Every command that writes is killed, and meets every other one: `make kills` and `make pairs` do
more of it. What is killed leaves nothing half done, and of two at once each does all or nothing.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import ankipress
from ankipress.cli.main import COMMANDS
from killed_command import WRITERS
from killed_writing import KilledWriting
from pairs import Pair, all_pairs
from writing import WRITES_NEW_FOLDERS, WRITES_NOTHING, WRITING, Writing, prepared

pytestmark = [
    pytest.mark.skipif(
        sys.platform == "win32", reason="signals are those of POSIX: NOT tested on Windows"
    ),
    pytest.mark.skipif(shutil.which("git") is None, reason="NOTHING IS KILLED: there is no git"),
]
SOURCES = Path(ankipress.__file__).parent
WRITES = re.compile(
    r"\b(?:os\.(?:replace|rename|unlink|remove)|\w\.(?:write_bytes|write_text|unlink|rename)"
    r"|tempfile\.mkstemp|run_git)\("
)
READS_ONLY = frozenset(
    {
        *("cli/failures.py", "project/lock_history.py", "project/github.py"),
        *("preview/serve/session.py", "project/repository_programs.py"),
    }
)
"""Modules that write outside of projects, or ask git and change nothing."""
NAMES = [each.name for each in WRITING]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the deck that all projects begin as."""
    return tmp_path_factory.mktemp("writing")


def test_every_command_is_in_the_table_or_writes_nothing() -> None:
    writing = {each.command for each in WRITING}
    assert writing | WRITES_NOTHING | WRITES_NEW_FOLDERS == set(COMMANDS)
    assert writing & WRITES_NOTHING == set()


def test_every_module_that_writes_is_watched() -> None:
    paths = {path.relative_to(SOURCES).as_posix(): path for path in SOURCES.rglob("*.py")}
    assert paths.keys() >= set(WRITERS)
    writing = {name for name, path in paths.items() if WRITES.search(path.read_text("utf-8"))}
    assert writing - set(WRITERS) - READS_ONLY == set()


@pytest.mark.parametrize(
    "words",
    [
        *(["list"], ["diff", "v1.0.0"], ["explain", "bad-lock"], ["check"], ["ids"]),
        *(["build", "--locked"], ["check", "--diff"], ["release", "--dry-run"]),
        ["recover", "--dry-run", "../learned.apkg"],
    ],
    ids=" ".join,
)
def test_what_writes_nothing_changes_nothing(
    words: Sequence[str], tmp_path: Path, shared: Path
) -> None:
    place = prepared([each for each in WRITING if not each.is_new], tmp_path / "place", shared)
    before = place.state()
    done = place.run(words)
    assert done.returncode in {0, 1}, done.stderr
    assert (place.state(), place.leftovers()) == (before, [])


@pytest.mark.parametrize("writing", WRITING, ids=NAMES)
def test_a_killed_command_leaves_nothing_half_done(
    writing: Writing, tmp_path: Path, shared: Path
) -> None:
    """A few of the kills of scripts/kill_commands.py."""
    killed = KilledWriting(writing, tmp_path, shared)
    late = [each for each in killed.firsts if each >= killed.begins]
    two_thirds = late[-len(late) // 3]
    assert killed.kill_at(two_thirds, signal.SIGKILL).status == -signal.SIGKILL
    assert killed.kill_at(killed.begins + 3, signal.SIGINT).status == 130
    assert killed.kill_at(late[len(late) // 2], signal.SIGTERM).status == 143


def test_a_killed_release_leaves_no_checkout(tmp_path: Path, shared: Path) -> None:
    """At a line at which the last release is checked out in a folder for temporary files."""
    [release] = [each for each in WRITING if each.name == "release"]
    killed = KilledWriting(release, tmp_path, shared)
    assert killed.kill_at(killed.begins + 100, signal.SIGKILL).leftovers


BEGINS_RELEASE = """
import subprocess, sys
from ankipress.cli.main import run
from ankipress.release.unfinished import Unfinished

begin = Unfinished.begin

def meanwhile(self, repository):
    subprocess.run([sys.executable, "-m", "ankipress", *sys.argv[1:]])
    return begin(self, repository)

Unfinished.begin = meanwhile
sys.exit(run(["release"]))
"""


@pytest.mark.parametrize(
    "words", [["build"], ["ids", "--write"], ["release"]], ids=["build", "ids", "release"]
)
def test_a_release_refuses_what_changed_since_it_was_planned(
    words: Sequence[str], tmp_path: Path, shared: Path
) -> None:
    names = {" ".join(words), "release"}
    place = prepared([each for each in WRITING if each.name in names], tmp_path / "place", shared)
    alone = place.copy_to(tmp_path / "alone")
    alone.run(words)
    done = place.program([sys.executable, "-c", BEGINS_RELEASE, *words])
    # Another release does not begin, and this one is made.
    assert done.returncode == int(words != ["release"])
    assert place.state() == alone.state(), place.state().difference(alone.state())


OTHERS = ({"build", "init"}, {"build", "ids --write"}, {"build", "check --fix"})
PAIRS = [
    pair for pair in all_pairs() if pair[0] is pair[1] or {each.name for each in pair} in OTHERS
]
"""A few of the pairs of scripts/pair_commands.py."""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: " and ".join(each.name for each in pair))
def test_two_commands_at_once_are_one_after_the_other(
    pair: tuple[Writing, Writing], tmp_path: Path, shared: Path
) -> None:
    met = Pair(*pair, tmp_path, shared)
    met.meet(random.Random(), stops=True)
