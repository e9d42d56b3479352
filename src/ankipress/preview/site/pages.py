"""Publication → the files of the site, by their paths. The same publication gives the same bytes."""

from __future__ import annotations

import functools
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ankipress.preview.preview_cards import PreviewCard
from ankipress.preview.sanitize import seal
from ankipress.preview.site import charts
from ankipress.preview.site.changelog_html import changes_of, markdown_html
from ankipress.preview.site.content import Content, Publication, read_content
from ankipress.preview.site.growth import growth
from ankipress.preview.styles import split_themes

_MATH = re.compile(r"\\\(|\\\[")
_MATHJAX = files("ankipress.preview") / "mathjax" / "tex-svg-full.js"
_BARS = 8
_ASSETS = ("site.css", "site.js", "card.css")


def make_site(publication: Publication) -> dict[str, bytes]:
    """Every file of the site. Its pages need no script to be read, and ask no host but their own
    for anything.
    """
    content = read_content(publication.compiled)
    pages = _Pages(publication, content)
    texts = {path: text.encode() for path, text in pages.texts()}
    media = {f"media/{each.name}": each.read() for each in publication.compiled.package.media}
    downloads = {each.name: each.content for each in publication.downloads}
    # GitHub Pages would leave out what begins with an underscore, as media may.
    return {**texts, **media, **_assets(pages), **downloads, ".nojekyll": b""}


def _assets(pages: _Pages) -> dict[str, bytes]:
    found = {
        f"assets/{name}": (files(__package__) / "assets" / name)
        .read_bytes()
        .replace(b"\r\n", b"\n")
        for name in _ASSETS
    }
    for note_type in pages.publication.compiled.package.note_types:
        themes = split_themes(note_type.css)
        # They stand beside the media, whose names stand in them.
        found[_sheet(note_type.key, "light")] = themes.light.encode()
        found[_sheet(note_type.key, "dark")] = themes.dark.encode()
    if pages.has_math:
        found["assets/mathjax.js"] = _MATHJAX.read_bytes()
    return found


def _sheet(note_type: str, theme: str) -> str:
    return f"media/_card-{note_type}-{theme}.css"


class _Pages:
    """The pages, and what they have in common."""

    def __init__(self, publication: Publication, content: Content) -> None:
        self.publication, self.content = publication, content
        self.has_math = any(has_math(card) for note in content.notes for card in note.cards)
        settings = publication.settings
        self._shared: Mapping[str, Any] = {
            "name": settings.name,
            "version": settings.version,
            "report_url": settings.report_url,
            "downloads": publication.downloads,
            "has_math": self.has_math,
            "has_changes": bool(publication.changelog.strip()),
            "notes": sum(deck.notes for deck in content.decks),
            "cards": sum(deck.cards for deck in content.decks),
            "decks": content.decks,
        }

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every page, with its path."""
        publication, steps = (
            self.publication,
            growth(self.publication.history, self.publication.compiled.stamped.lock),
        )
        description = markdown_html(publication.settings.description)
        title, rows = _sizes(self.content)
        yield (
            "index.html",
            self._page(
                "index.html",
                "",
                description=Markup(description),
                bars_title=title,
                bars=Markup(charts.bars(title, rows)),
                columns=Markup(charts.columns(steps)) if steps else "",
                steps=steps,
                media=len(publication.compiled.package.media),
            ),
        )
        yield "import.html", self._page("import.html", "")
        if publication.changelog.strip():
            changes = Markup(changes_of(publication.changelog, publication.settings.name))
            yield "changes.html", self._page("changes.html", "", changes=changes)
        for deck in self.content.decks:
            for page in deck.pages:
                yield f"decks/{page.file}", self._page("deck.html", "../", deck=deck, page=page)
        yield from self._notes()

    def _notes(self) -> Iterator[tuple[str, str]]:
        notes = list(self.content.notes)
        places = {
            note.guid: (deck, page)
            for deck in self.content.decks
            for page in deck.pages
            for each in page.sections
            for note in each.notes
        }
        for before, note, after in zip([None, *notes], notes, [*notes[1:], None], strict=False):
            deck, page = places[note.guid]
            yield (
                f"cards/{note.guid}.html",
                self._page(
                    "card.html", "../", note=note, deck=deck, page=page, before=before, after=after
                ),
            )
        for retired in self.content.retired:
            yield f"cards/{retired.guid}.html", self._page("retired.html", "../", note=retired)

    def _page(self, template: str, root: str, **values: Any) -> str:
        return (
            _environment().get_template(template).render(self._shared, root=root, **values).rstrip()
            + "\n"
        )


def _sizes(content: Content) -> tuple[str, list[tuple[str, int]]]:
    """What the picture of the deck's size shows: its decks, or where there is one only, its
    commonest tags.
    """
    counted = Counter(tag for note in content.notes for tag in note.tags)
    if len(content.decks) > 1 or not counted:
        return "Cards of each deck", [
            (deck.parts[-1], deck.cards) for deck in content.decks[:_BARS]
        ]
    return "Notes by tag", sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:_BARS]


def has_math(card: PreviewCard) -> bool:
    """Whether there is a formula on it, or what looks like one."""
    return _MATH.search(card.front) is not None or _MATH.search(card.back) is not None


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(front=_front, answer=_answer, sheet=_sheet)
    environment.filters.update(
        size=_size, counted=_counted, digest=lambda content: hashlib.sha256(content).hexdigest()
    )
    return environment


def _template(name: str) -> str:
    return (
        (files(__package__) / "templates" / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    )


def _front(card: PreviewCard, root: str) -> Markup:
    return Markup(seal(card.front, card, f"{root}media/"))


def _answer(card: PreviewCard, root: str) -> Markup:
    return Markup(seal(card.answer, card, f"{root}media/"))


def _size(content: bytes) -> str:
    size = len(content)
    return f"{math.ceil(size / 1000)} kB" if size < 10_000_000 else f"{size / 1_000_000:.1f} MB"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
