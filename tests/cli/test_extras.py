"""What must be installed for some commands is told by its own name."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from ankipress.cli.main import install_line, run
from ankipress.cli.serve_command import SERVER
from ankipress.cli.verify_command import ENGINE
from packages import without_engine
from pages import ROOT

# ankipress may be on no index, or a stranger may have the name there.
_BY_NAME = re.compile(
    r"(?:pip3? install|pipx (?:install|run)|uv (?:tool |pip "
    r")?(?:install|run)|uvx)\s+[\"']?ankipress\b"
)


def test_the_packages_are_those_of_the_extras() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    assert extras == {"anki": list(ENGINE), "serve": list(SERVER)}


def test_the_pages_have_the_lines_that_the_commands_tell() -> None:
    for page, requirements in (
        ("commands.md", ENGINE),
        ("commands.md", SERVER),
        ("preview.md", SERVER),
    ):
        assert install_line(requirements) in (ROOT / "docs" / page).read_text(encoding="utf-8")


def test_without_its_server_the_preview_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert run(["serve"]) == 1
    assert capsys.readouterr().err == (
        "error[missing-package]: ankipress serve needs starlette, uvicorn, watchfiles\n"
        '  help: `pip install "starlette>=0.45" "uvicorn>=0.34" "watchfiles>=1.0"`\n'
    )


def test_without_the_engine_of_anki_verify_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "cards.md").write_text("## Q\n\nA\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["build"]) == 0
    [package] = tmp_path.glob("build/*.apkg")
    capsys.readouterr()
    without_engine(tmp_path, monkeypatch)
    assert run(["verify", str(package)]) == 1
    assert re.fullmatch(
        r"error\[missing-package\]: ankipress verify needs Anki's engine: .+\n"
        r'  help: `pip install "anki>=25.9"`\n',
        capsys.readouterr().err,
    )


@pytest.mark.parametrize(
    "line",
    [
        "pip install ankipress",
        "pip install 'ankipress[serve]'",
        "pipx run ankipress",
        "uvx ankipress",
        "uv tool install ankipress",
    ],
)
def test_a_line_that_installs_another_project_is_found(line: str) -> None:
    assert _BY_NAME.search(line)


def test_nothing_tells_to_install_ankipress_by_its_name() -> None:
    texts = [
        *ROOT.glob("*.*"),
        *(
            file
            for name in ("docs", "src", "scripts", "examples")
            for file in (ROOT / name).rglob("*")
        ),
    ]
    wrong = [
        file
        for file in texts
        if file.suffix in {".md", ".py", ".yml", ".toml", ".html"} and _BY_NAME.search(_text(file))
    ]
    assert not wrong


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
