"""Anki's own editor in a headless Chromium: fields are loaded into it, and edited by its keys.

It is the script of the editor of the installed aqt, in a page like the one of the desktop, with one
field. The engine answers what it asks. What it would save is what it gives.

Run it to write tests/live/editor/edits.json anew: what the editor makes of the cards beside it.
"""

from __future__ import annotations

import json
import mimetypes
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from anki.collection import Collection
from playwright.sync_api import Browser, Page, Route

from anki_pages import BASE, anki_files, opened_browser

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT / "tests"))

from anki_edits import PICTURE, SOUND, is_empty  # noqa: E402

_SCRIPT = Path(__file__).with_name("anki_editor.js")
_PAGE = f"""<!doctype html><html dir="ltr" data-bs-theme="light"><head><meta charset="utf-8">
<base href="{BASE}"><link rel="stylesheet" href="/_anki/css/editor.css"></head>
<body class="isLin"><script src="/page.js"></script><script src="/_anki/js/mathjax.js"></script>
<script src="/_anki/js/editor.js"></script></body></html>"""
_EMPTY = {"<br>", "<div><br></div>"}
_RECORDED = _ROOT / "tests" / "live" / "editor"
_MOST_OF_A_KIND = 4

# What a field must hold so that there is a place of a sort, or sense in a gesture.
_NEEDED = {
    "behindItemWord": "<li",
    "behindCellWord": "<td",
    "behindLinkWord": "<a ",
    "behindCodeWord": "<pre",
    "behindInlineCode": "<code",
    "gapWord": "{{c",
    "paragraphEnd": "<p",
    "paragraphStart": "<p",
    "paragraph": "<p",
    "itemEnd": "<li",
    "laterItem": "<li",
    "item": "<li",
    "picture": "<img",
    "cloze": "{{c",
}

Gesture = Callable[[Page], None]


def _answer(collection: Any) -> Callable[[Route], None]:
    backend = collection._backend  # noqa: SLF001 - the desktop asks it, too

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.removeprefix("/")
        file = anki_files() / path.removeprefix("_anki/")
        if path == "editor":
            route.fulfill(body=_PAGE, content_type="text/html")
        elif path == "page.js":
            route.fulfill(body=_SCRIPT.read_bytes(), content_type="text/javascript")
        elif route.request.method == "POST":
            method = re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", file.name)
            asked = route.request.post_data_buffer or b""
            route.fulfill(body=getattr(backend, f"{method}_raw")(asked))
        elif file.is_file():
            kind = mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_bytes(), content_type=kind or "text/plain")
        else:
            route.fulfill(status=404, body="")

    return answer


