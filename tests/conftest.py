"""What holds for all tests: signals, hypothesis, and the markers of what takes long.

A test gets its markers here, by the place of its file, so that no test has to know how it is
selected. `make quick` runs those that are marked `quick`, which is all that no other marker names.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

PLACES = {
    "browser": ("browser/",),
    "anki": ("anki/",),
    "github": ("github/", "cli/test_contribution.py", "cli/test_report.py"),
    "kills": ("test_killing.py", "test_writing.py"),
    "releases": (
        "cli/test_release.py",
        "cli/test_release_alone.py",
        "cli/test_git_safety.py",
        "test_checkouts.py",
        "cli/test_artifacts.py",
        "test_release_artifacts.py",
    ),
    "growth": (
        "preview/test_growth.py",
        "render/test_growth.py",
        "parse/shapes/test_shape_growth.py",
        "parse/test_near_growth.py",
        "syntax/test_tree_growth.py",
        "cli/test_hostile.py",
        "cli/test_package_commands.py",
    ),
    "reproducibility": ("test_reproducible.py",),
    "security": ("security/test_matrix.py",),
    "live_anki": ("live_anki/",),
}
"""The markers, and the folders and files whose tests they mark, below `tests/`."""

# How long an example takes says how busy the machine is, so none has a deadline. In CI the examples
# are the same in each run, so that no pull request fails by chance. The nightly workflow tries more
# of them: `pytest --hypothesis-profile=nightly`.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile(
    "nightly", deadline=None, derandomize=False, max_examples=1_000, print_blob=True
)
settings.load_profile("ci" if "CI" in os.environ else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Answer interruptions even where the tests were started in the background.

    A shell starts what runs in the background with SIGINT ignored, and every child inherits that.
    Tests that interrupt a child would then wait for ever.
    """
    # Where pytest-xdist is not loaded, nobody else knows it.
    config.addinivalue_line("markers", "xdist_group(name): runs in one process with its group")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test, and keep those that share something costly in one process."""
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        names = {name for name, starts in PLACES.items() if place.startswith(starts)}
        names |= {mark.name for mark in item.iter_markers() if mark.name in PLACES}
        for name in names or {"quick"}:
            item.add_marker(name)
        if "browser" in names:
            # Chromium and the drawn showcase cost more than the tests that use them.
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif "live_anki" in names:
            # They share an Anki.
            item.add_marker(pytest.mark.xdist_group("live_anki"))
        elif names & {"anki", "github"}:
            # Collections and repositories are made once for each file.
            item.add_marker(pytest.mark.xdist_group(place))


# The variables that name the folders for caches and settings, on Linux and macOS, and on Windows.
_CACHE_VARIABLES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA")
_NUMBERS = count(1)

if sys.platform == "linux":
    # Playwright looks for its browsers in the folder for caches, which is another one in each test.
    _USUAL = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    os.environ.setdefault(
        "PLAYWRIGHT_BROWSERS_PATH", str(Path(_USUAL).expanduser() / "ms-playwright")
    )


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What fixtures of a wider scope build is not remembered in the user's own folders."""
    with _cache_in(tmp_path_factory.getbasetemp() / "caches" / "session"):
        yield


@pytest.fixture(autouse=True)
def _cache_of_the_test(
    tmp_path_factory: pytest.TempPathFactory, _cache_of_the_session: None
) -> Iterator[None]:
    """Every test, and every process that it starts, has a cache folder of its own, and trusts
    nothing.
    """
    with _cache_in(tmp_path_factory.getbasetemp() / "caches" / str(next(_NUMBERS))):
        yield


@pytest.fixture(autouse=True)
def _no_anki_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the Anki that happens to run here, or finds its profiles. Nothing listens at
    this port.
    """
    monkeypatch.setenv("ANKICONNECT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ANKI_BASE", os.devnull)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the projects of a test want to run is allowed."""
    monkeypatch.setenv("ANKIPRESS_TRUST", "1")


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
