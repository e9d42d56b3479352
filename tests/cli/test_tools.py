"""The versions of what shapes a package: those that Python itself tells."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ankipress.project import tool_versions as tools
from ankipress.project.tool_versions import tool_versions, version_of

INSTALLED = sorted({each.metadata["Name"] for each in importlib.metadata.distributions()})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages that comes before all others."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    tools._described.cache_clear()
    yield tmp_path
    tools._described.cache_clear()


@pytest.mark.parametrize("name", INSTALLED)
def test_a_version_is_the_one_that_python_tells(name: str) -> None:
    assert version_of(name) == importlib.metadata.version(name)


def test_the_tools_are_named_with_their_versions() -> None:
    versions = tool_versions()
    assert versions["Markdown"] == importlib.metadata.version("Markdown")
    assert "unknown" not in versions.values()


@pytest.mark.parametrize("name", ["Some.Package", "some-package", "some_package", "SOME__PACKAGE"])
def test_a_name_is_written_in_several_ways(name: str, site: Path) -> None:
    (site / "some_package-1.2.dist-info").mkdir()
    assert version_of(name) == "1.2"


def test_of_two_that_are_there_python_decides(site: Path) -> None:
    for version in ("1.2", "1.10"):
        (site / f"some_package-{version}.dist-info").mkdir()
        (site / f"some_package-{version}.dist-info/METADATA").write_text(
            f"Name: some-package\nVersion: {version}\n", encoding="utf-8"
        )
    assert version_of("some-package") == importlib.metadata.version("some-package")


def test_an_old_way_of_installing(site: Path) -> None:
    (site / "some_package-1.2-py3.11.egg-info").mkdir()
    (site / "some_package-1.2-py3.11.egg-info/PKG-INFO").write_text(
        "Name: some-package\nVersion: 1.2\n", encoding="utf-8"
    )
    assert version_of("some-package") == "1.2"


def test_what_is_not_there_is_unknown() -> None:
    assert version_of("there-is-no-such-package") == "unknown"
