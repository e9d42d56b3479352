"""Files as they were, so that they can be put back: content, permissions, times and links."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from ankipress.project.atomic import write_files
from ankipress.project.door import LARGEST_PACKAGE, delete_file, is_file, read_file


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was. `content` is None where it was not there.

    `link` is where the path led, empty where it was no link. `missing` are the folders above it
    that were not there.
    """

    path: Path
    content: bytes | None
    status: os.stat_result | None
    link: str
    missing: tuple[Path, ...]

    @classmethod
    def of(cls, path: Path, root: Path) -> FileState:
        """A file of a project as it is now. Raises OSError."""
        missing = tuple(each for each in path.parents if not each.exists())
        link = ""
        if path.is_symlink():
            link = str(path.readlink())
        if not is_file(path, root):
            return cls(path, None, None, link, missing)
        return cls(path, read_file(path, root, LARGEST_PACKAGE), path.stat(), link, missing)

    def put_back(self, written: bytes | None, inside: Path) -> None:
        """Make it so again, after `written` was written over it, or it was deleted.

        A file that something else has changed meanwhile stays as it is. Raises OSError where the
        file is not as it was then.
        """
        now = FileState.of(self.path, inside).content
        if now not in (self.content, written):
            raise FileExistsError(errno.EEXIST, "something else has changed it", str(self.path))
        if self.content is None:
            if now is not None:
                delete_file(self.path, inside)
            for folder in self.missing:
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
            return
        if self.link and not self.path.is_symlink():
            self.path.symlink_to(self.link)
        write_files({self.path: self.content}, inside=(inside,))
        if self.status:
            self.path.chmod(self.status.st_mode & 0o7777)
            os.utime(self.path, ns=(self.status.st_atime_ns, self.status.st_mtime_ns))
