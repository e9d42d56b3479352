"""The workflows and the action: no more rights than they need, nothing in them that is not tested,
nothing foreign beside it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

import check_workflows
from ankipress.cli.main import COMMANDS
from ankipress.project.github import workflows
from ankipress.project.settings import parse_settings
from pages import ROOT, read_page

ACTION: dict[str, Any] = yaml.safe_load(read_page("action.yml"))
OWN = {
    path.name: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
}
TEMPLATE = {
    path.name: yaml.safe_load(text)
    for path, text in workflows(Path("/deck"), "deck", check_workflows.SOMEWHERE, "v{version}")
}
ALL = {
    **{f"own {name}": each for name, each in OWN.items()},
    **{f"init {name}": each for name, each in TEMPLATE.items()},
}
STEPS = [
    *ACTION["runs"]["steps"],
    *(step for each in ALL.values() for job in each["jobs"].values() for step in job["steps"]),
]
PROGRAMS = {"python", "gh", ".ci/run", ".venv/bin/python", ".venv\\Scripts\\python"}
TASKS = ("check", "lock", "release", "site", "comment")

# What each job may do beside reading, and why is said beside it in the file.
RIGHTS = {
    "own ci.yml test": {"contents": "read"},
    "own ci.yml deck": {"contents": "read"},
    "own comment.yml comment": {"contents": "read", "actions": "read", "pull-requests": "write"},
    "own lock.yml lock": {"contents": "write"},
    "own nightly.yml laws": {"contents": "read"},
    "own nightly.yml mutants": {"contents": "read"},
    "own pages.yml build": {"contents": "read"},
    "own pages.yml deploy": {"pages": "write", "id-token": "write"},
    "own release.yml release": {"contents": "write", "id-token": "write", "attestations": "write"},
    "init deck.yml check": {"contents": "read"},
    "init deck.yml lock": {"contents": "write"},
    "init deck.yml release": {"contents": "write", "id-token": "write", "attestations": "write"},
    "init deck-comment.yml comment": {"actions": "read", "pull-requests": "write"},
    "init deck-pages.yml build": {"contents": "read"},
    "init deck-pages.yml deploy": {"pages": "write", "id-token": "write"},
}


def on(workflow: dict[Any, Any]) -> dict[str, Any]:
    """What starts a workflow. YAML 1.1 takes the key `on` for true."""
    events: dict[str, Any] = workflow[True]
    return events


def lines(script: str) -> Iterator[str]:
    yield from (line for line in script.splitlines() if line.strip())


def test_every_python_of_the_classifiers_is_tested_on_three_systems() -> None:
    prefix = "Programming Language :: Python :: "
    classifiers = tomllib.loads(read_page("pyproject.toml"))["project"]["classifiers"]
    matrix = OWN["ci.yml"]["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == [
        each.removeprefix(prefix) for each in classifiers if each.startswith(prefix)
    ]
    assert {each.partition("-")[0] for each in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_every_job_has_the_rights_that_it_needs_and_no_others() -> None:
    given = {
        f"{name} {key}": job.get("permissions", workflow["permissions"])
        for name, workflow in ALL.items()
        for key, job in workflow["jobs"].items()
    }
    assert given == RIGHTS


def test_what_a_pull_request_starts_may_only_read() -> None:
    """A job in a workflow that pull requests start may only read, or does not run for them."""
    for name, workflow in ALL.items():
        assert "pull_request_target" not in on(workflow)
        for key, job in workflow["jobs"].items():
            if "pull_request" in on(workflow) and "write" in RIGHTS[f"{name} {key}"].values():
                assert re.search("github.event_name (!= 'pull_request'|== 'push')", job["if"]), (
                    f"{name} {key}"
                )


def test_what_may_comment_takes_no_code_of_the_pull_request() -> None:
    """No `ref`: a workflow_run checks out the default branch."""
    for name in ("own comment.yml", "init deck-comment.yml"):
        assert "workflow_run" in on(ALL[name])
        [steps] = [job["steps"] for job in ALL[name]["jobs"].values()]
        assert [step for step in steps if "run" in step or "ref" in step.get("with", {})] == []
    called = [
        step["run"]
        for step in ACTION["runs"]["steps"]
        if "run" in step and "'comment'" in step["if"] and "==" in step["if"]
    ]
    assert called == [
        'python3 "$GITHUB_ACTION_PATH/scripts/post_comment.py" "$RUNNER_TEMP/ankipress-report"'
    ]


def test_a_report_is_looked_for_in_the_workflow_that_makes_it() -> None:
    assert on(OWN["comment.yml"])["workflow_run"]["workflows"] == [OWN["ci.yml"]["name"]]
    assert on(TEMPLATE["deck-comment.yml"])["workflow_run"]["workflows"] == [
        TEMPLATE["deck.yml"]["name"]
    ]


def test_the_pages_are_written_when_the_lock_is_up_to_date_and_never_for_a_pull_request() -> None:
    assert on(OWN["pages.yml"])["workflow_run"]["workflows"] == [OWN["lock.yml"]["name"]]
    assert "pull_request" not in on(OWN["lock.yml"])
    assert on(TEMPLATE["deck-pages.yml"])["workflow_run"]["workflows"] == [
        TEMPLATE["deck.yml"]["name"]
    ]
    assert (
        "workflow_run.event != 'pull_request'" in TEMPLATE["deck-pages.yml"]["jobs"]["build"]["if"]
    )
    for name in ("own pages.yml", "init deck-pages.yml"):
        assert "conclusion == 'success'" in ALL[name]["jobs"]["build"]["if"]


def test_a_tag_of_the_settings_starts_a_release() -> None:
    settings, _ = parse_settings(read_page("pyproject.toml"), "pyproject.toml", name="ankipress")
    assert settings
    patterns = on(OWN["release.yml"])["push"]["tags"]
    assert [
        each
        for each in patterns
        if fnmatch(settings.release_tag.format(name=settings.name, version="1.2.3"), each)
    ]


def test_only_official_actions_and_ankipress_itself_are_used() -> None:
    used = {step["uses"] for step in STEPS if "uses" in step}
    assert {each for each in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", each)} == {
        "./",
        check_workflows.SOMEWHERE,
    }


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [step for step in STEPS if step.get("uses", "").startswith("actions/checkout")]
    assert checkouts
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


def test_no_command_has_an_expression_in_it() -> None:
    """Titles, branches and answers come as variables of the environment, which a shell does not
    read as commands.
    """
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_every_step_is_two_lines_at_most_of_what_tests_cover() -> None:
    scripts = {path.name for path in (ROOT / "scripts").glob("*.py")}
    for script in (step["run"] for step in STEPS if "run" in step):
        assert len(list(lines(script))) <= 2
        for line in lines(script):
            program, *words = line.split()
            if program == "ankipress":
                assert words[0] in COMMANDS, line
            elif called := re.search(r"scripts/(\w+\.py)", line):
                assert called[1] in scripts, line
            else:
                assert program in PROGRAMS, line


def test_every_task_of_the_action_is_described_and_used() -> None:
    described = ACTION["inputs"]["task"]["description"]
    assert [task for task in TASKS if f"{task} (" not in described] == []
    conditions = {
        task
        for step in ACTION["runs"]["steps"]
        for task in re.findall(r"inputs\.task == '(\w+)'", step.get("if", ""))
    }
    assert conditions == set(TASKS)
    for group in (OWN, TEMPLATE):
        jobs = [job for each in group.values() for job in each["jobs"].values()]
        assert {
            step["with"]["task"]
            for job in jobs
            for step in job["steps"]
            if "task" in step.get("with", {})
        } == set(TASKS)


def test_ci_run_is_make_check_and_make_test() -> None:
    assert [line for line in read_page(".ci/run").splitlines() if line.startswith("make")] == [
        "make check",
        "make test",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such shell")
@pytest.mark.parametrize(
    ("make", "status", "summary"),
    [
        pytest.param("true", 0, "ci/run passed: checks and tests, after ", id="all is well"),
        pytest.param('[ "$1" = test ]', 1, "ci/run FAILED in make check, after ", id="a lint"),
        pytest.param('[ "$1" = check ]', 1, "ci/run FAILED in make test, after ", id="a test"),
    ],
)
def test_ci_run_ends_with_one_plain_line(
    make: str, status: int, summary: str, tmp_path: Path
) -> None:
    (tmp_path / "make").write_text(f"#!/bin/sh\n{make}\n", encoding="utf-8")
    (tmp_path / "make").chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    environment["PATH"] = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", ROOT / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert re.fullmatch(rf"{summary}\d+ min \d+ s\n", done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_ci_run_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


# What `make check` finds.

WORKFLOW = """\
name: x
on: {pull_request: {}}
permissions: {}
jobs:
  x:
    name: x
    runs-on: ubuntu-latest
    steps:
      - STEP
