"""Check the workflows and the action, and those that `ankipress init --github` writes: `make
check`.

By GitHub's schemas, with check-jsonschema, and for what makes workflows unsafe, with zizmor. Both
work offline.

    python scripts/check_workflows.py [FOLDER]
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sysconfig.get_path("scripts"))
SOMEWHERE = f"owner/ankipress@{'0' * 40}"
"""Stands for the action of ankipress in the workflows of other repositories."""


def main(folders: list[Path]) -> int:
    """Check each folder, else this repository and a new deck, and return the exit status."""
    if folders:
        return max(map(check, folders))
    with tempfile.TemporaryDirectory() as folder:
        ankipress = [sys.executable, "-m", "ankipress"]
        init = [*ankipress, "init", folder, "--github", "--action", SOMEWHERE]
        subprocess.run(init, check=True, stdout=subprocess.PIPE)
        return max(check(ROOT), check(Path(folder)))


def check(folder: Path) -> int:
    """Check what GitHub reads in a folder; 1 if the tools have printed a problem."""
    workflows = sorted((folder / ".github" / "workflows").glob("*.y*ml"))
    actions = [path for path in (folder / "action.yml", folder / "action.yaml") if path.exists()]
    failed = [
        _fails("check-jsonschema", "--builtin-schema", f"vendor.github-{kind}", *map(str, files))
        for kind, files in (("workflows", workflows), ("actions", actions))
        if files
    ]
    config = ("--config", str(ROOT / ".github" / "zizmor.yml"))
    quiet = ("--offline", "--quiet", "--no-progress")
    failed.append(_fails("zizmor", *quiet, *config, *map(str, [*workflows, *actions])))
    return int(any(failed))


def _fails(tool: str, *arguments: str) -> bool:
    # Both speak on standard output, and where nothing is wrong too.
    done = subprocess.run(
        [TOOLS / tool, *arguments], check=False, stdout=subprocess.PIPE, encoding="utf-8"
    )
    if done.returncode:
        print(done.stdout, end="", flush=True)
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main([Path(each) for each in sys.argv[1:]]))
