"""A command of the table in `writing.py` that is killed, and what must hold whenever it is."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from killing import DRIVER, NEVER
from writing import Place, State, Writing, is_temporary, prepared

_STOPPED = {130: "ankipress: interrupted\n", 143: "ankipress: terminated\n"}
_STEPS = 4  # of the ways out that messages name, one after another
_GONE = 10.0  # seconds until all processes of a command have ended


@dataclass(frozen=True)
class Kill:
    """What a kill did: how the command ended, how far it had come, and what it left."""

    status: int
    wrote: str
    leftovers: Sequence[str]
    ways_out: Sequence[str]


class KilledWriting:
    """A command of the table, with its project before it and after all that it writes."""

    def __init__(self, writing: Writing, folder: Path, shared: Path) -> None:
        self.writing = writing
        self._victim = folder / "victim"
        self._start = prepared([writing], folder / "start", shared)
        self.words = writing.words(self._start)
        self.before = self._start.state()
        self._halves = [self._after(words) for words in writing.halves(self._start)]
        whole = self._start.copy_to(self._victim)
        begin = time.monotonic()
        done = ended(driven(whole, self.words, NEVER, 0))
        self.seconds = time.monotonic() - begin
        """How long a whole run takes."""
        assert done.returncode == 0, done.stderr
        self.after = whole.state()
        assert self.after != self.before, "the command has nothing to write"
        assert whole.leftovers() == []
        self.moments, self.firsts, self.begins = moments_in(done.stderr)

    def _after(self, words: Sequence[str]) -> State:
        place = self._start.copy_to(self._victim)
        place.run(words)
        return place.state()

    def spread(self, number: int) -> list[int]:
        """Some moments: a quarter before anything is written, and then half of them when a line
        runs first, and a quarter spread over all.
        """
        early = [each for each in self.firsts if each < self.begins]
        late = [each for each in self.firsts if each >= self.begins]
        quarter = number // 4
        moments = [*_some(early, quarter), *_some(late, number // 2)]
        every = range(self.begins, self.moments + 1)
        return sorted([*moments, *_some(every, number - len(moments))])

    def kill_at(self, moment: int, number: signal.Signals) -> Kill:
        """Run the command, send it a signal at a moment, and look at what is left."""
        place = self._start.copy_to(self._victim)
        return self._look(place, ended(driven(place, self.words, moment, number)))

    def kill_after(self, seconds: float, number: signal.Signals, *, alone: bool) -> Kill:
        """The same after some time. The signal goes to the command alone, or also to the programs
        that it runs, as from a terminal.
        """
        place = self._start.copy_to(self._victim)
        process = started(place, ["-m", "ankipress", *self.words])
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            if alone:
                process.send_signal(number)
            else:
                os.killpg(process.pid, number)
        return self._look(place, ended(process))

    def _look(self, place: Place, done: subprocess.CompletedProcess[str]) -> Kill:
        now = place.state()
        leftovers = place.leftovers()
        self._check(now, done)
        if done.returncode in _STOPPED:
            assert leftovers == [], leftovers
            assert done.stderr.endswith(_STOPPED[done.returncode]), done.stderr
            assert "Traceback" not in done.stderr
        ways_out = self._finish(place)
        return Kill(done.returncode, self._how_much(now), leftovers, ways_out)

    def _how_much(self, now: State) -> str:
        """How far a command has come."""
        finished = State(
            {name: content for name, content in now.files.items() if not is_temporary(name)},
            now.refs,
            now.index,
        )
        if finished == self.before:
            return "nothing"
        return "all" if finished == self.after else "a part"

    def _check(self, now: State, done: subprocess.CompletedProcess[str]) -> None:
        """Each file is as before or complete, and so are branches and tags."""
        allowed = [self.before, self.after, *self._halves]
        if self.writing.is_all_or_nothing and done.returncode in _STOPPED:
            differences = [now.difference(each) for each in allowed]
            assert "" in differences, differences
        names = {*now.files, *self.before.files, *self.after.files}
        for name in names:
            if not is_temporary(name) and not _is_moved(name, now, self.before):
                assert any(not now.differs(each, name) for each in allowed), name
        if now.refs is None:
            return
        assert self.before.refs is not None
        assert self.after.refs is not None
        for name in {*now.refs, *self.before.refs, *self.after.refs}:
            ref = now.refs.get(name)
            assert ref in {self.before.refs.get(name), self.after.refs.get(name)}, name
        if now.refs.keys() == self.after.refs.keys() != self.before.refs.keys():
            assert now.refs == self.after.refs, "a tag of a release that is not there"

    def _finish(self, place: Place) -> Sequence[str]:
        """Run the command again, and do what its message names, until all is written."""
        ways_out: list[str] = []
        done = place.run(self.words)
        while place.state() != self.after:
            assert done.returncode, f"it differs in {place.state().difference(self.after)}"
            assert len(ways_out) < _STEPS, done.stderr
            ways_out.append(_follow(done.stderr, place))
            if place.state() != self.after:
                done = place.run(self.words)
        assert place.leftovers() == []
        return ways_out


def moments_in(text: str) -> tuple[int, Sequence[int], int]:
    """What the driver says of a whole run: how many moments it has, at which of them a line runs
    first, and at which one writing begins.
    """
    found = re.search(r"moments: (\d+)\nfirsts: ([\d ]+)\nbegins: (\d+)", text)
    assert found, text
    return int(found[1]), [*map(int, found[2].split())], int(found[3])


def _some(moments: Sequence[int], number: int) -> list[int]:
    """So many of the moments, from the first to the last."""
    last = len(moments) - 1
    return [moments[index * last // max(1, number - 1)] for index in range(number)]


def _is_moved(name: str, now: State, before: State) -> bool:
    """Whether a file is in a temporary folder for now: a folder is replaced by two renames."""
    if name in now.files or name not in before.files:
        return False
    end = name.rpartition("site/")[2]
    return any(
        is_temporary(path) and path.endswith(f"/old/{end}") and content == before.files[name]
        for path, content in now.files.items()
    )


def _follow(message: str, place: Place) -> str:
    """Do what a message says, and give what that was."""
    if found := re.search(r"Unable to create '([^']*\.lock)': File exists", message):
        (place.project / found[1]).unlink()
        return "remove the lock of git"
    found = re.search("`(git [^`]*)`", message)
    assert found, message
    done = place.program(shlex.split(found[1]))
    assert done.returncode == 0, done.stderr
    return " ".join(found[1].split()[:2])


def driven(place: Place, words: Sequence[str], moment: int, number: int) -> subprocess.Popen[str]:
    """A command that a signal hits at a moment, started."""
    return started(place, [str(DRIVER), str(moment), str(int(number)), *words])


def started(place: Place, words: Sequence[str]) -> subprocess.Popen[str]:
    """Python in the project, with a group of processes of its own."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=place.project,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        # A shell starts what runs in the background with interruptions ignored, and children
        # inherit that. No thread is started here.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """The command when it has ended, and with it the programs that it ran."""
    out, err = process.communicate(timeout=120)
    end = time.monotonic() + _GONE
    while _is_running(process.pid) and time.monotonic() < end:
        time.sleep(0.02)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _is_running(group: int) -> bool:
    """Whether a process of a group is there."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
