"""Deletions as a card shows them, by the rules of Anki's `rslib/src/cloze.rs`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ankipress.preview.occlusion_view import is_occlusion, show_occlusion
from ankipress.preview.text import attribute, plain

_TOKEN = re.compile(r"\{\{c(?P<numbers>[0-9,]+)::|(?P<close>\}\})")
_LARGEST_NUMBER = 65_535
_MOST_DIGITS = 20
_DEEPEST = 10


@dataclass(slots=True)
class _Cloze:
    """A deletion: the numbers of its cards, what it holds, and its hint, None where it has none."""

    numbers: tuple[int, ...]
    nodes: list[_Node] = field(default_factory=list)
    hint: str | None = None

    @property
    def placeholder(self) -> str:
        """What stands in its place while it is asked for."""
        if self.hint is None:
            return "..."
        return self.hint

    @property
    def content(self) -> str:
        """Its text and that of the deletions in it."""
        pieces = []
        for node in self.nodes:
            if isinstance(node, _Cloze):
                pieces.append(node.content)
            else:
                pieces.append(node)
        return "".join(pieces)


_Node = str | _Cloze


def show_clozes(text: str, number: int, *, front: bool) -> str:
    """The text as card `number` shows it; empty where it has no such deletion."""
    nodes = _read_clozes(text)
    if not _clozes_of(nodes, number):
        return ""
    return _show(nodes, number, front=front)


def cloze_only(text: str, number: int, *, front: bool) -> str:
    """What the deletions of card `number` hold, or their hints on the front, joined by commas."""
    clozes = _clozes_of(_read_clozes(text), number)
    if front:
        return ", ".join(cloze.placeholder for cloze in clozes)
    return ", ".join(cloze.content for cloze in clozes)


def cloze_to_type(text: str, number: int) -> str:
    """What a learner must type: the deletions of card `number`, once where all are the same."""
    answers = [plain(cloze.content) for cloze in _clozes_of(_read_clozes(text), number)]
    if len(set(answers)) == 1:
        return answers[0]
    return ", ".join(answers)


def _clozes_of(nodes: Sequence[_Node], number: int) -> list[_Cloze]:
    return [cloze for cloze in _all_clozes(nodes) if number in cloze.numbers]


def _all_clozes(nodes: Sequence[_Node]) -> Iterator[_Cloze]:
    for node in nodes:
        if isinstance(node, _Cloze):
            yield node
            yield from _all_clozes(node.nodes)


def _read_clozes(text: str) -> Sequence[_Node]:
    """The text and its deletions in order. What is never closed is left out, as Anki does."""
    root = _Cloze(())
    open_clozes = [root]
    for token in _tokens(text):
        current = open_clozes[-1]
        if isinstance(token, _Cloze):
            if len(open_clozes) <= _DEEPEST:
                open_clozes.append(token)
        elif token is not None:
            _add_text(current, token, has_hint=current is not root)
        elif current is root:
            root.nodes.append("}}")
        else:
            open_clozes.pop()
            open_clozes[-1].nodes.append(current)
    return root.nodes


def _add_text(cloze: _Cloze, text: str, *, has_hint: bool) -> None:
    if has_hint and not is_occlusion(text):
        text, colons, hint = text.partition("::")
        if colons:
            cloze.hint = hint
    cloze.nodes.append(text)


def _tokens(text: str) -> Iterator[_Node | None]:
    """Texts, opened deletions, and None for what closes one."""
    position = 0
    for found in _TOKEN.finditer(text):
        numbers = _numbers(found["numbers"] or "")
        if not numbers and not found["close"]:
            continue  # no number that Anki could read: it is text
        if position < found.start():
            yield text[position : found.start()]
        if numbers:
            yield _Cloze(numbers)
        else:
            yield None
        position = found.end()
    if position < len(text):
        yield text[position:]


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(digits) for digits in text.split(",") if 0 < len(digits) < _MOST_DIGITS]
    return tuple(number for number in numbers if number <= _LARGEST_NUMBER)


def _show(nodes: Sequence[_Node], number: int, *, front: bool) -> str:
    pieces = []
    for node in nodes:
        if isinstance(node, _Cloze):
            pieces.append(_show_cloze(node, number, front=front))
        else:
            pieces.append(node)
    return "".join(pieces)


def _show_cloze(cloze: _Cloze, number: int, *, front: bool) -> str:
    is_asked = number in cloze.numbers
    label = ",".join(map(str, cloze.numbers))
    if cloze.nodes and isinstance(cloze.nodes[0], str) and is_occlusion(cloze.nodes[0]):
        return show_occlusion(cloze.nodes[0], label, asked=is_asked, front=front)
    content = _show(cloze.nodes, number, front=front)
    if not is_asked:
        return f'<span class="cloze-inactive" data-ordinal="{label}">{content}</span>'
    if not front:
        return f'<span class="cloze" data-ordinal="{label}">{content}</span>'
    hidden = attribute(content)
    return (
        f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{label}">'
        f"[{cloze.placeholder}]</span>"
    )
