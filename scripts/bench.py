"""Measure ankipress against what one would write instead, side by side in one run, in ratios.

The contenders take turns, several times over. What counts is the processor time of whole commands,
from start to exit, with all their processes, and the medians of its ratios; for the first build of
a large deck it is the clock, since that build uses several cores.

Example:
    python scripts/bench.py                            # decks of 15 to 10,000 cards
    python scripts/bench.py --cards 15 300 --rounds 3
    python scripts/bench.py --media                    # 400 MB of pictures
    python scripts/bench.py --growth                   # 100,000 cards
    python scripts/bench.py --write                    # all of it, into docs/performance.md
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from bench_deck import EDITS, make_deck, make_pictures  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- measured -->"
PLAIN, FIRST, NOTHING = "the plain script", "the first time", "nothing changed"
TARGETS: Mapping[str, Sequence[float]] = {FIRST: (0.8, 1.3, 1.6, 3), NOTHING: (3, 8, 18, 100)}
ANY_EDIT = (1.1, 2.5, 5, 10)
BUILD = (sys.executable, "-m", "ankipress", "build")
BUILD_PLAIN = (sys.executable, str(ROOT / "scripts" / "plain_genanki.py"), "cards.md", "plain.apkg")
SIZES = (15, 300, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of the clock and of the processor."""

    clock: float
    processor: float


@dataclass(slots=True)
class Deck:
    """A deck in a folder of its own, with a cache of its own, and what was measured with it."""

    folder: Path
    edits: int = 0
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    @property
    def _environment(self) -> dict[str, str]:
        cache = self.folder.parent / f"{self.folder.name}-cache"
        return {**os.environ, "XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache)}

    def measure(self, name: str, command: Sequence[str]) -> None:
        """Run a command in the folder of the deck, and note what it took."""
        self.costs.setdefault(name, []).append(self._run(command))

    def _run(self, command: Sequence[str]) -> Cost:
        before = os.times()
        started = time.perf_counter()
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, check=False
        )
        clock = time.perf_counter() - started
        after = os.times()
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
        used = after.children_user - before.children_user
        system = after.children_system - before.children_system
        return Cost(clock, used + system)

    def plain(self) -> None:
        """Build it with the plain script."""
        self.measure(PLAIN, BUILD_PLAIN)

    def build(self, name: str) -> None:
        """Build it with ankipress."""
        self.measure(name, BUILD)

    def forget(self) -> None:
        """Make the next build the first one."""
        shutil.rmtree(self._environment["XDG_CACHE_HOME"], ignore_errors=True)
        shutil.rmtree(self.folder / "build", ignore_errors=True)
        (self.folder / "ankipress.lock").unlink(missing_ok=True)

    def edit(self, name: str) -> None:
        """Edit it in one of the ways of `EDITS`."""
        self.edits += 1
        EDITS[name](self.folder, self.edits)

    def times_as_fast(self, name: str, *, by_clock: bool = False) -> float:
        """The median of the ratios to the plain script, round by round."""
        pairs = zip(self.costs[PLAIN], self.costs[name], strict=True)
        if by_clock:
            return statistics.median(plain.clock / each.clock for plain, each in pairs)
        return statistics.median(plain.processor / each.processor for plain, each in pairs)

    def seconds(self, name: str) -> float:
        """The median seconds of the processor."""
        return statistics.median(each.processor for each in self.costs[name])


def peak_memory(deck: Deck, command: Sequence[str]) -> float:
    """The MB that a command and its processes hold at their peak; a page that they share counts
    once.
    """
    with subprocess.Popen(
        command,
        cwd=deck.folder,
        env=deck._environment,  # noqa: SLF001
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(_memory, _family(process.pid))))
            time.sleep(0.01)
    return peak


def _memory(process: int) -> float:
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0  # it has ended
    lines = [line.split() for line in rollup.splitlines()]
    return sum(int(words[1]) / 1024 for words in lines if words[0] == "Pss:")


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return
    for child in children.split():
        yield from _family(int(child))


def measured(folder: Path, cards: int, rounds: int) -> Deck:
    """A deck with so many cards, built in every way in turns."""
    deck = Deck(folder / str(cards))
    make_deck(deck.folder, cards)
    for number in range(rounds):
        deck.plain()
        deck.forget()
        deck.build(FIRST)
        deck.build(NOTHING)
        for name in EDITS:
            deck.edit(name)
            deck.build(name)
        print(f"{cards:,} cards, round {number + 1} of {rounds}", flush=True)
    return deck


