"""Multiple choice: a task list whose ticks are shown on the back only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ankipress.diagnostics import Location
from ankipress.model import Part
from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.kinds.basic import NO_QUESTION, beside

_BOX = re.compile(r"\[([ xX])\](?=[ \t]|$)[ \t]*")
_WAY_OUT = "write the options as a list: `- [x] right` and `- [ ] wrong`"
_MARKDOWN = MarkdownIt("commonmark")
_CHECKED = " checked"
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Option:
    """An option without its box, which is None where it has none."""

    box: str | None
    text: Part

    @property
    def is_right(self) -> bool:
        return self.box in {"x", "X"}


@dataclass(frozen=True, slots=True)
class _Choice:
    """The parts of a card around its options. `tag` is that of the list."""

    before: Part
    options: tuple[_Option, ...]
    after: Part
    tag: str
    place: Location


def fill_choice(parts: Parts) -> Iterator[tuple[str, str]]:
    """What stands above the list and the options on the front; on the back the options, ticked, and
    what stands below them.
    """
    question = parts.question()
    parts.require(question, *NO_QUESTION)
    choice = _find(parts, "Front") or _find(parts, "Back")
    if choice is None:
        parts.report("bad-choices", "this card has no list of options", _WAY_OUT)
        return
    _check(parts, choice)
    in_front = _find(parts, "Front") is not None
    options = [(each, _one_line(parts.text(each.text))) for each in choice.options]
    above, below = parts.text(choice.before), parts.text(choice.after)
    if in_front:
        # What stands below the list but above the `---` belongs to the question as well.
        question = parts.heading() + above
        yield "Front", question + _list(choice.tag, options, ticked=False) + below
        yield "Back", _list(choice.tag, options, ticked=True) + parts.field("Back")
    else:
        yield "Front", question + above + _list(choice.tag, options, ticked=False)
        yield "Back", _list(choice.tag, options, ticked=True) + below
    yield from beside(parts)


def _check(parts: Parts, choice: _Choice) -> None:
    if any(each.box is None for each in choice.options):
        parts.report("bad-choices", "an option of this list has no box", _WAY_OUT, choice.place)
    if len(choice.options) < 2:
        parts.report("bad-choices", "one option is no choice", _WAY_OUT, choice.place)
    if not any(each.is_right for each in choice.options):
        parts.report(
            "bad-choices",
            "no option of this list is right",
            "mark those that are with `[x]`",
            choice.place,
        )


def _find(parts: Parts, name: str) -> _Choice | None:
    """The first list of a part in which an item has a box."""
    part = parts.entry.parts.get(name)
    if part is None:
        return None
    tokens = _MARKDOWN.parse(part.text)
    lines = part.text.split("\n")
    for number, token in enumerate(tokens):
        if (
            token.type in {"bullet_list_open", "ordered_list_open"}
            and token.level == 0
            and token.map
        ):
            options = tuple(_options(tokens[number + 1 :], lines, part.line))
            if any(each.box is not None for each in options):
                start, end = token.map
                while not lines[end - 1].strip():
                    end -= 1
                place = Location(parts.entry.path, part.line + start, 1, max(1, len(lines[start])))
                before, after = (
                    _stretch(part, lines, 0, start),
                    _stretch(part, lines, end, len(lines)),
                )
                return _Choice(before, options, after, token.tag, place)
    return None


def _options(tokens: list[Token], lines: list[str], first: int) -> Iterator[_Option]:
    """The items of a list, given what follows its opening token."""
    for token in tokens:
        if token.level == 0:
            return
        if token.type == "list_item_open" and token.level == 1 and token.map:
            start, end = token.map
            mark = re.match(r"[ \t]*(?:[-+*]|\d+[.)])(?: {1,4}(?! )|[ \t])", lines[start])
            width = len(mark[0].expandtabs(4)) if mark else 0
            inner = [
                lines[start][len(mark[0]) if mark else 0 :],
                *(_outdented(line, width) for line in lines[start + 1 : end]),
            ]
            box = _BOX.match(inner[0])
            inner[0] = inner[0][box.end() :] if box else inner[0]
            yield _Option(box[1] if box else None, Part("\n".join(inner).rstrip(), first + start))


def _outdented(line: str, width: int) -> str:
    """A line without some columns of its indentation; a tab that is cut leaves spaces, one behind
    them stays.
    """
    column = position = 0
    while column < width and line[position : position + 1] in {" ", "\t"}:
        column += 1 if line[position] == " " else 4 - column % 4
        position += 1
    return " " * max(0, column - width) + line[position:]


def _stretch(part: Part, lines: list[str], start: int, end: int) -> Part:
    while start < end and not lines[start].strip():
        start += 1
    return Part("\n".join(lines[start:end]).rstrip(), part.line + start)


def _one_line(html: str) -> str:
    """An option of one paragraph without the paragraph, so that it stands beside its box."""
    single = _ONE_PARAGRAPH.fullmatch(html)
    return single[1] if single else html


def _list(tag: str, options: list[tuple[_Option, str]], *, ticked: bool) -> str:
    items = []
    for option, html in options:
        right = ticked and option.is_right
        box = f'<input type="checkbox"{_CHECKED * right} disabled>'
        opening = '<li class="right">' if right else "<li>"
        items.append(f"{opening}{box} {html}</li>")
    # Markers of mathematics are finished by now; what is canonical stays so.
    return canonical(f'<{tag} class="choices">{"".join(items)}</{tag}>')
