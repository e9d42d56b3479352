"""`ankipress config` says which settings are in force, and where each of them is set."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from ankipress.cli import main
from ankipress.project.reading import read_workspace
from ankipress.project.settings import Settings, parse_settings
from pages import blocks, read_page

KEYS = [each.name for each in fields(Settings)]


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "deck"
    folder.mkdir()
    (folder / "cards.md").write_text("## Question\n\nAnswer\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def settings(folder: Path, text: str, name: str = "ankipress.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def lines_of(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> list[str]:
    assert main.run(["config", *words]) == status
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_without_settings_all_have_their_defaults(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = lines_of(capsys)
    assert [line.split()[0] for line in lines] == KEYS
    assert lines[0] == 'name default "deck"'
    assert lines[2] == "uid default (made by the first build)"
    assert {line.split()[1] for line in lines} == {"default"}


def test_what_is_not_at_its_default_comes_first_with_its_place(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(deck, 'lang = "de"\nsections = "ignore"\n\ntags = ["a"]\n[theme]\ndark = "monokai"\n')
    lines = lines_of(capsys)
    assert lines[:6] == [
        'tags ankipress.toml:4 ["a"]',
        'theme ankipress.toml:5 { dark = "monokai" }',
        'lang ankipress.toml:1 "de"',
        "",
        'sections ankipress.toml:2 "ignore"',
        'name default "deck"',
    ]
    assert len(lines) == len(KEYS) + 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool.ankipress]\ncard_level = 3\n", "card_level pyproject.toml:2 3"),
        ('[tool.ankipress.run]\njs = "node"\n', 'run pyproject.toml:1 { js = "node" }'),
        ('[tool.ankipress]\ntheme.dark = "x"\n', 'theme pyproject.toml:2 { dark = "x" }'),
    ],
)
def test_settings_in_pyproject(
    deck: Path, capsys: pytest.CaptureFixture[str], text: str, line: str
) -> None:
    settings(deck, text, "pyproject.toml")
    assert lines_of(capsys)[0] == line


def test_a_place_is_seen_from_the_current_folder(
    deck: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(deck, "card_level = 3\n")
    monkeypatch.chdir(deck.parent)
    assert lines_of(capsys, "deck")[0] == "card_level deck/ankipress.toml:1 3"
    assert lines_of(capsys, "deck/cards.md")[0] == "card_level deck/ankipress.toml:1 3"


def test_files_outside_have_settings_of_their_own(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(deck, 'name = "other"\n')
    (deck / "notes.md").write_text("## Question\n\nAnswer\n", encoding="utf-8")
    assert lines_of(capsys, "notes.md")[0] == 'name default "notes"'


def test_the_uid_of_the_lock_is_in_force(deck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["build"]) == 0
    capsys.readouterr()
    uid = json.loads((deck / "ankipress.lock").read_text(encoding="utf-8").splitlines()[0])["uid"]
    assert lines_of(capsys)[0] == f'uid ankipress.lock "{uid}"'


def test_settings_that_are_not_valid_are_errors_and_keep_their_defaults(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(deck, "card_level = 9\ncolour = 1\nlang = 'de'\n")
    assert main.run(["config"]) == 1
    shown = capsys.readouterr()
    assert shown.err.count("error[bad-settings]") == 2
    assert shown.out.splitlines()[0].split() == ["lang", "ankipress.toml:3", '"de"']
    assert "card_level        default" in shown.out


def test_problems_of_cards_are_not_its_business(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(deck, 'sources = ["none.md"]\n')
    assert main.run(["config"]) == 0
    assert capsys.readouterr().err == ""


EVERY_KIND = """\
name = "deck"
uid = "the-uid"
sources = ["*.md", "!b.md"]
most_retired = 0.5
changed_tag = true
description = "a ä \\\\ \\" ::error::"
retired_releases = 5
extensions = ["pymdownx.keys", { name = "pymdownx.tilde", options = { a = [1, 2.5], "b c" = 1979-05-27 } }]
[run]
"c++ \\u202e \\u007f \\U000e0001 😀" = "g++"
"""  # noqa: E501


def test_toml_gives_the_same_settings_again(
    deck: Path, capsys: pytest.CaptureFixture[str], trusting: None
) -> None:
    settings(deck, EVERY_KIND)
    before = read_workspace([]).project.settings
    assert main.run(["config", "--format", "toml"]) == 0
    text = capsys.readouterr().out
    assert parse_settings(text, "ankipress.toml", name="x") == (before, ())
    assert next(iter(tomllib.loads(text))) == "uid"
    assert "# ankipress.toml:2" in text
    assert '# lang = ""  # default' in text.splitlines()


def test_json_has_every_setting(
    deck: Path, capsys: pytest.CaptureFixture[str], trusting: None
) -> None:
    settings(deck, EVERY_KIND)
    assert main.run(["config", "--format", "json"]) == 0
    rows = {row.pop("key"): row for row in json.loads(capsys.readouterr().out)}
    assert sorted(rows) == sorted(KEYS)
    assert rows["most_retired"] == {
        "value": 0.5,
        "default": 0.2,
        "origin": "file",
        "path": "ankipress.toml",
        "line": 4,
    }
    assert rows["extensions"]["value"][1]["options"] == {"a": [1, 2.5], "b c": "1979-05-27"}
    assert rows["lang"] == {
        "value": "",
        "default": "",
        "origin": "default",
        "path": None,
        "line": 0,
    }


def test_the_page_names_the_keys_of_the_json(
    deck: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["config", "--format", "json"]) == 0
    row = json.loads(capsys.readouterr().out)[0]
    section = read_page("docs/commands.md").partition("## ankipress config")[2]
    table = section.partition("## ankipress diff")[0].partition("|---|---|\n")[2]
    names = [name.strip(" `") for line in table.splitlines() for name in line[1:].split("|")[:1]]
    assert ", ".join(filter(None, names)).replace("`", "").split(", ") == list(row)


@pytest.mark.parametrize("form", ["text", "json", "toml"])
def test_no_character_of_a_value_commands_a_terminal(
    deck: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    settings(deck, 'name = "deck"\nrun = { "a\\u001b[1m\\u202e" = "node" }\n')
    assert main.run(["config", "--format", form]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "u202e" in out


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["--schema"], "The settings of ankipress"),
        (["--schema", "settings"], "The settings of ankipress"),
        (["--schema", "front-matter"], "The front matter of a file of cards"),
    ],
)
def test_a_schema_is_printed(
    deck: Path, capsys: pytest.CaptureFixture[str], words: list[str], title: str
) -> None:
    assert main.run(["config", *words]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == title


def test_init_names_the_schema_for_editors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.run(["init"]) == 0
    assert main.run(["config", "--schema"]) == 0
    shown = capsys.readouterr().out
    schema = json.loads(shown[shown.index("{") :])
    first = (tmp_path / "ankipress.toml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"#:schema {schema['$id']}"


def test_the_usage_is_a_block_of_the_page() -> None:
    usages = [block.content for block in blocks(read_page("docs/commands.md"))]
    assert any(usage.startswith("ankipress config [--format text|json|toml]") for usage in usages)
