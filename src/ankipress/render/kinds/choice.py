"""Multiple choice: a task list whose ticks are shown on the back only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ankipress.diagnostics import Location
from ankipress.model import Part
from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.kinds.basic import NO_QUESTION, Fields, fill_sections
from ankipress.syntax.commonmark import commonmark

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARK = re.compile(r"[ \t]*(?:[-+*]|\d+[.)])(?: {1,4}(?! )|[ \t])")
_BOX = re.compile(r"\[([ xX])\](?=[ \t]|$)[ \t]*")
_HELP = "write the options as a list: `- [x] right` and `- [ ] wrong`"
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>", re.DOTALL)


class _Option(NamedTuple):
    """An option without its box, which may be missing."""

    box: str | None
    text: Part

    @property
    def is_right(self) -> bool:
        return self.box in {"x", "X"}


class _Choice(NamedTuple):
    """The options of a card, the parts around them, and the tag of the list."""

    before: Part
    options: Sequence[_Option]
    after: Part
    tag: str
    place: Location


def fill_choice(parts: Parts) -> Fields:
    """The question and the options on the front; the ticked options and the rest on the back."""
    question = parts.question()
    parts.require(question, *NO_QUESTION)
    front, back = _find(parts, "Front"), _find(parts, "Back")
    choice = front or back
    if choice is None:
        parts.report("bad-choices", "this card has no list of options", _HELP)
        return
    _check(parts, choice)
    options = [(each.is_right, _one_line(parts.text(each.text))) for each in choice.options]
    asked = _list(choice.tag, [(False, html) for _, html in options])
    answered = _list(choice.tag, options)
    before, after = parts.text(choice.before), parts.text(choice.after)
    if front:
        # What is below the list but above the `---` belongs to the question as well.
        yield "Front", parts.heading() + before + asked + after
        yield "Back", answered + parts.field("Back")
    else:
        yield "Front", question + before + asked
        yield "Back", answered + after
    yield from fill_sections(parts)


def _check(parts: Parts, choice: _Choice) -> None:
    options, place = choice.options, choice.place
    if any(each.box is None for each in options):
        parts.report(
            "bad-choices",
            "an option of this list has no box",
            _HELP,
            place,
        )
    if len(options) < 2:
        parts.report(
            "bad-choices",
            "one option is no choice",
            _HELP,
            place,
        )
    if not any(each.is_right for each in options):
        message = "no option of this list is right"
        parts.report(
            "bad-choices",
            message,
            "mark those that are with `[x]`",
            place,
        )


def _find(parts: Parts, name: str) -> _Choice | None:
    """The first list of a part in which an item has a box."""
    part = parts.entry.parts.get(name)
    if part is None:
        return None
    lines = part.text.split("\n")
    tokens = commonmark().parse(part.text)
    for number, token in enumerate(tokens, start=1):
        if token.type not in _LISTS or token.level or not token.map:
            continue
        options = list(_options(tokens[number:], lines, part.line))
        if not any(each.box for each in options):
            continue
        start, end = token.map
        while not lines[end - 1].strip():
            end -= 1
        place = Location(
            parts.entry.path,
            part.line + start,
            1,
            max(1, len(lines[start])),
        )
        before = _span(
            part,
            lines,
            0,
            start,
        )
        return _Choice(
            before,
            options,
            _span(
                part,
                lines,
                end,
                len(lines),
            ),
            token.tag,
            place,
        )
    return None


def _options(
    tokens: Sequence[Token],
    lines: Sequence[str],
    first: int,
) -> Iterator[_Option]:
    """The items of a list, given what follows its opening token."""
    for token in tokens:
        if token.level == 0:
            return
        if token.type != "list_item_open" or token.level != 1 or not token.map:
            continue
        start, end = token.map
        text, width = lines[start], 0
        if mark := _MARK.match(text):
            text = text[mark.end() :]
            width = len(mark[0].expandtabs(4))
        box = _BOX.match(text)
        if box:
            text = text[box.end() :]
        others = (_outdented(line, width) for line in lines[start + 1 : end])
        part = Part("\n".join((text, *others)).rstrip(), first + start)
        yield _Option(box and box[1], part)


def _outdented(line: str, width: int) -> str:
    """A line with less indentation. A tab that is cut leaves spaces."""
    column = position = 0
    while column < width and line.startswith((" ", "\t"), position):
        if line[position] == " ":
            column += 1
        else:
            column += 4 - column % 4
        position += 1
    return " " * (column - width) + line[position:]


def _span(
    part: Part,
    lines: Sequence[str],
    start: int,
    end: int,
) -> Part:
    while start < end and not lines[start].strip():
        start += 1
    return Part("\n".join(lines[start:end]).rstrip(), part.line + start)


def _one_line(html: str) -> str:
    """An option of one paragraph without the paragraph, so that it is next to its box."""
    found = _ONE_PARAGRAPH.fullmatch(html)
    return found[1] if found else html


def _list(tag: str, options: Sequence[tuple[bool, str]]) -> str:
    items: list[str] = []
    for is_right, html in options:
        if is_right:
            items.append(f'<li class="right"><input type="checkbox" checked disabled> {html}</li>')
        else:
            items.append(f'<li><input type="checkbox" disabled> {html}</li>')
    return canonical(f'<{tag} class="choices">{"".join(items)}</{tag}>')
