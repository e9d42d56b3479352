"""Multiple choice: a task list whose ticks are shown on the back only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ankipress.diagnostics import Location
from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.kinds.basic import NO_QUESTION, Fields, fill_sections
from ankipress.syntax.tree import Node

_BOX_ALONE = re.compile(r"\[([ xX])\](?=\n|$)")
_HELP = "write the options as a list: `- [x] right` and `- [ ] wrong`"
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*)</p>", re.DOTALL)
_TAGS = {"bullets": "ul", "numbers": "ol"}


class _Option(NamedTuple):
    """An option without its box, which may be missing."""

    box: str
    nodes: Sequence[Node]

    @property
    def is_right(self) -> bool:
        return self.box in {"x", "X"}


class _Choice(NamedTuple):
    """The options of a card, the blocks around them, the tag and the place of the list, and the
    places of options without a box.
    """

    part: str
    before: Sequence[Node]
    options: Sequence[_Option]
    after: Sequence[Node]
    tag: str
    place: Location
    without_box: Sequence[Location]


def fill_choice(parts: Parts) -> Fields:
    """The question and the options on the front; the ticked options and the rest on the back."""
    question = parts.question()
    parts.require(question, *NO_QUESTION)
    front = _find(parts, "Front")
    back = _find(parts, "Back")
    choice = front or back
    if choice is None:
        parts.report("bad-choices", "this card has no list of options", _HELP)
        return
    _check(parts, choice)
    texts = [_one_line(parts.blocks(choice.part, each.nodes)) for each in choice.options]
    options = [(each.is_right, text) for each, text in zip(choice.options, texts, strict=True)]
    asked = _list(choice.tag, [(False, html) for _, html in options])
    answered = _list(choice.tag, options)
    before = parts.blocks(choice.part, choice.before)
    after = parts.blocks(choice.part, choice.after)
    if front:
        # What is below the list but above the `---` belongs to the question as well.
        yield "Front", parts.heading() + before + asked + after
        yield "Back", answered + parts.field("Back")
    else:
        yield "Front", question + before + asked
        yield "Back", answered + after
    yield from fill_sections(parts)


def _check(parts: Parts, choice: _Choice) -> None:
    options = choice.options
    place = choice.place
    for option in choice.without_box:
        parts.report("bad-choices", "this option has no box", _HELP, option)
    if len(options) < 2:
        parts.report("bad-choices", "one option is no choice", _HELP, place)
    if not any(each.is_right for each in options):
        message = "no option of this list is right"
        parts.report("bad-choices", message, "mark those that are with `[x]`", place)


def _find(parts: Parts, name: str) -> _Choice | None:
    """The first list of a part in which an item has a box."""
    if name not in parts.entry.parts:
        return None
    tree = parts.trees.part(name)
    for number, node in enumerate(tree.nodes):
        if node.kind not in _TAGS:
            continue
        options = [_option(item) for item in node.children]
        if any(each.box for each in options):
            before = tree.nodes[:number]
            after = tree.nodes[number + 1 :]
            tag = _TAGS[node.kind]
            place = tree.place_of(node)
            items = zip(node.children, options, strict=True)
            without_box = [tree.place_of(item) for item, each in items if not each.box]
            return _Choice(name, before, options, after, tag, place, without_box)
    return None


def _option(item: Node) -> _Option:
    """An item of a list. Its blocks are no longer those of a list, so none of them is tight."""
    blocks = [replace(node, is_tight=False) for node in item.children]
    first = None
    if blocks:
        first = blocks[0]
    if first is None or first.kind != "paragraph" or first.content is None:
        return _Option("", blocks)
    if item.info:
        first.children = [node for node in first.children if node.kind != "task"]
        return _Option(item.info, blocks)
    found = _BOX_ALONE.match(first.content.text)
    if found is None:
        return _Option("", blocks)
    # The box stands alone on its line, which GitHub takes for text.
    first.children = first.children[2:]
    return _Option(found[1], blocks if first.children else blocks[1:])


def _one_line(html: str) -> str:
    """An option of one paragraph without the paragraph, so that it is next to its box."""
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
