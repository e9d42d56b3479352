"""Photograph the pages of `ankipress site` for docs/images/: the showcase, by day and by night.

The fonts are those of the machine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import ViewportSize

from anki_pages import NoBrowserError, opened_browser
from ankipress.build.pipeline import compile_deck
from ankipress.preview.site.content import Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.output_folder import write_folder
from ankipress.project.reading import read_workspace
from small_png import shrink

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZE = ViewportSize(width=820, height=860)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> int:
    """Draw both, and return the exit status."""
    project = read_workspace([ROOT / "examples"]).project
    site = make_site(Publication(project.settings, compile_deck(project, time=1)))
    try:
        with tempfile.TemporaryDirectory() as folder, opened_browser() as browser:
            write_folder(Path(folder) / "site", site, ".ankipress-site")
            for theme in THEMES:
                page = browser.new_page(viewport=SIZE, color_scheme=theme, device_scale_factor=1.25)
                page.goto((Path(folder) / "site" / "decks" / "showcase.html").as_uri())
                page.wait_for_function("document.documentElement.dataset.math === 'done'")
                page.locator("details.answer").nth(1).evaluate("answer => { answer.open = true; }")
                page.locator(".hint summary").first.click()
                picture = page.screenshot()
                page.goto("about:blank")
                (IMAGES / f"site-{theme}.png").write_bytes(shrink(page, picture))
                page.close()
    except NoBrowserError as error:
        print(f"error: NO PICTURE WAS DRAWN: {error}", file=sys.stderr)
        return 1
    print("docs/images/: site-light.png, site-dark.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
