"""Measure ankipress against what one would use instead, side by side in one run, in ratios.

Contenders take turns, several times over; what is printed are medians of whole commands, from start
to exit.

Example: python scripts/bench.py                       # 10,000 cards, five rounds, and the growth:
ten minutes python scripts/bench.py --cards 1000 --rounds 3 python scripts/bench.py --write
# the tables of docs/performance.md too
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from bench_deck import edit_a_card, make_deck  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- measured -->"
OTHER = (
    "markdown-anki-decks==1.1.1",
    "click==8.1.8",
    "typer==0.4.2",
)  # later ones of click do not start it


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to measure: what is done before each run, and the command."""

    name: str
    before: Callable[[], None]
    command: Sequence[str]


class Bench:
    """A deck in a folder of its own, and those that compile it."""

    def __init__(self, folder: Path, cards: int, other: Path | None) -> None:
        self.deck, self.plain, self.decks = folder / "deck", folder / "plain.apkg", folder / "other"
        self.decks.mkdir(parents=True)
        make_deck(self.deck, cards)
        self._edits = 0
        ankipress = (sys.executable, "-m", "ankipress", "build")
        script = (
            sys.executable,
            str(ROOT / "scripts" / "plain_genanki.py"),
            "cards.md",
            str(self.plain),
        )
        self.contenders = [Contender("the plain script", _nothing, script)]
        if other:
            self.contenders.append(
                Contender("markdown-anki-decks", _nothing, (str(other), ".", str(self.decks)))
            )
        self.contenders += [
            Contender("ankipress, the first time", self._clear, ankipress),
            Contender("ankipress, one card edited", self._edit, ankipress),
            Contender("ankipress, nothing changed", _nothing, ankipress),
        ]

    def _clear(self) -> None:
        shutil.rmtree(self.deck / "build", ignore_errors=True)
        (self.deck / "ankipress.lock").unlink(missing_ok=True)

    def _edit(self) -> None:
        self._edits += 1
        edit_a_card(self.deck / "cards.md", self._edits)

    def run(self, contender: Contender) -> float:
        """The seconds that a command takes."""
        contender.before()
        started = time.perf_counter()
        _checked(contender.command, self.deck)
        return time.perf_counter() - started

    def memory(self, contender: Contender) -> float:
        """The memory that a command and its processes have at their peak, in MB; measured in a run
        of its own.
        """
        contender.before()
        with subprocess.Popen(
            contender.command, cwd=self.deck, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, _memory(process.pid))
                time.sleep(0.01)
        return peak

    def size(self) -> tuple[int, int]:
        """The bytes of the plain script's package, and of ankipress's."""
        return self.plain.stat().st_size, (self.deck / "build" / "bench-1.0.0.apkg").stat().st_size


def _nothing() -> None:
    pass


def _checked(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')[-2000:]}")


def _memory(process: int) -> float:
    """What a process and those it started hold, in MB; a page that they share is counted once."""
    total = 0.0
    for each in (process, *_children(process)):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue  # it has ended
        total += next(
            (
                int(line.split()[1]) / 1024
                for line in rollup.splitlines()
                if line.startswith("Pss:")
            ),
            0,
        )
    return total


def _children(process: int) -> list[int]:
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    children = [int(each) for each in found.split()]
    return [each for child in children for each in (child, *_children(child))]


def other_tool(folder: Path) -> Path | None:
    """The command of markdown-anki-decks in an environment of its own, None where it cannot be
    installed.
    """
    binary = folder / ("Scripts" if os.name == "nt" else "bin")
    if not (binary / "mdankideck").exists():
        venv.create(folder, with_pip=True)
        pip = [
            str(binary / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *OTHER,
        ]
        if subprocess.run(pip, check=False).returncode:
            print("markdown-anki-decks could not be installed: it is NOT measured")
            return None
    return binary / "mdankideck"


def measure(bench: Bench, rounds: int) -> Mapping[str, float]:
    """The median seconds of each contender, in turns."""
    times: dict[str, list[float]] = {each.name: [] for each in bench.contenders}
    for number in range(rounds):
        for each in bench.contenders:
            times[each.name].append(bench.run(each))
        print(
            f"round {number + 1}: "
            + ", ".join(f"{name} {seconds[-1]:.2f} s" for name, seconds in times.items()),
            flush=True,
        )
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def report(bench: Bench, cards: int, rounds: int) -> list[str]:
    """Times, memory and size at one number of cards, as a table."""
    medians = measure(bench, rounds)
    plain = medians["the plain script"]
    peaks = (
        {each.name: bench.memory(each) for each in bench.contenders}
        if sys.platform == "linux"
        else {}
    )
    lines = [
        f"{cards:,} cards, the median of {rounds} rounds:",
        "",
        "| | time | times as fast as the plain script | peak memory |",
        "|---|---:|---:|---:|",
    ]
    for name, seconds in medians.items():
        memory = f"{peaks[name]:.0f} MB" if name in peaks else "not measured"
        lines.append(f"| {name} | {seconds:.2f} s | {plain / seconds:.1f} | {memory} |")
    size, ours = bench.size()
    lines += [
        "",
        f"The package: {size / 1e6:.1f} MB by the plain script, {ours / 1e6:.1f} MB by ankipress, 1/{size / ours:.1f} of it.",
    ]
    return lines


def growth(folder: Path, numbers: Sequence[int], rounds: int) -> list[str]:
    """Time per card for decks of several sizes, all in turns."""
    benches = {cards: Bench(folder / str(cards), cards, None) for cards in numbers}
    names = (
        "ankipress, the first time",
        "ankipress, one card edited",
        "ankipress, nothing changed",
    )
    times: dict[tuple[int, str], list[float]] = {}
    for _ in range(rounds):
        for cards, bench in benches.items():
            for each in bench.contenders:
                if each.name in names:
                    times.setdefault((cards, each.name), []).append(bench.run(each))
    lines = [
        "Time per card, in microseconds:",
        "",
        f"| cards | {' | '.join(names)} |",
        "|---:|---:|---:|---:|",
    ]
    for cards in numbers:
        cells = (f"{1e6 * statistics.median(times[cards, name]) / cards:.0f}" for name in names)
        lines.append(f"| {cards:,} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Measure, print, and write the page where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--growth",
        type=int,
        nargs="*",
        default=[1_000, 10_000, 100_000],
        help="numbers of cards; none: skip",
    )
    parser.add_argument("--no-other", action="store_true", help="leave markdown-anki-decks out")
    parser.add_argument(
        "--write", action="store_true", help=f"write the tables into {PAGE.relative_to(ROOT)}"
    )
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "src" / "ankipress", quiet=1)  # as pip does when it installs
    with tempfile.TemporaryDirectory(prefix="ankipress-bench-") as name:
        folder = Path(name)
        other = None if options.no_other else other_tool(ROOT / "build" / "markdown-anki-decks")
        lines = [
            f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores.",
            "",
        ]
        lines += report(
            Bench(folder / "bench", options.cards, other), options.cards, options.rounds
        )
        if options.growth:
            lines += ["", *growth(folder, options.growth, min(3, options.rounds))]
    print("\n".join(lines))
    if options.write:
        before, *_ = PAGE.read_text(encoding="utf-8").partition(MARK)
        PAGE.write_text(
            f"{before}{MARK}\n\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n"
        )


if __name__ == "__main__":
    main()
