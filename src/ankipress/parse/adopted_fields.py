"""The text below the heading of a card of an adopted note type, cut into its fields."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ankipress.diagnostics import Diagnostic
from ankipress.model import Adopted, Attributes, Breaks, CustomType, Part, TextMode
from ankipress.parse.attribute_tokens import AttributeProblem, braces_at_end, problem_at
from ankipress.parse.attributes import split_attributes
from ankipress.parse.cut_parts import cut, joined_parts
from ankipress.parse.field_names import field_names
from ankipress.syntax.outline import Heading

_HELP = "write {text=lines}, {text=paragraphs} or {text=bare}, or no braces"


@dataclass(frozen=True, slots=True)
class CutFields:
    """The fields of a card: their Markdown and how it becomes HTML, by their names.

    Where `is_labelled`, the first field has a section of its own, and the heading is in none.
    """

    parts: dict[str, Part]
    modes: dict[str, TextMode] = field(default_factory=dict)
    is_labelled: bool = False
    problems: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class _NamedHeading:
    """A heading that begins a field, and what its braces say."""

    heading: Heading
    name: str
    mode: TextMode | None = None


@dataclass(slots=True)
class FieldCutter:
    """Cuts the lines of one card, whose headings of fields are of the level `level`."""

    lines: Sequence[str]
    dashes: Sequence[int]
    level: int
    kinds: Collection[str]
    problems: list[Diagnostic] = field(default_factory=list)

    def cut(self, headings: Sequence[Heading], custom: CustomType, own: Attributes) -> CutFields:
        """The fields of a card, given its own heading and those below it."""
        adopted = custom.adopted
        assert adopted is not None
        names = tuple(each.name for each in custom.fields)
        heading, *inner = headings
        sections = list(self._sections(inner, names))
        is_labelled = any(each.name == names[0] for each in sections)
        ends = [*(each.heading.start for each in sections), len(self.lines)]
        pieces: dict[str, list[Part]] = defaultdict(list)
        for name, part in self._below_heading(heading.end, ends[0], names, is_labelled=is_labelled):
            pieces[name].append(part)
        for each, end in zip(sections, ends[1:], strict=True):
            pieces[each.name].append(cut(self.lines, each.heading.end, end))
        parts = {name: joined_parts(found) for name, found in pieces.items()}
        modes = _modes(names, adopted, sections)
        if own.text is not None:
            modes[names[0]] = own.text
        return CutFields(parts, modes, is_labelled, tuple(self.problems))

    def _below_heading(
        self,
        start: int,
        end: int,
        names: Sequence[str],
        *,
        is_labelled: bool,
    ) -> Iterator[tuple[str, Part]]:
        """What stands directly below the heading of the card: the second field, and the rest of the
        first above a line `---`.
        """
        rules = self.dashes[bisect_left(self.dashes, start) : bisect_left(self.dashes, end)]
        whole = cut(self.lines, start, end, rules)
        if not whole.text:
            return
        first = whole.line - 1
        last = first + whole.text.count("\n")
        inside = [rule for rule in rules if first < rule < last]
        if len(names) == 1:
            yield names[0], whole
        elif is_labelled or not inside:
            yield names[1], whole
        else:
            yield names[0], cut(self.lines, first, inside[0])
            yield names[1], cut(self.lines, inside[0], last + 1, rules)

    def _sections(
        self, inner: Sequence[Heading], names: tuple[str, ...]
    ) -> Iterator[_NamedHeading]:
        for heading in inner:
            if heading.level == self.level:
                found = self._named(heading, names)
                if found is not None:
                    yield found

    def _named(self, heading: Heading, names: tuple[str, ...]) -> _NamedHeading | None:
        """The field that a heading begins, None for a heading in a field."""
        known = field_names(names)
        text, attributes, mistakes = split_attributes(heading.text, self.kinds)
        name = known.find(text)
        if name is not None:
            problems = [*mistakes, *_unfitting(heading.text, attributes)]
            self._report(heading, problems)
            return _NamedHeading(heading, name, attributes.text)
        name = known.find(heading.text)
        if name is not None:
            return _NamedHeading(heading, name)
        before = heading.text.rpartition("{")[0].rstrip()
        if before and heading.text.endswith("}") and known.find(before) is not None:
            self._report(heading, [*mistakes[:1]] or [_no_list(heading.text, len(before))])
        elif near := known.nearest(heading.text):
            self._report(heading, [_misspelt(heading.text, near)])
        return None

    def _report(self, heading: Heading, problems: Sequence[AttributeProblem]) -> None:
        if problems:
            breaks = heading_breaks(self.lines, heading)
            written = Part(heading.text, heading.start + 1, breaks)
            self.problems += [problem_at(each, written, "", _HELP) for each in problems]


def _misspelt(words: str, name: str) -> AttributeProblem:
    message = f'a heading "{words}" is a part of the field above it: this field is called "{name}"'
    help = f"write {name}, or leave it if it is a part of that field"
    return AttributeProblem("near-heading", message, 0, len(words), help)


def _modes(
    names: Sequence[str], adopted: Adopted, sections: Sequence[_NamedHeading]
) -> dict[str, TextMode]:
    """How each field becomes HTML: as its heading says, or as usual."""
    modes = dict(zip(names, adopted.texts, strict=True))
    said = {each.name: each.mode for each in sections if each.mode is not None}
    return {**modes, **said}


def _unfitting(heading: str, attributes: Attributes) -> Iterator[AttributeProblem]:
    """What the braces of a field's heading say that only a card can do."""
    if replace(attributes, text=None) == Attributes():
        return
    braces = next(braces_at_end(heading, len(heading)))
    message = f"{braces.shown(heading)} says more of a field than its text"
    yield AttributeProblem("bad-attribute", message, braces.start, braces.end - braces.start)


def _no_list(heading: str, before: int) -> AttributeProblem:
    shown = heading[before:].strip()
    what = f"{shown} is no list of attributes"
    if not heading[before].isspace():
        what = f"no space stands before {shown}"
    message = f"{what}, so this heading begins no field"
    return AttributeProblem("bad-attribute", message, len(heading) - len(shown), len(shown))


def heading_breaks(lines: Sequence[str], heading: Heading) -> Breaks:
    """Where the text of a heading stands in the lines of its section."""
    breaks = []
    offset = 0
    for number, text in enumerate(heading.text.split("\n")):
        line = lines[heading.start + number]
        column = len(line) - len(line.lstrip(" \t"))
        if not heading.underlined:
            marks = line.lstrip(" \t")[heading.level :]
            column += heading.level + len(marks) - len(marks.lstrip(" \t"))
        breaks.append((offset, number, column))
        offset += len(text) + 1
    return tuple(breaks)
