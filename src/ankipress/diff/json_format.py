"""A difference for other programs."""

from __future__ import annotations

from typing import Any

import msgspec

from ankipress.diff.changes import NoteChange
from ankipress.diff.difference import Difference
from ankipress.diff.edition import Edition
from ankipress.diff.marked_words import Marked
from ankipress.diff.version_steps import next_version
from ankipress.diff.wording import field_texts, forecast_lines
from ankipress.model import UnresolvedMatch
from ankipress.visible_text import json_text


def as_json(difference: Difference) -> str:
    """An object with both editions, what differs, the forecast and the step in version.

    docs/commands.md names its keys. The names of those below it are fields of our types.
    """
    document = msgspec.to_builtins(_document(difference))
    return json_text(document)


def _document(difference: Difference) -> dict[str, Any]:
    old = difference.old.version
    bump = difference.bump
    return {
        "old": _edition(difference.old),
        "new": _edition(difference.new),
        "changes": [_change(each, difference) for each in difference.changes],
        "note_types": difference.note_types,
        "renamed_decks": difference.renames,
        "new_decks": difference.new_decks,
        "unclear": [_unclear(each) for each in difference.new.unclear],
        "forecast": _forecast(difference),
        "drift": _drift(difference.old, difference.new),
        "bump": bump.name.lower(),
        "reasons": difference.reasons,
        "needed_version": next_version(old, bump) if old else None,
        "too_small": difference.has_too_small_version,
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "label": edition.label,
        "name": edition.name,
        "version": edition.version or None,
        "notes": len(edition.notes),
    }


def _unclear(case: UnresolvedMatch) -> dict[str, Any]:
    place = case.note.entry.location
    return {
        "path": place.path,
        "line": place.line,
        "question": case.note.question,
        "candidates": [
            {
                "guid": each.guid,
                "question": each.question,
            }
            for each in case.candidates
        ],
    }


def _change(change: NoteChange, difference: Difference) -> dict[str, Any]:
    return {
        "guid": change.guid,
        "what": change.what,
        "outcome": difference.forecast.outcomes[change.guid],
        "path": change.place.path or None,
        "line": change.place.line or None,
        "question": change.question,
        "kinds": change.kinds,
        "counterpart": change.counterpart,
        "texts": [
            {
                "name": row.name,
                "old": _text(row.old),
                "new": _text(row.new),
                "old_marked": row.old,
                "new_marked": row.new,
            }
            for row in field_texts(change, difference)
        ],
    }


def _text(marked: Marked) -> str:
    return "".join(span.text for span in marked)


def _forecast(difference: Difference) -> dict[str, Any]:
    forecast = difference.forecast
    return {
        "counts": dict(sorted(difference.counts().items())),
        "outcomes": dict(sorted(forecast.outcomes.items())),
        "new_cards": sorted(forecast.new_cards),
        "empty_cards": sorted(forecast.empty_cards),
        "elsewhere": [(*card, deck) for card, deck in sorted(forecast.elsewhere.items())],
        "says": forecast_lines(difference),
    }


def _drift(old: Edition, new: Edition) -> dict[str, Any]:
    versions = new.drift.versions or old.drift.versions
    return {
        "guids": sorted(new.drift.guids | old.drift.guids),
        "versions": [
            {"name": name, "old": before, "new": after} for name, before, after in versions
        ],
    }
