"""The tasks of the action, run as a runner of GitHub runs them: their own commands, in a shell,
with their own environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from pages import ROOT, read_page

needs_git_and_bash = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("git") is None or shutil.which("bash") is None,
    reason="git and bash are not both here: THE WORKFLOWS' COMMANDS ARE NOT TRIED",
)
STEPS: list[dict[str, Any]] = yaml.safe_load(read_page("action.yml"))["runs"]["steps"]


class Done(NamedTuple):
    """How a task of the action ended, and what it said: on both streams, in the workflow's summary,
    in the report.
    """

    status: int
    output: str
    summary: str
    report: str


def task(
    name: str,
    folder: Path,
    event: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
) -> Done:
    """The commands of a task of the action, run one after the other in a checkout.

    `event` gives the values that expressions stand for, `extra` variables of the environment.
    """
    event = {"inputs.task": name, "inputs.answers": "", **(event or {})}
    temp = folder.parent / "temp"
    shutil.rmtree(temp, ignore_errors=True)
    temp.mkdir()
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
        "GITHUB_OUTPUT": str(temp / "output"),
        "RUNNER_TEMP": str(temp),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PYTHONUTF8": "1",
        **(extra or {}),
    }
    (temp / "summary.md").touch()
    (temp / "output").touch()
    status, output = 0, ""
    for step in STEPS:
        if "run" not in step or step["name"] == "Install ankipress" or not holds(step["if"], event):
            continue
        own = {key: value_of(expression, event) for key, expression in step.get("env", {}).items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            command,
            cwd=folder,
            env={**environment, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        output += done.stdout
        outputs = (
            line.partition("=")
            for line in (temp / "output").read_text(encoding="utf-8").splitlines()
        )
        event |= {f"steps.{step.get('id')}.outputs.{key}": value for key, _, value in outputs}
        if status := done.returncode:
            break
    report = temp / "ankipress-comment.md"
    return Done(
        status,
        output,
        (temp / "summary.md").read_text("utf-8"),
        report.read_text("utf-8") if report.exists() else "",
    )


def holds(condition: str, event: Mapping[str, str]) -> bool:
    """Whether a step's `if` holds: comparisons of inputs with texts, joined by &&."""
    comparisons = [each.strip() for each in condition.split("&&")]
    for each in comparisons:
        left, operator, right = each.split(" ")
        assert operator in {"==", "!="}
        if (event[left] == right.strip("'")) is not (operator == "=="):
            return False
    return True


def value_of(expression: str, event: Mapping[str, str]) -> str:
    """The first value that there is of an expression of names, joined by ||."""
    names = expression.removeprefix("${{").removesuffix("}}").split("||")
    return next((event[name.strip()] for name in names if event.get(name.strip())), "")


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
