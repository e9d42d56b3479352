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
from ankipress.project.containment import leads_out
from ankipress.project.file_digests import FileDigests
from ankipress.project.inputs import Inputs
from ankipress.project.location import UsageError, relative, sources_of
from ankipress.project.media_files import DiskMedia
from ankipress.project.programs import extensions_fingerprint


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
    """A build that went well. `outputs` holds the packages that it wrote, by path, as the system
    describes them: to read 400 MB of pictures again would take as long as to pack them.

    `extensions` are the names of the project's Markdown extensions, and `extension_code` stands for
    their modules. `problems` is what was printed of warnings, `summary` what was said at the end.
    """

    root: str
    inputs: Inputs
    outputs: dict[str, FileStatus]
    extensions: list[str]
    extension_code: bytes
    problems: str
    summary: str

    def is_current(self, digests: FileDigests) -> bool:
        """Whether every input and every output of the build is still as it was."""
        root = Path(self.root)
        if any(status_of(Path(path)) != known for path, known in self.outputs.items()):
            return False
        if extensions_fingerprint(self.extensions) != self.extension_code:
            return False
        return _are_unchanged(self.inputs, root, digests)

    def encoded(self) -> bytes:
        """The manifest as it is remembered."""
        return msgspec.msgpack.encode(self)


def current_manifest(memo: Memo, key: bytes, *, reads_all: bool = False) -> BuildManifest | None:
    """The manifest of a build, if nothing has changed since; None where there is no such build.

    With `reads_all`, every file is read, whatever is remembered of it.
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
    return manifest if is_current else None


def _are_unchanged(inputs: Inputs, root: Path, digests: FileDigests) -> bool:
    """Whether all that was read of the project in a folder is still as it was."""
    try:
        for patterns, paths in inputs.patterns:
            if [relative(path, root) for path in sources_of(root, patterns)] != paths:
                return False
        if not _files_are_unchanged(inputs.files, root, digests):
            return False
        media = DiskMedia(root)
        if any(media.has(path) != there for path, there in inputs.present.items()):
            return False
        return inputs.media is None or list(media.names()) == inputs.media
    except (OSError, UsageError):
        return False  # the build says what is wrong


def _files_are_unchanged(files: Mapping[str, str], root: Path, digests: FileDigests) -> bool:
    """Whether files have the digests that they had, and no link leads out of the project now."""
    folders: dict[str, bool] = {}
    for path, known in files.items():
        folder = os.path.dirname(path)
        if folder not in folders:
            folders[folder] = leads_out(Path(folder), root)
        if folders[folder] or _digest_now(path, root, digests) != known:
            return False
    return True


def _digest_now(path: str, root: Path, digests: FileDigests) -> str:
    """The digest of a file, empty where it is not there, cannot be read, or lies outside."""
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            if leads_out(Path(path), root):
                return ""
            status = os.stat(path)
        return digests.of(Path(path), status) if stat.S_ISREG(status.st_mode) else ""
    except OSError:
        return ""
