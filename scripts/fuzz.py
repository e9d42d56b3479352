"""Fuzz ankipress: `make fuzz`, or `python scripts/fuzz.py --seconds 600 render cloze`.

Each target in `fuzz/` runs for its time, one after another, from seeds that are made here out of
the cards, the docs and a package. What was found and the corpus go to `build/fuzz/`. A line for
each run is added to `build/fuzz/runs.jsonl`; `--report` adds them up. Exit status 1 if a law was
broken. Needs atheris, which has wheels for Linux alone.
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

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "fuzz"
TARGETS = ("parse", "front_matter", "settings", "lock", "render", "cloze", "package")
_LONGEST = {
    "front_matter": 2_000,
    "settings": 4_000,
    "lock": 8_000,
    "package": 60_000,
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
        print(report())
        return 0
    broken = [name for name in arguments.targets or TARGETS if not fuzz(name, arguments.seconds)]
    print(report())
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
    for seed in _seeds(name):
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


def _sum(runs: Iterable[dict[str, int]], key: str) -> str:
    return f"{sum(run[key] for run in runs):,}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _seeds(name: str) -> list[bytes]:
    """Inputs that are worth changing: what a person would write."""
    read = {
        path: path.read_text(encoding="utf-8")
        for path in (ROOT / "cards.md", *sorted((ROOT / "docs").glob("*.md")))
    }
    if name in {"parse", "render"}:
        cards = re.split(r"(?m)^(?=## )", read[ROOT / "cards.md"])
        examples = [block for text in read.values() for block in _blocks(text, "markdown|")]
        cases = [
            path.read_text(encoding="utf-8")
            for path in sorted((ROOT / "tests" / "cases").rglob("*.md"))
        ]
        return [each.encode()[:4_000] for each in (*cards, *examples, *cases)]
    if name == "settings":
        return [block.encode() for text in read.values() for block in _blocks(text, "toml")]
    if name == "front_matter":
        return [
            b"deck: A::B\ntags: [one, two]\n---\n# x",
            b"tags: one, two\ndeck: 'x'\n...\n",
            b"a: &a [*a]\n---\n",
        ]
    if name == "lock":
        lines = _lines(ROOT / "ankipress.lock")
        return [
            "\n".join([lines[0], *lines[number : number + 2]]).encode() for number in range(1, 6)
        ]
    if name == "package":
        return [
            path.read_bytes()
            for path in sorted((ROOT / "build").glob("*.apkg"))
            if path.stat().st_size < 60_000
        ]
    return [bytes([0, 0, 20, 11, 6]), "\x90a::b}}".encode("latin-1")]


def _blocks(text: str, language: str) -> list[str]:
    return [found[2] for found in re.finditer(rf"(?ms)^(`{{3,}})(?:{language})\n(.*?)^\1$", text)]


if __name__ == "__main__":
    sys.exit(main())
