"""Publication → the files of the site by their paths. The same publication gives the same bytes."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ankipress.diagnostics import file_size
from ankipress.preview.preview_cards import PreviewCard
from ankipress.preview.sanitize import sanitize_side
from ankipress.preview.site import charts
from ankipress.preview.site.changelog_html import changelog_html, markdown_html
from ankipress.preview.site.content import Publication, SiteContent, read_content
from ankipress.preview.site.growth import growth
from ankipress.preview.styles import split_themes

_MATH = re.compile(r"\\\(|\\\[")
_MATHJAX = files("ankipress.preview") / "mathjax" / "tex-svg-full.js"
_ACTING = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".xml", ".svgz", ".mht", ".mhtml")
_MOST_BARS = 8
_ASSETS = ("site.css", "site.js", "card.css")


def make_site(publication: Publication) -> dict[str, bytes]:
    """Every file of the site.

    Its pages can be read without scripts, and load nothing from another host.
    """
    content = read_content(publication.compiled)
    has_math = any(_has_math(card) for note in content.notes for card in note.cards)
    pages = _pages(publication, content, has_math=has_math)
    site = {path: page.encode() for path, page in pages}
    for name in _ASSETS:
        site[f"assets/{name}"] = _text(files(__package__) / "assets" / name).encode()
    if has_math:
        site["assets/mathjax.js"] = _MATHJAX.read_bytes()
    package = publication.compiled.package
    for note_type in package.note_types:
        themes = split_themes(note_type.css)
        site[_sheet(note_type.key, "light")] = themes.light.encode()
        site[_sheet(note_type.key, "dark")] = themes.dark.encode()
    for file in package.media:
        # A deck from elsewhere may bring a page, which could act in the name of this site.
        if not file.name.lower().endswith(_ACTING):
            site[f"media/{file.name}"] = file.read()
    site |= {download.name: download.content for download in publication.downloads}
    # GitHub Pages would leave out files whose names begin with an underscore, as media may.
    site[".nojekyll"] = b""
    return site


def _has_math(card: PreviewCard) -> bool:
    """Whether there is a formula on a card, or what looks like one."""
    return _MATH.search(f"{card.front} {card.back}") is not None


def _sheet(note_type: str, theme: str) -> str:
    # It stands in the folder of the media, which it names without a folder.
    return f"media/_card-{note_type}-{theme}.css"


def _pages(
    publication: Publication, content: SiteContent, *, has_math: bool
) -> Iterator[tuple[str, str]]:
    """Every page with its path."""
    settings = publication.settings
    changelog = publication.changelog.strip()
    shared = {
        "name": settings.name,
        "version": settings.version,
        "report_url": settings.report_url,
        "downloads": publication.downloads,
        "has_math": has_math,
        "has_changes": bool(changelog),
        "notes": sum(deck.notes for deck in content.decks),
        "cards": sum(deck.cards for deck in content.decks),
        "decks": content.decks,
        "page_of": content.page_of,
    }

    def page(path: str, template: str, **values: Any) -> tuple[str, str]:
        # Links are relative, since a site may stand in any folder of its host.
        root = "../" * path.count("/")
        text = _environment().get_template(template).render(shared, root=root, **values)
        return path, f"{text.rstrip()}\n"

    yield page("index.html", "index.html", **_overview(publication, content))
    yield page("import.html", "import.html")
    if changelog:
        changes = Markup(changelog_html(publication.changelog, settings.name))
        yield page("changes.html", "changes.html", changes=changes)
    for deck in content.decks:
        for part in deck.pages:
            yield page(f"decks/{part.file}", "deck.html", deck=deck, page=part)
    notes = content.notes
    neighbours = zip([None, *notes], [*notes[1:], None], strict=False)
    for (deck, part, note), (before, after) in zip(content.places, neighbours, strict=False):
        values = {
            "note": note,
            "deck": deck,
            "page": part,
            "before": before,
            "after": after,
        }
        name = content.page_of[note.card.guid]
        yield page(f"cards/{name}.html", "card.html", **values)
    for retired in content.retired:
        name = content.page_of[retired.guid]
        yield page(f"cards/{name}.html", "retired.html", note=retired)


def _overview(publication: Publication, content: SiteContent) -> dict[str, Any]:
    """What the first page shows."""
    lock = publication.compiled.stamped.lock
    steps = growth(publication.history, lock)
    columns = ""
    if steps:
        columns = charts.columns(steps)
    title, rows = _sizes(content)
    return {
        "description": Markup(markdown_html(publication.settings.description)),
        "bars_title": title,
        "bars": Markup(charts.bars(title, rows)),
        "columns": Markup(columns),
        "steps": steps,
    }


def _sizes(content: SiteContent) -> tuple[str, list[tuple[str, int]]]:
    """What the chart of the deck's size shows: its decks, or its commonest tags where it is one."""
    tags = Counter(tag for note in content.notes for tag in note.card.tags)
    # A deck with one name only would have one bar.
    if len(content.decks) > 1 or not tags:
        decks = content.decks[:_MOST_BARS]
        return "Cards of each deck", [(deck.parts[-1], deck.cards) for deck in decks]
    commonest = sorted(tags.items(), key=lambda item: (-item[1], item[0]))
    return "Notes by tag", commonest[:_MOST_BARS]


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: _text(files(__package__) / "templates" / name)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(front=_front, answer=_answer, sheet=_sheet)
    environment.filters.update(size=_size, counted=_counted, digest=_digest)
    return environment


def _text(file: Traversable) -> str:
    """The text of a file of this package, with line feeds however git ended its lines."""
    return file.read_text(encoding="utf-8")


def _front(card: PreviewCard, root: str) -> Markup:
    return Markup(sanitize_side(card.front, card, f"{root}media/"))


def _answer(card: PreviewCard, root: str) -> Markup:
    return Markup(sanitize_side(card.answer, card, f"{root}media/"))


def _size(content: bytes) -> str:
    return file_size(len(content))


def _counted(number: int, word: str) -> str:
    plural = "s"
    if number == 1:
        plural = ""
    return f"{number:,} {word}{plural}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
