"""What the plug-ins of an Obsidian vault are set to, and what of it a build takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ankipress.cli.main import run
from ankipress.model import USUAL_SEPARATORS, Separators
from ankipress.project.inputs import Inputs
from ankipress.project.reading import read_workspace
from ankipress.project.vault_settings import VaultSettings

SPACED = "obsidian-spaced-repetition"
FLASHCARDS = "flashcards-obsidian"
TO_ANKI = "obsidian-to-anki-plugin"
SETTINGS = 'name = "deck"\ndialect = "obsidian"\nshape = "inline"\nsources = ["**/*.md"]\n'


def set_plugin(folder: Path, plugin: str, content: object) -> Path:
    """Write the settings of a plug-in: a text as it is, any other value as JSON."""
    path = folder / ".obsidian/plugins" / plugin / "data.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def separators(folder: Path) -> Separators:
    return VaultSettings(folder, Inputs()).separators(folder)


@pytest.mark.parametrize(
    ("plugin", "data", "expected"),
    [
        (SPACED, {}, {}),
        (SPACED, {"settings": {}}, {}),
        (SPACED, {"settings": {"singleLineCardSeparator": ";;"}}, {"one_way": (";;",)}),
        (SPACED, {"settings": {"singlelineCardSeparator": ";;"}}, {"one_way": (";;",)}),
        (SPACED, {"settings": {"singleLineCardSeparator": ""}}, {"one_way": ()}),
        (SPACED, {"settings": {"singleLineReversedCardSeparator": "<>"}}, {"both_ways": ("<>",)}),
        (SPACED, {"settings": {"multilineCardSeparator": "%"}}, {"below": "%"}),
        (SPACED, {"settings": {"multilineReversedCardSeparator": ""}}, {"below_both_ways": ""}),
        (SPACED, {"settings": {"multilineCardEndMarker": "---"}}, {"end": "---"}),
        (
            SPACED,
            {"settings": {"flashcardTags": ["#A/b", "c", ""]}},
            {"deck_tags": ("a/b", "c")},
        ),
        (SPACED, {"settings": {"flashcardTags": ["#card"]}},
         {"deck_tags": ("card",), "card_tags": ()}),
        (SPACED, {"settings": {"convertFoldersToDecks": True}}, {"reads_all_files": True}),
        (SPACED, {"settings": {"convertHighlightsToClozes": False}}, {"gaps": ()}),
        (SPACED, {"settings": {"convertBoldTextToClozes": True}}, {"gaps": ("==", "**")}),
        (
            SPACED,
            {"settings": {"clozePatterns": ["{{[123;;]answer[;;hint]}}", 3]}},
            {"gaps": ("{{",)},
        ),
        (FLASHCARDS, {"inlineSeparator": ";;"}, {"one_way": (";;",)}),
        (FLASHCARDS, {"inlineSeparatorReverse": ";;;"}, {"both_ways": (";;;",)}),
        (FLASHCARDS, {"flashcardsTag": "Q"}, {"card_tags": ("q",)}),
        (
            TO_ANKI,
            {"settings": {"Syntax": {"Begin Note": "BEGIN", "End Inline Note": "]]"}}},
            {"note": ("BEGIN", "END"), "note_on_line": ("STARTI", "]]")},
        ),
        (TO_ANKI, {"settings": {"Syntax": {"Begin Note": ""}}}, {}),
        (TO_ANKI, {"settings": {"Defaults": {"CurlyCloze": True}}}, {"has_curly_gaps": True}),
        (
            TO_ANKI,
            {"fields_dict": {"A": ["B", "C", 3, ""], "D": "E", "F": []}},
            {"fields": (("A", ("B", "C")), ("F", ()))},
        ),
        (
            TO_ANKI,
            {"settings": {"CUSTOM_REGEXPS": {"Basic": "^(.*[^\n:]{1}):{2}([^\n:]{1}.*)"}}},
            {"reads_all_files": True},
        ),
        (
            TO_ANKI,
            {"settings": {"CUSTOM_REGEXPS": {"Basic": "((?:[^\\n][\\n]?)+) #ask ?\\n*"
             "((?:\\n(?:^.{1,3}$|^.{4}(?<!<!--).*))+)", "Other": "(a+)+$"}}},
            {"card_tags": ("card", "ask")},
        ),
    ],
)  # fmt: skip
def test_the_separators_are_those_that_a_plugin_is_set_to(
    plugin: str, data: object, expected: Mapping[str, Any], tmp_path: Path
) -> None:
    set_plugin(tmp_path, plugin, data)
    found = separators(tmp_path)
    changed = {
        name: getattr(found, name)
        for name in Separators.__slots__
        if getattr(found, name) != getattr(USUAL_SEPARATORS, name)
    }
    assert changed == expected


@pytest.mark.parametrize("plugin", [SPACED, FLASHCARDS, TO_ANKI])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "3",
        '"text"',
        "[]",
        "{",
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
        "[" * 100_000,
        '{"settings": ' * 50_000,
        "9" * 10_000,
        '{"settings": []}',
        '{"settings": {"Syntax": 3, "Defaults": [], "CUSTOM_REGEXPS": "x"}}',
        json.dumps({"settings": {"CUSTOM_REGEXPS": {"Basic": ["(a+)+$"], "": {}, "C": "(a+)+$"}}}),
        json.dumps(
            {
                "inlineSeparator": 3,
                "inlineSeparatorReverse": " \t",
                "flashcardsTag": ["x"],
                "settings": {
                    "singleLineCardSeparator": "x" * 1000,
                    "multilineCardSeparator": "a\nb",
                    "multilineReversedCardSeparator": None,
                    "multilineCardEndMarker": {},
                    "flashcardTags": [None, 3, "a b", "x" * 1000, {}],
                    "convertFoldersToDecks": "true",
                    "Syntax": {"Begin Note": 3, "End Note": "\0"},
                },
            }
        ),
    ],
)
def test_settings_that_cannot_be_meant_change_nothing(
    plugin: str, content: str, tmp_path: Path
) -> None:
    set_plugin(tmp_path, plugin, content)
    assert separators(tmp_path) == USUAL_SEPARATORS


def test_settings_of_two_plugins_hold_both(tmp_path: Path) -> None:
    set_plugin(tmp_path, SPACED, {"settings": {"singleLineCardSeparator": ";;"}})
    set_plugin(tmp_path, FLASHCARDS, {"inlineSeparator": "--"})
    assert separators(tmp_path).one_way == (";;", "--")


def test_a_file_belongs_to_the_innermost_vault(tmp_path: Path) -> None:
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    set_plugin(tmp_path, FLASHCARDS, {"inlineSeparator": ";;"})
    set_plugin(inner, FLASHCARDS, {"inlineSeparator": "--"})
    vaults = VaultSettings(tmp_path, Inputs())
    assert vaults.separators(inner).one_way == ("--",)
    assert vaults.separators(tmp_path / "a").one_way == (";;",)
    assert VaultSettings(inner, Inputs()).separators(inner).one_way == ("--",)
    assert VaultSettings(tmp_path / "a", Inputs()).separators(tmp_path / "a").one_way == ("::",)


def test_what_is_too_large_or_no_file_or_outside_is_not_read(tmp_path: Path) -> None:
    outside = set_plugin(tmp_path / "outside", FLASHCARDS, {"inlineSeparator": ";;"})
    vault = tmp_path / "vault"
    large = set_plugin(vault, SPACED, {})
    large.write_bytes(b"{" + b" " * 11_000_000 + b"}")
    (vault / ".obsidian/plugins" / TO_ANKI / "data.json").mkdir(parents=True)
    link = vault / ".obsidian/plugins" / FLASHCARDS
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside.parent, target_is_directory=True)
    assert separators(vault) == USUAL_SEPARATORS


def test_a_build_follows_the_settings_of_the_vault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ankipress.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.md").write_text("#cards\n\nq;;a\nr::b\ns::c\n", encoding="utf-8")
    assert run(["build", str(tmp_path)]) == 1
    capsys.readouterr()
    data = {"settings": {"singleLineCardSeparator": ";;", "flashcardTags": ["#cards"]}}
    path = set_plugin(tmp_path, SPACED, data)
    for count in (1, 1):  # the second build remembers the first
        assert run(["build", str(tmp_path)]) == 0
        assert f"{count} note" in capsys.readouterr().out
    path.write_text(json.dumps({"settings": {"flashcardTags": ["#cards"]}}), encoding="utf-8")
    assert run(["build", str(tmp_path)]) == 0
    assert "2 notes" in capsys.readouterr().out
    path.unlink()
    assert run(["build", "--retire-many", str(tmp_path)]) == 1


def test_without_the_dialect_no_settings_of_a_vault_are_read(tmp_path: Path) -> None:
    settings = SETTINGS.replace('dialect = "obsidian"\n', "")
    (tmp_path / "ankipress.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "a.md").write_text("q;;a\nr::b\n", encoding="utf-8")
    path = set_plugin(tmp_path, FLASHCARDS, {"inlineSeparator": ";;"})
    workspace = read_workspace([tmp_path])
    assert [each.separators for each in workspace.project.sources] == [USUAL_SEPARATORS]
    assert str(path) not in workspace.inputs.files
