"""The pages in which Anki's apps show a card, and a headless Chromium that shows them.

The desktop's page, style sheets, script and MathJax are those of the installed aqt, read from its
files: nothing of aqt is imported. AnkiDroid is in no package, so what its style sheet does to a
card is written down here.
"""

from __future__ import annotations

import importlib.util
import mimetypes
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

from anki_cards import Card

HOST = "anki.test"
BASE = f"http://{HOST}/"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
THEMES = ("light", "dark")
WIDTHS = (320, 390, 1280)

_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --hide-scrollbars --font-render-hinting=none"
).split()
_SCRIPT = Path(__file__).with_name("anki_page.js")

# The reviewer's own colours and margins come from the two style sheets; aqt computes the rest when
# it starts.
_DESKTOP = """<!doctype html>
<html class="{html_class}" dir="ltr" data-bs-theme="{theme}"><head>
<meta charset="utf-8"><title>main webview</title>
<base href="{base}">
<link rel="stylesheet" href="/_anki/css/webview.css">
<style>body {{ zoom: 1; background-color: var(--canvas); }}
html {{ font-family: "sans-serif", sans-serif; }}</style>
<link rel="stylesheet" href="/_anki/css/reviewer.css"></head>
<body class="isLin {night} fancy"><script src="/page.js"></script><script>qFade = 0;</script>
<script src="/_anki/js/webview.js"></script><script src="/_anki/js/reviewer.js"></script>
<div id="_mark" hidden>★</div><div id="_flag" hidden>⚑</div>
<div id="qa" dir="auto"></div></body></html>"""

# AnkiDroid: no margin but below; white on black at night, and dark grey in the theme of that name;
# its own colours of a comparison; pictures within the page; a card in the middle of the screen,
# where a learner wants that. Its play button is another one. The script is the one of the desktop,
# of which AnkiDroid has the part for image occlusion, with its styles.
_ANDROID = """<!doctype html>
<html class="mobile android linux js"><head><meta charset="utf-8">
<title>AnkiDroid Flashcard</title><base href="{base}"><style>
body {{ margin: 0 0 30px; padding: 0; }}
body.night_mode {{ background-color: black; color: white; }}
body.ankidroid_dark_mode {{ background-color: #303030; }}
#content {{ margin: .5em; }}
#typeans {{ width: 100%; }}
.typeGood {{ background-color: #0f0; }} .typeBad {{ background-color: #f00; }}
.typeMissed {{ background-color: #ccc; }}
.night_mode .typeGood {{ background-color: #508040; }}
.night_mode .typeBad {{ background-color: #905050; }}
.night_mode input#typeans {{ background-color: black; color: white; }}
.ankidroid_dark_mode input#typeans {{ background-color: #303030; }}
.chrome img {{ max-width: 100%; max-height: 90%; }}
.vertically_centered {{ position: absolute; width: 100%; height: 100%; display: -webkit-box;
  -webkit-box-align: stretch; -webkit-box-pack: center; -webkit-box-orient: vertical; }}
#image-occlusion-container {{ position: relative; margin: 0 auto; max-height: calc(95vh - 40px); }}
#image-occlusion-container img {{ position: absolute; top: 0; left: 0; width: 100%; height: 100%;
  max-width: unset; max-height: unset; }}
#image-occlusion-canvas {{ position: absolute; top: 0; left: 0; width: 100%; height: 100%; }}
.replay-button {{ text-decoration: none; }} .replay-button svg {{ width: 32px; height: 32px; }}
</style></head>
<body><script src="/page.js"></script><script src="/_anki/js/reviewer.js"></script>
<div id="qa" hidden></div><div id="content"></div></body></html>"""


class NoBrowserError(Exception):
    """There is nothing to show cards with; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An app, a theme and the width of its window. `centred` is a setting of AnkiDroid."""

    app: str
    theme: str
    width: int
    centred: bool = False

    @property
    def name(self) -> str:
        """The frame in messages and in names of files."""
        return f"{self.app}{'-centred' if self.centred else ''}-{self.theme}-{self.width}"

    @property
    def url(self) -> str:
        """Where the empty page is."""
        return f"{BASE}page/{self.app}/{self.theme}"

    def classes(self, ord: int) -> str:
        """The classes that the app gives the body for the card of an ord."""
        classes = ["card", f"card{ord + 1}"]
        if self.centred:
            classes.append("vertically_centered")
        if self.app == "desktop":
            classes += ["isLin", "fancy"]
        if self.theme == "dark":
            classes += ["nightMode", "night_mode"] + (
                ["ankidroid_dark_mode"] if self.app == "android" else []
            )
        return " ".join(classes)


