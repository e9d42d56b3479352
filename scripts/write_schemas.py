"""Write the JSON Schemas of settings and of front matter, which editors read.

Values come from the rules of `Settings`, descriptions from docs/settings.md and docs/cards.md.

Example:
    python scripts/write_schemas.py            # after a change of a setting or of its page
    python scripts/write_schemas.py --check    # fails if a file is out of date
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from ankipress.diagnostics import SCHEMAS
from ankipress.parse.front_matter import KEYS
from ankipress.project.settings import IN_SCHEMA, ListOf, Rule, Settings, TableOf

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "src" / "ankipress" / "project" / "schemas"
_DRAFT = "http://json-schema.org/draft-07/schema#"  # the newest that editors of TOML know
_RULES: Mapping[str, Rule] = {each.name: each.metadata["rule"] for each in fields(Settings)}

# Patterns of Python, and what every reader of patterns takes for nearly the same: `\w` has letters
# without accents alone in JavaScript, so here all characters beyond ASCII are letters.
_LETTERS = {
    r"[^\W_]": r"[^\x00-/:-@\[-`{-\x7f]",
    r"[\w.-]": r"[^\x00-,/:-@\[-^`{-\x7f]",
    r"\w": r"[^\x00-/:-@\[-^`{-\x7f]",
    r"\"": '"',
    r"\Z": "$",
}

_TEXT: Mapping[str, Any] = {"type": "string"}
_VOICE = {"type": "string", "pattern": "^[A-Za-z]{2,3}[-_][A-Za-z]{2}$"}
_TAGS = {"anyOf": [_TEXT, {"type": "array"}, {"type": "number"}, {"type": "null"}]}
# The keys of front matter that are no settings.
_MATTER: Mapping[str, Mapping[str, Any]] = {
    "deck": {"type": ["string", "number", "null"]},
    "tags": _TAGS,
    "dir": {"enum": ["ltr", "rtl", "auto"]},
    "tts": _VOICE,
    "tts-front": _VOICE,
    "tts-back": _VOICE,
}


def settings_schema() -> dict[str, Any]:
    """The schema of `ankipress.toml`."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    properties = {}
    for name, rule in _RULES.items():
        properties[name] = {"description": _first_paragraph(page, name), **_portable(_values(rule))}
    schema = _schema("settings", "The settings of ankipress", properties)
    schema["additionalProperties"] = False
    return schema


def front_matter_schema() -> dict[str, Any]:
    """The schema of the front matter of a file. Other tools have keys in it too."""
    page = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    properties = {}
    for key in KEYS:
        values = _MATTER.get(key)
        if values is None:
            values = _portable(_values(_RULES[key]))
        properties[key] = {"description": _line_on(page, key), **values}
    return _schema("front-matter", "The front matter of a file of cards", properties)


def _schema(name: str, title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DRAFT,
        "$id": f"{SCHEMAS}/{name}.json",
        "title": title,
        "type": "object",
        "properties": properties,
    }


def _values(rule: Rule) -> dict[str, Any]:
    """What a schema says of the values that a rule accepts."""
    schema: dict[str, Any]
    match rule:
        case re.Pattern():
            schema = {"type": "string", "pattern": f"^(?:{rule.pattern})$"}
        case range():
            schema = {"type": "integer", "minimum": rule[0], "maximum": rule[-1]}
        case ListOf():
            schema = {"type": "array", "items": _values(rule.items)}
        case TableOf():
            schema = {"type": "object", "propertyNames": _values(rule.keys)}
            schema["additionalProperties"] = _values(rule.values)
        case (False, True):
            schema = {"type": "boolean"}
        case tuple():
            schema = {"enum": list(rule)}
        case _:
            schema = dict(IN_SCHEMA[rule])
    return schema


def _portable(schema: Any) -> Any:
    """A schema, with patterns that every reader takes."""
    if isinstance(schema, Mapping):
        return {
            key: _everywhere(value) if key == "pattern" else _portable(value)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_portable(each) for each in schema]
    return schema


def _everywhere(pattern: str) -> str:
    for python, everywhere in _LETTERS.items():
        pattern = pattern.replace(python, everywhere)
    return pattern


def _first_paragraph(page: str, name: str) -> str:
    """What the page says first of a setting, with the list that belongs to it."""
    section = page.partition(f"\n## {name}\n\n")[2]
    first, *others = section.split("\n\n")
    if others[0].startswith("- "):
        first += f" {others[0]}"
    return _plain(first)


def _line_on(page: str, key: str) -> str:
    """What the page says of a key of front matter: in the list, or in the table of attributes."""
    section = page.partition("\n## Front matter\n")[2]
    listed = re.search(rf"^- `{key}` ((?:.+\n)(?:  .+\n)*)", section, re.MULTILINE)
    if listed:
        return _plain(f"`{key}` {listed[1]}")
    row = re.search(rf"^\|.*`{key}=.*\| (.+) \|$", section, re.MULTILINE)
    assert row, f"docs/cards.md says nothing of `{key}`"
    return _plain(row[1])


def _plain(markdown: str) -> str:
    """A paragraph as text on one line, without links and code."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(text.replace("`", "").split())


def schemas() -> dict[Path, str]:
    """The text of every schema, by its file."""
    found = {"settings": settings_schema(), "front-matter": front_matter_schema()}
    return {
        FOLDER / f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in found.items()
    }


def _out_of_date(texts: Mapping[Path, str]) -> Iterable[Path]:
    for file, text in texts.items():
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield file


def main() -> int:
    """Write the files, or say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    texts = schemas()
    old = list(_out_of_date(texts))
    if parser.parse_args().check:
        for file in old:
            print(f"{file.relative_to(ROOT)} is out of date: python scripts/write_schemas.py")
        return 1 if old else 0
    FOLDER.mkdir(exist_ok=True)
    for file in old:
        file.write_text(texts[file], encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
