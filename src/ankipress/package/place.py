"""Where a collection is made: in a file that nobody else sees, or in memory where the system has no
place for one.
"""

from __future__ import annotations

import os
import sqlite3

from ankipress.scratch import Content, Loaded, Scratch, pieces_of

_COUNTERS = (
    (24, 4),
    (92, 8),
)  # https://www.sqlite.org/fileformat.html: how often the file was changed, and by which SQLite


class Place:
    """An empty database. It may be opened in one thread and used in another.

    Raises OSError or sqlite3.OperationalError, in whatever it is asked, where there is no room for
    its file.
    """

    def __init__(self, *, in_memory: bool = False) -> None:
        self._scratch = None if in_memory else Scratch()
        path = self._scratch.path if self._scratch else ":memory:"
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        if self._scratch:
            self._scratch.hide()
            # What is interrupted is never looked at again.
            self.connection.execute("PRAGMA journal_mode = OFF")
            self.connection.execute("PRAGMA synchronous = OFF")

    def close(self) -> None:
        """Forget it."""
        self.connection.close()

    def content(self) -> Content:
        """What is in it, when all is written: the same bytes in a file as in memory."""
        if self._scratch is None:
            return Loaded(self.connection.serialize())
        for start, length in _COUNTERS:
            self._scratch.overwrite(start, bytes(length))
        return self._scratch

    def attach(self, content: Content, name: str) -> Content:
        """Open another database beside this one, and give what it can be read from."""
        if self._scratch is None:
            self.connection.execute(f"ATTACH ':memory:' AS {name}")
            self.connection.deserialize(content.read(0, content.size), name=name)
            return content
        scratch = Scratch()
        self.connection.execute(
            f"ATTACH ? AS {name}", (os.fsencode(scratch.path),)
        )  # text would have to be UTF-8
        scratch.hide()  # before anything is in it: a kill leaves nothing behind
        for piece in pieces_of(content):
            scratch.append(piece)
        return scratch
