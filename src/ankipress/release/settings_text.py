"""A setting in the text of the settings, replaced with every other byte kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

_KEY = r"""(?<![\w"'-])(?:{key}|"{key}"|'{key}')[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*')"""
_TABLE = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*ankipress[ \t]*\][^\n]*\n?", re.MULTILINE)
_NAME = re.compile(r"^[ \t]*name[ \t]*=[^\n]*\n", re.MULTILINE)
_BYTE_ORDER_MARK = "\ufeff"


def with_version(text: str, path: str, version: str) -> str | None:
    """The text of an `ankipress.toml` or `pyproject.toml` with another version of the deck, as
    `with_setting` writes it.
    """
    return with_setting(text, path, "version", version)


def with_setting(
    text: str,
    path: str,
    key: str,
    value: str,
) -> str | None:
    """The text of an `ankipress.toml` or `pyproject.toml` with another value of a setting, which
    has no quotes and no backslashes in it.

    None if there is no place to write it so that the settings are otherwise as before.
    """
    is_shared = path.endswith("pyproject.toml")
    wanted = _settings(text)
    deck = wanted
    if is_shared:
        deck = wanted.setdefault("tool", {}).setdefault("ankipress", {})
    deck[key] = value
    for candidate in _candidates(text, key, value, is_shared=is_shared):
        if _settings(candidate) == wanted:
            return candidate
    return None


def _settings(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except (ValueError, RecursionError):
        return {}


def _candidates(
    text: str,
    key: str,
    value: str,
    *,
    is_shared: bool,
) -> Iterator[str]:
    """The text with the setting in each place where it may belong.

    In place of an earlier value first, then on a line of its own.
    """
    for found in re.finditer(_KEY.format(key=key), text):
        quote = found["value"][0]
        yield text[: found.start("value")] + quote + value + quote + text[found.end("value") :]
    line_end = "\n"
    if "\r\n" in text:
        line_end = "\r\n"
    line = f'{key} = "{value}"{line_end}'
    place_before = _NAME
    if is_shared:
        place_before = _TABLE
    for found in place_before.finditer(text):
        head = text[: found.end()]
        tail = text[found.end() :]
        if not head.endswith("\n"):
            head += line_end
        yield head + line + tail
    if not is_shared:
        mark = _BYTE_ORDER_MARK * text.startswith(_BYTE_ORDER_MARK)
        yield mark + line + text.removeprefix(mark)
