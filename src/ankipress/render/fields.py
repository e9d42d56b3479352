"""Entries → fields: each kind fills its own, and every note gets what all of them have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic
from ankipress.model import CustomType, Entry
from ankipress.project.settings import ExtensionSetting
from ankipress.render.card_parts import Parts
from ankipress.render.extension_loading import load_extensions
from ankipress.render.kinds.adopted import fill_adopted
from ankipress.render.kinds.custom import fill_custom
from ankipress.render.kinds.table import KIND_FIELDS
from ankipress.render.language import in_language
from ankipress.render.markdown import Converter
from ankipress.render.speech import with_speech
from ankipress.render.time_limit import OverBudgetError, limited
from ankipress.syntax.entry_trees import EntryTrees

_SIDES = {
    "Front": "Front",
    "Text": "Front",
    "Header": "Front",
    "Back": "Back",
    "Back Extra": "Back",
}
"""The fields that ask and answer, in the note types of ankipress."""
_TEXTLESS = frozenset({"Image", "Reverse"})  # fields that hold no text
_SECONDS = 10  # for a card: a large one takes a hundredth of it
_MOST_SLOW = 3  # cards that may take so long: a file could hold thousands


@dataclass(frozen=True, slots=True)
class RenderedEntry:
    """The fields of an entry as canonical HTML, by name, and what is wrong with it. A field that is
    missing is empty.
    """

    fields: Mapping[str, str]
    problems: tuple[Diagnostic, ...] = ()
    may_refer: bool = True


class Renderer:
    """Renders one entry after another; made once, since a converter costs as much as fifty cards.

    Nothing of a card's fields depends on which note it is.
    """

    def __init__(
        self, extensions: Sequence[ExtensionSetting], custom: Mapping[str, CustomType]
    ) -> None:
        self._extensions = extensions
        self._custom = custom
        self._slow = 0

    def render(self, trees: EntryTrees) -> RenderedEntry:
        """The fields of an entry. It takes a limited time, whatever its text is."""
        converter = _converter(self._extensions)
        parts = Parts(converter, trees)
        seconds = 1
        if self._slow < _MOST_SLOW:
            seconds = _SECONDS
        fields: dict[str, str] = {}
        try:
            with limited(seconds):
                custom = self._custom.get(parts.entry.kind)
                fields = _fields(parts, custom)
        except OverBudgetError:
            self._slow += 1
            _CONVERTERS.clear()  # an interrupted converter is in no state to go on with
            message = f"this card takes longer than {_SECONDS} s to render, so it is left out"
            parts.report("too-slow", message, "write it otherwise, or cut it into several cards")
        return RenderedEntry(fields, tuple(parts.problems))


_CONVERTERS: dict[str, Converter] = {}
"""The converters of this process, by their extensions."""


def _converter(extensions: Sequence[ExtensionSetting]) -> Converter:
    roots = [each.root for each in extensions]
    key = f"{extensions!r} {roots}"
    if key not in _CONVERTERS:
        _CONVERTERS[key] = Converter(load_extensions(extensions).extensions)
    return _CONVERTERS[key]


def _fields(parts: Parts, custom: CustomType | None) -> dict[str, str]:
    if custom is not None and custom.adopted is not None:
        return {name: html for name, html in fill_adopted(parts, custom) if html}
    if custom is None:
        filled = KIND_FIELDS[parts.entry.kind](parts)
        sides: Mapping[str, str] = _SIDES
    else:
        filled = fill_custom(parts, custom)
        sides = {**_SIDES, **custom.part_names}
    return {
        name: _in_language(parts.entry, name, sides.get(name, ""), html)
        for name, html in filled
        if html
    }


def _in_language(entry: Entry, name: str, side: str, html: str) -> str:
    attributes = entry.attributes
    if name in _TEXTLESS:
        return html
    voices = {"Front": attributes.tts_front, "Back": attributes.tts_back}
    language = voices.get(side)
    spoken = with_speech(html, language)
    return in_language(spoken, attributes.lang, attributes.dir)
