"""The table of checks. Each reads all cards and says what it would do otherwise; `ankipress check`
and `ankipress serve` ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ankipress.diagnostics import Diagnostic, in_order
from ankipress.lint.abbreviations import unexplained_abbreviations
from ankipress.lint.all_hidden import all_hidden
from ankipress.lint.broken_links import broken_links
from ankipress.lint.card_text import Reading
from ankipress.lint.context import needs_context
from ankipress.lint.large_code import large_code
from ankipress.lint.length import long_answers
from ankipress.lint.long_lists import long_lists
from ankipress.lint.missing_alt import missing_alt
from ankipress.lint.similar import similar_questions
from ankipress.lint.yes_no import yes_no_questions

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
