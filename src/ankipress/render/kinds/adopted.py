"""Cards of note types that learners have from elsewhere: each field as it was written there."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ankipress.model import Attributes, CustomType, Entry, TextMode
from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.kinds.basic import Fields
from ankipress.render.language import in_language
from ankipress.render.speech import with_speech
from ankipress.render.text_modes import in_lines
from ankipress.syntax.kept_text import kept_text
from ankipress.syntax.raw_html import raw_html


def fill_adopted(parts: Parts, custom: CustomType) -> Fields:
    """The fields of a card in their order. Any of them may be empty."""
    attributes = parts.entry.attributes
    voices = [attributes.tts_front, attributes.tts_back]
    for name, mode in parts.entry.modes.items():
        voice = None
        if voices:
            voice = voices.pop(0)
        html = _raw(parts, name, mode)
        if html is None:
            parts.layout = _LAYOUTS[mode]
            html = _in_language(
                _field(parts, name, hides=name in custom.cloze_fields), attributes, voice
            )
        yield name, html


def _in_language(html: str, attributes: Attributes, voice: str | None) -> str:
    """A field with the language and the voice that its card says: no script gives a direction."""
    spoken = with_speech(html, voice)
    if spoken and (attributes.lang or attributes.dir):
        return in_language(spoken, attributes.lang, attributes.dir)
    return spoken


def _raw(parts: Parts, name: str, mode: TextMode) -> str | None:
    """The HTML of a field that is no Markdown, None for one that is."""
    html = None
    if not _has_heading(parts.entry, name):
        html = raw_html(parts.entry.part(name))
    if html is not None:
        return kept_text(html)
    if mode == TextMode.BARE:
        return "\n".join(_bare_texts(parts.entry, name))
    return None


def _field(parts: Parts, name: str, *, hides: bool) -> str:
    has_heading = _has_heading(parts.entry, name)
    if hides:
        return parts.cloze(name, highlights=False, alone=not has_heading)
    if has_heading:
        return parts.question(name)
    return parts.field(name)


def _has_heading(entry: Entry, name: str) -> bool:
    return name == entry.first_field and not entry.is_labelled


def _bare_texts(entry: Entry, name: str) -> Iterator[str]:
    """The texts of a field, of which nothing is read as Markdown."""
    texts = [entry.part(name)]
    if _has_heading(entry, name):
        texts.insert(0, entry.heading)
    for text in texts:
        if text:
            yield escape(text, quote=False).replace("\u00a0", "&nbsp;")


def _lines(text: str) -> str:
    return in_lines(canonical(text))


_LAYOUTS = {TextMode.PARAGRAPHS: canonical, TextMode.LINES: _lines}
