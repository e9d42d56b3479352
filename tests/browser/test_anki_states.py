"""The preview in a real Chromium: its button for Anki, the marks of the cards, and sending."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ankipress.build.compilation import compile_project
from web import axe, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

BOARD = Path(__file__).resolve().parents[1] / "board.py"
CARDS = """# Numbers

## What is one?

The first number.

## What is two? {reverse}

Two answers.

## What is three?

It is 3.

## What is four?

It is 4.
"""


class Compared:
    """A project of four notes, its preview, and an Anki that has what a test says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "deck"
        self.folder.mkdir()
        self.file = folder / "anki.json"
        self.page: Page
        (self.folder / "ankipress.toml").write_text('name = "numbers"\n', encoding="utf-8")
        self.write(CARDS)
        packed = compile_project([self.folder]).compiled.package.notes
        self.notes = {each.guid: list(each.fields) for each in packed}
        self.guids = list(self.notes)

    def write(self, text: str) -> None:
        """Save the file of the cards."""
        (self.folder / "cards.md").write_text(text, encoding="utf-8")

    def hold(self, notes: dict[str, list[str]], **more: Any) -> None:
        """Let Anki have some notes."""
        self.file.write_text(json.dumps({"notes": notes} | more), encoding="utf-8")

    def hold_some(self, **more: Any) -> None:
        """Let Anki have the first as shown, the second otherwise, the third, and no fourth."""
        held = {guid: self.notes[guid] for guid in self.guids[:3]}
        self.hold(held | {self.guids[1]: ["What is two?", "Two."]}, **more)

    @property
    def asked(self) -> str:
        """What Anki was asked so far."""
        file = self.file.with_name("asked.txt")
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def mark(self, question: str) -> Locator:
        """The mark of the first card of a question."""
        name = re.compile(re.escape(question))
        return self.page.get_by_role("article", name=name).first.locator(".chip.anki")

    def says(self, text: str) -> None:
        """Wait until this is said of the comparison."""
        self.page.locator("#compared", has_text=text).wait_for()

    def press(self, name: str) -> None:
        """Press a button that can be seen."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def dialog(self, title: str) -> Locator:
        """The dialog with a title, once it is there."""
        found = self.page.get_by_role("dialog", name=title, exact=True)
        found.wait_for()
        return found


@pytest.fixture
def compared(tmp_path: Path, browser: Browser) -> Iterator[Compared]:
    preview = Compared(tmp_path)
    preview.hold_some()
    program = [str(BOARD), str(preview.file)]
    errors: list[str] = []
    with served(preview.folder, program=program) as (_, url):
        context = browser.new_context(
            viewport={"width": 1200, "height": 800}, reduced_motion="reduce", color_scheme="light"
        )
        context.set_default_timeout(60_000)
        preview.page = context.new_page()
        preview.page.on("pageerror", lambda error: errors.append(str(error)))
        preview.page.goto(url)
        preview.mark("What is one").locator("xpath=ancestor::article").or_(
            preview.page.get_by_role("article", name=re.compile("What is one"))
        ).first.wait_for()
        yield preview
        context.close()
    assert errors == []


def test_each_card_is_marked_once_somebody_asks(compared: Compared) -> None:
    page = compared.page
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.get_by_role("button", name="Compare with Anki").wait_for()
    assert page.locator(".chip.anki").count() == 0
    assert page.get_by_role("button", name="Differs from Anki").count() == 0
    assert compared.asked == ""
    compared.press("Compare with Anki")
    compared.says("of 4 notes, 1 differs, 1 is not there.")
    marks = [
        compared.mark(f"What is {each}").inner_text() for each in ("one", "two", "three", "four")
    ]
    assert marks == ["In Anki as shown here", "Differs in Anki", *marks[:1], "Not in Anki"]
    assert compared.asked == "read"
    page.get_by_role("button", name="Differs from Anki").click()
    page.locator("#count", has_text="3 of 5").wait_for()
    page.reload()
    compared.says("of 4 notes, 1 differs, 1 is not there.")
    page.locator("#count", has_text="3 of 5").wait_for()


def test_a_mark_follows_what_is_written(compared: Compared) -> None:
    compared.press("Compare with Anki")
    compared.mark("What is three").get_by_text("In Anki as shown here").wait_for()
    compared.write(CARDS.replace("It is 3.", "It is three."))
    compared.mark("What is three").get_by_text("Differs in Anki").wait_for()
    compared.write(CARDS)
    compared.mark("What is three").get_by_text("In Anki as shown here").wait_for()
    assert compared.asked == "read"


def test_who_comes_back_from_anki_sees_what_is_there_now(compared: Compared) -> None:
    compared.press("Compare with Anki")
    compared.says("of 4 notes")
    compared.hold_some(edited=[compared.guids[2]])
    compared.page.evaluate("dispatchEvent(new Event('focus'))")
    compared.page.wait_for_timeout(100)
    assert compared.asked == "read", "it was read a moment ago"
    compared.page.clock.install()
    compared.page.reload()
    compared.mark("What is three").wait_for()
    compared.page.clock.run_for(20_000)
    compared.page.evaluate("dispatchEvent(new Event('focus'))")
    compared.mark("What is three").get_by_text("Edited in Anki").wait_for()


def test_where_anki_is_silent_it_is_said_what_to_do(compared: Compared) -> None:
    compared.hold({}, answers=False)
    compared.press("Compare with Anki")
    compared.page.get_by_text("Anki does not answer", exact=True).wait_for()
    compared.page.get_by_text("start it, and press the button again", exact=True).wait_for()
    assert compared.page.locator("#send").is_hidden()
    compared.hold_some()
    compared.press("Compare again")
    compared.says("of 4 notes, 1 differs, 1 is not there.")
    assert compared.page.locator("#refused").is_hidden()


def test_where_no_anki_runs_the_page_goes_on(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANKICONNECT_URL", "http://127.0.0.1:9")
    (tmp_path / "cards.md").write_text(CARDS, encoding="utf-8")
    with served(tmp_path) as (_, url):
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.get_by_role("button", name="Compare with Anki").click()
        page.locator("#refusal", has_text="no Anki with AnkiConnect is running").wait_for()
        page.locator("#refusal-help", has_text="start Anki").wait_for()
        assert page.locator(".chip.anki").count() == 0
        page.get_by_role("article", name=re.compile("What is four")).wait_for()
        page.close()


def test_what_is_confirmed_is_sent(compared: Compared) -> None:
    compared.press("Compare with Anki")
    compared.press("Send to Anki …")
    dialog = compared.dialog("Send to Anki?")
    assert dialog.get_by_role("listitem").all_inner_texts() == ["1 new", "1 updated"]
    compared.press("Cancel")
    dialog.wait_for(state="hidden")
    assert "send" not in compared.asked
    compared.press("Send to Anki …")
    compared.dialog("Send to Anki?")
    compared.hold_some()
    compared.file.write_text("{}", encoding="utf-8")
    compared.press("Send")
    done = compared.dialog("Sent to Anki")
    assert done.get_by_role("listitem").all_inner_texts()[-1] == "No review was lost."
    compared.press("Close")
    compared.says("every note is there as shown.")
    assert compared.page.locator("#send").is_hidden()


def test_edits_there_are_not_overwritten(compared: Compared) -> None:
    compared.hold_some(edited=[compared.guids[2]])
    compared.press("Compare with Anki")
    compared.mark("What is three").get_by_text("Edited in Anki").wait_for()
    compared.press("Send to Anki …")
    dialog = compared.dialog("Nothing is sent to Anki")
    dialog.get_by_text("1 note was edited in Anki", exact=True).wait_for()
    dialog.get_by_text("bring it back: ankipress pull", exact=True).wait_for()
    assert dialog.get_by_role("listitem").all_inner_texts() == ["What is three?"]
    assert compared.page.locator("#do-send").is_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_can_be_read(compared: Compared, width: int, theme: str) -> None:
    page = compared.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    compared.hold_some(edited=[compared.guids[2]])
    compared.press("Compare with Anki")
    compared.mark("What is three").get_by_text("Edited in Anki").wait_for()
    compared.hold({}, answers=False)
    compared.press("Compare again")
    page.get_by_text("Anki does not answer", exact=True).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page, [], "iframe") == []
