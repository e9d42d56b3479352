"""Notes and what their entries became → rendered notes, with what only a note has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from ankipress.diagnostics import Diagnostic
from ankipress.model import OWN_FIELDS, Note, RenderedNote
from ankipress.project.settings import Settings


class Fields(Protocol):
    """The fields of an entry by name, and what is wrong with it."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Canonical HTML by the names of fields; a missing one is empty."""

    @property
    def problems(self) -> Sequence[Diagnostic]:
        """What was wrong when it was rendered."""

    @property
    def may_refer(self) -> bool:
        """False where no field refers to a file."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Every note with its fields, in the same order, and the problems."""

    notes: tuple[RenderedNote, ...]
    diagnostics: tuple[Diagnostic, ...]


def complete(
    notes: Sequence[Note],
    entries: Sequence[Fields],
    settings: Settings,
) -> Rendered:
    """Notes with the fields of their entries, their guid, and the link to their source.

    Those of an adopted note type have no place for a guid and a link; ankipress made it itself
    where it has the fields for a guid.
    """
    rendered: list[RenderedNote] = []
    problems: list[Diagnostic] = []
    for note, entry in zip(notes, entries, strict=True):
        problems += entry.problems
        if note.entry.is_adopted:
            fields = entry.fields
            if note.entry.modes.keys() >= set(OWN_FIELDS):
                fields = {OWN_FIELDS[0]: note.guid, **fields}
            rendered.append(RenderedNote(note, fields, entry.may_refer))
            continue
        fields = {**entry.fields, OWN_FIELDS[0]: note.guid}
        if settings.source_url:
            fields["Source"] = fields.get("Source", "") + source_link(note, settings)
        may_refer = entry.may_refer or bool(settings.source_url)
        rendered.append(RenderedNote(note, fields, may_refer))
    return Rendered(tuple(rendered), tuple(problems))


def source_link(note: Note, settings: Settings) -> str:
    """The link from a card to the place where it is written, as canonical HTML.

    What is put into the address is percent-encoded, so that no name of a file can lead elsewhere.
    """
    # Few projects have such links, and the sanitizer takes a while to import.
    from ankipress.render.html import canonical  # noqa: PLC0415

    values = {
        "path": quote(note.entry.path),
        "anchor": quote(note.entry.anchor, safe=""),
        "guid": quote(note.guid, safe=""),
    }
    address = settings.source_url
    for name, value in values.items():
        address = address.replace(f"{{{name}}}", value)
    return canonical(f'<p><a href="{_escaped(address)}">{_escaped(settings.source_label)}</a></p>')


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
