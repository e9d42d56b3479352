"""View → what is sent to the page: all of it at first, then what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ankipress.diagnostics import Diagnostic
from ankipress.preview.serve.embedded_fonts import with_fonts

if TYPE_CHECKING:
    from ankipress.preview.serve.view import Shown, View

_WITH_CONTENT = 24  # cards whose content goes with the first message, and with a change

Display = Callable[[str], str]
"""A path of the project as its author sees it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A view with its number, which counts up, and how its paths are shown."""

    number: int
    view: View
    display: Display


def whole(posted: Posted) -> Mapping[str, Any]:
    """All that the page must know, and what the frames of the first cards hold."""
    view, first = posted.view, posted.view.cards[:_WITH_CONTENT]
    return {
        **_head(posted),
        "rows": [row(each) for each in view.cards],
        "contents": contents(first),
        "styles": {
            name: css
            for name in {each.content.style for each in first}
            if (css := style(view, name)) is not None
        },
    }


def style(view: View, name: str) -> str | None:
    """A style sheet that holds its fonts."""
    css = view.styles.get(name)
    return None if css is None else with_fonts(css, view.media)


def change(before: Posted, after: Posted) -> Mapping[str, Any]:
    """What is other than it was: the rows, the content of some of them, and the order and the lines
    where they are others.
    """
    old = before.view.by_key
    changed = [
        each
        for each in after.view.cards
        if each.key not in old or not _is_same_row(old[each.key], each)
    ]
    now: dict[str, Any] = {
        **_head(after),
        "from": before.number,
        "rows": [row(each) for each in changed],
        "contents": contents([each for each in changed if _is_redrawn(each, old)][:_WITH_CONTENT]),
    }
    order = [each.key for each in after.view.cards]
    if order != list(old):
        return {**now, "order": order}
    if now["lines"] == [each.line for each in before.view.cards]:
        del now["lines"]
    return now


def _is_same_row(before: Shown, after: Shown) -> bool:
    """Most cards are what they were, on another line perhaps, and need not be written out to see
    it.
    """
    if before is after:
        return True
    is_plain = (
        not (before.problems or after.problems)
        and before.card is after.card
        and before.content is after.content
    )
    return (
        (before.changed, before.kept) == (after.changed, after.kept)
        if is_plain
        else row(before) == row(after)
    )


def _is_redrawn(card: Shown, old: Mapping[str, Shown]) -> bool:
    return card.key not in old or old[card.key].content.digest != card.content.digest


def _head(posted: Posted) -> Mapping[str, Any]:
    view = posted.view
    return {
        "number": posted.number,
        "name": view.name,
        "version": view.version,
        "partial": view.is_partial,
        "lines": [each.line for each in view.cards],
        "elsewhere": [
            _problem(each, posted.display(each.location.path), 0) for each in view.elsewhere
        ],
    }


def row(card: Shown) -> Mapping[str, Any]:
    """A card as the list knows it. Lines go beside the rows: an edit moves those of all cards below
    it.
    """
    return {
        "key": card.key,
        "note": card.note,
        "digest": card.content.digest,
        "name": card.card.name,
        "deck": card.card.deck,
        "section": card.card.section,
        "tags": card.card.tags,
        "kind": card.card.kind,
        "path": card.card.path,
        "question": card.card.question,
        "text": card.content.text,
        "changed": card.changed,
        "kept": card.kept,
        "problems": [_problem(each, each.location.path, card.line) for each in card.problems],
    }


def _problem(diagnostic: Diagnostic, place: str, line: int) -> Mapping[str, Any]:
    """A problem; its line counts from that of its card."""
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


def contents(cards: Iterable[Shown]) -> Mapping[str, Mapping[str, Any]]:
    """What the frames of some cards hold, by key."""
    return {
        each.key: {
            "digest": each.content.digest,
            "front": each.content.front,
            "back": each.content.back,
            "style": each.content.style,
            "typed": each.content.typed,
            "ord": each.card.ord,
        }
        for each in cards
    }


def chosen(view: View, keys: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """The contents of the cards that are asked for, as far as there are such."""
    return contents(view.by_key[key] for key in keys if key in view.by_key)
