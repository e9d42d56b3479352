"""Draw the pictures in docs/images/: cards of the README and of docs/cards.md, and the site.

A card is built by ankipress, imported by Anki's engine, and photographed by Chromium in the page of
AnkiDroid. What the pictures show is what a learner sees, but for the fonts, which are those of the
machine.
"""

from __future__ import annotations

import argparse
import base64
import html
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize

from anki_cards import SIDES, Card, Cards, ShowcaseError, read_cards
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
from ankipress.build.pipeline import compile_deck
from ankipress.preview.site.content import Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.output_folder import write_folder
from ankipress.project.reading import read_workspace
from small_png import shrink

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SHOWN = "DataLoaders"  # a word of the question of the card in the README
LARGEST = 60_000  # bytes of a picture
WIDTH = 400  # pixels of a side; the picture has twice as many
SHAPE = "shape-"  # how the names of pictures begin that show a file beside its cards
SITE_SIZE = ViewportSize(width=820, height=860)
SITE_THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# An example with a picture below it, which shows the first card of the example; rows-2.png would
# show the second. One of a shape shows the example beside its cards.
_EXAMPLE = re.compile(
    r"^(?P<fence>`{3,})markdown\n(?P<source>(?:(?!(?P=fence)$).*\n)*)(?P=fence)\n\n"
    r"!\[[^\]]*\]\(images/(?P<file>[a-z0-9-]+\.png)\)",
    re.MULTILINE,
)

_STYLE = """
body {{ margin: 0; display: grid; gap: 12px; width: max-content;
  grid-template-columns: repeat({columns}, max-content); }}
div {{ overflow: hidden; background: {ground}; border: 1px solid {edge}; border-radius: 10px; }}
div:has(pre) {{ grid-row: span {rows}; background: #f6f8fa; }}
pre {{ margin: 14px 16px; font: 13px/20px "DejaVu Sans Mono", monospace; color: #1f2328; }}
"""

# A file of a note type that an example uses, shown before it.
_NOTE_TYPE_FILE = re.compile(
    r"^`(?P<path>notetypes/(?P<name>[^/`]+)/[^`]+)`:\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """The file of a picture, the cards on it, their media, the theme, the source that is shown
    beside the cards, if it is, and the app that shows them.
    """

    file: str
    shown: Sequence[Card]
    media: Mapping[str, bytes]
    theme: str = "light"
    source: str = ""
    app: str = "android"

    @property
    def sides(self) -> Sequence[str]:
        """The sides that are shown. The back of a card repeats its question."""
        return ("back",) if self.source else SIDES


def pictures_of_readme() -> Iterator[Picture]:
    """A card of the first deck, light and dark."""
    cards = read_cards(ROOT)
    [card] = [card for card in cards.cards if SHOWN in next(iter(card.fields.values()))]
    for theme in ("light", "dark"):
        yield Picture(f"card-{theme}.png", (card,), cards.media, theme)


def pictures_of_page(page: str) -> Iterator[Picture]:
    """What the examples of docs/cards.md look like."""
    for example in _EXAMPLE.finditer(page):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "example"
            (folder / "media").mkdir(parents=True)
            for path in (ROOT / "examples" / "media").iterdir():
                if path.name in example["source"]:
                    shutil.copy(path, folder / "media")
            for file in _NOTE_TYPE_FILE.finditer(page):
                if f"kind={file['name']}" in example["source"]:
                    (folder / file["path"]).parent.mkdir(parents=True, exist_ok=True)
                    (folder / file["path"]).write_text(file["text"], encoding="utf-8")
            (folder / "cards.md").write_text(example["source"], encoding="utf-8")
            (folder / "ankipress.toml").write_text('name = "example"\n', encoding="utf-8")
            cards = read_cards(folder)
        yield _picture(example, cards)


def _picture(example: re.Match[str], cards: Cards) -> Picture:
    """The picture below an example, of which the cards were made."""
    file = example["file"]
    if file.startswith(SHAPE):
        return Picture(file, cards.cards, cards.media, source=example["source"])
    number = re.search(r"-(\d+)\.png$", file)
    shown = cards.cards[int(number[1]) - 1 if number else 0]
    return Picture(file, (shown,), cards.media)


def draw(browser: Browser, picture: Picture) -> bytes:
    """Both sides of a card beside each other, or the source of cards beside their backs, as a PNG
    whose ground is transparent.
    """
    frame = Frame(picture.app, picture.theme, WIDTH)
    boxes = []
    with opened_page(browser, Site(picture.media), width=WIDTH, scale=2) as page:
        open_frame(page, frame)
        for card in picture.shown:
            for side in picture.sides:
                height = show_alone(page, frame, card, side, unfold=False)
                boxes.append(_image(photograph(page, frame, height)))
    columns = len(picture.sides)
    if picture.source:
        boxes.insert(0, f"<pre>{html.escape(picture.source)}</pre>")
        columns += 1
    ground, edge = ("#ffffff", "#cfd4da") if picture.theme == "light" else ("#14171c", "#30363d")
    if picture.app == "desktop":
        ground = "#f5f5f5"
    style = _STYLE.format(ground=ground, edge=edge, columns=columns, rows=len(picture.shown))
    body = "".join(f"<div>{box}</div>" for box in boxes)
    with opened_page(browser, Site({}), width=1000, scale=2) as page:
        page.set_content(f"<!doctype html><style>{style}</style><body>{body}</body>")
        return shrink(page, page.locator("body").screenshot(omit_background=True))


def _image(content: bytes) -> str:
    address = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    return f'<img width="{WIDTH}" style="display: block" src="{address}">'


def write(pictures: Sequence[Picture], browser: Browser) -> None:
    """Draw pictures into their files."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        content = draw(browser, picture)
        if len(content) > LARGEST:
            raise ShowcaseError(
                f"{picture.file} has {len(content)} bytes, more than {LARGEST}: show a shorter card"
            )
        (IMAGES / picture.file).write_bytes(content)
        print(f"docs/images/{picture.file} ({len(content) // 1000} kB)", flush=True)


def write_site(browser: Browser) -> None:
    """Photograph the pages of `ankipress site` with the showcase, by day and by night."""
    project = read_workspace([ROOT / "examples"]).project
    site = make_site(Publication(project.settings, compile_deck(project, time=1)))
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder) / "site", site, ".ankipress-site")
        for theme in SITE_THEMES:
            page = browser.new_page(
                viewport=SITE_SIZE, color_scheme=theme, device_scale_factor=1.25
            )
            page.goto((Path(folder) / "site" / "decks" / "showcase.html").as_uri())
            page.wait_for_function("document.documentElement.dataset.math === 'done'")
            page.locator("details.answer").nth(1).evaluate("answer => { answer.open = true; }")
            page.locator(".hint summary").first.click()
            picture = page.screenshot()
            page.goto("about:blank")
            (IMAGES / f"site-{theme}.png").write_bytes(shrink(page, picture))
            page.close()
            print(f"docs/images/site-{theme}.png", flush=True)


def main() -> int:
    """Draw the pictures, and return the exit status."""
    argparse.ArgumentParser(description="Draw the pictures in docs/images/.").parse_args()
    try:
        with opened_browser() as browser:
            page = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
            write((*pictures_of_readme(), *pictures_of_page(page)), browser)
            write_site(browser)
    except (NoBrowserError, ShowcaseError) as error:
        print(f"error: NO PICTURE WAS DRAWN: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
