"""A hostile deck in a real browser: no card lies over the page, and nothing connects out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.diff.difference import compare
from ankipress.diff.edition import compiled_edition
from ankipress.diff.html_format import as_html
from ankipress.preview.site.content import Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.deck import Project
from ankipress.project.reading import read_workspace
from hostile_cards import Listener, listening, write_deck
from web import axe, served, web

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# For each of the page's own controls that is on the screen: what lies over it there.
COVERED = """([own, cards]) => {
  const covered = [];
  const behavior = "instant";
  const scrolled = () => scrollTo({ top: document.body.scrollHeight / 2, behavior });
  const centred = (control) => control.scrollIntoView({ block: "center", behavior });
  for (const scroll of [scrolled, centred]) for (const control of document.querySelectorAll(own)) {
    scroll(control);
    const { left, top, width, height } = control.getBoundingClientRect();
    if (!width || !height) continue;
    const around = control.closest("label") ?? control;
    for (const [x, y] of [[0.5, 0.5], [0.05, 0.2], [0.95, 0.8]]) {
      const there = document.elementsFromPoint(left + x * width, top + y * height);
      if (!there.includes(control)) continue;
      const above = there.slice(0, there.indexOf(control));
      const worst = above.find((each) => each.matches(cards) || !around.contains(each));
      if (worst) covered.push(`${control.outerHTML} with ${worst.outerHTML}`.slice(0, 300));
    }
  }
  return covered;
}"""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def compiled(folder: Path, url: str, answer: str = "An answer") -> tuple[Project, Compiled]:
    """The hostile deck, with whatever its author's machine would have refused."""
    write_deck(folder, url, answer)
    project = read_workspace([folder]).project
    return project, compile_deck(project, time=1)


def write_site(folder: Path, url: str) -> list[str]:
    """The site of the hostile deck, written into a folder; the paths of its pages."""
    project, deck = compiled(folder / "deck", url)
    changelog = (folder / "deck" / "CHANGELOG.md").read_text(encoding="utf-8")
    settings = replace(project.settings, description=changelog)
    site = make_site(Publication(settings, deck, (), changelog))
    for path, content in site.items():
        file = folder / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return [path for path in site if path.endswith(".html")]


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Page]:
    """A page at an address that no test stands in for."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(url)
    try:
        yield page
    finally:
        context.close()


COLOURS = """["--card", "--page"].map(
  (name) => getComputedStyle(document.body).getPropertyValue(name).trim())"""
IS_HOSTILE = "document.body.textContent.includes('over all')"
WHITE = "rgb(255, 255, 255)"
REACHES = "meta, base, link, iframe, object, embed, form, frame, frameset, [ping], [target]"
SITE_CONTROLS = ".top a, #tools button, .controls label, summary, .permalink, h1, .bottom p"
CARDS = ".isolated, .isolated *, .card-box, .card-box *, iframe, .prose *"


def test_the_pages_of_a_site_keep_cards_in_their_boxes(
    tmp_path: Path, browser: Browser, listener: Listener
) -> None:
    pages = write_site(tmp_path, listener.url)
    assert len(pages) > 15
    with web(tmp_path / "site") as url:
        for path in pages:
            with opened(browser, url + path) as page:
                if path.startswith("decks/"):
                    page.get_by_label("Show all answers").evaluate("each => each.click()")
                page.wait_for_timeout(300)
                assert page.url == url + path
                assert page.evaluate(COVERED, [SITE_CONTROLS, CARDS]) == [], path
                assert page.locator(".bottom p").is_visible(), path
                assert page.locator("header.top").count() == 1, path
                colours = page.evaluate(COLOURS)
                assert not {"red", "rgb(255, 0, 0)", ""}.intersection(colours), path
                if path.startswith("decks/"):
                    assert axe(page, [], ".isolated, .card-box") == []
    assert listener.heard == []


DIFF_CONTROLS = "h1, h2, .place, .note > table, .side > b, ul"


def test_a_difference_as_html_keeps_cards_in_their_boxes(
    tmp_path: Path, browser: Browser, listener: Listener
) -> None:
    _, before = compiled(tmp_path / "deck", listener.url)
    _, now = compiled(tmp_path / "deck", listener.url, "Another answer")
    page_text = as_html(compare(compiled_edition(before, "before"), compiled_edition(now, "now")))
    (tmp_path / "diff.html").write_text(page_text, encoding="utf-8")
    with web(tmp_path) as url, opened(browser, f"{url}diff.html") as page:
        page.wait_for_timeout(500)
        assert page.url == f"{url}diff.html"
        assert page.locator(".card-box").count() > 20
        assert page.get_by_text("The last question?").count() >= 1
        assert page.evaluate(COVERED, [DIFF_CONTROLS, CARDS]) == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == WHITE
        assert axe(page, [], ".isolated, .card-box") == []
    assert listener.heard == []


SERVE_CONTROLS = ".bar input, .bar button, .bar h1, .place, .turn, .filter, .problem, footer"


def test_the_preview_keeps_cards_in_their_frames(
    tmp_path: Path, browser: Browser, listener: Listener
) -> None:
    write_deck(tmp_path, listener.url)
    with served(tmp_path) as (_, url), opened(browser, url) as page:
        page.locator("#count", has_text="cards").wait_for()
        page.locator("iframe[title^='Question: A plain']").wait_for()
        for key in ("", "a", "b"):
            page.keyboard.press(key or "Escape")
            for _ in range(16):
                page.keyboard.press("ArrowRight")
                page.wait_for_timeout(150)
                nested = [
                    each for each in page.frames if each.parent_frame not in {None, page.main_frame}
                ]
                assert nested == []
                elsewhere = [each.url for each in page.frames if not each.url.startswith(url)]
                assert not any(elsewhere)
            assert page.evaluate(COVERED, [SERVE_CONTROLS, CARDS]) == []
        inside = [each for each in page.frames if each.url == f"{url}frame"]
        reaching = [
            each.evaluate(f"document.body.querySelectorAll('{REACHES}').length") for each in inside
        ]
        assert sum(reaching) == 0
        assert any(each.evaluate(IS_HOSTILE) for each in inside), "no hostile card was shown"
        assert page.url.startswith(url)
        assert page.evaluate("document.querySelectorAll('article').length") > 2
    assert listener.heard == []
