"""What a pull request changes for learners, and what is wrong or unclear in it, as Markdown.

    python scripts/report_changes.py FILE

Compares the deck in the current folder with the revision that BASE names, and writes FILE and the
summary of the workflow, where there is one. It never fails for what an author wrote: the step that
follows decides by `ankipress check`, against the revision that is put out as `base` where it could
be compared with.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

# -P: nothing in the checkout is taken for ankipress.
ANKIPRESS = (sys.executable, "-P", "-m", "ankipress")
LONGEST = 60_000
"""Characters. GitHub refuses a comment of more than 65,536."""


def main(file: Path) -> int:
    """Write the report, and return the exit status."""
    report = (
        "\n\n".join(
            (
                "## What changes for learners",
                changes(os.environ.get("BASE", "")),
                "## The cards",
                problems(),
            )
        )
        + "\n"
    )
    file.write_text(cut(report), encoding="utf-8")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as out:
            out.write(cut(report))
    return 0


def changes(base: str) -> str:
    """The difference from a revision, or why there is none to show."""
    if not re.fullmatch("[0-9a-f]{40,64}", base) or not base.strip("0"):
        return "There is no earlier version to compare with."
    done = _ankipress("diff", base[:12], "--format", "markdown")
    if done.returncode:
        return f"They cannot be compared:\n\n{fenced(done.stderr or done.stdout)}"
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as out:
            out.write(f"base={base}\n")
    return done.stdout.strip()


def problems() -> str:
    """What `ankipress check` says of the cards."""
    done = _ankipress("check", "--contribution", "--format", "markdown")
    return done.stdout.strip() or fenced(done.stderr)


def fenced(text: str) -> str:
    """A text in which nothing is markup."""
    marks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{marks}text\n{text.strip()}\n{marks}"


def cut(report: str) -> str:
    """A report that fits into a comment: a long one ends at a line, with its fences closed."""
    if len(report) <= LONGEST:
        return report
    kept = report[: report.rfind("\n", 0, LONGEST)]
    open_fence = ""
    for line in kept.splitlines():
        marks = re.match("`{3,}", line)
        if marks and not open_fence:
            open_fence = marks[0]
        elif open_fence and line.strip() == open_fence:
            open_fence = ""
    closed = f"{kept}\n{open_fence}" if open_fence else kept
    details = "\n</details>" * (closed.count("<details>") - closed.count("</details>"))
    return f"{closed}{details}\n\n… and more: the report is cut here.\n"


def _ankipress(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [*ANKIPRESS, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
