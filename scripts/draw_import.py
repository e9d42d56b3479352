"""Draw the pictures of docs/importing-decks.md: a deck from Anki, and what `ankipress import` makes
of it.

The deck is that of french_deck.py. One picture shows a file of its cards beside these; the others
show a card as the real Anki has it beside the same card in the preview, by day and by night.
"""

from __future__ import annotations

import argparse
import base64
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from anki_cards import Card, Cards, ShowcaseError, read_package
from anki_pages import (
    Frame,
    NoBrowserError,
    Site,
    open_frame,
    opened_browser,
    opened_page,
    photograph,
    show_alone,
)
from ankipress.cli.main import run
from draw_cards import IMAGES, Picture, write
from french_deck import write_deck
from small_png import shrink

FILE = "cards/French/Verbs.md"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHOWN = "être"  # how the first card of it begins
CARDS = 2  # in that file
WIDTH = 480  # pixels of each of two cards
DRAWN = 1000  # milliseconds

_PAGE = """<!doctype html><style>
body {{ margin: 0; display: grid; grid-template-columns: repeat(2, {width}px); gap: 6px 16px;
  width: max-content; padding: 14px; background: {ground}; color: {ink};
  font: 600 15px/1.5 system-ui, sans-serif; }}
img {{ display: block; width: {width}px; border-radius: 10px; }}
.framed {{ border: 1px solid {edge}; box-sizing: border-box; }}
</style><body><span>In Anki, before</span><span>In the preview, after</span>
<img class="framed" src="{before}"><img src="{after}">"""
_COLOURS = {
    "light": {"ground": "#f4f2ee", "ink": "#20242a", "edge": "#d9d5cd"},
    "dark": {"ground": "#0b0d10", "ink": "#e6edf3", "edge": "#2d333b"},
}


@contextmanager
def _served(project: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "ankipress", "serve", "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.send_signal(signal.SIGINT)


def _in_anki(browser: Browser, cards: Cards, card: Card, theme: str) -> bytes:
    """The back of a card in the page of Anki's desktop."""
    frame = Frame("desktop", theme, WIDTH)
    with opened_page(browser, Site(cards.media), width=WIDTH, scale=2) as page:
        open_frame(page, frame)
        height = show_alone(page, frame, card, "back")
        return photograph(page, frame, height + 12)


def _in_preview(browser: Browser, url: str, theme: Literal["light", "dark"]) -> bytes:
    """The same card on the page of `ankipress serve`."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 900}, color_scheme=theme, device_scale_factor=2
    )
    page.goto(url)
    card = page.locator(f'article.card[aria-label*=": {SHOWN}"]')
    card.get_by_text("Show answer").click()
    page.wait_for_timeout(DRAWN)
    page.evaluate("document.activeElement.blur()")
    top, bottom = (card.locator(part).bounding_box() for part in ("header", "footer"))
    assert top
    assert bottom
    height = bottom["y"] + bottom["height"] + 2 - top["y"]
    picture = page.screenshot(clip={"x": 0, "y": top["y"], "width": WIDTH, "height": height})
    page.close()
    return picture


def _address(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _side_by_side(browser: Browser, before: bytes, after: bytes, theme: str) -> bytes:
    text = _PAGE.format(
        width=WIDTH, before=_address(before), after=_address(after), **_COLOURS[theme]
    )
    with opened_page(browser, Site({}), width=1100, scale=1.5) as page:
        page.set_content(text)
        return shrink(page, page.locator("body").screenshot())


def draw(browser: Browser, folder: Path) -> None:
    """Make the deck and its project in a folder, and draw the pictures."""
    package = write_deck(folder)
    os.chdir(folder)
    if run(["import", package.name, "project", "--no-keep-html"]):
        raise ShowcaseError("the deck cannot be imported")
    cards = read_package(package.read_bytes())
    shown = cards.cards[:CARDS]
    text = (folder / "project" / FILE).read_text(encoding="utf-8")
    picture = Picture("import-markdown.png", shown, cards.media, source=text, app="desktop")
    write([picture], browser)
    with _served(folder / "project") as url:
        for theme in THEMES:
            before = _in_anki(browser, cards, shown[0], theme)
            after = _in_preview(browser, url, theme)
            content = _side_by_side(browser, before, after, theme)
            (IMAGES / f"import-{theme}.png").write_bytes(content)
            print(f"docs/images/import-{theme}.png ({len(content) // 1000} kB)", flush=True)


def main() -> int:
    """Draw the pictures, and return the exit status."""
    argparse.ArgumentParser(description="Draw the pictures of an imported deck.").parse_args()
    try:
        with opened_browser() as browser, tempfile.TemporaryDirectory() as folder:
            draw(browser, Path(folder))
    except (NoBrowserError, ShowcaseError) as error:
        print(f"error: NO PICTURE WAS DRAWN: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
