"""A difference for other programs."""

from __future__ import annotations

import json
from typing import Any

from ankipress.diff.changes import NoteChange
from ankipress.diff.difference import Difference
from ankipress.diff.edition import Edition
from ankipress.diff.versions import is_too_small, next_version
from ankipress.diff.wording import field_texts, forecast_lines


def as_json(difference: Difference) -> str:
    """An object with both editions, what differs, the forecast and the step in version;
    docs/commands.md names its keys.
    """
    return json.dumps(_document(difference), ensure_ascii=False, indent=2)


def _document(difference: Difference) -> dict[str, Any]:
    old, new, bump = difference.old.version, difference.new.version, difference.bump
    return {
        "old": _edition(difference.old),
        "new": _edition(difference.new),
        "changes": [_change(each, difference) for each in difference.changes],
        "note_types": [
            {"key": each.key, "name": each.name, "what": list(each.what)}
            for each in difference.note_types
        ],
        "renamed_decks": [
            {"old": each.old, "new": each.new, "notes": each.notes} for each in difference.renames
        ],
        "new_decks": list(difference.new_decks),
        "unclear": [
            {
                "path": each.path,
                "line": each.line,
                "question": each.question,
                "candidates": [
                    {"guid": guid, "question": question} for guid, question in each.candidates
                ],
            }
            for each in difference.new.unclear
        ],
        "forecast": {
            "counts": {
                outcome.value: number for outcome, number in sorted(difference.counts().items())
            },
            "outcomes": {
                guid: outcome.value
                for guid, outcome in sorted(difference.forecast.outcomes.items())
            },
            "new_cards": [list(each) for each in sorted(difference.forecast.new_cards)],
            "empty_cards": [list(each) for each in sorted(difference.forecast.empty_cards)],
            "elsewhere": [
                [*card, deck] for card, deck in sorted(difference.forecast.elsewhere.items())
            ],
            "says": list(forecast_lines(difference)),
        },
        "drift": {
            "guids": sorted(difference.new.drift.guids | difference.old.drift.guids),
            "versions": [
                {"name": name, "old": before, "new": after}
                for name, before, after in difference.new.drift.versions
                or difference.old.drift.versions
            ],
        },
        "bump": bump.name.lower(),
        "reasons": list(difference.reasons),
        "needed_version": next_version(old, bump) if old else None,
        "too_small": bool(old and new and is_too_small(new, old, bump)),
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "label": edition.label,
        "name": edition.name,
        "version": edition.version or None,
        "notes": len(edition.notes),
    }


def _change(change: NoteChange, difference: Difference) -> dict[str, Any]:
    return {
        "guid": change.guid,
        "what": [each.value for each in change.what],
        "outcome": difference.forecast.outcomes[change.guid].value,
        "path": change.path or None,
        "line": change.line or None,
        "question": change.question,
        "kinds": list(change.kinds),
        "counterpart": change.counterpart,
        "texts": [
            {
                "name": row.name,
                "old": "".join(text for text, _ in row.old),
                "new": "".join(text for text, _ in row.new),
                "old_marked": [list(each) for each in row.old],
                "new_marked": [list(each) for each in row.new],
            }
            for row in field_texts(change, difference)
        ],
    }
