"""The cards of a project as the real Anki shows them: built by ankipress, imported, and both sides
of each rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from ankipress.build.pipeline import compile_deck, make_package
from ankipress.diagnostics import Diagnostic
from ankipress.model import Package
from ankipress.project.reading import read_workspace

SIDES = ("front", "back")

_TYPED = re.compile(r"\[\[type:(.+?)\]\]")
_SOUND = re.compile(r"\[anki:play:(.:\d+)\]")
_PLAY = (
    '<a class="replay-button soundLink" href="#" draggable="false">'
    '<svg class="playImage" viewBox="0 0 64 64">'
    '<circle cx="32" cy="32" r="29"></circle><path d="M22 16 52 32 22 48Z"></path></svg></a>'
)


class ShowcaseError(Exception):
    """The cards cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card: a name for files and messages, and what Anki puts into its page for each side, style
    sheet and all.
    """

    name: str
    ord: int
    fields: Mapping[str, str]
    front: str
    back: str

    def side(self, name: str) -> str:
        """The HTML of the front or the back."""
        return self.front if name == "front" else self.back


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a collection in the order of study, the media beside them, and what Anki's own
    check finds.
    """

    cards: tuple[Card, ...]
    media: Mapping[str, bytes]
    missing: tuple[str, ...]


def compile_project(folder: Path) -> tuple[Package, Sequence[Diagnostic]]:
    """A project, built in memory. The time is of no account for what is seen."""
    workspace = read_workspace([folder])
    compiled = compile_deck(workspace.project, time=1)
    return compiled.package, (*workspace.diagnostics, *compiled.diagnostics)


def build_package(folder: Path) -> bytes:
    """The package of the project in a folder; one with a diagnostic is refused."""
    package, diagnostics = compile_project(folder)
    if diagnostics:
        found = "\n".join(
            f"{each.location.path}:{each.location.line}: {each.message}" for each in diagnostics
        )
        raise ShowcaseError(f"{folder.name}/ does not build cleanly:\n{found}")
    return make_package(package)


def read_cards(folder: Path) -> Cards:
    """The cards of the project in a folder."""
    return read_package(build_package(folder))


def read_package(package: bytes) -> Cards:
    """The cards of a package."""
    with imported(package) as collection:
        folder_of_media = Path(collection.media.dir())
        media = {path.name: path.read_bytes() for path in folder_of_media.iterdir()}
        return Cards(tuple(_cards(collection)), media, tuple(collection.media.check().missing))


@contextmanager
def imported(package: bytes) -> Iterator[Any]:
    """A collection of its own that has imported a package."""
    with TemporaryDirectory() as name:
        path = Path(name) / "deck.apkg"
        path.write_bytes(package)
        collection = Collection(str(Path(name) / "collection.anki2"))
        try:
            request = ImportAnkiPackageRequest(
                package_path=str(path), options=ImportAnkiPackageOptions()
            )
            collection.import_anki_package(request)
            yield collection
        finally:
            collection.close()


def _cards(collection: Any) -> Iterator[Card]:
    taken: dict[str, int] = {}
    for identity in collection.find_cards("", order="c.due, c.ord"):
        card = collection.get_card(identity)
        fields = dict(card.note().items())
        # Of an image occlusion the first field is the shapes.
        title = fields.get("Header") or next(iter(fields.values()))
        name = f"{_slug(collection, title)}-{card.ord + 1}"
        taken[name] = taken.get(name, 0) + 1
        output = card.render_output()
        reviewer = _Reviewer(collection, fields, output.css)
        front = reviewer.prepare(output.question_text, reviewer.input)
        back = reviewer.prepare(output.answer_text, reviewer.comparison)
        yield Card(
            name if taken[name] == 1 else f"{name}-{taken[name]}", card.ord, fields, front, back
        )


def _plain(collection: Any, html: str) -> str:
    backend = collection._backend  # noqa: SLF001
    return str(backend.html_to_text_line(text=html, preserve_media_filenames=False))


def _slug(collection: Any, html: str) -> str:
    plain = _plain(collection, html)
    words = re.findall(r"\w+", re.sub(r"\{\{c\d+::|::[^:}]*\}\}|\}\}", " ", plain).lower())
    return "-".join(words[:6])[:50].rstrip("-") or "card"


@dataclass(frozen=True, slots=True)
class _Reviewer:
    """What the reviewer does to a side before it shows it: style sheet, file names, play buttons,
    the answer to type.
    """

    collection: Any
    fields: Mapping[str, str]
    css: str

    def prepare(self, html: str, typed: Callable[[str], str]) -> str:
        """A side as it is put into the page; `typed` makes what stands in the place of a typed
        field.
        """
        text = _SOUND.sub(_PLAY, self.collection.media.escape_media_filenames(html))
        text = _TYPED.sub(lambda found: typed(self.fields.get(found[1], "")), text)
        return f"<style>{self.css}</style>{text}"

    def input(self, expected: str) -> str:
        """The box to type in."""
        if not expected:
            return ""
        style = "font-family: 'Arial'; font-size: 20px;"
        return f'<center><input type=text id=typeans style="{style}"></center>'

    def comparison(self, expected: str) -> str:
        """What was typed, compared; it is wrong, so that all three colours are there."""
        if not expected:
            return ""
        plain = _plain(self.collection, expected)
        compared = self.collection.compare_answer(expected, f"x{plain[:-2]}")
        return f"<div style=\"font-family: 'Arial'; font-size: 20px\">{compared}</div>"
