"""Multiple choice: options whose ticks are shown on the back only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.kinds.basic import NO_QUESTION, Fields, fill_sections

if TYPE_CHECKING:
    from ankipress.syntax.choice_options import Option
    from ankipress.syntax.choice_reading import Choice, Run

_HELP = "write the options as a list: `- [x] right` and `- [ ] wrong`"
_NAME_IT = "mark it with `[x]`, or write a line `Answer: B` below the options"
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>", re.DOTALL)


def fill_choice(parts: Parts) -> Fields:
    """The question and the options on the front; the ticked options and the rest on the back."""
    # Most decks have no choices, and its patterns take a while to compile.
    from ankipress.syntax.choice_reading import read_choice  # noqa: PLC0415

    question = parts.question()
    parts.require(question, *NO_QUESTION)
    choice = read_choice(parts.trees)
    if choice is None:
        parts.report("bad-choices", "this card has no list of options", _HELP)
        return
    _check(parts, choice)
    texts = [_text(parts, choice.part, each) for each in choice.options]
    asked = _list(choice.tag, [(False, html) for html in texts])
    options = [(number in choice.right, html) for number, html in enumerate(texts)]
    answered = _list(choice.tag, options)
    above = parts.blocks(choice.part, choice.above)
    if choice.part == "Front":
        # What is below the list but above the `---` belongs to the question as well.
        question = parts.heading()
    yield "Front", question + above + asked + _runs(parts, choice.below)
    yield "Back", answered + _back(parts, choice)
    yield from fill_sections(parts)


def _check(parts: Parts, choice: Choice) -> None:
    place = choice.place
    for unknown in choice.unknown:
        message = "no option has this letter, or more than one has"
        parts.report("bad-choices", message, "write the letter of the right option", unknown)
    if choice.is_task_list:
        _check_boxes(parts, choice)
    if len(choice.options) < 2:
        parts.report("bad-choices", "one option is no choice", _HELP, place)
    if choice.is_answered:
        return
    if choice.is_task_list:
        message = "no option of this list is right"
        parts.report("bad-choices", message, "mark those that are with `[x]`", place)
    else:
        message = "nothing says which of these options is right"
        parts.report("bad-choices", message, _NAME_IT, place)


def _check_boxes(parts: Parts, choice: Choice) -> None:
    tree = parts.trees.part(choice.part)
    for option in choice.options:
        if not option.box:
            place = tree.place(*option.source)
            parts.report("bad-choices", "this option has no box", _HELP, place)


def _back(parts: Parts, choice: Choice) -> str:
    """What stands on the back below the options."""
    nodes = [node for _, run in choice.back for node in run]
    if choice.part == "Front" and nodes == parts.trees.part("Back").nodes:
        return parts.field("Back")
    return _runs(parts, choice.back)


def _runs(parts: Parts, runs: Iterable[Run]) -> str:
    return "".join(parts.blocks(name, nodes) for name, nodes in runs)


def _text(
    parts: Parts,
    name: str,
    option: Option,
) -> str:
    """An option of one paragraph without the paragraph, so that it is next to its box."""
    html = parts.blocks(name, option.blocks)
    found = _ONE_PARAGRAPH.fullmatch(html)
    if found:
        return found[1]
    return html


def _list(tag: str, options: Sequence[tuple[bool, str]]) -> str:
    items: list[str] = []
    for is_right, html in options:
        if is_right:
            items.append(f'<li class="right"><input type="checkbox" checked disabled> {html}</li>')
        else:
            items.append(f'<li><input type="checkbox" disabled> {html}</li>')
    return canonical(f'<{tag} class="choices">{"".join(items)}</{tag}>')
