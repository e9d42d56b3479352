"""Notes of Obsidian_to_Anki: `START`, the note type, the fields and `END`, each on a line, and
`STARTI [Basic] question Back: answer ENDI` on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ankipress.diagnostics import Diagnostic, Location, location_of_text
from ankipress.parse.shapes.gap_styles import CURLY, with_gaps
from ankipress.parse.shapes.pieces import CardPieces, content_of, without_blank_lines
from ankipress.parse.shapes.shaped_file import ShapedFile, paragraph_lines
from ankipress.parse.shapes.vault_notes import CODE_SPAN, VaultNote, braces, question_and_front
from ankipress.syntax.tree import Content

_FIELDS = {
    "Front": "front",
    "Text": "front",
    "Question": "front",
    "Back": "back",
    "Answer": "back",
    "Back Extra": "back",
    "Extra": "back",
}
"""The sides of fields of note types that the vault says nothing of."""

_TAGS = re.compile(r"Tags:[ \t]*(?P<tags>.*)$")
_TAGS_ON_LINE = re.compile(r"(?:^|(?<=\s))Tags:[ \t]*(?P<tags>(?:.*[^ \t])?)[ \t]*$")
_TYPE = re.compile(r"[ \t]+\[(?P<type>[^\[\]]+)\][ \t]+(?P<text>(?:.*[^ \t])?)[ \t]*$")
_ID = re.compile(r"(?:<!--[ \t]*)?ID:[ \t]*(?P<id>\d{1,20})(?:[ \t]*-->)?[ \t]*$")
_CLOZE = "kind=cloze"


@dataclass(frozen=True, slots=True)
class _NamedType:
    """The note type that a note names, empty where it names none, and where it should stand."""

    name: str
    place: Location


@dataclass(slots=True)
class _NoteFields:
    """The texts of a note by their side, its tags, its id, and what is wrong with it."""

    front: list[Content] = field(default_factory=list)
    back: list[Content] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    id: str = ""
    problems: list[Diagnostic] = field(default_factory=list)


def read_started_notes(file: ShapedFile, taken: AbstractSet[int]) -> Iterator[VaultNote]:
    """The notes between words that begin and end them. The last one is none if it does not end."""
    line = file.first_line
    while line < len(file.body):
        end = _end_of_note(file, line)
        if end is None:
            line += 1
            continue
        yield from _block(file, line, end)
        line = end
    start, _ = file.separators.note_on_line
    for line in sorted(paragraph_lines(file) - taken):
        if start in file.body[line]:
            yield from _on_line(file, line)


def _end_of_note(file: ShapedFile, line: int) -> int | None:
    """The line after the note that begins on a line, None where none does or it does not end."""
    start, end = file.separators.note
    if file.body[line].rstrip() != start or line in file.code_lines:
        return None
    for number in range(line + 1, len(file.body)):
        if number in file.code_lines:
            continue
        if file.body[number].startswith(end):
            return number + 1
        if file.body[number].rstrip() == start:
            return number
    return None


def _block(
    file: ShapedFile,
    line: int,
    end: int,
) -> Iterator[VaultNote]:
    """The note on the lines from `START` to the line after `END`."""
    fields = _NoteFields()
    has_end = file.body[end - 1].startswith(file.separators.note[1])
    lines = range(line + 1, end - has_end)
    first = next((number for number in lines if file.body[number].strip()), lines.stop)
    if first == lines.stop:
        return
    type = location_of_text("", first + 1, file.body[first])
    name = file.body[first].strip()
    last = _last_line(file, lines[first - line :], fields)
    _add_lines(file, fields, _sides(file, name), range(first + 1, last))
    if fields.back and not fields.front:
        # The line of the note type is missing.
        _add(file, fields, "front", (file.offset(first), file.offset(first + 1)))
        name = ""
    if not has_end:
        start = location_of_text("", line + 1, file.body[line])
        message = "this note has no end: it is taken up to where the next one begins"
        help = f"write {file.separators.note[1]} below it"
        fields.problems.append(Diagnostic("foreign-note", start, message, help))
    yield from _note(file, fields, _NamedType(name, type), (line, end))


def _sides(file: ShapedFile, type: str) -> Mapping[str, str]:
    """The sides of the fields of a note type: the first is the front."""
    names = dict(file.separators.fields).get(type)
    if not names:
        return _FIELDS
    sides = dict.fromkeys(names, "back")
    sides[names[0]] = "front"
    return sides


def _field(sides: Mapping[str, str]) -> str:
    """A regular expression for the name of a field."""
    names = sorted(sides, key=len, reverse=True)
    words = "|".join(map(re.escape, names))
    return rf"(?P<name>{words}):[ \t]*"


def _add_lines(
    file: ShapedFile,
    fields: _NoteFields,
    sides: Mapping[str, str],
    lines: range,
) -> None:
    """Add the fields that stand on some lines."""
    field = re.compile(_field(sides))
    side = "front"
    start = file.offset(lines.start)
    for number in lines:
        found = field.match(file.body[number])
        if found and number not in file.code_lines:
            before = file.offset(number)
            _add(file, fields, side, (start, before))
            side = sides[found["name"]]
            start = before + found.end()
    _add(file, fields, side, (start, file.offset(lines.stop)))


def _last_line(
    file: ShapedFile,
    lines: range,
    fields: _NoteFields,
) -> int:
    """The line after the fields of a note, below which its tags and its id stand."""
    last = lines.stop
    for number in reversed(lines):
        text = file.body[number]
        if found := _ID.match(text):
            fields.id = found["id"]
        elif (found := _TAGS.match(text)) and not fields.tags:
            fields.tags = found["tags"].split()
        elif text.strip():
            break
        last = number
    return last


def _add(
    file: ShapedFile,
    fields: _NoteFields,
    side: str,
    span: tuple[int, int],
) -> None:
    piece = without_blank_lines(content_of(file.text, *span))
    if not piece.text:
        return
    if side == "front":
        fields.front.append(piece)
    else:
        fields.back.append(piece)


def _on_line(file: ShapedFile, line: int) -> Iterator[VaultNote]:
    """The notes on a line, from each word that begins one to the next that ends it."""
    start, end = file.separators.note_on_line
    text = file.body[line]
    code = [each.span() for each in CODE_SPAN.finditer(text)]
    first = text.find(start)
    last = text.find(end, first)
    while 0 <= first < last:
        is_code = any(begin <= first < stop for begin, stop in code)
        found = _TYPE.match(text, first + len(start), last)
        if found and not is_code:
            name = found["type"].strip()
            sides = _sides(file, name)
            fields = _fields_on_line(file, sides, file.offset(line), found)
            place = Location("", line + 1, found.start("type") + 1, len(found["type"]))
            yield from _note(file, fields, _NamedType(name, place), (line, line + 1))
        first = text.find(start, last)
        last = text.find(end, first)


def _fields_on_line(
    file: ShapedFile,
    sides: Mapping[str, str],
    offset: int,
    found: re.Match[str],
) -> _NoteFields:
    fields = _NoteFields()
    text = found["text"]
    if mark := re.search(rf"(?<![ \t])[ \t]*{_ID.pattern}", text):
        fields.id = mark["id"]
        text = text[: mark.start()]
    if mark := _TAGS_ON_LINE.search(text):
        fields.tags = mark["tags"].split()
        text = text[: mark.start()]
    offset += found.start("text")
    side = "front"
    start = 0
    for mark in re.finditer(rf"(?<!\S){_field(sides)}", text):
        _add(file, fields, side, (offset + start, offset + mark.start()))
        side = sides[mark["name"]]
        start = mark.end()
    _add(file, fields, side, (offset + start, offset + len(text)))
    return fields


def _note(
    file: ShapedFile,
    fields: _NoteFields,
    type: _NamedType,
    lines: tuple[int, int],
) -> Iterator[VaultNote]:
    if not fields.front:
        return
    attribute = _attribute(type, fields)
    first, *more = fields.front
    question, rest = question_and_front(first)
    front = [rest, *more]
    back = fields.back
    if attribute == _CLOZE:
        # A cloze is one text.
        front, back = [], [*front, *back]
        if file.separators.has_curly_gaps:
            question = with_gaps(question, (CURLY,))
            back = [with_gaps(each, (CURLY,)) for each in back]
    attributes = braces(attribute, tags=fields.tags, id=fields.id)
    card = CardPieces(
        question,
        front,
        back,
        *lines,
        attributes,
        is_split=True,
        problems=tuple(fields.problems),
    )
    yield VaultNote(card, frozenset(range(*lines)))


def _attribute(type: _NamedType, fields: _NoteFields) -> str:
    """The attribute that a note type of Obsidian_to_Anki stands for."""
    name = type.name.lower()
    if "cloze" in name:
        return _CLOZE
    if name.startswith("basic (") and "reversed" in name:
        return "reverse"
    if name.startswith("basic (type"):
        return "typed"
    if name != "basic":
        message = f'the note type "{type.name}" is not known here, so this is a basic card'
        if not name:
            message = "this note names no note type, so this is a basic card"
        help = "write Basic, Cloze, or Basic (and reversed card)"
        if name:
            help += f" in place of {type.name}"
        fields.problems.append(Diagnostic("foreign-note", type.place, message, help))
    return ""
