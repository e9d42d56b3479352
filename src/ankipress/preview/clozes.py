"""Deletions as a card shows them, by the rules of Anki's `rslib/src/cloze.rs`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
        return "..." if self.hint is None else self.hint

    @property
    def content(self) -> str:
        """Its text and that of the deletions in it."""
        return self.render(lambda inner: inner.content)

    def render(self, show: Callable[[_Cloze], str]) -> str:
        """Its text, with the deletions in it as `show` has them."""
        return "".join(node if isinstance(node, str) else show(node) for node in self.nodes)

    def find(self, number: int) -> list[_Cloze]:
        """The deletions in it that a card asks for."""
        found = []
        for node in self.nodes:
            if isinstance(node, str):
                continue
            if number in node.numbers:
                found.append(node)
            found += node.find(number)
        return found


_Node = str | _Cloze


def show_clozes(
    text: str,
    number: int,
    *,
    front: bool,
) -> str:
    """The text as card `number` shows it; empty where it has no such deletion."""
    root = _read_clozes(text)
    if not root.find(number):
        return ""
    return root.render(lambda cloze: _show_cloze(cloze, number, front=front))


def cloze_only(
    text: str,
    number: int,
    *,
    front: bool,
) -> str:
    """What the deletions of card `number` hold, or their hints on the front, joined by commas."""
    clozes = _read_clozes(text).find(number)
    if front:
        return ", ".join(cloze.placeholder for cloze in clozes)
    return ", ".join(cloze.content for cloze in clozes)


def cloze_to_type(text: str, number: int) -> str:
    """What a learner must type: the deletions of card `number`, once where all are the same."""
    answers = [plain(cloze.content) for cloze in _read_clozes(text).find(number)]
    if len(set(answers)) == 1:
        return answers[0]
    return ", ".join(answers)


def _read_clozes(text: str) -> _Cloze:
    """The text with its deletions, as what a deletion around all would hold.

    What is never closed is left out, as Anki does.
    """
    # A deletion without a number holds all, so that text inside and outside is read alike.
    root = _Cloze(())
    open_clozes = [root]
    for token in _tokens(text):
        current = open_clozes[-1]
        if isinstance(token, _Cloze):
            if len(open_clozes) <= _DEEPEST:
                open_clozes.append(token)
        elif token is not None:
            _add_text(current, token, has_hint=current is not root)
        # Nothing is open that this could close.
        elif current is root:
            root.nodes.append("}}")
        else:
            open_clozes.pop()
            open_clozes[-1].nodes.append(current)
    return root


def _add_text(
    cloze: _Cloze,
    text: str,
    *,
    has_hint: bool,
) -> None:
    if has_hint and not is_occlusion(text):
        # Each text in a deletion may bring a hint; as in Anki, the last one counts.
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
        yield _Cloze(numbers) if numbers else None
        position = found.end()
    if position < len(text):
        yield text[position:]


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(digits) for digits in text.split(",") if 0 < len(digits) < _MOST_DIGITS]
    return tuple(number for number in numbers if number <= _LARGEST_NUMBER)


def _show_cloze(
    cloze: _Cloze,
    number: int,
    *,
    front: bool,
) -> str:
    is_asked = number in cloze.numbers
    label = ",".join(map(str, cloze.numbers))
    first = cloze.nodes[0] if cloze.nodes else ""
    if isinstance(first, str) and is_occlusion(first):
        return show_occlusion(first, label, asked=is_asked, front=front)
    content = cloze.render(lambda inner: _show_cloze(inner, number, front=front))
    if not is_asked:
        return f'<span class="cloze-inactive" data-ordinal="{label}">{content}</span>'
    if not front:
        return f'<span class="cloze" data-ordinal="{label}">{content}</span>'
    hidden = attribute(content)
    return (
        f'<span class="cloze" data-cloze="{hidden}" data-ordinal="{label}">'
        f"[{cloze.placeholder}]</span>"
    )
