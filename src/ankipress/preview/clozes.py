"""Deletions as a card shows them, by the rules of Anki's `rslib/src/cloze.rs`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ankipress.preview.occlusion_view import is_occlusion, show_occlusion
from ankipress.preview.text import attribute, plain

_TOKEN = re.compile(r"(\{\{c(?P<numbers>[0-9,]+)::)|(?P<close>\}\})")
_LARGEST, _DEEPEST = 65_535, 10


@dataclass(slots=True)
class Cloze:
    """A deletion: the numbers of the cards that ask for it, what it holds, and its hint, None where
    it has none.
    """

    numbers: tuple[int, ...]
    nodes: list[str | Cloze] = field(default_factory=list)
    hint: str | None = None

    @property
    def label(self) -> str:
        """The numbers as Anki writes them."""
        return ",".join(map(str, self.numbers))

    @property
    def shown_hint(self) -> str:
        """What stands in its place while it is asked for."""
        return "..." if self.hint is None else self.hint


@dataclass(frozen=True, slots=True)
class _Asked:
    """The number of the card, and which of its sides is shown."""

    number: int
    front: bool


def show_clozes(text: str, number: int, *, front: bool) -> str:
    """The text as card `number` shows it; empty where it has no such deletion."""
    nodes = read_clozes(text)
    if not any(number in each.numbers for each in _all(nodes)):
        return ""
    return "".join(_show(node, _Asked(number, front)) for node in nodes)


def cloze_only(text: str, number: int, *, front: bool) -> str:
    """What the deletions of card `number` hold, or on the front their hints, with commas between."""
    found = [each for each in _all(read_clozes(text)) if number in each.numbers]
    return ", ".join(each.shown_hint if front else _content(each) for each in found)


def cloze_to_type(text: str, number: int) -> str:
    """What a learner must type: as `cloze_only` has it for the back, but once where all of them
    hold the same.
    """
    found = [plain(_content(each)) for each in _all(read_clozes(text)) if number in each.numbers]
    return found[0] if len(set(found)) == 1 else ", ".join(found)


def read_clozes(text: str) -> Sequence[str | Cloze]:
    """The text and its deletions in order. What is never closed is left out, as Anki does."""
    output: list[str | Cloze] = []
    opened: list[Cloze] = []
    for token in _tokens(text):
        if isinstance(token, Cloze):
            if len(opened) < _DEEPEST:
                opened.append(token)
        elif token is None:
            done: str | Cloze = opened.pop() if opened else "}}"
            (opened[-1].nodes if opened else output).append(done)
        elif opened:
            head, colons, hint = (token, "", "") if is_occlusion(token) else token.partition("::")
            opened[-1].hint = hint if colons else opened[-1].hint
            opened[-1].nodes.append(head)
        else:
            output.append(token)
    return output


def _tokens(text: str) -> Iterator[str | Cloze | None]:
    """Stretches of text, openings of deletions, and None for what closes one."""
    position = 0
    for found in _TOKEN.finditer(text):
        numbers = _numbers(found["numbers"] or "")
        if not numbers and not found["close"]:
            continue  # no number that Anki could read: it is text
        if position < found.start():
            yield text[position : found.start()]
        yield Cloze(numbers) if numbers else None
        position = found.end()
    if position < len(text):
        yield text[position:]


def _numbers(digits: str) -> tuple[int, ...]:
    return tuple(
        int(each) for each in digits.split(",") if each and len(each) < 20 and int(each) <= _LARGEST
    )


def _all(nodes: Sequence[str | Cloze]) -> Iterator[Cloze]:
    for node in nodes:
        if isinstance(node, Cloze):
            yield node
            yield from _all(node.nodes)


def _content(cloze: Cloze) -> str:
    return "".join(node if isinstance(node, str) else _content(node) for node in cloze.nodes)


def _show(node: str | Cloze, asked: _Asked) -> str:
    if isinstance(node, str):
        return node
    active, label = asked.number in node.numbers, node.label
    if node.nodes and isinstance(node.nodes[0], str) and is_occlusion(node.nodes[0]):
        return show_occlusion(node.nodes[0], label, active=active, front=asked.front)
    content = "".join(_show(each, asked) for each in node.nodes)
    if not active:
        return f'<span class="cloze-inactive" data-ordinal="{label}">{content}</span>'
    if not asked.front:
        return f'<span class="cloze" data-ordinal="{label}">{content}</span>'
    return f'<span class="cloze" data-cloze="{attribute(content)}" data-ordinal="{label}">[{node.shown_hint}]</span>'
