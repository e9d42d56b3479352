"""The site of the showcase in a real browser: with and without scripts, on a phone and on paper, by
day and by night.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from ankipress.build.pipeline import compile_deck
from ankipress.preview.site.content import Download, Publication
from ankipress.preview.site.pages import make_site
from ankipress.project.reading import read_workspace
from pages import ROOT
from web import axe

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

HOST = "site.test"
BASE = f"http://{HOST}/some/folder/"
DECK = "decks/showcase.html"


def site_of(folder: Path) -> dict[str, bytes]:
    project = read_workspace([folder]).project
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return make_site(
        Publication(
            project.settings, compile_deck(project, time=1), (Download("x.apkg", b"x"),), changelog
        )
    )


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return site_of(ROOT / "examples")


@dataclass(slots=True)
class Seen:
    """What a page asked for that it should not, and what it complained of."""

    elsewhere: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.elsewhere or self.missing or self.errors)


@contextmanager
def opened(
    browser: Browser, site: Mapping[str, bytes], path: str, **options: Any
) -> Iterator[tuple[Page, Seen]]:
    """A page of the site, open in a window of its own."""
    seen = Seen()

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        name = unquote(url.path).removeprefix("/some/folder/")
        if url.hostname != HOST:
            seen.elsewhere.append(route.request.url)
            route.abort()
        elif name not in site:
            seen.missing.append(name)
            route.fulfill(status=404, body="")
        else:
            route.fulfill(
                body=site[name],
                content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            )

    context = browser.new_context(reduced_motion="reduce", **options)
    page = context.new_page()
    page.route("**/*", answer)
    page.on(
        "console",
        lambda message: (
            seen.errors.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.goto(BASE + path)
    try:
        yield page, seen
    finally:
        context.close()


def wait_for_math(page: Page) -> None:
    page.wait_for_function("document.documentElement.dataset.math === 'done'")


TEXTS = (
    "[...document.querySelectorAll('.isolated')].map(each => "
    "each.shadowRoot.querySelector('.card').textContent)"
)
DRAWN = """[...document.querySelectorAll('.isolated')]
  .flatMap(each => [...each.shadowRoot.querySelectorAll('mjx-container > svg')])
  .map(each => each.getBoundingClientRect().height)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_no_page_asks_another_host_or_complains(
    browser: Browser, site: dict[str, bytes], scripts: bool
) -> None:
    card = next(path for path in site if path.startswith("cards/"))
    for path in ["index.html", "import.html", "changes.html", DECK, card]:
        with opened(browser, site, path, java_script_enabled=scripts) as (page, seen):
            if scripts and "mathjax.js" in page.content():
                wait_for_math(page)
            assert seen.nothing, (path, seen)


def test_every_card_can_be_read_without_scripts(browser: Browser, site: dict[str, bytes]) -> None:
    with opened(browser, site, DECK, java_script_enabled=False) as (page, _):
        question = page.get_by_text("Which planet has the shortest day?")
        answer = page.get_by_text("9 hours and 56 minutes")
        assert question.is_visible()
        assert not answer.is_visible()
        page.locator(".note", has=question).locator("summary", has_text="Answer").click()
        assert answer.is_visible()
        assert page.get_by_text("\\(\\log x\\)").first.is_visible()
        assert not page.get_by_text("Show all answers").is_visible()


def test_the_answer_does_not_repeat_the_question(browser: Browser, site: dict[str, bytes]) -> None:
    with opened(browser, site, DECK) as (page, _):
        page.get_by_label("Show all answers").check()
        for text in (
            "Which planet has the shortest day?",
            "What is the capital of Austria, in German?",
        ):
            assert [each.is_visible() for each in page.get_by_text(text, exact=True).all()].count(
                True
            ) == 1


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(browser: Browser, site: dict[str, bytes], width: int) -> None:
    for path in ("index.html", "import.html", "changes.html", DECK):
        with opened(browser, site, path, viewport={"width": width, "height": 800}) as (page, _):
            if path == DECK:
                page.get_by_label("Show all answers").check()
                wait_for_math(page)
            assert page.evaluate(WIDER) == 0, path


