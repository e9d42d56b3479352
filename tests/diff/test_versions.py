"""Arithmetic of versions, by Semantic Versioning."""

from __future__ import annotations

import pytest

from ankipress.diff.version_steps import Bump, is_too_small, next_version
from ankipress.project.versions import is_version, version_key

ORDERED = ["1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0", "1.0.10"]
SHUFFLED = [ORDERED[number] for number in (3, 6, 2, 0, 5, 4, 1)]


def test_versions_have_the_order_of_semantic_versioning() -> None:
    assert sorted(SHUFFLED, key=version_key) == ORDERED


@pytest.mark.parametrize("text", ["1.0", "v1.0.0", "1.0.0-", "", "1.0.0 "])
def test_what_is_no_version(text: str) -> None:
    assert not is_version(text)
    assert version_key(text) < version_key("0.0.0-0")


@pytest.mark.parametrize(
    ("version", "bump", "after"),
    [
        pytest.param("1.2.3", Bump.NONE, "1.2.3", id="no step"),
        pytest.param("1.2.3-rc.1", Bump.NONE, "1.2.3-rc.1", id="no step of a pre-release"),
        pytest.param("1.2.3", Bump.PATCH, "1.2.4", id="patch"),
        pytest.param("1.2.3", Bump.MINOR, "1.3.0", id="minor"),
        pytest.param("1.2.3", Bump.MAJOR, "2.0.0", id="major"),
        pytest.param("2.0.0-rc.1", Bump.MAJOR, "2.0.0", id="a pre-release that is step enough"),
        pytest.param("1.3.0-rc.1", Bump.MINOR, "1.3.0", id="a minor pre-release"),
        pytest.param("1.3.0-rc.1", Bump.MAJOR, "2.0.0", id="a minor pre-release is too small"),
        pytest.param("1.2.4-rc.1", Bump.PATCH, "1.2.4", id="a patch pre-release"),
        pytest.param("1.2.4-rc.1", Bump.MINOR, "1.3.0", id="a patch pre-release is too small"),
    ],
)
def test_the_next_version(version: str, bump: Bump, after: str) -> None:
    assert next_version(version, bump) == after


@pytest.mark.parametrize(
    ("version", "old", "bump", "is_so"),
    [
        ("1.0.0", "1.0.0", Bump.NONE, False),
        ("0.9.9", "1.0.0", Bump.NONE, True),
        ("1.0.0", "1.0.0", Bump.PATCH, True),
        ("1.0.1", "1.0.0", Bump.PATCH, False),
        ("1.0.1", "1.0.0", Bump.MINOR, True),
        ("1.1.0-rc.1", "1.0.0", Bump.MINOR, False),
        ("2.0.0-rc.1", "2.0.0-rc.2", Bump.PATCH, True),
    ],
)
def test_too_small(version: str, old: str, bump: Bump, is_so: bool) -> None:
    assert is_too_small(version, old, bump) is is_so
