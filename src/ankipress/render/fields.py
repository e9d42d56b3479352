"""Notes → rendered notes: each kind fills its fields, and every note gets what all of them have."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from itertools import islice
from operator import attrgetter

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Attributes, CustomType, Entry, Note, RenderedNote
from ankipress.project.settings import ExtensionSetting, Settings
from ankipress.render.card_parts import Parts
from ankipress.render.extension_loading import load_extensions
from ankipress.render.kinds.custom import fill_custom
from ankipress.render.kinds.table import KIND_FIELDS
from ankipress.render.language import in_language
from ankipress.render.markdown import Converter
from ankipress.render.source_link import source_link
from ankipress.render.speech import with_speech
from ankipress.render.time_limit import OverBudgetError, limited, limits
from ankipress.work import ALONE, Begun, Work, key_of

# How a result begins that has no problems: those have places, which are other ones after an edit
# above.
_SOUND = "{"
_PLAIN = Attributes()
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
class Rendered:
    """Every note with its fields, in the same order, and the problems."""

    notes: tuple[RenderedNote, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def begin(
    entries: Sequence[Entry],
    settings: Settings,
    custom: Mapping[str, CustomType],
    work: Work = ALONE,
) -> Begun:
    """What the notes of some entries will be filled with: nothing of it depends on which note is
    which.
    """
    keys = _keys(entries, _without_names(settings), custom)
    task = functools.partial(_render, settings.extensions, custom)
    return Begun(task, entries, keys, work, lambda result: result.startswith(_SOUND))


def render(
    notes: Sequence[Note],
    settings: Settings,
    custom: Mapping[str, CustomType],
    results: Iterator[str] | None = None,
) -> Rendered:
    """Every note with its fields filled: Markdown rendered, flags, the guid and the link to its
    source set.

    `results` are those of `begin` for the entries of these notes and of others after them, where it
    was called before.
    """
    results = results or begin([note.entry for note in notes], settings, custom).results()
    problems: list[Diagnostic] = []
    rendered = []
    for note, result in zip(notes, islice(results, len(notes)), strict=True):
        filled, found = _unpacked(result)
        filled["Key"] = note.guid
        if link := source_link(note, settings):
            filled["Source"] = filled.get("Source", "") + link
        rendered.append(RenderedNote(note, filled))
        problems += found
    return Rendered(tuple(rendered), tuple(problems))


def _without_names(settings: Settings) -> Settings:
    """The settings without those that change no field, so that a release renders nothing again."""
    plain = Settings()
    names = (
        "version",
        "description",
        "report_url",
        "sources",
        "output",
        "severity",
        "run",
        "source_url",
        "source_label",
        "theme",
    )
    return replace(settings, **{name: getattr(plain, name) for name in names})


# Of an entry: what says where it stands. All else is part of what names its fields.
_PLACES = frozenset({"location", "deck", "section", "tags", "anchor"})
_content_of = attrgetter(
    *(each.name for each in fields(Entry) if each.name not in {*_PLACES, "parts", "attributes"})
)


def _keys(
    entries: Sequence[Entry], settings: Settings, custom: Mapping[str, CustomType]
) -> list[bytes]:
    """What names the fields of each entry: all that they are made of."""
    around = repr(settings)
    types = {
        key: repr((each.part_names, each.cloze_field, each.cloze)) for key, each in custom.items()
    }
    return [
        key_of(
            around,
            repr(_content_of(entry)),
            types.get(entry.kind, ""),
            "" if entry.attributes == _PLAIN else repr(entry.attributes),
            *(text for name, part in entry.parts.items() for text in (name, part.text)),
        )
        for entry in entries
    ]


def _render(
    extensions: Sequence[ExtensionSetting],
    custom: Mapping[str, CustomType],
    entries: Sequence[Entry],
) -> list[str]:
    with limits():
        return _rendered(extensions, custom, entries)


def _rendered(
    extensions: Sequence[ExtensionSetting],
    custom: Mapping[str, CustomType],
    entries: Sequence[Entry],
) -> list[str]:
    results, slow = list[str](), 0
    for entry in entries:
        parts = Parts(_converter(extensions), entry)
        try:
            with limited(_SECONDS if slow < _MOST_SLOW else 1):
                fields = _fields(parts, custom.get(entry.kind))
        except OverBudgetError:
            slow, fields = slow + 1, {}
            _CONVERTERS.clear()  # what was interrupted is in no state to go on with
            message = f"this card takes longer than {_SECONDS} s to render, so it is left out"
            parts.report("too-slow", message, "write it otherwise, or cut it into several cards")
        results.append(_packed(fields, parts.problems))
    return results


def _converter(extensions: Sequence[ExtensionSetting]) -> Converter:
    """The converter of this process for these extensions."""
    name = repr(extensions)
    if name not in _CONVERTERS:
        _CONVERTERS[name] = Converter(load_extensions(extensions).extensions)
    return _CONVERTERS[name]


_CONVERTERS: dict[str, Converter] = {}


def _fields(parts: Parts, custom: CustomType | None) -> dict[str, str]:
    filled = fill_custom(parts, custom) if custom else KIND_FIELDS[parts.entry.kind](parts)
    sides = {**_SIDES, **custom.part_names} if custom else _SIDES
    return {
        name: _in_language(parts.entry, name, sides.get(name, ""), html)
        for name, html in filled
        if html
    }


def _packed(fields: dict[str, str], problems: Sequence[Diagnostic]) -> str:
    return json.dumps(
        [fields, [astuple(each) for each in problems]] if problems else fields, ensure_ascii=False
    )


def _unpacked(result: str) -> tuple[dict[str, str], list[Diagnostic]]:
    value = json.loads(result)
    if result.startswith(_SOUND):
        return value, []
    fields, problems = value
    return fields, [Diagnostic(code, Location(*place), *more) for code, place, *more in problems]


def _in_language(entry: Entry, name: str, side: str, html: str) -> str:
    attributes = entry.attributes
    if name in _TEXTLESS:
        return html
    voice = {"Front": attributes.tts_front, "Back": attributes.tts_back}.get(side)
    return in_language(with_speech(html, voice), attributes.lang, attributes.dir)
