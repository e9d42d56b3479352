"""The level of the headings that hold the questions of a file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from ankipress.parse.shapes.words import has_counter, is_question, names_answer
from ankipress.syntax.outline import Heading

USUAL = 2
_COUNTED = 0.5


def question_level(headings: Sequence[Heading]) -> int:
    """The level with the most headings that ask and the fewest that do not; 2 where none asks.

    Headings that repeat, such as "Answer" or "References", ask nothing.
    """
    often = Counter(map(_name, headings))
    all_of_level = Counter(each.level for each in headings)
    asking: dict[int, float] = defaultdict(float)
    for each in headings:
        repeats = often[_name(each)] > 1
        weight = weight_of(each.text)
        if weight and not repeats:
            asking[each.level] += weight

    def how_likely(level: int) -> tuple[float, int]:
        share = asking[level] / all_of_level[level]
        return asking[level] * share, -level

    return max(
        asking,
        key=how_likely,
        default=USUAL,
    )


def _name(heading: Heading) -> str:
    return heading.text.strip().lower()


def weight_of(heading: str) -> float:
    """How much a heading looks like a question: by its words, or half by a counter before it."""
    if names_answer(heading):
        return 0
    if is_question(heading):
        return 1
    if has_counter(heading):
        return _COUNTED
    return 0
