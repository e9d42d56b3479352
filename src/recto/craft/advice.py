"""The table of checks. Each reads all cards and says what it would do otherwise; `recto check` and `recto serve` ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from recto.craft.abbreviations import unexplained_abbreviations
from recto.craft.code import large_code
from recto.craft.context import needs_context
from recto.craft.hidden import all_hidden
from recto.craft.length import long_answers
from recto.craft.links import broken_links
from recto.craft.lists import long_lists
from recto.craft.pictures import missing_alt
from recto.craft.reading import Reading
from recto.craft.similar import similar_questions
from recto.craft.yes_no import yes_no_questions
from recto.diagnostics import Diagnostic, in_order

CHECKS: Mapping[str, Callable[[Reading], Iterator[Diagnostic]]] = {
    "all-hidden": all_hidden,
    "broken-link": broken_links,
    "large-code": large_code,
    "long-answer": long_answers,
    "long-list": long_lists,
    "missing-alt": missing_alt,
    "needs-context": needs_context,
    "similar-question": similar_questions,
    "unexplained-abbreviation": unexplained_abbreviations,
    "yes-no-question": yes_no_questions,
}
"""Every piece of advice by its code."""

OF_ONE = frozenset(CHECKS) - {"broken-link", "similar-question", "unexplained-abbreviation"}
"""Those that look at one card after another, and at nothing else."""


def advise(reading: Reading) -> tuple[Diagnostic, ...]:
    """What all checks say of some cards, by place."""
    return in_order(each for check in CHECKS.values() for each in check(reading))
