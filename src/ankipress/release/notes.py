"""The release notes: what stands beside the packages for learners to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ankipress.model import Lock, Record, State
from ankipress.package.description import changes_of
from ankipress.project.settings import Settings
from ankipress.release.changelog import section_of

_MOST_KEYS = 100  # notes that one search names: Anki's database takes no more than a thousand terms


def make_notes(settings: Settings, lock: Lock, changelog: str, files: Sequence[str]) -> str:
    """The notes of a version as Markdown: what the changelog says of it, how to update, and what
    became of retired cards.
    """
    version = settings.version
    changes = section_of(changelog, settings.name, version) or changes_of(version, lock.records)
    retired = [each for each in lock.records if each.state is State.RETIRED]
    gone_now = [each for each in retired if each.changed == version]
    parts = [
        f"# {settings.name} {version}",
        changes or "The first version.",
        _how_to_update(files),
        _retired(gone_now, len(retired), settings),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _how_to_update(files: Sequence[str]) -> str:
    names = ", ".join(f"`{name}`" for name in files)
    return (
        f"## How to update\n\nOpen {names} with Anki, and leave “Update notes” at “If newer”. Cards that changed are updated, new"
        " ones are added, and all reviews and due dates stay. What you typed into a card that changed, and tags that you put on"
        " it, are replaced."
    )


def _retired(gone: Sequence[Record], number: int, settings: Settings) -> str:
    """How to find the cards that this version took out: no package can delete a card."""
    if not gone:
        return ""
    what = (
        f"This version takes out {len(gone)} of the cards of before. Anki deletes no card at an import, so they stay with you,"
        " and come up as ever, until you do something about them. To find them, open Browse in Anki and search for:"
    )
    lines = [
        "## Retired cards",
        "",
        what,
        "",
        *(f"```\n{search}\n```" for search in searches(each.guid for each in gone)),
        "",
        "Then select all, and delete them (Notes › Delete), or suspend them (Cards › Toggle Suspend) to keep what they say.",
    ]
    if settings.retired == "tombstone":
        lines[-1] += (
            f" They also say so on the card, and have the tag `retired::{settings.version}`."
        )
    if number > len(gone):
        lines += [
            "",
            f"Versions before this one took out {number - len(gone)} more: their notes say which.",
        ]
    return "\n".join(lines)


def searches(guids: Iterable[str]) -> Iterator[str]:
    """Searches for Anki's browser that find notes by what their field Key holds, a hundred each."""
    ordered = sorted(guids)
    for first in range(0, len(ordered), _MOST_KEYS):
        yield " OR ".join(f"Key:{guid}" for guid in ordered[first : first + _MOST_KEYS])
