"""What an author is asked about a card that could be several notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ankipress.diagnostics import Diagnostic
from ankipress.identity.explicit import MOVED, REUSED, TAKEN
from ankipress.model import OpenCase

_EDITED = "is this a card of before, edited, or a new one?"
_INDENT = " " * 22

_QUESTIONS: Mapping[str, Callable[[str], str]] = {
    "edited": lambda _: _EDITED,
    "renamed": lambda new: (
        f"the id of this card was {{#{{old}}}} and is {{#{new}}}: is it the same card?"
    ),
    MOVED: lambda new: (
        f"the id {{#{new}}} was that of another card, and this card was another note: which of them is it now?"
    ),
    TAKEN: lambda new: (
        f"the id {{#{new}}} was that of a card that goes on elsewhere: is this that note, or a new one?"
    ),
    REUSED: lambda new: (
        f"the id {{#{new}}} was that of a card with which this one has nothing in common: is it the same card?"
    ),
}


def question_of(case: OpenCase) -> str:
    """What is asked, in one line."""
    text = _QUESTIONS[case.why](case.note.entry.attributes.id or "")
    return text.replace("{old}", case.candidates[0].id or "")


def ask(case: OpenCase) -> Diagnostic:
    """An open case as the error that keeps a package from being built on a guess."""
    lines = [question_of(case)]
    for record in case.candidates:
        lines += [f"    {record.guid}  was: {record.question}", *_answer(record.opening)]
    if case.why != "renamed":
        lines += [f"    {' ' * 16}  now: {case.note.question}", *_answer(case.note.opening)]
    return Diagnostic(
        "ambiguous-identity",
        case.note.entry.location,
        "\n".join(lines),
        "`ankipress ids` settles it",
    )


def _answer(opening: str) -> list[str]:
    return [f"{_INDENT}     {opening}"] if opening else []
