"""Notes that somebody typed in Anki's editor, of note types that ankipress made.

A card must look like such a note, and cannot come out to the letter: Anki's editor writes no
paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.fields.field_markdown import Refer
from ankipress.importing.fields.html_tree import as_printed
from ankipress.importing.import_plan import PlannedType
from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.own.own_blocks import element_spans
from ankipress.importing.own.own_trials import OwnForms
from ankipress.importing.own.own_wrappers import NO_TEXTS
from ankipress.model import OWN_FIELDS
from ankipress.render.tags import limit_nesting

_NO_TEXTS = frozenset({*NO_TEXTS, "Typed", *OWN_FIELDS})
_BLOCKS = frozenset(
    "audio blockquote center details dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul"
    " video".split()
)
_MARKS = {"b": "strong", "i": "em", "s": "del", "strike": "del"}
_MARK = re.compile(r"<(?P<closing>/?)(?P<name>b|i|s|strike)>")
_PICTURE = re.compile(r"<img (?![^>]*\balt=)")
_NAME = re.compile(r"<([a-z][a-z0-9]*)")
_EMPTY_LINES = re.compile(r"(?:<br>\s*){2,}")
_EDGES = re.compile(r"\A(?:\s|&nbsp;|<br>)+|(?:\s|&nbsp;|<br>)+\Z")


def forms_of(
    planned: PlannedType,
    refer: Refer,
    number: int,
) -> OwnForms:
    """How the fields of a note are written, and when they are right."""
    forms = OwnForms(refer, str(number + 1))
    if planned.is_made:
        return replace(forms, same=looks_same)
    return forms


def with_blocks(note: ImportedNote, names: Sequence[str]) -> ImportedNote:
    """A note whose fields are blocks, as they are on cards that ankipress makes. `names` are those
    of its fields.
    """
    fields = []
    for name, html in zip(names, note.fields, strict=True):
        if name in _NO_TEXTS:
            fields.append(html)
        else:
            fields.append(in_blocks(html))
    return replace(note, fields=tuple(fields))


def in_blocks(html: str) -> str:
    """A field of Anki's editor with loose text, and each `<div>` of text, as a paragraph."""
    printed = _MARK.sub(_spelled, as_printed(html))
    printed = _PICTURE.sub('<img alt="" ', printed)
    if limit_nesting(printed) != printed:
        return html
    return "\n".join(_blocks(printed))


def _spelled(tag: re.Match[str]) -> str:
    """A tag of a mark as cards of ankipress have it."""
    return f"<{tag['closing']}{_MARKS[tag['name']]}>"


def _blocks(html: str) -> Iterator[str]:
    loose = ""
    done = 0
    for start, end in element_spans(html):
        element = html[start:end]
        loose += html[done:start]
        done = end
        found = _NAME.match(element)
        name = found[1] if found else ""
        if name != "div" and name not in _BLOCKS:
            loose += element
            continue
        yield from _paragraphs(loose)
        loose = ""
        if name == "div":
            yield from _blocks(element.partition(">")[2].removesuffix("</div>"))
        else:
            yield element
    yield from _paragraphs(loose + html[done:])


def _paragraphs(loose: str) -> Iterator[str]:
    for each in _EMPTY_LINES.split(loose):
        text = _EDGES.sub("", each)
        if text:
            yield f"<p>{text}</p>"
