"""What holds for all tests."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is.
settings.register_profile("ankipress", deadline=None)
settings.load_profile("ankipress")

# The variables that name the folder for caches, on Linux and macOS, and on Windows.
_CACHE_VARIABLES = ("XDG_CACHE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA")
_NUMBERS = count(1)

if sys.platform == "linux":
    # Playwright looks for its browsers in the folder for caches, which is another one in each test.
    _USUAL = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    os.environ.setdefault(
        "PLAYWRIGHT_BROWSERS_PATH", str(Path(_USUAL).expanduser() / "ms-playwright")
    )


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What fixtures of a wider scope build is not remembered in the user's own cache."""
    with _cache_in(tmp_path_factory.getbasetemp() / "caches" / "session"):
        yield


@pytest.fixture(autouse=True)
def _cache_of_the_test(
    tmp_path_factory: pytest.TempPathFactory, _cache_of_the_session: None
) -> Iterator[None]:
    """Every test, and every process that it starts, has a cache folder of its own."""
    with _cache_in(tmp_path_factory.getbasetemp() / "caches" / str(next(_NUMBERS))):
        yield


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _CACHE_VARIABLES}
    for name in _CACHE_VARIABLES:
        os.environ[name] = str(folder)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
