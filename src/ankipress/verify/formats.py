"""A verification for people and for other programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ankipress.diff.collection import Outcome
from ankipress.verify.engine import Log
from ankipress.verify.verification import Step, Verification

_WORDS = {
    Outcome.ADDED: "added",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.OUTDATED: "left as the learner has them",
    Outcome.BLOCKED: "blocked by another note type",
    Outcome.KEPT: "retired: linger",
}


def as_text(found: Verification) -> str:
    """Each import with what Anki did, and at the end what must not happen."""
    return "\n".join(_lines(found))


def _lines(found: Verification) -> Iterator[str]:
    yield f"Anki {found.anki}"
    for step in found.steps:
        yield (
            f"{step.before} → {step.after}"
            if step.before
            else f"{step.after}, into a new collection"
        )
        if step.before:
            replaced = (
                f", of which the update replaced {len(step.replaced)}" if step.replaced else ""
            )
            touched = f"{_notes(len(step.touched))} tagged or edited by the learner"
            yield f"  before: {_cards(step.studied)} studied, {touched}{replaced}"
        counts = Counter(step.forecast.outcomes.values())
        told = ", ".join(
            f"{counts[outcome]} {words}" for outcome, words in _WORDS.items() if counts[outcome]
        )
        yield f"  {told or 'nothing'}{'' if step.failures else ', as foretold'}"
        if step.before and not step.failures:
            yield f"  all {step.reviews} reviews kept"
        yield from (f"  FAILED: {each.partition(': ')[2]}" for each in step.failures)
    number = len(found.failures)
    yield (
        f"{number} failure{'s' * (number != 1)}"
        if number
        else "nothing is lost, nothing is there twice, nothing surprises"
    )


def _cards(number: int) -> str:
    return f"{number} card{'s' * (number != 1)}"


def _notes(number: int) -> str:
    return f"{number} note{'s' * (number != 1)}"


def as_json(found: Verification) -> str:
    """An object with the version of Anki, every import, and the failures; docs/commands.md names
    its keys.
    """
    document = {
        "anki": found.anki,
        "steps": [_step(each) for each in found.steps],
        "failures": list(found.failures),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _step(step: Step) -> dict[str, Any]:
    counts = Counter(step.forecast.outcomes.values())
    return {
        "old": step.before or None,
        "new": step.after,
        "log": {name: sorted(getattr(step.log, name)) for name in Log.__slots__},
        "forecast": {outcome.value: counts[outcome] for outcome in Outcome},
        "reviews": step.reviews,
        "studied": step.studied,
        "touched": sorted(step.touched),
        "replaced": sorted(step.replaced),
        "failures": list(step.failures),
    }
