"""What a build read, wrote and said, so that one of which nothing changed need not be done again.

See docs/decisions/006-unchanged-builds.md.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ankipress.build.memo import Memo
from ankipress.diagnostics import ShownDiagnostic
from ankipress.project.door import LARGEST_LOCK, leads_out
from ankipress.project.file_digests import FileDigests
from ankipress.project.inputs import Inputs
from ankipress.project.location import UsageError, relative
from ankipress.project.media_files import DiskMedia
from ankipress.project.programs import extensions_fingerprint
from ankipress.project.source_patterns import sources_of
from ankipress.project.trust import are_allowed

_REFUSED = "?"

FileStatus = tuple[int, int, int]
"""The size of a file, when it was written in nanoseconds since 1970, and its inode."""


def status_of(path: Path) -> FileStatus | None:
    """The status of a file, None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


class BuildManifest(msgspec.Struct):
    """A build without errors.

    `outputs` are the packages that it wrote: their status by path, since reading a large package
    again takes as long as writing it. `extensions` are the names of the project's Markdown
    extensions, `extension_code` is a digest of their modules, and `trusted` are digests of those
    that the user must allow. `problems` were shown, and `summary` was printed.
    """

    root: str
    inputs: Inputs
    outputs: dict[str, FileStatus]
    extensions: list[str]
    extension_code: bytes
    trusted: list[str]
    problems: list[ShownDiagnostic]
    summary: str

    def is_current(self, digests: FileDigests) -> bool:
        """Whether every input and every output of the build is still as it was."""
        root = Path(self.root)
        if not are_allowed(self.trusted, root):  # before anything looks for their modules
            return False
        for path, known in self.outputs.items():
            if status_of(Path(path)) != known:
                return False
        if extensions_fingerprint(self.extensions) != self.extension_code:
            return False
        return _are_unchanged(self.inputs, root, digests)

    def encoded(self) -> bytes:
        """The manifest as it is remembered."""
        return msgspec.msgpack.encode(self)


def current_manifest(memo: Memo, key: bytes, *, reads_all: bool = False) -> BuildManifest | None:
    """The manifest of an earlier build, None if there is none or if anything changed since.

    With `reads_all`, every file is read again.
    """
    encoded = memo.manifest(key)
    if encoded is None:
        return None
    try:
        manifest = msgspec.msgpack.decode(encoded, type=BuildManifest)
    except msgspec.MsgspecError:
        return None
    digests = FileDigests({} if reads_all else memo.file_stamps())
    is_current = manifest.is_current(digests)
    memo.keep_file_stamps(digests.fresh)
    if not is_current:
        return None
    return manifest


def _are_unchanged(inputs: Inputs, root: Path, digests: FileDigests) -> bool:
    """Whether everything that was read of a project is still as it was."""
    try:
        for patterns, paths in inputs.patterns:
            sources = sources_of(root, patterns)
            if [relative(path, root) for path in sources] != paths:
                return False
        if not _files_are_unchanged(inputs.files, root, digests):
            return False
        media = DiskMedia(root)
        for path, was_there in inputs.present.items():
            if media.has(path) != was_there:
                return False
        return inputs.media is None or list(media.names()) == inputs.media
    except (OSError, UsageError):
        return False  # the build says what is wrong


def _files_are_unchanged(files: Mapping[str, str], root: Path, digests: FileDigests) -> bool:
    """Whether files have the digests that they had, and no link leads out of the project now."""
    folders: dict[str, bool] = {}
    for path, known in files.items():
        folder = os.path.dirname(path)  # noqa: PTH120 - there may be thousands
        if folder not in folders:
            folders[folder] = leads_out(Path(folder), root)
        if folders[folder] or _digest_now(path, root, digests) != known:
            return False
    return True


def _digest_now(path: str, root: Path, digests: FileDigests) -> str:
    """The digest of a file, empty where it is not there, and that of no file where there is one
    that a build would refuse.
    """
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            if leads_out(Path(path), root):
                return _REFUSED
            status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_LOCK:
            return _REFUSED
        return digests.of(Path(path), status)
    except FileNotFoundError:
        return ""
    except OSError:
        return _REFUSED
