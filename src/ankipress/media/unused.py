"""Files that lie in a folder `media` and that no card shows."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Collection, Sequence
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.media_folder import MediaFolder
from ankipress.model import Source


def unused_media(
    folder: MediaFolder, used: Collection[str], sources: Sequence[Source]
) -> tuple[Diagnostic, ...]:
    """Advice on every file of the project's folders `media` that no source names, not even in a
    draft or between cards.
    """
    places = {posixpath.join(posixpath.dirname(source.path), "media") for source in sources} | {
        "media"
    }
    candidates = [
        path
        for path in folder.names()
        if path not in used and any(path.startswith(f"{place}/") for place in places)
    ]
    if not candidates:
        return ()
    text = unicodedata.normalize("NFC", "\n".join(source.text for source in sources))
    texts = (text, unquote(text))
    message, help = "no card shows this file", "delete it, or refer to it: it is not packed"
    return tuple(
        Diagnostic("unused-media", Location(path), message, help)
        for path in candidates
        if not any(unicodedata.normalize("NFC", posixpath.basename(path)) in each for each in texts)
    )
