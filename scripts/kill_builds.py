"""Kill `ankipress build` at many moments and look at what is left: `python scripts/kill_builds.py
--kills 300`.

Half of the kills hit a line of the modules that write, spread over all such lines; half come after
some time, spread over a build. Between them the cards are edited and the clock jumps. After each
kill, the lock and the package must be complete and agree, and the next build must succeed and leave
nothing behind. Exit status 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from killing import State, Victim, moments


def main() -> int:
    """Kill, look, and count."""
    parser = argparse.ArgumentParser(description="Kill builds and look at what is left.")
    parser.add_argument(
        "--kills",
        type=int,
        default=300,
        help="with SIGKILL; a third as many each with SIGINT and SIGTERM",
    )
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    for number, kills in (
        (signal.SIGKILL, arguments.kills),
        (signal.SIGINT, arguments.kills // 3),
        (signal.SIGTERM, arguments.kills // 3),
    ):
        with tempfile.TemporaryDirectory(prefix="ankipress-kills-") as folder:
            chance = random.Random(arguments.seed)  # noqa: S311 - no secret
            counts += _kill(Victim(Path(folder) / "project", chance), number, kills)
            for what, count in sorted(counts.items()):
                print(f"{count:5}  {what}", flush=True)
            counts.clear()
    return 0


def _kill(victim: Victim, number: signal.Signals, kills: int) -> Counter[str]:
    """Kill builds of one project, half of them at lines, half after some time."""
    counts: Counter[str] = Counter()
    last = moments(victim)
    start = time.monotonic()
    victim.build_for(0.0, 0)  # a signal of 0 is none: a full build, for its time
    duration = time.monotonic() - start
    half = kills // 2
    for index in range(kills):
        victim.edit()
        before = victim.state()
        if index < half:
            done = victim.build_until(1 + index * (last - 1) // max(1, half - 1), number)
        else:
            done = victim.build_for(
                duration * 1.1 * (index - half) / max(1, kills - half - 1), number
            )
        now = victim.check(before)
        counts[f"{number.name}: {_what_happened(before, now)}"] += 1
        counts[f"{number.name}: with files left beside the final ones"] += bool(victim.leftovers())
        counts[f"{number.name}: exit status {done.returncode}"] += 1
        if done.returncode in {130, 143}:
            assert done.stderr.count("\n") == 1, done.stderr
            assert not victim.leftovers()
        victim.check_after_a_whole_build(now)
        counts[f"{number.name}: all"] += 1
    return counts


def _what_happened(before: State, now: State) -> str:
    """How far a build got."""
    if now.lock == before.lock:
        return "nothing written yet"
    return (
        "the lock written, not yet the package" if now.package == before.package else "all written"
    )


if __name__ == "__main__":
    sys.exit(main())
