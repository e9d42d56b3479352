"""The two sides of a multiple choice, whose options stand in its card once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ankipress.importing.fields.block_markdown import Manner
from ankipress.importing.fields.html_tree import FieldElement, read_html
from ankipress.importing.own.own_markdown import OwnWriter, WrittenBlock
from ankipress.live.comparing.printed_tree import printed
from ankipress.live.editing.field_sources import UnwritableError
from ankipress.live.editing.field_writing import FOOTNOTE_LABEL

_MANNERS = (Manner.MARKDOWN, Manner.HTML_MARKS, Manner.HTML_BLOCKS)
_RULE = "---"


@dataclass(frozen=True, slots=True)
class ChoiceOption:
    """The HTML of an option, and whether it is right; the front does not say."""

    html: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class ChoiceSide:
    """One side of a card: its options, and what stands above and below them."""

    tag: str
    above: str
    options: tuple[ChoiceOption, ...]
    below: str

    def html(
        self,
        *,
        is_answer: bool,
    ) -> str:
        """The side as a build makes it."""
        items = "".join(_item(each, is_answer=is_answer) for each in self.options)
        return f'{self.above}<{self.tag} class="choices">{items}</{self.tag}>{self.below}'


@dataclass(frozen=True, slots=True)
class ChoiceSides:
    """Front and back of a card."""

    front: ChoiceSide
    back: ChoiceSide

    def edited(
        self,
        front: str | None,
        back: str | None,
    ) -> ChoiceSides:
        """The card after an edit of one side or both: an option that was edited on one of them is
        edited on both. Raises UnwritableError.
        """
        new_front = self.front if front is None else read_side(front)
        new_back = self.back if back is None else read_side(back)
        if not read_html(new_front.above).children:
            raise UnwritableError("its question is empty, and a card needs it")
        options = new_back.options
        if new_front.options != self.front.options:
            asked = _ticked(self, new_front)
            if new_back.options not in (self.back.options, asked):
                raise UnwritableError("its options were edited otherwise on each of its sides")
            options = asked
        asked_options = tuple(replace(each, is_right=False) for each in options)
        return ChoiceSides(
            replace(new_front, options=asked_options), replace(new_back, options=options)
        )


def _ticked(sides: ChoiceSides, front: ChoiceSide) -> tuple[ChoiceOption, ...]:
    """The options of an edited front, with the ticks that the back has."""
    by_html = {each.html: each.is_right for each in sides.back.options}
    is_same_count = len(front.options) == len(sides.back.options)
    options = []
    for number, each in enumerate(front.options):
        is_right = by_html.get(each.html, False)
        if each.html not in by_html and is_same_count:
            is_right = sides.back.options[number].is_right
        options.append(ChoiceOption(each.html, is_right))
    return tuple(options)


def read_side(html: str) -> ChoiceSide:
    """A side of a card. Raises UnwritableError where it has no options."""
    children = read_html(html).children
    for number, child in enumerate(children):
        if isinstance(child, FieldElement) and child.attributes.get("class") == "choices":
            options = tuple(_option(each) for each in child.elements_directly())
            above = printed(children[:number])
            return ChoiceSide(
                child.tag,
                above,
                options,
                printed(children[number + 1 :]),
            )
    raise UnwritableError("its list of options is gone")


def _option(item: FieldElement) -> ChoiceOption:
    children = list(item.children)
    box = next(iter(children), "")
    if isinstance(box, str) or box.tag != "input":
        return ChoiceOption(printed(children), is_right=False)
    text = printed(children[1:]).removeprefix(" ")
    return ChoiceOption(text, "checked" in box.attributes)


def _item(
    option: ChoiceOption,
    *,
    is_answer: bool,
) -> str:
    if is_answer and option.is_right:
        return (
            f'<li class="right"><input type="checkbox" checked="" disabled=""> {option.html}</li>'
        )
    return f'<li><input type="checkbox" disabled=""> {option.html}</li>'


class ChoiceWriting:
    """Writes both sides of a card as the Markdown of a list of tasks."""

    def __init__(
        self,
        refer: Callable[[str], str],
        before: ChoiceSides,
        after: ChoiceSides,
    ) -> None:
        self._refer = refer
        self._before = before
        self._after = after

    def pairs(
        self,
        rendered: str,
        wanted: str,
    ) -> Iterator[tuple[str, str, bool]]:
        """The card before and after its edit."""
        for manner in _MANNERS:
            before, _ = self._written(self._before, manner)
            after, has_html = self._written(self._after, manner)
            yield before, after, has_html
        if self._after.front.below and not self._before.front.below:
            # What belongs to the question below the options stands above a line `---`.
            manner = Manner.MARKDOWN
            before, _ = self._written(self._before, manner)
            after, has_html = self._written(self._after, manner, _RULE)
            yield before, after, has_html

    def one_line(self, wanted: str) -> Iterator[str]:
        """Nothing: options are lines."""
        yield from ()

    def _written(
        self,
        sides: ChoiceSides,
        manner: Manner,
        rule: str = "",
    ) -> tuple[str, bool]:
        writer = OwnWriter(self._refer, FOOTNOTE_LABEL)

        def line(html: str) -> str:
            return writer.markdown([WrittenBlock(html, manner)])

        options = "\n".join(_list_lines(sides.back, line))
        pieces = [line(sides.front.above), options]
        pieces += [line(sides.front.below), rule, line(sides.back.below)]
        return "\n\n".join(filter(None, pieces)), writer.html > 0


def _list_lines(side: ChoiceSide, line: Callable[[str], str]) -> Iterator[str]:
    for number, option in enumerate(side.options, 1):
        sign = f"{number}." if side.tag == "ol" else "-"
        box = "[x]" if option.is_right else "[ ]"
        lines: Sequence[str] = line(option.html).split("\n")
        yield f"{sign} {box} {lines[0]}"
        indent = " " * (len(sign) + 1)
        yield from (f"{indent}{each}".rstrip() for each in lines[1:])
