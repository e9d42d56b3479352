"""Values as TOML that can be written anywhere, and from which the very same values are read."""

from __future__ import annotations

import re
from typing import Any

from ankipress.visible_text import json_text

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)

_LAID_OUT = {ord("\n"): None, ord("\t"): None}


def toml_text(value: Any) -> str:
    """A value on one line: a text, a number, true or false, a time, a list, or a table."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml_text, value))}]"
    if isinstance(value, dict):
        return _table(value)
    return str(value)


def toml_block(text: str) -> str:
    """A text as TOML, over several lines as it reads where it has several and that is exact."""
    if "\n" not in text or "'''" in text or text.endswith("'"):
        return toml_text(text)
    if not text.translate(_LAID_OUT).isprintable():
        return toml_text(text)
    return f"'''\n{text}'''"


def toml_key(key: str) -> str:
    """A key as TOML."""
    if _BARE_KEY.fullmatch(key):
        return key
    return _text(key)


def _table(table: dict[str, Any]) -> str:
    if not table:
        return "{}"
    pairs = [f"{toml_key(key)} = {toml_text(value)}" for key, value in table.items()]
    return f"{{ {', '.join(pairs)} }}"


def _text(text: str) -> str:
    """A text between quotes: as in JSON, but TOML writes no character as a pair of halves."""
    return _PAIR.sub(_one_escape, json_text(text))


def _one_escape(pair: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in pair.groups())
    number = 0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00)
    return f"\\U{number:08x}"
