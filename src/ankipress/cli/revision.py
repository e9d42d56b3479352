"""What edits of some sources make of a project that was built before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ankipress.cli.last_build import Seen
from ankipress.package.edited import Collection
from ankipress.parse.segments import Edit, edits
from ankipress.project.clock import now
from ankipress.project.media_files import DiskMedia
from ankipress.project.settings import Settings, parse_settings
from ankipress.syntax.decoding import decode

if TYPE_CHECKING:
    from ankipress.revise import Revised


def revision(seen: Seen, collection: Callable[[], Collection]) -> Revised | None:
    """The next lock and the notes that changed, None where that cannot be told from the edits.
    Opens the collection late.
    """
    settings = _settings(seen)
    found = _edits(seen, settings) if settings else None
    if settings is None or found is None:
        return None
    # Where there is something to render.
    from ankipress.revise import Standing, may_revise, revise  # noqa: PLC0415

    if not may_revise(settings):
        return None
    media = DiskMedia(seen.found.root)
    revised = revise(
        found, Standing(settings, seen.contents[seen.last.lock], collection(), media), now()
    )
    # What is looked up for the first time is watched after a build of everything.
    return revised if media.looked_up.keys() <= seen.last.there.keys() else None


def _settings(seen: Seen) -> Settings | None:
    file = str(seen.found.file)
    source, problems = decode(seen.contents[file], file)
    settings, more = (
        parse_settings(source.text, file, name=seen.last.summary.name) if source else (None, ())
    )
    return None if problems or more else settings


def _edits(seen: Seen, settings: Settings) -> list[tuple[str, Edit]] | None:
    """The cards that were edited, with the paths of their sources; None where anything else may
    have changed.
    """
    before = seen.sources_before()
    if before is None:
        return None
    found: list[tuple[str, Edit]] = []
    for source, others in seen.last.others.items():
        path = seen.path(source)
        if path in seen.changed:
            own = (
                edits(before[path], seen.contents[path], settings.card_level, others)
                if path in seen.contents
                else None
            )
            if own is None:
                return None
            found += [(source, each) for each in own]
    return found
