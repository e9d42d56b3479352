"""Kill every command that writes, at many moments, and look at what is left: `python
scripts/kill_commands.py --kills 40`, or with the names of rows of `WRITING` in tests/writing.py.

Half of the kills hit a line of the modules that write. Half come after some time, spread over a
run, and every other one of these hits the programs that ankipress runs too. After each kill every
file must be as before or complete, and so must the commit and the tag. The command run again, or
what its message names, must lead to what an undisturbed run gives, and nothing may be left over.
Exit status 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from killed_writing import Kill, KilledWriting
from writing import WRITING, Writing

_COLUMNS = ("kills", "stopped by it", "nothing", "a part", "all", "leftovers", "ways out")


def main() -> int:
    """Kill, look, and count."""
    parser = argparse.ArgumentParser(description="Kill every command that writes.")
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help="default: all")
    parser.add_argument(
        "--kills",
        type=int,
        default=40,
        help="of each command with SIGKILL; a third as many each with SIGINT and SIGTERM",
    )
    arguments = parser.parse_args()
    broken: list[str] = []
    print("| Command |", " | ".join(_COLUMNS), "|")
    print("|---|", "|".join(["---"] * len(_COLUMNS)), "|", sep="")
    for writing in WRITING:
        if not arguments.commands or writing.name in arguments.commands:
            counts = _killed(writing, arguments.kills, broken)
            numbers = [str(counts[name]) for name in _COLUMNS]
            print(f"| {writing.name} |", " | ".join(numbers), "|", flush=True)
    for told in broken:
        print(told)
    return 1 if broken else 0


def _killed(writing: Writing, kills: int, broken: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        killed = KilledWriting(writing, Path(name), Path(name))
        for number, times in (
            (signal.SIGKILL, kills),
            (signal.SIGINT, kills // 3),
            (signal.SIGTERM, kills // 3),
        ):
            for told in _kills(killed, number, times):
                counts["kills"] += 1
                if isinstance(told, str):
                    broken.append(f"{writing.name}, {number.name}, {told}")
                    continue
                counts["stopped by it"] += told.status in {-number, 128 + number}
                counts[told.wrote] += 1
                counts["leftovers"] += bool(told.leftovers)
                counts["ways out"] += bool(told.ways_out)
    return counts


def _kills(killed: KilledWriting, number: signal.Signals, times: int) -> Iterator[Kill | str]:
    """What each kill did, or which law it broke."""
    half = times // 2
    for moment in killed.spread(half):
        try:
            yield killed.kill_at(moment, number)
        except AssertionError as error:
            yield f"at moment {moment}: {error}"
    for index in range(times - half):
        seconds = 1.1 * killed.seconds * index / max(1, times - half - 1)
        try:
            yield killed.kill_after(seconds, number, alone=index % 2 == 0)
        except AssertionError as error:
            yield f"after {seconds:.3f} s: {error}"


if __name__ == "__main__":
    sys.exit(main())
