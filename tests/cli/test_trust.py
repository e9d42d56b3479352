"""What a project may run is what its user allows: extensions, commands, and the code of cards."""

from __future__ import annotations

import json
import os
import py_compile
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ankipress
from ankipress.cli.main import run
from ankipress.project import trust
from ankipress.project.extension_modules import is_nowhere

SOURCE = Path(ankipress.__file__).parent.parent
CARD = "## What is a tensor?\n\nA regular array of numbers.\n"
CODE = "## What does it print?\n\n```python {.run}\nprint(1)\n```\n\n```text\n1\n```\n"
OWN = """
from pathlib import Path
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

Path(__file__).with_name("ran").touch()

class Shout(Preprocessor):
    def run(self, lines):
        return [line.upper() for line in lines]

class Shouts(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Shout(md), "shout", 1)

def makeExtension(**options):
    return Shouts(**options)
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, with a card, in the current folder."""
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "cards.md").write_text(CARD, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def own(deck: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with an extension of its own, where Python looks for modules."""
    folder = deck / "modules"
    folder.mkdir()
    (folder / "own_shout.py").write_text(OWN, encoding="utf-8")
    set_up(deck, 'extensions = ["own_shout"]')
    monkeypatch.syspath_prepend(str(folder))
    yield deck
    sys.modules.pop("own_shout", None)


def set_up(deck: Path, text: str) -> None:
    (deck / "ankipress.toml").write_text(f"{text}\n", encoding="utf-8")


def codes(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, int, int, int]]:
    """The errors of a check, with their places and widths."""
    capsys.readouterr()
    run(["check", "--format", "json", "--select", "error", *arguments])
    rows = json.loads(capsys.readouterr().out)
    return [(row["code"], row["line"], row["column"], row["width"]) for row in rows]


def trust_files() -> list[Path]:
    return sorted(Path(os.environ["XDG_CONFIG_HOME"]).rglob("trust/*.json"))


# What needs trust, and what does not


@pytest.mark.parametrize(
    "value",
    [
        "[]",
        '["toc", "pymdownx.keys", "markdown.extensions.abbr", "extra", "pymdownx.extra"]',
        '[{ name = "toc", options = { permalink = true } }]',
        '[{ name = "pymdownx.arithmatex", options = { generic = true } }]',
        '[{ name = "pymdownx.superfences", options = { css_class = "x" } }]',
    ],
)
def test_what_is_harmless_needs_no_trust(
    value: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(deck, f"extensions = {value}")
    assert codes(capsys) == []
    assert run(["trust"]) == 0
    assert "it asks for nothing that runs code" in capsys.readouterr().out
    assert trust_files() == []


@pytest.mark.parametrize(
    "value",
    [
        '{ name = "subprocess:Popen", options = { args = ["touch", "x"] } }',
        '{ name = "os:system", options = { command = "touch x" } }',
        '"antigravity"',
        '"json"',
        '"json.no_such_module"',
        '"pymdownx.snippets"',
        '"pymdownx.pathconverter"',
        '{ name = "toc", options = { slugify = "os.system" } }',
        '{ name = "footnotes", options = { BACKLINK_TITLE = "{:>9999999999}" } }',
        '{ name = "extra", options = { footnotes = { BACKLINK_TITLE = "{:>9999999999}" } } }',
        '{ name = "pymdownx.superfences", options = { custom_fences = [{ format = "x" }] } }',
        '{ name = "pymdownx.arithmatex", options = { tex_inline_wrap = ["{:9999999999}", ""] } }',
        '{ name = "pymdownx.highlight", options = { extend_pygments_lang = [] } }',
        '{ name = "pymdownx.emoji", options = { emoji_index = "x" } }',
        '{ name = "wikilinks", options = { build_url = "x" } }',
    ],
)
def test_what_is_not_harmless_is_an_error_where_the_settings_name_it(
    value: str, deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(deck, f'extensions = ["pymdownx.keys", {value}]')
    name = value.removeprefix("{ name = ").split('"')[1]
    column = (deck / "ankipress.toml").read_text().index(f'"{name}"') + 2
    assert codes(capsys) == [("not-trusted", 1, column, len(name))]
    assert run(["trust"]) == 2
    assert name in capsys.readouterr().out
    assert trust_files() == []


def test_of_two_equal_names_the_one_with_options_is_meant(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(deck, '# "toc"\nextensions = ["toc",\n{ name = "toc", options = { slugify = "x" } }]')
    assert codes(capsys) == [("not-trusted", 3, 11, 3)]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("no_such_module_anywhere", True),
        ("no_such_module_anywhere.x:Y", True),
        ("pymdownx.kezs", True),
        ("..x", True),
        ("pymdownx.keys", False),
        ("json", False),
        ("json.x", False),
        ("json..x", False),
        ("os:system", False),
    ],
)
def test_where_there_is_no_module_nothing_can_run(name: str, result: bool) -> None:
    assert is_nowhere(name) is result


COMMANDS = (
    ["build"],
    ["build", "--locked"],
    ["check"],
    ["list"],
    ["ids"],
    ["site", "--output", "../site"],
    ["artifacts"],
    ["release", "--dry-run"],
    ["diff", "../twin"],
    ["diff", "HEAD"],
    ["check", "--against", "HEAD"],
    ["trust", "--yes"],
    ["trust", "--list"],
    ["trust", "--revoke"],
    ["init", "--github", "--action", "a/b@v1"],
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("kind", ["module", "package", "class", "submodule"])
def test_no_command_imports_anything_before_trust_is_there(
    arguments: list[str], kind: str, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = deck / "modules"
    mark = folder / "ran"
    module = {
        "module": "evil_module.py",
        "class": "evil_module.py",
        "package": "evil_module/__init__.py",
        "submodule": "evil_module/__init__.py",
    }[kind]
    name = {"class": "evil_module:Shouts", "submodule": "evil_module.inner"}.get(
        kind, "evil_module"
    )
    (folder / module).parent.mkdir(parents=True)
    (folder / module).write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    set_up(deck, f'name = "deck"\nextensions = ["{name}"]')
    _commit(deck)
    (deck.parent / "twin").mkdir()
    for file in ("ankipress.toml", "cards.md"):
        (deck.parent / "twin" / file).write_bytes((deck / file).read_bytes())
    monkeypatch.syspath_prepend(str(folder))
    run(arguments)
    assert not mark.exists()
    assert "evil_module" not in sys.modules


def _commit(deck: Path) -> None:
    for words in (
        ["init", "-q"],
        ["config", "user.name", "A"],
        ["config", "user.email", "a@b"],
        ["add", "."],
        ["commit", "-qm", "1"],
    ):
        subprocess.run(["git", *words], cwd=deck, check=True)


# Trust is kept


def test_trust_is_shown_asked_for_kept_listed_and_taken_back(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [code for code, *_ in codes(capsys)] == ["not-trusted"]
    assert run(["trust", "--yes"]) == 0
    shown = capsys.readouterr().out
    assert "ankipress.toml:1  the extension own_shout, which may use code of this project" in shown
    assert "modules/own_shout.py" in shown
    assert codes(capsys) == []
    assert (own / "modules" / "ran").exists()
    assert run(["trust"]) == 0
    assert "all that it wants to run is trusted" in capsys.readouterr().out
    assert run(["trust", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0] == str(own)
    assert listed[1].startswith("  the extension own_shout")
    monkeypatch.chdir(own.parent)
    assert run(["trust", "--revoke", "deck"]) == 0
    assert "deck is trusted no longer" in capsys.readouterr().out
    assert [code for code, *_ in codes(capsys, "deck")] == ["not-trusted"]
    assert run(["trust", "--revoke", "deck"]) == 0
    assert "deck was not trusted" in capsys.readouterr().out
    assert trust_files() == []


def test_a_folder_that_is_gone_can_be_named_to_take_trust_back(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["trust", "--yes"]) == 0
    monkeypatch.chdir(own.parent)
    own.rename(own.parent / "moved")
    assert run(["trust", "--revoke", "deck"]) == 0
    assert trust_files() == []


@pytest.mark.parametrize("answer", [True, False])
def test_it_asks_at_a_terminal(
    answer: bool, own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ankipress.cli.trust_command.can_ask", lambda: True)
    monkeypatch.setattr("click.confirm", lambda _: answer)
    assert run(["trust"]) == (0 if answer else 1)
    assert bool(trust_files()) is answer
    assert bool(codes(capsys)) is not answer


@pytest.mark.parametrize(
    "arguments", [["--yes", "--list"], ["--list", "--revoke"], ["no-such-folder"]]
)
def test_wrong_calls(arguments: list[str], deck: Path) -> None:
    assert run(["trust", *arguments]) == 2


def _edit(path: str, text: str) -> Callable[[Path], object]:
    def change(deck: Path) -> None:
        (deck / path).parent.mkdir(exist_ok=True, parents=True)
        (deck / path).write_text(text, encoding="utf-8")

    return change


def _link_to_hidden(deck: Path) -> None:
    (deck / ".hidden").mkdir()
    (deck / ".hidden" / "words.py").write_text("WORD = 1\n", encoding="utf-8")
    (deck / "modules" / "linked").symlink_to(deck / ".hidden")


def _unchecked(deck: Path) -> None:
    """Compiled code that Python takes whatever its source says (PEP 552)."""
    other = deck / "other.py"
    other.write_text(OWN + "\nx = 1\n", encoding="utf-8")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    place = deck / "modules" / "__pycache__" / "own_shout.cpython-312.pyc"
    py_compile.compile(str(other), str(place), invalidation_mode=mode)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_edit("modules/own_shout.py", OWN + "\n"), id="its module"),
        pytest.param(_edit("modules/words.py", ""), id="a module beside it"),
        pytest.param(_edit("modules/a/b/words.py", ""), id="a module below it"),
        pytest.param(_edit("modules/words.abi3.so", ""), id="a compiled one"),
        pytest.param(_link_to_hidden, id="a link to a hidden folder"),
        pytest.param(_unchecked, id="compiled code that is not compared with its source"),
        pytest.param(
            lambda deck: set_up(deck, 'extensions = ["own_shout", "pymdownx.pathconverter"]'),
            id="one more extension",
        ),
        pytest.param(
            lambda deck: set_up(deck, 'extensions = [{ name = "own_shout", options = { a = 1 } }]'),
            id="an option",
        ),
        pytest.param(
            lambda deck: set_up(deck, 'extensions = ["own_shout:Shouts"]'), id="another class"
        ),
    ],
)
def test_what_changes_is_asked_again(
    change: Callable[[Path], object], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "--yes"]) == 0
    assert codes(capsys) == []
    change(own)
    assert [code for code, *_ in codes(capsys)] == ["not-trusted"]
    assert run(["trust", "--yes"]) == 0
    assert "not-trusted" not in [code for code, *_ in codes(capsys)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_edit("cards.md", CARD.replace("regular", "square")), id="a card"),
        pytest.param(_edit("modules/notes.txt", "x"), id="a text beside the module"),
        pytest.param(_edit("other/tool.py", "x"), id="code that Python does not look for"),
        pytest.param(lambda deck: py_compile.compile(str(deck / "modules/own_shout.py")), id="pyc"),
        pytest.param(
            lambda deck: set_up(deck, '\n\nlang = "de"\nextensions = ["own_shout"]'), id="a setting"
        ),
    ],
)
def test_what_runs_nothing_else_is_not_asked_again(
    change: Callable[[Path], object], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "--yes"]) == 0
    change(own)
    assert codes(capsys) == []


def test_trust_in_a_project_is_none_in_its_copy(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "--yes"]) == 0
    copy = own.parent / "copy"
    copy.mkdir()
    for name in ("ankipress.toml", "cards.md"):
        (copy / name).write_bytes((own / name).read_bytes())
    [file] = trust_files()
    assert [code for code, *_ in codes(capsys, str(copy))] == ["not-trusted"]
    # Nor where the file is put in the place of that of the copy.
    assert run(["trust", "--yes", str(copy)]) == 0
    [other] = set(trust_files()) - {file}
    other.write_bytes(file.read_bytes())
    assert [code for code, *_ in codes(capsys, str(copy))] == ["not-trusted"]


def test_a_revision_may_do_what_its_project_may(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / ".gitignore").write_text("ran\n__pycache__\n", encoding="utf-8")
    _commit(own)
    assert run(["trust", "--yes"]) == 0
    assert run(["diff", "HEAD"]) == 0
    set_up(own, "")
    assert run(["diff", "HEAD"]) == 0
    set_up(own, 'extensions = ["own_shout"]')
    assert run(["trust", "--revoke"]) == 0
    capsys.readouterr()
    assert run(["diff", "HEAD"]) == 1
    assert "not-trusted" in capsys.readouterr().err


def test_the_file_is_for_its_user_alone(own: Path) -> None:
    assert run(["trust", "--yes"]) == 0
    [file] = trust_files()
    assert list(file.parent.iterdir()) == [file]
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"folder": 1}', b"\xff\0", b'{"a":'])
def test_a_file_that_is_damaged_trusts_nothing(
    content: bytes, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "--yes"]) == 0
    [file] = trust_files()
    file.write_bytes(content)
    capsys.readouterr()
    assert run(["check"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "error[not-trusted]" in shown
    assert f"{file.name} is damaged" in shown
    assert "so nothing is trusted" in shown
    assert run(["trust", "--list"]) == 1
    assert f"{file.name} is damaged" in " ".join(capsys.readouterr().err.split())
    assert run(["trust", "--yes"]) == 0
    assert codes(capsys) == []


def test_a_write_that_fails_leaves_what_was_there(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "--yes"]) == 0
    [file] = trust_files()
    before = file.read_bytes()
    set_up(own, 'extensions = ["own_shout", "pymdownx.pathconverter"]')

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ankipress.project.trust.os.replace", refuse)
    assert run(["trust", "--yes"]) == 1
    assert "cannot-write" in capsys.readouterr().err
    assert list(file.parent.iterdir()) == [file]
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("value", "is_allowed"), [("1", True), ("", False), ("0", False), ("true", False)]
)
def test_the_environment_allows_everything_for_one_run(
    value: str,
    is_allowed: bool,
    own: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(trust.VARIABLE, value)
    assert (codes(capsys) == []) is is_allowed
    monkeypatch.delenv(trust.VARIABLE)
    assert codes(capsys) != []
    assert trust_files() == []


def test_an_untrusted_project_is_not_answered_from_what_is_remembered(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["trust", "--yes"]) == 0
    assert run(["build"]) == 0
    assert run(["build"]) == 0
    assert run(["trust", "--revoke"]) == 0
    capsys.readouterr()
    assert run(["build"]) == 1
    output = capsys.readouterr()
    assert "not-trusted" in output.err
    assert output.out == ""


def test_a_card_that_was_rendered_with_trust_is_not_shown_without(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each want is a part of what a remembered card depends on."""
    from ankipress.build.compilation import compile_project  # noqa: PLC0415

    monkeypatch.setenv(trust.VARIABLE, "1")
    [note] = compile_project([]).compiled.package.notes
    assert "NUMBERS" in "".join(note.fields)
    monkeypatch.delenv(trust.VARIABLE)
    [note] = compile_project([]).compiled.package.notes
    assert "NUMBERS" not in "".join(note.fields)


# The code of cards


def test_code_of_cards_runs_where_it_is_allowed_and_nowhere_else(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = deck / "ran"
    code = CODE.replace("print(1)", f"open({str(mark)!r}, 'w'); print(1)")
    (deck / "cards.md").write_text(code, encoding="utf-8")
    assert codes(capsys, "--run") == [("not-trusted", 3, 1, 16)]
    assert not mark.exists()
    assert codes(capsys) == []
    assert run(["trust", "--yes"]) == 0
    assert not mark.exists()
    assert codes(capsys, "--run") == []
    assert mark.exists()


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        pytest.param("print(1)", "print(1) ", [("not-trusted", 3, 1, 16)], id="other code"),
        pytest.param("```text", "```python {.run}", [("not-trusted", 7, 1, 16)], id="more code"),
        pytest.param("What does", "What will", [], id="the question"),
        pytest.param("## What", "# Deck\n\n## What", [], id="its place"),
        pytest.param("```python", "```snake", [("not-trusted", 2, 2, 3)], id="another language"),
    ],
)
def test_other_code_is_asked_again(
    before: str,
    after: str,
    places: list[tuple[str, int, int, int]],
    deck: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = Path(sys.executable).as_posix()
    set_up(deck, f"name = 'deck'\n[run]\nsnake = '\"{program}\" -I'")
    (deck / "cards.md").write_text(CODE, encoding="utf-8")
    assert run(["trust", "--yes"]) == 0
    (deck / "cards.md").write_text(CODE.replace(before, after), encoding="utf-8")
    assert set(places) <= set(codes(capsys, "--run"))
    assert bool(codes(capsys, "--run")) == bool(places)


def test_another_command_is_asked_again(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = Path(sys.executable).as_posix()
    (deck / "cards.md").write_text(CODE, encoding="utf-8")
    set_up(deck, f"run = {{ python = '\"{program}\" -I' }}")
    assert run(["trust", "--yes"]) == 0
    assert "the command" in capsys.readouterr().out
    assert codes(capsys, "--run") == []
    set_up(deck, f"run = {{ python = '\"{program}\"' }}")
    assert codes(capsys, "--run") == [("not-trusted", 1, 1, 3)]


def test_a_command_for_which_there_is_no_code_needs_no_trust(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(deck, 'run = { lua = "lua" }')
    assert codes(capsys, "--run") == []


def test_code_of_a_file_without_settings(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deck / "notes.md").write_text(CODE, encoding="utf-8")
    assert [code for code, *_ in codes(capsys, "--run", "notes.md")] == ["not-trusted"]
    assert run(["trust", "--yes", "notes.md"]) == 0
    assert codes(capsys, "--run", "notes.md") == []


def test_a_contribution_is_checked_without_what_is_not_trusted(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--contribution"]) == 0
    shown = capsys.readouterr().out
    assert "warning[not-trusted]" in shown
    assert not (own / "modules" / "ran").exists()


def test_what_is_shown_has_no_control_characters(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(deck, 'extensions = [{ name = "json", options = { "\\u001b[2J" = "\\u001b[31m" } }]')
    code = CODE.replace("print(1)", "print('\u202e\u009b')")
    (deck / "cards.md").write_text(code, encoding="utf-8")
    assert run(["trust", "--yes"]) == 0
    assert run(["trust", "--list"]) == 0
    output = capsys.readouterr()
    assert all(each.isprintable() or each == "\n" for each in output.out + output.err)


def test_a_long_option_is_shown_as_it_is(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = "a" * 500
    set_up(deck, f'extensions = [{{ name = "json", options = {{ a = "{value}", b = "end" }} }}]')
    run(["trust"])
    assert f"'{value}', 'b': 'end'" in capsys.readouterr().out


# The current folder


@pytest.mark.parametrize("name", ["click.py", "markdown.py", "msgspec/__init__.py"])
def test_no_module_of_the_current_folder_is_imported(name: str, deck: Path) -> None:
    mark = deck / "ran"
    (deck / name).parent.mkdir(exist_ok=True)
    (deck / name).write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    (deck / "ankipress.toml").write_text('extensions = ["toc"]\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ankipress", "check"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not mark.exists()


def test_no_process_that_renders_imports_a_module_of_the_current_folder(deck: Path) -> None:
    """Where processes are spawned, each is a new Python."""
    mark = deck / "ran"
    for name in ("multiprocessing", "pickle"):
        (deck / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    program = (
        f"import sys; sys.path[:] = [each for each in sys.path if each != {str(deck.parent)!r}]\n"
        "from ankipress.build import workers\n"
        "if __name__ == '__main__':\n"
        "    workers._START = 'spawn'\n"
        "    print(list(workers.run_in_processes(2, abs, range(-30, 0)))[0])\n"
    )
    script = deck.parent / "program.py"
    script.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("30\n", "")
    assert not mark.exists()
    assert "PYTHONSAFEPATH" not in os.environ
