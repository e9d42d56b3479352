"""A headless Chromium for the tests in this folder, and what it sees of the showcase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from anki_cards import Cards
    from lookout import Sight

UNTESTED = "NO CARD WAS LOOKED AT IN A BROWSER"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says what is missing."""
    pytest.importorskip(
        "playwright.sync_api",
        reason=f"{UNTESTED}: pip install playwright, as requirements-dev.lock does",
    )
    from anki_pages import NoBrowserError, opened_browser

    try:
        opened = opened_browser()
        found = opened.__enter__()
    except NoBrowserError as error:
        pytest.skip(f"{UNTESTED}: {error}")
    try:
        yield found
    finally:
        opened.__exit__(None, None, None)


@pytest.fixture(scope="session")
def showcase() -> Cards:
    """The cards of examples/, imported into the real Anki."""
    pytest.importorskip("anki.collection", reason="THE SHOWCASE WAS NOT IMPORTED: pip install anki")
    from anki_cards import read_cards
    from pages import ROOT

    return read_cards(ROOT / "examples")


@pytest.fixture(scope="session")
def sight(browser: Browser, showcase: Cards) -> Sight:
    """Every side of every card of the showcase, in every frame, measured once for all tests."""
    from lookout import look

    return look(browser, showcase)
