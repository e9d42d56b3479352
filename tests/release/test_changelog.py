"""A changelog: the section of a version, put where it belongs, and read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.release.changelog import section_of, with_section


def added(text: str) -> str:
    return with_section(text, "bio", "1.1.0", "2026-11-25", "2 new cards.\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "",
            "# Changelog\n\nWhat learners notice, newest first.\n\n## 1.1.0 - 2026-11-25\n\n"
            "2 new cards.\n",
            id="a new changelog",
        ),
        pytest.param(
            "# Changes\n\n## 1.0.0 - 2026-01-01\n\nFirst.\n",
            "# Changes\n\n## 1.1.0 - 2026-11-25\n\n2 new cards.\n\n## 1.0.0 - 2026-01-01\n\n"
            "First.\n",
            id="above the version before",
        ),
        pytest.param(
            "# Changes\n\n## [Unreleased]\n\n- Mended by Ann.\n\n## [1.0.0] - 2026-01-01\n\n"
            "First.\n",
            "# Changes\n\n## [Unreleased]\n\n## [1.1.0] - 2026-11-25\n\n- Mended by Ann.\n\n"
            "2 new cards.\n\n"
            "## [1.0.0] - 2026-01-01\n\nFirst.\n",
            id="what authors wrote opens it",
        ),
        pytest.param(
            "# Changes\n\n## 1.1.0\n\nMy words.\n\n## 1.0.0\n",
            "# Changes\n\n## 1.1.0\n\nMy words.\n\n2 new cards.\n\n## 1.0.0\n",
            id="a section that is there",
        ),
        pytest.param(
            "# C\n\n## The tool\n\n### ankipress 1.0.0\n\n## The deck\n\n### bio 1.0.0\n\nFirst.\n",
            "# C\n\n## The tool\n\n### ankipress 1.0.0\n\n## The deck\n\n### bio 1.1.0\n\n"
            "2 new cards.\n\n### bio 1.0.0\n\nFirst.\n",
            id="among those of something else",
        ),
        pytest.param(
            "Words.", "Words.\n\n## 1.1.0 - 2026-11-25\n\n2 new cards.\n", id="no headings"
        ),
        pytest.param(
            "# C\r\n\r\n## 1.0.0\r\n",
            "# C\r\n\r\n## 1.1.0\r\n\r\n2 new cards.\r\n\r\n## 1.0.0\r\n",
            id="line ends stay",
        ),
        pytest.param(
            "# C\n\n```\n## 0.9.0\n```\n\n## 1.0.0\n",
            "# C\n\n```\n## 0.9.0\n```\n\n## 1.1.0\n\n2 new cards.\n\n## 1.0.0\n",
            id="a heading in a fence",
        ),
        pytest.param(
            "# C\n\n## Since version 0.9.0 of Anki\n\n## 1.0.0\n",
            "# C\n\n## Since version 0.9.0 of Anki\n\n## 1.1.0\n\n2 new cards.\n\n## 1.0.0\n",
            id="a heading that only speaks of a version",
        ),
    ],
)
def test_a_section_is_put_where_it_belongs(before: str, after: str) -> None:
    assert added(before) == after
    assert section_of(after, "bio", "1.1.0").replace("\r", "").endswith("2 new cards.")


def test_a_version_that_is_not_there_has_no_section() -> None:
    assert section_of("# C\n\n## 1.0.0\n\nFirst.\n\n## 0.9.0\n", "bio", "1.0.1") == ""


def test_a_section_ends_where_the_next_begins_and_holds_the_headings_below_it() -> None:
    text = "# C\n\n## 1.1.0\n\n### New cards\n\n- One\n\n## 1.0.0\n\nFirst.\n"
    assert section_of(text, "bio", "1.1.0") == "### New cards\n\n- One"


words = st.text("ab#- \n", max_size=60)


@given(words, words)
def test_what_was_there_stays_in_its_order(above: str, below: str) -> None:
    before = f"# C\n\n{above}\n\n## 1.0.0\n\n{below}\n"
    lines = iter(added(before).split("\n"))
    assert all(any(line == other for other in lines) for line in before.split("\n") if line.strip())