@dataclass(slots=True)
class Site:
    """What the one host of the pages serves: the pages, the files of aqt, and the media; and what
    else was asked for.
    """

    media: Mapping[str, bytes]
    elsewhere: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Forget what was noted."""
        for noted in (self.elsewhere, self.missing, self.errors):
            noted.clear()

    def answer(self, route: Route) -> None:
        """Serve a request, or note that there should have been none."""
        url = urlsplit(route.request.url)
        if url.hostname != HOST:
            self.elsewhere.append(route.request.url)
            route.abort()
            return
        path = unquote(url.path).removeprefix("/")
        content = self._content(path)
        if content is None:
            self.missing.append(path)
            route.fulfill(status=404, body="")
        else:
            kind = (
                "text/html; charset=utf-8"
                if path.startswith("page/")
                else mimetypes.guess_type(path)[0]
            )
            route.fulfill(body=content, content_type=kind or "application/octet-stream")

    def _content(self, path: str) -> bytes | None:
        first, _, rest = path.partition("/")
        if path == "page/frames":
            return (
                b"<!doctype html><title>frames</title><style>iframe{display:block;border:0}</style>"
            )
        if first == "page":
            return _page(*rest.split("/")).encode()
        if first == "_anki":
            file = anki_files() / rest
            return file.read_bytes() if file.is_file() else None
        if path == "page.js":
            return _SCRIPT.read_bytes()
        return b"" if path == "favicon.ico" else self.media.get(path)


def _page(app: str, theme: str) -> str:
    dark = theme == "dark"
    night = "nightMode night_mode" if dark else ""
    page = _DESKTOP if app == "desktop" else _ANDROID
    return page.format(base=BASE, theme=theme, night=night, html_class="night-mode" if dark else "")


def anki_files() -> Path:
    """The folder of the files that the desktop serves to its own pages."""
    found = importlib.util.find_spec("_aqt")
    if found is None or not found.submodule_search_locations:
        raise NoBrowserError("aqt is not installed: requirements-dev.lock pins it")
    return Path(next(iter(found.submodule_search_locations))) / "data" / "web"


def find_chromium() -> str:
    """The path of a Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise NoBrowserError(f"Chromium is not there; looked for {', '.join(CHROMIUM)} in the PATH")
    return found


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = find_chromium()
    anki_files()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened_page(
    browser: Browser, site: Site, *, width: int = 1280, scale: float = 1
) -> Iterator[Page]:
    """A page whose requests the site answers, and whose errors it notes."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, device_scale_factor=scale, reduced_motion="reduce"
    )
    page = context.new_page()
    # A method of a slotted class does not do.
    page.route("**/*", lambda route: site.answer(route))  # noqa: PLW0108
    page.on(
        "console",
        lambda message: site.errors.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: site.errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()


def open_frames(page: Page, frames: Sequence[Frame]) -> None:
    """Open the empty pages of all frames side by side, each in an iframe of its width."""
    page.goto(f"{BASE}page/frames")
    page.evaluate(
        """frames => Promise.all(frames.map(({ url, width }) => new Promise(done => {
             const frame = document.createElement("iframe");
             Object.assign(frame, { src: url, width, height: 800, onload: done });
             document.body.append(frame);
           })))""",
        [{"url": frame.url, "width": frame.width} for frame in frames],
    )


def show(
    page: Page, frames: Sequence[Frame], card: Card, side: str, *, then: str = "null"
) -> list[Any]:
    """Show a side of a card in all open frames at once, and return what the JavaScript `then` says
    in each, in their order.
    """
    shown = [{"app": frame.app, "classes": frame.classes(card.ord)} for frame in frames]
    return list(
        page.evaluate(
            """([frames, card, then]) => Promise.all(frames.map(async ({ app, classes }, index) => {
                 const frame = window.frames[index];
                 await frame.show(app, { ...card, classes });
                 return frame.eval(then);
               }))""",
            [shown, {"front": card.front, "back": card.back, "side": side}, then],
        )
    )


def open_frame(page: Page, frame: Frame) -> None:
    """Open the empty page of a frame alone."""
    page.goto(frame.url)


def show_alone(page: Page, frame: Frame, card: Card, side: str, *, unfold: bool = True) -> int:
    """Show a side of a card in an open frame that stands alone, and return the height of the page
    in pixels.
    """
    shown = {
        "front": card.front,
        "back": card.back,
        "side": side,
        "classes": frame.classes(card.ord),
        "unfold": unfold,
    }
    height = """async ([app, card]) => {
      await show(app, card);
      document.activeElement.blur();
      return Math.ceil(document.body.getBoundingClientRect().bottom);
    }"""
    return int(page.evaluate(height, [frame.app, shown]))


def photograph(page: Page, frame: Frame, height: int) -> bytes:
    """The top of a page that stands alone, as a PNG."""
    return page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": frame.width, "height": height}
    )
