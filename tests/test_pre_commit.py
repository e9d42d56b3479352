"""The hooks of pre-commit: what the manifest promises; `scripts/try_pre_commit.py` tries them with
pre-commit itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
from os import environ
from pathlib import Path
from typing import Any

import pytest
import yaml

from ankipress.cli.main import run
from pages import ROOT, read_page

HOOKS: list[dict[str, Any]] = yaml.safe_load(read_page(".pre-commit-hooks.yaml"))


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_a_command_that_there_is(
    hook: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    program, *arguments = hook["entry"].split()
    assert (program, hook["language"], hook["pass_filenames"]) == ("ankipress", "python", False)
    assert run([*arguments, "--help"]) == 0
    assert all(each in capsys.readouterr().out for each in arguments[1:])


@pytest.mark.parametrize(
    ("path", "is_meant"),
    [
        ("cards.md", True),
        ("a/b.md", True),
        ("ankipress.toml", True),
        ("x/ankipress.lock", True),
        ("a.py", False),
        ("b.lock", False),
    ],
)
def test_a_hook_runs_where_a_project_changes(path: str, is_meant: bool) -> None:
    assert {bool(re.search(hook["files"], path)) for hook in HOOKS} == {is_meant}


def test_every_hook_is_documented() -> None:
    rows = re.findall(
        r"^\| `(ankipress-[a-z]+)` \| `([^`]+)`", read_page("docs/commands.md"), re.MULTILINE
    )
    assert rows == [(hook["id"], hook["entry"]) for hook in HOOKS]


def test_without_pre_commit_no_hook_is_tried_and_that_is_said(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "try_pre_commit.py")]
    done = subprocess.run(
        command, env={**environ, "PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "NO HOOK WAS TRIED" in done.stderr