"""


@pytest.mark.parametrize(
    ("step", "found"),
    [
        pytest.param("run: make test", None, id="nothing"),
        pytest.param(
            "runs: make test",
            "Schema validation errors were encountered",
            id="a key that there is not",
        ),
        pytest.param(
            "run: echo ${{ github.event.pull_request.title }}",
            "template-injection",
            id="a title in a command",
        ),
        pytest.param(
            "uses: someone/something@v1", "unpinned-uses", id="a foreign action that can change"
        ),
        pytest.param("uses: actions/checkout@v5", "artipacked", id="a token left behind"),
        pytest.param("run: echo ${{ github.sha }}", "in `env`", id="an expression in a command"),
        pytest.param(
            "run: echo A=b >> $GITHUB_ENV",
            "variables of later steps",
            id="variables of later steps",
        ),
        pytest.param(
            "run: echo bin >> $GITHUB_PATH", "programs of later", id="programs of later steps"
        ),
        pytest.param("uses: actions/cache@v4", "a cache is shared", id="a cache"),
        pytest.param(
            "uses: actions/setup-python@v6\n        with: {cache: pip}",
            "a cache is shared",
            id="a cache of packages",
        ),
        *(
            pytest.param(
                f"uses: actions/download-artifact@v6\n        with: {{name: x, {path}}}",
                "a folder of its own",
                id=f"unpacked with {path}",
            )
            for path in (
                "merge-multiple: true",
                "path: .",
                'path: "${{ runner.temp }}"',
                'path: "${{ runner.temp }}/"',
                'path: "${{ runner.temp }}/../x"',
                'path: "${{ runner.temp }}/_github_workflow"',
                'path: "${{ runner.temp }}/x/../_github_workflow"',
                'path: "${{ github.workspace }}/x"',
            )
        ),
        pytest.param(
            'uses: actions/download-artifact@v6\n        with: {path: "${{ runner.temp }}/x"}',
            None,
            id="unpacked into a folder of its own",
        ),
    ],
)
def test_make_check_finds(
    tmp_path: Path, step: str, found: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "x.yml").write_text(
        WORKFLOW.replace("STEP", step), encoding="utf-8"
    )
    status = check_workflows.main([tmp_path])
    output = "".join(capfd.readouterr())
    assert status == (found is not None), output
    assert found is None or found in output


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        pytest.param("on: {push: {}}\npermissions: {}\njobs: {a: {steps: []}}", 0, id="nothing"),
        pytest.param(
            "on: {pull_request_target: {}}\npermissions: {}\njobs: {a: {steps: []}}",
            1,
            id="a pull request with all rights",
        ),
        pytest.param("on: {push: {}}\njobs: {a: {steps: []}, b: {}}", 2, id="jobs without rights"),
        pytest.param(
            "on: {workflow_run: {}}\npermissions: {}\njobs:\n  a:\n    steps:\n"
            "    - {uses: actions/checkout@v5, with: {ref: x}}",
            1,
            id="the code of a pull request where it may write",
        ),
        pytest.param("runs: {steps: [{run: python -P -m pip}]}", 0, id="nothing in an action"),
        pytest.param("runs: {steps: [{run: python -m pip}]}", 1, id="a module of the deck"),
        pytest.param("runs: {steps: [{run: python3 -c 'import x'}]}", 1, id="code in the deck"),
        pytest.param("runs: {steps: [{run: python -X utf8 -m pip}]}", 1, id="another option"),
    ],
)
def test_what_is_unsafe(document: str, problems: int) -> None:
    assert len(list(check_workflows.unsafe(yaml.safe_load(document)))) == problems


def test_what_is_here_is_not_unsafe() -> None:
    for name, document in {**ALL, "action": ACTION}.items():
        assert list(check_workflows.unsafe(document)) == [], name


def test_make_check_looks_at_workflows() -> None:
    makefile = read_page("Makefile")
    assert (
        "scripts/check_workflows.py"
        in makefile[makefile.index("\ncheck:") : makefile.index("\nfix:")]
    )


def test_the_example_of_ten_lines_is_a_workflow(tmp_path: Path) -> None:
    """What docs/github.md shows passes the same checks, but for the address of the action."""
    [example] = re.findall(r"```yaml\n(name: deck\n.+?)```", read_page("docs/github.md"), re.DOTALL)
    assert len(list(lines(example))) == 10
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    text = example.replace("owner/ankipress@v0.1.0", check_workflows.SOMEWHERE)
    assert text != example
    (tmp_path / ".github" / "workflows" / "deck.yml").write_text(text, encoding="utf-8")
    assert check_workflows.main([tmp_path]) == 0


def test_the_tools_are_those_of_the_environment() -> None:
    for tool in ("zizmor", "check-jsonschema"):
        done = subprocess.run(
            [check_workflows.TOOLS / tool, "--version"], capture_output=True, text=True, check=True
        )
        assert re.search(r"\d+\.\d+", done.stdout)
