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
    folders = {"media/"}
    for source in sources:
        folders.add(posixpath.join(posixpath.dirname(source.path), "media/"))
    candidates = [
        path for path in folder.names() if path not in used and path.startswith(tuple(folders))
    ]
    if not candidates:
        return ()
    text = unicodedata.normalize("NFC", "\n".join(source.text for source in sources))
    decoded = unquote(text)
    problems = []
    for path in candidates:
        name = unicodedata.normalize("NFC", posixpath.basename(path))
        if name in text or name in decoded:
            continue
        message = "no card shows this file"
        help = "delete it, or refer to it: it is not packed"
        problems.append(Diagnostic("unused-media", Location(path), message, help))
    return tuple(problems)
