"""The page on diagnostics, which is a part of the package, so that `--explain` needs no network."""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from pathlib import Path


def explanation(code: str) -> str:
    """What the page says of a code, as Markdown without its heading: what is wrong, the way out, a
    bad and a good example.
    """
    return _sections()[code]


@functools.cache
def _sections() -> dict[str, str]:
    pieces = re.split(r"^## ([a-z0-9-]+)\n", _page(), flags=re.MULTILINE)
    return {code: text.strip() for code, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _page() -> str:
    packed = files("ankipress") / "docs" / "checks.md"
    # Where ankipress runs from its sources, the page is where its readers expect it.
    page = packed if packed.is_file() else Path(__file__).parents[3] / "docs" / "checks.md"
    return page.read_text(encoding="utf-8").replace("\r\n", "\n")
