"""Fuzz ankipress: `make fuzz`, or `python scripts/fuzz.py --seconds 600 render cloze`.

Each target in `fuzz/` runs for its time, one after another, from seeds that are made here out of
the cards, the docs and a package. What was found and the corpus go to `build/fuzz/`. A line for
each run is added to `build/fuzz/runs.jsonl`; `--report` adds them up, and says how far packages
came: which functions that read them run. Exit status 1 if a law was broken. Needs atheris, which
has wheels for Linux alone.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from ankipress.package import package_reading, protobuf, unpacking
from fuzz_seeds import SEEDS
from laws import check_package
from mutated_packages import mutated
from reached import functions_of, functions_reached

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "fuzz"
TARGETS = tuple(SEEDS)
_LONGEST = {
    "front_matter": 2_000,
    "settings": 4_000,
    "lock": 8_000,
    "package": 400,  # of edits
    "cloze": 200,
}


def main() -> int:
    """Run the targets that are named, all without a name."""
    parser = argparse.ArgumentParser(description="Fuzz ankipress.")
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default: all"
    )
    parser.add_argument("--seconds", type=int, default=60, help="for each target; default: 60")
    parser.add_argument(
        "--report", action="store_true", help="only add up the runs so far, as a table"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    if arguments.report:
        print(report(), reach(), sep="\n\n")
        return 0
    broken = [name for name in arguments.targets or TARGETS if not fuzz(name, arguments.seconds)]
    print(report(), reach(), sep="\n\n")
    for name in broken:
        print(
            f"{name}: a law is broken; see {(BUILD / name).relative_to(ROOT)}.log and {name}.found/"
        )
    return 1 if broken else 0


def fuzz(name: str, seconds: int) -> bool:
    """Run one target, add a line to the runs, and say whether every law held."""
    corpus, seeds, found = BUILD / name, BUILD / f"{name}.seeds", BUILD / f"{name}.found"
    for folder in (corpus, seeds, found):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in SEEDS[name]():
        (seeds / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    options = (
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST.get(name, 4_000)}",
        "-timeout=20",
        "-rss_limit_mb=4000",
    )
    command = [
        sys.executable,
        str(ROOT / "fuzz" / f"{name}.py"),
        *options,
        f"-artifact_prefix={found}/",
        "-print_final_stats=1",
    ]
    dictionary = ROOT / "fuzz" / "dictionaries" / f"{name}.dict"
    command += [f"-dict={dictionary}"] if dictionary.exists() else []
    start = time.monotonic()
    print(f"{name}: {seconds} s …", flush=True)
    with (BUILD / f"{name}.log").open("wb") as log:
        done = subprocess.run(
            [*command, str(corpus), str(seeds)], stdout=log, stderr=log, check=False, cwd=BUILD
        )
    seconds = round(time.monotonic() - start)
    run = {
        "target": name,
        "status": done.returncode,
        "seconds": seconds,
        **_statistics((BUILD / f"{name}.log").read_text("utf-8", "replace")),
    }
    with (BUILD / "runs.jsonl").open("a", encoding="utf-8") as runs:
        runs.write(json.dumps(run) + "\n")
    return done.returncode == 0


def _statistics(log: str) -> dict[str, int]:
    """What libFuzzer says of a run: executions, coverage in edges, inputs kept."""
    numbers = dict.fromkeys(("executions", "coverage", "corpus"), 0)
    if last := re.findall(r"^#(\d+)\t.* cov: (\d+) .*corp: (\d+)/", log, re.MULTILINE):
        numbers["executions"], numbers["coverage"], numbers["corpus"] = map(int, last[-1])
    if units := re.search(r"stat::number_of_executed_units:\s+(\d+)", log):
        numbers["executions"] = int(units[1])
    return numbers


def report() -> str:
    """All runs so far as a Markdown table, a line for each target."""
    runs = [json.loads(line) for line in _lines(BUILD / "runs.jsonl")]
    rows = [
        "| Target | Seconds | Executions | Coverage (edges) | Corpus |",
        "|---|---|---|---|---|",
    ]
    for name in TARGETS:
        mine = [run for run in runs if run["target"] == name]
        if mine:
            best = max(mine, key=lambda run: run["coverage"])
            counts = f"{_sum(mine, 'seconds')} | {_sum(mine, 'executions')}"
            rows.append(f"| {name} | {counts} | {best['coverage']} | {best['corpus']} |")
    return "\n".join([*rows, f"| all | {_sum(runs, 'seconds')} | {_sum(runs, 'executions')} | | |"])


def reach() -> str:
    """How many functions that read packages the corpus of packages reaches, and which it does
    not.
    """
    inputs = [path.read_bytes() for path in sorted((BUILD / "package").glob("*"))]
    with functions_reached() as reached:
        found = [check_package(mutated(each)) for each in inputs]
    read = len([each for each in found if not isinstance(each, str)])
    lines = [f"{len(inputs)} packages in the corpus, {read} of them read"]
    for module in (unpacking, package_reading, protobuf):
        functions = functions_of(module)
        left = sorted(each.split()[-1] for each in functions - reached)
        line = f"  {module.__name__}: {len(functions) - len(left)} of {len(functions)} functions"
        lines.append(" ".join([line, *(f"- not {name}" for name in left)]))
    return "\n".join(lines)


def _sum(runs: Iterable[dict[str, int]], key: str) -> str:
    return f"{sum(run[key] for run in runs):,}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