def ratios(decks: Mapping[int, Deck]) -> list[str]:
    """The table of ratios, with the targets in brackets."""
    lines = [
        "Times as fast as the plain script, by processor time (in brackets: the target):",
        "",
        f"| | {' | '.join(f'{cards:,} cards' for cards in decks)} |",
        f"|---|{'---:|' * len(decks)}",
    ]
    for name in (FIRST, NOTHING, *EDITS):
        cells = [_cell(name, cards, deck) for cards, deck in decks.items()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    plain = " | ".join(f"{deck.seconds(PLAIN):.2f} s" for deck in decks.values())
    lines.append(f"| (the plain script) | {plain} |")
    return lines


def _cell(name: str, cards: int, deck: Deck) -> str:
    by_clock = name == FIRST and cards >= SIZES[-1]
    text = _ratio(deck.times_as_fast(name, by_clock=by_clock))
    if by_clock:
        text += " by the clock"
    if cards in SIZES:
        text += f" ({TARGETS.get(name, ANY_EDIT)[SIZES.index(cards)]:g})"
    return text


def memory(folder: Path, cards: int) -> list[str]:
    """Peak memory of the first build and of an edit."""
    deck = Deck(folder / f"memory-{cards}")
    make_deck(deck.folder, cards)
    first = peak_memory(deck, BUILD)
    deck.edit("an answer")
    edited = peak_memory(deck, BUILD)
    plain = peak_memory(deck, BUILD_PLAIN)
    figures = f"{first:.0f} MB the first time, {edited:.0f} MB for an edited answer"
    return [f"Peak memory at {cards:,} cards: {figures}, {plain:.0f} MB by the plain script."]


def _ratio(value: float) -> str:
    """Two digits that count, as in 0.75, 6.7 and 120."""
    return f"{float(f'{value:.2g}'):g}"


def media(folder: Path, rounds: int) -> list[str]:
    """A deck with 400 MB of pictures."""
    deck = Deck(folder / "media")
    make_pictures(deck.folder, 2_000, 200_000)
    answer = "an answer"
    for number in range(rounds):
        deck.plain()
        deck.forget()
        deck.build(FIRST)
        deck.edit(answer)
        deck.build(answer)
        print(f"400 MB of pictures, round {number + 1} of {rounds}", flush=True)
    deck.edit(answer)
    peak = peak_memory(deck, BUILD)
    first = deck.times_as_fast(FIRST, by_clock=True)
    edited = deck.times_as_fast(answer, by_clock=True)
    times = f"{_ratio(first)} times as fast as the plain script the first time (target: 1)"
    again = f"{_ratio(edited)} times with an edited answer (2)"
    return [f"400 MB of pictures, by the clock: {times}, {again}; {peak:.0f} MB at the peak (120)."]


def growth(folder: Path, cards: int) -> list[str]:
    """Processor time per card of a deck ten times as large."""
    lines = ["Microseconds of the processor for each card:", "", "| cards | first | an answer |"]
    lines.append("|---:|---:|---:|")
    for size in (cards // 10, cards):
        deck = Deck(folder / f"growth-{size}")
        make_deck(deck.folder, size)
        deck.build(FIRST)
        deck.edit("an answer")
        deck.build("an answer")
        first, edited = (deck.seconds(name) * 1e6 / size for name in (FIRST, "an answer"))
        lines.append(f"| {size:,} | {first:.0f} | {edited:.0f} |")
    return lines


def main() -> None:
    """Measure, print, and write the page where that is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cards", type=int, nargs="*", default=[*SIZES])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--media", action="store_true")
    parser.add_argument("--growth", action="store_true")
    name = str(PAGE.relative_to(ROOT))
    parser.add_argument("--write", action="store_true", help=f"everything, into {name}")
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "src" / "ankipress", quiet=1)  # as pip does when it installs
    with tempfile.TemporaryDirectory(prefix="ankipress-bench-") as temporary:
        folder = Path(temporary)
        lines = [
            f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores."
        ]
        for part in _parts(folder, options):
            lines += ["", *part()]
    print("\n".join(lines))
    if options.write:
        before, *_ = PAGE.read_text(encoding="utf-8").partition(MARK)
        text = f"{before}{MARK}\n\n" + "\n".join(lines) + "\n"
        PAGE.write_text(text, encoding="utf-8", newline="\n")


def _parts(folder: Path, options: argparse.Namespace) -> Iterator[Callable[[], list[str]]]:
    """What was asked for, each as a function that gives lines."""
    everything = options.write
    if everything or not (options.media or options.growth):
        yield lambda: ratios(
            {cards: measured(folder, cards, options.rounds) for cards in options.cards}
        )
    if everything:
        yield lambda: memory(folder, 10_000)
    if everything or options.media:
        yield lambda: media(folder, min(3, options.rounds))
    if everything or options.growth:
        yield lambda: growth(folder, 100_000)
        yield lambda: memory(folder, 100_000)


if __name__ == "__main__":
    main()
