"""Run every two commands that write at once, and look at what is left: `python
scripts/pair_commands.py --rounds 8`, or with the names of rows of `WRITING` in tests/writing.py.

In every other round one command begins a little after the other one. In the rest one is stopped at
a line of the modules that write, until the other one has ended or waits. Afterwards the project
must be as after both commands in one of the two orders, or as after one of them, and the other one
has said why not. Exit status 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from pairs import Pair, all_pairs
from writing import Writing


def main() -> int:
    """Let all pairs meet, and count how they ended."""
    parser = argparse.ArgumentParser(description="Run every two commands that write at once.")
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help="pairs of these; all")
    parser.add_argument("--rounds", type=int, default=8, help="for each pair; default: 8")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    wanted = set(arguments.commands)
    chance = random.Random(arguments.seed)  # noqa: S311 - no secret
    counts: Counter[str] = Counter()
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="pairs-") as folder:
        for pair in all_pairs():
            if not wanted or {each.name for each in pair} <= wanted:
                counts["pairs"] += 1
                counts += _met(pair, arguments.rounds, chance, Path(folder), broken)
    for what, count in counts.items():
        print(f"{count:5}  {what}")
    return 1 if broken else 0


def _met(
    pair: tuple[Writing, Writing],
    rounds: int,
    chance: random.Random,
    folder: Path,
    broken: list[str],
) -> Counter[str]:
    counts: Counter[str] = Counter()
    names = " and ".join(each.name for each in pair)
    met = Pair(*pair, folder / "pair", folder)
    for index in range(rounds):
        counts["meetings"] += 1
        try:
            meeting = met.meet(chance, stops=index % 2 == 1)
        except AssertionError as error:
            broken.append(f"{names}: {error}")
            print(broken[-1], file=sys.stderr, flush=True)
            counts["broken"] += 1
            continue
        what = "as one after the other"
        if meeting.refused:
            what = "one of them refused"
        counts[what] += 1
    print(f"{names}: {counts['broken']} of {rounds} broken", file=sys.stderr, flush=True)
    return counts


if __name__ == "__main__":
    sys.exit(main())
