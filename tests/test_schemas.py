"""The JSON Schemas of settings and front matter say what the tables say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from ankipress.diagnostics import SCHEMAS
from ankipress.parse.front_matter import KEYS, read_front_matter
from ankipress.project.settings import Settings, parse_settings
from pages import DOCS, blocks, read_page, sections
from write_schemas import FOLDER, schemas

SETTINGS = json.loads((FOLDER / "settings.json").read_text(encoding="utf-8"))
FRONT_MATTER = json.loads((FOLDER / "front-matter.json").read_text(encoding="utf-8"))
KEYS_OF_SETTINGS = [each.name for each in fields(Settings)]


def test_the_files_are_what_the_tables_give() -> None:
    """Where this fails: python scripts/write_schemas.py."""
    files = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert files == {path.name: text for path, text in schemas().items()}


@pytest.mark.parametrize("schema", [SETTINGS, FRONT_MATTER], ids=["settings", "front matter"])
def test_a_schema_is_valid_and_describes_every_key(schema: Mapping[str, Any]) -> None:
    Draft7Validator.check_schema(schema)
    assert schema["$id"].startswith(SCHEMAS)
    short = [key for key, each in schema["properties"].items() if len(each["description"]) < 10]
    assert short == []


def test_the_schemas_have_every_key() -> None:
    assert list(SETTINGS["properties"]) == KEYS_OF_SETTINGS
    assert list(FRONT_MATTER["properties"]) == list(KEYS)


def _both(toml: str) -> tuple[bool, bool]:
    """Whether the validator takes some settings, and whether the schema does."""
    _, problems = parse_settings(toml, "ankipress.toml", name="deck")
    return not problems, Draft7Validator(SETTINGS).is_valid(tomllib.loads(toml))


@pytest.mark.parametrize("key", KEYS_OF_SETTINGS)
def test_the_example_of_a_setting_is_valid(key: str) -> None:
    [section] = [each for each in sections(read_page("docs/settings.md")) if each.title == key]
    assert _both(section.blocks[0].content) == (True, True)


@pytest.mark.parametrize("value", ["[[1]]", "{ a = { b = 1 } }", "2026-11-30", "-1", "''", "nan"])
@pytest.mark.parametrize("key", KEYS_OF_SETTINGS)
def test_of_strange_values_the_schema_refuses_what_the_validator_refuses(
    key: str, value: str
) -> None:
    is_valid, is_in_schema = _both(f"{key} = {value}")
    assert is_in_schema == is_valid or (key, value) == ("most_retired", "nan")


VALID = [
    'name = "deck"',
    'name = "Größe_1.2"',
    'name = "backups"',
    'name = "console"',
    'version = "1.0.0-rc.1"',
    'uid = "a-b_"',
    'description = ""',
    'report_url = "mailto:a@b.c"',
    'source_url = "https://a.b/{path}#{anchor}-{guid}"',
    'source_url = "https://{path}a"',
    'sources = ["*.md", "!a/**/b.md"]',
    "sources = []",
    'output = "a/b"',
    'output = "a..b"',
    "card_level = 1",
    "card_level = 6",
    'empty_answers = "allow"',
    'sections = "subdeck"',
    'tags = ["a::b", "ä"]',
    'theme = { light = "x" }',
    "theme = {}",
    'extensions = ["a.b:C", { name = "a", options = { b = [1] } }]',
    'lang = "gsw"',
    'lang = "zh-Hant-TW"',
    'fonts = { ja = "a/b.WOFF2", text = "t.otf" }',
    'severity = { broken-link = "error", long-list = "off" }',
    'run = { "c++" = "g++ -x" }',
    'changelog = ""',
    'changelog = "a/b.md"',
    'release_tag = "deck/{name}/v{version}"',
    "most_retired = 0",
    "most_retired = 1.0",
    "retired_releases = 1000",
    "forget_retired = 0",
]
NOT_VALID = [
    "unknown = 1",
    "name = 1",
    'name = "-deck"',
    'name = "deck."',
    'name = "a/b"',
    'name = "BackUp-1"',
    'name = "collection"',
    'name = "NUL"',
    'name = "com1.x"',
    f'name = "{"a" * 81}"',
    'version = "1.0"',
    'version = "1.0.0-"',
    'uid = "abc"',
    'uid = "a b c d"',
    'description = "a\\nb"',
    'report_url = "www.a.b"',
    'source_url = "https://a.b/{line}"',
    'source_url = "https://a.b/{file}"',
    'source_url = "ftp://a.b"',
    'source_label = " "',
    'source_label = ""',
    'sources = "*.md"',
    'sources = ["../a.md"]',
    'sources = ["/a.md"]',
    'sources = ["C:/a.md"]',
    'sources = ["a/../b.md"]',
    "sources = [1]",
    'output = ".."',
    'output = ""',
    "card_level = 0",
    "card_level = 7",
    'card_level = "2"',
    "card_level = true",
    'empty_answers = "yes"',
    "empty_answers = false",
    'sections = "decks"',
    "sections = 0",
    'tags = ["a b"]',
    'tags = ["::a"]',
    'tags = ["a::"]',
    'tags = "a"',
    'theme = { blue = "x" }',
    "theme = { dark = 1 }",
    'extensions = ["a b"]',
    "extensions = [{ options = {} }]",
    'extensions = [{ name = "a", more = 1 }]',
    'extensions = [{ name = "a", options = 1 }]',
    'lang = "german"',
    'lang = "d"',
    'fonts = { ja = "a.ttc" }',
    'fonts = { body = "a.ttf" }',
    'fonts = { text = "../a.ttf" }',
    'severity = { bad-lock = "off" }',
    'severity = { unknown = "off" }',
    'severity = { broken-link = "none" }',
    'run = { js = "" }',
    'packages = "decks"',
    'changelog = "a.txt"',
    'changelog = "/a.md"',
    'release_tag = "v1"',
    'release_tag = "{version}.lock"',
    'release_tag = "a b {version}"',
    'release_tag = "a..{version}"',
    'release_tag = "{other}{version}"',
    "most_retired = 1.1",
    "most_retired = true",
    "retired_releases = 0",
    "forget_retired = 1001",
    'retired_text = ""',
]
"""The schema says less of a few: a code of a language that there is none of, a name that is not
printable, a table whose numbers are written 2.0.
"""


@pytest.mark.parametrize("toml", VALID)
def test_what_is_valid_is_in_the_schema(toml: str) -> None:
    assert _both(toml) == (True, True)


@pytest.mark.parametrize("toml", NOT_VALID)
def test_what_is_not_valid_is_not_in_the_schema(toml: str) -> None:
    assert _both(toml) == (False, False)


@pytest.mark.parametrize(
    ("matter", "is_valid"),
    [
        ("title: of another tool", True),
        ("deck: A::B", True),
        ("tags: [a, b]", True),
        ("tags: a b", True),
        ("lang: de", True),
        ("dir: rtl", True),
        ("tts: fr-FR", True),
        ("tts-front: pt_BR", True),
        ("deck: [a]", False),
        ("tags: {a: b}", False),
        ("lang: german", False),
        ("dir: up", False),
        ("tts: fr", False),
        ("tts-back: french-FR", False),
    ],
)
def test_front_matter_and_its_schema_agree(matter: str, is_valid: bool) -> None:
    _, problems = read_front_matter(["---", matter, "---"], "cards.md")
    in_schema = Draft7Validator(FRONT_MATTER).is_valid(yaml.safe_load(matter))
    assert (not problems, in_schema) == (is_valid, is_valid)


def test_the_front_matter_of_the_pages_is_in_the_schema() -> None:
    found = 0
    for block in blocks((DOCS / "cards.md").read_text(encoding="utf-8")):
        if block.content.startswith("---\n"):
            matter = yaml.safe_load(block.content.split("---\n")[1])
            assert list(Draft7Validator(FRONT_MATTER).iter_errors(matter)) == []
            found += 1
    assert found


def test_no_pattern_needs_what_another_language_lacks() -> None:
    text = "".join(schemas().values())
    assert [
        each for each in ("(?i", "(?P", "\\\\Z", "\\\\A", "\\\\w", "\\\\W") if each in text
    ] == []
