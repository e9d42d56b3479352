"""Check the workflows and the action, and those that `ankipress init --github` writes: `make
check`.

By GitHub's schemas, with check-jsonschema, and for what makes workflows unsafe, with zizmor and
the rules below. All of it works offline.

    python scripts/check_workflows.py [FOLDER]
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sysconfig.get_path("scripts"))
SOMEWHERE = f"owner/ankipress@{'0' * 40}"
"""Stands for the action of ankipress in the workflows of other repositories."""


_OWN_FOLDER = re.compile(r"\$\{\{ runner\.temp \}\}/[a-z][\w-]*")  # the runner's begin with _
_RULES_OF_COMMANDS = (
    ("${{", "an expression in a command is read as a part of it: hand it over in `env`"),
    ("GITHUB_ENV", "variables of later steps can come from what foreign code wrote"),
    ("GITHUB_PATH", "programs of later steps can come from what foreign code wrote"),
)
# In the action, the current folder is a checkout of somebody's deck.
_TAKES_FROM_FOLDER = re.compile(r"\bpython3? (?!-P )(?:-.*)?-[mc]\b")


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
    for path in [*workflows, *actions]:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for problem in unsafe(document):
            print(f"{path.name}: {problem}")
            failed.append(True)
    return int(any(failed))


def unsafe(document: dict[Any, Any]) -> Iterator[str]:
    """What makes a workflow or an action unsafe, which zizmor does not find or is told to pass
    over.
    """
    # YAML 1.1 takes the key `on` for true.
    events = document.get(True, {})
    if "pull_request_target" in events:
        yield "pull_request_target runs a stranger's pull request with the rights of the repository"
    for name, job in document.get("jobs", {}).items():
        if "permissions" not in job and "permissions" not in document:
            yield f"{name}: without `permissions` a job may do whatever the repository allows"
        for step in job.get("steps", []):
            yield from _unsafe_step(step)
            if "workflow_run" in events and "ref" in step.get("with", {}):
                yield "a workflow_run checks out the main branch alone: leave out `ref`"
    for step in document.get("runs", {}).get("steps", []):
        yield from _unsafe_step(step)
        if _TAKES_FROM_FOLDER.search(step.get("run", "")):
            yield "python takes modules from the folder of the deck: write `python -P`"


def _unsafe_step(step: dict[str, Any]) -> Iterator[str]:
    command = step.get("run", "")
    used = step.get("uses", "")
    inputs = step.get("with", {})
    for text, problem in _RULES_OF_COMMANDS:
        if text in command:
            yield problem
    if used.startswith("actions/cache") or "cache" in inputs:
        yield "a cache is shared between pull requests and releases"
    is_download = used.startswith("actions/download-artifact")
    if is_download and not _OWN_FOLDER.fullmatch(inputs.get("path", "")):
        yield "what is unpacked lies in a folder of its own: `path: ${{ runner.temp }}/NAME`"


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
