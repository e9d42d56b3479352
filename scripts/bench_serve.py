"""How fast the preview is, measured in the browser: `python scripts/bench_serve.py [--cards N] [--edits N]`.

From the start of `recto serve` to its first card, with nothing remembered and with the memory of a build; from the save of a file
to the card on the page; and how long the frames of a long scroll take. Needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from anki_pages import opened_browser
from bench_deck import make_deck

# The page tells when a frame has drawn its card; the moment counts when the browser has painted it.
_LISTEN = """() => {
  window.drawn = [];
  document.addEventListener("drawn", ({ target }) => requestAnimationFrame(() => requestAnimationFrame(() =>
    window.drawn.push({ question: target.ariaLabel, at: performance.timeOrigin + performance.now() }))));
  window.drawnAt = async (words) => {
    for (;;) {
      const found = window.drawn.find(({ question }) => question.includes(words));
      if (found) return found.at;
      await new Promise((done) => setTimeout(done, 4));
    }
  };
}"""
_SCROLL = """async () => {
  const times = [];
  let last = await new Promise(requestAnimationFrame);
  for (let step = 0; step < 300; step++) {
    scrollBy({ top: 120, behavior: "instant" });
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return { times, articles: document.querySelectorAll("article").length };
}"""


def main() -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=21)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, opened_browser() as browser:
        folder = Path(name)
        make_deck(folder, given.cards)
        for memory in ("nothing remembered", "remembered"):
            print(f"first of {given.cards} cards, {memory}: {_first_card(folder, browser):.0f} ms after the start")
        with _served(folder) as url, _opened(browser, url) as page:
            page.locator("#count", has_text=f"{given.cards} cards").wait_for()
            page.wait_for_timeout(1500)  # advice comes when nothing else is to be done
            times = sorted(_edit(page, folder / "cards.md", mark) for mark in range(given.edits))
            print(f"edit on the page, {given.edits} times: {statistics.median(times):.0f} ms median, {times[-1]:.0f} ms at most")
            scrolled = page.evaluate(_SCROLL)
            frames = sorted(scrolled["times"])
            late = sum(each > 50 for each in frames)
            print(
                f"scrolling: a frame each {statistics.median(frames):.0f} ms, {late} of {len(frames)} later than 50 ms;"
                f" {scrolled['articles']} cards in the page"
            )
        shutil.rmtree(folder / "build", ignore_errors=True)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "recto", "serve", "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def _opened(browser: Browser, url: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.add_init_script(f"({_LISTEN})()")
    try:
        page.goto(url)
        page.evaluate("window.drawnAt('')")
        yield page
    finally:
        page.close()


def _first_card(folder: Path, browser: Browser) -> float:
    """Milliseconds from the start of the program to the first card on a page that is opened at once."""
    started = time.time() * 1000
    with _served(folder) as url, _opened(browser, url) as page:
        first = float(page.evaluate("window.drawnAt('')")) - started
        page.locator("#count", has_text="cards").wait_for()
        page.wait_for_timeout(4000)  # until all is rendered and remembered
    return first


def _edit(page: Page, file: Path, mark: int) -> float:
    """Milliseconds from the save of a file to the card that is painted."""
    text = file.read_text(encoding="utf-8")
    head, heading, rest = text.partition("\n## ")
    question, line, answer = rest.partition("\n")
    edited = f"{head}{heading}{question.split(' (edit')[0]} (edit {mark}){line}{answer}"
    page.evaluate("window.drawn.length = 0")
    file.write_text(edited, encoding="utf-8", newline="\n")
    saved = time.time() * 1000
    painted = float(page.evaluate("words => window.drawnAt(words)", f"(edit {mark})"))
    page.wait_for_timeout(700)  # as an author would pause; advice follows the build
    return painted - saved


if __name__ == "__main__":
    main()
