"""A verification for people and for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ankipress.diagnostics import counted
from ankipress.diff.collection import ImportOutcome
from ankipress.verify.verification import ImportStep, Verification
from ankipress.visible_text import json_text, on_one_line

_WORDS = {
    ImportOutcome.ADDED: "added",
    ImportOutcome.UPDATED: "updated",
    ImportOutcome.UNCHANGED: "unchanged",
    ImportOutcome.OUTDATED: "left as the learner has them",
    ImportOutcome.BLOCKED: "blocked by another note type",
    ImportOutcome.KEPT: "retired: kept by Anki",
}


def as_text(found: Verification) -> str:
    """Each import with what Anki did, and at the end what must not happen."""
    return "\n".join(map(on_one_line, _lines(found)))


def _lines(found: Verification) -> Iterator[str]:
    yield f"Anki {found.anki}"
    for step in found.steps:
        yield from _step_lines(step)
    if found.failures:
        yield counted(len(found.failures), "failure")
    else:
        yield "nothing is lost, nothing is there twice, nothing surprises"


def _step_lines(step: ImportStep) -> Iterator[str]:
    if step.before:
        yield f"{step.before} → {step.after}"
        studied = f"{counted(step.studied, 'card')} studied"
        touched = f"{counted(len(step.touched), 'note')} tagged or edited by the learner"
        line = f"  before: {studied}, {touched}"
        if step.replaced:
            line += f", of which the update replaced {len(step.replaced)}"
        yield line
    else:
        yield f"{step.after}, into a new collection"
    counts = Counter(step.forecast.outcomes.values())
    told = [f"{counts[outcome]} {words}" for outcome, words in _WORDS.items() if counts[outcome]]
    outcomes = ", ".join(told) or "nothing"
    if step.failures:
        yield f"  {outcomes}"
        for failure in step.failures:
            yield f"  FAILED: {failure.partition(': ')[2]}"
        return
    yield f"  {outcomes}, as predicted"
    if step.before:
        yield f"  all {step.reviews} reviews kept"


def as_json(found: Verification) -> str:
    """An object with the version of Anki, every import, and the failures.

    docs/commands.md names its keys.
    """
    document = {
        "anki": found.anki,
        "steps": [_step(each) for each in found.steps],
        "failures": found.failures,
    }
    return json_text(document)


def _step(step: ImportStep) -> dict[str, Any]:
    counts = Counter(step.forecast.outcomes.values())
    return {
        "old": step.before or None,
        "new": step.after,
        "log": {word: sorted(guids) for word, guids in step.log.items()},
        "forecast": {outcome: counts[outcome] for outcome in ImportOutcome},
        "reviews": step.reviews,
        "studied": step.studied,
        "touched": sorted(step.touched),
        "replaced": sorted(step.replaced),
        "failures": step.failures,
    }


FORMATS: Mapping[str, Callable[[Verification], str]] = {"text": as_text, "json": as_json}
"""Each form in which a verification is shown."""
