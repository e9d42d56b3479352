"""A project whose builds are killed, and what must hold of it whenever that happens."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

DRIVER = Path(__file__).with_name("killed_command.py")
NEVER = 10**9


@dataclass(frozen=True, slots=True)
class State:
    """What is under the final names: the lock and the package, None for one that is not there."""

    lock: bytes | None
    package: bytes | None

    @property
    def mods(self) -> Mapping[str, int]:
        """The mod of each note and note type in the lock."""
        return _mods_in_lock(self.lock)

    @property
    def packed(self) -> Mapping[str, int]:
        """The mod of each note in the package, which must be whole."""
        return _mods_in_package(self.package)


class Victim:
    """A project of some cards, edited between builds. Chance and clock are arguments: the clock may
    jump back.
    """

    def __init__(self, folder: Path, chance: random.Random, cards: int = 30) -> None:
        self.folder, self.chance = folder, chance
        self.highest: dict[str, int] = {}  # the mod that learners may have of each note
        self.cards = {number: f"Answer {number}." for number in range(cards)}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ankipress.toml").write_text(
            'name = "victim"\nversion = "1.0.0"\nuid = "victim-of-kills"\n', encoding="utf-8"
        )
        self._write()

    def edit(self) -> None:
        """Rewrite an answer, drop a card, and add one."""
        number = self.chance.choice(sorted(self.cards))
        self.cards[number] += f" And {self.chance.randrange(10**6)}."
        self.cards[max(self.cards) + 1] = "A new answer."
        del self.cards[self.chance.choice(sorted(self.cards)[:-2])]
        self._write()

    def _write(self) -> None:
        cards = (
            f"## Question {number}?\n\n{answer}\n\n"
            for number, answer in sorted(self.cards.items())
        )
        (self.folder / "cards.md").write_text("# Victim\n\n" + "".join(cards), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """An environment whose clock is anywhere in some years, and whose cache is beside the
        project.
        """
        return {
            **os.environ,
            "XDG_CACHE_HOME": str(self.folder.parent / "cache"),
            "SOURCE_DATE_EPOCH": str(self.chance.randrange(1_600_000_000, 1_800_000_000)),
        }

    def build(self) -> subprocess.CompletedProcess[str]:
        """A build that nobody kills."""
        return self.build_until(NEVER, signal.SIGTERM)

    def build_until(self, moment: int, number: int) -> subprocess.CompletedProcess[str]:
        """A build that a signal hits at a moment."""
        words = [str(DRIVER), str(moment), str(int(number)), "build"]
        return _run(words, self.folder, self.environment())

    def build_for(self, seconds: float, number: int) -> subprocess.CompletedProcess[str]:
        """A build that a signal hits after some time."""
        process = subprocess.Popen(
            [sys.executable, "-m", "ankipress", "build"],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # A shell starts what runs in the background with interruptions ignored, and children
            # inherit that.
            # No thread is started here.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        time.sleep(seconds)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def state(self) -> State:
        """What is under the final names now."""
        return State(
            _content(self.folder / "ankipress.lock"),
            _content(self.folder / "build" / "victim-1.0.0.apkg"),
        )

    def leftovers(self) -> list[str]:
        """Files that only a build in progress has."""
        return sorted(path.name for path in self.folder.rglob("*.tmp"))

    def check(self, before: State) -> State:
        """What holds of a project at any moment, whatever was killed: compared with what stood
        there before.
        """
        now = self.state()
        mods, packed = now.mods, now.packed
        assert all(mods.get(key, 0) >= mod for key, mod in before.mods.items()), (
            "a mod fell or a note was forgotten"
        )
        assert packed.keys() <= mods.keys(), "a package has a note that the lock does not know"
        assert all(packed[guid] <= mods[guid] for guid in packed), "a package is ahead of the lock"
        assert (
            now.package == before.package
            or now.lock != before.lock
            or packed == _only(mods, packed)
        )
        return now

    def check_after_a_whole_build(self, before: State) -> State:
        """What holds after the next build that nobody kills."""
        done = self.build()
        assert done.returncode == 0, done.stderr
        now = self.check(before)
        assert now.packed == _only(now.mods, now.packed), "package and lock differ"
        assert len(now.packed) == len(self.cards)
        assert self.leftovers() == []
        assert all(mod >= self.highest.get(guid, 0) for guid, mod in now.packed.items()), (
            "a mod fell that learners have"
        )
        self.highest |= now.packed
        return now


def report_and_wait(folder: str) -> str:
    """A task of a worker: it leaves the number of its process in a folder, and takes a minute."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)
    return folder


def wait_for(found: Callable[[], T]) -> T:
    """What is found in the end, or an error after a minute."""
    for _ in range(600):
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError("it never came")


def is_alive(process: int) -> bool:
    """Whether the process of a number is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _only(mods: Mapping[str, int], keys: Mapping[str, int]) -> dict[str, int]:
    return {key: mods[key] for key in keys}


def moments(victim: Victim) -> int:
    """The number of moments of a build that writes both files."""
    found = re.search(r"moments: (\d+)", victim.build().stderr)
    assert found is not None
    return int(found[1])


def _run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _mods_in_lock(lock: bytes | None) -> dict[str, int]:
    if lock is None:
        return {}
    header, *records = map(json.loads, lock.decode().splitlines())
    assert lock.endswith(b"\n")
    assert header["uid"] == "victim-of-kills"
    return {record["guid"]: record["mod"] for record in records}


def _mods_in_package(package: bytes | None) -> dict[str, int]:
    if package is None:
        return {}
    with (
        zipfile.ZipFile(io.BytesIO(package)) as archive,
        closing(sqlite3.connect(":memory:")) as connection,
    ):
        assert archive.testzip() is None
        connection.deserialize(archive.read("collection.anki2"))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return dict(connection.execute("SELECT guid, mod FROM notes"))
