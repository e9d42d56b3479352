"""Photograph every card of the showcase, front and back, on phones and a desktop, light and dark:
`make screenshots`.

Writes build/screenshots/, with an index.html that shows all of them. What the pictures show is what
a learner sees, but for the fonts, which are those of the machine.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser

from anki_cards import SIDES, Card, Cards, ShowcaseError, read_cards
from anki_pages import (
    THEMES,
    Frame,
    NoBrowserError,
    Site,
    open_frame,
    opened_browser,
    opened_page,
    photograph,
    show_alone,
)

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "build" / "screenshots"
FRAMES = tuple(
    Frame(app, theme, width)
    for app, width in (("android", 320), ("android", 390), ("desktop", 1280))
    for theme in THEMES
)

_INDEX = """<!doctype html><html lang="en"><meta charset="utf-8">
<title>Cards of the showcase</title><style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2rem; background: #8b929a; color: #111; }}
h2 {{ font-size: 1rem; margin: 3rem 0 .5rem; }} p {{ margin: .5rem 0 0; }}
div {{ display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }}
img {{ max-width: 100%; }}
</style><h1>Cards of the showcase</h1>
{rows}</html>
"""


def file_name(card: Card, side: str, frame: Frame) -> str:
    """The name of a picture."""
    return f"{card.name}-{side}-{frame.name}.png"


def index(cards: Cards) -> str:
    """The page that shows all pictures, card by card."""
    rows = []
    for card in cards.cards:
        rows.append(f"<h2>{html.escape(card.name)}</h2>")
        for width in dict.fromkeys(frame.width for frame in FRAMES):
            files = [
                file_name(card, side, frame)
                for side in SIDES
                for frame in FRAMES
                if frame.width == width
            ]
            images = "".join(
                f'<img src="{html.escape(file)}" loading="lazy" alt="">' for file in files
            )
            rows.append(f"<p>{width} pixels</p><div>{images}</div>")
    return _INDEX.format(rows="\n".join(rows))


def draw(browser: Browser, cards: Cards) -> None:
    """Photograph all of it, and say how far it is."""
    sides = [(card, side) for card in cards.cards for side in SIDES]
    for frame in FRAMES:
        with opened_page(browser, Site(cards.media), width=frame.width) as page:
            open_frame(page, frame)
            for card, side in sides:
                height = show_alone(page, frame, card, side)
                (OUTPUT / file_name(card, side, frame)).write_bytes(photograph(page, frame, height))
        print(f"{frame.name}: {len(sides)} pictures", flush=True)


def main() -> int:
    """Draw the gallery, and return the exit status."""
    argparse.ArgumentParser(
        description="Photograph every card of the showcase into build/screenshots/."
    ).parse_args()
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    try:
        cards = read_cards(ROOT / "examples")
        with opened_browser() as browser:
            draw(browser, cards)
    except (NoBrowserError, ShowcaseError) as error:
        print(f"error: NO PICTURE WAS DRAWN: {error}", file=sys.stderr)
        return 1
    (OUTPUT / "index.html").write_text(index(cards), encoding="utf-8")
    print("build/screenshots/index.html shows them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
