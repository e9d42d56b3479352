"""What is called as an extension, what it may raise, and what those that read files may read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ankipress.build.compilation import compile_project
from ankipress.cli.main import run
from ankipress.interruption import Interruption
from ankipress.project.settings import ExtensionSetting
from ankipress.render.extension_loading import load_extensions
from ankipress.render.html import canonical
from ankipress.render.markdown import Converter
from stages import converted

BEGIN = """
import sys
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Quit(Preprocessor):
    def run(self, lines):
        {conversion}
        return lines

class Quits(Extension):
    def __init__(self, **options):
        {making}
        super().__init__()

    def extendMarkdown(self, md):
        {registration}
        md.preprocessors.register(Quit(md), "quit", 1)

def makeExtension(**options):
    return Quits(**options)

{importing}
"""
STEPS = ("importing", "making", "registration", "conversion")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("subprocess:Popen", {"args": ["touch", "ran"]}),
        ("subprocess:run", {"args": ["touch", "ran"]}),
        ("os:system", {"command": "touch ran"}),
        ("builtins:open", {"file": "ran", "mode": "w"}),
        ("pathlib:Path", {}),
        ("markdown:Markdown", {}),
        ("markdown.preprocessors:Preprocessor", {}),
        ("os:environ", {}),
        ("__main__:__name__", {}),
    ],
)
def test_nothing_else_than_an_extension_is_called(
    name: str, options: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    [problem] = load_extensions([ExtensionSetting(name, options)]).diagnostics
    assert problem.code == "bad-extension"
    assert "it is no subclass of markdown.extensions.Extension" in problem.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["toc", "markdown.extensions.toc", "pymdownx.keys:KeysExtension"])
def test_names_of_all_forms_are_extensions(name: str) -> None:
    loaded = load_extensions([ExtensionSetting(name)])
    assert (len(loaded.extensions), loaded.diagnostics) == (1, [])


@pytest.mark.parametrize(
    "name",
    [
        "codehilite",
        "markdown.extensions.codehilite",
        "markdown.extensions.codehilite:CodeHiliteExtension",
        "pymdownx.b64",
        "pymdownx.b64:B64Extension",
    ],
)
@pytest.mark.usefixtures("trusting")
def test_extensions_by_which_cards_could_reach_files_are_not_used(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "written.css"
    text = f"## Q?\n\nA\n\n``` {{ .python full=true cssfile={outside} }}\n1\n```\n"
    (tmp_path / "deck").mkdir()
    monkeypatch.chdir(tmp_path / "deck")
    settings = f'extensions = ["fenced_code", "{name}"]\n'
    Path("ankipress.toml").write_text(settings, encoding="utf-8")
    Path("cards.md").write_text(text, encoding="utf-8")
    assert run(["check", "--select", "bad-extension"]) == 1
    assert f'"{name}" is not used as an extension' in capsys.readouterr().out
    assert not outside.exists()


def own_module(folder: Path, step: str, statement: str) -> str:
    """An extension that does something in one of its steps: its name."""
    name = f"quits_{folder.name}".replace("-", "_")
    statements = {**dict.fromkeys(STEPS, "pass"), step: statement}
    (folder / f"{name}.py").write_text(BEGIN.format(**statements), encoding="utf-8")
    return name


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "statement",
    [
        "sys.exit()",
        "sys.exit('bye')",
        "raise GeneratorExit",
        "raise BaseException('bye')",
        "raise MemoryError",
        "raise RecursionError",
        "1 / 0",
    ],
)
@pytest.mark.usefixtures("trusting")
def test_whatever_an_extension_raises_is_an_error(
    statement: str,
    step: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = own_module(tmp_path, step, statement)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    Path("ankipress.toml").write_text(f'extensions = ["{name}"]\n', encoding="utf-8")
    Path("cards.md").write_text("## Q?\n\nA\n", encoding="utf-8")
    assert run(["check", "--format", "json", "--select", "error"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {each["code"] for each in found} == {"bad-extension"}
    sys.modules.pop(name, None)


@pytest.mark.usefixtures("trusting")
def test_an_extension_that_exits_in_a_worker_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = own_module(tmp_path, "conversion", "sys.exit()")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(sys.path)}")
    (tmp_path / "ankipress.toml").write_text(f'extensions = ["{name}"]\n', encoding="utf-8")
    cards = "".join(f"## Question {number}?\n\nAnswer {number}.\n\n" for number in range(1100))
    (tmp_path / "cards.md").write_text(cards, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ankipress", "build", "--jobs", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "error[bad-extension]: an extension fails on this card: SystemExit" in done.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt, Interruption])
def test_an_interruption_is_none_of_an_extension(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise error

    monkeypatch.setattr("pymdownx.keys.KeysExtension.extendMarkdown", interrupt)
    with pytest.raises(error):
        load_extensions([ExtensionSetting("pymdownx.keys")])
    monkeypatch.undo()
    monkeypatch.setattr("pymdownx.keys.KeysPattern.handleMatch", interrupt)
    converter = Converter(load_extensions([ExtensionSetting("pymdownx.keys")]).extensions)
    with pytest.raises(error):
        converted("++a++", converter=converter)


# Snippets


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with parts, secrets and a link, beside a file that is none of its own."""
    deck = tmp_path / "deck"
    (deck / "parts").mkdir(parents=True)
    (deck / ".git").mkdir()
    (tmp_path / "deck-2").mkdir()
    texts = {
        "deck/parts/a.md": "part",
        "deck/.git/config": "secret",
        "deck/.env": "secret",
        "secret.md": "secret",
        "deck-2/secret.md": "secret",
    }
    for path, text in texts.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    (deck / "parts" / "link.md").symlink_to(tmp_path / "secret.md")
    (deck / "parts" / "folder").symlink_to(tmp_path)
    (deck / "parts" / "git").symlink_to(deck / ".git")
    return deck


