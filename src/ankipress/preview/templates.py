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

from ankipress.model import NoteType, PackedNote
from ankipress.package.card_generation import cloze_numbers, filled_names
from ankipress.preview.filters import Place, apply_filters

FRONT_SIDE = "\x1ffront side\x1f"
"""Stands where a back shows the front; no field can hold it."""

_OPENING = re.compile(r"<!--|\{\{")
_CLOSINGS = {"<!--": "-->", "{{": "}}"}
_MOST_CHARACTERS = 2_000_000  # that a side shows, or that its filters read
_DEEPEST = 50  # sections in each other
_CLOZE_CONDITION = re.compile(r"c\d+", re.ASCII)
_MANUAL = "https://docs.ankiweb.net/templates/errors.html"
_EMPTY_TAG = "\0"


class Sides(NamedTuple):
    """The two sides of a card, with the tags of sounds.

    `back` has `FRONT_SIDE` in the place of the front.
    """

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What fills a template: the fields by name, with Anki's own such as `Tags`.

    `ord` is the number of the card, from 0.
    """

    fields: Mapping[str, str]
    ord: int
    cloze: bool


@dataclass(frozen=True, slots=True)
class _Replacement:
    key: str
    filters: tuple[str, ...]  # the one next to the field first


@dataclass(frozen=True, slots=True)
class _TemplateSection:
    key: str
    negated: bool
    nodes: tuple[_Node, ...]

    def is_shown(self, filled: set[str]) -> bool:
        """Whether the section is shown where these names are filled."""
        return (self.key in filled) is not self.negated


_Node = str | _Replacement | _TemplateSection
_Nodes = Sequence[_Node]


class _TemplateError(ValueError):
    """What Anki says in place of the card."""


def fill_card(
    note: PackedNote,
    note_type: NoteType,
    ord: int,
) -> Filling:
    """The fields of a note, and those that Anki adds, for the card of an ord."""
    fields = dict(zip(note_type.field_names, note.fields, strict=True))
    fields |= {
        "Tags": " ".join(note.tags),
        "Type": note_type.name,
        "Deck": note.deck,
        "Subdeck": note.deck.rpartition("::")[2],
        "Card": note_type.template(ord).name,
        "CardFlag": "flag0",
    }
    return Filling(fields, ord, note_type.cloze)


def show_sides(
    front: str,
    back: str,
    filling: Filling,
) -> Sides:
    """Both sides of a card; what Anki says instead where a template is wrong or the front blank."""
    # `{{#c1}}` asks for the number of the card, which is no field.
    filled = filled_names(filling.fields) | {f"c{filling.ord + 1}"}
    side = "Front"
    try:
        nodes = _read(front)
        shown = _TemplateRenderer(filling, filled, front=True).show(nodes)
        message = _blank(nodes, filling, filled)
        if message:
            return Sides(shown + message, message)
        side = "Back"
        return Sides(shown, _TemplateRenderer(filling, filled, front=False).show(_read(back)))
    except _TemplateError as error:
        problem = f"{side} template has a problem:<br>{error}{_more('template-syntax-error')}"
        return Sides(problem, problem)


def _blank(
    nodes: _Nodes,
    filling: Filling,
    filled: set[str],
) -> str:
    """What Anki says of a front that shows nothing of the note; empty where it shows something."""
    if filling.cloze:
        number = filling.ord + 1
        if any(number in cloze_numbers(text) for text in filling.fields.values()):
            return ""
        missing = (
            f"No cloze \u2068{number}\u2069 found on card.\n"
            "Please either add a cloze deletion, or use the Empty Cards tool."
        )
        return f"<div>{missing}{_more('no-cloze-filter-on-cloze-note-type')}</div>"
    if _shows_a_field(nodes, filled):
        return ""
    return f"<div>The front of this card is blank.{_more('front-of-card-is-blank')}</div>"


def _more(anchor: str) -> str:
    return f"<br><a href='{_MANUAL}#{anchor}'>More information</a>"


def _shows_a_field(nodes: _Nodes, filled: set[str]) -> bool:
    for node in nodes:
        if isinstance(node, _Replacement) and node.key in filled:
            return True
        if not isinstance(node, _TemplateSection) or not node.is_shown(filled):
            continue
        if _shows_a_field(node.nodes, filled):
            return True
    return False


@dataclass(slots=True)
class _TemplateRenderer:
    """Renders one side of one card."""

    filling: Filling
    filled: set[str]
    front: bool
    characters: int = 0

    def show(self, nodes: _Nodes) -> str:
        pieces = []
        for node in nodes:
            if isinstance(node, str):
                pieces.append(node)
            elif isinstance(node, _Replacement):
                pieces.append(self._replace(node))
            else:
                self._check_condition(node)
                # A section that is not shown is read too, for its errors.
                shown = self.show(node.nodes)
                if node.is_shown(self.filled):
                    pieces.append(shown)
        return "".join(pieces)

    def _replace(self, node: _Replacement) -> str:
        key = node.key
        fields = self.filling.fields
        # The back keeps a mark, since the sounds of each side are taken by themselves.
        if key == "FrontSide":
            if self.front:
                return ""
            return FRONT_SIDE
        if key not in fields and (key or not node.filters):
            raise _no_field(":".join([*reversed(node.filters), key]), key)
        place = Place(key, self.filling.ord + 1, self.front)
        value = fields.get(key, "")
        shown = apply_filters(value, node.filters, place)
        self.characters += max(len(shown), len(value) * len(node.filters))
        if self.characters > _MOST_CHARACTERS:
            raise _TemplateError(f"It would show more than {_MOST_CHARACTERS:,} characters")
        return shown

    def _check_condition(self, section: _TemplateSection) -> None:
        key = section.key
        if key in self.filled or key in self.filling.fields or _CLOZE_CONDITION.fullmatch(key):
            return
        mark = "^" if section.negated else "#"
        raise _no_field(mark + key, key)


def _no_field(tag: str, key: str) -> _TemplateError:
    return _TemplateError(f"Found {_tag(tag)}, but there is no field called {_quoted(key)}")


def _tag(text: str) -> str:
    return _quoted(f"{{{{{text}}}}}")


def _quoted(text: str) -> str:
    return f"&#x27;\u2068{html.escape(text)}\u2069&#x27;"


@functools.lru_cache(maxsize=256)
def _read(template: str) -> tuple[_Node, ...]:
    """A template as a tree. What is never closed is text."""
    outer: list[tuple[list[_Node], str, bool]] = []
    nodes: list[_Node] = []
    for tag, text in _tokens(template):
        mark = tag[:1]
        key = tag[1:].lstrip()
        if not tag:
            nodes.append(text)
        elif len(tag) > 1 and mark in "#^":
            if len(outer) == _DEEPEST:
                raise _TemplateError(f"More than {_DEEPEST} conditions stand in each other")
            outer.append((nodes, key, mark == "^"))
            nodes = []
        elif len(tag) > 1 and mark == "/":
            _check_closing(key, [opened for _, opened, _ in outer])
            children = tuple(nodes)
            nodes, _, negated = outer.pop()
            nodes.append(_TemplateSection(key, negated, children))
        else:
            # Filters are written from the outside to the inside: `{{outer:inner:Field}}`.
            *filters, name = tag.removesuffix(_EMPTY_TAG).split(":")
            nodes.append(_Replacement(name, tuple(reversed(filters))))
    if outer:
        raise _TemplateError(f"Missing {_tag(f'/{outer[-1][1]}')}")
    return tuple(nodes)


def _tokens(template: str) -> Iterator[tuple[str, str]]:
    """What stands in braces, or an empty string and text."""
    position = 0
    opening = _OPENING.search(template)
    never_closed: set[str] = set()
    while opening:
        mark = opening[0]
        end = -1
        if mark not in never_closed:
            end = template.find(_CLOSINGS[mark], opening.end())
        after = opening.end()
        if end < 0:
            # It is text, as are all such marks after it, which are not looked for again.
            never_closed.add(mark)
        else:
            after = end + len(_CLOSINGS[mark])
            yield "", template[position : opening.start()]
            position = after
            if mark == "{{":
                tag = template[opening.end() : end]
                yield tag.lstrip("{").strip() or _EMPTY_TAG, ""
            else:
                yield "", template[opening.start() : after]
        opening = _OPENING.search(template, after)
    yield "", template[position:]


def _check_closing(key: str, opened: Sequence[str]) -> None:
    found = f"Found {_tag(f'/{key}')}"
    if not opened:
        raise _TemplateError(f"{found}, but missing {_tag(f'#{key}')} or {_tag(f'^{key}')}")
    if opened[-1] != key:
        raise _TemplateError(f"{found}, but expected {_tag(f'/{opened[-1]}')}")
