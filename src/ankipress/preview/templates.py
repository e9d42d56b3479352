"""Card templates, by the rules of Anki's `rslib/src/template.rs`: `{{Field}}`,
`{{#Field}}…{{/Field}}`, `{{FrontSide}}`.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ankipress.package.card_generation import cloze_numbers, filled_names
from ankipress.preview.filters import Place, apply_filters

_TOKEN = re.compile(r"(?P<comment><!--.*?-->)|\{\{(?P<tag>.*?)\}\}", re.DOTALL)
_CLOZE_CONDITION = re.compile(r"c\d+", re.ASCII)
_MANUAL = "https://docs.ankiweb.net/templates/errors.html"


class Sides(NamedTuple):
    """The two sides of a card before sounds are taken out of them. `back` still has `FRONT_SIDE` in
    the place of the front.
    """

    front: str
    back: str


FRONT_SIDE = "\x1ffront side\x1f"
"""Stands where a back shows the front; no field can hold it."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a template: the fields by name, with Anki's own such as `Tags` and `Deck`, and the
    card's ord, from 0.
    """

    fields: Mapping[str, str]
    ord: int
    cloze: bool


@dataclass(frozen=True, slots=True)
class _Replacement:
    key: str
    filters: tuple[str, ...]  # the one next to the field first


@dataclass(frozen=True, slots=True)
class _Section:
    key: str
    negated: bool
    nodes: tuple[_Node, ...]


_Node = str | _Replacement | _Section


class _TemplateError(ValueError):
    """What Anki says in place of the card."""


def show_sides(front: str, back: str, filling: Filling) -> Sides:
    """Both sides of a card, or what Anki says instead of them where a template is wrong or its
    front is blank.
    """
    filled = filled_names(filling.fields) | {f"c{filling.ord + 1}"}
    side = "Front"
    try:
        nodes = _read(front)
        shown = "".join(_show(nodes, filling, filled, front=True))
        message = _blank(nodes, filling, filled)
        if message:
            return Sides(shown + message, message)
        side = "Back"
        return Sides(shown, "".join(_show(_read(back), filling, filled, front=False)))
    except _TemplateError as error:
        problem = f"{side} template has a problem:<br>{error}{_more('template-syntax-error')}"
        return Sides(problem, problem)


def _blank(nodes: Sequence[_Node], filling: Filling, filled: set[str]) -> str:
    """What Anki says of a front that shows nothing of the note; empty where it shows something."""
    if filling.cloze:
        number = filling.ord + 1
        if any(number in cloze_numbers(text) for text in filling.fields.values()):
            return ""
        missing = f"No cloze \u2068{number}\u2069 found on card.\nPlease either add a cloze deletion, or use the Empty Cards tool."
        return f"<div>{missing}{_more('no-cloze-filter-on-cloze-note-type')}</div>"
    if _shows_a_field(nodes, filled):
        return ""
    return f"<div>The front of this card is blank.{_more('front-of-card-is-blank')}</div>"


def _more(anchor: str) -> str:
    return f"<br><a href='{_MANUAL}#{anchor}'>More information</a>"


def _shows_a_field(nodes: Sequence[_Node], filled: set[str]) -> bool:
    for node in nodes:
        if isinstance(node, _Replacement) and node.key in filled:
            return True
        if (
            isinstance(node, _Section)
            and (node.key in filled) is not node.negated
            and _shows_a_field(node.nodes, filled)
        ):
            return True
    return False


def _show(
    nodes: Sequence[_Node], filling: Filling, filled: set[str], *, front: bool
) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, _Replacement):
            yield _replace(node, filling, front=front)
        else:
            if (
                node.key not in filled
                and node.key not in filling.fields
                and not _CLOZE_CONDITION.fullmatch(node.key)
            ):
                raise _no_field(("^" if node.negated else "#") + node.key, node.key)
            shown = list(
                _show(node.nodes, filling, filled, front=front)
            )  # read for errors even where it is hidden
            if (node.key in filled) is not node.negated:
                yield from shown


def _replace(node: _Replacement, filling: Filling, *, front: bool) -> str:
    if node.key == "FrontSide":
        return "" if front else FRONT_SIDE
    if node.key not in filling.fields and (node.key or not node.filters):
        raise _no_field(":".join((*reversed(node.filters), node.key)), node.key)
    return apply_filters(
        filling.fields.get(node.key, ""), node.filters, Place(node.key, filling.ord + 1, front)
    )


def _no_field(tag: str, key: str) -> _TemplateError:
    return _TemplateError(
        f"Found {_quoted(f'{{{{{tag}}}}}')}, but there is no field called {_quoted(key)}"
    )


def _quoted(text: str) -> str:
    return f"&#x27;\u2068{html.escape(text)}\u2069&#x27;"


@functools.lru_cache(maxsize=256)
def _read(template: str) -> tuple[_Node, ...]:
    """A template as a tree. What is never closed is text."""
    outer: list[tuple[list[_Node], str, bool]] = []
    nodes: list[_Node] = []
    for tag, text in _tokens(template):
        mark, key = tag[:1], tag[1:].lstrip()
        if not tag:
            nodes.append(text)
        elif len(tag) > 1 and mark in "#^":
            outer.append((nodes, key, mark == "^"))
            nodes = []
        elif len(tag) > 1 and mark == "/":
            _check_closing(key, outer[-1][1] if outer else None)
            children = tuple(nodes)
            nodes, _, negated = outer.pop()
            nodes.append(_Section(key, negated, children))
        else:
            *filters, name = tag.removesuffix("\0").split(":")
            nodes.append(_Replacement(name, tuple(reversed(filters))))
    if outer:
        raise _TemplateError(f"Missing {_quoted(f'{{{{/{outer[-1][1]}}}}}')}")
    return tuple(nodes)


def _tokens(template: str) -> Iterator[tuple[str, str]]:
    """What stands in braces, or an empty string and text. A tag with nothing in it is a NUL."""
    position = 0
    for found in _TOKEN.finditer(template):
        yield "", template[position : found.start()]
        if found["comment"]:
            yield "", found["comment"]
        else:
            yield found["tag"].lstrip("{").strip() or "\0", ""
        position = found.end()
    yield "", template[position:]


def _check_closing(key: str, opened: str | None) -> None:
    found = f"Found {_quoted(f'{{{{/{key}}}}}')}"
    if opened is None:
        opening, negated = _quoted(f"{{{{#{key}}}}}"), _quoted(f"{{{{^{key}}}}}")
        raise _TemplateError(f"{found}, but missing {opening} or {negated}")
    if opened != key:
        raise _TemplateError(f"{found}, but expected {_quoted(f'{{{{/{opened}}}}}')}")
