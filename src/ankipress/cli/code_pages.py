"""What docs/checks.md says of each code.

The page is a part of the package, so that what it says needs no network and no copy.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from pathlib import Path

from ankipress.diagnostics import DOCUMENTATION

_LINK = re.compile(r"(?<=\]\()([\w-]+\.md)?(#[\w-]+)?(?=\))")


def page_on(code: str) -> str:
    """What the page says of a code, as Markdown without its heading."""
    return _sections()[code]


def with_addresses(markdown: str) -> str:
    """The Markdown of a page, with links that lead to the same place from everywhere."""
    return _LINK.sub(lambda found: absolute(found[0]), markdown)


def absolute(target: str) -> str:
    """The address of what a link of the page means."""
    if target.startswith("#"):
        return f"{DOCUMENTATION}/checks.md{target}"
    if ":" in target or not target:
        return target
    return f"{DOCUMENTATION}/{target}"


@functools.cache
def _sections() -> dict[str, str]:
    page = files("ankipress") / "docs" / "checks.md"
    if not page.is_file():  # ankipress runs from its sources
        page = Path(__file__).parents[3] / "docs" / "checks.md"
    text = page.read_text(encoding="utf-8").replace("\r\n", "\n")
    pieces = re.split(r"^## ([a-z0-9-]+)\n", text, flags=re.MULTILINE)
    sections = zip(pieces[1::2], pieces[2::2], strict=True)
    return {code: section.strip() for code, section in sections}
