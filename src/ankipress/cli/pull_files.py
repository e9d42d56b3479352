"""The files that a pull writes: their bytes, what differs in them, and what cannot be written."""

from __future__ import annotations

import time
from collections.abc import (
    Iterator,
    Mapping,
    Sequence,
)
from functools import partial
from pathlib import Path

from ankipress.cli.edited_text import edited_text
from ankipress.identity.lock import write_lock
from ankipress.importing.imported_media import media_by_path
from ankipress.live.pulled.pulled_files import PulledProject
from ankipress.project.atomic import (
    Writer,
    digest,
    write_files,
)
from ankipress.project.fixes import FixedText
from ankipress.project.media_files import copy_content
from ankipress.project.workspace import Workspace


class PulledFiles:
    """What a pull writes into the files of a project. Raises SourceError where a file cannot be
    kept as it is otherwise, and OSError.
    """

    def __init__(
        self,
        pulled: PulledProject,
        workspace: Workspace,
    ) -> None:
        self._pulled = pulled
        self._workspace = workspace
        self.texts = dict(self._texts())
        self._media = dict(media_by_path(pulled.media))
        self.lock = write_lock(pulled.lock)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        is_same = self.lock == self._workspace.lock_text
        return is_same and not self.texts and not self._media

    @property
    def others(self) -> Sequence[str]:
        """The paths of the files that are no texts."""
        return list(self._media)

    def _texts(self) -> Iterator[tuple[str, FixedText]]:
        """Each file of cards and of note types, as it is and as it becomes."""
        for path, file in self._pulled.files.items():
            yield path, edited_text(self._workspace, path, file.apply)
        for path, text in self._pulled.texts.items():
            yield path, FixedText(self._workspace.texts.get(path, ""), text)

    def by_path(self) -> Mapping[str, bytes | Writer]:
        """The content of each file that is written, the lock last."""
        contents: dict[str, bytes | Writer] = {}
        for path, content in self._media.items():
            contents[path] = partial(copy_content, content)
        for path, text in self.texts.items():
            contents[path] = text.after.encode()
        contents[self._workspace.lock_path.name] = self.lock.encode()
        return contents

    def write(self, patch: Mapping[Path, bytes]) -> None:
        """Write all files, or none; a source that was edited meanwhile is not overwritten."""
        workspace = self._workspace
        contents: dict[Path, bytes | Writer] = dict(patch)
        for path, content in self.by_path().items():
            contents[workspace.root / path] = content
        known = workspace.as_read
        new = [path for path in contents if path not in known and path not in patch]
        as_read = {**known, **dict.fromkeys(new, digest(None))}
        write_files(contents, as_read, workspace.folders_written())


def patch_path(workspace: Workspace, now: int) -> Path:
    """The file in which edits are kept that cannot be written."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    return workspace.output / f"pull-{stamp}.patch"
