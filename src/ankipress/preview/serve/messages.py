"""View → what is sent to the page: all of it at first, then what changed."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ankipress.diagnostics import Diagnostic

if TYPE_CHECKING:
    from ankipress.preview.serve.anki_states import ShownComparison
    from ankipress.preview.serve.view import PageCard, View

_WITH_CONTENT = 24  # cards whose content goes with the first message, and with a change
_FONT = re.compile(r"""url\(\s*(["']?)([^"')]+\.(woff2|woff|ttf|otf))\1\s*\)""", re.IGNORECASE)

Payload = Mapping[str, Any]
Display = Callable[[str], str]
"""A path of the project as its author sees it."""


@dataclass(frozen=True, slots=True)
class NumberedView:
    """A view with its number, which counts up, and how its paths are shown."""

    number: int
    view: View
    display: Display


def full_payload(current: NumberedView) -> Payload:
    """All that the page must know, and what the frames of the first cards hold."""
    view = current.view
    first = view.cards[:_WITH_CONTENT]
    # Few style sheets serve many cards, and each is made with the fonts that it names.
    styles = dict.fromkeys(card.content.style for card in first)
    return {
        **_head(current),
        "lines": _lines(view),
        "states": _states(view),
        "rows": [_row(card) for card in view.cards],
        "contents": _contents(first),
        "styles": {style: style_sheet(view, style) for style in styles},
    }


def change_payload(before: NumberedView, after: NumberedView) -> Payload:
    """What changed: the head, some rows and contents, and the order or the lines of all cards."""
    known = before.view.by_key
    changed = [
        card
        for card in after.view.cards
        if card.key not in known or not _is_same_row(known[card.key], card)
    ]
    redrawn = [
        card
        for card in changed
        if card.key not in known or known[card.key].content.digest != card.content.digest
    ]
    payload = {
        **_head(after),
        "from": before.number,
        "rows": [_row(card) for card in changed],
        "contents": _contents(redrawn[:_WITH_CONTENT]),
    }
    # The page knows the order, the lines and the states, which most edits leave alone.
    order = [card.key for card in after.view.cards]
    lines = _lines(after.view)
    states = _states(after.view)
    if order != list(known):
        return payload | {"order": order, "lines": lines, "states": states}
    if lines != _lines(before.view):
        payload["lines"] = lines
    if states != _states(before.view):
        payload["states"] = states
    return payload


def partial_payload(view: View, keys: Iterable[str]) -> Payload:
    """The contents of the cards that are asked for, as far as there are such."""
    cards = (view.by_key[key] for key in keys if key in view.by_key)
    return _contents(cards)


def style_sheet(view: View, name: str) -> str | None:
    """A style sheet with its fonts embedded: a frame without an origin may load none."""
    css = view.styles.get(name)
    if css is None:
        return None

    def embed(found: re.Match[str]) -> str:
        file = view.media.get(found[2])
        if file is None:
            return found[0]
        data = base64.b64encode(file.read()).decode()
        return f'url("data:font/{found[3].lower()};base64,{data}")'

    return _FONT.sub(embed, css)


def _is_same_row(before: PageCard, after: PageCard) -> bool:
    """Whether a card has the same row. Most have, and need not be written out to see it."""
    if before is after:
        return True
    is_rendered_again = before.card is not after.card or before.content is not after.content
    if is_rendered_again or before.problems or after.problems:
        return _row(before) == _row(after)
    return before.changed == after.changed and before.kept == after.kept


def _head(current: NumberedView) -> dict[str, Any]:
    view = current.view
    return {
        "number": current.number,
        "name": view.name,
        "version": view.version,
        "partial": view.is_partial,
        "elsewhere": [
            _problem(each, current.display(each.location.path), 0) for each in view.elsewhere
        ],
        "anki": _asked(view.anki),
    }


def _asked(anki: ShownComparison | None) -> Payload | None:
    """What was asked of Anki, None where nobody did."""
    if anki is None:
        return None
    label = ""
    if anki.asked.reading:
        label = anki.asked.reading.label
    return {
        "label": label,
        "time": anki.asked.time,
        "refusal": anki.asked.refusal,
        "help": anki.asked.help,
    }


def _lines(view: View) -> Sequence[int]:
    """The lines of all cards, which are not in the rows: an edit moves all cards below it."""
    return [card.line for card in view.cards]


def _states(view: View) -> Sequence[str]:
    """How all cards compare with Anki, empty for those of which nothing is known."""
    if view.anki is None:
        return []
    states = (view.anki.states.get(card.card.guid) for card in view.cards)
    return ["" if state is None else state.value for state in states]


def _row(shown: PageCard) -> Payload:
    """A card as the list knows it."""
    card = shown.card
    return {
        "key": shown.key,
        "note": shown.note,
        "digest": shown.content.digest,
        "name": card.name,
        "deck": card.deck,
        "section": card.section,
        "tags": card.tags,
        "kind": card.kind,
        "path": card.path,
        "question": card.question,
        "text": shown.content.text,
        "changed": shown.changed,
        "kept": shown.kept,
        "problems": [_problem(each, each.location.path, shown.line) for each in shown.problems],
    }


def _problem(
    diagnostic: Diagnostic,
    place: str,
    line: int,
) -> Payload:
    """A problem, whose line is counted from that of its card."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": diagnostic.location.path,
        "place": place,
        "line": diagnostic.location.line - line,
        "column": diagnostic.location.column,
    }


def _contents(cards: Iterable[PageCard]) -> Payload:
    """What the frames of some cards hold, by key."""
    return {
        card.key: {
            "digest": card.content.digest,
            "front": card.content.front,
            "back": card.content.back,
            "style": card.content.style,
            "typed": card.content.typed,
            "ord": card.card.ord,
        }
        for card in cards
    }
