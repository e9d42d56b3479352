"""Whether the patterns of `sources` mean a file that is yet to be written, as they mean one that is
there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.project.source_patterns import sources_of, would_be_source

PATTERNS = (
    ["cards.md", "cards/**/*.md"],
    ["*.md"],
    ["**/*.md"],
    ["notes/*.md", "!notes/draft*.md"],
    ["cards/**"],
    ["!cards/a.md", "cards/*.md"],
    ["cards/*/*.md"],
)
PATHS = (
    "cards.md",
    "cards/a.md",
    "cards/b/c.md",
    "cards/b/c/d.md",
    "notes/a.md",
    "notes/draft 1.md",
    "other.md",
)


@pytest.mark.parametrize("patterns", PATTERNS)
@pytest.mark.parametrize("path", PATHS)
def test_it_tells_what_a_walk_finds_once_the_file_is_there(
    tmp_path: Path, path: str, patterns: list[str]
) -> None:
    told = would_be_source(path, patterns)
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    found = file in sources_of(tmp_path, patterns)
    assert told == found
