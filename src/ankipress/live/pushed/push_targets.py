"""What `ankipress push` is told to push into → the Anki that it means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ankipress.live.pushed.collection_push import CollectionPush
from ankipress.live.pushed.connected_push import ConnectedPush
from ankipress.live.pushed.push_target import PushTarget
from ankipress.live.running.anki_connect import NoAnkiError
from ankipress.live.running.running_anki import RunningAnki
from ankipress.project.anki_folders import collection_at
from ankipress.project.location import UsageError, shown_path

_HELP = "name the collection.anki2 of a profile, or nothing for the running Anki"
_PACKAGES = frozenset({".apkg", ".colpkg"})


def target_of(word: str | None, connect: Callable[[], RunningAnki]) -> PushTarget | None:
    """The running Anki, or the collection that a path or the name of a profile means. None where no
    Anki answers, and none was named. Raises LiveError, NoEngineError and UsageError.
    """
    if word is None:
        try:
            return ConnectedPush(connect())
        except NoAnkiError:
            return None
    if Path(word).suffix.lower() in _PACKAGES:
        raise UsageError(f"{word} is a package, and push makes one; {_HELP}")
    path = collection_at(word)
    if path is None:
        message = f"there is no collection at {word}, and no profile of that name"
        raise UsageError(f"{message}; {_HELP}")
    return CollectionPush(path, shown_path(path))
