"""The table of checks, which `ankipress check` and the preview run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from ankipress.diagnostics import Diagnostic, in_order
from ankipress.lint.abbreviations import unexplained_abbreviations
from ankipress.lint.all_hidden import all_hidden
from ankipress.lint.card_text import DeckText
from ankipress.lint.context import needs_context
from ankipress.lint.large_code import large_code
from ankipress.lint.length import long_answers
from ankipress.lint.long_lists import long_lists
from ankipress.lint.missing_alt import missing_alt
from ankipress.lint.similar import similar_questions
from ankipress.lint.yes_no import yes_no_questions

_T = TypeVar("_T")
IsWanted = Callable[[], bool]

CHECKS: Mapping[str, Callable[[DeckText], Iterator[Diagnostic]]] = {
    "all-hidden": all_hidden,
    "large-code": large_code,
    "long-answer": long_answers,
    "long-list": long_lists,
    "missing-alt": missing_alt,
    "needs-context": needs_context,
    "similar-question": similar_questions,
    "unexplained-abbreviation": unexplained_abbreviations,
    "yes-no-question": yes_no_questions,
}
"""Every check by the code of its advice."""


class NotWantedError(Exception):
    """Nobody waits for the advice any more."""


def always() -> bool:
    """The advice is wanted until it is there."""
    return True


def while_wanted(items: Iterable[_T], is_wanted: IsWanted) -> Iterator[_T]:
    """Yield the items. Raises NotWantedError before the first one that nobody waits for."""
    for item in items:
        if not is_wanted():
            raise NotWantedError
        yield item


def run_checks(reading: DeckText, is_wanted: IsWanted = always) -> tuple[Diagnostic, ...]:
    """Run all checks on some cards, and return their advice by place.

    Raises NotWantedError between two checks.
    """
    found: list[Diagnostic] = []
    for check in while_wanted(CHECKS.values(), is_wanted):
        found += check(reading)
    return in_order(found)