class AnkiEditor:
    """The editor with one field."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def edited(self, html: str, name: str, random: Random) -> str | None:
        """A field after a gesture, as Anki saves it; None where that does nothing."""
        place, gesture = GESTURES[name]
        if _NEEDED.get(name, _NEEDED.get(place, "")) not in html:
            return None
        self._page.evaluate("html => load(html)", html)
        if not self._page.evaluate("([sort, part]) => place(sort, part)", [place, random.random()]):
            return None
        gesture(self._page)
        saved: str | None = self._page.evaluate("() => saved()")
        if saved is None or saved == html:
            return None
        return "" if saved in _EMPTY else saved


@contextmanager
def editor_in(browser: Browser) -> Iterator[AnkiEditor]:
    """The editor, in a page of its own."""
    with TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        page = browser.new_page()
        try:
            page.route("**/*", _answer(collection))
            page.goto(f"{BASE}editor")
            page.evaluate("() => ready()")
            yield AnkiEditor(page)
        finally:
            page.close()
            collection.close()


@contextmanager
def opened_editor() -> Iterator[AnkiEditor]:
    """The editor, in a browser of its own."""
    with opened_browser() as browser, editor_in(browser) as editor:
        yield editor


def _typed(text: str) -> Gesture:
    return lambda page: page.keyboard.type(text)


def _pressed(*keys: str) -> Gesture:
    """Keys pressed one after another; a text that is no key is typed."""

    def press(page: Page) -> None:
        for key in keys:
            if key in _KEYS or "+" in key:
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)

    return press


_KEYS = {"Enter", "Backspace", "Delete", "Home", "End", "ArrowLeft", "ArrowRight", "ArrowDown"}


def _pasted(html: str, *, internal: bool = False, extended: bool = False) -> Gesture:
    """HTML pasted as Anki does it: from itself, or from a page with or without its formats."""
    return lambda page: page.evaluate(
        "([html, internal, extended]) => pasteHTML(html, internal, extended)",
        [html, internal, extended],
    )


def _cut_and_pasted(page: Page) -> None:
    """What is selected cut, and pasted at the end of the field."""
    html = page.evaluate("() => copied()")
    page.keyboard.press("Delete")
    page.evaluate("() => place('end', 0)")
    _pasted(html, internal=True)(page)


def _clozed(page: Page) -> None:
    page.keyboard.press("Control+Shift+C")


_STYLED = (
    '<p style="color: rgb(32, 33, 34); font-family: sans-serif; margin: 0px">From <b>a</b> page'
    '</p><ul style="margin: 0"><li style="color: red">one</li><li>two</li></ul>'
)
_SPAN = '<span style="color: rgb(1, 2, 3); background-color: rgb(255, 255, 255)">coloured</span>'

GESTURES: Mapping[str, tuple[str, Gesture]] = {
    "type a word": ("behindWord", _typed(" and more")),
    "type signs": ("behindWord", _typed(" 2 * 3 * 4 < 5 & a_b_c `x`")),
    "type in a word": ("inWord", _typed("xy")),
    "replace a word": ("word", _typed("something else")),
    "delete a word": ("word", _pressed("Delete", "Delete")),
    "delete a letter": ("behindWord", _pressed("Backspace")),
    "type at the end": ("end", _typed(" At the end.")),
    "type at the start": ("start", _typed("First ")),
    "Enter in a paragraph": ("behindWord", _pressed("Enter")),
    "Enter and a paragraph": ("paragraphEnd", _pressed("Enter", "A new paragraph.")),
    "two Enters and text": ("paragraphEnd", _pressed("Enter", "Enter", "After a gap.")),
    "Enter at the end": ("end", _pressed("Enter", "Below all of it.")),
    "Enter at the end only": ("end", _pressed("Enter")),
    "break a line": ("behindWord", _pressed("Shift+Enter", "broken")),
    "join paragraphs": ("paragraphStart", _pressed("Backspace")),
    "empty a paragraph": ("paragraph", _pressed("Delete")),
    "delete a paragraph": ("paragraph", _pressed("Delete", "Backspace")),
    "move a paragraph": ("paragraph", _cut_and_pasted),
    "bold": ("word", _pressed("Control+b")),
    "italic": ("word", _pressed("Control+i")),
    "underlined": ("word", _pressed("Control+u")),
    "above the line": ("word", _pressed("Control+=")),
    "bold off": ("markedWord", _pressed("Control+b")),
    "italic off": ("markedWord", _pressed("Control+i")),
    "no formats": ("markedWord", _pressed("Control+r")),
    "type in bold": ("behindWord", _pressed("Control+b", " bold")),
    "a list of a paragraph": ("paragraphEnd", _pressed("Control+,")),
    "a numbered list": ("paragraphEnd", _pressed("Control+.")),
    "add an item": ("itemEnd", _pressed("Enter", "a new item")),
    "leave the list": ("itemEnd", _pressed("Enter", "Enter", "below the list")),
    "split an item": ("behindItemWord", _pressed("Enter")),
    "type in an item": ("behindItemWord", _typed(" as well")),
    "indent an item": ("laterItem", _pressed("Control+Shift+.")),
    "join items": ("laterItem", _pressed("Backspace")),
    "delete an item": ("item", _pressed("Delete", "Backspace")),
    "type in a cell": ("behindCellWord", _typed(" or so")),
    "type in a link": ("behindLinkWord", _typed(" link")),
    "type in code": ("behindCodeWord", _typed("_new")),
    "a line of code": ("behindCodeWord", _pressed("End", "Enter", "added(1) < 2")),
    "type in inline code": ("behindInlineCode", _typed("_x")),
    "type a formula": ("behindWord", _typed(r" \(x_1 < y^2\)")),
    "cloze": ("word", _clozed),
    "type in a gap": ("gapWord", _typed(" too")),
    "empty the field": ("all", _pressed("Delete")),
    "delete a picture": ("picture", _pressed("Delete")),
    "paste a picture": ("behindWord", _pasted(f'<img src="{PICTURE}">', internal=True)),
    "paste a picture at the end": ("end", _pasted(f'<img src="{PICTURE}">', internal=True)),
    "paste a sound": ("end", _pasted(f"[sound:{SOUND}]", internal=True)),
    "paste a page": ("end", _pasted(_STYLED)),
    "paste a page with formats": ("end", _pasted(_STYLED, extended=True)),
    "paste colours": ("behindWord", _pasted(_SPAN, extended=True)),
    "paste colours of Anki": ("behindWord", _pasted(_SPAN, internal=True)),
    "paste a link": ("behindWord", _pasted('<a href="https://example.org/">a link</a>')),
    "paste plain lines": ("behindWord", _pasted("one<br>two")),
}
"""What is done in the editor: the sort of place, and what is pressed there."""


def recorded_fields() -> Iterator[tuple[int, str, str]]:
    """The fields of the cards of the records, each with the number of its note and its name."""
    from ankipress.build.compilation import compile_project  # noqa: PLC0415

    package = compile_project([_RECORDED / "cards.md"]).compiled.package
    names = {each.key: each.field_names for each in package.note_types}
    for number, note in enumerate(package.notes):
        for name, html in zip(names[note.note_type], note.fields, strict=True):
            if html and name not in {"Key", "Typed", "Reverse"}:
                yield number, name, html


def main() -> int:
    """Write the records anew."""
    fields = list(recorded_fields())
    records: list[dict[str, object]] = []
    with opened_editor() as editor:
        for gesture in GESTURES:
            random = Random(gesture)  # noqa: S311
            random.shuffle(fields)
            made = 0
            for number, name, html in fields:
                edited = editor.edited(html, gesture, random)
                if edited is None or is_empty(edited) or made == _MOST_OF_A_KIND:
                    continue
                made += 1
                records.append({"gesture": gesture, "note": number, "field": name, "html": edited})
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in records)
    (_RECORDED / "edits.json").write_text(f"[\n{lines}\n]\n", "utf-8", newline="\n")
    print(f"{len(records)} edits")
    return 0


if __name__ == "__main__":
    sys.exit(main())
