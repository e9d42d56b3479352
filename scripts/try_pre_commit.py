"""Try the hooks of pre-commit on a deck, in an environment that pre-commit makes of this
repository: good cards, then bad ones.

    python scripts/try_pre_commit.py

It needs pre-commit and git, and fetches the requirements of ankipress. What is committed is tried,
not what is edited. Exit status 1 where a hook does something else than it should, 2 where
pre-commit is absent.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOOD = "## What is a tensor?\n\nA regular array of numbers.\n"
STEPS: Sequence[tuple[str, str, int, str]] = (
    # the hook, the cards, the exit status of pre-commit, and what its output says
    ("ankipress-check", GOOD, 0, "Passed"),
    ("ankipress-check", "## What is a tensor?\n", 1, "cards.md:1:1: error[empty-answer]"),
    ("ankipress-fix", GOOD.replace("array", "array\a"), 1, "files were modified by this hook"),
    ("ankipress-fix", GOOD, 0, "Passed"),
    ("ankipress-lock", GOOD, 0, "Passed"),
    ("ankipress-lock", GOOD.replace("A regular", "An"), 1, "error[lock-outdated]"),
)


def main() -> int:
    """Run every step, and say which of them went wrong."""
    if not (program := shutil.which("pre-commit")):
        print("pre-commit is not installed: NO HOOK WAS TRIED", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        deck = Path(folder) / "deck"
        _make_deck(deck)
        environment = {**os.environ, "PRE_COMMIT_HOME": str(Path(folder) / "home")}
        wrong = [step for step in STEPS if not _is_right(program, deck, environment, step)]
    print(f"{len(STEPS) - len(wrong)} of {len(STEPS)} steps as they should be")
    return 1 if wrong else 0


def _make_deck(deck: Path) -> None:
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    hooks = "".join(f"      - id: {name}\n" for name in dict.fromkeys(step[0] for step in STEPS))
    deck.mkdir()
    (deck / "ankipress.toml").write_text('name = "tried"\n', encoding="utf-8")
    (deck / "cards.md").write_text(GOOD, encoding="utf-8")
    (deck / ".gitignore").write_text("build/\n", encoding="utf-8")
    (deck / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ROOT}\n    rev: {revision}\n    hooks:\n{hooks}", encoding="utf-8"
    )
    subprocess.run([sys.executable, "-m", "ankipress", "build"], cwd=deck, check=True)
    subprocess.run(["git", "init", "-q"], cwd=deck, check=True)
    subprocess.run(["git", "add", "-A"], cwd=deck, check=True)


def _is_right(
    program: str, deck: Path, environment: dict[str, str], step: tuple[str, str, int, str]
) -> bool:
    hook, cards, status, words = step
    (deck / "cards.md").write_text(cards, encoding="utf-8")
    subprocess.run(["git", "add", "-A"], cwd=deck, check=True)
    command = [program, "run", hook, "--all-files", "--color", "never"]
    done = subprocess.run(
        command, cwd=deck, env=environment, capture_output=True, text=True, check=False
    )
    right = (done.returncode, words in done.stdout) == (status, True)
    wanted = f"exit status {done.returncode}, wanted {status} and {words!r}"
    print(f"{'right' if right else 'WRONG'}: {hook}, {wanted}")
    if not right:
        print(done.stdout + done.stderr)
    return right


if __name__ == "__main__":
    sys.exit(main())
