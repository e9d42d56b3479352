"""Some answers were edited: where nothing else changed since the last build, only these cards are
compiled and packed anew.

What comes of it is, to the byte, what a build of everything makes; where that is not certain,
nothing is written here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from ankipress.aside import aside
from ankipress.cli.last_build import LastBuild, Seen, remember
from ankipress.package.archive import make_archive, read_archive
from ankipress.package.deflated import deflate
from ankipress.package.edited import Collection
from ankipress.project.atomic import digest, write_files

if TYPE_CHECKING:
    from ankipress.revise import Revised


def build_edited(seen: Seen) -> str | None:
    """Build what was edited, and give what to say of it; None where everything must be built."""
    last = seen.last
    (packed,) = last.summary.packages
    try:
        with _Package(_Made(seen.contents[packed.path], last.pieces)) as package:
            # While the package is being opened.
            from ankipress.cli.revision import revision  # noqa: PLC0415

            revised = revision(seen, package.collection)
            if revised is None:
                return None
            made = package.edited(revised) if revised.notes else package.made
    except (OSError, sqlite3.OperationalError):
        return None  # there is no room for what is made on the way
    written = {last.lock: revised.lock, packed.path: made.content}
    try:
        write_files(
            {Path(path): content for path, content in written.items()},
            _as_read(seen),
            seen.found.root,
        )
    except OSError:
        return None  # a build of everything meets the same, and says so, or what changed meanwhile
    summary = replace(last.summary, packages=[replace(packed, size=len(made.content))])
    _remember(seen, replace(last, summary=summary, pieces=made.pieces), written)
    return summary.text(changed=len(revised.notes))


class _Made(NamedTuple):
    """The bytes of a package, and the lengths of the pieces of its collection."""

    content: bytes
    pieces: Sequence[int]


class _Package:
    """The package of the last build, opened in a thread of its own: zlib and SQLite let others work
    meanwhile.
    """

    def __init__(self, made: _Made) -> None:
        self.made = made
        self._collection: Collection | None = None

    def __enter__(self) -> Self:
        self._wait = aside(self._open)
        return self

    def __exit__(self, *_: object) -> None:
        self.collection().close()

    def _open(self) -> None:
        packed, self._media = read_archive(*self.made)
        self._collection = Collection(packed.content)
        self._database = replace(packed, content=self._collection.content)

    def collection(self) -> Collection:
        """Its collection, as soon as it is open."""
        self._wait()
        assert self._collection, "a package that ankipress has made can be opened"
        return self._collection

    def edited(self, revised: Revised) -> _Made:
        """The package with the notes that changed."""
        database = deflate(
            self.collection().with_edited(revised.notes, revised.description), self._database
        )
        return _Made(make_archive(database, self._media), database.lengths)


def _as_read(seen: Seen) -> Mapping[Path, bytes]:
    """What was compiled, and what was edited in it."""
    wanted = {str(seen.found.file), seen.last.lock, *seen.changed}
    return {Path(path): content for path, content in seen.contents.items() if path in wanted}


def _remember(seen: Seen, last: LastBuild, written: Mapping[str, bytes]) -> None:
    contents = [seen.contents.get(seen.path(source), b"") for source in last.sources]
    files = {
        **last.files,
        **{path: digest(seen.contents[path]) for path in seen.changed},
        **{path: digest(content) for path, content in written.items()},
    }
    remember(
        seen.owner,
        seen.folder,
        replace(last, files=files, sizes=[len(content) for content in contents]),
        contents,
    )
