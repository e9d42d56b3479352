"""Fixtures for tests with a running Anki. See `anki_desktop.py`, beside this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from anki_desktop import AnkiDesktop

# `anki_desktop` skips each module that imports it where no Anki can be started. Here it would be an
# error, so the fixtures import it.


@pytest.fixture(scope="session")
def _one_desktop() -> Iterator[AnkiDesktop]:
    """The Anki of all tests: to start one takes some seconds."""
    from anki_desktop import desktop as started  # noqa: PLC0415

    with started() as found:
        yield found


@pytest.fixture
def desktop(_one_desktop: AnkiDesktop) -> AnkiDesktop:
    """A real Anki that runs without a screen, with the real AnkiConnect, and with an empty profile
    at the start of each test. All tests share it, so a test that ends it starts one of its own with
    `own_desktop`.

    Ask it as ankipress does, by `desktop.anki()`, which is a `RunningAnki`; its AnkiConnect listens
    at `desktop.address`. `desktop.run("result = col.note_count()")` runs Python in Anki.
    """
    _one_desktop.empty()
    return _one_desktop


@pytest.fixture
def own_desktop() -> Iterator[AnkiDesktop]:
    """An Anki that a test may end, or put into a state that does not pass."""
    from anki_desktop import desktop as started  # noqa: PLC0415

    with started() as found:
        yield found


@pytest.fixture
def desktop_without_profile() -> Iterator[AnkiDesktop]:
    """An Anki in which no profile is open yet."""
    from anki_desktop import desktop as started  # noqa: PLC0415

    with started(profile=None) as found:
        yield found
