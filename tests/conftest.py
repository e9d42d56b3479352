"""What holds for all tests: signals, hypothesis, and the markers of what takes long.

A test gets its markers here, by the place of its file, so that no test has to know how it is
selected. `make quick` runs those that are marked `quick`, which is all that no other marker names.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent

PLACES = {
    "browser": ("browser/",),
    "anki": ("anki/",),
    "github": ("github/", "cli/test_contribution.py", "cli/test_report.py"),
    "kills": ("test_killing.py",),
    "releases": ("cli/test_release.py", "cli/test_artifacts.py", "test_release_artifacts.py"),
    "growth": ("preview/test_growth.py", "render/test_growth.py", "cli/test_hostile.py"),
    "reproducibility": ("test_reproducible.py",),
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
        elif names & {"anki", "github"}:
            # Collections and repositories are made once for each file.
            item.add_marker(pytest.mark.xdist_group(place))
