"""Note types for sources that have none: Anki's own two, or others with the names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType

BASIC = "Basic"
CLOZE = "Cloze"
_FIELDS = {BASIC: ("Front", "Back"), CLOZE: ("Text", "Back Extra")}
_STYLE = """\
.card {
    font-family: arial;
    font-size: 20px;
    line-height: 1.5;
    text-align: center;
    color: black;
    background-color: white;
}
"""
_CLOZE_STYLE = """\
.cloze {
    font-weight: bold;
    color: blue;
}
.nightMode .cloze {
    color: lightblue;
}
"""
_GAP = re.compile(r"\{\{c[0-9,]+::")
_NOT_IN_NAMES = re.compile(r'[:"{}\x00-\x1f]')  # by Anki's rules
_NOT_AT_START = "#/^ "


def has_gaps(fields: Iterable[str]) -> bool:
    """Whether a field has a cloze deletion."""
    return any(_GAP.search(field) for field in fields)


def field_names(columns: Sequence[str], *, cloze: bool) -> tuple[str, ...]:
    """Names that Anki takes for some columns: those that they have, else those of its own types.

    Each is there once, whatever its case.
    """
    own = _FIELDS[CLOZE if cloze else BASIC]
    names: list[str] = []
    used: set[str] = set()
    for place, column in enumerate(columns):
        name = _NOT_IN_NAMES.sub(" ", column).strip().lstrip(_NOT_AT_START)
        if not name:
            name = own[place] if place < len(own) else f"Field {place + 1}"
        names.append(_unused(name, used))
    return tuple(names)


def plain_type(name: str, fields: Sequence[str], *, cloze: bool) -> ImportedType:
    """A note type that asks for the first field, and shows the others on the back.

    One that has the fields of Anki's own is like that one.
    """
    if cloze:
        template = _cloze_template(fields)
        css = _STYLE + _CLOZE_STYLE
    else:
        template = _basic_template(fields)
        css = _STYLE
    named = tuple(ImportedField(each) for each in fields)
    return ImportedType(None, name, 0, cloze, named, (template,), css)


def _unused(name: str, used: set[str]) -> str:
    """A name that is used from now on, with a number where it was used before."""
    number = 2
    unused = name
    while unused.casefold() in used:
        unused = f"{name} {number}"
        number += 1
    used.add(unused.casefold())
    return unused


def _basic_template(fields: Sequence[str]) -> ImportedTemplate:
    back = "{{FrontSide}}"
    if len(fields) > 1:
        back += f"\n\n<hr id=answer>\n\n{{{{{fields[1]}}}}}"
    return ImportedTemplate("Card 1", f"{{{{{fields[0]}}}}}", back + _further(fields[2:]))


def _cloze_template(fields: Sequence[str]) -> ImportedTemplate:
    text = f"{{{{cloze:{fields[0]}}}}}"
    back = text
    if len(fields) > 1:
        back += f"<br>\n{{{{{fields[1]}}}}}"
    return ImportedTemplate(CLOZE, text, back + _further(fields[2:]))


def _further(fields: Iterable[str]) -> str:
    """Fields each on a line of its own, as far as they have anything."""
    return "".join(f"\n{{{{#{name}}}}}<div>{{{{{name}}}}}</div>{{{{/{name}}}}}" for name in fields)
