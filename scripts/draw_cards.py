"""Draw a card of the first deck, front and back, light and dark: the pictures in docs/images/ that README shows.

The deck is built by recto, imported by Anki's engine, and photographed by Chromium in the page that Anki puts around a card. What
the pictures show is what a learner sees, but for the fonts, which are those of the machine.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from recto.cli.files import read_workspace
from recto.diagnostics import has_errors
from recto.pipeline import compile_deck, make_package

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SHOWN = "DataLoaders"  # words of the question of one card
WIDTH = 440  # pixels of the page; the picture has twice as many
MARGIN = 12  # around and between the two sides
LARGEST = 150_000  # bytes of a picture
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --hide-scrollbars --force-device-scale-factor=2"
).split()


class DrawingError(Exception):
    """A picture cannot be drawn; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a card as Anki's engine renders it, with the style sheet of its note type."""

    body: str
    css: str


@dataclass(frozen=True, slots=True)
class Look:
    """The file of a picture, the class that Anki gives the body, and the colours around the card."""

    file: str
    body_class: str
    around: str
    edge: str


LOOKS = (Look("card-light.png", "", "#eceef1", "#cfd4da"), Look("card-dark.png", "nightMode night_mode", "#05070a", "#30363d"))


def build_package() -> bytes:
    """The first deck, built in memory; the time is of no account in a picture."""
    workspace = read_workspace([ROOT])
    compiled = compile_deck(workspace.project, time=1)
    if has_errors([*workspace.diagnostics, *compiled.diagnostics]):
        raise DrawingError("the deck has errors: make deck shows them")
    return make_package(compiled.package)


def render_card(package: bytes, words: str) -> tuple[Side, Side]:
    """Front and back of the card whose question has these words, as Anki renders them after an import."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        path.write_bytes(package)
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            options = ImportAnkiPackageOptions()
            collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))
            found = collection.find_cards(f'"Front:*{words}*"')
            if len(found) != 1:
                raise DrawingError(f"{len(found)} cards have {words!r} in their question, one is wanted: change SHOWN")
            output = collection.get_card(found[0]).render_output()
            return Side(output.question_text, output.css), Side(output.answer_text, output.css)
        finally:
            collection.close()


def card_page(side: Side, body_class: str) -> str:
    """The page that Anki puts around a card."""
    return (
        f'<!doctype html><html class="linux"><head><meta charset="utf-8"><style>{side.css}</style></head>'
        f'<body class="card card1 isLin {body_class}"><div id="qa">{side.body}</div></body></html>'
    )


def picture_page(sides: tuple[Side, Side], look: Look) -> str:
    """Both sides, each in a frame as high as its content, one above the other. The height of it all is left in `data-height`.

    The width is set here: Chromium's own window has at least 500 pixels.
    """
    frames = "".join(f'<iframe srcdoc="{html.escape(card_page(side, look.body_class))}"></iframe>' for side in sides)
    return f"""<!doctype html><html><head><meta charset="utf-8"><style>
body {{ margin: 0; width: {WIDTH - 2 * MARGIN}px; padding: {MARGIN}px; background: {look.around}; }}
iframe {{ display: block; width: 100%; box-sizing: border-box; border: 1px solid {look.edge}; border-radius: 10px; }}
iframe + iframe {{ margin-top: {MARGIN}px; }}
</style></head><body>{frames}<script>
addEventListener("load", () => {{
  for (const frame of document.querySelectorAll("iframe"))
    frame.style.height = frame.contentDocument.body.offsetHeight + 2 + "px";
  document.body.dataset.height = document.body.offsetHeight;
}});
</script></body></html>"""


def find_chromium() -> str:
    """The path of a Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise DrawingError(f"Chromium is not there, so NO PICTURE WAS DRAWN; looked for {', '.join(CHROMIUM)} in the PATH")
    return found


def run_chromium(browser: str, *arguments: str) -> str:
    """Run Chromium with a profile of its own, and return what it prints."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise DrawingError(f"Chromium ended with status {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def draw(browser: str, sides: tuple[Side, Side], look: Look) -> None:
    """Photograph both sides into the file of a look."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / look.file
        page.write_text(picture_page(sides, look), encoding="utf-8")
        measured = re.search(
            r'data-height="(\d+)"', run_chromium(browser, f"--window-size={WIDTH},400", "--dump-dom", page.as_uri())
        )
        if measured is None:
            raise DrawingError("Chromium did not lay out the page")
        run_chromium(browser, f"--window-size={WIDTH},{measured[1]}", f"--screenshot={shot}", page.as_uri())
        content = shot.read_bytes()
    if len(content) > LARGEST:
        raise DrawingError(f"{look.file} has {len(content)} bytes, more than {LARGEST}: show a shorter card")
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / look.file).write_bytes(content)
    print(f"docs/images/{look.file} ({len(content) // 1000} kB)")


def main() -> int:
    """Draw the pictures, and return the exit status."""
    argparse.ArgumentParser(description="Draw the pictures of a card in docs/images/.").parse_args()
    try:
        browser = find_chromium()
        sides = render_card(build_package(), SHOWN)
        for look in LOOKS:
            draw(browser, sides, look)
    except DrawingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
