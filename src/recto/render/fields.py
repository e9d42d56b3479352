"""Notes → rendered notes: each kind fills its fields, and every note gets what all of them have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from recto.diagnostics import Diagnostic
from recto.model import Note, RenderedNote
from recto.project import Settings
from recto.render.extensions import load_extensions
from recto.render.kinds import KIND_FIELDS
from recto.render.language import in_language
from recto.render.markdown import Converter
from recto.render.parts import Parts
from recto.render.source import source_link
from recto.render.speech import with_speech

Track = Callable[[Sequence[Note]], Iterable[Note]]
"""Wraps the notes on their way through, to show progress."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Every note with its fields, in the same order, and the problems."""

    notes: tuple[RenderedNote, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def render(notes: Sequence[Note], settings: Settings, track: Track = iter) -> Rendered:
    """Every note with its fields filled: Markdown rendered, flags, the guid and the link to its source set."""
    loaded = load_extensions(settings.extensions)
    converter = Converter(loaded.extensions)
    rendered, problems = [], list(loaded.diagnostics)
    for note in track(notes):
        parts = Parts(converter, note)
        rendered.append(RenderedNote(note, _fields(parts, settings)))
        problems += parts.problems
    return Rendered(tuple(rendered), tuple(problems))


def _fields(parts: Parts, settings: Settings) -> dict[str, str]:
    note = parts.note
    filled = KIND_FIELDS[note.entry.kind](parts)
    fields = {name: _in_language(note, name, html) for name, html in filled if html}
    fields["Key"] = note.guid
    if link := source_link(note, settings):
        fields["Source"] = fields.get("Source", "") + link
    return fields


def _in_language(note: Note, name: str, html: str) -> str:
    attributes = note.entry.attributes
    if html == "1":  # a flag
        return html
    voice = {"Front": attributes.tts_front, "Text": attributes.tts_front, "Back": attributes.tts_back}.get(name)
    return in_language(with_speech(html, voice), attributes.lang, attributes.dir)