BACKGROUND = """() => {
  const card = document.querySelector('.isolated').shadowRoot.querySelector('.card');
  return getComputedStyle(card).backgroundColor;
}"""
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 23, 28)"


def test_on_a_phone_the_links_have_a_line_of_their_own(
    browser: Browser, site: dict[str, bytes]
) -> None:
    """However short the name of the deck is: none of them stands alone beside the choice of a
    theme.
    """
    with opened(browser, site, DECK, viewport={"width": 390, "height": 844}) as (page, _):
        tops = {
            box["y"]
            for each in page.locator(".top a:not(.brand)").all()
            if (box := each.bounding_box())
        }
        brand = page.locator(".top .brand").bounding_box()
        assert brand
        assert len(tops) == 1
        assert tops.pop() >= brand["y"] + brand["height"]


@pytest.mark.parametrize(("scheme", "colour"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_cards_are_as_dark_as_the_system(
    browser: Browser, site: dict[str, bytes], scheme: str, colour: str, scripts: bool
) -> None:
    with opened(browser, site, DECK, color_scheme=scheme, java_script_enabled=scripts) as (page, _):
        assert page.evaluate(BACKGROUND) == colour


def test_the_theme_can_be_chosen_and_is_remembered(
    browser: Browser, site: dict[str, bytes]
) -> None:
    with opened(browser, site, DECK, color_scheme="light") as (page, _):
        button = page.get_by_role("button", name="Theme")
        colours = []
        for _ in range(3):
            button.press("Enter")
            page.wait_for_timeout(50)
            colours.append((button.text_content(), page.evaluate(BACKGROUND)))
        assert colours == [("Theme: light", LIGHT), ("Theme: dark", DARK), ("Theme: system", LIGHT)]
        button.click()
        button.click()
        page.goto(f"{BASE}index.html")
        assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_every_formula_is_drawn(browser: Browser, site: dict[str, bytes]) -> None:
    with opened(browser, site, DECK) as (page, _):
        wait_for_math(page)
        page.get_by_label("Show all answers").check()
        drawn = page.evaluate(DRAWN)
        assert len(drawn) > 20
        assert min(drawn) > 5
        left = [
            text
            for text in page.evaluate(TEXTS)
            if re.search(r"\\\(|\\\[", re.sub(r"`.*?`", "", text))
        ]
        assert left == []


def test_cards_can_be_searched(browser: Browser, site: dict[str, bytes]) -> None:
    with opened(browser, site, DECK) as (page, _):
        field = page.get_by_label("Search these cards")
        field.fill("jupiter")
        assert page.locator(".note:visible").count() == 1
        assert page.get_by_role("status").text_content() == "1 of 44"
        field.fill("")
        assert page.locator(".note:visible").count() == 44


def test_a_link_inside_a_card_leads_to_its_footnote(
    browser: Browser, site: dict[str, bytes]
) -> None:
    with opened(browser, site, DECK) as (page, _):
        page.get_by_label("Show all answers").check()
        page.locator(".footnote-ref a").first.click()
        assert page.evaluate(
            "[...document.querySelectorAll('.isolated')].some(each => "
            "each.shadowRoot.activeElement?.matches('li'))"
        )


def test_all_of_it_can_be_done_by_keyboard(browser: Browser, site: dict[str, bytes]) -> None:
    with opened(browser, site, DECK) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the content"
        page.keyboard.press("Enter")
        page.locator("details.answer > summary").first.focus()
        page.keyboard.press("Space")
        assert page.locator("details.answer").first.get_attribute("open") is not None
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_on_paper_every_answer_is_shown(
    browser: Browser, site: dict[str, bytes], scripts: bool
) -> None:
    with opened(browser, site, DECK, java_script_enabled=scripts, color_scheme="dark") as (page, _):
        page.emulate_media(media="print")
        answer = page.get_by_text("9 hours and 56 minutes")
        box = answer.bounding_box()
        assert box
        assert box["height"] > 0
        assert page.evaluate(BACKGROUND) != DARK
        assert not page.get_by_role("navigation", name="Site").is_visible()


def sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_the_deck_prints_as_a_list_or_as_sheets(browser: Browser, site: dict[str, bytes]) -> None:
    with opened(browser, site, DECK) as (page, _):
        wait_for_math(page)
        compact = sheets(page)
        page.get_by_label("a sheet per card").check()
        cards = page.locator("details.answer").count()
        assert compact < cards <= sheets(page)


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [
        pytest.param("light", [], id="light"),
        pytest.param("dark", ["color-contrast", "link-in-text-block"], id="dark"),
    ],
)
def test_axe_finds_nothing_serious(
    browser: Browser, site: dict[str, bytes], scheme: str, rules: list[str]
) -> None:
    pytest.importorskip(
        "axe_playwright_python",
        reason="NO PAGE WAS JUDGED BY AXE: pip install axe-playwright-python",
    )
    card = next(path for path in site if path.startswith("cards/"))
    # By night only the colours differ, and those of the cards are looked at elsewhere.
    for path in ["index.html", "import.html", "changes.html", card, *([] if rules else [DECK])]:
        with opened(browser, site, path, color_scheme=scheme, bypass_csp=True) as (page, _):
            if path == DECK:
                page.get_by_label("Show all answers").check()
                wait_for_math(page)
            assert axe(page, rules) == [], path


HOSTILE = """
# Hostile

## A card that wants the page {.x}

<style>body { display: none } .note { position: fixed }</style>
<p style="position: fixed; inset: 0; background: red; z-index: 999; width: 100vw; height: 100vh">
everything</p>
</template></div></article></main><h1>outside</h1><script>document.title = "taken"</script>
<img src="https://example.org/spy.png" alt="spy">
<a href="javascript:document.title='taken'">press</a>

## Another one

Here.
"""


def test_a_hostile_card_keeps_to_itself(browser: Browser, tmp_path: Path) -> None:
    notetype = tmp_path / "notetypes" / "bad"
    notetype.mkdir(parents=True)
    (notetype / "notetype.toml").write_text(
        'name = "Bad"\nfields = ["Front", "Back"]\n', encoding="utf-8"
    )
    (notetype / "card.front.html").write_text(
        "<div>{{Front}}</div></div></template></article><script>document.title = 'taken'</script>"
        "<p style='position: fixed; inset: 0; background: red; z-index: 999'>all of it</p>",
        encoding="utf-8",
    )
    (notetype / "card.back.html").write_text("{{FrontSide}}{{Back}}<!-- <b", encoding="utf-8")
    (notetype / "style.css").write_text(
        ".isolated, body, .note { display: none !important } .card { position: fixed "
        "!important; inset: 0 }"
        "@import 'https://example.org/x.css'; .card { background: url(https://example.org/y.png) }",
        encoding="utf-8",
    )
    text = HOSTILE + "\n## Own {kind=bad}\n\nAn answer\n"
    (tmp_path / "cards.md").write_text(text, encoding="utf-8")
    with opened(browser, site_of(tmp_path), "decks/hostile.html") as (page, seen):
        page.get_by_label("Show all answers").check()
        page.get_by_label("Show all answers").uncheck()
        page.get_by_label("Show all answers").check()
        page.wait_for_timeout(200)  # time for what nobody may ask for
        assert seen.elsewhere == []
        assert page.title().startswith("Hostile")
        assert page.locator("main > h1").count() == 1
        assert page.locator("main .note").count() == 3
        assert page.get_by_text("Here.").is_visible()
        # What is fixed to the window stays in the box of its own card.
        boxes = page.evaluate(
            """() => [...document.querySelectorAll('.isolated')].map(each => {
                 const a = each.getBoundingClientRect();
                 const b = each.closest('.note').getBoundingClientRect();
                 return a.left >= b.left && a.right <= b.right
                   && a.top >= b.top && a.bottom <= b.bottom;
               })"""
        )
        assert boxes == [True] * 6
        assert page.evaluate("document.elementFromPoint(10, 10).closest('header') !== null")
