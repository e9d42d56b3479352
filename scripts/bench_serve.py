"""How fast the preview is, measured in the browser: `python scripts/bench_serve.py [--cards N]
[--edits N] [--starts N]`.

From the start of `ankipress serve` to its first card, with nothing remembered and with the memory
of a build; from the save of a file to the card on the page; and how long the frames of a long
scroll take. Needs Chromium.
"""

from __future__ import annotations

import argparse
import os
import re
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
  const painted = (act) => requestAnimationFrame(() => requestAnimationFrame(act));
  document.addEventListener("drawn", ({ target }) => painted(() => {
    const at = performance.timeOrigin + performance.now();
    window.drawn.push({ question: target.ariaLabel, at });
  }));
  window.drawnAt = async (words) => {
    for (;;) {
      const found = window.drawn.find(({ question }) => question.includes(words));
      if (found) return found.at;
      await new Promise((done) => setTimeout(done, 4));
    }
  };
}"""
_SCROLL = """async (by) => {
  const times = [];
  let [articles, nodes] = [0, 0];
  let last = await new Promise(requestAnimationFrame);
  for (let step = 0; step < 300; step++) {
    scrollBy({ top: step < 150 ? by : -by, behavior: "instant" });
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
    articles = Math.max(articles, document.querySelectorAll("article").length);
    nodes = Math.max(nodes, document.querySelectorAll("*").length);
  }
  return { times, articles, nodes };
}"""


def main() -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=21)
    parser.add_argument("--starts", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, opened_browser() as browser:
        folder, cache = Path(name) / "deck", Path(name) / "cache"
        os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = str(cache)
        make_deck(folder, given.cards)
        for memory in ("nothing remembered", "remembered"):
            times = []
            for _ in range(given.starts):
                if memory == "nothing remembered":
                    shutil.rmtree(cache, ignore_errors=True)
                times.append(_first_card(folder, browser))
            print(f"first of {given.cards} cards, {memory}, {_spread(times)} after the start")
        with _opened(browser) as page, _served(folder) as url:
            page.goto(url)
            page.locator("#count", has_text=f"{given.cards} cards").wait_for()
            page.wait_for_timeout(1500)  # advice comes when nothing else is to be done
            edits = [_edit(page, folder / "cards.md", mark) for mark in range(given.edits)]
            print(f"edit on the page, {_spread(edits)}")
            for way, step in (("through the cards", 120), ("through the deck", 4000)):
                scrolled = page.evaluate(_SCROLL, step)
                late = sum(each > 50 for each in scrolled["times"])
                print(
                    f"scrolling {way}: a frame each "
                    f"{statistics.median(scrolled['times']):.0f} ms, {late} of"
                    f" {len(scrolled['times'])} later than 50 ms; at most "
                    f"{scrolled['articles']} cards, {scrolled['nodes']} nodes"
                )


def _spread(times: list[float]) -> str:
    return (
        f"{len(times)} times: {statistics.median(times):.0f} ms median, {max(times):.0f} ms at most"
    )


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "ankipress", "serve", "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.send_signal(signal.SIGINT)


@contextmanager
def _opened(browser: Browser) -> Iterator[Page]:
    """A page that is still empty."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.add_init_script(f"({_LISTEN})()")
    try:
        yield page
    finally:
        page.close()


def _first_card(folder: Path, browser: Browser) -> float:
    """Milliseconds from the start of the program to the first card that is painted, in a browser
    that runs already.
    """
    with _opened(browser) as page:
        started = time.time() * 1000
        with _served(folder) as url:
            page.goto(url, wait_until="commit")
            first = float(page.evaluate("window.drawnAt('')")) - started
            page.locator("#count", has_text=re.compile(r"cards$")).wait_for()  # all is rendered
            page.wait_for_timeout(500)  # and remembered
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
