"""CI runs what it should: every Python and system that recto says it supports, with no more rights than it needs."""

from __future__ import annotations

import os
import sys
import tomllib
from typing import Any

import pytest
import yaml

from pages import ROOT, read_page

WORKFLOW: dict[str, Any] = yaml.safe_load(read_page(".github/workflows/ci.yml"))


def test_every_python_of_the_classifiers_is_tested_on_three_systems() -> None:
    prefix = "Programming Language :: Python :: "
    classifiers = tomllib.loads(read_page("pyproject.toml"))["project"]["classifiers"]
    matrix = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == [each.removeprefix(prefix) for each in classifiers if each.startswith(prefix)]
    assert {each.partition("-")[0] for each in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_the_workflow_may_only_read() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert [name for name, job in WORKFLOW["jobs"].items() if "permissions" in job] == []


def test_only_official_actions_are_used() -> None:
    used = [step["uses"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step]
    assert [each for each in used if not each.startswith("actions/")] == []


def test_ci_run_is_make_check_and_make_test() -> None:
    lines = [line for line in read_page(".ci/run").splitlines() if line.startswith("make")]
    assert lines == ["make check", "make test"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_ci_run_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
