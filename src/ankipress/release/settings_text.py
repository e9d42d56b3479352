"""The version in the text of the settings, replaced with every other byte kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

_KEY = re.compile(
    r"""(?<![\w"'-])(?:version|"version"|'version')[ \t]*=[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*')"""
)
_TABLE = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*ankipress[ \t]*\][^\n]*\n?", re.MULTILINE)
_NAME = re.compile(r"^[ \t]*name[ \t]*=[^\n]*\n", re.MULTILINE)


def with_version(text: str, path: str, version: str) -> str | None:
    """The text of a `ankipress.toml` or `pyproject.toml` in which this is the version of the deck.

    What is written is read again: the settings are as before but for the version. None where no
    place does that.
    """
    wanted = _with_version(_read(text), path, version)
    return next((each for each in _candidates(text, path, version) if _read(each) == wanted), None)


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}


def _with_version(document: dict[str, Any], path: str, version: str) -> dict[str, Any]:
    if not path.endswith("pyproject.toml"):
        return {**document, "version": version}
    tool = document.get("tool", {})
    return {
        **document,
        "tool": {**tool, "ankipress": {**tool.get("ankipress", {}), "version": version}},
    }


def _candidates(text: str, path: str, version: str) -> Iterator[str]:
    """The text with the version in each place where it may belong: in that of another key first,
    then on a line of its own.
    """
    for found in _KEY.finditer(text):
        quote = found["value"][0]
        yield text[: found.start("value")] + f"{quote}{version}{quote}" + text[found.end("value") :]
    ends = "\r\n" if "\r\n" in text else "\n"
    line = f'version = "{version}"{ends}'
    is_shared = path.endswith("pyproject.toml")
    for found in (_TABLE if is_shared else _NAME).finditer(text):
        head = text[: found.end()]
        yield (head if head.endswith("\n") else head + ends) + line + text[found.end() :]
    if not is_shared:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        yield mark + line + text.removeprefix(mark)
