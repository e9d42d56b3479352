"""Every error has one form: `error[code]: message`, and what helps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ankipress.cli.main import run
from ankipress.diagnostics import CODES

_FORM = re.compile(r"(?:\S.*?: )?(?:error|warning)\[([a-z0-9-]+)\]: \S.*\n(?:  .*\n)*")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards.md").write_text("## Q\n\nA\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param("bulid", "there is no command 'bulid'; did you mean \"build\"?", id="command"),
        pytest.param("--nonsense", "no such option '--nonsense'", id="option of the group"),
        pytest.param("build --nonsense", "no such option '--nonsense'", id="option"),
        pytest.param(
            "build --lokced",
            "no such option '--lokced'; did you mean '--locked'?",
            id="misspelt option",
        ),
        pytest.param(
            "build --jbos 3",
            "no such option '--jbos'; did you mean one of: '--jobs', '--verbose'?",
            id="option misspelt so that it may be one of two",
        ),
        pytest.param(
            "build no.md", "invalid value for '[PATHS]...': Path 'no.md' does not exist", id="path"
        ),
        pytest.param(
            "list --format xml",
            "invalid value for '--format': 'xml' is not one of 'text', 'json'",
            id="choice",
        ),
        pytest.param("diff", "missing argument 'OLD'", id="missing argument"),
        pytest.param(
            "check --select foo", "invalid value for '--select': there is no code 'foo'", id="code"
        ),
        pytest.param(
            "release 1.2", "'1.2' is neither a version such as 1.2.0 nor a folder", id="v"
        ),
    ],
)
def test_a_wrong_call(
    words: str, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    [first, help] = said.err.splitlines()
    assert first == f"error[bad-usage]: {message}"
    command = f"ankipress {words.split(maxsplit=1)[0]}"
    if "command" in message or words.startswith("-"):
        command = "ankipress"
    assert help.startswith(f"  help: it is called as `{command} [")
    assert help.endswith(f"; `{command} --help` says more")


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        pytest.param("build bulid.md", "bad-usage", 2, id="no such path"),
        pytest.param("ids --new cards.md:99", "bad-usage", 2, id="no such card"),
        pytest.param("init --github", "bad-usage", 2, id="no place of the action"),
        pytest.param("diff HEAD", "no-edition", 1, id="no repository"),
        pytest.param("check --against HEAD", "no-edition", 1, id="no repository to guard"),
        pytest.param("release", "cannot-release", 1, id="no repository to release"),
        pytest.param("verify cards.md", "bad-package", 1, id="no package"),
        pytest.param("recover cards.md", "bad-package", 1, id="no package to recover from"),
    ],
)
def test_an_error_without_a_place(
    words: str, code: str, status: int, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words.split()) == status
    said = capsys.readouterr().err
    found = _FORM.fullmatch(said)
    assert found, said
    assert found[1] == code
    assert code in CODES


@pytest.mark.parametrize("words", ["diff HEAD", "check --against HEAD", "release"])
def test_missing_git(
    words: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / ".git").mkdir()
    monkeypatch.setenv("PATH", str(here / "nothing"))
    assert run(words.split()) == 1
    said = capsys.readouterr().err
    assert _FORM.fullmatch(said)
    assert "git is not installed, or not on the PATH\n  help: install git" in said


def test_a_project_that_is_there_already(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init"]) == 0
    capsys.readouterr()
    assert run(["init"]) == 1
    assert capsys.readouterr().err == (
        "error[already-a-project]: ankipress.toml exists: this is an ankipress project already\n"
        "  help: name a new folder: `ankipress init my-deck`\n"
    )


def test_nothing_in_the_help_of_a_problem_is_a_file_that_only_a_checkout_has() -> None:
    package = Path(__file__).parents[2] / "src" / "ankipress"
    wrong = []
    for file in package.rglob("*.py"):
        text = re.sub(r'"""(?:.|\n)*?"""|#.*', "", file.read_text(encoding="utf-8"))
        wrong += re.findall(r"docs/\w+\.md", text)
    for file in (package / "project" / "starter").rglob("*"):
        if file.suffix in {".toml", ".md", ".yml"}:
            wrong += re.findall(r"docs/\w+\.md", file.read_text(encoding="utf-8"))
    assert wrong == []