def snippet(project: Path, path: str, **options: object) -> str:
    """What a card shows in the place of a file."""
    setting = ExtensionSetting("pymdownx.snippets", options, root=str(project))
    loaded = load_extensions([setting])
    assert loaded.diagnostics == []
    converter = Converter(loaded.extensions)
    return canonical(converted(f'--8<-- "{path}"', converter=converter).html)


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("parts/a.md", {}),
        ("a.md", {"base_path": "parts"}),
        ("a.md", {"base_path": ["none", "parts"]}),
        ("a.md", {"base_path": "parts/a.md"}),
        ("parts/../parts/a.md", {}),
    ],
)
def test_a_snippet_is_a_file_of_the_project_whatever_the_current_folder_is(
    path: str,
    options: Mapping[str, object],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(project.parent)
    assert snippet(project, path, **options) == "<p>part</p>"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.md",
        "../deck-2/secret.md",
        "{outside}/secret.md",
        "parts/link.md",
        "parts/folder/secret.md",
        "parts/git/config",
        ".git/config",
        ".env",
        "http://127.0.0.1:9/secret.md",
        "file://{outside}/secret.md",
    ],
)
def test_a_snippet_is_nothing_else(path: str, project: Path) -> None:
    assert snippet(project, path.format(outside=project.parent)) == ""


@pytest.mark.parametrize(
    "options",
    [
        {"base_path": ".."},
        {"base_path": ["parts", "/"]},
        {"base_path": "parts/folder"},
        {"base_path": "parts/link.md"},
        {"restrict_base_path": False},
        {"url_download": True},
        {"url_download": "true"},
    ],
)
def test_options_of_snippets_that_lead_out_are_an_error(
    options: Mapping[str, object], project: Path
) -> None:
    setting = ExtensionSetting("pymdownx.snippets", options, root=str(project))
    [problem] = load_extensions([setting]).diagnostics
    assert problem.code == "bad-extension"


@pytest.mark.usefixtures("trusting")
def test_projects_of_one_process_have_their_own_snippets(project: Path) -> None:
    other = project.parent / "other"
    for folder in (project, other):
        (folder / "parts").mkdir(exist_ok=True, parents=True)
        (folder / "parts" / "a.md").write_text(f"part of {folder.name}", encoding="utf-8")
        (folder / "cards.md").write_text('## Q?\n\n--8<-- "parts/a.md"\n', encoding="utf-8")
        text = 'extensions = ["pymdownx.snippets"]\n'
        (folder / "ankipress.toml").write_text(text, encoding="utf-8")
        [note] = compile_project([folder]).compiled.package.notes
        assert f"part of {folder.name}" in "".join(note.fields)
