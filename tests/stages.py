"""Single stages, for tests that need what one of them makes and no project on a disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ankipress.media.media_folder import Refusal
from ankipress.model import CustomType, LoadedContent, MediaContent, Note, Package
from ankipress.package.collection_template import make_template
from ankipress.package.database import make_database, used_note_types
from ankipress.project.settings import Settings
from ankipress.render.cloze_text import read_cloze
from ankipress.render.completing import Rendered, complete
from ankipress.render.fields import Renderer
from ankipress.render.html import canonical
from ankipress.render.markdown import Converted, Converter
from ankipress.render.math import finish_math
from ankipress.syntax.entry_trees import EntryTrees, passage_of

_CONVERTER = Converter()


@dataclass(frozen=True)
class Files:
    """Media of a project that are on no disk, by path."""

    contents: Mapping[str, bytes] = field(default_factory=dict)

    def find(self, path: str) -> MediaContent | Refusal:
        """The content of a file."""
        content = self.contents.get(path)
        return Refusal.MISSING if content is None else LoadedContent(content)

    def has(self, path: str) -> bool:
        """Whether it is there."""
        return path in self.contents

    def inside(self, path: str) -> str | None:
        """The path, None where it leads out."""
        return None if path.startswith("..") else path

    def names(self) -> Sequence[str]:
        """All of them."""
        return sorted(self.contents)


def render_notes(
    notes: Sequence[Note], settings: Settings, custom: Mapping[str, CustomType] | None = None
) -> Rendered:
    """Notes with their fields."""
    renderer = Renderer(settings.extensions, custom or {})
    return complete(notes, [renderer.render(EntryTrees(note.entry)) for note in notes], settings)


def converted(
    markdown: str, heading: str = "", *, hides: bool = False, converter: Converter = _CONVERTER
) -> Converted:
    """What a converter makes of a text below a heading, which is not yet canonical."""
    return converter.convert(passage_of(markdown, heading), hides=hides)


def rendered(markdown: str, heading: str = "") -> str:
    """Markdown below a heading as it stands in a field."""
    return finish_math(canonical(converted(markdown, heading).html))


def rendered_cloze(markdown: str, heading: str = "", *, highlights: bool = False) -> str:
    """Markdown below a heading as the text of a cloze note."""
    html = canonical(converted(markdown, heading, hides=True).html)
    return finish_math(read_cloze(html, highlights=highlights))


def database_of(package: Package) -> bytes:
    """The collection of a package."""
    return make_database(package, make_template(used_note_types(package)))
