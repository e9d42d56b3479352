"""`ankipress serve` in a real Chromium: its page while files are written, broken and mended."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import wave
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from author import picture
from web import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
ONE = "## What is one?\n\nThe *first* number, \\(x^1\\).\n\n"
TWO = "## What is two? {.even reverse}\n\nTwo answers.\n\n"
THREE = '## Type three {typed="three"}\n\n3\n\n'
HOSTILE = """## A hostile card

<img src=x onerror="parent.document.title='broken'"><script>parent.document.title='broken'</script>
<a href="javascript:parent.document.title='broken'">press me</a>
<style>body { display: none }</style><iframe src="https://example.com/"></iframe>

"""
MANY = "".join(f"## Question {number}?\n\nAnswer {number}.\n\n" for number in range(4, 60))


class Preview:
    """A project, `ankipress serve` in it, and a page that looks at it."""

    def __init__(self, folder: Path, page: Page, url: str) -> None:
        self.folder, self.page, self.url = folder, page, url
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, query: str = "") -> None:
        """Open the page, and wait for its first card."""
        self.page.goto(self.url + query)
        self.card("What is one").wait_for()

    def write(self, text: str) -> None:
        """Save the file of the cards."""
        (self.folder / "cards.md").write_text(text, encoding="utf-8")

    def card(self, question: str) -> Locator:
        """The cards of a question."""
        return self.page.get_by_role("article", name=re.compile(re.escape(question)))

    def inside(self, question: str, at: int = 0) -> FrameLocator:
        """What stands in a frame of the first card of a question."""
        return self.card(question).first.locator("iframe").nth(at).content_frame

    def shows(self, question: str, text: str, at: int = 0) -> None:
        """Wait until a card shows a text."""
        self.inside(question, at).get_by_text(text, exact=False).first.wait_for()

    def hides(self, question: str, text: str) -> bool:
        """Whether a card does not show a text."""
        return self.inside(question).get_by_text(text, exact=False).count() == 0

    def counts(self, text: str) -> None:
        """Wait until the number of cards is said so."""
        self.page.locator("#count", has_text=re.compile(f"^{re.escape(text)}$")).wait_for()


@pytest.fixture
def preview(tmp_path: Path, browser: Browser) -> Iterator[Preview]:
    (tmp_path / "ankipress.toml").write_text('name = "numbers"\n', encoding="utf-8")
    (tmp_path / "cards.md").write_text("# Numbers\n\n" + ONE + TWO + THREE, encoding="utf-8")
    with served(tmp_path) as (_, url):
        context = browser.new_context(
            viewport={"width": 1200, "height": 800}, reduced_motion="reduce", color_scheme="light"
        )
        context.set_default_timeout(60_000)
        opened = Preview(tmp_path, context.new_page(), url)
        yield opened
        context.close()
        assert opened.errors == []
        assert [
            each for each in opened.asked if not each.startswith((url, "data:", "vscode:"))
        ] == []


def test_a_card_is_turned_by_click_key_and_button(preview: Preview) -> None:
    preview.open()
    preview.counts("4 cards")
    preview.shows("What is one", "What is one?")
    assert preview.hides("What is one", "number")
    preview.inside("What is one").locator("#qa").click()
    preview.shows("What is one", "first")
    preview.inside("What is one").locator("mjx-container svg").wait_for(state="attached")
    preview.page.keyboard.press("Space")
    preview.inside("What is one").get_by_text("first").wait_for(state="detached")
    preview.card("What is one").get_by_role("button", name="Show answer").click()
    preview.shows("What is one", "first")


def test_the_cards_of_a_note_stand_together(preview: Preview) -> None:
    preview.open()
    both = preview.card("What is two")
    assert both.count() == 2
    assert [each.locator(".about").is_visible() for each in both.all()] == [True, False]
    preview.page.get_by_role("radio", name="Both").check()
    preview.shows("What is two", "Two answers", at=1)
    preview.shows("What is two", "What is two?", at=0)


def test_the_keyboard_is_enough(preview: Preview) -> None:
    preview.open()
    keyboard = preview.page.keyboard
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    focused = preview.page.locator("article:focus")
    assert "What is two?" in (focused.get_attribute("aria-label") or "")
    keyboard.press("Enter")
    preview.shows("What is two", "Two answers")
    keyboard.press("ArrowLeft")
    assert "What is one?" in (focused.get_attribute("aria-label") or "")
    keyboard.press("/")
    keyboard.type("type")
    preview.counts("1 of 4")
    keyboard.press("Escape")
    preview.counts("4 cards")
    keyboard.press("Escape")
    keyboard.press("?")
    preview.page.get_by_role("dialog", name="Keys").wait_for()
    keyboard.press("Escape")
    keyboard.press("d")
    keyboard.press("d")
    assert preview.page.evaluate("document.documentElement.dataset.themes") == "dark"


def test_search_and_filters(preview: Preview) -> None:
    preview.open()
    preview.page.get_by_label("Search the cards").fill("FIRST number")
    preview.counts("1 of 4")
    preview.page.get_by_label("Search the cards").fill("nowhere")
    preview.page.get_by_text("No card matches.").wait_for()
    preview.page.get_by_label("Search the cards").fill("")
    preview.page.get_by_role("group", name="Tags").get_by_role("button", name="even").click()
    preview.counts("2 of 4")
    preview.page.reload()
    preview.counts("2 of 4")
    preview.page.get_by_role("button", name="Clear all filters").click()
    preview.counts("4 cards")


def test_cards_are_filtered_by_deck_kind_release_and_problems(preview: Preview) -> None:
    gaps = "## Gaps\n\n{{c1::One}} and {{c2::two}}.\n\n"
    (preview.folder / "more.md").write_text(
        "---\ndeck: Numbers::More\n---\n" + gaps, encoding="utf-8"
    )
    (preview.folder / "ankipress.toml").write_text(
        'name = "numbers"\nsources = ["*.md"]\n', encoding="utf-8"
    )
    subprocess.run(
        [sys.executable, "-m", "ankipress", "build"],
        cwd=preview.folder,
        check=True,
        timeout=60,
        capture_output=True,
    )
    preview.write(
        "# Numbers\n\n"
        + ONE.replace("first", "very first")
        + TWO
        + THREE
        + "## Wrong?\n\n![](none.png)\n\n"
    )
    preview.open()
    preview.counts("7 cards")
    for group, name, number in [
        ("Decks", "Numbers", 7),
        ("Decks", "Numbers::More", 2),
        ("Kinds", "cloze", 2),
        ("Kinds", "basic", 5),
        ("State", "changed", 2),
        ("State", "problems", 1),
    ]:
        button = preview.page.get_by_role("group", name=group).locator(f'[data-value="{name}"]')
        assert button.locator(".number").inner_text() == str(number), name
        button.click()
        preview.counts("7 cards" if number == 7 else f"{number} of 7")
        button.click()
        preview.counts("7 cards")


def test_an_edit_is_seen_at_the_same_place_on_the_same_side(preview: Preview) -> None:
    preview.write("# Numbers\n\n" + ONE + TWO + THREE + MANY)
    preview.open()
    preview.counts("60 cards")
    preview.page.keyboard.press("a")
    preview.page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    middle = preview.card("Question 31")
    preview.page.evaluate("""async () => {
      for (let last = -1; last !== document.body.scrollHeight;) {
        last = document.body.scrollHeight;
        await new Promise((done) => setTimeout(done, 300));
      }
    }""")
    key = preview.page.evaluate("document.elementFromPoint(700, 400).closest('article').ariaLabel")
    question = re.sub(r"^\d+ of \d+: ", "", key)
    number = re.sub(r"\D", "", question)
    before = preview.card(question).bounding_box()
    preview.page.evaluate("window.same = true")
    changed = (
        (ONE + TWO + THREE + MANY)
        .replace(f"Answer {number}.", "Quite another answer.")
        .replace("Two answers.", "Two.\n\nLines.")
    )
    preview.write("# Numbers\n\n" + changed)
    preview.shows(question, "Quite another answer")
    after = preview.card(question).bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 3
    assert preview.page.evaluate("window.same"), "the page was not loaded again"
    assert middle.count() in {0, 1}


def test_a_new_and_a_deleted_card(preview: Preview) -> None:
    preview.open()
    preview.write("# Numbers\n\n" + ONE + "## What is new?\n\nThis.\n\n" + THREE)
    preview.shows("What is new", "What is new?")
    preview.counts("3 cards")
    assert preview.card("What is two").count() == 0


def test_a_broken_file_keeps_its_cards_and_says_why(preview: Preview) -> None:
    preview.open()
    preview.write("---\ntags: [\n---\n" + ONE + "```\nnever closed\n\n" + TWO + THREE)
    preview.page.get_by_text("this code block never ends").wait_for()
    preview.counts("4 cards")
    assert preview.card("What is two").first.get_by_text("as it was before the error").is_visible()
    preview.write("# Numbers\n\n" + ONE + TWO + THREE)
    preview.page.get_by_text("this code block never ends").wait_for(state="detached")
    assert (
        preview.page.get_by_text("as it was before the error").locator("visible=true").count() == 0
    )


def test_a_problem_opens_the_editor_at_its_place(preview: Preview) -> None:
    preview.write("# Numbers\n\n" + ONE + "![](none.png)\n\n" + TWO + THREE)
    preview.open()
    with preview.page.expect_response("**/open") as answer:
        preview.card("What is one").get_by_role("button", name="cards.md:7:5").click()
    path = (preview.folder / "cards.md").resolve().as_posix()
    assert answer.value.json()["link"] == f"vscode://file{path}:7:5"


def test_a_sound_is_played_and_a_film_has_a_player(preview: Preview) -> None:
    with wave.open(str(preview.folder / "one.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(1600))
    (preview.folder / "film.webm").write_bytes(b"\x1a\x45\xdf\xa3")
    preview.write(
        "# Numbers\n\n"
        + ONE.replace("The", "![](one.wav)\n\n<video src=film.webm></video>\n\nThe")
        + TWO
    )
    preview.open()
    preview.page.keyboard.press("a")
    preview.shows("What is one", "first")
    with preview.page.expect_response(re.compile(r"/media/.*\.wav$")) as answer:
        preview.inside("What is one").get_by_role("button", name="Play").click()
    assert answer.value.status in {200, 206}
    assert preview.inside("What is one").locator("video[controls][src$='.webm']").count() == 1


def test_pictures_that_a_note_type_names_are_shown(preview: Preview) -> None:
    folder = preview.folder / "notetypes" / "vocab"
    folder.mkdir(parents=True)
    (folder / "notetype.toml").write_text('fields = ["Word", "Meaning"]', encoding="utf-8")
    (folder / "style.css").write_text(".card { background: url(paper.png) }", encoding="utf-8")
    (folder / "card.front.html").write_text('<img src="logo.png">{{Word}}', encoding="utf-8")
    (folder / "card.back.html").write_text("{{Meaning}}", encoding="utf-8")
    (folder / "logo.png").write_bytes(picture(1))
    (folder / "paper.png").write_bytes(picture(2))
    preview.write("# Numbers\n\n" + ONE + "## What is vier? {kind=vocab}\n\nfour\n")
    preview.open()
    preview.shows("What is vier", "vier")
    frame = preview.inside("What is vier")
    logo = frame.locator("img[src*='_ankipress-logo-']")
    logo.wait_for()
    assert logo.evaluate("each => each.complete && each.naturalWidth") == 1
    paper = frame.locator(".card").first.evaluate("each => getComputedStyle(each).backgroundImage")
    address = re.fullmatch(r'url\("(.*/media/.*_ankipress-paper-[^"]*)"\)', paper)
    assert address
    assert [each for each in preview.asked if each == address[1]]


def test_a_typed_answer_is_compared(preview: Preview) -> None:
    preview.open()
    frame = preview.inside("Type three")
    frame.get_by_label("Type the answer").fill("tree")
    frame.get_by_label("Type the answer").press("Enter")
    frame.locator(".typeMissed").first.wait_for()
    assert frame.locator("#typeans").inner_text().split() == ["t-ree", "\u2193", "three"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_system_decides_on_the_colours(preview: Preview, theme: str) -> None:
    preview.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    preview.open()
    preview.shows("What is one", "What is one?")
    assert (
        "nightMode" in (preview.inside("What is one").locator("body").get_attribute("class") or "")
    ) is (theme == "dark")
    ground = (
        preview.inside("What is one")
        .locator("body")
        .evaluate("body => getComputedStyle(body).backgroundColor")
    )
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}[theme]


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
def test_nothing_is_wider_than_the_window(preview: Preview, width: int) -> None:
    preview.page.set_viewport_size({"width": width, "height": 800})
    preview.open()
    preview.shows("What is one", "What is one?")
    assert preview.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width < 900:
        preview.page.get_by_text("Filters", exact=False).first.click()
        preview.page.get_by_role("group", name="Decks").wait_for()
        assert preview.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_width_of_a_phone(preview: Preview) -> None:
    preview.open()
    preview.page.get_by_role("radio", name="Phone").check()
    preview.inside("What is one").locator("html.mobile").wait_for()
    box = preview.card("What is one").locator("iframe").first.bounding_box()
    assert box is not None
    assert 360 <= box["width"] <= 392


def test_a_hostile_card_reaches_nothing_around_it(preview: Preview) -> None:
    preview.write("# Numbers\n\n" + ONE + HOSTILE + TWO)
    preview.open()
    preview.card("A hostile card").wait_for()
    preview.page.keyboard.press("a")
    preview.shows("A hostile card", "press me")
    preview.inside("A hostile card").get_by_text("press me").click()
    assert preview.page.title() == "numbers \u2013 ankipress"
    assert preview.page.locator("body").is_visible()


def test_a_frame_can_do_nothing_even_with_a_script(preview: Preview) -> None:
    """What ankipress cleans away is put into the frame all the same, as a note type of one's own
    may.
    """
    preview.open()
    preview.shows("What is one", "What is one?")
    frame = next(each for each in preview.page.frames if each.url.endswith("/frame"))
    attempts = """async () => {
      const tried = {};
      const attempt = async (name, act) => {
        try { tried[name] = String(await act()); } catch (error) { tried[name] = "no"; }
      };
      await attempt("page", () => parent.document.title);
      await attempt("go", () => { parent.location = "about:blank"; return "yes"; });
      await attempt("fetch", async () => (await fetch("/deck")).status);
      await attempt("store", () => localStorage.length);
      await attempt("cookie", () => document.cookie);
      document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = 1'>");
      document.body.insertAdjacentHTML("beforeend", "<a id=t onclick='window.ran = 1'>t</a>");
      document.getElementById("t").click();
      await new Promise((done) => setTimeout(done, 200));
      tried.ran = String(window.ran);
      return tried;
    }"""
    assert frame.evaluate(attempts) == {
        "page": "no", "go": "no", "fetch": "no", "store": "no", "cookie": "no", "ran": "undefined",
    }  # fmt: skip


def test_only_what_is_near_is_in_the_page(preview: Preview) -> None:
    preview.write(
        "# Numbers\n\n"
        + ONE
        + "".join(f"## Question {number}?\n\nAnswer {number}.\n\n" for number in range(2000))
    )
    preview.open()
    preview.counts("2001 cards")
    for at in (0.3, 0.7, 1, 0.5):
        preview.page.evaluate(f"scrollTo(0, document.body.scrollHeight * {at})")
        preview.page.wait_for_timeout(150)
    assert preview.page.locator("article").count() < 40


def test_every_card_of_the_showcase_is_drawn_and_nothing_complains(
    tmp_path: Path, browser: Browser
) -> None:
    """Masks lie on pictures, formulas are drawn, and no side is empty, whatever its kind."""
    shutil.copytree(ROOT / "examples", tmp_path / "deck")
    complaints: list[str] = []
    with served(tmp_path / "deck") as (_, url):
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(60_000)
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(
            "addEventListener('drawn', ({ detail: { key, at } }) => (window.drawn ??= new "
            "Set()).add(`${key} ${at}`))"
        )
        page.goto(url)
        page.locator("#count", has_text=re.compile("cards$")).wait_for()
        keys = page.evaluate(
            "fetch('/deck').then((answer) => answer.json()).then(({ rows }) => rows.map(({ "
            "key }) => key))"
        )
        page.get_by_role("radio", name="Both").check()
        masks, formulas = 0, 0
        for place, key in enumerate(keys):
            page.wait_for_function(
                "([key]) => window.drawn.has(`${key} 0`) && window.drawn.has(`${key} 1`)", arg=[key]
            )
            for at in (0, 1):
                inside = (
                    page.locator(f'article[data-key="{key}"]:not([hidden]) iframe')
                    .nth(at)
                    .content_frame
                )
                # A side whose text is still on its way is drawn too: as an empty one.
                side = inside.locator("#qa")
                shows = side.filter(has=inside.locator("img, input, [data-sound]"))
                shows.or_(side.filter(has_text=re.compile(r"\S"))).wait_for()
                inside.locator("#qa", has_not_text="\\(").wait_for(state="attached")
                masks += inside.locator("#image-occlusion-container > svg > *").count()
                formulas += inside.locator("mjx-container svg").count()
            page.keyboard.press("ArrowRight")
            if place == 0:
                page.keyboard.press("ArrowRight")
        page.close()
    assert complaints == []
    assert masks > 4
    assert formulas > 4


def test_interrupted_it_stops_at_once_and_cleanly(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "cards.md").write_text(ONE, encoding="utf-8")
    with served(tmp_path) as (process, url):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("article").wait_for()
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.read() == "stopped\n"
        assert process.wait(20) == 0
        page.get_by_text("ankipress serve has stopped").wait_for()
        page.close()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "cards.md").write_text(ONE, encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "ankipress", "serve", "--no-open", "--port", port]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"error[cannot-serve]: port {port} cannot be used: another program has it\n  help: "
    )


def test_axe_finds_nothing_serious(preview: Preview) -> None:
    script = find_axe()
    preview.open()
    preview.shows("What is one", "What is one?")
    for choice in ("l", "d"):
        if choice == "d":
            preview.page.keyboard.press("d")
            preview.page.keyboard.press("d")
        # Its text is run by the browser's own console, to which the page's policy does not apply.
        preview.page.evaluate(script)
        found = preview.page.evaluate(
            "async () => (await axe.run(document, { iframes: false })).violations"
        )
        grave = [
            (each["id"], [node["html"] for node in each["nodes"]])
            for each in found
            if each["impact"] in {"serious", "critical"}
        ]
        assert grave == []


def find_axe() -> str:
    """The text of axe-core, or a skip that says that it is missing."""
    pytest.importorskip(
        "axe_playwright_python",
        reason="AXE DID NOT LOOK AT THE PREVIEW: pip install axe-playwright-python",
    )
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
