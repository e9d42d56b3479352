"""The release notes, which stand beside the packages for learners to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ankipress.model import Lock, State
from ankipress.package.description import changes_of
from ankipress.project.settings import Settings
from ankipress.release.changelog import section_of
from ankipress.release.next_tombstones import RETIRED_TAG

_MOST_KEYS = 100  # notes of one search: Anki's database takes no more than a thousand terms


def make_notes(
    settings: Settings,
    lock: Lock,
    changelog: str,
    files: Sequence[str],
) -> str:
    """The notes of a version as Markdown: changes, how to update, how to find retired cards.

    The changes are those of the changelog, else those that the lock knows of.
    """
    version = settings.version
    changes = section_of(changelog, settings.name, version) or changes_of(version, lock.records)
    retired = [each for each in lock.records if each.state is State.RETIRED]
    guids = [each.guid for each in retired if each.changed == version]
    parts = [
        f"# {settings.name} {version}",
        changes or "The first version.",
        _how_to_update(files),
    ]
    if guids:
        before = len(retired) - len(guids)
        parts.append(_retired(guids, before, settings))
    return "\n\n".join(parts) + "\n"


def _how_to_update(files: Sequence[str]) -> str:
    names = ", ".join(f"`{name}`" for name in files)
    return (
        "## How to update\n\n"
        f"Open {names} with Anki, and leave “Update notes” at “If newer”."
        " Cards that changed are updated, new ones are added, and all reviews and due dates stay."
        " What you typed into a card that changed, and tags that you put on it, are replaced."
    )


def _retired(guids: Sequence[str], before: int, settings: Settings) -> str:
    """How to find the cards that this version retired, since no package can delete a card."""
    what = (
        f"This version takes out {len(guids)} of the cards of before."
        " Anki deletes no card at an import, so they stay with you, and come up as ever,"
        " until you do something about them. To find them, open Browse in Anki and search for:"
    )
    blocks = [f"```\n{search}\n```" for search in searches(guids)]
    then = (
        "Then select all, and delete them (Notes › Delete),"
        " or suspend them (Cards › Toggle Suspend) to keep what they say."
    )
    if settings.retired == "tombstone":
        tag = f"{RETIRED_TAG}{settings.version}"
        then += f" They also say so on the card, and have the tag `{tag}`."
    parts = ["## Retired cards", what, "\n".join(blocks), then]
    if before:
        parts.append(f"Versions before this one took out {before} more: their notes say which.")
    return "\n\n".join(parts)


def searches(guids: Iterable[str]) -> Iterator[str]:
    """Searches for Anki's browser that find notes by their field Key, a hundred notes each."""
    ordered = sorted(guids)
    for first in range(0, len(ordered), _MOST_KEYS):
        yield " OR ".join(f"Key:{guid}" for guid in ordered[first : first + _MOST_KEYS])
