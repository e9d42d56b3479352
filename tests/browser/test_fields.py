"""Fields are what a browser prints of them: else Anki rewrites a note on sight, and takes it for
edited.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from pages import ROOT, blocks, read_page
from stages import rendered

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PRINT = (
    "fields => fields.map(field => { const box = document.createElement('div'); "
    "box.innerHTML = "
    "field; return box.innerHTML; })"
)
PIECES = (
    "a \n\n  - 1. > # | ` `` ``` * ** _ ~ [ ] ( ) ![ ](b) <b> </b> <p> <div> </div> <table> "
    "<tr> <td>"
    " <ul> <li> <br> <pre> <a> </a> <h1> <hr> <img src=x> <ruby> <rt> <details> <summary> <input>"
    " &amp; &lt; &nbsp; \" ' = $ \\ é 中 [^1] <i><u>"
).split(" ")


def fields() -> list[str]:
    """The fields of the pages in docs/, and of texts with every mark, always the same."""
    texts = [
        block.content
        for page in ("docs/markdown.md", "docs/cards.md")
        for block in blocks(read_page(page))
    ]
    texts += [
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").rglob("*.md"))
    ]
    choice = random.Random(4)
    texts += ["".join(choice.choices(PIECES, k=choice.randint(1, 30))) for _ in range(3000)]
    return [rendered(text) for text in texts]


def test_a_browser_prints_a_field_as_it_is(browser: Browser) -> None:
    written = fields()
    page = browser.new_page()
    try:
        printed = page.evaluate(PRINT, written)
    finally:
        page.close()
    assert [pair for pair in zip(written, printed, strict=True) if pair[0] != pair[1]] == []
